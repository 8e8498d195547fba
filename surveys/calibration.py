"""An organisation's own noise, learned from how well its rounds were foreseen.

The shipped noise is right for a typical organisation. In others - people who disagree more, weeks that swing -
it would flag too often or too late. So a few candidates foretell every observation of every stream; those
that did better so far count for more.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from surveys.filtering import Array, Beliefs, Observation
from surveys.noise import SHIPPED, Noise, room
from surveys.trends import follow

SHARES = (0.37, SHIPPED.people / SHIPPED.within, 0.56, 0.65)
"""Candidate shares of the variance that lie between people."""

WEEKS = (
    (SHIPPED.week, SHIPPED.memory),
    *((0.004, 0.0), (0.02, 0.0), (0.035, 0.0), (0.06, 0.0)),
    *((0.01, 0.6), (0.02, 0.6), (0.035, 0.6), (0.06, 0.6)),
)
"""Candidate variances of the week, with the week's memory."""

OTHERS = 0.4
"""How likely, before any data, all other shares together are beside the shipped one; all other weeks likewise.

Together, not each: there are more other weeks than shares, most of them more restless, and a team alone with its
first few months would be taken to be restless for their number's sake.
"""

SETTLED = timedelta(weeks=8)
"""What is younger than this teaches nothing yet. A change that comes to many teams at once looks like a restless week
until it is flagged; taken for noise in its first weeks, it was flagged a tenth later."""

_LIMIT = 104.0  # where a change was flagged at this limit, candidates may look for the level anew

_SETTINGS = np.array([(share, *week) for share in SHARES for week in WEEKS])
_BEFORE = np.array(
    [
        math.log(OTHERS / (len(SHARES) - 1)) * (share != SHARES[1])
        + math.log(OTHERS / (len(WEEKS) - 1)) * (week != WEEKS[0])
        for share in SHARES
        for week in WEEKS
    ]
)

_GRAIN = 2.0**20
"""Log probabilities are added up in whole millionths, nearly: such sums are the same in whatever order they come."""

_IMPOSSIBLE = -1e6  # a log probability this low says all there is to say, and keeps the sums within 64 bits

Gains = Mapping[date, npt.NDArray[np.int64]]
"""What each candidate foretold of the observations of a day: log probabilities, in grains."""

Within = Callable[[date], float]


def _shipped_within(_: date) -> float:
    return SHIPPED.within


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was known about an organisation's noise, by date."""

    days: tuple[date, ...]  # days with observations, in order
    weights: Array  # (days + 1, candidates): each candidate's weight before the first day ... after the last
    within: Within  # the organisation's own variance of an answer, as it was known before a day

    def noise(self, on: date) -> Noise:
        """The noise to use for the observations of `on`: what was known of it some weeks before."""
        known = bisect.bisect_left(self.days, on.toordinal() - SETTLED.days, key=date.toordinal)
        share, week, memory = (float(x) for x in self.weights[known] @ _SETTINGS)
        return replace(SHIPPED.with_within(self.within(on), share), week=week, memory=memory)


def calibrate(streams: Iterable[Sequence[Observation]], *, within: Within = _shipped_within) -> Calibration:
    """Weigh the candidates by what they foretold in all `streams`, each in order of time.

    `within` says what was known before a day of the variance of an answer (see `noise.within_variance`).
    """
    return weigh((foretell(stream, within) for stream in streams), within)


def within_of(rounds: Iterable[tuple[date, float]]) -> Within:
    """What was known before any day of the variance of an answer: the mean of what the rounds that had closed by then
    came to, with the shipped one counted as one of them. `rounds` are pairs of closing day and variance.
    """
    in_order = sorted(rounds)
    days = [day for day, _ in in_order]
    sums = list(accumulate((within for _, within in in_order), initial=SHIPPED.within))

    def within(on: date) -> float:
        known = bisect.bisect_left(days, on)
        return sums[known] / (known + 1)

    return within


def foretell(stream: Sequence[Observation], within: Within) -> Gains:
    """What the candidates foretold of one stream."""
    grains = (np.rint(np.maximum(log_p, _IMPOSSIBLE) * _GRAIN).astype(np.int64) for log_p in _foretold(stream, within))
    return {observation.on: one for observation, one in zip(stream, grains, strict=True)}


def add_gains(several: Iterable[Gains]) -> Gains:
    """What was foretold of several streams together."""
    total: dict[date, npt.NDArray[np.int64]] = {}
    for gains in several:
        for day, grains in gains.items():
            total[day] = total[day] + grains if day in total else grains
    return total


def weigh(several: Iterable[Gains], within: Within) -> Calibration:
    """What the gains of all streams come to; `within` as in `calibrate`."""
    total = add_gains(several)
    days = sorted(total)
    log_weights = np.cumsum([_BEFORE, *(total[day] / _GRAIN for day in days)], axis=0)
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return Calibration(days=tuple(days), weights=weights / weights.sum(axis=1, keepdims=True), within=within)


def _foretold(stream: Sequence[Observation], within: Within) -> list[Array]:
    """Log probability that each candidate gave to each observation of a stream before it was seen."""
    foretold: list[Array] = []
    beliefs: Beliefs | None = None
    before: date | None = None
    items = sorted({o.item for o in stream if o.item is not None})
    for observation, reading in zip(stream, follow(stream, limit=_LIMIT), strict=True):
        noises = _candidates(within(observation.on))
        beliefs = beliefs or Beliefs(len(noises), items, noises)
        weeks = 0.0 if before is None else (observation.on - before).days / 7
        beliefs.advance(weeks, observation, noises)
        left = room(beliefs.expect(observation))
        variance = left * np.array([noise.of_mean(observation.n, observation.roster) for noise in noises])
        foretold.append(beliefs.learn(observation, variance, math.sqrt(left), 0.0))
        before = observation.on
        if reading.recovered or (reading.flag is not None and reading.flag.raised_on == reading.on):
            beliefs.loosen_level(slice(None), SHIPPED)
    return foretold


@lru_cache(maxsize=512)
def _candidates(within: float) -> tuple[Noise, ...]:
    return tuple(
        replace(SHIPPED.with_within(within, share), week=week, memory=memory)
        for share, week, memory in _SETTINGS.tolist()
    )
