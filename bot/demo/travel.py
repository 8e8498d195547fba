"""Travelling in time, as the page watches it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from bot.demo.calendar import day_words, next_monday, next_working_day, two_months_on
from bot.demo.leap import Leap
from bot.demo.show import JUMPS, Progress, Show
from bot.demo.stage import Stage

_FRESH: Final = timedelta(days=1)
"""What was written longer before the clock lands counts as read: nobody looks on for weeks without reading."""


class Travel:
    """Takes the clock on, with everything that happens meanwhile.

    home: the time zone of the page's own calendar.
    timezones: those of everybody, all of which must have got that far.
    """

    def __init__(self, stage: Stage, show: Show, *, home: str, timezones: Collection[str]) -> None:
        self._stage = stage
        self._show = show
        self._home = home
        self._timezones = timezones

    def jump(self, name: str) -> None:
        """One of the jumps that the page offers."""
        now = self._stage.sandbox.clock.now()
        targets = {
            "next-working-day": lambda: next_working_day(now, self._home),
            "next-monday": lambda: next_monday(now, self._timezones),
            "two-months": lambda: two_months_on(now, self._timezones),
        }
        assert targets.keys() == JUMPS.keys()
        self.to(targets[name](), JUMPS[name].title)

    def to(self, target: datetime, title: str) -> None:
        """Take the clock to `target`."""
        begun = self._stage.sandbox.clock.now()
        whole = max(int((target - begun).total_seconds()), 1)

        def tell(moment: datetime) -> None:
            gone = int((moment - begun).total_seconds())
            self._show.tell(Progress(title=title, detail=day_words(moment, self._home), done=gone, of=whole))

        tell(begun)
        Leap(self._stage, self._show, tell).to(target)
        sandbox = self._stage.sandbox
        sandbox.mark_all_read(sandbox.clock.now() - _FRESH)
