"""What else may watch a team: other detectors, rules of thumb, and oracles that cannot be beaten by much.

Each reads the exact means (one oracle the codes) of many teams at once, a row a team and a column a week, and says
in which weeks it would flag. After a flag each starts again from nothing. Their thresholds are found by trying (see
`at_rate`), so that all raise as many flags by chance.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from surveys.filtering import Array
from surveys.noise import HIGHEST, LOWEST, SHIPPED, room
from tests.support.teams import Week, coded, exact

Flags = npt.NDArray[np.bool_]

_KNOWN_BY = 5  # observations before a team's own usual level is trusted at all
_RAMP = 8  # weeks over which a drift comes
_BACK = 52  # weeks back in which a drift may have begun


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of many teams. Shapes (teams, weeks); weeks in which too few answered are NaN."""

    lo: Array  # bounds of the mean, equal where it is known
    hi: Array
    n: Array
    variance: Array  # of the mean around the present roster's level, people and week included
    before: Array  # that level for the item asked, had it never fallen: only the oracles see it
    after: Array  # and had it fallen by half an answer SD

    @property
    def mean(self) -> Array:
        """The mean, where it is known."""
        return self.lo

    @property
    def observed(self) -> Flags:
        return ~np.isnan(self.lo)


def seen(teams: Sequence[Sequence[Week]], *, codes: bool = False) -> Seen:
    """The exact means of these teams, or their published codes."""
    shape = (len(teams), len(teams[0]))
    seen = Seen(*(np.full(shape, np.nan) for _ in range(6)))
    for row, weeks in enumerate(teams):
        observed = {one.on: one for one in (coded(weeks) if codes else exact(weeks))}
        for column, week in enumerate(weeks):
            seen.before[row, column], seen.after[row, column] = week.before, week.after
            if (one := observed.get(week.on)) is not None:
                seen.lo[row, column], seen.hi[row, column], seen.n[row, column] = one.lo, one.hi, one.n
                variance = SHIPPED.of_mean(one.n, week.roster) + SHIPPED.week
                seen.variance[row, column] = room(week.before) * variance
    return seen


class Watch(ABC):
    """A way to watch many teams. Its state holds one row a team."""

    @abstractmethod
    def __init__(self, teams: int) -> None:
        pass

    @abstractmethod
    def look(self, seen: Seen, week: int) -> Array:
        """How alarming each team is after this week; looked at only where there is an observation."""

    @abstractmethod
    def forget(self, teams: Flags) -> None:
        """Start again for these teams."""


def flags(watch: Callable[[int], Watch], seen: Seen, threshold: float) -> Flags:
    """In which weeks each team is flagged, where more than `threshold` is alarming."""
    at_work = watch(len(seen.mean))
    raised = np.zeros(seen.mean.shape, dtype=bool)
    for week in range(seen.mean.shape[1]):
        raised[:, week] = (at_work.look(seen, week) > threshold) & seen.observed[:, week]
        at_work.forget(raised[:, week])
    return raised


def at_rate(watch: Callable[[int], Watch], calm: Seen, rate: float) -> float:
    """The threshold at which teams in which nothing happens are flagged at this rate an observation."""
    low, high = 0.0, 1.0
    while flags(watch, calm, high).sum() > rate * calm.observed.sum():
        low, high = high, high * 2
    for _ in range(14):
        middle = (low + high) / 2
        too_many = flags(watch, calm, middle).sum() > rate * calm.observed.sum()
        low, high = (middle, high) if too_many else (low, middle)
    return high


class Oracle(Watch):
    """Knows the level, the size and the shape of the change to come, and all noise; not when, and not the people.

    Shiryaev-Roberts, which for a known change is as good as anything can be, nearly.
    """

    ramp = 1

    def __init__(self, teams: int) -> None:
        self.evidence = np.full((teams, _BACK), -np.inf)  # a column for each start, log likelihood ratios

    def look(self, seen: Seen, week: int) -> Array:
        self.evidence[:, week % _BACK] = 0.0
        age = (week - np.arange(_BACK)) % _BACK + 1
        size = (seen.before[:, week] - seen.after[:, week])[:, None] * np.minimum(age / self.ramp, 1)
        gained = self.gained(seen, week, size)
        self.evidence += np.where(np.isnan(gained), 0.0, gained)
        return np.asarray(np.exp(np.logaddexp.reduce(self.evidence, axis=1)))

    def gained(self, seen: Seen, week: int, size: Array) -> Array:
        """How much more likely what is seen of each team is after a fall of each size, as a logarithm."""
        fallen = (seen.before[:, week] - seen.mean[:, week])[:, None]
        return size * (fallen - size / 2) / seen.variance[:, week][:, None]

    def forget(self, teams: Flags) -> None:
        self.evidence[teams] = -np.inf


