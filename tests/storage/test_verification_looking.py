"""Verifying a database writes nothing, holds nothing up, and says what it could not look at."""

import itertools
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.tables import Pulse
from storage.verification import CannotLook, verify
from storage.verification.findings import Group, failed
from storage.verification.reading import looking_at
from tests.support.organisation import TUESDAY, WEEK
from tests.support.vandal import Scene, address


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file below a folder and what is in it. The index of SQLite's log is shared memory, and left out."""
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith("-shm")
    }


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_files_and_keys_stay_as_they_are_while_murmur_runs_and_when_it_does_not(scene: Scene, tmp_path: Path) -> None:
    scene.threshold(6)  # it lies in the log
    before = fingerprints(tmp_path)
    assert "database/murmur.db-wal" in before
    assert scene.failed() == {}
    assert fingerprints(tmp_path) == before
    scene.database.dispose()
    assert not (tmp_path / "database/murmur.db-wal").exists()
    before, names = fingerprints(tmp_path), sorted(tmp_path.rglob("*"))
    assert scene.failed() == {}
    assert fingerprints(tmp_path) == before
    assert sorted(tmp_path.rglob("*")) == names


def test_the_database_itself_would_refuse_to_be_written_to(scene: Scene) -> None:
    with scene.database.engine.connect() as murmur, looking_at(address(scene.database)) as stored:
        murmur.execute(text("SELECT 1"))
        with pytest.raises(DBAPIError, match=r"readonly database|read-only transaction"):
            stored.session.execute(text("UPDATE pulse SET threshold = 7"))


def test_it_works_while_murmur_writes_and_holds_nothing_up(scene: Scene) -> None:
    with scene.database.transaction() as session:
        session.get_one(Pulse, 1).threshold = 6
        session.flush()
        assert scene.failed() == {}
    scene.acme.close(scene.open)
    assert scene.failed() == {}


def test_nothing_looks_wrong_while_people_answer(scene: Scene) -> None:
    stop = threading.Event()

    def answer() -> None:
        for member in itertools.cycle(scene.platform.members):
            if stop.is_set():
                break
            scene.acme.cast(scene.open, member, scene.acme.ballot(scene.open, 3, "again"), TUESDAY + WEEK)

    with ThreadPoolExecutor(2) as people:
        answering = [people.submit(answer) for _ in range(2)]
        found = [scene.failed() for _ in range(8)]
        stop.set()
    assert [one.exception() for one in answering] == [None, None]
    assert found == [{}] * 8


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_copy_is_read_with_what_lies_in_its_log(scene: Scene, tmp_path: Path) -> None:
    scene.threshold(3)
    copies = tmp_path / "copies"
    copies.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{scene.database.url.database}{suffix}", copies / f"copy.db{suffix}")
    found = {finding.check for finding in failed(verify(f"sqlite:///{copies}/copy.db"))}
    assert found == {"threshold"}
    assert sorted(file.name for file in copies.iterdir()) == ["copy.db", "copy.db-wal"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_file_that_keeps_no_log_can_be_looked_at_too(scene: Scene) -> None:
    scene.database.dispose()
    raw = sqlite3.connect(str(scene.database.url.database))
    assert raw.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    raw.close()
    assert scene.failed() == {}


# What cannot be looked at


def test_without_a_key_directory_it_says_so(scene: Scene) -> None:
    found = verify(address(scene.database))
    assert failed(found) == []
    assert "the key directory: none was named." in [one.words for one in found if one.group is Group.UNSEEN]


def test_without_the_secret_it_says_that_no_key_was_tried(scene: Scene) -> None:
    found = {finding.check: finding for finding in scene.findings(secret=None)}
    assert found["fingerprints"].group is Group.UNSEEN
    assert "not tried" in found["of open rounds"].words
    assert "owners" not in found


def test_a_key_directory_that_cannot_be_read_is_no_failure(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    scene.keys.path = tmp_path / "file"
    assert scene.failed() == {}
    assert "key directory" in scene.noted()["keys"]


def test_what_a_server_does_not_show_is_named(scene: Scene) -> None:
    assert ("server files" in scene.noted()) is not scene.database.is_sqlite


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("sqlite:///{folder}/missing.db", "cannot be read (No such file or directory)"),
        ("sqlite:///{folder}/letter.db", "it is no SQLite database"),
        ("sqlite:///{folder}/empty.db", "no tables of Murmur"),
        ("mysql://host/murmur", "mysql is not supported"),
        ("postgresql://me:hush@127.0.0.1:9/murmur", "cannot be looked at (OperationalError)"),
    ],
)
def test_what_is_no_database_of_murmurs_is_refused_in_one_sentence(tmp_path: Path, where: str, says: str) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    raw = sqlite3.connect(tmp_path / "empty.db")
    raw.execute("CREATE TABLE something (else_ TEXT)")
    raw.close()
    with pytest.raises(CannotLook) as refused:
        verify(where.format(folder=tmp_path))
    assert says in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_database_of_another_version_is_told_by_what_it_lacks(scene: Scene) -> None:
    scene.run("DROP TABLE request")
    found = scene.failed()
    assert found.keys() == {"columns", "rows"}
    assert "another version of Murmur" in found["columns"]
