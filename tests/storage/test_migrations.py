"""Migrations on both databases."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.migrations import DatabaseTooNew, differences, is_current, migrate


def test_migrations_give_the_tables_of_the_code(database: Database) -> None:
    assert differences(database) == []
    assert is_current(database)


def test_a_database_that_is_current_is_left_alone(database: Database) -> None:
    migrate(database)
    assert is_current(database)


def test_an_empty_file_is_not_current(tmp_path: Path) -> None:
    assert not is_current(Database(f"sqlite:///{tmp_path / 'new.db'}"))


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    threads = [threading.Thread(target=lambda: migrate(Database(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert is_current(Database(url))


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew):
        migrate(database)


def test_slots_have_no_rowid_and_no_sequence(database: Database) -> None:
    columns = {column["name"] for column in inspect(database.engine).get_columns("slot")}
    assert columns == {"round_id", "id", "group_number", "sealed"}
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert (
                "WITHOUT ROWID"
                in connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'slot'")).scalar_one().upper()
            )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledgerentry SET value = 1",
        "DELETE FROM ledgerentry",
        {
            "sqlite": "INSERT OR REPLACE INTO ledgerentry SELECT * FROM ledgerentry",
            "postgresql": "TRUNCATE ledgerentry",
        },
    ],
    ids=["update", "delete", "replace or truncate"],
)
def test_the_database_itself_refuses_to_change_the_ledger(database: Database, change: str | dict[str, str]) -> None:
    with database.engine.begin() as connection:
        for statement in (
            "INSERT INTO workspace (id, slack_id, name) VALUES (1, 'T1', 'Acme')",
            (
                "INSERT INTO member (id, workspace_id, slack_id, name, timezone, locale, is_slack_admin, active)"
                " VALUES (1, 1, 'U1', 'Ruth', 'UTC', 'en', true, true)"
            ),
            (
                "INSERT INTO pulse (id, workspace_id, name, admin_id, question_set, frequency, weekday, hour, timezone,"
                " anchor, threshold) VALUES (1, 1, 'P', 1, 'minimal', 'weekly', 1, 10, 'UTC', '2026-01-01', 5)"
            ),
            "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (1, 1, '1', 'Vision')",
            (
                "INSERT INTO round (id, pulse_id, state, opens_on, opens_at, closes_at, reminds_on, item_ids, key_name)"
                " VALUES (1, 1, 'closed', '2026-01-01', '2026-01-01', '2026-01-02', '2026-01-01', '[]', 'k')"
            ),
            (
                "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
                " VALUES (1, 1, 'burnout.drained', 'level', 'burnout', '2026-01-02')"
            ),
        ):
            connection.execute(text(statement))
    with pytest.raises(DBAPIError, match="the ledger never changes"), database.engine.begin() as connection:
        connection.execute(text(change if isinstance(change, str) else change[database.engine.dialect.name]))