class CodesOracle(Oracle):
    """Knows what the oracle knows, but sees only codes: what they withhold, no detector can see."""

    def gained(self, seen: Seen, week: int, size: Array) -> Array:
        sd = np.sqrt(seen.variance[:, week])[:, None]
        low = np.where(seen.lo[:, week] <= LOWEST, -np.inf, seen.lo[:, week])[:, None]
        high = np.where(seen.hi[:, week] >= HIGHEST, np.inf, seen.hi[:, week])[:, None]

        def log_p(level: Array) -> Array:
            within = ndtr((high - level) / sd) - ndtr((low - level) / sd)
            return np.asarray(np.log(np.maximum(within, 1e-12)))

        before = seen.before[:, week][:, None]
        return log_p(before - size) - log_p(before)


class DriftCodesOracle(CodesOracle):
    """The same for a change that comes evenly over eight weeks."""

    ramp = _RAMP


class DriftOracle(Oracle):
    """The same for a change that comes evenly over eight weeks."""

    ramp = _RAMP


class Learner(Oracle):
    """Knows what the oracle knows, except the level, which it learns from the weeks as everybody must."""

    def __init__(self, teams: int) -> None:
        super().__init__(teams)
        self.level = np.full(teams, SHIPPED.level)
        self.doubt = np.full(teams, SHIPPED.spread)
        self.apart = np.zeros((teams, _BACK))  # by how much each start's belief about the level differs

    def look(self, seen: Seen, week: int) -> Array:
        slot = week % _BACK
        self.evidence[:, slot], self.apart[:, slot] = 0.0, 0.0
        age = (week - np.arange(_BACK)) % _BACK + 1
        size = (seen.before[:, week] - seen.after[:, week])[:, None] * np.minimum(age / self.ramp, 1)
        total = self.doubt + seen.variance[:, week]
        gain = np.where(np.isnan(total), 0.0, self.doubt / total)
        surprise = seen.mean[:, week] - self.level
        expected = self.apart - size  # by how much less each start expects to see
        gained = expected * (surprise[:, None] - expected / 2) / total[:, None]
        self.evidence += np.where(np.isnan(gained), 0.0, gained)
        self.apart -= gain[:, None] * expected
        self.level += gain * np.where(np.isnan(surprise), 0.0, surprise)
        self.doubt *= 1 - gain
        return np.asarray(np.exp(np.logaddexp.reduce(self.evidence, axis=1)))

    def forget(self, teams: Flags) -> None:
        super().forget(teams)
        self.level[teams], self.doubt[teams], self.apart[teams] = SHIPPED.level, SHIPPED.spread, 0.0


class DriftLearner(Learner):
    """The same for a change that comes evenly over eight weeks."""

    ramp = _RAMP


class _WithBaseline(Watch):
    """Compares each observation with the mean of all before it."""

    def __init__(self, teams: int) -> None:
        self.total, self.count, self.alarm = np.zeros(teams), np.zeros(teams), np.zeros(teams)

    def look(self, seen: Seen, week: int) -> Array:
        there = seen.observed[:, week]
        mean = np.where(there, seen.mean[:, week], 0.0)
        usual = self.total / np.maximum(self.count, 1)
        known = there & (self.count >= _KNOWN_BY)
        self.alarm = np.where(known, self.step(usual - mean, seen.variance[:, week]), self.alarm)
        self.total += mean
        self.count += there
        return np.where(known, self.alarm, -np.inf)

    @abstractmethod
    def step(self, fallen: Array, variance: Array) -> Array:
        """The new alarm after an observation that is lower than usual by `fallen`."""

    def forget(self, teams: Flags) -> None:
        for state in (self.total, self.count, self.alarm):
            state[teams] = 0.0


class Ewma(_WithBaseline):
    """An exponentially weighted mean of how far observations lie below the usual, weight 0.2."""

    def step(self, fallen: Array, variance: Array) -> Array:
        return 0.8 * self.alarm + 0.2 * fallen


class Cusum(_WithBaseline):
    """The sum of evidence for a fall by half an answer SD, which never goes below nothing; knows n."""

    def step(self, fallen: Array, variance: Array) -> Array:
        spread = variance * (1 + 1 / np.maximum(self.count, 1))
        return np.maximum(0.0, self.alarm + 0.5 * (fallen - 0.25) / spread)


class SinceLast(Watch):
    """How far the mean has dropped since the observation before."""

    span = 1  # observations that are compared with as many before them

    def __init__(self, teams: int) -> None:
        self.last = np.full((teams, 2 * self.span), np.nan)

    def look(self, seen: Seen, week: int) -> Array:
        there = seen.observed[:, week]
        moved = np.concatenate([self.last[:, 1:], seen.mean[:, week][:, None]], axis=1)
        self.last = np.where(there[:, None], moved, self.last)
        dropped = self.last[:, : self.span].mean(axis=1) - self.last[:, self.span :].mean(axis=1)
        # Means of small whole numbers: what is a drop by half a point must not miss it by a rounding.
        return np.where(np.isnan(dropped), -np.inf, dropped + 1e-9)

    def forget(self, teams: Flags) -> None:
        self.last[teams] = np.nan


class MonthByMonth(SinceLast):
    """How far the mean of four observations has dropped below that of the four before them."""

    span = 4
