"""A fresh stage for each journey, on both kinds of database."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import make_postgres_database, postgres_database_url
from tests.support.running_murmur import Stage, running_murmur


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Lantern Labs on a Monday morning, with a Murmur that nobody has set up."""
    with running_murmur(database_url, tmp_path) as stage:
        yield stage


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes another migrated database of the same kind whenever it is called; its address."""

    def sqlite() -> str:
        path = tmp_path / f"{secrets.token_hex(4)}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    def postgresql() -> str:
        server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
        name = f"murmur_{secrets.token_hex(6)}"
        make_postgres_database(server, name, template)
        return postgres_database_url(server, name)

    return sqlite if request.param == "sqlite" else postgresql
