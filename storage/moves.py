"""Moving from one team to another: until when a roster that stands still keeps somebody where they were, and from when
on they, and a team made of such people, are counted where they come to.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlmodel import Session, col, func, or_, select

from storage.roster_plans import Roster, TeamPeople, plan_rosters, teams_of_pulse, without
from storage.rosters import (
    PERIOD,
    current_period,
    latest_period,
    merged_before,
    roster_of,
    team_ids_of,
    units_in_period,
)
from storage.tables import Pulse, RosterEntry, RosterPeriod, Round, Team, Unit
from surveys.rounds import ENDED
from surveys.units import PlannedUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody is counted now, wherever they have moved to."""

    pulse_id: int
    period: RosterPeriod
    unit: Unit
    until: date  # the first day on which they can be counted elsewhere


def held_until(session: Session, member_ids: Collection[int], on: date, *, besides: int | None = None) -> date | None:
    """The day on which the last roster ends that holds any of these members on `on`; None when none does.

    besides: the id of a pulse whose rosters are left out.
    """
    query = (
        select(func.max(RosterPeriod.starts_on))
        .join(RosterEntry, col(RosterEntry.period_id) == RosterPeriod.id)
        .where(
            col(RosterEntry.member_id).in_(member_ids),
            col(RosterPeriod.starts_on) > on - PERIOD,
            col(RosterPeriod.pulse_id) != (besides or 0),
        )
    )
    starts_on: date | None = session.exec(query).one()
    return None if starts_on is None else starts_on + PERIOD


def stands_until(session: Session, team: Team, on: date) -> date | None:
    """The day on which the roster ends that a team stands on, on `on`; None when there is none."""
    period = current_period(session, team.pulse_id, on)
    if period is None or not any(team.id in team_ids_of(unit) for unit, _ in units_in_period(session, period.id)):
        return None
    return period.starts_on + PERIOD


def standing_of_member(session: Session, member_id: int, on: date) -> Standing | None:
    """The roster that a member is on, on `on`, in whichever pulse: its four weeks, or its round, are not over."""
    running = select(Round.period_id).where(col(Round.state).not_in(ENDED), col(Round.period_id).is_not(None))
    query = (
        select(RosterPeriod, Unit)
        .join(RosterEntry, col(RosterEntry.period_id) == RosterPeriod.id)
        .join(Unit, col(Unit.id) == RosterEntry.unit_id)
        .where(
            RosterEntry.member_id == member_id,
            or_(col(RosterPeriod.starts_on) > on - PERIOD, col(RosterPeriod.id).in_(running)),
        )
        .order_by(col(RosterPeriod.starts_on).desc(), col(RosterPeriod.id).desc())
        .limit(1)
    )
    found = session.exec(query).first()
    if found is None:
        return None
    period, unit = found
    return Standing(pulse_id=period.pulse_id, period=period, unit=unit, until=period.starts_on + PERIOD)


def held_elsewhere(session: Session, pulse_id: int, on: date) -> set[int]:
    """Members whom another pulse still counts on a day to come: its four weeks, or its round, are not over by then."""
    running = select(Round.period_id).where(
        col(Round.state).not_in(ENDED),
        col(Round.period_id).is_not(None),
        col(Round.closes_at) >= datetime.combine(on, time(), UTC),
    )
    query = (
        select(RosterEntry.member_id)
        .join(RosterPeriod, col(RosterPeriod.id) == RosterEntry.period_id)
        .where(
            RosterPeriod.pulse_id != pulse_id,
            or_(col(RosterPeriod.starts_on) > on - PERIOD, col(RosterPeriod.id).in_(running)),
        )
    )
    return set(session.exec(query))


def outlook(
    session: Session,
    pulse: Pulse | None,
    days: Iterable[date],
    *,
    teams: Sequence[TeamPeople] | None = None,
    held: Callable[[date], Collection[int]] | None = None,
) -> Iterator[tuple[date, list[Roster]]]:
    """Whom the rounds that open on `days`, ascending, would count, each with its day; nothing is frozen.

    A round that nobody could be asked in does not open, and counts nobody. pulse: None for one that is to be made.
    teams, held: the teams as they would be, and who of them would be counted elsewhere on a day; as they are, if left
    out.
    """
    pulse_id = pulse.id if pulse is not None else 0
    people = teams if teams is not None else teams_of_pulse(session, pulse_id)
    starts_on: date | None = None
    frozen: list[Roster] = []
    for number, day in enumerate(days):
        if number == 0 and (period := current_period(session, pulse_id, day)) is not None:
            starts_on, frozen = period.starts_on, _frozen(session, period)
        away = held(day) if held is not None else held_elsewhere(session, pulse_id, day)
        here = [without(team, away) for team in people]
        if starts_on is None or day - starts_on >= PERIOD:
            begins, found = day, plan_rosters(here, *merged_before(session, latest_period(session, pulse_id)))
        else:
            covered = {team_id for roster in frozen for team_id in roster.unit.team_ids}
            taken = {member_id for roster in frozen for member_id in roster.members}
            new = plan_rosters([without(team, taken) for team in here if team.team_id not in covered])
            begins, found = starts_on, [*frozen, *new]
        found = [roster for roster in found if roster.members]
        if any(roster.unit.scored for roster in found):
            starts_on, frozen = begins, found
            yield day, found
        else:
            yield day, []


def _frozen(session: Session, period: RosterPeriod) -> list[Roster]:
    return [
        Roster(
            unit=PlannedUnit(team_ids=tuple(team_ids_of(unit)), roster=size.roster, scored=size.scored),
            members=tuple(roster_of(session, period.id, unit.id)),
        )
        for unit, size in units_in_period(session, period.id)
    ]
