"""The clockwork: a scheduler of this process that wakes the jobs, and a watchdog that wakes the scheduler."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from apscheduler.schedulers.background import BackgroundScheduler

from bot.delivery import Delivery
from bot.jobs import refresh_directory, tick
from bot.murmur import Murmur
from storage.retention import clear_out

TICK_SECONDS = 10
DELIVERIES_A_TICK = 5
DIRECTORY_HOURS = 12
RETENTION_HOURS = 24


def tick_once(murmur: Murmur) -> int:
    """Take what is due, deliver what that put into the outbox, and delete what has been kept for its time. Returns how
    many messages were sent.
    """
    tick(murmur)
    sent = Delivery(murmur).deliver()
    retain(murmur)
    return sent


def retain(murmur: Murmur) -> None:
    """Delete what has been kept for its time."""
    clear_out(murmur.database, murmur.clock())


class Clockwork:
    """Runs the jobs while it is entered.

    The database owns the schedule, so any number of processes may each run one: jobs kept in memory, late runs
    made up by a single one, no job twice at once. A wall clock that is set back stops APScheduler's jobs until
    it catches up; the watchdog goes by the monotonic clock and runs them when a tick is three intervals late.
    """

    def __init__(
        self, murmur: Murmur, tick_seconds: float = TICK_SECONDS, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`monotonic` tells real seconds."""
        self._murmur = murmur
        self._delivery = Delivery(murmur)
        self._tick_seconds = tick_seconds
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._last_tick = monotonic()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        deliver_seconds = self._tick_seconds / DELIVERIES_A_TICK
        self._scheduler.add_job(self.tick, "interval", seconds=self._tick_seconds)
        self._scheduler.add_job(self._delivery.deliver, "interval", [self._stopping.is_set], seconds=deliver_seconds)
        self._scheduler.add_job(
            refresh_directory, "interval", [self._murmur], hours=DIRECTORY_HOURS, next_run_time=datetime.now(UTC)
        )
        self._scheduler.add_job(
            retain, "interval", [self._murmur], hours=RETENTION_HOURS, next_run_time=datetime.now(UTC)
        )
        self._scheduler.start()
        self._watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._watchdog.join()
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Take what is due."""
        self._last_tick = self._monotonic()
        try:
            tick(self._murmur)
        finally:
            self._last_tick = self._monotonic()

    def late(self) -> bool:
        """Whether the last tick is three intervals ago or more."""
        return self._monotonic() - self._last_tick >= 3 * self._tick_seconds

    def catch_up(self) -> None:
        """Let every job run now if a tick is late, whatever the wall clock says."""
        if self.late():
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))

    def _watch(self) -> None:
        while not self._stopping.wait(self._tick_seconds):
            self.catch_up()
