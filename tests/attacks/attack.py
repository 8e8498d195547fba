"""What an attack achieves, and what chance alone would."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

from tests.attacks.ground import Ground

SURE = 0.99
"""A match by chance stays within its bound with this probability."""

ATTEMPTS = 3
"""A figure above what chance explains is measured again: chance passes the bound three times in a row in one of a
million runs, and whatever gives people away does so every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How often an attack was right."""

    hits: int
    of: int | None = None  # how often it could have been; None where that means nothing
    what: str = ""  # what is counted, where it is not people
    allowed: int = 0  # the most hits with which the attack has failed
    because: str = ""  # where that is not 0: "chance" or "1 %"

    @property
    def succeeds(self) -> bool:
        """Whether the attack was right more often than it may be."""
        return self.hits > self.allowed

    def __str__(self) -> str:
        count = f"{self.hits}" if self.of is None else f"{self.hits}/{self.of}"
        bound = f" ({self.because} {self.allowed})" if self.because else ""
        return " ".join(filter(None, (count, self.what))) + bound


Figures = Sequence[Figure]
"""What one attack comes to; it succeeds when one of them does."""

Run = Callable[[Ground], Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack of the table, on a naive variant and on Murmur."""

    number: int
    what: str  # in a line
    passes_when: str
    naive: Run
    murmur: Run
    kinds: Sequence[str] = ("sqlite", "postgresql")  # of database on which it makes sense

    def on_naive(self, ground: Ground) -> Figures:
        """Carry it out on the naive variant, where it must succeed."""
        return self.naive(ground)

    def on_murmur(self, ground: Ground) -> Figures:
        """Carry it out on Murmur, where it must fail; again where chance may have had a hand in it."""
        for _ in range(ATTEMPTS):
            figures = self.murmur(ground)
            if not any(figure.succeeds and figure.because == "chance" for figure in figures):
                break
        return figures


def succeeds(figures: Figures) -> bool:
    """Whether an attack gave anybody away."""
    return any(figure.succeeds for figure in figures)


def matched(hits: int, *crowds: int, ways: int = 1) -> Figure:
    """People who were found by matching rows to them, of crowds in each of which rows are matched at random unless
    something gives them away. `ways`: how many ways were tried, of which `hits` is the best.
    """
    return Figure(hits=hits, of=sum(crowds), allowed=chance(*crowds, ways=ways), because="chance")


@cache
def chance(*crowds: int, ways: int = 1) -> int:
    """The most people that random matchings within these crowds find, with a probability of `SURE`: the bound on the
    sum of the fixed points of random permutations. With several `ways` it holds for the best of them.
    """
    distribution = [1.0]
    for crowd in crowds:
        fixed = [_fixed_points(crowd, hits) for hits in range(crowd + 1)]
        longer = [0.0] * (len(distribution) + crowd)
        for before, probability in enumerate(distribution):
            for hits, more in enumerate(fixed):
                longer[before + hits] += probability * more
        distribution = longer
    within, bound = 0.0, -1
    while within < 1 - (1 - SURE) / ways:
        bound += 1
        within += distribution[bound]
    return bound


def _fixed_points(crowd: int, hits: int) -> float:
    """The probability that a random permutation of a crowd leaves exactly `hits` in their places."""
    deranged = sum((-1.0) ** k / factorial(k) for k in range(crowd - hits + 1))
    return deranged / factorial(hits)
