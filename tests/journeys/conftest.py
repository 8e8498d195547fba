"""A fresh stage for each journey, on both kinds of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.running_murmur import Stage, running_murmur


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Lantern Labs on a Monday morning, with a Murmur that nobody has set up."""
    with running_murmur(database_url, tmp_path) as stage:
        yield stage
