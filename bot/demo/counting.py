"""Counting what an attack told against the truth, and against what dealing the same answers out at random tells."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, lgamma, log
from random import Random
from statistics import fmean, pvariance

from bot.demo.linking import Attempt
from bot.demo.recognising import Sheet

_DEALS = 50
_ROUGHLY = 5  # deals that tell roughly what to expect
_LUCK = 0.01  # chance that guessing gets more right than what is said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A set of answers: what one person answered in one round, and wrote."""

    person: str  # Slack id
    answers: frozenset[tuple[str, int]]
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How much was told."""

    told: int
    guessing: int  # what guessing as often as was tried tells, at most; see `guessed`

    @property
    def clear(self) -> bool:
        """Whether this is more than guessing tells."""
        return self.told > self.guessing


def guessed(deals: Sequence[int], tries: int) -> int:
    """How much the luckiest of so many `tries` at random tells, but for one theft in a hundred. `deals` are how much
    some of them told.

    The deals give mean and variance of one try; its tail is taken to be that of a Poisson variable, scaled to as much
    variance. Groups share more than deals at random know of, so it is never less than thrice as far above the mean
    as the luckiest deal, nor than two above it.
    """
    mean = (sum(deals) + 1) / len(deals)  # as if one more had hit: of what never happened nothing is known
    scale = max(pvariance(deals) / mean, 1.0)
    lucky = scale * _poisson_quantile(mean / scale, log(_LUCK / max(tries, 1)))
    spread = fmean(deals) + max(3 * (max(deals) - fmean(deals)), 3)
    return max(floor(lucky), ceil(spread) - 1)


def _poisson_quantile(mean: float, log_tail: float) -> int:
    """The least number that a Poisson variable exceeds with a chance of at most exp(`log_tail`)."""
    number = floor(mean)
    while log(mean) * (number + 1) - mean - lgamma(number + 2) + log(_beyond(mean, number + 1)) > log_tail:
        number += 1
    return number


def _beyond(mean: float, number: int) -> float:
    """The chance of `number` or more, in chances of exactly `number`; a bound where `number` is beyond the mean."""
    return 1 / (1 - mean / (number + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the best of all attempts told."""

    best: Attempt | None  # the one that told most; None where all are as good as chance
    sets: Figure
    in_part: bool  # whether a set counts of which half is told, because hardly any is told in full
    singles: Figure  # single answers
    of_singles: int


class Truth:
    """Who answered and wrote what."""

    def __init__(self, given: Sequence[Given]) -> None:
        self._given = given
        entries = [(one.person, key) for one in given for key in (one.answers, one.comment) if key]
        self._sets: Counter[Hashable] = Counter(entries)
        self._singles: Counter[Hashable] = Counter((one.person, answer) for one in given for answer in one.answers)

    def judge(self, attempts: Iterable[Attempt]) -> Verdict:
        """The best attempts by sets and by single answers, each compared with random deals."""
        by_sets, by_singles = _Best(self.sets_told), _Best(self.singles_told)
        for attempt in attempts:
            by_sets.consider(attempt)
            by_singles.consider(attempt)
        best, sets, singles = by_sets.attempt, by_sets.figure(), by_singles.figure()
        full = sets.clear and sets.told * 3 / 2 >= len(self._given)
        parts = by_singles.figure(self.halves_told) if singles.clear and not full else None
        in_part = parts is not None and parts.clear and (not sets.clear or parts.told > sets.told * 3 / 2)
        if parts is not None and (in_part or not sets.clear):
            best, sets = by_singles.attempt, parts
        return Verdict(
            best=best if sets.clear or singles.clear else None,
            sets=sets,
            in_part=in_part,
            singles=singles,
            of_singles=self._singles.total(),
        )

    def sets_told(self, claims: Iterable[tuple[str, Sheet]]) -> int:
        """How many sets are told: all answers, as they were given, or the comment."""
        return _both(self._sets, ((person, sheet.answers or sheet.comment) for person, sheet in claims))

    def singles_told(self, claims: Iterable[tuple[str, Sheet]]) -> int:
        """How many single answers are told, in whichever round they were given."""
        return _both(self._singles, ((person, answer) for person, sheet in claims for answer in sheet.answers))

    def halves_told(self, claims: Iterable[tuple[str, Sheet]]) -> int:
        """Of how many sets at least half of the answers are told."""
        left = Counter((person, answer) for person, sheet in claims for answer in sheet.answers)
        told = 0
        for one in self._given:
            mine = [(one.person, answer) for answer in one.answers if left[one.person, answer]]
            if 2 * len(mine) >= len(one.answers):
                left.subtract(mine)
                told += 1
        return told


class _Best:
    """Looks for the attempt that is furthest above what its answers and people would tell at random."""

    def __init__(self, count: Callable[[Iterable[tuple[str, Sheet]]], int]) -> None:
        self._count = count
        self._rates: dict[tuple[int, int], float] = {}
        self._most = -1.0
        self._tries = 0
        self.attempt: Attempt | None = None

    def consider(self, attempt: Attempt) -> None:
        """Compare one more. Chance is nearly the same for attempts on the same two tables."""
        self._tries += 1
        told = self._count(_claims(attempt))
        if told <= self._most:
            return
        alike = (id(attempt.pile), id(attempt.people))
        if alike not in self._rates:
            deals = [self._count(deal) for deal in _deals(attempt, _ROUGHLY)]
            self._rates[alike] = fmean(deals) / max(len(attempt.links), 1)
        above = told - self._rates[alike] * len(attempt.links)
        if above > self._most:
            self._most, self.attempt = above, attempt

    def figure(self, count: Callable[[Iterable[tuple[str, Sheet]]], int] | None = None) -> Figure:
        """What the best one tells, and what guessing tells."""
        count = count or self._count
        if self.attempt is None:
            return Figure(told=0, guessing=0)
        deals = [count(deal) for deal in _deals(self.attempt, _DEALS)]
        return Figure(told=count(_claims(self.attempt)), guessing=guessed(deals, self._tries))


def _claims(attempt: Attempt) -> Iterator[tuple[str, Sheet]]:
    sheets = attempt.pile.sheets
    return ((person, sheet) for person, row, _ in attempt.links if (sheet := sheets[row]))


def _deals(attempt: Attempt, times: int) -> Iterator[list[tuple[str, Sheet]]]:
    """The same answers, given to the same people at random."""
    people = [person for person, _, _ in attempt.links]
    sheets = [sheet for _, sheet in _claims(attempt)]
    random = Random(len(sheets))  # noqa: S311 - the same theft has the same outcome
    for _ in range(times):
        random.shuffle(people)
        yield list(zip(people, sheets, strict=False))


def _both(true: Counter[Hashable], claimed: Iterable[Hashable]) -> int:
    """How many of the claims are true, none of them twice."""
    found = Counter(claim for claim in claimed if claim in true)
    return sum(min(times, true[claim]) for claim, times in found.items())
