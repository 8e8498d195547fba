"""Migrations on both databases."""

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.migrations import DatabaseTooNew, _config, differences, is_current, migrate
from tests.conftest import make_postgres_database, postgres_database_url


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


POPULATED = (
    "INSERT INTO workspace (id, slack_id, name) VALUES (1, 'T1', 'Acme')",
    (
        "INSERT INTO member (id, workspace_id, slack_id, name, timezone, locale, is_slack_admin, active, opted_out_on)"
        " VALUES (1, 1, 'U1', 'Ruth', 'UTC', 'en', true, true, NULL),"
        " (2, 1, 'U2', 'Dana', 'UTC', 'en', false, true, '2026-01-02')"
    ),
    (
        "INSERT INTO pulse (id, workspace_id, name, admin_id, question_set, frequency, weekday, hour, timezone,"
        " anchor, threshold) VALUES (1, 1, 'P', 1, 'minimal', 'weekly', 1, 10, 'UTC', '2026-01-01', 5)"
    ),
    "INSERT INTO team (id, workspace_id, pulse_id, name) VALUES (1, 1, 1, 'Vision')",
    "INSERT INTO membership (member_id, team_id) VALUES (2, 1)",
    "INSERT INTO management (team_id, member_id) VALUES (1, 1)",
    (
        "INSERT INTO ownquestion (id, pulse_id, driver, text, reverse, added_on)"
        " VALUES (1, 1, 'burnout', 'I slept well.', false, '2026-01-01')"
    ),
    "INSERT INTO rosterperiod (id, pulse_id, starts_on) VALUES (1, 1, '2026-01-01')",
    "INSERT INTO unit (id, pulse_id, team_key, name) VALUES (1, 1, '1', 'Vision')",
    "INSERT INTO periodunit (period_id, unit_id, roster, replaced, scored) VALUES (1, 1, 9, 0, true)",
    "INSERT INTO rosterentry (period_id, member_id, unit_id) VALUES (1, 2, 1)",
    (
        "INSERT INTO round (id, pulse_id, state, opens_on, opens_at, closes_at, reminds_on, item_ids, key_name,"
        " period_id, threshold) VALUES (1, 1, 'open', '2026-01-01', '2026-01-01', '2026-01-02', '2026-01-01', '[]',"
        " 'k', 1, 5)"
    ),
    "INSERT INTO roundunit (round_id, unit_id, roster, replaced) VALUES (1, 1, 9, 0)",
    (
        "INSERT INTO ledgerentry (round_id, unit_id, subject, kind, driver, closed_on)"
        " VALUES (1, 1, 'burnout.drained', 'level', 'burnout', '2026-01-02')"
    ),
    (
        "INSERT INTO outboxmessage (id, workspace_id, kind, natural_key, member_id, round_id, due_at, state, attempts)"
        " VALUES (1, 1, 'invitation', 'invitation:2:1', 2, 1, '2026-01-01', 'sent', 1)"
    ),
    (
        "INSERT INTO change (id, workspace_id, member_id, form_key, made_on, what)"
        " VALUES (1, 1, 1, 'key', '2026-01-01', 'set up Vision')"
    ),
)
"""A row in every table of the first revision, but for the slots."""


@pytest.fixture(params=["0001", "0002", "0003"])
def revision(request: pytest.FixtureRequest) -> str:
    """Every revision that has been in use."""
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def of_an_earlier_revision(request: pytest.FixtureRequest, revision: str, tmp_path: Path) -> Iterator[Database]:
    """A database of an earlier revision with a row in every table of the first."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server, name = request.getfixturevalue("postgres_url"), f"old_{secrets.token_hex(6)}"
        make_postgres_database(server, name)
        database = Database(postgres_database_url(server, name))
    with database.migrating() as connection:
        command.upgrade(_config(connection), revision)
        for statement in POPULATED:
            connection.execute(text(statement))
        slot = "INSERT INTO slot (round_id, id, group_number, sealed) VALUES (1, :id, 0, :sealed)"
        connection.execute(text(slot), {"id": b"slot", "sealed": b"sealed"})
    yield database
    database.dispose()


def contents(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without the columns that hold nothing."""
    with database.engine.connect() as connection:
        return {
            name: [
                {column: value for column, value in row.items() if value is not None}
                for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            ]
            for name in inspect(database.engine).get_table_names()
        }


def test_a_database_of_an_earlier_revision_is_brought_up_to_date_and_keeps_every_row(
    of_an_earlier_revision: Database,
) -> None:
    database, before = of_an_earlier_revision, contents(of_an_earlier_revision)
    before.pop("promise", None)
    assert not [name for name, rows in before.items() if not rows]
    assert not is_current(database)
    migrate(database)
    after = contents(database)
    assert [after.pop(name) for name in ("promise", "request", "importedcode")] == [[], [], []]
    assert [workspace.pop("false_flag_months") for workspace in after["workspace"]] == [6]
    assert after.pop("alembic_version") != before.pop("alembic_version")
    assert after == before
    assert is_current(database)
    assert differences(database) == []
    test_slots_have_no_rowid_and_no_sequence(database)
    with pytest.raises(DBAPIError, match="the ledger never changes"), database.engine.begin() as connection:
        connection.execute(text("DELETE FROM ledgerentry"))


def test_a_manager_has_one_standing_promise_a_unit_in_a_migrated_database(of_an_earlier_revision: Database) -> None:
    migrate(of_an_earlier_revision)
    statement = text(
        "INSERT INTO promise (unit_id, member_id, form_key, text, state, made_on)"
        " VALUES (1, 1, :key, 'Words.', :state, '2026-01-01')"
    )
    with of_an_earlier_revision.engine.begin() as connection:
        for key, state in (("1", "kept"), ("2", "kept"), ("3", "open")):
            connection.execute(statement, {"key": key, "state": state})
    for key, state in (("4", "open"), ("3", "kept"), ("5", "forgotten")):
        with pytest.raises(DBAPIError), of_an_earlier_revision.engine.begin() as connection:
            connection.execute(statement, {"key": key, "state": state})


@pytest.mark.parametrize("revision", ["0001", "0002"], indirect=True)
def test_rounds_thrown_away_by_an_earlier_version_are_wiped_once_more(of_an_earlier_revision: Database) -> None:
    with of_an_earlier_revision.engine.begin() as connection:
        connection.execute(text("UPDATE round SET state = 'discarded'"))
    migrate(of_an_earlier_revision)
    with of_an_earlier_revision.engine.connect() as connection:
        assert connection.execute(text("SELECT state FROM round")).scalars().all() == ["discarding"]
