"""The plan of a round as the auditor reads it: when the round opens, and again, from what it froze, at its close."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from surveys.audit import Audit, audit_plan, unforeseen
from surveys.audit_plans import Cause, RoundPlan, UnitPlan
from surveys.questions import Item
from surveys.release import FLOOR, Code, Kind

Refusal = list[str]
"""A cause, and the names of the units that it is about: how a round keeps why the auditor refused something of it."""


def plan_of(units: Iterable[UnitPlan], items: Sequence[Item], threshold: int | None) -> RoundPlan:
    """What a round is going to ask whom, and from how many answers on something is shown."""
    return RoundPlan(units=tuple(units), items=tuple(items), threshold=max(threshold or FLOOR, FLOOR))


def refusals(audit: Audit) -> list[Refusal]:
    """Why a plan was refused, as it is stored: each reason once."""
    return [list(reason) for reason in dict.fromkeys((str(one.cause), *one.names) for one in audit.reasons)]


def foreseen_only(
    plan: RoundPlan, codes: Mapping[int, Sequence[Code]]
) -> tuple[dict[int, tuple[Code, ...]], list[Refusal]]:
    """The codes by unit that may be published, and what was kept back.

    Of a unit with a code that the plan did not foresee nothing that rests on answers is shown: if one code is not
    what it should be, nothing is known of the others. How many took part is still told, unless that is what was not
    foreseen. A plan that would be refused by now, as one that an older version opened may be, shows nothing at all.
    All of it then reads like any other refusal.
    """
    allowed: dict[int, tuple[Code, ...]] = {}
    kept_back: list[Refusal] = []
    names = {unit.unit_id: unit.name for unit in plan.units}
    if not (audit := audit_plan(plan)).accepted:
        nothing = {unit_id: tuple(map(_withheld, of_unit)) for unit_id, of_unit in codes.items()}
        return nothing, refusals(audit)
    for unit_id, of_unit in codes.items():
        strange = unforeseen(plan, unit_id, of_unit)
        allowed[unit_id] = tuple(
            _withheld(code) if strange and not _still_told(code, strange) else code for code in of_unit
        )
        if strange:
            kept_back.append([str(Cause.UNFORESEEN), names.get(unit_id, "")])
    return allowed, kept_back


def _still_told(code: Code, strange: Collection[str]) -> bool:
    # Participation rests on the roster and on how many took part; it is told of every unit that is large enough.
    participation = code.kind is Kind.PARTICIPATION and code.subject not in strange
    return participation and code.people is None and code.value in (None, 0, 1, 2)


def _withheld(code: Code) -> Code:
    return replace(code, people=None, value=None)
