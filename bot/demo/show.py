"""The show: what the page is told of the demonstration, and the one order at a time that it gives."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bot.demo.guide import Direction, Guide, Step

Json = dict[str, Any]

STEP: Final = "step"
JUMP: Final = "jump"

TWO_MONTHS: Final = "two-months"
"""The jump that does what the last step shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """Somewhere the clock can be taken."""

    label: str  # of its button
    title: str  # while it is on its way


JUMPS: Final = {
    "next-working-day": Jump(label="Next working day", title="To the next working day"),
    "next-monday": Jump(label="Next Monday", title="To Monday"),
    TWO_MONTHS: Jump(label="Two months on", title="Two months go by"),
}
"""Where the clock can be taken, by id."""

_FAILED: Final = "That did not work, and nothing was lost. Try it again, or go on with another step."


class Stopped(Exception):
    """The demonstration is being ended."""


class NotNow(Exception):
    """An order that cannot be taken at the moment. The message says why, in a sentence."""


class NotPossible(Exception):
    """An order that cannot be carried out as things stand. The message says why and what to do, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something to do: a step of the guide, or a jump of the clock."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far something is."""

    title: str
    detail: str = ""
    done: int = 0
    of: int = 1


@dataclass(slots=True)
class Show:
    """Shared by the page's requests, which come in the sandbox's event loop, and the thread that does the work.

    changed: called whenever the page should look again.
    recount: called before the page is told anything, by whoever asks, so that it is told how things stand then.
    """

    guide: Guide
    changed: Callable[[], None] = lambda: None
    recount: Callable[[], None] = lambda: None
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _orders: "queue.SimpleQueue[Order | None]" = field(default_factory=queue.SimpleQueue)
    _phase: str = "preparing"
    _progress: Progress | None = Progress(title="Murmur starts")
    _error: str = ""
    _doing: Order | None = None
    _direction: Direction | None = None
    _directions: int = 0

    def state(self) -> Json:
        """What the page is told, `Demo` of its types."""
        self.recount()
        with self._lock:
            progress, shown = self._progress, self._direction
            return {
                "phase": self._phase,
                "progress": progress
                and {"title": progress.title, "detail": progress.detail, "done": progress.done, "of": progress.of},
                "steps": self.guide.as_json(),
                "jumps": [{"id": name, "label": jump.label} for name, jump in JUMPS.items()],
                "show": shown and shown.as_json(self._directions),
                "error": self._error,
            }

    def order(self, order: Order) -> None:
        """Let something be done. Pressing again is harmless: what is under way goes on, and a finished step is done
        again, or what it showed is shown once more. Raises NotNow, or LookupError for what there is not.
        """
        with self._lock:
            if order.kind == JUMP and order.id not in JUMPS:
                raise LookupError(f"there is no jump {order.id!r}; there are: {', '.join(JUMPS)}")
            step = self.guide.step(order.id) if order.kind == STEP else None
            if order == self._doing:
                return
            if self._phase == "failed":
                raise NotNow(self._error)
            if self._phase == "preparing":
                raise NotNow("The history is still being prepared; one moment.")
            if self._doing is not None:
                raise NotNow("One thing at a time: this waits until what is under way has ended.")
            if step is not None and not self.guide.begin(order.id):
                self._look(step.shown)
            else:
                self._doing, self._phase, self._error, self._progress = order, "busy", "", None
                self._orders.put(order)
        self.changed()

    def skip(self, step: str) -> None:
        """Leave a step of the guide out. Raises LookupError for what there is not."""
        with self._lock:
            self.guide.skip(step)
        self.changed()

    @contextmanager
    def changing(self, name: str) -> Iterator[Step]:
        """A step, whose words and standing may be changed meanwhile. Raises LookupError for what there is not."""
        with self._lock:
            yield self.guide.step(name)

    def done_by_hand(self, step: str, shown: Direction | None = None) -> None:
        """A visitor did without the button what a step shows, and looks at `shown`."""
        with self._lock:
            changed = self.guide.done_by_hand(step, shown)
        if changed:
            self.changed()

    @property
    def idle(self) -> bool:
        """Whether nothing that was ordered is under way."""
        with self._lock:
            return self._doing is None

    def next_order(self) -> Order:
        """Wait for something to do. Raises Stopped."""
        order = self._orders.get()
        if order is None or self.stopping.is_set():
            raise Stopped
        return order

    @contextmanager
    def doing(self, order: Order) -> Iterator[None]:
        """While an order is carried out. What goes wrong is said in a sentence, and the show goes on."""
        error = _FAILED
        try:
            yield
            error = ""
        except NotPossible as why:
            error = str(why)
            raise
        finally:
            with self._lock:
                self._doing, self._progress, self._phase, self._error = None, None, "ready", error
                if order.kind == STEP:
                    self.guide.end(order.id, well=not error)
            self.changed()

    def ready(self) -> None:
        """Everything is prepared."""
        with self._lock:
            self._phase, self._progress = "ready", None
        self.changed()

    def fail(self, sentence: str) -> None:
        """It could not be prepared."""
        with self._lock:
            self._phase, self._progress, self._error = "failed", None, sentence
        self.changed()

    def tell(self, progress: Progress) -> None:
        """How far it is. Raises Stopped, so that nothing goes on for long when the show is to end."""
        self.check()
        with self._lock:
            self._progress = progress
        self.changed()

    def look(self, direction: Direction, *, ends: Order | None = None, again: Direction | None = None) -> None:
        """Point the page somewhere; `ends` is the order of which this is the last word. `again` is where to look
        when that is asked for again; the same place, unless given.
        """
        with self._lock:
            if ends is not None and ends.kind == STEP:
                self.guide.step(ends.id).shown = again or direction
            self._look(direction)
        self.changed()

    def check(self) -> None:
        """Raises Stopped when the show is to end."""
        if self.stopping.is_set():
            raise Stopped

    def stop(self) -> None:
        """End whatever goes on, soon."""
        self.stopping.set()
        self._orders.put(None)

    def _look(self, direction: Direction | None) -> None:
        if direction is not None:
            self._direction = direction
            self._directions += 1
