"""The guide's steps for tests: a company that carries them out at once, as their buttons do.

def test_something(play: Play) -> None:
    do(play, "answer")
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo import acting
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
