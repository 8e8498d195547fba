"""Roster periods: units and rosters, worked out when a period begins and frozen until it ends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from storage.database import advisory_lock
from storage.roster_plans import Roster, plan_rosters, teams_of_pulse, without
from storage.tables import Member, Membership, PeriodUnit, Pulse, RosterEntry, RosterPeriod, Round, Team, Unit
from surveys.rounds import ENDED
from surveys.units import SPLIT, PlannedUnit

PERIOD = timedelta(weeks=4)
"""Units and rosters stand still at least this long, so that nobody can be singled out by moving people."""

_ROSTER_LOCK = 0x6D75_0003  # name space of advisory locks, beside those of the ballot box


def current_period(session: Session, pulse_id: int, on: date) -> RosterPeriod | None:
    """The period that a round opening on `on` falls into, or None when a new one begins."""
    query = (
        select(RosterPeriod)
        .where(RosterPeriod.pulse_id == pulse_id)
        .order_by(col(RosterPeriod.starts_on).desc())
        .limit(1)
    )
    period = session.exec(query).first()
    return period if period is not None and on - period.starts_on < PERIOD else None


def period_for(session: Session, pulse: Pulse, on: date) -> RosterPeriod:
    """The frozen period of a round that opens on `on`: the current one, or a new one worked out now.

    Teams that are new since the period began are added to it as units of their own; the units that are there
    do not change. Nobody is counted in two pulses at once: who moved here from another one joins when that
    pulse's period, and its round, are over. Rounds of a workspace that open at the same moment wait for each other, so
    that nobody moves from one to the other between the two.
    """
    hold_units_still(session, pulse.workspace_id)
    elsewhere = _counted_elsewhere(session, pulse.id, on)
    teams = [without(team, elsewhere) for team in teams_of_pulse(session, pulse.id)]
    period = current_period(session, pulse.id, on)
    if period is None:
        previous = latest_period(session, pulse.id)
        period = RosterPeriod(pulse_id=pulse.id, starts_on=on)
        session.add(period)
        session.flush()
        together, large = merged_before(session, previous)
        _freeze(session, pulse, period, previous, plan_rosters(teams, together, large))
        return period
    covered = {team_id for unit in _units_of_period(session, period.id) for team_id in team_ids_of(unit)}
    taken = set(session.exec(select(RosterEntry.member_id).where(RosterEntry.period_id == period.id)).all())
    new = [without(team, taken) for team in teams if team.team_id not in covered]
    _freeze(session, pulse, period, None, plan_rosters(new))
    return period


def hold_units_still(session: Session, workspace_id: int) -> None:
    """Let nobody else make units of the workspace until the transaction ends."""
    advisory_lock(session, _ROSTER_LOCK, workspace_id)


def units_ahead(session: Session, pulse: Pulse, on: date) -> list[PlannedUnit]:
    """The units as a round that opens on `on` would count them; nothing is frozen."""
    elsewhere = _counted_elsewhere(session, pulse.id, on)
    teams = [without(team, elsewhere) for team in teams_of_pulse(session, pulse.id)]
    period = current_period(session, pulse.id, on)
    if period is None:
        planned = plan_rosters(teams, *merged_before(session, latest_period(session, pulse.id)))
        return [roster.unit for roster in planned]
    frozen = [
        PlannedUnit(team_ids=tuple(team_ids_of(unit)), roster=size.roster, scored=size.scored)
        for unit, size in units_in_period(session, period.id)
    ]
    covered = {team_id for unit in frozen for team_id in unit.team_ids}
    new = plan_rosters([team for team in teams if team.team_id not in covered])
    return frozen + [roster.unit for roster in new]


def counted_from(session: Session, pulse: Pulse, team_id: int, member_id: int, on: date) -> date:
    """The day from which a member of a team is counted: `on`, or the day on which the next period can begin for
    whoever joined a team while its roster stands still.
    """
    period = current_period(session, pulse.id, on)
    if period is None or unit_of_member(session, period.id, member_id) is not None:
        return on
    covered = {covered_id for unit in _units_of_period(session, period.id) for covered_id in team_ids_of(unit)}
    return period.starts_on + PERIOD if team_id in covered else on


def roster_of(session: Session, period_id: int, unit_id: int) -> list[int]:
    """Ids of the members counted in a unit during a period, ascending."""
    query = (
        select(RosterEntry.member_id)
        .where(RosterEntry.period_id == period_id, RosterEntry.unit_id == unit_id)
        .order_by(col(RosterEntry.member_id))
    )
    return list(session.exec(query))


def present(session: Session, period_id: int, unit_id: int) -> list[int]:
    """Ids of the members counted in a unit who are still there to be asked, ascending: not gone, not opted out.

    Whether an admin has taken somebody off the team meanwhile plays no part: nobody may shrink a frozen roster.
    """
    query = (
        select(RosterEntry.member_id)
        .join(Member, col(Member.id) == RosterEntry.member_id)
        .where(
            RosterEntry.period_id == period_id,
            RosterEntry.unit_id == unit_id,
            col(Member.active),
            col(Member.opted_out_on).is_(None),
        )
        .order_by(col(RosterEntry.member_id))
    )
    return list(session.exec(query))


def units_in_period(session: Session, period_id: int) -> list[tuple[Unit, PeriodUnit]]:
    """The units of a period with their frozen sizes, in id order."""
    query = (
        select(Unit, PeriodUnit)
        .join(PeriodUnit, col(PeriodUnit.unit_id) == Unit.id)
        .where(PeriodUnit.period_id == period_id)
        .order_by(col(Unit.id))
    )
    return list(session.exec(query).all())


def team_ids_of(unit: Unit) -> list[int]:
    """Ids of the teams that a unit consists of, ascending."""
    return [int(team_id) for team_id in unit.team_key.split(",")]


def unit_name(session: Session, team_ids: Sequence[int]) -> str:
    """What a unit of these teams is called: their names."""
    return " + ".join(session.exec(select(Team.name).where(col(Team.id).in_(team_ids)).order_by(Team.name)).all())


def unit_of_member(session: Session, period_id: int, member_id: int) -> Unit | None:
    """The unit in which the member is counted during a period, if any."""
    query = (
        select(Unit)
        .join(RosterEntry, col(RosterEntry.unit_id) == Unit.id)
        .where(RosterEntry.period_id == period_id, RosterEntry.member_id == member_id)
    )
    return session.exec(query).one_or_none()


def _freeze(
    session: Session,
    pulse: Pulse,
    period: RosterPeriod,
    previous: RosterPeriod | None,
    rosters: Iterable[Roster],
) -> None:
    for roster in rosters:
        if not roster.members:
            continue
        unit = ensure_unit(session, pulse, roster.unit.team_ids)
        before = set(roster_of(session, previous.id, unit.id)) if previous else set()
        session.add(
            PeriodUnit(
                period_id=period.id,
                unit_id=unit.id,
                roster=len(roster.members),
                replaced=len(set(roster.members) - before) if before else 0,
                scored=roster.unit.scored,
            )
        )
        session.add_all(
            RosterEntry(period_id=period.id, member_id=member_id, unit_id=unit.id) for member_id in roster.members
        )
    session.flush()


def ensure_unit(session: Session, pulse: Pulse, team_ids: Sequence[int]) -> Unit:
    """The unit of these teams, ascending; made where there is none yet."""
    key = ",".join(map(str, team_ids))
    unit = session.exec(select(Unit).where(Unit.pulse_id == pulse.id, Unit.team_key == key)).one_or_none()
    if unit is None:
        unit = Unit(pulse_id=pulse.id, team_key=key, name=unit_name(session, team_ids))
        session.add(unit)
        session.flush()
    return unit


def _counted_elsewhere(session: Session, pulse_id: int, on: date) -> set[int]:
    """Members on the roster of another pulse whose period runs on `on`, or whose round has not ended."""
    running = select(Round.period_id).where(col(Round.state).not_in(ENDED), col(Round.period_id).is_not(None))
    query = (
        select(RosterEntry.member_id)
        .join(RosterPeriod, col(RosterPeriod.id) == RosterEntry.period_id)
        .where(
            RosterPeriod.pulse_id != pulse_id,
            (col(RosterPeriod.starts_on) > on - PERIOD) | col(RosterPeriod.id).in_(running),
        )
    )
    return set(session.exec(query))


def latest_period(session: Session, pulse_id: int) -> RosterPeriod | None:
    """The newest period of a pulse, over or not."""
    query = (
        select(RosterPeriod)
        .where(RosterPeriod.pulse_id == pulse_id)
        .order_by(col(RosterPeriod.starts_on).desc())
        .limit(1)
    )
    return session.exec(query).first()


def _units_of_period(session: Session, period_id: int) -> list[Unit]:
    return [unit for unit, _ in units_in_period(session, period_id)]


def merged_before(session: Session, previous: RosterPeriod | None) -> tuple[set[frozenset[int]], set[int]]:
    """The merged units of the previous period, and the teams in them that were large enough to stand alone."""
    if previous is None:
        return set(), set()
    units = _units_of_period(session, previous.id)
    together = {frozenset(team_ids_of(unit)) for unit in units if "," in unit.team_key}
    team_of: Mapping[int, int] = dict(
        session.exec(
            select(RosterEntry.member_id, Membership.team_id)
            .join(Membership, col(Membership.member_id) == RosterEntry.member_id)
            .where(RosterEntry.period_id == previous.id)
        ).all()
    )
    sizes = {team: list(team_of.values()).count(team) for team in set(team_of.values())}
    return together, {team for team, size in sizes.items() if size >= SPLIT}
