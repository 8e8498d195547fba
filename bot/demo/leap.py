"""Leaps in time: from one moment at which something is due to the next, and at each of them everything is done."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.demo.due import next_letter, next_step
from bot.demo.show import Show
from bot.demo.stage import Stage
from bot.jobs import tick
from bot.scheduling import RETENTION_HOURS, retain
from storage.outbox import count_waiting
from storage.rounds import due_steps

_PATIENCE: Final = 15.0
"""Real seconds that one leap waits in all for what is in its way; what is late then comes afterwards."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_RETENTION: Final = timedelta(hours=RETENTION_HOURS)
_AGAIN: Final = 0.2  # real seconds between two attempts meanwhile


class Leap:
    """One leap.

    show: stops it, with Stopped, when the demonstration ends.
    tell: called with each moment that is reached.
    """

    def __init__(self, stage: Stage, show: Show, tell: Callable[[datetime], object]) -> None:
        self._stage = stage
        self._show = show
        self._tell = tell
        self._patience = _PATIENCE
        self._retain_at = stage.sandbox.clock.now()

    def to(self, target: datetime) -> None:
        """Take the clock to `target`. It stands still on the way; afterwards it runs along if it did before."""
        clock = self._stage.sandbox.clock
        running = clock.running
        clock.run(False)
        try:
            with self._stage.sandbox.limits_lifted():
                self._do(clock.now(), step=True)
                while True:
                    moment, step = self._next()
                    self._answer_until(min(moment, target))
                    if moment > target:
                        break
                    clock.move_to(moment)
                    self._tell(moment)
                    self._do(moment, step=step)
                clock.move_to(max(target, clock.now()))
                self._retain()
        finally:
            clock.run(running)

    def _do(self, moment: datetime, *, step: bool) -> None:
        """Whatever is due: the steps of rounds if there may be any, then messages, then people who answer."""
        self._show.check()
        if step:
            tick(self._stage.murmur)
            self._insist(self._steps_due, lambda: tick(self._stage.murmur))
            self._stage.colleagues.plan()
        self._deliver()
        self._insist(self._messages_due, self._deliver)
        self._stage.colleagues.answer_until(moment)
        self._retain()

    def _retain(self) -> None:
        """Delete what has been kept for its time, once a day as the clockwork does."""
        now = self._stage.sandbox.clock.now()
        if now >= self._retain_at:
            retain(self._stage.murmur)
            self._retain_at = now + _RETENTION

    def _answer_until(self, moment: datetime) -> None:
        """Let people answer, each in their own time; for Murmur nothing is due meanwhile."""
        colleagues = self._stage.colleagues
        while (at := colleagues.next_at()) is not None and at < moment:
            self._show.check()
            self._stage.sandbox.clock.move_to(at)
            colleagues.answer_until(at)

    def _deliver(self) -> None:
        self._stage.delivery.deliver(self._show.stopping.is_set)

    def _insist(self, due: Callable[[], bool], act: Callable[[], object]) -> None:
        """Try again for a while when something is in the way: a reader of the file, or a Slack in trouble."""
        while self._patience > 0 and due():
            began = time.monotonic()
            self._show.stopping.wait(_AGAIN)
            self._show.check()
            act()
            self._patience -= time.monotonic() - began

    def _steps_due(self) -> bool:
        with self._stage.murmur.database.reading() as session:
            return bool(due_steps(session, self._stage.sandbox.clock.now()))

    def _messages_due(self) -> bool:
        with self._stage.murmur.database.reading() as session:
            return count_waiting(session, self._stage.sandbox.clock.now()) > 0

    def _next(self) -> tuple[datetime, bool]:
        """The next moment at which Murmur has something to do, and whether it is a step of a round."""
        now = self._stage.sandbox.clock.now()
        with self._stage.murmur.database.reading() as session:
            step, letter = next_step(session, now), next_letter(session, now)
        moment = min(step or _NEVER, letter or _NEVER)
        return moment, moment == step
