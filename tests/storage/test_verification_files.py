"""Verifying the files of SQLite: what was never wiped is found, in the database and in its log."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from storage.closing import begin_closing, code_round, finish_discarding, throw_away
from storage.database import Database
from storage.migrations import migrate
from storage.people import ensure_workspace
from storage.verification.pages import read_pages
from tests.support import vandal
from tests.support.organisation import SECRET
from tests.support.vandal import Scene


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_sealed_ballots_that_were_never_wiped_are_found(scene: Scene) -> None:
    scene.acme.close(scene.open)
    assert scene.failed() == {}
    scene.leave_behind(vandal.noise())
    assert scene.failed().keys() == {"wiped", "sealed leftovers"}


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_ballots_about_to_be_wiped_are_no_trouble(scene: Scene) -> None:
    begin_closing(scene.database, scene.open)
    code_round(scene.database, scene.keys, SECRET, scene.open)
    assert scene.failed() == {}
    assert "about to be wiped" in scene.noted()["sealed leftovers"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_ballots_of_a_round_just_thrown_away_are_no_trouble(scene: Scene) -> None:
    with scene.database.transaction() as session:
        assert throw_away(session, scene.open)
    scene.leave_behind(vandal.noise())
    assert "sealed leftovers" not in scene.failed()
    assert "thrown away" in scene.noted()["sealed leftovers"]
    assert finish_discarding(scene.database, scene.keys, scene.open)
    assert scene.failed() == {}
    assert "sealed leftovers" not in scene.noted()


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_plain_answers_in_a_log_are_found(scene: Scene) -> None:
    asked = scene.acme.round(scene.open).item_ids[0]
    scene.run("UPDATE workspace SET name = :name", name=f"{asked}=4")
    scene.run("UPDATE workspace SET name = 'Acme'")
    assert scene.failed().keys() == {"plain ballots"}
    assert "its log" in scene.failed()["plain ballots"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_murmur_that_no_longer_overwrites_what_it_deletes_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(connection: sqlite3.Connection, _record: object, *, foreign_keys: bool) -> None:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")

    monkeypatch.setattr("storage.database._prepare_sqlite", careless)
    assert "secure_delete" in scene.failed()["as Murmur opens it"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_rights_and_copies_of_the_file_are_noted(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "database/murmur.db"
    file.chmod(0o600)
    assert not {"rights", "copies"} & scene.noted().keys()
    file.chmod(0o640)
    shutil.copy(file, tmp_path / "database/murmur.db.bak")
    noted = scene.noted()
    assert "640" in noted["rights"]
    assert "murmur.db.bak" in noted["copies"]


def test_pages_that_lie_in_the_log_are_read_as_committed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/murmur.db")
    migrate(database)
    with database.transaction() as session:
        ensure_workspace(session, "T1", "Acme")
    with database.engine.connect() as connection:
        pages = read_pages(tmp_path / "murmur.db")
        (count,) = connection.exec_driver_sql("PRAGMA page_count").one()
    assert len(pages.current) == count
    assert pages.raw["-wal"]
    copy = sqlite3.connect(":memory:")
    copy.deserialize(pages.image)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    database.dispose()
