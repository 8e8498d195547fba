"""What became of a unit's teams between two roster periods: merged and split units start with an empty ledger, and the
flags of those they came from end with them. It is said once, to whoever had been told of these flags.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.people import managers_of
from storage.rosters import team_ids_of
from storage.rounds import published_rounds, round_units
from storage.tables import Member, Round, Team, Unit
from surveys.notices import standing
from surveys.questions import Driver
from surveys.regrouping import Ended, Regrouping, move_of
from surveys.release import Published
from surveys.trends import Reading

Read = Callable[[Round, Unit], tuple[Sequence[Published], Mapping[str, Sequence[Reading]]]]
"""The ledger of a unit up to a round, and what the detector read in it."""


def regrouping_of(
    session: Session,
    round_: Round,
    unit: Unit,
    *,
    on: date,
    drivers: Mapping[str, Driver],
    reader: Member | None,
    read: Read,
) -> Regrouping | None:
    """How the unit came about, in its first round, if that was from other units of the period before; else None.

    Flags of those units that would still stand on `on` are told only to whoever had been told of them: to a
    `reader` who manages one of their teams, and to everybody where all teams of this unit were in theirs.
    """
    earlier = [one for one in published_rounds(session, round_.pulse_id) if one.closes_at < round_.closes_at]
    this_period = [one for one in earlier if one.period_id == round_.period_id]
    before = next((one for one in earlier if one.period_id != round_.period_id), None)
    if before is None or any(
        unit.id == one.id for round_before in this_period for one in _units(session, round_before)
    ):
        return None
    teams = set(team_ids_of(unit))
    units = _units(session, before)
    shared = [one for one in units if teams & set(team_ids_of(one))]
    if not shared or unit.id in {one.id for one in units}:
        return None
    told = [one for one in shared if _had_been_told(session, one, teams, reader)]
    flags = [notice for one in told for notice in standing(*read(before, one), drivers, on)]
    ended = dict.fromkeys(Ended(driver=notice.driver, raised_on=notice.raised_on) for notice in flags)
    return Regrouping(
        move=move_of(teams, [team_ids_of(one) for one in shared]),
        teams=_names(session, teams),
        without=_names(session, {team_id for one in shared for team_id in team_ids_of(one)} - teams),
        ended=tuple(ended),
    )


def _units(session: Session, round_: Round) -> list[Unit]:
    return [session.get_one(Unit, size.unit_id) for size in round_units(session, round_.id)]


def _had_been_told(session: Session, unit: Unit, teams: set[int], reader: Member | None) -> bool:
    theirs = team_ids_of(unit)
    if teams <= set(theirs):
        return True
    return reader is not None and reader.id in {manager.id for manager in managers_of(session, theirs)}


def _names(session: Session, team_ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(session.exec(select(Team.name).where(col(Team.id).in_(list(team_ids))).order_by(Team.name)))
