"""The detector: is a team's level getting worse, since when, and how sure is that?

`follow` reads the observations of one stream (a unit and a driver) and says after each what was known then. It
sums the evidence for every way in which the level may have changed (a Shiryaev-Roberts mixture), and flags when
that sum passes a threshold which chance alone passes once in `limit` observations on average.

Sources: Shin, Ramdas and Rinaldo, E-detectors; Moustakides, Polunchenko and Tartakovsky 2009 (Shiryaev-Roberts);
Siegmund and Venkatraman 1995 (likelihood ratios with unknown size).
Constants were set by simulation, on teams like those of tests/support.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from surveys.filtering import Array, Beliefs, Observation
from surveys.noise import HIGHEST, LOWEST, SHIPPED, Noise, room

__all__ = ["SHIPPED", "STANDING", "Flag", "Noise", "Observation", "Reading", "follow", "limit_for"]

STANDING = timedelta(weeks=12)
"""A flag stands this long unless recovery is flagged before: by then it was acted upon, or is the new normal."""

STARTS = 52
"""How many observations back a change may have started."""

RECENT = 5
"""How many observations the shown level rests on."""

SIZES, SIZE_WEIGHTS = (0.25, 0.5, 0.8), (0.3, 0.4, 0.3)
"""The changes looked for, in answer SD. Other weights moved the mean delay by a tenth of a week or less."""

RAMP_WEEKS = 8
"""A change comes at once, or evenly over this time."""

OVERSHOOT_EXACT, OVERSHOOT_CODED = (0.08, 0.34), (0.15, 0.25)
"""The evidence jumps past its threshold, and further when one observation tells more: so much is taken off the
threshold, always and for each half SD of an answer, counted in SD of the observation. Found by simulation."""

UNANNOUNCED = math.log(4)
"""A rise that ends no flag is shown to nobody; it only lets the detector start again from a higher level. It is
believed at four times the limit: at one, chance highs taken for the new calm raised false flags by a third."""

_Z90 = 1.6448536269514722  # 5 % of a normal distribution lie above
_KINDS = 2 * len(SIZES)  # changes in one direction: at once of each size, then evenly of each size
_ROWS = 2 * _KINDS  # changes looked for from one start: worse, then better
_WORSE, _BETTER = slice(None, _KINDS), slice(_KINDS, None)
_LOG_WEIGHTS = np.log(np.tile(SIZE_WEIGHTS, 4) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A calibrated notice that a driver is getting worse."""

    raised_on: date  # the observation that raised it
    since: date  # the observation at which the change most likely began to show
    evidence: float  # by how much the log evidence passed the threshold

    @property
    def strength(self) -> str:
        """Its evidence in a word: "strong" from twice the threshold, "very strong" from eight times it."""
        if self.evidence < math.log(2):
            return "some"
        return "strong" if self.evidence < math.log(8) else "very strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was known about a stream after one of its observations."""

    on: date  # the day of the observation
    level: float  # where the level was in the last five observations, 1..5
    lo90: float  # the level is above this ...
    hi90: float  # ... and below this with 90 % probability
    flag: Flag | None  # the flag that stands
    recovered: bool  # this observation ended a flag: the level has risen again


def follow(
    observations: Sequence[Observation],
    *,
    limit: float | Sequence[float],
    noise: Noise | Sequence[Noise] = SHIPPED,
    untold: int = 0,
) -> tuple[Reading, ...]:
    """Read a stream in order of time: one reading for each observation, which uses nothing later.

    `limit` is the mean number of observations until chance alone raises a flag (see `limit_for`). `limit` and `noise`
    may be one for all observations, or one for each: the limit that held then, the noise as it was known then (see
    `calibration`). The first `untold` observations only show the detector where the level stood: they have no
    reading, and raise no flag. Raises ValueError when observations are not in order of time, or a bound, a count or a
    limit makes no sense.
    """
    noises = [noise] * len(observations) if isinstance(noise, Noise) else noise
    limits = [limit] * len(observations) if isinstance(limit, float | int) else limit
    if not len(noises) == len(limits) == len(observations):
        raise ValueError("There must be one limit and one noise for all observations, or one of each for each.")
    if not all(one > 1 for one in limits):
        raise ValueError("The limit must be above 1.")
    if not observations:
        return ()
    items = sorted({observation.item for observation in observations if observation.item is not None})
    detector = _Detector(items, noises[0], untold)
    each = zip(observations, limits, noises, strict=True)
    return tuple(detector.read(one, math.log(limit), noise) for one, limit, noise in each)[untold:]


def limit_for(units: Iterable[tuple[float, float]], *, flags_allowed: float = 1, weeks: float = 26) -> float:
    """A: the mean number of observations to a false flag that keeps a manager's promise.

    `units` are the manager's: each (rounds a week, drivers observed a round). With all of them together,
    chance raises at most `flags_allowed` flags in `weeks` on average. One team, weekly, 5 drivers: 130.
    """
    return weeks / flags_allowed * sum(rounds * drivers for rounds, drivers in units)


