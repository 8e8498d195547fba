"""Results as their readers get them: the ledger of a unit, read by the detector, put into a digest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.regrouping import regrouping_of
from storage.imported import imported_history
from storage.learning import noise_of
from storage.ledger import history
from storage.people import managers_of, teams_managed_by
from storage.questions import active_items, known_items
from storage.rosters import team_ids_of
from storage.rounds import published_rounds, round_units, unit_asked
from storage.tables import Member, Pulse, Round, RoundUnit, Team, Unit
from surveys.cadence import Frequency, digest_at, team_sees_at
from surveys.costs import Salary
from surveys.digests import Digest, ParentDigest, TeamLedger, assemble, assemble_parent
from surveys.questions import Owner, drivers, load_question_sets
from surveys.release import Published
from surveys.streams import read_streams
from surveys.translations import SOURCE_LANGUAGE, drivers_in, item_in
from surveys.trends import Reading, limit_for

_MONTHS_BEFORE = 6
"""The promise to managers in rounds of older versions, see Workspace."""

_WEEKS_A_MONTH = 52 / 12
_ROUNDS_A_WEEK = {Frequency.WEEKLY: 1.0, Frequency.FORTNIGHTLY: 1 / 2, Frequency.MONTHLY: 12 / 52}
_WEEKS_APART = {Frequency.WEEKLY: 1, Frequency.FORTNIGHTLY: 2, Frequency.MONTHLY: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who gets a digest of a round, about a unit or about a department."""

    member: Member
    unit_id: int | None = None
    team_id: int | None = None


def closed_on(pulse: Pulse, round_: Round) -> date:
    """The day a round closed, by the clock of its pulse."""
    return round_.closes_at.astimezone(ZoneInfo(pulse.timezone)).date()


def receivers(session: Session, round_: Round) -> list[Receiver]:
    """Who gets a digest of the round: the managers of each unit, and those of the departments above them.

    Not whoever is counted in what they would read: somebody who became a manager after the roster was frozen
    reads from the next period on.
    """
    found: dict[tuple[int, int | None, int | None], Receiver] = {}
    for unit in _units(session, round_):
        team_ids = team_ids_of(unit)
        for manager in unit_readers(session, round_, unit):
            found[manager.id, unit.id, None] = Receiver(member=manager, unit_id=unit.id)
        for parent_id in sorted(departments_above(session, team_ids)):
            for manager in _leaders(session, round_, parent_id):
                found[manager.id, None, parent_id] = Receiver(member=manager, team_id=parent_id)
    return list(found.values())


def unit_leaders(session: Session, round_: Round, unit: Unit) -> list[Member]:
    """Who gets a digest of the departments above a unit of the round, in name order."""
    above = departments_above(session, team_ids_of(unit))
    found = {leader.id: leader for parent_id in above for leader in _leaders(session, round_, parent_id)}
    return sorted(found.values(), key=lambda leader: (leader.name, leader.id))


def units_below(session: Session, round_: Round, department_id: int) -> list[Unit]:
    """The units of the round with a team in the department."""
    units = _units(session, round_)
    return [unit for unit in units if department_id in departments_above(session, team_ids_of(unit))]


def unit_readers(session: Session, round_: Round, unit: Unit) -> list[Member]:
    """Who gets the digest of a unit of the round, in name order."""
    team_ids = team_ids_of(unit)
    managers = managers_of(session, team_ids)
    return [manager for manager in managers if not _counted_in(session, round_, manager, team_ids)]


def gets(session: Session, round_: Round, member: Member) -> list[Receiver]:
    """What of the round `member` reads."""
    return [receiver for receiver in receivers(session, round_) if receiver.member.id == member.id]


def unit_digest(
    session: Session,
    pulse: Pulse,
    round_: Round,
    unit: Unit,
    *,
    first: bool,
    locale: str = SOURCE_LANGUAGE,
    reader: Member | None = None,
    salary: Salary | None = None,
) -> Digest:
    """The digest of a unit, in the words of a language; a function of the ledger alone, and, for a manager, of a
    typical `salary`: what it costs to lose people is not told to the people. `reader` is a manager who hears of flags
    that ended because teams were counted otherwise, if they had been told of them.
    """
    published, readings = _read(session, pulse, round_, unit)
    spoken = drivers_in(drivers(), locale)
    regrouped = regrouping_of(
        session,
        round_,
        unit,
        on=closed_on(pulse, round_),
        drivers=spoken,
        reader=reader,
        read=lambda at, one: _read(session, pulse, at, one),
    )
    digest = assemble(
        unit=unit.name,
        on=closed_on(pulse, round_),
        history=published,
        readings=readings,
        items={id_: item_in(item, locale) for id_, item in known_items(session, pulse.id).items()},
        drivers=spoken,
        round_id=round_.id,
        reader=Owner.TEAM_LEAD,
        team_sees_on=team_sees(pulse, round_).astimezone(ZoneInfo(pulse.timezone)).date(),
        first=first,
        salary=salary,
        false_flag_months=promised_months(round_),
        every_weeks=_WEEKS_APART[Frequency(pulse.frequency)],
    )
    return replace(digest, regrouped=regrouped)


def _read(
    session: Session, pulse: Pulse, round_: Round, unit: Unit
) -> tuple[Sequence[Published], Mapping[str, Sequence[Reading]]]:
    """The ledger of a unit up to a round, and what the detector reads in it: with what the organisation's rounds had
    taught by then, and from where another tool had left the unit.
    """
    published = _until(history(session, [unit.id]), round_.id)
    limit, noise = unit_limit(session, pulse, round_, unit), noise_of(session, pulse.workspace_id)
    return published, read_streams(published, limit, noise, imported_history(session, [unit.id]))


