"""Promises and requests as each reader gets them: what an invitation tells, what a team finds on Home, what managers
and leaders follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from sqlmodel import Session

from bot.results import departments_above, gets, latest_for_manager, unit_leaders, unit_readers, units_below
from bot.views.asked import ToLeader
from bot.views.promises import Promises
from bot.views.requests import Raise
from storage.people import managers_of
from storage.promises import latest_opened, promises_about, rounds_asked, rounds_published
from storage.requests import requests_about, requests_to, was_asked
from storage.rosters import team_ids_of
from storage.tables import Member, Pulse, Round, Unit
from surveys import requests
from surveys.digests import Digest
from surveys.promises import Fate, News, Promised, followed, may_be_undone, news, shown_to_team
from surveys.requests import Outcome, Requested


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A unit whose digest a member gets today."""

    pulse: Pulse
    round: Round  # the latest whose digest they have
    unit: Unit
    readers: tuple[Member, ...]  # everybody who gets this unit's digest


def may_end(session: Session, promise: Promised, member: Member) -> bool:
    """Whether it is for `member`, who reads one of the teams it was made to, to say what became of a promise: their
    own, or one whose maker manages none of these teams any more, nor leads them. Else it would stand for ever.
    """
    if promise.maker_id == member.id:
        return True
    unit = session.get_one(Unit, promise.unit_id)
    teams = team_ids_of(unit)
    if was_asked(session, unit, promise.maker_id):
        teams += departments_above(session, teams)
    return promise.maker_id not in {one.id for one in managers_of(session, teams)}


def reading_of(session: Session, unit_id: int, member: Member, now: datetime) -> Reading | None:
    """The unit with this id as `member` reads it today; after teams were merged or split, the unit that one of its
    teams is in now. None for whoever does not get the digest, whatever a payload says; whoever gets that of a
    department above was let in by the manager who asked them.
    """
    unit = session.get(Unit, unit_id)
    if unit is None:
        return None
    pulse = session.get_one(Pulse, unit.pulse_id)
    last = latest_for_manager(session, pulse, member, now)
    if last is None:
        return None
    teams = set(team_ids_of(unit))
    received = gets(session, last, member)
    read = [session.get_one(Unit, one.unit_id) for one in received if one.unit_id is not None]
    if was_asked(session, unit, member.id):
        read += [below for one in received if one.team_id for below in units_below(session, last, one.team_id)]
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


def promises_for(session: Session, round_: Round, unit: Unit, reader: Member, digest: Digest | None = None) -> Promises:
    """What a reader of the unit's digest of a round follows, and what they can do about it; with the digest, also what
    they can raise.
    """
    about = promises_about(session, unit)
    asked = [round_id for round_id in rounds_published(session, unit) if round_id <= round_.id]
    theirs = [promise for promise in about if may_end(session, promise, reader)]
    raised = requests_of(session, round_, unit, reader)
    answers = {one.request.promise.id for one in requests.told(raised) if one.request.promise is not None}
    return Promises(
        unit=unit.name,
        place=place(round_, unit),
        reader_id=reader.id,
        followed=tuple(
            one for one in followed(about, reader_id=reader.id, asked=asked) if one.promise.id not in answers
        ),  # a promise that answers a request is told with it first
        theirs_to_end=frozenset(promise.id for promise in theirs if promise.fate is Fate.OPEN),
        theirs_to_undo=_undoable(theirs, latest_opened(session, round_.pulse_id)),
        requests=requests.told(raised),
        to_raise=None if digest is None else _to_raise(session, round_, unit, reader, digest),
    )


def requests_of(session: Session, round_: Round, unit: Unit, asker: Member) -> list[requests.Followed]:
    """Everything that a manager asked about a unit, as their digest of a round has it."""
    found = requests_about(session, unit, asker.id)
    if not found:
        return []
    leaders = {leader.id for leader in unit_leaders(session, round_, unit)}
    opened = _opened(session, unit, round_)
    return [requests.followed(one, opened, leader_there=one.leader_id in leaders) for one in found]


def answerable(session: Session, request: Requested, now: datetime) -> Reading | None:
    """What whoever asked reads of the unit, while they still do and the leader is still above it; else None: nobody
    waits for an answer, or nobody is there to give one.
    """
    reading = reading_of(session, request.unit_id, session.get_one(Member, request.asker_id), now)
    if reading is None or request.asker_id not in {one.id for one in reading.readers}:
        return None
    leaders = unit_leaders(session, reading.round, reading.unit)
    return reading if request.leader_id in {leader.id for leader in leaders} else None


def asked_of(session: Session, leader: Member, now: datetime, department_id: int | None = None) -> ToLeader:
    """What managers asked of a leader and waits, and what the leader promised the units that asked; of one department,
    if it is named.
    """
    waiting: list[requests.Followed] = []
    promised: dict[int, Promises] = {}

    @cache  # a leader may have promised the same unit something many times
    def own_reading(unit_id: int) -> Reading | None:
        return reading_of(session, unit_id, leader, now)

    for request in requests_to(session, leader.id):
        unit = session.get_one(Unit, request.unit_id)
        if department_id not in {None, *departments_above(session, team_ids_of(unit))}:
            continue
        if request.outcome is Outcome.OPEN and (reading := answerable(session, request, now)) is not None:
            opened = _opened(session, reading.unit, reading.round)
            waiting.append(requests.followed(request, opened, leader_there=True))
        elif request.outcome is Outcome.PROMISED:
            own = own_reading(unit.id)
            if own is not None and own.unit.id not in promised:
                promised[own.unit.id] = _own_alone(promises_for(session, own.round, own.unit, leader))
    return ToLeader(waiting=tuple(waiting), promised=tuple(promised.values()))


def _own_alone(promises: Promises) -> Promises:
    """What a reader promised themselves, without what others did."""
    own = tuple(one for one in promises.followed if one.promise.maker_id == promises.reader_id)
    undoable = tuple(one for one in promises.theirs_to_undo if one.maker_id == promises.reader_id)
    return replace(promises, followed=own, theirs_to_undo=undoable)


def _to_raise(session: Session, round_: Round, unit: Unit, reader: Member, digest: Digest) -> Raise | None:
    """What of a digest its reader can raise with somebody above; None where there is nothing, or nobody."""
    drivers = requests.raisable(digest)
    leaders = [one.name for one in unit_leaders(session, round_, unit) if one.id != reader.id] if drivers else []
    asked = requests_of(session, round_, unit, reader) if leaders else []
    driver = next((one for one in drivers if leaders and requests.may_raise(one.id, asked)), None)
    if driver is None:
        return None
    return Raise(
        driver=driver,
        unit=unit.name,
        leaders=tuple(leaders),
        place=f"{place(round_, unit)}:{driver.id}",
    )


def _opened(session: Session, unit: Unit, round_: Round) -> list[date]:
    """The days on which the rounds opened that the unit's digest of a round knows of."""
    known = [round_id for round_id in rounds_published(session, unit) if round_id <= round_.id]
    return [session.get_one(Round, round_id).opens_on for round_id in known]


def place(round_: Round, unit: Unit) -> str:
    """A round and a unit as a button carries them."""
    return f"{round_.id}:{unit.id}"


def _undoable(promises: Iterable[Promised], opened: int) -> tuple[Promised, ...]:
    """Those whose end can be undone, the latest first; not where something else stands in their place."""
    promises = list(promises)
    standing = {promise.maker_id for promise in promises if promise.fate is Fate.OPEN}
    found = [one for one in promises if may_be_undone(one, opened) and one.maker_id not in standing]
    return tuple(sorted(found, key=lambda promise: -promise.id))
