"""Verifying a database: a healthy one passes in every state, nothing is written, and what was not seen is said."""

import itertools
import os
import shutil
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage.ballots import _split
from storage.closing import begin_closing, code_round, discard, finish_discarding, scrub, throw_away
from storage.database import Database
from storage.keys import KeyDirectory
from storage.migrations import migrate
from storage.outbox import Letter, put
from storage.people import ensure_workspace
from storage.promises import make_promise
from storage.rounds import advance, schedule_next
from storage.tables import Member, Pulse, Unit
from storage.verification import CannotLook, verify
from storage.verification.allowed import TABLES
from storage.verification.box import SEALED_BYTES, group_sizes
from storage.verification.catalog import _KINDS
from storage.verification.findings import MOST_LINES, Check, Finding, Group, Verdict, failed
from storage.verification.pages import is_noise, read_pages
from storage.verification.reading import looking_at
from surveys.rounds import State
from surveys.sealing import BLANK, round_key, seal
from tests.support import vandal
from tests.support.organisation import MONDAY, SECRET, TUESDAY, WEEK, Organisation
from tests.support.vandal import Scene


def wrong(database: Database, keys: KeyDirectory, secret: str | None = SECRET) -> list[Finding]:
    """What is wrong with a database and its keys."""
    return failed(verify(address(database), key_dir=keys.path, secret=secret))


def address(database: Database) -> str:
    """The address of a database, password and all."""
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def apart(tmp_path_factory: pytest.TempPathFactory) -> KeyDirectory:
    """A key directory that is not even below the folder of the database."""
    return KeyDirectory(tmp_path_factory.mktemp("apart") / "keys")


def test_a_new_database_is_as_promised(database: Database, apart: KeyDirectory) -> None:
    assert wrong(database, apart) == []


