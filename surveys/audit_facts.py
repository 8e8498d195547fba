"""What a published figure says about the answers behind it, as conditions on how many people chose what.

Every kind of figure that survey tools publish is a set of linear conditions with whole-number weights: a mean of at
least 2.25 says that the sum of (4 answer - 9) over everybody who answered is at least 0, however many did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise
from math import ceil, floor
from typing import Annotated, Literal, Protocol

from pydantic import ConfigDict, Field

from surveys.release import EDGES, FLOOR, NAMED_SHARE, PeopleClass, participation_band, people_class

_STRICT = ConfigDict(extra="forbid", strict=True)

Number = Annotated[float, Field(ge=-1000, le=1000)]
Rounding = Literal["half up", "half down", "half even", "down", "up", "either way"]
"""What a tool does with a mean: to the nearest, ties as named (either way: unknown), or always down or up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """low <= sum over everybody who answered of the weight of their answer <= high; None is no limit."""

    weights: tuple[int, ...]  # one an option, the lowest first
    low: int | None
    high: int | None


class Fact(Protocol):
    """A published figure about one question in one unit."""

    def problem(self, answers: range) -> tuple[str, str] | None:
        """The field that is wrong for a question with these possible answers, and why; None when all is well."""
        ...

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        """What the figure says of questions with these answers; `answered` is how many did, where that is told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFact:
    """A band of the mean, by number (0 is the lowest); a mean on an edge belongs to the band above."""

    __pydantic_config__ = _STRICT

    kind: Literal["code"]
    value: Annotated[int, Field(ge=0)]
    people: PeopleClass | None = None  # takes the edges of Murmur's rules for this class, and that so many answered
    edges: Annotated[tuple[Number, ...], Field(max_length=100)] = ()  # ascending; instead of `people`

    def problem(self, answers: range) -> tuple[str, str] | None:
        if (self.people is None) == (not self.edges):
            return "edges", 'must be given, or else "people" (5, 6-7 or 8+), and not both'
        if self.people and answers != range(1, 6):
            return "people", "is for questions with answers 1 to 5; give the edges instead"
        if any(low >= high for low, high in pairwise(self.edges)):
            return "edges", "must be in ascending order"
        if self.value > len(self._edges):
            return "value", f"must be {len(self._edges)} or less, the number of edges"
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        ends = (None, *self._edges, None)
        conditions = _mean_between(answers, answered, _exact(ends[self.value]), _exact(ends[self.value + 1]))
        if self.people:
            fewest = next(n for n in count(FLOOR) if people_class(n) is self.people)
            conditions.append(Condition(weights=(1,) * len(answers), low=fewest, high=None))
        return conditions

    @property
    def _edges(self) -> Sequence[float]:
        return EDGES[self.people] if self.people else self.edges


@dataclass(frozen=True, slots=True, kw_only=True)
class BandFact:
    """The mean is at least, below, or both."""

    __pydantic_config__ = _STRICT

    kind: Literal["band"]
    at_least: Number | None = None
    below: Number | None = None

    def problem(self, answers: range) -> tuple[str, str] | None:
        if self.at_least is None and self.below is None:
            return "at_least", 'or "below" must be given'
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        return _mean_between(answers, answered, _exact(self.at_least), _exact(self.below))


@dataclass(frozen=True, slots=True, kw_only=True)
class SumFact:
    """The sum of all answers."""

    __pydantic_config__ = _STRICT

    kind: Literal["sum"]
    value: int

    def problem(self, answers: range) -> tuple[str, str] | None:
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        return [Condition(weights=tuple(answers), low=self.value, high=self.value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanFact:
    """The mean, rounded to so many decimals."""

    __pydantic_config__ = _STRICT

    kind: Literal["mean"]
    value: Number
    decimals: Annotated[int, Field(ge=0, le=4)]
    rounding: Rounding

    def problem(self, answers: range) -> tuple[str, str] | None:
        if (Fraction(str(self.value)) * 10**self.decimals).denominator != 1:
            return "value", f"has more than {self.decimals} decimals"
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        value, step = Fraction(str(self.value)), Fraction(1, 10**self.decimals)
        below, above = {"down": (Fraction(0), step), "up": (step, Fraction(0))}.get(self.rounding, (step / 2, step / 2))
        even = int(value / step) % 2 == 0
        # By rounding: whether a mean exactly at the lower and at the upper end becomes this value.
        low_in, high_in = {
            "half up": (True, False),
            "half down": (False, True),
            "half even": (even, even),
            "down": (True, False),
            "up": (False, True),
            "either way": (True, True),
        }[self.rounding]
        return _mean_between(answers, answered, value - below, value + above, low_in=low_in, high_in=high_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramFact:
    """How many chose each option, the lowest first; null where it is not told."""

    __pydantic_config__ = _STRICT

    kind: Literal["histogram"]
    counts: tuple[Annotated[int, Field(ge=0)] | None, ...]

    def problem(self, answers: range) -> tuple[str, str] | None:
        if len(self.counts) != len(answers):
            return "counts", f"needs {len(answers)} entries, one for each possible answer (null: not told)"
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        return [
            Condition(weights=tuple(int(one == answer) for one in answers), low=people, high=people)
            for answer, people in zip(answers, self.counts, strict=True)
            if people is not None
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFact:
    """The answer that at least a share of those who answered gave, or null: none was given by as many."""

    __pydantic_config__ = _STRICT

    kind: Literal["choice"]
    value: int | None
    share: Annotated[float, Field(gt=0.5, le=1)] = float(NAMED_SHARE)

    def problem(self, answers: range) -> tuple[str, str] | None:
        if self.value is not None and self.value not in answers:
            return "value", f"must be an answer from {answers[0]} to {answers[-1]}, or null where none stands out"
        return None

    def conditions(self, answers: range, answered: int | None) -> list[Condition]:
        share = Fraction(str(self.share))
        named = [
            Condition(
                weights=tuple(share.denominator * (one == answer) - share.numerator for one in answers),
                low=0 if answer == self.value else None,
                high=None if answer == self.value else -1,
            )
            for answer in ([self.value] if self.value is not None else answers)
        ]
        return [*named, Condition(weights=(1,) * len(answers), low=1, high=None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFact:
    """Murmur's band of the share of a roster that took part, with whatever question: 0, 1 or 2."""

    __pydantic_config__ = _STRICT

    kind: Literal["participation"]
    value: Annotated[int, Field(ge=0, le=2)]

    def took_part(self, roster: int) -> tuple[int, int] | None:
        """The fewest and the most of `roster` people that make this band; None for a roster that is told none."""
        fitting = [people for people in range(roster + 1) if participation_band(people, roster) == self.value]
        return (fitting[0], fitting[-1]) if fitting else None


