"""The ledger of codes: written once when a round is coded, read by everything that is ever shown."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from storage.people import insert_or_ignore
from storage.tables import LedgerEntry, RoundUnit
from surveys.release import Code, Kind, PeopleClass, Published

# Columns, not rows of both tables: a department of a hundred units reads as many thousand, so five times as fast.
_COLUMNS = (
    *(col(LedgerEntry.unit_id), col(LedgerEntry.round_id), col(LedgerEntry.closed_on)),
    *(col(RoundUnit.roster), col(RoundUnit.replaced), col(RoundUnit.flag_limit)),
    *(col(LedgerEntry.kind), col(LedgerEntry.subject), col(LedgerEntry.driver)),
    *(col(LedgerEntry.people), col(LedgerEntry.value)),
)


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
        select(*_COLUMNS)
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
    return [_published(row) for row in session.execute(query)]


def _published(row: Row[Any]) -> Published:
    return Published(
        unit_id=row.unit_id,
        round_id=row.round_id,
        closed_on=row.closed_on,
        roster=row.roster,
        replaced=row.replaced,
        code=Code(
            kind=Kind(row.kind),
            subject=row.subject,
            driver=row.driver,
            people=PeopleClass(row.people) if row.people else None,
            value=row.value,
        ),
        flag_limit=None if row.flag_limit is None else float(row.flag_limit),
    )
