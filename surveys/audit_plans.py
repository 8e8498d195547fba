"""The plan of a round as the auditor reads it, and the rules that no plan may break."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from surveys.questions import INTENT_ROSTER, Item, answers_of, is_averaged
from surveys.release import EDGES, FLOOR, NAMED_SHARE, PARTICIPATION_FLOOR, Kind, PeopleClass
from surveys.units import SMALLEST

_POINTS = 5  # of a scale whose answers are averaged


class Source(StrEnum):
    """What a parent's figure is computed from."""

    CODES = "codes"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """A leaf unit as the round will freeze it."""

    unit_id: int
    name: str  # as findings call it
    members: frozenset[int]  # ids of everybody who will be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentPlan:
    """A figure for several units together."""

    name: str
    unit_ids: tuple[int, ...]  # the leaf units under it
    source: Source = Source.CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """Who will be asked what, and what will be told. The rules' own values are the defaults."""

    units: tuple[UnitPlan, ...]
    items: tuple[Item, ...]  # the questions, the same for every unit
    parents: tuple[ParentPlan, ...] = ()
    threshold: int = FLOOR  # fewest answers to a result
    edges: Mapping[PeopleClass, tuple[float, ...]] = field(default_factory=lambda: EDGES)
    named_share: Fraction = NAMED_SHARE
    participation_floor: int = PARTICIPATION_FLOOR  # smallest roster whose participation is told


class Cause(StrEnum):
    """What a reason comes down to, for whoever has to mend it; stored with the round."""

    RULES = "rules"  # what is told would be finer than the rules allow
    OVERLAP = "overlap"  # two units share people
    TOO_SMALL = "too small"
    TWICE = "twice"  # a unit stands in the plan more than once
    PARENT = "parent"  # a figure for several units that the rules do not know
    QUESTION = "question"  # one that may not be asked like this
    TOO_LITTLE = "too little"  # somebody would keep too few possible answers
    UNFORESEEN = "unforeseen"  # at the close: something else came out than the plan allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a plan is refused."""

    cause: Cause
    names: tuple[str, ...] = ()  # of the units it is about; none where it is about the whole round
    rule: str  # "R3", as the anonymity rules are numbered
    where: str  # what it is about: a unit, a parent, a question, or the round
    words: str  # reads on from `where`

    def __str__(self) -> str:
        return f"{self.where} {self.words} ({self.rule})."


def broken_rules(plan: RoundPlan) -> Iterator[Reason]:
    """Every rule that the plan breaks, whatever anybody would answer."""
    yield from _wrong_rules(plan)
    yield from _wrong_units(plan.units)
    yield from _wrong_parents(plan)
    yield from _wrong_items(plan.items)


def _wrong_rules(plan: RoundPlan) -> Iterator[Reason]:
    if plan.threshold < FLOOR:
        words = f"has a threshold of {plan.threshold}; {FLOOR} answers are the fewest behind any result"
        yield Reason(cause=Cause.RULES, rule="R1", where="The round", words=words)
    for people, edges in EDGES.items():
        if tuple(plan.edges.get(people, ())) != edges:
            extra = sorted(set(plan.edges.get(people, ())) - set(edges))
            detail = f"finer edges ({', '.join(map(str, extra))})" if extra else "other edges"
            words = f"has {detail} than the rules for {people} people: {', '.join(map(str, edges))}"
            yield Reason(cause=Cause.RULES, rule="R1", where="The round", words=words)
    if plan.named_share != NAMED_SHARE:
        words = f"names an option from {float(plan.named_share):.0%} of the answers; the rules do from 60%"
        yield Reason(cause=Cause.RULES, rule="R1", where="The round", words=words)
    if plan.participation_floor < PARTICIPATION_FLOOR:
        words = f"tells participation of {plan.participation_floor} people; {PARTICIPATION_FLOOR} are the fewest"
        yield Reason(cause=Cause.RULES, rule="R8", where="The round", words=words)


def _wrong_units(units: Sequence[UnitPlan]) -> Iterator[Reason]:
    for unit_id, times in Counter(unit.unit_id for unit in units).items():
        if times > 1:
            names = tuple(unit.name for unit in units if unit.unit_id == unit_id)[:1]
            words = "is planned more than once"
            yield Reason(cause=Cause.TWICE, names=names, rule="R3", where=f"Unit {unit_id}", words=words)
    unit_of: dict[int, UnitPlan] = {}
    shared: Counter[tuple[str, str]] = Counter()
    for unit in units:
        if len(unit.members) < SMALLEST:
            words = f"has {len(unit.members)} people; a unit under {SMALLEST} is not scored: merge it with a sibling"
            yield Reason(cause=Cause.TOO_SMALL, names=(unit.name,), rule="R3", where=unit.name, words=words)
        for member in unit.members:
            if (first := unit_of.setdefault(member, unit)) is not unit:
                shared[first.name, unit.name] += 1
    for (one, other), people in shared.items():
        words = f"and {other} overlap: {people} {'person is' if people == 1 else 'people are'} in both"
        yield Reason(cause=Cause.OVERLAP, names=(one, other), rule="R3", where=one, words=words)


def _wrong_parents(plan: RoundPlan) -> Iterator[Reason]:
    known = {unit.unit_id for unit in plan.units}
    for parent in plan.parents:
        if parent.source is not Source.CODES:
            words = "is computed from answers; a parent is computed from its units' released codes"
            yield Reason(cause=Cause.PARENT, rule="R2", where=parent.name, words=words)
        if missing := sorted(set(parent.unit_ids) - known):
            words = f"counts what is no leaf unit of this round: {', '.join(map(str, missing))}"
            yield Reason(cause=Cause.PARENT, rule="R2", where=parent.name, words=words)


def _wrong_items(items: Sequence[Item]) -> Iterator[Reason]:
    for subject, times in Counter(item.id for item in items).items():
        if times > 1:
            yield Reason(cause=Cause.QUESTION, rule="R5", where=subject, words="is asked more than once")
    for item in items:
        if kind_of(item) is Kind.LEVEL and options_of(item) != _POINTS:
            words = f"has {options_of(item)} answers to average; the edges are made for {_POINTS}"
            yield Reason(cause=Cause.QUESTION, rule="R1", where=item.id, words=words)
        if item.driver == "intent-to-stay" and item.min_roster < INTENT_ROSTER:
            words = f"may be told of units under {INTENT_ROSTER} people; intent to stay never is"
            yield Reason(cause=Cause.QUESTION, rule="R1", where=item.id, words=words)


def kind_of(item: Item) -> Kind:
    """The kind of code that a question gets."""
    return Kind.LEVEL if is_averaged(item) else Kind.CHOICE


def options_of(item: Item) -> int:
    """How many answers a question offers."""
    return len(answers_of(item))
