"""The demonstration for tests: the company after its sixteen weeks, prepared once and taken up by every test.

@pytest.mark.usefixtures("history")
def test_something(tmp_path):
    with playing(tmp_path) as play:
        play.acting.digest(...)

`murmur demo` keeps its history in the same place, so a process that is started after the fixture starts quickly.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from bot.demo.acting import Acting
from bot.demo.cache import ROOT, Cache
from bot.demo.company import BEGINS, RUTH, lantern_labs
from bot.demo.guide import Guide
from bot.demo.moods import SEED
from bot.demo.performance import Prepared, prepared
from bot.demo.show import Show
from bot.demo.stage import Stage
from bot.demo.travel import Travel
from bot.sandbox.clock import VirtualClock
from bot.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """The company as it is when the page starts, with the clock standing still."""

    show: Show
    ready: Prepared
    travel: Travel
    acting: Acting

    @property
    def stage(self) -> Stage:
        """What it plays on."""
        return self.ready.stage


@contextmanager
def playing(folder: Path, *, seed: int = SEED, cache: Path = ROOT) -> Iterator[Play]:
    """Take the history of a seed up, or live through it and keep it in `cache`, in an empty folder."""
    company, show = lantern_labs(), Show(Guide.read())
    with Sandbox(company.workspace, VirtualClock(BEGINS)) as sandbox:
        show.changed = sandbox.notify
        with prepared(show, sandbox, folder, company, seed=seed, cache=cache) as ready:
            zones = {person.tz for person in company.workspace.people}
            travel = Travel(ready.stage, show, home=company.workspace.find(RUTH).tz, timezones=zones)
            yield Play(show=show, ready=ready, travel=travel, acting=Acting(ready.stage, show, travel))


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sixteen weeks, lived through by the first test process that wants them; the others wait for it."""
    ROOT.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(ROOT.with_name("murmur-demo.lock")):
        if not Cache(SEED).holds:
            with playing(tmp_path_factory.mktemp("history")):
                pass
