"""What managers ask of leaders, who can change what a manager cannot: what may be raised, and what is told of it.

A request is about a unit and one driver. It shows a leader a flag before departments see it; else it depends on no
answer, and of the time only the day is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from surveys.digests import Digest
from surveys.promises import Promised
from surveys.questions import Driver, Owner, drivers

LONGEST = 300
"""Characters of a request."""

LONGEST_ANSWER = 200
"""Characters of a leader's reason why something is not possible now."""

PATIENCE = 2
"""Rounds after which a request without an answer is told of with how long it has been."""

_TOLD_FOR = 1
"""Rounds after an answer in whose digests it is told: at least one digest has it, whenever in a round it came."""

_RESTS_AFTER_NO = 4
"""Rounds after a no in which the same is not offered to be raised again."""


class Outcome(StrEnum):
    """What became of a request."""

    OPEN = "open"
    PROMISED = "promised"
    DECLINED = "declined"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A request as the two who may read it do: whoever asks, and the leader."""

    id: int  # ascending in the order in which requests were made
    unit_id: int
    unit: str  # the unit's name
    driver: str  # its id
    asker_id: int  # the member id of the manager
    asker: str  # their name
    leader_id: int
    leader: str
    text: str  # as it was typed, on one line; never safe to show as it is
    made_on: date
    outcome: Outcome
    reply: str | None  # why not, in the leader's words; as it was typed
    promise: Promised | None  # what the leader promised the unit
    ended_on: date | None

    @property
    def driver_name(self) -> str:
        """What the driver is called; its id, should it be gone."""
        known = drivers().get(self.driver)
        return known.name if known is not None else self.driver


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A request as it is followed up."""

    request: Requested
    rounds: int  # asked since it was made; when it was answered, since then
    leader_there: bool = True  # False when the leader has left, or leads nothing above the unit any more

    @property
    def is_overdue(self) -> bool:
        """Whether it has been waiting for so long that it is told of with how long."""
        return self.request.outcome is Outcome.OPEN and self.rounds >= PATIENCE


def raisable(digest: Digest) -> tuple[Driver, ...]:
    """What of a unit's digest somebody above can change and its team lead cannot: flagged drivers, then what its action
    is about.
    """
    found = [notice.driver for notice in digest.notices]
    found += [drivers()[digest.action.driver]] if digest.action is not None else []
    return tuple({driver.id: driver for driver in found if driver.owner is not Owner.TEAM_LEAD}.values())


def followed(request: Requested, opened: Iterable[date], *, leader_there: bool) -> Followed:
    """A request with the rounds that have been asked since; `opened` are the days on which those that count opened."""
    since = request.ended_on or request.made_on
    return Followed(request=request, rounds=sum(1 for day in opened if day > since), leader_there=leader_there)


def told(requests: Iterable[Followed]) -> tuple[Followed, ...]:
    """What whoever asked is told: everything that waits, and every answer once or twice; newest first."""
    shown = [
        one
        for one in requests
        if one.request.outcome is Outcome.OPEN
        or (one.request.outcome is not Outcome.TAKEN_BACK and one.rounds <= _TOLD_FOR)
    ]
    return tuple(sorted(shown, key=lambda one: -one.request.id))


def may_raise(driver: str, requests: Iterable[Followed]) -> bool:
    """Whether a driver is offered to be raised: not while it waits for an answer, nor just after a promise came of it,
    nor for some rounds after a no.
    """
    return not any(one.request.driver == driver and _rests(one) for one in requests)


def _rests(one: Followed) -> bool:
    match one.request.outcome:
        case Outcome.OPEN:
            return one.leader_there
        case Outcome.PROMISED:
            return one.rounds <= _TOLD_FOR
        case Outcome.DECLINED:
            return one.rounds <= _RESTS_AFTER_NO
        case Outcome.TAKEN_BACK:
            return False