def test_a_healthy_database_is_as_promised_in_every_state(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    (head,) = acme.people(1)
    vision = acme.team("Vision", 9, department="Research")
    acme.team("Small", 3, department="Research", readers=[head])
    large = acme.team("Large", 64)
    acme.team("Tiny", 4)
    seen = [wrong(database, apart)]
    for week in range(7):  # a second roster period begins on the way
        with database.transaction() as session:
            schedule_next(session, session.get_one(Pulse, acme.pulse_id), MONDAY + week * WEEK)
        seen.append(wrong(database, apart))
        round_id = acme.open(TUESDAY + week * WEEK)
        seen.append(wrong(database, apart))
        for place, member in enumerate([*vision.members[week:], *large.members[-2:]]):
            acme.cast(round_id, member, acme.ballot(round_id, place % 5 + 1, "a word"), TUESDAY + week * WEEK)
        seen.append(wrong(database, apart))
        begin_closing(database, round_id)
        seen.append(wrong(database, apart))
        code_round(database, apart, SECRET, round_id)
        seen.append(wrong(database, apart))
        assert scrub(database, apart, round_id)
        seen.append(wrong(database, apart))
        with database.transaction() as session:
            assert advance(session, round_id, State.SCRUBBED, State.PUBLISHED)
            session.get_one(Member, large.members[week]).opted_out_on = date(2026, 3, 8)
            make_promise(session, session.get_one(Unit, 1), head, f"{week}", form_key=f"{week}", on=date(2026, 3, 9))
        seen.append(wrong(database, apart))
    assert [finding for findings in seen for finding in findings] == []


def test_a_round_that_was_called_off_is_as_promised(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    team = acme.team("Vision", 9)
    round_id = acme.open()
    acme.answer(round_id, team.members[0], 4)
    assert discard(database, apart, round_id)
    assert wrong(database, apart) == []
    acme.open(TUESDAY + timedelta(days=28))
    assert wrong(database, apart) == []


def test_every_check_has_something_to_say(scene: Scene) -> None:
    found = scene.findings()
    assert failed(found) == []
    fine = {finding.check for finding in found if finding.verdict is Verdict.OK}
    assert fine >= {
        "tables", "columns", "indexes", "values", "messages", "messages alike", "messages gone", "closed rounds",
        "one for everybody", "all alike", "sealed", "no order", "groups", "rounds", "place", "private",
        "of open rounds", "none left", "owners", "fine times", "triggers", "one code", "coarse", "enough people",
        "threshold", "rest", "closing days", "scatter", "imported", "frozen", "periods", "units apart", "large enough",
        "readers",
    }  # fmt: skip
    assert {finding.group for finding in found} >= set(Group) - {Group.SETTINGS, Group.UNSEEN}
    for finding in found:
        assert finding.words.endswith(".")
        assert "\n" not in finding.words


def test_nobody_is_named_and_no_secret_is_told(scene: Scene) -> None:
    scene.run("DELETE FROM outboxmessage WHERE kind = 'reminder' AND member_id = :id", id=scene.answered[0])
    told = repr(scene.findings())
    assert "not all get a reminder" in told
    assert "Person 0" not in told
    assert SECRET not in told


# What may be stored


def test_the_list_of_what_is_allowed_has_the_tables_and_columns_of_the_code_and_no_other() -> None:
    code = {
        name: {column.name: _KINDS[str(column.type).split("(")[0]] for column in table.columns}
        for name, table in SQLModel.metadata.tables.items()
    }
    listed = {name: dict(table.columns) for name, table in TABLES.items() if name != "alembic_version"}
    assert listed == code


def test_every_table_with_a_member_in_it_is_said_to_tell_of_people() -> None:
    # A pulse names the admin who asks; that is not a row about a person.
    assert {name for name, table in TABLES.items() if "member_id" in table.columns or name == "member"} == {
        name for name, table in TABLES.items() if table.of_people
    }


def test_groups_are_of_the_sizes_in_which_ballots_are_sealed() -> None:
    for roster in range(1, 400):
        assert Counter(group_sizes(roster)) == Counter(len(group) for group in _split(range(roster)))


def test_a_sealed_ballot_has_the_size_that_is_expected_and_looks_like_noise() -> None:
    sealed = seal(round_key(SECRET, bytes(32), 1), bytes(16), BLANK, os.urandom(12))
    assert len(sealed) == SEALED_BYTES == vandal.SEALED_BYTES
    assert all(is_noise(sealed[start : start + 1024]) for start in range(0, 4096, 1024))
    assert not is_noise(os.urandom(512).hex().encode())


# Nothing is written


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


# Worth knowing


def test_rounds_that_were_coded_before_there_were_themes_are_as_promised(scene: Scene) -> None:
    scene.in_ledger("DELETE FROM ledgerentry WHERE kind = 'theme'")
    assert scene.failed() == {}


def test_people_on_a_pause_or_gone_explain_missing_messages(scene: Scene) -> None:
    first, second, third = scene.platform.members[:3]
    scene.run(
        f"DELETE FROM outboxmessage WHERE member_id IN ({first}, {second}, {third})",
        f"UPDATE member SET paused_until = '2026-03-20' WHERE id = {first}",
        f"UPDATE member SET opted_out_on = '2026-03-11' WHERE id = {second}",
        f"UPDATE member SET active = false WHERE id = {third}",
    )
    assert scene.failed() == {}
    assert "messages alike" not in scene.noted()


def test_one_person_without_messages_is_noted(scene: Scene) -> None:
    scene.run("DELETE FROM outboxmessage WHERE member_id = :id", id=scene.platform.members[0])
    assert scene.failed() == {}
    assert "1 person has no message" in scene.noted()["messages alike"]


def test_somebody_who_moved_to_another_time_zone_is_noted(scene: Scene) -> None:
    scene.run(
        "UPDATE outboxmessage SET due_at = '2026-03-12 08:00:00.000000' WHERE kind = 'reminder' AND member_id = :id",
        id=scene.platform.members[0],
    )
    assert scene.failed() == {}
    assert "reminded at another time" in scene.noted()["messages alike"]


def test_a_reminder_that_was_not_sent_for_no_visible_reason_is_noted(scene: Scene) -> None:
    first, second = scene.platform.members[:2]
    scene.run(
        f"UPDATE outboxmessage SET state = 'dropped' WHERE kind = 'reminder' AND member_id IN ({first}, {second})",
        f"UPDATE member SET no_reminders_since = '2026-03-10' WHERE id = {second}",
    )
    assert scene.failed() == {}
    assert "1 message was not sent" in scene.noted()["messages alike"]


def test_somebody_who_became_a_reader_of_their_own_unit_is_noted(scene: Scene) -> None:
    scene.acme.manage(scene.vision, [scene.reader, scene.vision.members[0]])
    assert scene.failed() == {}
    assert "1 person on the roster of Vision became a reader" in scene.noted()["readers"]


def test_teams_that_were_rearranged_since_are_noted(database: Database, apart: KeyDirectory) -> None:
    acme = Organisation(database, apart)
    acme.team("Vision", 9, department="Research")
    acme.open()
    late = acme.team("Late", 6, department="Research")
    with database.transaction() as session:
        period = session.execute(text("SELECT id FROM rosterperiod")).scalar_one()
        session.execute(
            text(f"INSERT INTO unit (id, pulse_id, team_key, name) VALUES (9, 1, '{late.team_id}', 'Late')")
        )
        session.execute(text(f"INSERT INTO periodunit VALUES ({period}, 9, 6, 0, TRUE)"))
        for member in late.members:
            session.execute(text(f"INSERT INTO rosterentry VALUES ({period}, {member}, 9)"))
    found = verify(address(database), key_dir=apart.path, secret=SECRET)
    assert failed(found) == []
    assert any("Late (6 people) stands alone" in finding.words for finding in found)


def test_keys_of_another_murmur_in_the_same_directory_are_noted(scene: Scene) -> None:
    scene.keys.create("ab" * 16)
    assert scene.failed() == {}
    assert "1 key belongs to no round of this database" in scene.noted()["none left"]


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_the_weaker_place_for_keys_is_noted_where_it_was_accepted_by_name(scene: Scene, tmp_path: Path) -> None:
    scene.keys.path = Path(shutil.copytree(scene.keys.path, tmp_path / "database/keys"))
    assert scene.failed().keys() == {"place"}
    assert scene.failed(weaker=True) == {}


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_keys_in_the_very_folder_of_the_database_are_told_from_other_files(scene: Scene, tmp_path: Path) -> None:
    for file in scene.keys.path.iterdir():
        shutil.copy(file, tmp_path / "database")
    scene.keys.path = tmp_path / "database"
    assert scene.failed(weaker=True) == {}


def test_a_key_of_a_round_that_is_just_being_opened_is_no_trouble(scene: Scene) -> None:
    scene.acme.close(scene.open)
    with scene.database.transaction() as session:
        schedule_next(session, session.get_one(Pulse, 1), TUESDAY + 2 * WEEK)
        name = session.execute(text("SELECT key_name FROM round WHERE state = 'scheduled'")).scalar_one()
    scene.keys.create(name)
    assert scene.failed() == {}


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_roles_that_were_given_tables_are_noted(scene: Scene) -> None:
    role = f"reporting_{os.urandom(4).hex()}"
    scene.run(f"CREATE ROLE {role}", f"GRANT SELECT ON ledgerentry TO {role}")
    assert scene.failed() == {}
    assert any(role in finding.words for finding in scene.findings())
    scene.run(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_an_account_that_may_only_read_is_all_it_takes(scene: Scene) -> None:
    role = f"council_{os.urandom(4).hex()}"
    scene.run(f"CREATE ROLE {role} LOGIN")
    theirs = scene.database.url.set(username=role).render_as_string(hide_password=False)
    with pytest.raises(CannotLook, match="InsufficientPrivilege"):
        verify(theirs)
    scene.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    assert failed(verify(theirs)) == []
    scene.run(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


# Files


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


# The report


def test_a_check_that_fails_again_and_again_stays_short() -> None:
    check = Check(group=Group.BOX, name="all alike", fine="Fine.", remedy="Mend it.")
    found = check.judge([f"problem {number}." for number in range(MOST_LINES + 7)])
    assert len(found) == MOST_LINES + 1
    assert found[-1].words == "and 7 more of this kind."
    assert len(check.judge([f"problem {number}." for number in range(MOST_LINES)])) == MOST_LINES


def test_welcomes_and_digests_of_rounds_that_are_over_stay(scene: Scene) -> None:
    letters = [
        Letter(kind="welcome", member_id=scene.guest, pulse_id=1, due_at=TUESDAY),
        Letter(kind="department-digest", member_id=scene.reader, round_id=scene.closed, team_id=1, due_at=TUESDAY),
    ]
    with scene.database.transaction() as session:
        put(session, scene.acme.workspace_id, letters)
    assert scene.failed() == {}
