"""How far a team's figures scatter when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LOWEST, HIGHEST = 1.0, 5.0
"""Ends of the answer scale."""

LEAST_ANSWERS, LEAST_UNITS = 30, 5
"""Below these an organisation's own variance is neither known well enough nor about enough people to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The variance of a mean of answers, by source. Variances are in squared points at the middle of the scale.

    A mean of n answers out of N people has variance h(m) [a/n + b(1/n - 1/N) + c] around the level of those N.
    The shipped values are those of 5-point agreement items with an answer SD of 1, of which half lies between
    people (simulated, see tests/support/teams.py); an organisation's own replace them as they become known.
    """

    occasion: float = 0.55  # a: what one person's answer varies by from round to round, rounding included
    people: float = 0.48  # b: what members of one team differ by, lastingly
    week: float = 0.01  # c: what a whole team shares in a week: a release, a heat wave
    memory: float = 0.0  # correlation of that shared part from one week to the next
    item: float = 0.4**2 + 0.15**2  # items differ from each other everywhere, and a little more by team
    level: float = 3.3  # a team nothing is known about is expected here
    spread: float = 0.5**2  # variance of teams around that
    walk: float = 0.0  # what a level drifts by in a week for no reason; a slow decline is worth a flag, so none
    turnover: float = 0.5  # share of the theoretical variance that is added for a member replaced

    @property
    def within(self) -> float:
        """Variance of one answer around its team's level."""
        return self.occasion + self.people

    def with_within(self, within: float, share: float | None = None) -> Noise:
        """The same noise where answers vary by `within`, of which `share` (else as before) is between people."""
        share = self.people / self.within if share is None else share
        return replace(self, occasion=within * (1 - share), people=within * share)

    def of_mean(self, n: float, roster: int) -> float:
        """Variance of a mean of `n` answers out of `roster` around the roster's level, week aside."""
        return self.occasion / n + self.people * max(0.0, 1 / n - 1 / max(roster, n))

    def of_change(self, weeks: float, replaced: int, roster: int) -> float:
        """Variance by which the level may have moved in `weeks`, with `replaced` of `roster` members new."""
        return self.walk * weeks + self.turnover * 2 * self.people * min(replaced, roster) / roster**2


SHIPPED = Noise()


def room(level: float) -> float:
    """h(m) = (m-1)(5-m)/4: the share of the mid-scale variance that answers of mean `level` have room for."""
    inside = min(max(level, LOWEST + 0.4), HIGHEST - 0.4)
    return (inside - LOWEST) * (HIGHEST - inside) / 4


def room_of(mean: float, n: float) -> float:
    """The room at the level around which `n` answers had this `mean`.

    A mean strays from its level, and room bends downwards: taken at the mean alone, it comes out too small by the
    mean's variance over 4, some five per cent for five answers.
    """
    return room(mean) / (1 - SHIPPED.within / (4 * n))


def within_variance(units: Iterable[Iterable[Sequence[int]]]) -> float | None:
    """An organisation's own variance of an answer around its team's level, at the middle of the scale.

    Each unit holds groups, its answers (1..5) to one item each. None below 30 answers or 5 units, however many items
    they answered; a group of one tells nothing and does not count.
    """
    squares = freedom = 0.0
    answers = counted = 0
    for unit in units:
        groups = [group for group in unit if len(group) > 1]
        for group in groups:
            mean = sum(group) / len(group)
            squares += sum((answer - mean) ** 2 for answer in group)
            freedom += (len(group) - 1) * room_of(mean, len(group))
            answers += len(group)
        counted += bool(groups)
    if answers < LEAST_ANSWERS or counted < LEAST_UNITS:
        return None
    return squares / freedom