class _Detector:
    """The state of one stream. A start is an observation at which something may have changed."""

    def __init__(self, items: Sequence[str], noise: Noise, untold: int) -> None:
        self._untold = untold
        # Row 0 believes that nothing has changed since the last restart; any other, in one start, kind and size.
        self._changes = Beliefs(1 + STARTS * _ROWS, items, [noise])
        # A row for each start, which lets the level jump there: what a restart and the shown level rest on.
        self._afresh = Beliefs(STARTS, items, [noise] * STARTS)
        self._evidence: Array = np.full((STARTS, _ROWS), -np.inf)  # log likelihood ratios, weighted
        self._days: Array = np.zeros(STARTS)  # day numbers of the starts; observation i is start i % STARTS
        self._seen = 0  # how many observations there were
        self._last: date | None = None
        self._flag: Flag | None = None

    def read(self, observation: Observation, log_limit: float, noise: Noise) -> Reading:
        _check(observation, self._last)
        weeks = 0.0 if self._last is None else (observation.on - self._last).days / 7
        for beliefs in (self._changes, self._afresh):
            beliefs.advance(weeks, observation, [noise])
        self._open_start(observation, noise)
        left = room(self._changes.expect(observation))
        variance = left * noise.of_mean(observation.n, observation.roster)
        sd = math.sqrt(noise.within * left)
        self._afresh.learn(observation, variance, math.sqrt(left), 0.0)
        log_p = self._changes.learn(observation, variance, math.sqrt(left), self._shifts(observation.on, sd))
        self._evidence += log_p[1:].reshape(STARTS, _ROWS) - log_p[0]
        self._last = observation.on
        return self._judge(observation, log_limit, 0.5 * sd / math.sqrt(variance + left * noise.week))

    def _open_start(self, observation: Observation, noise: Noise) -> None:
        """Begin to consider that something changes with this observation; give up the oldest start."""
        slot = self._seen % STARTS
        self._seen += 1
        self._days[slot] = observation.on.toordinal()
        self._evidence[slot] = _LOG_WEIGHTS
        self._changes.mean[1 + slot * _ROWS : 1 + (slot + 1) * _ROWS] = self._changes.mean[0]
        self._afresh.mean[slot], self._afresh.cov[slot] = self._changes.mean[0], self._changes.cov[0]
        self._afresh.loosen_level(slot, noise)

    def _shifts(self, on: date, sd: float) -> Array:
        """By how much each row believes the level has moved by now."""
        arrived = np.minimum((on.toordinal() - self._days) / 7 + 1, RAMP_WEEKS) / RAMP_WEEKS
        size = sd * np.asarray(SIZES)
        moved = np.concatenate([np.tile(size, (STARTS, 1)), arrived[:, None] * size], axis=1)
        return np.concatenate([[0.0], np.concatenate([-moved, moved], axis=1).ravel()])

    def _judge(self, observation: Observation, log_limit: float, telling: float) -> Reading:
        """Weigh the evidence. `telling` is half an answer SD in SD of this observation."""
        threshold = log_limit - _overshoot(observation, telling)
        worse, better = (float(np.logaddexp.reduce(self._evidence[:, k], axis=None)) for k in (_WORSE, _BETTER))
        if self._flag is not None and observation.on - self._flag.raised_on >= STANDING:
            self._flag = None
        recovered = False
        if worse > threshold:
            since = self._restart(_WORSE)
            if self._seen > self._untold:
                self._flag = Flag(raised_on=observation.on, since=since, evidence=worse - threshold)
        elif better > threshold + UNANNOUNCED * (self._flag is None):
            recovered, self._flag = self._flag is not None, None
            self._restart(_BETTER)
        level, margin = self._recent_level()
        return Reading(
            on=observation.on,
            level=_clip(level),
            lo90=_clip(level - margin),
            hi90=_clip(level + margin),
            flag=self._flag,
            recovered=recovered,
        )

    def _restart(self, kinds: slice) -> date:
        """Take the level as it is since the likeliest start of a change for the new calm; return that start."""
        slot = int(np.argmax(np.logaddexp.reduce(self._evidence[:, kinds], axis=1)))
        self._changes.mean[0], self._changes.cov[0] = self._afresh.mean[slot], self._afresh.cov[slot]
        self._evidence[:] = -np.inf
        return date.fromordinal(int(self._days[slot]))

    def _recent_level(self) -> tuple[float, float]:
        """The level by the last five observations alone, and half the width of its 90 % interval."""
        start = (self._seen - min(RECENT, self._seen)) % STARTS
        return float(self._afresh.mean[start, 0]), _Z90 * math.sqrt(float(self._afresh.cov[start, 0, 0]))


def _overshoot(observation: Observation, telling: float) -> float:
    """How far the log evidence passes its threshold, typically; a band half a point wide is a code."""
    exactness = max(0.0, 1 - (observation.hi - observation.lo) / 0.5)
    always, each = (c + (e - c) * exactness for e, c in zip(OVERSHOOT_EXACT, OVERSHOOT_CODED, strict=True))
    return always + each * telling


def _clip(level: float) -> float:
    return min(max(level, LOWEST), HIGHEST)


def _check(observation: Observation, before: date | None) -> None:
    if before is not None and observation.on <= before:
        raise ValueError(f"Observations must be in order of time, one a day: {observation.on} follows {before}.")
    if not LOWEST <= observation.lo <= observation.hi <= HIGHEST:
        raise ValueError(f"Bounds must lie between 1 and 5, lower first: {observation.lo}, {observation.hi}.")
    if not (observation.n > 0 and observation.roster > 0 and observation.replaced >= 0):
        raise ValueError("An observation needs answers, a roster, and no negative count of members replaced.")
