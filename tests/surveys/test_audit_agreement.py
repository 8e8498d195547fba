"""The solver against brute force: every person, every answer, every figure worked out as its tool would."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from typing import get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surveys.audit_enumeration import fewest
from surveys.audit_facts import (
    BandFact,
    ChoiceFact,
    CodeFact,
    Fact,
    HistogramFact,
    MeanFact,
    Rounding,
    SumFact,
)
from surveys.audit_releases import Participation, Question, Release, Releases, cells_of
from surveys.audit_solver import Contradiction, solve
from surveys.release import level_band

ROUNDINGS = {
    "half up": (ROUND_HALF_UP,),
    "half down": (ROUND_HALF_DOWN,),
    "half even": (ROUND_HALF_EVEN,),
    "down": (ROUND_FLOOR,),
    "up": (ROUND_CEILING,),
    "either way": (ROUND_HALF_UP, ROUND_HALF_DOWN),
}
ABSENT, SKIPPED = "absent", "skipped"
Answers = tuple[int | str, ...]
"""What everybody did, by number: an answer, or one of the two above."""


@dataclass(frozen=True, kw_only=True)
class World:
    """A small organisation, with what was published of one question."""

    units: Mapping[str, frozenset[int]]
    question: Question
    told: Mapping[str, tuple[int | None, Sequence[Fact]]]  # by unit: how many answered, if known, and figures
    took_part: Mapping[str, tuple[int, int]]

    @property
    def releases(self) -> Releases:
        """The same for the solver."""
        return Releases(
            questions=(self.question,),
            cells=cells_of(self.units),
            releases=tuple(
                Release(unit=unit, question=self.question.id, answered=answered, facts=tuple(facts))
                for unit, (answered, facts) in self.told.items()
            ),
            participation=tuple(
                Participation(unit=unit, fewest=low, most=high) for unit, (low, high) in self.took_part.items()
            ),
        )


def fits(fact: Fact, given: Sequence[int], offered: Sequence[int]) -> bool:
    """Whether a tool that got these answers publishes this figure."""
    if isinstance(fact, SumFact):
        return sum(given) == fact.value
    if isinstance(fact, HistogramFact):
        return all(told in (None, given.count(answer)) for answer, told in zip(offered, fact.counts, strict=True))
    if not given:
        return False
    if isinstance(fact, CodeFact) and fact.people:
        return len(given) >= fewest(fact.people) and level_band(given, fact.people) == fact.value
    if isinstance(fact, ChoiceFact):
        shares = {answer: Fraction(given.count(answer), len(given)) for answer in offered}
        return [a for a in offered if shares[a] >= Fraction(str(fact.share))] == (
            [] if fact.value is None else [fact.value]
        )
    mean = Decimal(sum(given)) / Decimal(len(given))
    if isinstance(fact, CodeFact):
        return sum(mean >= Decimal(str(edge)) for edge in fact.edges) == fact.value
    if isinstance(fact, MeanFact):
        step = Decimal(1).scaleb(-fact.decimals)
        return any(mean.quantize(step, way) == Decimal(str(fact.value)) for way in ROUNDINGS[fact.rounding])
    assert isinstance(fact, BandFact)
    return (fact.at_least is None or mean >= Decimal(str(fact.at_least))) and (
        fact.below is None or mean < Decimal(str(fact.below))
    )


def agrees(world: World, data: Answers) -> bool:
    """Whether everything that was published could have come from this data set."""
    for unit, (answered, facts) in world.told.items():
        given = [answer for person in world.units[unit] if isinstance(answer := data[person], int)]
        if answered not in (None, len(given)) or not all(fits(f, given, world.question.answers) for f in facts):
            return False
    return all(
        low <= sum(data[person] != ABSENT for person in world.units[unit]) <= high
        for unit, (low, high) in world.took_part.items()
    )


def data_sets(world: World) -> Iterator[Answers]:
    """Everything that everybody might have done, as far as it agrees with what was published."""
    people = frozenset().union(*world.units.values())
    states = [*world.question.answers, SKIPPED, *([ABSENT] if world.took_part else [])]
    return (data for data in product(states, repeat=len(people)) if agrees(world, data))


def by_brute_force(world: World) -> list[tuple[set[int], int]]:
    """For every cell the possible answers to an outsider, and how many are left to the worst insider."""
    outsider: dict[int, set[int]] = {}
    insider: dict[tuple[int, int, object], set[int]] = {}
    for data in data_sets(world):
        for person, answer in enumerate(data):
            if isinstance(answer, int):
                outsider.setdefault(person, set()).add(answer)
                for other, own in enumerate(data):
                    if other != person:
                        insider.setdefault((person, other, own), set()).add(answer)
    found = []
    for cell in world.releases.cells:
        person = next(
            number
            for number in frozenset().union(*world.units.values())
            if {unit for unit, people in world.units.items() if number in people} == set(cell.units)
        )
        left = outsider.get(person, set())
        found.append((left, min([len(left), *(len(v) for key, v in insider.items() if key[0] == person)])))
    return found


def by_solver(world: World) -> list[tuple[set[int], int]]:
    """The same, from the solver."""
    return [(set(one.outsider), len(one.fewest)) for one in solve(world.releases)]


@st.composite
def facts_about(draw: st.DrawFn, given: Sequence[int], offered: range) -> list[Fact]:
    """Figures that a tool may have published of these answers."""
    kinds = st.lists(st.sampled_from(["code", "band", "sum", "mean", "histogram", "choice"]), max_size=2, unique=True)
    return [draw(fact_about(kind, given, offered)) for kind in draw(kinds) if given or kind in ("sum", "histogram")]


@st.composite
def fact_about(draw: st.DrawFn, kind: str, given: Sequence[int], offered: range) -> Fact:
    """One figure of a kind."""
    if kind == "sum":
        return SumFact(kind="sum", value=sum(given))
    if kind == "histogram":
        counts = tuple(draw(st.sampled_from([None, given.count(answer)])) for answer in offered)
        return HistogramFact(kind="histogram", counts=counts)
    if kind == "choice":
        share = draw(st.sampled_from([0.6, 0.51, 0.75, 1.0]))
        named = [answer for answer in offered if Fraction(given.count(answer), len(given)) >= Fraction(str(share))]
        return ChoiceFact(kind="choice", value=named[0] if named else None, share=share)
    mean = Fraction(sum(given), len(given))
    cuts = sorted(draw(st.sets(st.sampled_from([1.25, 1.5, 1.75, 2.0, 2.2, 2.5, 2.75, 3.1, 3.25, 3.5]), min_size=1)))
    value = sum(mean >= Fraction(str(cut)) for cut in cuts)
    if kind == "code":
        return CodeFact(kind="code", value=value, edges=tuple(cuts))
    if kind == "band":
        ends = [None, *cuts, None]
        return BandFact(kind="band", at_least=ends[value], below=ends[value + 1])
    rounding: Rounding = draw(st.sampled_from(get_args(Rounding)))
    decimals = draw(st.integers(0, 2))
    way = draw(st.sampled_from(ROUNDINGS[rounding]))
    rounded = (Decimal(sum(given)) / len(given)).quantize(Decimal(1).scaleb(-decimals), way)
    return MeanFact(kind="mean", value=float(rounded), decimals=decimals, rounding=rounding)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to six people in up to four units that may overlap, with figures that come from some answers of theirs."""
    size, options = draw(st.sampled_from([(2, 5), (3, 5), (4, 5), (4, 4), (5, 3), (5, 4), (6, 2), (6, 3)]))
    people = range(size)
    offered = range(lowest := draw(st.integers(0, 1)), lowest + options)
    units = {"all": frozenset(people)}
    units |= {
        f"unit {n}": draw(st.frozensets(st.sampled_from(people), min_size=1)) for n in range(draw(st.integers(0, 3)))
    }
    true = [draw(st.none() | st.sampled_from(offered)) for _ in people]
    told: dict[str, tuple[int | None, Sequence[Fact]]] = {}
    for unit, members in units.items():
        given = [answer for person in sorted(members) if (answer := true[person]) is not None]
        told[unit] = (draw(st.sampled_from([None, len(given)])), draw(facts_about(given, offered)))
    question = Question(id="q", options=options, lowest=lowest)
    return World(units=units, question=question, told=told, took_part={})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_brute_force_and_the_solver_agree_on_small_organisations(world: World) -> None:
    assert by_solver(world) == by_brute_force(world)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.data())
def test_they_agree_when_participation_is_told_as_well(world: World, data: st.DataObject) -> None:
    assume(len(world.units["all"]) * (world.question.options + 2) <= 25)
    unit = data.draw(st.sampled_from(sorted(world.units)))
    low = data.draw(st.integers(0, len(world.units[unit])))
    tighter = World(units=world.units, question=world.question, told=world.told, took_part={unit: (low, low + 1)})
    assume(any(True for _ in data_sets(tighter)))
    assert by_solver(tighter) == by_brute_force(tighter)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.integers(-3, 3))
def test_they_agree_on_what_no_answers_can_explain(world: World, off: int) -> None:
    wrong = SumFact(kind="sum", value=off)
    broken = World(
        units=world.units, question=world.question, told={**world.told, "all": (None, [wrong])}, took_part={}
    )
    if any(True for _ in data_sets(broken)):
        assert solve(broken.releases)
        return
    with pytest.raises(Contradiction, match=r"^No answers to q agree with what was published of all"):
        solve(broken.releases)
