"""The command line, as an operator types it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.manifest import manifest
from bot.messages import WELCOME
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from storage.database import Busy, Database
from storage.migrations import is_current
from tests.support.running_murmur import OPENING, SECRET, Stage

ROOT = Path(__file__).parents[2]

PATIENCE = 60.0
"""Real seconds after which something that was started has not started."""

Murmur = Callable[..., Result]


@pytest.fixture(autouse=True)
def undisturbed(logged: object) -> object:
    """Commands configure logging for the whole process; undone after each test."""
    return logged


@pytest.fixture
def environment(greenroom: Stage, tmp_path: Path) -> dict[str, str]:
    """The environment of an operator whose Murmur talks to the stand-in."""
    settings = greenroom.murmur.settings
    return {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "SLACK_API_BASE_URL": settings.slack_api_base_url,
        "APP_SECRET": SECRET,
        "DATABASE_URL": settings.database_url,
        "ROUND_KEY_DIR": str(tmp_path / "keys"),
    }


@pytest.fixture
def murmur(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Murmur:
    """Types a command in an empty folder; `None` takes a variable away."""
    monkeypatch.chdir(tmp_path)

    def typed(line: str, **changes: str | None) -> Result:
        result = CliRunner(env={**environment, **changes}).invoke(main, line.split())
        assert "Traceback" not in result.output
        return result

    return typed


def test_help_names_every_command(murmur: Murmur) -> None:
    shown = murmur("--help")
    assert shown.exit_code == 0
    for command in ("run", "tick", "manifest", "doctor", "sandbox", "demo"):
        assert re.search(rf"^  {command} ", shown.output, re.MULTILINE)
        assert murmur(f"{command} -h").exit_code == 0


def test_an_unknown_command_says_so(murmur: Murmur) -> None:
    result = murmur("rnu")
    assert result.exit_code == 2
    assert "No such command 'rnu'" in result.output


def test_the_manifest_is_printed_as_json(murmur: Murmur) -> None:
    result = murmur("manifest")
    assert result.exit_code == 0
    assert json.loads(result.output) == manifest()


def test_a_tick_goes_by_the_real_time(murmur: Murmur, greenroom: Stage) -> None:
    result = murmur("tick")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "Done; 0 messages sent."


def test_a_tick_can_be_taken_as_if_it_were_another_time(murmur: Murmur, greenroom: Stage) -> None:
    greenroom.put_team()
    morning = datetime(2026, 3, 2, 9, tzinfo=UTC)
    greeted = sum(message.due_at <= morning for message in greenroom.outbox(WELCOME))
    assert 1 < greeted < 9
    assert murmur("tick --at 2026-03-02T10:00+01:00").output.splitlines()[-1] == f"Done; {greeted} messages sent."
    assert len(greenroom.sent("Hello")) == greeted
    opening = f"tick --at {OPENING:%Y-%m-%dT%H:%M}"
    murmur(opening)
    assert greenroom.rounds()[0].state == "open"
    assert len(greenroom.sent("Hello")) == 9
    assert murmur(opening).output.splitlines()[-1] == "Done; 0 messages sent."


@pytest.mark.parametrize("at", ["tomorrow", "2026-13-01", "2026-03-09T25:00", "2026-03-09T09:00+99:00"])
def test_a_time_that_is_none_is_refused(murmur: Murmur, at: str) -> None:
    result = murmur(f"tick --at {at}")
    assert result.exit_code == 2
    assert f"“{at}” is no time; 2026-03-09T09:00 is." in result.output


def test_a_tick_sets_an_empty_database_up(murmur: Murmur, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/database/new.db"
    assert murmur("tick", DATABASE_URL=url).exit_code == 0
    database = Database(url)
    assert is_current(database)
    database.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", None),
        ("SLACK_BOT_TOKEN", "xoxb-of-somebody-else"),
        ("SLACK_APP_TOKEN", "hello"),
        ("APP_SECRET", "short"),
        ("DATABASE_URL", "murmur.db"),
        ("DATABASE_URL", "sqlite:////usr/lib"),
        ("DATABASE_URL", "postgresql://me:hush@127.0.0.1:9/murmur"),
        ("ROUND_KEY_DIR", "/proc/keys"),
        ("SLACK_API_BASE_URL", "http://127.0.0.1:9/api/"),
    ],
)
@pytest.mark.parametrize("command", ["run", "tick"])
def test_a_wrong_setting_stops_a_command_with_one_sentence(
    murmur: Murmur, command: str, name: str, value: str | None
) -> None:
    result = murmur(command, **{name: value})
    assert result.exit_code == 1
    said = [line for line in result.output.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", line)]
    assert len(said) == 1
    assert said[0].startswith("Error: ")
    assert name in said[0]
    assert said[0].endswith(".")
    assert "hush" not in said[0]


def test_a_wrong_app_token_stops_only_what_connects(murmur: Murmur) -> None:
    result = murmur("run", SLACK_APP_TOKEN="xapp-of-somebody-else")
    assert result.exit_code == 1
    assert "SLACK_APP_TOKEN" in result.output.splitlines()[-1]
    assert murmur("tick", SLACK_APP_TOKEN="xapp-of-somebody-else").exit_code == 0


def test_a_busy_database_is_told_in_a_sentence(murmur: Murmur, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> int:
        raise Busy("the database is busy")

    monkeypatch.setattr("bot.scheduling.tick_once", busy)
    result = murmur("tick")
    assert result.exit_code == 1
    assert "Error: The database does not answer (Busy): try again in a minute" in result.output


def test_the_doctor_says_a_line_about_each_part(murmur: Murmur) -> None:
    result = murmur("doctor")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == 8
    assert all(re.match(r"ok   [a-z A-Z]+: \S", line) for line in lines)


def test_the_doctor_fails_when_a_part_does(murmur: Murmur) -> None:
    result = murmur("doctor", SLACK_BOT_TOKEN="xoxb-of-somebody-else")
    assert result.exit_code == 1
    (wrong,) = [line for line in result.output.splitlines() if line.startswith("NOT ")]
    assert wrong.startswith("NOT  bot token: Slack says invalid_auth: copy SLACK_BOT_TOKEN again")


def test_the_doctor_fails_without_settings(murmur: Murmur) -> None:
    result = murmur("doctor", APP_SECRET=None)
    assert result.exit_code == 1
    assert result.output.startswith("NOT  settings: APP_SECRET is missing")


def test_a_port_in_use_is_told(murmur: Murmur) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = murmur(f"sandbox --port {taken.getsockname()[1]}")
    assert result.exit_code == 1
    assert "is in use: choose another with --port." in result.output


def test_a_port_that_is_none_is_told(murmur: Murmur) -> None:
    assert murmur("sandbox --port 99999").exit_code == 2


def start(command: str, environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    """Start a real `murmur` in a process of its own, in a folder whose .env holds the settings."""
    lines = [f"{name}={value}\n" for name, value in environment.items()]
    (folder / ".env").write_text("".join(lines), "utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in environment}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *command.split()],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts processes, and ends those that a failed test leaves behind."""
    processes = []

    def starts(command: str) -> subprocess.Popen[str]:
        processes.append(start(command, environment, tmp_path))
        return processes[-1]

    yield starts
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def patient(sandbox: Sandbox) -> SandboxClient:
    """A client that waits for a process to start."""
    return SandboxClient(sandbox.url, patience=PATIENCE)


