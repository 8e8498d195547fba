"""Grounds of both kinds for every attack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.ground import Ground


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """Databases of one kind to attack; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        ground = Ground("sqlite", tmp_path, str(request.getfixturevalue("sqlite_template")))
    else:
        template, server = request.getfixturevalue("postgres_template"), request.getfixturevalue("postgres_url")
        ground = Ground("postgresql", tmp_path, template, server)
    yield ground
    ground.close()
