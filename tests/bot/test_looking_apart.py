"""Looking at the bytes of a database that this very process works on leaves its locks alone.

POSIX takes all locks on a file from a process that closes any descriptor of it. What then protects the log is gone: the
next process that opens and closes the database takes itself for the last one, and removes the log under the first.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.demo.stolen import take
from bot.settings import Settings
from bot.verifying import look
from storage.database import Database
from storage.migrations import migrate
from storage.people import ensure_workspace

OPEN_AND_CLOSE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM workspace").fetchall()
connection.close()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "database"
    folder.mkdir()
    return folder / "murmur.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    migrate(database)
    with database.transaction() as session:
        ensure_workspace(session, "T1", "Lantern Labs")
    with database.reading() as session:
        session.connection()
    yield database
    database.dispose()


def settings_for(file: Path) -> Settings:
    return Settings(
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        app_secret="s" * 32,
        database_url=f"sqlite:///{file}",
        round_key_dir=file.parents[1] / "keys",
    )


def log_survives_another_process(file: Path) -> bool:
    """Whether the log is still there after another process has opened the database and closed it again."""
    subprocess.run([sys.executable, "-c", OPEN_AND_CLOSE, str(file)], check=True)
    return file.with_name(f"{file.name}-wal").exists()


def in_this_process(file: Path) -> None:
    file.read_bytes()


def by_a_thief(file: Path) -> None:
    stolen = take(file)
    assert b"Lantern Labs" in stolen.raw


def by_verifying(file: Path) -> None:
    assert {finding.check for finding in look(settings_for(file))} >= {"tables", "sealed"}


@pytest.mark.parametrize(("looking", "survives"), [(in_this_process, False), (by_a_thief, True), (by_verifying, True)])
def test_the_log_is_not_taken_away_after_a_look(
    database: Database, file: Path, looking: Callable[[Path], None], survives: bool
) -> None:
    with database.reading() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM workspace")
        assert log_survives_another_process(file)
        looking(file)
        assert log_survives_another_process(file) is survives
