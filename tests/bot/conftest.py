"""A Murmur and its stand-in Slack for the tests of the bot."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from bot.logs import configure
from tests.support.lantern import with_teams
from tests.support.letters import invite
from tests.support.running_murmur import Stage, running_murmur


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh migrated SQLite file, in a folder of its own, for tests in which the database makes no difference."""
    folder = tmp_path / "database"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "murmur.db")
    return f"sqlite:///{folder}/murmur.db"


@pytest.fixture
def stage(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A connected Murmur on SQLite, with nobody asked yet."""
    with running_murmur(sqlite_url, tmp_path) as stage:
        yield stage


@pytest.fixture
def backstage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A Murmur on either database to which nobody talks: for what it does by itself."""
    with running_murmur(database_url, tmp_path, connect=False) as stage:
        yield stage


@pytest.fixture
def greenroom(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """The same on SQLite alone, where the database makes no difference."""
    with running_murmur(sqlite_url, tmp_path, connect=False) as stage:
        yield stage


@pytest.fixture
def logged() -> Iterator[Callable[..., StringIO]]:
    """Configures logging as `murmur run` does and hands out what is logged; undone after the test."""
    root, before = logging.getLogger(), threading.excepthook
    handlers, level, noisy = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logger.level for name, logger in root.manager.loggerDict.items() if hasattr(logger, "level")}

    def start(level: str = "DEBUG", style: str = "text") -> StringIO:
        stream = StringIO()
        configure(level, style, stream)
        return stream

    yield start
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    logging.raiseExceptions, threading.excepthook = noisy, before
    for name, logger in root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger):
            logger.setLevel(levels.get(name, logging.NOTSET))


@pytest.fixture
def due(greenroom: Stage) -> Stage:
    """Nine invitations that are due and were not tried yet."""
    return invite(greenroom)


@pytest.fixture
def due_on_both(backstage: Stage) -> Stage:
    """The same on either database, for what depends on how it claims messages."""
    return invite(backstage)


@pytest.fixture
def two_teams(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Two pulses of eight people each, in one time zone."""
    with running_murmur(sqlite_url, tmp_path, workspace=with_teams({"red": 8, "blue": 8}), connect=False) as stage:
        stage.put_team("Red", channel="red")
        stage.put_team("Blue", channel="blue")
        yield stage
