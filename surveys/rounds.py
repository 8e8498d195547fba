"""The life cycle of a round: its states, and the one step that is due."""

from datetime import datetime, timedelta
from enum import StrEnum

from surveys.cadence import working_days_after


class State(StrEnum):
    """States are durable and each step can be taken again after a crash."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"  # ballots are refused
    CLOSED = "closed"  # codes are in the ledger, slots are gone
    SCRUBBED = "scrubbed"  # the key is destroyed, leftovers are wiped
    PUBLISHED = "published"  # digests wait in the outbox
    DISCARDING = "discarding"  # thrown away without being coded; its key and leftovers have yet to be destroyed
    DISCARDED = "discarded"  # never coded: skipped, refused, cancelled, or closed too soon; nothing is left of it


class Step(StrEnum):
    """What can be due for a round."""

    OPEN = "open"
    SKIP = "skip"
    BEGIN_CLOSING = "begin closing"
    CODE = "code"
    SCRUB = "scrub"
    WIPE = "wipe"  # what SCRUB does, of a round that was thrown away
    PUBLISH = "publish"


ENDED = frozenset({State.PUBLISHED, State.DISCARDED})

SHORTEST = timedelta(hours=4)
"""A round that could open only this long before it closes, after an outage say, is skipped."""


_EVERYWHERE = ("Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati")
"""Time zones whose dates are all that there are on Earth at any moment, from the last to the first."""


def due(*, state: State, opens_at: datetime, closes_at: datetime, now: datetime, paused: bool) -> Step | None:
    """The step to take now, if any. A paused pulse opens nothing, but what is open runs to its end."""
    if state is State.SCHEDULED:
        if closes_at - now < SHORTEST:
            return Step.SKIP
        return Step.OPEN if opens_at <= now and not paused else None
    if state is State.OPEN:
        return Step.BEGIN_CLOSING if closes_at <= now else None
    return {
        State.CLOSING: Step.CODE,
        State.CLOSED: Step.SCRUB,
        State.SCRUBBED: Step.PUBLISH,
        State.DISCARDING: Step.WIPE,
    }.get(state)


def closing_now_discards(*, opened_at: datetime, now: datetime, timezone: str) -> bool:
    """Whether closing a round by hand at `now` throws it away.

    Within one working day of opening, whoever closes could pick the moment at which only those they watched
    have answered. The working day is over only when it is over in `timezone`, that of the pulse, and at both ends of
    the world: an admin can change the pulse's while the round is open, and a weekend begins elsewhere earlier or later.
    """
    return now < max(working_days_after(opened_at, 1, zone) for zone in (timezone, *_EVERYWHERE))
