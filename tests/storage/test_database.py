"""Transactions that behave alike on both databases."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import select

from storage.database import (
    Busy,
    Database,
    DatabaseUrlError,
    advisory_lock,
    check_connection,
    database_time,
    parse_url,
)
from storage.migrations import migrate
from storage.people import ensure_workspace
from storage.tables import OutboxMessage, Round, Workspace
from tests.support.organisation import count


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgres://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_means_psycopg_three(url: str) -> None:
    assert parse_url(url).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("url", ["", "murmur.db", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///"])
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DatabaseUrlError):
        parse_url(url)


def test_a_password_does_not_show_in_an_error() -> None:
    with pytest.raises(DatabaseUrlError) as refused:
        parse_url("mysql://root:hunter2@h/d")
    assert "hunter2" not in str(refused.value)


def test_a_transaction_is_kept_at_its_end_and_undone_by_any_error(database: Database) -> None:
    with database.transaction() as session:
        ensure_workspace(session, "T1", "Acme")

    def fail() -> None:
        with database.transaction() as session:
            ensure_workspace(session, "T2", "Other")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.reading() as session:
        assert [workspace.slack_id for workspace in session.exec(select(Workspace))] == ["T1"]


def test_reading_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    with database.reading() as session:
        assert count(session, Workspace) == 0
        with database.transaction() as other:
            ensure_workspace(other, "T1", "Acme")
        assert count(session, Workspace) == 0
    with database.reading() as session:
        assert count(session, Workspace) == 1


def test_reading_and_the_health_check_never_wait_for_a_writer(database: Database) -> None:
    done = threading.Event()

    def look() -> None:
        with database.reading() as session:
            assert count(session, Workspace) == 0
        check_connection(database)
        done.set()

    with database.transaction() as session:
        ensure_workspace(session, "T1", "Acme")
        reader = threading.Thread(target=look)
        reader.start()
        reader.join(5)
        assert done.is_set()


@pytest.mark.parametrize("wait", [0, 0.1])
def test_who_waits_in_vain_is_told_that_it_is_busy_and_may_try_again(database: Database, wait: float) -> None:
    def work() -> None:
        with database.transaction(wait) as session:
            advisory_lock(session, 1, 1)
            ensure_workspace(session, "T1", "Acme")

    with database.transaction() as session:
        advisory_lock(session, 1, 1)
        with pytest.raises(Busy):
            work()
    work()
    with database.reading() as session:
        assert count(session, Workspace) == 1


def test_a_lock_is_given_back_when_the_transaction_fails(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            advisory_lock(session, 1, 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.transaction(0.1) as session:
        advisory_lock(session, 1, 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_shared_locks_go_together_and_exclusive_ones_do_not(database: Database) -> None:
    with database.transaction() as session:
        advisory_lock(session, 1, 1, shared=True)
        with database.transaction(0.1) as other:
            advisory_lock(other, 1, 1, shared=True)
            advisory_lock(other, 1, 2)
        with pytest.raises(Busy), database.transaction(0.1) as other:
            advisory_lock(other, 1, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_it_acknowledged_and_overwrites_what_it_deletes(database: Database) -> None:
    with database.transaction() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    tokyo = datetime(2026, 3, 3, 19, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))
    with database.transaction() as session:
        workspace = ensure_workspace(session, "T1", "Acme")
        session.execute(
            text(
                "INSERT INTO member (id, workspace_id, slack_id, name, timezone, locale, is_slack_admin, active)"
                " VALUES (1, :workspace, 'U1', 'Ruth', 'UTC', 'en', true, true)"
            ),
            {"workspace": workspace.id},
        )
        session.add(
            OutboxMessage(workspace_id=workspace.id, kind="welcome", natural_key="k", member_id=1, due_at=tokyo)
        )
    with database.reading() as session:
        (due_at,) = session.exec(select(OutboxMessage.due_at))
    assert due_at == tokyo
    assert due_at.tzinfo is UTC


def test_a_naive_instant_cannot_be_stored(database: Database) -> None:
    naive = datetime(2026, 3, 3, 10)  # noqa: DTZ001 - what must be refused
    with database.transaction() as session:
        with pytest.raises(StatementError, match="naive"):
            session.exec(select(Round).where(Round.opens_at == naive))
        session.rollback()


def test_the_clock_of_the_database_moves_within_a_transaction(database: Database) -> None:
    with database.transaction() as session:
        first = database_time(session)
        instants = [database_time(session) for _ in range(200)]
    assert instants == sorted(instants)
    assert first.tzinfo is UTC
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=5)


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(database: Database) -> None:
    with database.transaction() as session:
        session.add_all(Workspace(slack_id="a secret somebody wrote", name="Acme") for _ in range(2))
        with pytest.raises(IntegrityError) as refused:
            session.flush()
        session.rollback()
    assert "[SQL parameters hidden" in str(refused.value)
    assert "a secret" not in str(refused.value).replace(str(refused.value.orig), "")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disposed_database_leaves_nothing_beside_its_file(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        ensure_workspace(session, "T1", "Acme")
    database.dispose()
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("murmur.db")] == ["murmur.db"]


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_a_new_file_its_log_and_its_index_can_be_read_by_their_owner_only(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        database = Database(f"sqlite:///{tmp_path / 'new.db'}")
        migrate(database)
        with database.transaction() as session:
            ensure_workspace(session, "T1", "Acme")
        rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("new.db*")}
        database.dispose()
    finally:
        os.umask(before)
    del rights["new.db.migrating.lock"]  # empty, and always so
    assert rights == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), 0o600)


def test_the_rights_of_a_file_that_is_there_are_left_to_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    file.touch(mode=0o640)
    file.chmod(0o640)
    migrate(database := Database(f"sqlite:///{file}"))
    database.dispose()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_made_is_an_error_of_the_database(tmp_path: Path) -> None:
    with pytest.raises(OperationalError), Database(f"sqlite:///{tmp_path}/nowhere/new.db").reading():
        pass