def test_murmur_runs_as_a_process_until_it_is_told_to_stop(
    greenroom: Stage, started: Callable[[str], subprocess.Popen[str]]
) -> None:
    """One start for all of it: starting takes seconds."""
    greenroom.put_team()
    process = started("run")
    slack = patient(greenroom.sandbox)
    slack.wait_for_connection()
    slack.person("Ruth").command("/pulse")
    assert "Vision" in slack.person("Ruth").ephemerals()[-1].text

    second = started("run")
    output, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert "Error: Another Murmur runs on" in output
    assert "Traceback" not in output

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Murmur is running. Ctrl-C stops it." in output
    assert "Traceback" not in output
    assert [line for line in output.splitlines() if " error " in line] == []
    greenroom.tick()  # the database is free


def test_a_stand_in_slack_runs_as_a_process_until_it_is_interrupted(
    started: Callable[[str], subprocess.Popen[str]],
) -> None:
    process = started("sandbox --port 0")
    assert process.stdout is not None
    told = "".join(process.stdout.readline() for _ in range(4))
    address = re.search(r"http://127\.0\.0\.1:\d+", told)
    assert address is not None
    assert "SLACK_BOT_TOKEN=xoxb-" in told
    assert SandboxClient(address.group()).person("Priya").name == "Priya Raman"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in output
