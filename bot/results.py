"""Results as their readers get them: the ledger of a unit, read by the detector, put into a digest."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.regrouping import regrouping_of
from storage.imported import imported_history
from storage.learning import noise_of
from storage.ledger import history
from storage.people import managers_of, teams_managed_by
from storage.questions import active_items, known_items
from storage.rosters import team_ids_of
from storage.rounds import published_rounds
from storage.tables import Management, Member, Pulse, RosterEntry, Round, RoundUnit, Team, Unit
from surveys.cadence import Frequency, digest_at, team_sees_at
from surveys.costs import Salary
from surveys.departments import ParentDigest, TeamLedger, assemble_parent
from surveys.digests import Digest, assemble
from surveys.noise import Noise
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readership:
    """Who manages what, and where a round counts them; read at once, for a round may have a hundred units."""

    parents: Mapping[int, int | None]  # by team: the department it is directly in
    managers: Mapping[int, Sequence[Member]]  # by team
    counted: Mapping[int, Collection[int]]  # by member id: ids of the teams with which the round counts them

    def readers(self, unit: Unit) -> list[Member]:
        """Who gets the digest of a unit, in name order."""
        team_ids = team_ids_of(unit)
        return self._managing(team_ids, not_in=team_ids)

    def leaders(self, department_id: int) -> list[Member]:
        """Who gets the digest of a department, in name order."""
        below = [team_id for team_id in self.parents if department_id in _above(self.parents, [team_id])]
        return self._managing([department_id], not_in=below)

    def _managing(self, team_ids: Iterable[int], *, not_in: Collection[int]) -> list[Member]:
        found = {one.id: one for team_id in team_ids for one in self.managers.get(team_id, ())}
        free = [one for one in found.values() if set(self.counted.get(one.id, ())).isdisjoint(not_in)]
        return sorted(free, key=lambda one: (one.name, one.id))


def closed_on(pulse: Pulse, round_: Round) -> date:
    """The day a round closed, by the clock of its pulse."""
    return round_.closes_at.astimezone(ZoneInfo(pulse.timezone)).date()


def receivers(session: Session, round_: Round) -> list[Receiver]:
    """Who gets a digest of the round: the managers of each unit, and those of the departments above them.

    Not whoever is counted in what they would read: somebody who became a manager after the roster was frozen
    reads from the next period on.
    """
    found: dict[tuple[int, int | None, int | None], Receiver] = {}
    readership = _readership(session, round_)
    for unit in _units(session, round_):
        for manager in readership.readers(unit):
            found[manager.id, unit.id, None] = Receiver(member=manager, unit_id=unit.id)
        for parent_id in sorted(_above(readership.parents, team_ids_of(unit))):
            for manager in readership.leaders(parent_id):
                found[manager.id, None, parent_id] = Receiver(member=manager, team_id=parent_id)
    return list(found.values())


def unit_leaders(session: Session, round_: Round, unit: Unit) -> list[Member]:
    """Who gets a digest of the departments above a unit of the round, in name order."""
    readership = _readership(session, round_)
    above = _above(readership.parents, team_ids_of(unit))
    found = {leader.id: leader for parent_id in above for leader in readership.leaders(parent_id)}
    return sorted(found.values(), key=lambda leader: (leader.name, leader.id))


def units_below(session: Session, round_: Round, department_id: int) -> list[Unit]:
    """The units of the round with a team in the department."""
    parents = _parents(session)
    return [unit for unit in _units(session, round_) if department_id in _above(parents, team_ids_of(unit))]


def unit_readers(session: Session, round_: Round, unit: Unit) -> list[Member]:
    """Who gets the digest of a unit of the round, in name order."""
    return _readership(session, round_).readers(unit)


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
    noise = noise_of(session, pulse.workspace_id)
    published, readings = _read(session, pulse, round_, unit, noise)
    spoken = drivers_in(drivers(), locale)
    regrouped = regrouping_of(
        session,
        round_,
        unit,
        on=closed_on(pulse, round_),
        drivers=spoken,
        reader=reader,
        read=lambda at, one: _read(session, pulse, at, one, noise),
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
    session: Session, pulse: Pulse, round_: Round, unit: Unit, noise: Callable[[date], Noise]
) -> tuple[Sequence[Published], Mapping[str, Sequence[Reading]]]:
    """The ledger of a unit up to a round, and what the detector reads in it: with the `noise` that the organisation's
    rounds had taught by then, and from where another tool had left the unit.
    """
    published = _until(history(session, [unit.id]), round_.id)
    limit = unit_limit(session, pulse, round_, unit)
    return published, read_streams(published, limit, noise, imported_history(session, [unit.id]))


def department_digest(
    session: Session, pulse: Pulse, round_: Round, department: Team, *, now: datetime, first: bool
) -> ParentDigest:
    """The digest of a department as it is told at `now`: its units side by side, in tree order, and its own figure from
    their codes.
    """
    noise = noise_of(session, pulse.workspace_id)
    ledgers = []
    for unit in sorted(units_below(session, round_, department.id), key=lambda unit: unit.name):
        published, readings = _read(session, pulse, round_, unit, noise)
        ledgers.append(TeamLedger(name=unit.name, depth=0, history=published, readings=readings))

    @cache  # every code of every unit asks
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
        today=now.astimezone(ZoneInfo(pulse.timezone)).date(),  # as visible_from, wherever the reader is
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
    query = select(Unit).join(RoundUnit).where(RoundUnit.round_id == round_.id).order_by(col(Unit.id))
    return list(session.exec(query))


def _readership(session: Session, round_: Round) -> _Readership:
    managers: dict[int, list[Member]] = {}
    managing = select(Management.team_id, Member).join(Member).where(col(Member.active))
    for team_id, member in session.exec(managing):
        managers.setdefault(team_id, []).append(member)
    counted = (
        select(RosterEntry.member_id, Unit)
        .join(Unit, col(Unit.id) == RosterEntry.unit_id)
        .join(RoundUnit, col(RoundUnit.unit_id) == Unit.id)
        .where(
            RosterEntry.period_id == round_.period_id,
            RoundUnit.round_id == round_.id,
            col(RosterEntry.member_id).in_(select(Management.member_id)),
        )
    )
    return _Readership(
        parents=_parents(session),
        managers=managers,
        counted={member_id: team_ids_of(unit) for member_id, unit in session.exec(counted)},
    )


def departments_above(session: Session, team_ids: Iterable[int]) -> set[int]:
    """Ids of the departments above these teams."""
    return _above(_parents(session), team_ids)


def _parents(session: Session) -> dict[int, int | None]:
    """By team: the department it is directly in."""
    return dict(session.exec(select(Team.id, Team.parent_id)).all())


def _above(parents: Mapping[int, int | None], team_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for team_id in team_ids:
        parent_id = parents[team_id]
        while parent_id is not None:
            found.add(parent_id)
            parent_id = parents[parent_id]
    return found


def _until(published: list[Published], round_id: int) -> list[Published]:
    """The ledger up to a round: what its digest says must not change when later rounds close."""
    last = next((place for place in range(len(published), 0, -1) if published[place - 1].round_id == round_id), 0)
    return published[:last]
