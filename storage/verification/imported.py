"""What was imported of another tool: bands as coarse as Murmur's own, of units that are there, from before them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from storage.verification.findings import Check, Finding, Group
from storage.verification.records import Records
from surveys.questions import drivers
from surveys.release import EDGES, FLOOR, PeopleClass
from surveys.rounds import State

_IMPORTED = Check(
    group=Group.LEDGER,
    name="imported",
    fine="what was imported of another tool is as coarse as the ledger, and ends before Murmur's own rounds.",
    remedy="Find out who wrote there past murmur import; what was imported of units without results can be removed with"
    " murmur import --undo.",
)
_THROWN_AWAY = frozenset({State.DISCARDING, State.DISCARDED})
_SUNDAY = 6
_FEWEST = {PeopleClass.FIVE: FLOOR, PeopleClass.SIX_SEVEN: 6, PeopleClass.EIGHT: 8}


def check_imported(records: Records) -> Iterator[Finding]:
    """What is wrong with imported codes, or that nothing is."""
    first: dict[int, date] = {}
    for round_ in records.rounds.values():
        if round_.state not in _THROWN_AWAY:
            for unit_id in records.round_units.get(round_.id, {}):
                first[unit_id] = min(round_.opens_on, first.get(unit_id, round_.opens_on))
    yield from _IMPORTED.judge(
        [
            f"{records.unit_name(row.unit_id)}, {row.driver:.40}, {row.closed_on}: {problem}"
            for row in records.imported
            for problem in _wrong(row, records, first.get(row.unit_id))
        ]
    )


def _wrong(row: Any, records: Records, first: date | None) -> Iterator[str]:
    """What is wrong with one imported code."""
    if row.unit_id not in records.units:
        yield "there is no such unit."
    if row.driver not in drivers():
        yield "there is no such driver."
    if row.people not in set(PeopleClass):
        yield f"it tells of {row.people:.20} people; only 5, 6-7 and 8+ are ever told."
    elif row.value not in range(len(EDGES[PeopleClass(row.people)]) + 1):
        yield f"its value is {row.value}, finer than its bands allow."
    elif row.roster <= _FEWEST[PeopleClass(row.people)]:
        yield f"it is of {row.people} people in a unit of {row.roster}; one of them must not show."
    if row.closed_on.weekday() != _SUNDAY:
        yield "it is not dated by the end of its week."
    if first is not None and row.closed_on >= first:
        yield f"the unit's own first round opened on {first}."
