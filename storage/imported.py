"""What another tool published before Murmur came: codes from which the detector starts, and which nothing shows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.moves import outlook
from storage.pulses import pulses_of_workspace
from storage.rosters import PERIOD, ensure_unit, hold_units_still, unit_name, units_ahead
from storage.tables import ImportedCode, LedgerEntry, Pulse, RosterPeriod, Round, RoundUnit, Team, Unit
from surveys.cadence import zone
from surveys.history import SUBJECT, Told
from surveys.imports import Kept, Place
from surveys.release import Code, Kind, PeopleClass, Published
from surveys.rounds import State
from surveys.units import PlannedUnit


def imported_history(session: Session, unit_ids: Sequence[int]) -> list[Published]:
    """What was imported of these units, oldest week first, then by unit and driver.

    Each week is a round of its own, whose number is negative, so that none is taken for one of Murmur's.
    """
    query = (
        select(ImportedCode)
        .where(col(ImportedCode.unit_id).in_(unit_ids))
        .order_by(col(ImportedCode.closed_on), col(ImportedCode.unit_id), col(ImportedCode.driver))
    )
    rows = session.exec(query).all()
    weeks = sorted({row.closed_on for row in rows})
    numbers = {week: place - len(weeks) for place, week in enumerate(weeks)}
    return [
        Published(
            unit_id=row.unit_id,
            round_id=numbers[row.closed_on],
            closed_on=row.closed_on,
            roster=row.roster,
            replaced=0,
            code=Code(
                kind=Kind.LEVEL,
                subject=f"{row.driver}.{SUBJECT}",
                driver=row.driver,
                people=PeopleClass(row.people),
                value=row.value,
            ),
        )
        for row in rows
    ]


def places(session: Session, workspace_id: int, now: datetime) -> list[Place]:
    """The units of a workspace, under which figures can be filed, as they would be counted at `now`."""
    found = []
    for pulse in pulses_of_workspace(session, workspace_id):
        today = now.astimezone(zone(pulse.timezone)).date()
        found += [_place(session, pulse, planned, today) for planned in units_ahead(session, pulse, today)]
    return sorted(found, key=lambda place: place.name)


def departments(session: Session, workspace_id: int) -> list[str]:
    """Names of the teams of a workspace that hold other teams."""
    above = select(Team.parent_id).where(col(Team.parent_id).is_not(None))
    query = select(Team.name).where(Team.workspace_id == workspace_id, col(Team.id).in_(above)).order_by(Team.name)
    return list(session.exec(query))


def keep(session: Session, workspace_id: int, new: Iterable[tuple[Place, Told]]) -> None:
    """Keep codes of weeks of which nothing is kept yet. A unit that no round has planned yet is made."""
    hold_units_still(session, workspace_id)
    units: dict[tuple[int, ...], int] = {}
    rows: list[ImportedCode] = []
    for place, told in new:
        if place.team_ids not in units:
            pulse = session.get_one(Pulse, place.pulse_id)
            units[place.team_ids] = ensure_unit(session, pulse, place.team_ids).id
        assert told.code.people is not None
        assert told.code.value is not None
        rows.append(
            ImportedCode(
                unit_id=units[place.team_ids],
                driver=told.code.driver,
                closed_on=told.on,
                people=str(told.code.people),
                value=told.code.value,
                roster=told.roster,
            )
        )
    rows.sort(key=lambda row: (row.unit_id, row.driver, row.closed_on))
    session.add_all(rows)
    session.flush()


def imported_units(session: Session, workspace_id: int) -> list[tuple[Unit, bool]]:
    """The units of a workspace of which something was imported, by name; each with whether it has results by now."""
    query = (
        select(Unit)
        .join(Pulse)
        .where(Pulse.workspace_id == workspace_id, col(Unit.id).in_(select(ImportedCode.unit_id)))
        .order_by(Unit.name, col(Unit.id))
    )
    return [(unit, _has_results(session, unit.id)) for unit in session.exec(query)]


def forget(session: Session, unit_ids: Sequence[int]) -> None:
    """Remove what was imported of these units."""
    session.execute(delete(ImportedCode).where(col(ImportedCode.unit_id).in_(unit_ids)))


def _place(session: Session, pulse: Pulse, planned: PlannedUnit, today: date) -> Place:
    key = ",".join(map(str, planned.team_ids))
    unit = session.exec(select(Unit).where(Unit.pulse_id == pulse.id, Unit.team_key == key)).one_or_none()
    teams = session.exec(select(Team.name).where(col(Team.id).in_(planned.team_ids)).order_by(Team.name)).all()
    return Place(
        pulse_id=pulse.id,
        team_ids=planned.team_ids,
        name=unit_name(session, planned.team_ids),
        teams=tuple(teams),
        people=planned.roster,
        scored=planned.scored,
        counted_from=None if planned.scored else _counted_from(session, pulse, planned, today),
        today=today,
        first_round=_first_round(session, unit.id) if unit else None,
        has_results=unit is not None and _has_results(session, unit.id),
        imported=_imported(session, unit.id) if unit else {},
    )


def _counted_from(session: Session, pulse: Pulse, planned: PlannedUnit, today: date) -> date | None:
    """The day from which a unit is large enough that is too small on `today`, because rosters of other pulses, or its
    own, still hold its people elsewhere; None when it will not be.
    """
    begun = select(col(RosterPeriod.starts_on)).join(Pulse).where(Pulse.workspace_id == pulse.workspace_id)
    ends = sorted({starts_on + PERIOD for starts_on in session.exec(begun)})
    for day in (end for end in ends if end > today):
        for _, rosters in outlook(session, pulse, [day]):
            if any(one.unit.scored and one.unit.team_ids == planned.team_ids for one in rosters):
                return day
    return None


def _first_round(session: Session, unit_id: int) -> date | None:
    """The day on which the first round of a unit opened."""
    query = (
        select(col(Round.opens_on))
        .join(RoundUnit, col(RoundUnit.round_id) == Round.id)
        .where(RoundUnit.unit_id == unit_id, col(Round.state).not_in((State.DISCARDING, State.DISCARDED)))
        .order_by(col(Round.opens_on))
    )
    return session.exec(query.limit(1)).first()


def _has_results(session: Session, unit_id: int) -> bool:
    """Whether the ledger tells of a unit, and be it that nothing may be shown."""
    return session.exec(select(LedgerEntry.round_id).where(LedgerEntry.unit_id == unit_id).limit(1)).first() is not None


def _imported(session: Session, unit_id: int) -> dict[tuple[str, date], Kept]:
    rows = session.exec(select(ImportedCode).where(ImportedCode.unit_id == unit_id))
    return {(row.driver, row.closed_on): (PeopleClass(row.people), row.value, row.roster) for row in rows}
