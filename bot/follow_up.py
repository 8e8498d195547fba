"""Promises as each reader gets them: what an invitation tells, what a team finds on Home, what managers follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.results import gets, latest_for_manager, unit_readers
from bot.views.promises import Promises
from storage.people import managers_of
from storage.promises import latest_opened, promises_about, rounds_asked, rounds_published
from storage.rosters import team_ids_of
from storage.tables import Member, Pulse, Round, Unit
from surveys.promises import Fate, News, Promised, followed, may_be_undone, news, shown_to_team


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A unit whose digest a member gets today."""

    pulse: Pulse
    round: Round  # the latest whose digest they have
    unit: Unit
    readers: tuple[Member, ...]  # everybody who gets this unit's digest


def may_end(session: Session, promise: Promised, member: Member) -> bool:
    """Whether it is for `member`, who reads one of the teams it was made to, to say what became of a promise: their
    own, or one whose maker manages none of these teams any more. Else it would stand for ever.
    """
    teams = team_ids_of(session.get_one(Unit, promise.unit_id))
    return promise.maker_id == member.id or promise.maker_id not in {one.id for one in managers_of(session, teams)}


def reading_of(session: Session, unit_id: int, member: Member, now: datetime) -> Reading | None:
    """The unit with this id as `member` reads it today; after teams were merged or split, the unit that one of its
    teams is in now. None for whoever does not get the digest, whatever a payload says.
    """
    unit = session.get(Unit, unit_id)
    if unit is None:
        return None
    pulse = session.get_one(Pulse, unit.pulse_id)
    last = latest_for_manager(session, pulse, member, now)
    if last is None:
        return None
    teams = set(team_ids_of(unit))
    read = [session.get_one(Unit, one.unit_id) for one in gets(session, last, member) if one.unit_id is not None]
    related = [one for one in read if teams & set(team_ids_of(one))]
    found = next((one for one in related if one.id == unit.id), next(iter(related), None))
    if found is None:
        return None
    return Reading(pulse=pulse, round=last, unit=found, readers=tuple(unit_readers(session, last, found)))


def invitation_news(session: Session, round_: Round, unit: Unit) -> tuple[News, ...]:
    """What the invitation of a round tells everybody in a unit about promises."""
    before = [round_id for round_id in rounds_asked(session, unit) if round_id < round_.id]
    return news(promises_about(session, unit), last=max(before, default=0), this=round_.id)


def team_promises(session: Session, unit: Unit, today: date) -> tuple[Promised, ...]:
    """What everybody counted in a unit finds about promises on Home."""
    return shown_to_team(promises_about(session, unit), today)


def promises_for(session: Session, round_: Round, unit: Unit, reader: Member) -> Promises:
    """What a reader of the unit's digest of a round follows, and what they can do about it."""
    about = promises_about(session, unit)
    asked = [round_id for round_id in rounds_published(session, unit) if round_id <= round_.id]
    theirs = [promise for promise in about if may_end(session, promise, reader)]
    return Promises(
        unit=unit.name,
        place=place(round_, unit),
        reader_id=reader.id,
        followed=followed(about, reader_id=reader.id, asked=asked),
        theirs_to_end=frozenset(promise.id for promise in theirs if promise.fate is Fate.OPEN),
        theirs_to_undo=_undoable(theirs, latest_opened(session, round_.pulse_id)),
    )


def place(round_: Round, unit: Unit) -> str:
    """A round and a unit as a button carries them."""
    return f"{round_.id}:{unit.id}"


def _undoable(promises: Iterable[Promised], opened: int) -> tuple[Promised, ...]:
    """Those whose end can be undone, the latest first; not where something else stands in their place."""
    promises = list(promises)
    standing = {promise.maker_id for promise in promises if promise.fate is Fate.OPEN}
    found = [one for one in promises if may_be_undone(one, opened) and one.maker_id not in standing]
    return tuple(sorted(found, key=lambda promise: -promise.id))
