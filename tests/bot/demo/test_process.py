"""`murmur demo` and `murmur sandbox` as processes: the page at once, clear errors, and nothing left behind."""

import json
import shutil
import signal
import socket
import time
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.demo import process
from bot.sandbox.client import SandboxClient
from tests.journeys.steps import set_up
from tests.support.started import OWN_PEOPLE, Started

PATIENCE = 120.0
"""Real seconds after which something that was told to start, or to end, has not."""


class Running(Started):
    """A process, and what its page is told."""

    def get(self, path: str) -> Any:
        """What an address answers."""
        with urlopen(self.url + path, timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send something to an address."""
        headers = {"Content-Type": "application/json"}
        request = Request(self.url + path, json.dumps(body or {}).encode(), headers, method="POST")
        with urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def demo(self) -> dict[str, Any]:
        """What the page is told of the demonstration, as the stream first tells it."""
        with urlopen(f"{self.url}/page/stream?person={self.person()}", timeout=30) as stream:
            line = stream.readline().decode()
        told: dict[str, Any] = json.loads(line.removeprefix("data:"))["demo"]
        return told

    def admin(self) -> str:
        """The id of the first admin."""
        return next(str(one["id"]) for one in self.get("/control/workspace")["people"] if one["is_admin"])

    def person(self) -> str:
        """Somebody's id."""
        return str(self.get("/control/workspace")["people"][0]["id"])

    def wait_until(self, there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the demonstration has come so far."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if there(demo := self.demo()):
                return demo
            time.sleep(0.1)
        raise AssertionError(f"it has only come to {demo}")

    def end(self, how: signal.Signals = signal.SIGINT) -> str:
        """Ctrl-C. Checks that it ends, and that all is gone."""
        output = super().end(how)
        assert self.process.returncode == 0, output
        assert "Traceback" not in output
        assert " error " not in output
        assert list(self.temporary.iterdir()) == []
        with pytest.raises(URLError):
            urlopen(self.url, timeout=5)
        return output


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts processes, and ends those that a failed test leaves behind."""
    processes: list[Running] = []

    def starts(*arguments: str) -> Running:
        processes.append(Running(*arguments, temporary=tmp_path / "temporary"))
        return processes[-1]

    yield starts
    for running in processes:
        running.abandon()


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: object) -> Callable[[str], Result]:
    """Types a command that comes to nothing, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda line: CliRunner().invoke(main, line.split())


def test_the_page_is_up_while_murmur_is_still_being_imported(started: Callable[..., Running]) -> None:
    demo = started("demo", "--no-browser", "--port", "0", "--seed", "7")
    assert demo.first_line.startswith("Murmur at work in a made-up company: http://127.0.0.1:")
    assert demo.demo()["phase"] == "preparing"
    assert demo.demo()["steps"][0]["id"] == "answer"
    demo.end()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_it_ends_in_the_middle_of_the_history(started: Callable[..., Running], how: signal.Signals) -> None:
    demo = started("demo", "--no-browser", "--port", "0", "--seed", "7")
    demo.wait_until(lambda told: "Week" in (told["progress"] or {}).get("detail", ""))
    demo.end(how)


@pytest.mark.usefixtures("history")
def test_a_second_start_takes_the_history_up_and_goes_on_by_itself_and_as_the_page_orders(
    started: Callable[..., Running],
) -> None:
    demo = started("demo", "--no-browser", "--port", "0")
    demo.wait_until(lambda told: told["phase"] == "ready")
    assert demo.get("/control/connections?at_least=1&seconds=5")["connections"] == [1]
    before = len(demo.get("/control/people/U0NIA")["messages"])
    demo.post("/control/clock", {"advance": 3600})  # ten in London
    demo.wait_until(lambda _: len(demo.get("/control/people/U0NIA")["messages"]) == before + 1)
    demo.post("/demo/steps/steal")
    told = demo.wait_until(lambda told: told["steps"][1]["state"] == "done")
    assert told["show"]["panel"] == "theft"
    assert demo.get("/demo/theft")["murmur"]["matched"] == 0
    demo.post("/demo/jumps/next-working-day")
    demo.wait_until(lambda told: told["phase"] == "ready")
    assert demo.get("/control/clock")["now"].startswith("2026-06-24T08:05")
    demo.end()


@pytest.mark.usefixtures("history")
def test_slacks_trouble_is_written_to_a_file_and_the_terminal_stays_readable(
    started: Callable[..., Running], tmp_path: Path
) -> None:
    demo = started("demo", "--no-browser", "--port", "0", "--keep", "kept")
    demo.wait_until(lambda told: told["phase"] == "ready")
    priya = SandboxClient(demo.url, patience=20).person("Priya")
    demo.post("/control/faults", {"kind": "500", "times": 3})  # as the page's button does
    priya.press("Answer or change")
    priya.wait_for_view("Sending again replaces everything")
    priya.close_view(everything=True)
    demo.post("/control/faults", {"kind": "500", "method": "views.open", "times": 4})
    priya.press("Answer or change")
    priya.wait_for_message("Something went wrong.")
    assert demo.process.stdout is not None
    assert demo.process.stdout.readline().endswith("Ctrl-C ends it and keeps what was stored in kept.\n")
    where = "What Murmur logs meanwhile, when Slack fails for instance, is written to kept/log.txt.\n"
    assert demo.process.stdout.readline() == where
    assert demo.end() == ""
    assert "a listener failed" in (tmp_path / "kept" / "log.txt").read_text("utf-8")


@pytest.mark.usefixtures("history")
def test_what_is_kept_lies_in_the_folder_that_was_named(started: Callable[..., Running], tmp_path: Path) -> None:
    kept = tmp_path / "kept? 100% #1"
    demo = started("demo", "--no-browser", "--port", "0", "--keep", kept.name)
    demo.wait_until(lambda told: told["phase"] == "ready")
    demo.end()
    assert {path.name for path in tmp_path.iterdir()} <= {kept.name, "temporary"}
    assert sorted(path.name for path in kept.iterdir()) == ["database", "keys", "log.txt", "naive.db"]
    assert (kept / "database" / "murmur.db").stat().st_size > 100_000
    again = CliRunner().invoke(main, ["demo", "--no-browser", "--keep", str(kept)])
    assert again.exit_code == 1
    assert "is not empty: name a new folder with --keep, or empty this one first." in again.output


def test_a_rehearsal_is_played_with_ones_own_people(started: Callable[..., Running], tmp_path: Path) -> None:
    shutil.copy(OWN_PEOPLE, tmp_path)
    rehearsal = started("sandbox", "--port", "0", "--workspace", "people.csv")
    assert rehearsal.process.stdout is not None
    assert rehearsal.process.stdout.readline() == "You begin as Ivy Chen, an admin; the page says what comes first.\n"
    demo = rehearsal.wait_until(lambda told: told["show"] is not None)
    assert [step["id"] for step in demo["steps"]] == ["setup", "asked", "digest"]
    assert "Your file names Compilers. As Ivy Chen, type /pulse setup" in demo["steps"][0]["text"]
    assert (demo["show"]["person"], demo["show"]["place"]) == (rehearsal.admin(), "C0GENERAL")
    assert [jump["id"] for jump in demo["jumps"]] == ["next-working-day", "next-monday", "two-months"]
    slack = SandboxClient(rehearsal.url, patience=PATIENCE)
    set_up(slack.person("Ivy"), "Compilers", channel="compilers", managers=["Hal Brook"])
    for _ in range(2):
        rehearsal.post("/demo/jumps/next-monday")
        rehearsal.wait_until(lambda told: told["phase"] == "ready")
    assert slack.person("Ada").dms()[-1].notification == "Murmur: the pulse closes on Friday"
    assert "Compilers" in slack.person("Hal").dms()[-1].text
    rehearsal.end()


def test_ones_own_people_can_be_had_without_a_murmur(started: Callable[..., Running], tmp_path: Path) -> None:
    shutil.copy(OWN_PEOPLE, tmp_path)
    alone = started("sandbox", "--port", "0", "--workspace", "people.csv", "--alone")
    names = {person["real_name"] for person in alone.get("/control/workspace")["people"]}
    assert "Ada Quill" in names
    assert alone.get("/control/connections")["connections"] == []
    alone.end()


@pytest.mark.parametrize("command", ["demo --no-browser", "sandbox --workspace people.csv", "sandbox"])
def test_a_port_in_use_is_said_in_a_sentence(typed: Callable[[str], Result], tmp_path: Path, command: str) -> None:
    shutil.copy(OWN_PEOPLE, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = typed(f"{command} --port {port}")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == f"Error: Port {port} is in use: choose another with --port."


@pytest.mark.parametrize("line", ["demo --port 99999", "demo --seed many", "demo --loud"])
def test_what_cannot_be_meant_is_refused(typed: Callable[[str], Result], line: str) -> None:
    assert typed(line).exit_code == 2


def test_a_folder_that_is_a_file_cannot_keep_anything(typed: Callable[[str], Result], tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine", "utf-8")
    result = typed("demo --no-browser --keep notes")
    assert result.exit_code == 1
    assert result.output == "Error: notes cannot be used (file exists): name another folder with --keep.\n"


def test_a_folder_with_something_in_it_is_left_alone(typed: Callable[[str], Result], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("words", "utf-8")
    result = typed("demo --no-browser --keep mine")
    assert result.exit_code == 1
    assert result.output.startswith("Error: mine is not empty:")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("alone", ["", " --alone"])
def test_a_people_file_that_cannot_be_used_says_what_to_mend(
    typed: Callable[[str], Result], tmp_path: Path, alone: str
) -> None:
    assert "people.csv" in typed(f"sandbox --workspace people.csv{alone}").output
    (tmp_path / "people.csv").write_text("name,role\nAda Quill,queen\n", "utf-8")
    result = typed(f"sandbox --workspace people.csv{alone}")
    assert result.exit_code == 1
    assert "line 2" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("name", "opened"), [("firefox", True), ("w3m", False), ("www-browser", False)])
def test_the_page_opens_in_a_browser_that_leaves_the_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, name: str, opened: bool
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "get", lambda: SimpleNamespace(name=name, open=addresses.append))
    process._open("http://127.0.0.1:8766")
    assert addresses == (["http://127.0.0.1:8766"] if opened else [])


def test_a_machine_without_a_browser_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    process._open("http://127.0.0.1:8766")


class Ended(Exception):
    """Stands for the end of this process."""


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Where the end of this process is only told."""

    def end(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr("bot.demo.process.os._exit", end)
    monkeypatch.setattr(process, "_BETWEEN_ATTEMPTS", 0.0)
    return monkeypatch


def test_what_cannot_be_deleted_does_not_keep_it_from_ending(ending: pytest.MonkeyPatch, tmp_path: Path) -> None:
    attempts: list[Path] = []
    ending.setattr("bot.demo.process.shutil.rmtree", lambda folder, **_: attempts.append(folder))
    with pytest.raises(Ended):
        process._end_at_once([tmp_path])
    assert 1 < len(attempts) < 50


def test_what_is_added_to_meanwhile_is_deleted_again(ending: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder, delete, added = tmp_path / "folder", shutil.rmtree, iter([True, True, False])

    def delete_and_add(path: Path, *, ignore_errors: bool) -> None:
        delete(path, ignore_errors=ignore_errors)
        if next(added):
            path.mkdir()

    folder.mkdir()
    ending.setattr("bot.demo.process.shutil.rmtree", delete_and_add)
    with pytest.raises(Ended):
        process._end_at_once([folder])
    assert not folder.exists()
