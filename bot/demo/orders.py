"""Carrying out what the page orders, one thing after the other."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.demo.show import NotPossible, Order, Show, Stopped
from bot.demo.stage import Stage
from bot.logs import class_and_place
from bot.murmur import Clock
from bot.scheduling import Clockwork

log = logging.getLogger(__name__)


def take_orders(stage: Stage, show: Show, do: Callable[[Order], None]) -> None:
    """Do what the page orders, one thing after the other. Raises Stopped.

    Murmur's own clockwork runs all the time. To it, time stands still while an order is carried out: a leap does
    everything itself, each thing at its own moment and without waiting for Slack's limits.
    """
    clock = _HeldClock(stage.sandbox.clock.now)
    with Clockwork(replace(stage.murmur, clock=clock.now)):
        while True:
            order = show.next_order()
            try:
                with clock.held(), show.doing(order):
                    do(order)
            except Stopped:
                raise
            except NotPossible:
                continue
            except Exception as error:  # noqa: BLE001 - the show goes on, whatever it was
                log.error("an order failed", extra={"kind": order.id, "error": class_and_place(error)})


class _HeldClock:
    """Shows the time, or for a while the moment at which it was held."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._held_at: datetime | None = None

    def now(self) -> datetime:
        """The time, as far as this clock goes."""
        return self._held_at or self._now()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let it stand still."""
        self._held_at = self._now()
        try:
            yield
        finally:
            self._held_at = None