def department_digest(
    session: Session, pulse: Pulse, round_: Round, department: Team, *, today: date, first: bool
) -> ParentDigest:
    """The digest of a department: its units side by side, in tree order, and its own figure from their codes."""
    ledgers = []
    for unit in sorted(units_below(session, round_, department.id), key=lambda unit: unit.name):
        published, readings = _read(session, pulse, round_, unit)
        ledgers.append(TeamLedger(name=unit.name, depth=0, history=published, readings=readings))

    def visible_from(raised_on: date) -> date:
        noon = datetime(raised_on.year, raised_on.month, raised_on.day, 12, tzinfo=ZoneInfo(pulse.timezone))
        seen = team_sees_at(digest_at(noon, pulse.timezone), pulse.timezone)
        return seen.astimezone(ZoneInfo(pulse.timezone)).date()

    return assemble_parent(
        name=department.name,
        on=closed_on(pulse, round_),
        round_id=round_.id,
        teams=ledgers,
        drivers=drivers(),
        visible_from=visible_from,
        today=today,
        first=first,
        false_flag_months=promised_months(round_),
        before=_digest_before(session, pulse, round_),
    )


def team_sees(pulse: Pulse, round_: Round) -> datetime:
    """When the team itself sees the results of a round: two working days after its managers."""
    return team_sees_at(digest_at(round_.closes_at, pulse.timezone), pulse.timezone)


def latest_for_team(session: Session, pulse: Pulse, now: datetime) -> Round | None:
    """The latest round whose results the team may see at `now`."""
    return next((r for r in published_rounds(session, pulse.id) if team_sees(pulse, r) <= now), None)


def latest_for_manager(session: Session, pulse: Pulse, manager: Member, now: datetime) -> Round | None:
    """The latest round whose digest `manager` has at `now`."""
    rounds = published_rounds(session, pulse.id)
    return next((r for r in rounds if digest_at(r.closes_at, manager.timezone) <= now), None)


def unit_limit(session: Session, pulse: Pulse, round_: Round, unit: Unit) -> float:
    """The limit that was frozen for the unit when the round opened; of rounds of older versions, today's."""
    frozen = session.get(RoundUnit, (round_.id, unit.id))
    if frozen is not None and frozen.flag_limit is not None:
        return float(frozen.flag_limit)
    return limit_today(session, pulse, round_, unit)


def promised_months(round_: Round) -> int:
    """The promise about flags that held when a round opened: chance alone raises at most one flag a manager in so many
    months, on average.
    """
    return round_.false_flag_months or _MONTHS_BEFORE


def limit_today(session: Session, pulse: Pulse, round_: Round, unit: Unit) -> float:
    """The unit's mean number of observations to a false flag, with the teams, managers and questions of today: the most
    that the round's promise to a direct manager needs.
    """
    items = active_items(session, pulse)
    places = load_question_sets()[pulse.question_set].per_round
    observed = min(places, len({item.driver for item in items if item.scale == "agreement"}))
    rounds_a_week = _ROUNDS_A_WEEK[Frequency(pulse.frequency)]
    units = _units(session, round_)
    most = 1
    for manager in managers_of(session, team_ids_of(unit)):
        managed = set(teams_managed_by(session, manager.id))
        most = max(most, sum(1 for other in units if managed & set(team_ids_of(other))))
    return limit_for([(rounds_a_week, float(observed))] * most, weeks=promised_months(round_) * _WEEKS_A_MONTH)


def _digest_before(session: Session, pulse: Pulse, round_: Round) -> date | None:
    """The day of the digests of the round before, by the pulse's clock; None when there was none."""
    ends = [one.closes_at for one in published_rounds(session, pulse.id) if one.closes_at < round_.closes_at]
    if not ends:
        return None
    return digest_at(max(ends), pulse.timezone).astimezone(ZoneInfo(pulse.timezone)).date()


def _units(session: Session, round_: Round) -> list[Unit]:
    return [session.get_one(Unit, size.unit_id) for size in round_units(session, round_.id)]


def _counted_in(session: Session, round_: Round, member: Member, team_ids: Collection[int]) -> bool:
    """Whether the round counts the member in a unit of any of these teams."""
    unit = unit_asked(session, round_, member.id)
    return unit is not None and not set(team_ids_of(unit)).isdisjoint(team_ids)


def _teams_below(session: Session, parent_id: int) -> set[int]:
    """Ids of all teams below a department."""
    below = set(session.exec(select(Team.id).where(Team.parent_id == parent_id)))
    return below.union(*(_teams_below(session, team_id) for team_id in below))


def _leaders(session: Session, round_: Round, department_id: int) -> list[Member]:
    """Who gets the digest of a department, in name order."""
    below = _teams_below(session, department_id)
    leaders = managers_of(session, [department_id])
    return [leader for leader in leaders if not _counted_in(session, round_, leader, below)]


def departments_above(session: Session, team_ids: list[int]) -> set[int]:
    """Ids of the departments above these teams."""
    found: set[int] = set()
    for team_id in team_ids:
        parent_id = session.get_one(Team, team_id).parent_id
        while parent_id is not None:
            found.add(parent_id)
            parent_id = session.get_one(Team, parent_id).parent_id
    return found


def _until(published: list[Published], round_id: int) -> list[Published]:
    """The ledger up to a round: what its digest says must not change when later rounds close."""
    last = next((place for place in range(len(published), 0, -1) if published[place - 1].round_id == round_id), 0)
    return published[:last]
