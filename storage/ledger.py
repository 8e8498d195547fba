"""The ledger of codes: written once when a round is coded, read by everything that is ever shown."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.people import insert_or_ignore
from storage.tables import LedgerEntry, RoundUnit
from surveys.release import Code, Kind, PeopleClass, Published


def write_codes(session: Session, *, round_id: int, unit_id: int, closed_on: date, codes: Iterable[Code]) -> None:
    """Enter the codes of a unit's round. What is there already stays: an entry never changes."""
    rows = [
        {
            "round_id": round_id,
            "unit_id": unit_id,
            "subject": code.subject,
            "kind": str(code.kind),
            "driver": code.driver,
            "people": code.people and str(code.people),
            "value": code.value,
            "closed_on": closed_on,
        }
        for code in codes
    ]
    insert_or_ignore(session, LedgerEntry, rows)


def history(session: Session, unit_ids: Sequence[int]) -> list[Published]:
    """Everything published of these units, oldest round first, then by unit and subject."""
    query = (
        select(LedgerEntry, RoundUnit)
        .join(
            RoundUnit,
            (col(RoundUnit.round_id) == LedgerEntry.round_id) & (col(RoundUnit.unit_id) == LedgerEntry.unit_id),
        )
        .where(col(LedgerEntry.unit_id).in_(unit_ids))
        .order_by(
            col(LedgerEntry.closed_on),
            col(LedgerEntry.round_id),
            col(LedgerEntry.unit_id),
            col(LedgerEntry.subject),
        )
    )
    return [_published(entry, unit) for entry, unit in session.exec(query)]


def _published(entry: LedgerEntry, unit: RoundUnit) -> Published:
    return Published(
        unit_id=entry.unit_id,
        round_id=entry.round_id,
        closed_on=entry.closed_on,
        roster=unit.roster,
        replaced=unit.replaced,
        code=Code(
            kind=Kind(entry.kind),
            subject=entry.subject,
            driver=entry.driver,
            people=PeopleClass(entry.people) if entry.people else None,
            value=entry.value,
        ),
    )
