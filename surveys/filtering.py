"""What can be believed about a team's level after each observation: Kalman filters side by side.

A team's true level is never seen. What is seen, now and then, is the mean of a few answers, or only the band
that mean fell into. A filter keeps a normal belief about the level, about this week's mood and about how much
each item sits above or below the others, and updates it with every observation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr

from surveys.noise import HIGHEST, LOWEST, Noise

Array = npt.NDArray[np.float64]
Numbers = float | Array

_LEVEL, _WEEK, _ITEMS = 0, 1, 2
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one round tells about one stream (a unit and a driver)."""

    on: date  # the day the round closed
    lo: float  # lower bound of the mean, oriented so that higher is better
    hi: float  # upper bound; equal to `lo` where the mean is known exactly
    n: float  # how many answered; for a code, what is typical of its class
    roster: int  # how many could have answered
    replaced: int = 0  # members who are new since the observation before
    item: str | None = None  # which of the driver's items was asked; None where there is only one


class Beliefs:
    """Many filters of one stream, a row each: normal beliefs about level, week and item offsets.

    `mean` has shape (rows, 2 + items); `cov` (rows or 1, 2 + items, 2 + items): rows that share one covariance are
    those that differ only in what they believe has happened. Only elementwise arithmetic is used, so that a row's
    figures never depend, even in the last bit, on other rows or on items not yet seen.
    """

    def __init__(self, rows: int, items: Sequence[str], noises: Sequence[Noise]) -> None:
        """`noises`: one where all rows share their uncertainty, else one a row."""
        self._column = {item: _ITEMS + i for i, item in enumerate(items)}
        variances = [[noise.spread, noise.week] + [noise.item] * len(items) for noise in noises]
        self.mean: Array = np.zeros((rows, len(variances[0])))
        self.mean[:, _LEVEL] = noises[0].level
        self.cov: Array = np.stack([np.diag(v) for v in variances])

    def advance(self, weeks: float, observation: Observation, noises: Sequence[Noise]) -> None:
        """Let time pass until `observation`: levels may have drifted, the week's mood fades."""
        kept = np.array([noise.memory**weeks for noise in noises])
        fresh = np.array([noise.week for noise in noises]) * (1 - kept**2)
        moved = np.array([n.of_change(weeks, observation.replaced, observation.roster) for n in noises])
        self.mean[:, _WEEK] *= kept
        self.cov[:, _WEEK, :] *= kept[:, None]
        self.cov[:, :, _WEEK] *= kept[:, None]
        self.cov[:, _WEEK, _WEEK] += fresh
        self.cov[:, _LEVEL, _LEVEL] += moved

    def loosen_level(self, rows: int | slice, noise: Noise) -> None:
        """Let rows think that their level may have jumped anywhere, and keep what they learned about items."""
        self.cov[rows, _LEVEL, _LEVEL] += noise.spread

    def expect(self, observation: Observation) -> float:
        """The mean that row 0 expects `observation` to show."""
        column = self._column.get(observation.item or "")
        offset = 0.0 if column is None else float(self.mean[0, column])
        return float(self.mean[0, _LEVEL] + self.mean[0, _WEEK]) + offset

    def learn(self, observation: Observation, variance: Numbers, week: float, shift: Numbers) -> Array:
        """Update the rows, each of which believes that the level has moved by its `shift`.

        `variance` is that of the observed mean, `week` the factor of the week's mood. Returns each row's log
        probability (density, where the mean is exact) of the observation before it was seen.
        """
        mean, cov = self.mean, self.cov
        column = self._column.get(observation.item or "")
        expected = mean[:, _LEVEL] + week * mean[:, _WEEK] + shift
        gain = cov[:, :, _LEVEL] + week * cov[:, :, _WEEK]
        total = variance
        if column is not None:
            expected = expected + mean[:, column]
            gain = gain + cov[:, :, column]
            total = total + gain[:, column]
        total = total + gain[:, _LEVEL] + week * gain[:, _WEEK]
        sd = np.sqrt(total)
        if observation.lo == observation.hi:
            surprise = (observation.lo - expected) / sd
            log_p, left = -0.5 * surprise**2 - np.log(sd), np.zeros(1)
        else:
            low = -np.inf if observation.lo <= LOWEST else observation.lo
            high = np.inf if observation.hi >= HIGHEST else observation.hi
            log_p, surprise, left = truncated_normal((low - expected) / sd, (high - expected) / sd)
        mean += gain * (surprise / sd)[:, None]
        explained = (1 - left[: len(cov)]) / total
        cov -= gain[:, :, None] * gain[:, None, :] * explained[:, None, None]
        return log_p


def truncated_normal(low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Log probability, mean and variance of a standard normal variable known to lie in [low, high], low < high.

    Stable far out in the tails and for narrow intervals. Source of the moments: Johnson, Kotz and Balakrishnan,
    Continuous Univariate Distributions, vol. 1, 10.1.
    """
    mirrored = high > -low  # work in the lower tail, where log_ndtr keeps its precision
    near, far = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    upper = log_ndtr(far)
    log_p = upper + np.log(-np.expm1(np.minimum(log_ndtr(near) - upper, -1e-12)))
    at_near, at_far = (np.exp(-0.5 * z**2 - _HALF_LOG_TAU - log_p) for z in (near, far))
    mean = np.clip(at_near - at_far, near, far)
    edges = np.where(np.isinf(near), 0.0, near) * at_near - np.where(np.isinf(far), 0.0, far) * at_far
    variance = np.clip(1 + edges - mean**2, 0.0, 1.0)
    width = far - near
    narrow = width < 1e-3  # differences cancel; the density is flat here
    if narrow.any():
        middle = np.where(narrow, near, 0.0) + np.where(narrow, width, 0.0) / 2
        log_p = np.where(narrow, -0.5 * middle**2 - _HALF_LOG_TAU + np.log(width), log_p)
        mean, variance = np.where(narrow, middle, mean), np.where(narrow, width**2 / 12, variance)
    return log_p, np.where(mirrored, -mean, mean), variance