FACTS: dict[str, type[CodeFact | BandFact | SumFact | MeanFact | HistogramFact | ChoiceFact]] = {
    "code": CodeFact,
    "band": BandFact,
    "sum": SumFact,
    "mean": MeanFact,
    "histogram": HistogramFact,
    "choice": ChoiceFact,
}
"""The kinds of facts about a question by name."""


def _mean_between(
    answers: range,
    answered: int | None,
    low: Fraction | None,
    high: Fraction | None,
    *,
    low_in: bool = True,
    high_in: bool = False,
) -> list[Condition]:
    """The mean lies between `low` and `high`; `low_in` and `high_in` say whether it may equal them."""
    conditions = [Condition(weights=(1,) * len(answers), low=1, high=None)]
    if answered:  # known, so that whole sums can be told apart, which keeps weights small
        least = None if low is None else ceil(low * answered) if low_in else floor(low * answered) + 1
        most = None if high is None else floor(high * answered) if high_in else ceil(high * answered) - 1
        return [*conditions, Condition(weights=tuple(answers), low=least, high=most)]
    if low is not None:
        conditions.append(Condition(weights=_less(answers, low), low=0 if low_in else 1, high=None))
    if high is not None:
        conditions.append(Condition(weights=_less(answers, high), low=None, high=0 if high_in else -1))
    return conditions


def _less(answers: range, mean: Fraction) -> tuple[int, ...]:
    """Each answer less `mean`, in whole numbers: times the denominator of the mean."""
    return tuple(answer * mean.denominator - mean.numerator for answer in answers)


def _exact(number: float | None) -> Fraction | None:
    """The number as it stands in the file, not as a float comes near it."""
    return None if number is None else Fraction(str(number))
