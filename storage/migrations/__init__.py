"""Migrations: applied when Murmur starts, by one process at a time. Forward only; what landed never changes."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, func, literal, select
from sqlmodel import SQLModel

from storage import ballots, tables
from storage.database import Database

_PATIENCE = 120
"""Seconds to wait for another process that migrates the same SQLite file; also where no lock can be made at all."""

_LOCK = 0x6D75_0000  # PostgreSQL advisory lock of migrations
_METADATA = (SQLModel.metadata, ballots.Slot, tables.Round)  # importing the tables fills the metadata


class DatabaseTooNew(Exception):
    """The database was written by a later version of Murmur."""


def migrate(database: Database) -> None:
    """Bring the database to the current revision. Raises DatabaseTooNew for one that is ahead of this code."""
    with _one_at_a_time(database), database.migrating() as connection:
        if not database.is_sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(literal(_LOCK))))
        config = _config(connection)
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is not None and revision not in _revisions(config):
            raise DatabaseTooNew("the database was written by a later version of Murmur")
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the database is at the revision of this code."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        return revision == ScriptDirectory.from_config(_config(connection)).get_current_head()


def is_ahead(database: Database) -> bool:
    """Whether the database was written by a later version of Murmur."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        return revision is not None and revision not in _revisions(_config(connection))


def differences(database: Database) -> list[object]:
    """Where the migrated database and the tables of this code differ."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def _revisions(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _one_at_a_time(database: Database) -> AbstractContextManager[object]:
    if database.is_sqlite:
        return FileLock(f"{database.url.database}.migrating.lock", timeout=_PATIENCE)
    return nullcontext()
