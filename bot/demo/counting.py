"""Counting what an attack told against the truth, and against what dealing the same answers out at random tells."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from bot.demo.linking import Attempt
from bot.demo.recognising import Sheet

_DEALS = 50
_ROUGHLY = 5  # deals that tell roughly what to expect


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
    expected: float  # mean of what many random deals told
    chance: int  # the most that one of them told

    @property
    def clear(self) -> bool:
        """Whether this is far beyond chance: thrice as far above the mean of the deals as the luckiest of them.

        The best of thousands of attempts is lucky, too, but not that lucky.
        """
        return self.told - self.expected >= max(3 * (self.chance - self.expected), 3)


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
        self.attempt: Attempt | None = None

    def consider(self, attempt: Attempt) -> None:
        """Compare one more. Chance is nearly the same for attempts on the same two tables."""
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
        """What the best one tells, and what many deals tell."""
        count = count or self._count
        if self.attempt is None:
            return Figure(told=0, expected=0, chance=0)
        deals = [count(deal) for deal in _deals(self.attempt, _DEALS)]
        told = count(_claims(self.attempt))
        return Figure(told=told, expected=fmean(deals), chance=max(deals))


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
