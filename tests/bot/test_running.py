"""Starting and stopping: what is wrong is said in one sentence, and what was started is stopped."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import answering
from bot import running as module
from bot.app import create_murmur
from bot.delivery import Delivery
from bot.running import CannotRun, connected, prepare, running
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from storage import ballots
from storage.ballots import Slot
from storage.database import Database
from storage.migrations import differences
from tests.support.running_murmur import NEVER_LATE, OPENING, TUESDAY, UNPACED, Stage, settings_for

PATIENCE = 10.0
"""Real seconds after which a test that waits for something has failed."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A stand-in Slack."""
    with Sandbox(ack_seconds=0.5) as sandbox:
        yield sandbox


@pytest.fixture
def settings(sandbox: Sandbox, sqlite_url: str, tmp_path: Path) -> Settings:
    """Settings with which Murmur runs."""
    return settings_for(sandbox, sqlite_url, tmp_path)


def trouble(settings: Settings, enter: Callable[..., Any] = prepare) -> str:
    """Why Murmur cannot run with these settings: one sentence, and nothing left running."""
    before = set(threading.enumerate())
    murmur = create_murmur(settings)
    with pytest.raises(CannotRun) as wrong, enter(murmur):
        pytest.fail("it ran")
    murmur.database.dispose()
    said = str(wrong.value)
    assert said.endswith(".")
    assert "\n" not in said
    for secret in (settings.slack_bot_token, settings.slack_app_token, settings.app_secret):
        assert secret not in said
    assert {thread for thread in threading.enumerate() if not thread.daemon} <= before
    return said


def test_murmur_runs_until_it_is_left_and_leaves_nothing_running(settings: Settings, sandbox: Sandbox) -> None:
    before = set(threading.enumerate())
    with running(create_murmur(settings), tick_seconds=0.1):
        sandbox.client().wait_for_connection()
        sandbox.client().person("Ruth").command("/pulse")
    assert {thread for thread in threading.enumerate() if thread not in before} == set()


def test_murmur_can_be_left_the_moment_it_is_connected(settings: Settings) -> None:
    for _ in range(3):
        with connected(create_murmur(settings)):
            pass


def test_an_empty_database_is_set_up_on_the_way(settings: Settings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/database/new.db"
    with prepare(create_murmur(replace(settings, database_url=url))):
        pass
    database = Database(url)
    assert differences(database) == []
    database.dispose()


def test_a_wrong_bot_token_is_told_apart(settings: Settings) -> None:
    said = trouble(replace(settings, slack_bot_token="xoxb-of-somebody-else"))
    assert said.startswith("Slack does not take SLACK_BOT_TOKEN (invalid_auth): copy it again")


def test_a_removed_app_is_told_apart(settings: Settings, sandbox: Sandbox) -> None:
    sandbox.client().change("app_is_removed")
    assert "SLACK_BOT_TOKEN (token_revoked)" in trouble(settings)


def test_a_wrong_app_token_is_told_apart(settings: Settings) -> None:
    said = trouble(replace(settings, slack_app_token="xapp-of-somebody-else"), connected)
    assert said.startswith("Slack does not take SLACK_APP_TOKEN (invalid_auth): make an app-level token")


def test_tokens_in_each_others_place_are_told_apart(settings: Settings, sandbox: Sandbox) -> None:
    said = trouble(replace(settings, slack_app_token=sandbox.bot_token), connected)
    assert "SLACK_APP_TOKEN (not_allowed_token_type)" in said


def test_an_address_where_nobody_listens_is_told(settings: Settings) -> None:
    said = trouble(replace(settings, slack_api_base_url="http://127.0.0.1:9/api/"))
    assert said.startswith("127.0.0.1:9 cannot be reached")


def test_an_address_that_is_not_slack_is_told(settings: Settings, sandbox: Sandbox) -> None:
    said = trouble(replace(settings, slack_api_base_url=f"{sandbox.url}/control/"))
    assert said.startswith(sandbox.url.removeprefix("http://"))
    assert "check SLACK_API_BASE_URL" in said


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("auth.test", "500"),
        ("auth.test", "429"),
        ("auth.test", "hang up after acting"),
        ("apps.connections.open", "500"),
        ("apps.connections.open", "hang up after acting"),
    ],
)
def test_slack_in_trouble_at_the_start_is_told(settings: Settings, sandbox: Sandbox, method: str, fault: str) -> None:
    sandbox.client().fault(fault, method=method, seconds=1, times=4 + 4)  # more than are tried again
    said = trouble(settings, connected)
    assert "SLACK_" in said
    assert "Internal Server Error" not in said


