"""The time the stand-in Slack and, in one process with it, Murmur believe it is."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

DEFAULT_START: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning, so that a fresh sandbox starts where a week of questions starts."""


class VirtualClock:
    """A clock that can be moved, either standing still or running along with real time.

    Message timestamps and everything people see use it. Trigger ids and rate limits never do: they
    are promises about real seconds. Safe to read and move from any thread.

    start: an aware instant; it is kept in UTC.
    running: whether it runs with real time from there, or stands still until moved.
    monotonic: the real seconds it runs by; tests pass their own.
    Raises ValueError for an instant without a time zone.
    """

    def __init__(
        self,
        start: datetime = DEFAULT_START,
        *,
        running: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._running = running
        self._anchor = _in_utc(start)
        self._anchored_at = monotonic()
        self._watchers: list[Callable[[], None]] = []
        self.turns = 0  # how often it was moved, let run or stopped

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call this, in whatever thread it happens, whenever the clock was moved, let run or stopped."""
        self._watchers.append(watcher)

    @property
    def running(self) -> bool:
        """Whether the clock runs with real time."""
        return self._running

    def now(self) -> datetime:
        """The instant it is, in UTC."""
        with self._lock:
            return self._read()

    def move_to(self, instant: datetime) -> datetime:
        """Set the clock to an aware instant, earlier ones too; returns it in UTC."""
        return self._turn(lambda _: _in_utc(instant))

    def advance(self, by: timedelta) -> datetime:
        """Move the clock by a duration and return the new instant."""
        return self._turn(lambda shown: shown + by)

    def run(self, running: bool = True) -> None:
        """Let the clock run with real time from the instant it shows, or stop it there."""
        self._turn(lambda shown: shown, running=running)

    def _turn(self, to: Callable[[datetime], datetime], *, running: bool | None = None) -> datetime:
        with self._lock:
            turned = self._anchor = to(self._read())
            self._anchored_at = self._monotonic()
            self._running = self._running if running is None else running
            self.turns += 1
        for watcher in self._watchers:  # outside the lock: they will want to read the clock
            watcher()
        return turned

    def _read(self) -> datetime:
        if not self._running:
            return self._anchor
        return self._anchor + timedelta(seconds=self._monotonic() - self._anchored_at)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; pass an aware datetime")
    return instant.astimezone(UTC)
