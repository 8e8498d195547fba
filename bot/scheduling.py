"""The clockwork: a scheduler of this process that wakes the jobs, and a watchdog that wakes the scheduler."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from bot.delivery import Delivery
from bot.jobs import refresh_directory, tick
from bot.murmur import Murmur

TICK_SECONDS = 10
DELIVERIES_A_TICK = 5
DIRECTORY_HOURS = 12


def tick_once(murmur: Murmur) -> int:
    """Take what is due and deliver what that put into the outbox. Returns how many messages were sent."""
    tick(murmur)
    return Delivery(murmur).deliver()


class Clockwork:
    """Runs the jobs while it is entered.

    The database owns the schedule, so any number of processes may each run one: jobs kept in memory, late runs
    made up by a single one, no job twice at once. A wall clock that is set back stops APScheduler's jobs until
    it catches up; the watchdog goes by the monotonic clock and runs a tick that is three intervals late.
    """

    def __init__(self, murmur: Murmur, tick_seconds: float = TICK_SECONDS) -> None:
        self._murmur = murmur
        self._delivery = Delivery(murmur)
        self._tick_seconds = tick_seconds
        self._stopping = threading.Event()
        self._ticking = threading.Lock()
        self._last_tick = time.monotonic()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        every: list[tuple[Callable[[], object], float]] = [
            (self.tick, self._tick_seconds),
            (lambda: self._delivery.deliver(self._stopping.is_set), self._tick_seconds / DELIVERIES_A_TICK),
            (lambda: refresh_directory(self._murmur), DIRECTORY_HOURS * 3600.0),
        ]
        for job, seconds in every:
            self._scheduler.add_job(job, "interval", seconds=seconds)
        self._scheduler.start()
        self._watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._watchdog.join()

    def tick(self) -> None:
        """Take what is due; a tick that finds another under way leaves it to that."""
        if self._ticking.acquire(blocking=False):
            try:
                tick(self._murmur)
                self._last_tick = time.monotonic()
            finally:
                self._ticking.release()

    def late(self) -> bool:
        """Whether the last tick is three intervals ago or more."""
        return time.monotonic() - self._last_tick >= 3 * self._tick_seconds

    def _watch(self) -> None:
        while not self._stopping.wait(self._tick_seconds):
            if self.late():
                self.tick()
                self._scheduler.wakeup()
