"""A rehearsal: it imports only what it plays, and its guide fills the set-up in from the people file."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.company import installation
from bot.demo.guide import guide_of
from bot.demo.rehearsal import rehearse
from bot.demo.show import STEP, Order, Show, Stopped
from bot.sandbox.client import SandboxClient
from bot.sandbox.clock import VirtualClock
from bot.sandbox.people_file import read_people_text
from bot.sandbox.server import Sandbox

ROOT = Path(__file__).parents[3]
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
PEOPLE = """\
name,team,department,role,time zone
Ada Quill,Compilers,Tools,member,Europe/Berlin
Ben Stone,Compilers,Tools,member,Europe/Berlin
Cleo Marsh,Compilers,Tools,member,Europe/Berlin
Dov Hart,Compilers,Tools,member,Europe/Berlin
Eva Lind,Compilers,Tools,member,Europe/Berlin
Finn Odell,Compilers,Tools,member,Europe/Berlin
Hal Brook,Compilers,Tools,manager,Europe/Berlin
Kim Vale,Linkers,Tools,member,Europe/Berlin
Jo Ames,Linkers,Tools,manager,Europe/Berlin
Lea Hall,,Tools,leader,Europe/Berlin
Ivy Chen,,,admin,Europe/Berlin
"""


def test_a_rehearsal_does_not_import_the_performance() -> None:
    code = "import sys, bot.demo.rehearsal; print([name for name in sys.modules if name.startswith('bot.demo.')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("performance", "acting", "theft", "history", "promised"):
        assert f"'bot.demo.{name}'" not in run.stdout


class Rehearsal:
    """A rehearsal under way."""

    def __init__(self, show: Show, sandbox: Sandbox) -> None:
        self.show = show
        self.slack: SandboxClient = sandbox.client()

    def state(self, name: str) -> dict[str, Any]:
        """A step as the page is told of it."""
        return next(step for step in self.show.state()["steps"] if step["id"] == name)

    def do(self, name: str) -> dict[str, Any]:
        """Press the button of a step; what the page is told of it afterwards."""
        self.show.order(Order(kind=STEP, id=name))
        wait_until(lambda: self.show.state()["phase"] == "ready")
        return self.state(name)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[Rehearsal]:
    """A company of two teams of a department, at the beginning."""
    company = read_people_text(PEOPLE, installation=installation())
    show = Show(guide_of(company))

    def work() -> None:
        with suppress(Stopped):
            rehearse(show, sandbox, tmp_path, company)

    with Sandbox(company.workspace, VirtualClock(MONDAY)) as sandbox:
        worker = threading.Thread(target=work)
        worker.start()
        wait_until(lambda: show.state()["show"] is not None)
        yield Rehearsal(show, sandbox)
        show.stop()
        worker.join(30)


def wait_until(there: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    patience = threading.Event()
    for _ in range(1200):
        if there():
            return
        patience.wait(0.05)
    raise AssertionError("it has not come")


def test_the_set_up_is_filled_in_from_the_file_team_by_team_and_sent_by_hand(rehearsal: Rehearsal) -> None:
    ivy = rehearsal.slack.person("Ivy")
    assert rehearsal.show.state()["show"]["person"] == ivy.id
    assert "Your file names Compilers and Linkers. As Ivy Chen, type" in rehearsal.state("setup")["text"]
    assert rehearsal.do("asked")["state"] == "open"
    assert rehearsal.show.state()["error"].startswith("No team is set up yet")
    fills_in(rehearsal, "Compilers", "Hal Brook", there=0)
    fills_in(rehearsal, "Compilers", "Hal Brook", there=0)  # what was not sent is filled in again
    send(rehearsal)
    told = rehearsal.state("setup")
    assert told["text"].startswith("1 of 2 teams is set up. Next is Linkers:")
    assert (told["state"], told["begun"], told["button"]) == ("open", True, "Fill in the next form")
    fills_in(rehearsal, "Linkers", "Jo Ames", there=1)
    send(rehearsal)
    told = rehearsal.state("setup")
    assert (told["state"], told["begun"]) == ("done", False)
    assert told["after"].startswith("Every team of your file is set up.")
    assert rehearsal.do("setup")["after"].startswith("Every team of your file is set up.")
    assert rehearsal.state("setup")["again"] == ""
    assert rehearsal.do("asked")["after"].startswith("This is what everybody on Compilers gets.")
    ada = rehearsal.slack.person("Ada")
    told = rehearsal.show.state()["show"]
    assert (told["person"], told["message"], told["phone"]) == (ada.id, ada.dms()[-1].ts, False)
    assert rehearsal.do("digest")["state"] == "done"
    hal = rehearsal.slack.person("Hal")
    told = rehearsal.show.state()["show"]
    assert (told["person"], told["message"], told["phone"]) == (hal.id, hal.dms()[-1].ts, True)


def test_whoever_goes_on_with_some_of_the_teams_has_done_the_first_step_and_can_come_back(rehearsal: Rehearsal) -> None:
    fills_in(rehearsal, "Compilers", "Hal Brook", there=0)
    send(rehearsal)
    assert rehearsal.do("asked")["state"] == "done"
    told = rehearsal.state("setup")
    assert (told["state"], told["begun"], told["again"]) == ("done", True, "Fill in the next form")
    assert told["after"].startswith("1 of 2 teams is set up. Next is Linkers:")
    fills_in(rehearsal, "Linkers", "Jo Ames", there=1)


def test_a_first_step_of_which_nothing_is_done_is_left_out(rehearsal: Rehearsal) -> None:
    fills_in(rehearsal, "Compilers", "Hal Brook", there=0)
    rehearsal.show.skip("setup")
    assert rehearsal.state("setup")["state"] == "skipped"


def fills_in(rehearsal: Rehearsal, team: str, manager: str, *, there: int) -> None:
    """Press the step's button, and look at the form."""
    told = rehearsal.do("setup")
    assert told["text"].startswith(f"The form is filled in for {team}:")
    assert told["text"].endswith(f" {there} of 2 teams {'is' if there == 1 else 'are'} set up.")
    assert (told["state"], told["after"], told["begun"]) == ("open", "", there > 0)
    (form,) = rehearsal.slack.person("Ivy").views
    for words in (team, f"#{team.lower()}", manager, "Lea Hall", "Tools"):
        assert words in form.text


def send(rehearsal: Rehearsal) -> None:
    """Look at the preview, and let Murmur start."""
    ivy = rehearsal.slack.person("Ivy")
    ivy.submit()
    ivy.wait_for_view("would be asked")
    ivy.submit()
    ivy.wait_for_view("is set up")


def test_many_teams_are_not_all_named_in_one_sentence() -> None:
    lines = [f"Person {number},Team {number},member" for number in range(9)]
    people = "\n".join(["name,team,role", *lines, "Ivy Chen,,admin"])
    guide = guide_of(read_people_text(people))
    assert "names Team 0, Team 1, Team 2, Team 3 and 5 more teams." in guide.step("setup").text


def test_a_company_without_teams_is_told_so() -> None:
    guide = guide_of(read_people_text("name,role\nIvy Chen,admin\n"))
    assert "Your file names no team." in guide.step("setup").text