def test_a_websocket_that_does_not_open_is_told(
    settings: Settings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a proxy that lets only plain HTTPS pass."""
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 0.5)
    sandbox._world.url = "http://127.0.0.1:9"  # what it tells apps to connect to
    assert "Slack's WebSocket does not open" in trouble(settings, connected)


def test_a_key_directory_that_cannot_be_written_to_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file, not a folder", "utf-8")
    said = trouble(settings)
    assert said.startswith(f"ROUND_KEY_DIR: {tmp_path}/keys cannot be written to")


def test_a_database_that_cannot_be_opened_is_told(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "database" / "folder.db"
    folder.mkdir()
    said = trouble(replace(settings, database_url=f"sqlite:///{folder}"))
    assert said.startswith("DATABASE_URL: the database at")


def test_a_file_that_is_no_database_is_told(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "database" / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100, "utf-8")
    said = trouble(replace(settings, database_url=f"sqlite:///{file}"))
    assert said.startswith("DATABASE_URL: the database at")


def test_a_folder_that_cannot_be_written_to_is_told(settings: Settings) -> None:
    said = trouble(replace(settings, database_url="sqlite:////proc/murmur.db"), running)
    assert said.startswith("DATABASE_URL: /proc cannot be written to")


def test_a_database_server_that_does_not_answer_is_told_without_its_password(settings: Settings) -> None:
    said = trouble(replace(settings, database_url="postgresql://me:hush@127.0.0.1:9/murmur"))
    assert said.startswith("DATABASE_URL: the database at postgresql+psycopg://me:***@127.0.0.1:9/murmur")
    assert "hush" not in said


def test_a_database_of_a_later_version_is_told(settings: Settings, sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_of_the_future'")
    connection.close()
    said = trouble(settings)
    assert said.startswith("DATABASE_URL: the database was written by a later version of Murmur")


def test_a_second_murmur_on_one_sqlite_file_is_refused(settings: Settings, sqlite_url: str) -> None:
    with running(create_murmur(settings), tick_seconds=1000):
        said = trouble(settings, running)
    assert said.startswith("Another Murmur runs on")
    assert sqlite_url.removeprefix("sqlite:///") in said
    with running(create_murmur(settings), tick_seconds=1000):
        pass  # the file is free again


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_several_murmurs_run_on_one_postgresql(sandbox: Sandbox, database_url: str, tmp_path: Path) -> None:
    settings = settings_for(sandbox, database_url, tmp_path)
    with running(create_murmur(settings), tick_seconds=1000), running(create_murmur(settings), tick_seconds=1000):
        sandbox.client().wait_for_connection(at_least=2)
        sandbox.client().person("Ruth").command("/pulse")


def test_a_lock_that_a_dead_murmur_left_behind_holds_up_nobody(settings: Settings, sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    Path(f"{path}.running.lock").write_text("", "utf-8")
    with running(create_murmur(settings), tick_seconds=1000):
        pass


def test_what_is_being_sent_when_murmur_stops_is_kept(
    settings: Settings, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_cast, real_end = ballots.cast, module._hang_up
    casting, ending = threading.Event(), threading.Event()

    def cast_while_murmur_ends(*arguments: Any, **named: Any) -> None:
        casting.set()
        assert ending.wait(PATIENCE)
        real_cast(*arguments, **named)

    def end(handler: Any) -> None:
        ending.set()
        real_end(handler)

    monkeypatch.setattr(answering, "cast", cast_while_murmur_ends)
    monkeypatch.setattr(module, "_hang_up", end)
    murmur = create_murmur(settings, sandbox.clock.now)
    stage = Stage(
        sandbox=sandbox, client=sandbox.client(), murmur=murmur, delivery=Delivery(murmur, UNPACED, late=NEVER_LATE)
    )
    with connected(murmur):
        stage.put_team()
        stage.at(OPENING)
        stage.at(TUESDAY)
        before = sealed(murmur.database)
        priya = stage.open_form("Priya")
        sender = threading.Thread(target=priya.submit)
        sender.start()
        assert casting.wait(PATIENCE)
    sender.join(PATIENCE)
    assert len(before) == 9
    assert before.isdisjoint(sealed(murmur.database))


def sealed(database: Database) -> set[bytes]:
    """The ballots in the box, as they are sealed."""
    with database.reading() as session:
        return {bytes(slot.sealed) for slot in session.exec(select(Slot))}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"app_secret": "another secret, as long as it has to be"}, "APP_SECRET, or the key, was changed"),
        ({"round_key_dir": Path("elsewhere")}, "ROUND_KEY_DIR lacks the key of an open round"),
        ({}, ""),
    ],
)
def test_a_start_without_the_key_of_an_open_round_is_said(
    settings: Settings,
    sandbox: Sandbox,
    tmp_path: Path,
    logged: Callable[..., StringIO],
    change: dict[str, Any],
    said: str,
) -> None:
    murmur = create_murmur(settings, sandbox.clock.now)
    delivery = Delivery(murmur, UNPACED, late=NEVER_LATE)
    with prepare(murmur):
        stage = Stage(sandbox=sandbox, client=sandbox.client(), murmur=murmur, delivery=delivery)
        stage.put_team()
        stage.at(TUESDAY)
    if "round_key_dir" in change:
        change = {"round_key_dir": tmp_path / change["round_key_dir"]}
    lines = logged("ERROR")
    with prepare(create_murmur(replace(settings, **change), sandbox.clock.now)):
        assert said in lines.getvalue()
        assert bool(said) == bool(lines.getvalue())
