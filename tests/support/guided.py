"""The guide's steps for tests: a company that carries them out at once, as their buttons do.

def test_something(play: Play) -> None:
    do(play, "answer")
"""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bot.demo import acting
from bot.demo.performance import do as carry_out
from bot.demo.show import STEP, Order
from tests.support.demo import Play, playing


@pytest.fixture
def play(history: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """The company when the page starts; nobody has to follow with their eyes."""
    monkeypatch.setattr(acting, "_TAP", 0.0)
    monkeypatch.setattr(acting, "_LOOK", 0.0)
    with playing(tmp_path) as play:
        yield play


def do(play: Play, name: str) -> None:
    """Carry a step out, as its button does."""
    order = Order(kind=STEP, id=name)
    play.show.ready()
    play.show.order(order)
    with play.show.doing(play.show.next_order()):
        play.acting.steps[name](order)


def newest(play: Play, who: str) -> str:
    """The text of somebody's newest direct message."""
    return play.stage.slack.person(who).dms()[-1].text


def states(play: Play) -> list[str]:
    """Where the steps stand."""
    return [step["state"] for step in play.show.state()["steps"]]


def order(play: Play, what: Order) -> None:
    """Have something done that the page ordered."""
    play.show.ready()
    play.show.order(what)
    with play.show.doing(play.show.next_order()):
        carry_out(what, play.show, play.ready, play.acting, play.travel)


def do_again(play: Play, name: str) -> None:
    """Press the button of a step that is done, where that shows its end again."""
    play.show.order(Order(kind=STEP, id=name))
    assert play.show.state()["phase"] == "ready"


def read_as(play: Play, who: str) -> None:
    """Look at the direct messages with Murmur, as the page does for somebody."""
    place = play.stage.slack.person(who).dms()[-1].channel
    body = json.dumps({"channel": place}).encode()
    address = f"{play.stage.sandbox.url}/page/people/{who}/read"
    with urlopen(Request(address, body, {"Content-Type": "application/json"}, method="POST"), timeout=30):
        pass


def wait_until(there: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    patience = threading.Event()
    for _ in range(600):
        if there():
            return
        patience.wait(0.1)
    raise AssertionError("it has not come")
