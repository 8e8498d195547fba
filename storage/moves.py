"""Moving from one team to another: until when a roster that stands still keeps somebody where they were."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, func, select

from storage.rosters import PERIOD, counted_from, current_period, team_ids_of, units_in_period
from storage.tables import Pulse, RosterEntry, RosterPeriod, Team


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


def joins_on(session: Session, pulse: Pulse, team_id: int, member_id: int, on: date) -> date:
    """The day from which a member of a team is counted in it: `on`, or the day on which the first period can begin
    that is after the roster of the team, and after one of another pulse that still holds the member.
    """
    day = counted_from(session, pulse, team_id, member_id, on)
    free = held_until(session, [member_id], on, besides=pulse.id)
    if free is None:
        return day
    period = current_period(session, pulse.id, on)
    begins = period.starts_on if period is not None else on
    while begins < max(day, free):
        begins += PERIOD
    return begins
