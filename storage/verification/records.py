"""The rows that are checked, read once and then looked at from many sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from storage.questions import known_items
from storage.tables import (
    ImportedCode,
    LedgerEntry,
    Management,
    Member,
    OutboxMessage,
    PeriodUnit,
    Promise,
    Pulse,
    Request,
    RosterEntry,
    RosterPeriod,
    Round,
    RoundUnit,
    Team,
    Unit,
)
from storage.verification.reading import Stored
from surveys.questions import Item
from surveys.rounds import State

HOLDING = frozenset({State.OPEN, State.CLOSING})
"""States in which a round has ballots in the box, and its key is kept."""

CODED = frozenset({State.CLOSED, State.SCRUBBED, State.PUBLISHED})
"""States in which a round stands in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A slot of the ballot box as it lies there; whose it is, nobody can tell."""

    round_id: int
    id: bytes
    group: int
    sealed: bytes
    sealed_by: str  # on PostgreSQL: the transaction that wrote it last
    written_as: int | None  # on PostgreSQL: its turn in that transaction; None where it cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The rows of a database, by table."""

    members: Mapping[int, Member]
    managers: Sequence[Management]
    pulses: Mapping[int, Pulse]
    items: Mapping[int, Mapping[str, Item]]  # by pulse: every question it may ever have asked
    teams: Mapping[int, Team]
    units: Mapping[int, Unit]
    periods: Mapping[int, RosterPeriod]
    period_units: Mapping[int, Mapping[int, PeriodUnit]]  # by period and unit
    rosters: Mapping[int, Mapping[int, frozenset[int]]]  # by period and unit: ids of members
    rounds: Mapping[int, Round]  # in the order in which they open
    round_units: Mapping[int, Mapping[int, RoundUnit]]  # by round and unit
    ledger: Sequence[Any]  # rows of ledgerentry as they lie there, also where there are two for one
    imported: Sequence[Any]  # rows of importedcode
    outbox: Sequence[OutboxMessage]
    promises: Mapping[int, Promise]
    requests: Mapping[int, Request]
    box: Sequence[Place]

    def roster(self, round_: Round) -> frozenset[int]:
        """Ids of everybody on the frozen roster of a round."""
        by_unit = self.rosters.get(round_.period_id or 0, {})
        asked = self.round_units.get(round_.id, {})
        return frozenset().union(*(members for unit_id, members in by_unit.items() if unit_id in asked))

    def unit_name(self, unit_id: int) -> str:
        """What a unit is called."""
        return self.units[unit_id].name if unit_id in self.units else f"unit {unit_id}"

    def in_state(self, states: frozenset[State]) -> list[Round]:
        """The rounds in one of these states, in the order in which they open."""
        return [round_ for round_ in self.rounds.values() if round_.state in states]


def read_records(stored: Stored) -> Records:
    """Read all rows that are looked at. Raises ValueError, or what SQLAlchemy makes of rows that are not what they
    should be.
    """
    session = stored.session
    pulses = _by_id(session, Pulse)
    rounds = sorted(session.exec(select(Round)).all(), key=lambda round_: (round_.opens_at, round_.id))
    if not all(isinstance(item_id, str) for round_ in rounds for item_id in [*round_.item_ids]):
        raise ValueError("what a round asks is a list of questions")
    return Records(
        members=_by_id(session, Member),
        managers=session.exec(select(Management)).all(),
        pulses=pulses,
        items={pulse_id: known_items(session, pulse_id) for pulse_id in pulses},
        teams=_by_id(session, Team),
        units=_by_id(session, Unit),
        periods=_by_id(session, RosterPeriod),
        period_units=_nested((size.period_id, size.unit_id, size) for size in session.exec(select(PeriodUnit))),
        rosters=_rosters(session),
        rounds={round_.id: round_ for round_ in rounds},
        round_units=_nested((size.round_id, size.unit_id, size) for size in session.exec(select(RoundUnit))),
        ledger=session.execute(select(*LedgerEntry.__table__.columns)).all(),  # type: ignore[attr-defined]
        imported=session.execute(select(*ImportedCode.__table__.columns)).all(),  # type: ignore[attr-defined]
        outbox=session.exec(select(OutboxMessage)).all(),
        promises=_by_id(session, Promise),
        requests=_by_id(session, Request),
        box=_box(stored),
    )


def _by_id(session: Session, table: Any) -> dict[int, Any]:
    return {row.id: row for row in session.exec(select(table).order_by(table.id))}


def _nested(rows: Any) -> dict[int, dict[int, Any]]:
    found: dict[int, dict[int, Any]] = {}
    for outer, inner, row in rows:
        found.setdefault(outer, {})[inner] = row
    return found


def _rosters(session: Session) -> dict[int, dict[int, frozenset[int]]]:
    found: dict[int, dict[int, set[int]]] = {}
    for entry in session.exec(select(RosterEntry)):
        found.setdefault(entry.period_id, {}).setdefault(entry.unit_id, set()).add(entry.member_id)
    return {period: {unit: frozenset(ids) for unit, ids in units.items()} for period, units in found.items()}


def _box(stored: Stored) -> list[Place]:
    """The slots as a thief would read them: without the module that owns them, and without any key."""
    # PostgreSQL uses one field for the turn in which a row was written and that in which it was locked or replaced.
    written = "'', NULL" if stored.is_sqlite else "xmin::text, CASE WHEN xmax::text = '0' THEN cmin::text::bigint END"
    query = f"SELECT round_id, id, group_number, sealed, {written} FROM slot ORDER BY 1, 2"  # noqa: S608
    return [
        Place(
            round_id=round_id,
            id=_bytes(slot_id),
            group=group,
            sealed=_bytes(sealed),
            sealed_by=sealed_by,
            written_as=written_as,
        )
        for round_id, slot_id, group, sealed, sealed_by, written_as in stored.rows(query)
    ]


def _bytes(value: object) -> bytes:
    """What stands in a column of bytes, whatever it is."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
