"""An organisation, and a database with a past for tests that spoil it."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.keys import KeyDirectory
from tests.conftest import make_postgres_database, postgres_database_url
from tests.support.organisation import Group, Organisation
from tests.support.vandal import Scene

Dialects = Callable[[str], Scene]


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    return Organisation(database, keys)


@pytest.fixture
def vision(acme: Organisation) -> Group:
    return acme.team("Vision", 9)


@pytest.fixture
def apart(tmp_path_factory: pytest.TempPathFactory) -> KeyDirectory:
    """A key directory that is not even below the folder of the database."""
    return KeyDirectory(tmp_path_factory.mktemp("apart") / "keys")


@pytest.fixture(scope="session")
def pasts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dialects:
    """The scene on each database, made once, to be copied."""
    made: dict[str, Scene] = {}

    def past(dialect: str) -> Scene:
        if dialect not in made:
            keys = tmp_path_factory.mktemp("keys") / "keys"
            if dialect == "sqlite":
                file = tmp_path_factory.mktemp("past") / "past.db"
                shutil.copy(request.getfixturevalue("sqlite_template"), file)
                url = f"sqlite:///{file}"
            else:
                url = fresh_postgres(request, request.getfixturevalue("postgres_template"))
            made[dialect] = Scene(Database(url), keys)
            made[dialect].database.dispose()
        return made[dialect]

    return past


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Every test that uses it runs on both."""
    return str(request.param)


@pytest.fixture
def scene(request: pytest.FixtureRequest, pasts: Dialects, dialect: str, tmp_path: Path) -> Iterator[Scene]:
    """The scene, for one test to spoil; keys and database lie apart."""
    past = pasts(dialect)
    shutil.copytree(past.keys.path, tmp_path / "keys")
    if dialect == "sqlite":
        (tmp_path / "database").mkdir()
        shutil.copy(str(past.database.url.database), tmp_path / "database/murmur.db")
        url = f"sqlite:///{tmp_path}/database/murmur.db"
    else:
        url = fresh_postgres(request, str(past.database.url.database))
    database = Database(url)
    yield past.copied(database, tmp_path / "keys")
    database.dispose()


def fresh_postgres(request: pytest.FixtureRequest, template: str) -> str:
    """The address of a new database like another."""
    server, name = request.getfixturevalue("postgres_url"), f"murmur_{secrets.token_hex(6)}"
    make_postgres_database(server, name, template)
    return postgres_database_url(server, name)
