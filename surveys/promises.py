"""What managers promise to the teams whose digests they read: what may be promised, and what is shown of it, where
and for how long. A promise is about a unit, never about a person in it, and depends on no answer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = 200
"""Characters of a promise: what a phone shows at a glance."""

FEWEST_ROUNDS, MOST_ROUNDS = 4, 8
"""Rounds after which what a promise brought usually shows in a team's answers; before, it is too early to say."""

ASKED_EVERY = 4
"""Rounds between two questions whether an overdue promise is done; the first comes as soon as it is overdue."""

SHOWN_AFTER_ITS_END = timedelta(weeks=8)
"""How long a team finds a promise on Home that is kept or no longer stands: as long as a weekly pulse takes to show
what came of it. Afterwards the page would be a record of somebody's past.
"""


class Fate(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    TAKEN_BACK = "taken back"
    REPLACED = "replaced"  # by another one of the same person


class Problem(StrEnum):
    """Why words are no promise yet."""

    NOTHING = "nothing"
    TOO_LONG = "too long"
    BOTH = "both"  # a suggestion was chosen, and other words were written


class Progress(StrEnum):
    """What the rounds since a promise can tell."""

    NOTHING_YET = "nothing yet"
    TOO_EARLY = "too early"
    COULD_SHOW = "could show"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise as everybody reads it who may.

    Days are all that is kept of when things happened. The ids of rounds say which invitation is the first to tell
    of it: one that has gone out to some people already must read the same for the others.
    """

    id: int  # ascending in the order in which promises were made
    unit_id: int
    maker_id: int  # the member id of the manager
    maker: str  # their name
    text: str  # as it was typed, on one line; never safe to show as it is
    made_on: date
    made_after: int  # id of the latest round that had opened by then, 0 for none
    fate: Fate
    ended_on: date | None  # when it was kept, taken back or replaced
    ended_after: int | None  # id of the latest round that had opened by then

    @property
    def is_slip(self) -> bool:
        """Whether it was gone again on the same day, before any invitation told of it: a slip of the pen."""
        gone = self.fate in {Fate.TAKEN_BACK, Fate.REPLACED}
        return gone and (self.ended_on, self.ended_after) == (self.made_on, self.made_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an invitation tells of one promise."""

    promise: Promised
    new: bool  # made since the invitation before
    fate: Fate  # when the round opened, whatever happened since: OPEN, KEPT or TAKEN_BACK
    instead_of: Promised | None = None  # an older one that it replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A promise as a reader of digests follows it."""

    promise: Promised
    rounds: int  # asked since it was made; when it is kept, since then


def settle(own: str, *, suggested: bool = False, suggestion: str = "", longest: int = LONGEST) -> str | Problem:
    """What is promised by a form: words of one's own, or the suggestion that was chosen. Never a guess at which.

    `longest`: characters that words may have; requests and what is answered to them have limits of their own.
    """
    if own and suggested:
        return Problem.BOTH
    words = suggestion if suggested else own
    if not any(character.isalnum() for character in words):
        return Problem.NOTHING
    return words if len(words) <= longest else Problem.TOO_LONG


def news(promises: Iterable[Promised], *, last: int, this: int) -> tuple[News, ...]:
    """What the invitation to round `this` tells: only what is new since round `last`, 0 if there was none.

    It is a function of what had happened when the round opened, so whoever is invited later in the day reads the
    same. A promise that came and went between two invitations is not told of.
    """
    promises = sorted(promises, key=lambda promise: promise.id)
    fates = {promise.id: _fate_before(promise, this) for promise in promises}
    fresh = [p for p in promises if last <= p.made_after < this and fates[p.id] in {Fate.OPEN, Fate.KEPT}]
    ended = [p for p in promises if p.made_after < last and p.ended_after is not None and last <= p.ended_after < this]
    replaced = {p.maker_id: p for p in ended if p.fate is Fate.REPLACED}
    told = []
    for promise in fresh:
        older = replaced.pop(promise.maker_id, None)
        told.append(News(promise=promise, new=True, fate=fates[promise.id], instead_of=older))
    merged = {one.instead_of.id for one in told if one.instead_of is not None}
    for promise in (p for p in ended if p.id not in merged):
        fate = Fate.KEPT if promise.fate is Fate.KEPT else Fate.TAKEN_BACK
        told.append(News(promise=promise, new=False, fate=fate))
    return tuple(told)


def shown_to_team(promises: Iterable[Promised], today: date) -> tuple[Promised, ...]:
    """What a team finds on Home: what stands first, then what ended lately; newest first."""
    shown = [p for p in promises if not p.is_slip and (p.ended_on is None or today - p.ended_on <= SHOWN_AFTER_ITS_END)]
    return tuple(sorted(shown, key=lambda p: (p.fate is not Fate.OPEN, -p.id)))


def followed(promises: Sequence[Promised], *, reader_id: int, asked: Collection[int]) -> tuple[Followed, ...]:
    """What a reader of a unit's digest follows: everything that stands, and of everybody for whom nothing stands
    what they last kept, until enough rounds have gone by. The reader's own come first, then the newest.

    `asked` are the ids of the rounds that the digest knows of.
    """
    found = []
    for maker_id in {promise.maker_id for promise in promises}:
        of_maker = [promise for promise in promises if promise.maker_id == maker_id]
        standing = [promise for promise in of_maker if promise.fate is Fate.OPEN]
        kept = [promise for promise in of_maker if promise.fate is Fate.KEPT]
        latest = sorted(kept, key=lambda promise: promise.id)[-1:]
        found += [_followed(promise, asked) for promise in standing or latest]
    lasting = [one for one in found if one.promise.fate is Fate.OPEN or one.rounds <= MOST_ROUNDS]
    return tuple(sorted(lasting, key=lambda one: (one.promise.maker_id != reader_id, -one.promise.id)))


def may_be_undone(promise: Promised, opened: int) -> bool:
    """Whether its end can be undone: until the next round opens and its invitation tells the team. `opened` is the
    id of the latest round that has opened.
    """
    return promise.fate in {Fate.KEPT, Fate.TAKEN_BACK} and promise.ended_after == opened


def progress(one: Followed) -> Progress:
    """What the rounds since can tell of a promise."""
    if one.rounds == 0:
        return Progress.NOTHING_YET
    if one.rounds < FEWEST_ROUNDS:
        return Progress.TOO_EARLY
    if one.rounds <= MOST_ROUNDS or one.promise.fate is not Fate.OPEN:
        return Progress.COULD_SHOW
    return Progress.OVERDUE


def asks_whether_done(one: Followed) -> bool:
    """Whether this round asks if an overdue promise is done."""
    return progress(one) is Progress.OVERDUE and (one.rounds - MOST_ROUNDS - 1) % ASKED_EVERY == 0


def _fate_before(promise: Promised, round_id: int) -> Fate:
    """What had become of a promise when a round opened."""
    return promise.fate if promise.ended_after is not None and promise.ended_after < round_id else Fate.OPEN


def _followed(promise: Promised, asked: Collection[int]) -> Followed:
    kept_after = promise.ended_after if promise.fate is Fate.KEPT else None
    since = promise.made_after if kept_after is None else kept_after
    return Followed(promise=promise, rounds=sum(1 for round_id in asked if round_id > since))
