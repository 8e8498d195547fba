"""What the detector does on made-up teams, counted: false flags, delays, and whether intervals hold the truth.

A scene is a world in which organisations live, each of several teams, and the ways in which the detector (and its
rivals) look at them. Every organisation has its own seed, so scenes can be run in any order, on any number of cores.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from storage.learning import TEACHERS
from surveys.answers import Row
from surveys.calibration import calibrate, within_of
from surveys.detection import own_within
from surveys.noise import SHIPPED, Noise, within_variance
from surveys.release import EDGES, counted, level_band, people_class
from surveys.scatter import kept
from surveys.trends import Observation, follow
from tests.support import rivals
from tests.support.rivals import (
    CodesOracle,
    Cusum,
    DriftCodesOracle,
    DriftLearner,
    DriftOracle,
    Ewma,
    Learner,
    MonthByMonth,
    Oracle,
    Seen,
    SinceLast,
)
from tests.support.teams import Week, World, coded, exact, live

SEED = 2026_11
"""Where all figures come from. The tests, and the choice of the detector's constants, used other seeds."""

LIMIT = 104.0
"""A: the mean number of observations to a false flag that the detector is asked to keep."""

STEP_WEEK = 38
"""Weeks of history before something changes."""

SIXTH = 6
"""Weeks after a step at which the shown level should have caught up."""


class Look(StrEnum):
    """A way to look at teams."""

    EXACT = "exact"  # as murmur detect does: exact means, noise learned from the organisation
    EXACT_SHIPPED = "exact, shipped noise"
    CODED = "coded"  # as the product begins: published codes, shipped noise
    CODED_LEARNED = "coded, noise learned"  # as it goes on: what its own rounds taught it
    ORACLE = "oracle"
    LEARNER = "oracle that learns the level"
    CODES_ORACLE = "oracle that sees only codes"
    CUSUM = "CUSUM, known n"
    EWMA = "EWMA"
    MONTH = "this month against last"
    LAST = "dropped since last week"
    MONTH_RULE = "this month 0.3 below last"  # as a rule of thumb says it, whatever the rate of false flags
    LAST_RULE = "dropped by half a point"


RIVALS = {
    Look.ORACLE: Oracle,
    Look.LEARNER: Learner,
    Look.CUSUM: Cusum,
    Look.EWMA: Ewma,
    Look.MONTH: MonthByMonth,
    Look.LAST: SinceLast,
}
ORACLES = {Look.ORACLE: Oracle, Look.CODES_ORACLE: CodesOracle}
"""Whom codes are compared with, where items come in turn."""

_DRIFTING: dict[Look, Callable[[int], rivals.Watch]] = {  # those who know what is to come
    Look.ORACLE: DriftOracle,
    Look.CODES_ORACLE: DriftCodesOracle,
    Look.LEARNER: DriftLearner,
}
RULES = {Look.LAST_RULE: (SinceLast, 0.5), Look.MONTH_RULE: (MonthByMonth, 0.3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A world and who looks at it."""

    name: str
    world: World
    looks: tuple[Look, ...]
    teams: int = 40  # teams of one organisation
    limit: float = LIMIT  # that the detector is asked to keep

    @property
    def changes(self) -> bool:
        """Whether the teams' level falls: then delays are counted, else false flags."""
        return self.world.drop > 0


@dataclass(slots=True)
class Counted:
    """What one look at one organisation came to; the lists hold one entry a team, in the same order for all looks."""

    observations: int = 0
    flags: int = 0
    held: list[bool] = field(default_factory=list)  # whether each interval held the truth, in calm
    held_later: list[bool] = field(default_factory=list)  # the same in the sixth week after a change
    delays: list[float] = field(default_factory=list)  # weeks to the flag; NaN where chance raised one before


def organisation(scene: Scene, number: int, thresholds: Mapping[Look, float]) -> dict[Look, Counted]:
    """Let one organisation live, and look at it in every way of the scene."""
    name = int.from_bytes(scene.name.encode(), "big") % 2**32
    rng = np.random.default_rng([SEED, name, number])
    teams = [live(scene.world, rng) for _ in range(scene.teams)]
    seen = _seen(scene.looks, teams)
    found = {}
    for look in scene.looks:
        if look in RIVALS or look in ORACLES or look in RULES:
            found[look] = _by_rival(look, seen[look], scene, thresholds)
        else:
            found[look] = _by_detector(look, teams, scene)
    return found


def thresholds(people: int, teams: int, shapes: Iterable[int], *, items: int = 1) -> dict[int, dict[Look, float]]:
    """At what thresholds the rivals raise one flag in LIMIT observations of calm teams of this size.

    For each of `shapes`, the weeks over which the change comes that a rival may know of. Where `items` come in turn,
    only the oracles are asked.
    """
    rng = np.random.default_rng([SEED, items, people])
    calm = [live(World(people=people, weeks=150, items=items), rng) for _ in range(teams)]
    seen = _seen(RIVALS if items == 1 else ORACLES, calm)
    return {
        weeks: {look: rivals.at_rate(_watch(look, weeks), of, 1 / LIMIT) for look, of in seen.items()}
        for weeks in shapes
    }


def _seen(looks: Collection[Look], teams: Sequence[Sequence[Week]]) -> Mapping[Look, Seen]:
    """What each of these looks sees of the teams."""
    means = rivals.seen(teams)
    codes = rivals.seen(teams, codes=True) if Look.CODES_ORACLE in looks else means
    return {look: codes if look is Look.CODES_ORACLE else means for look in looks}


def _watch(look: Look, drop_weeks: int) -> Callable[[int], rivals.Watch]:
    usual: Callable[[int], rivals.Watch] = {**RIVALS, **ORACLES}[look]
    return _DRIFTING.get(look, usual) if drop_weeks > 1 else usual


def _by_rival(look: Look, seen: Seen, scene: Scene, thresholds: Mapping[Look, float]) -> Counted:
    watch, limit = RULES[look] if look in RULES else (_watch(look, scene.world.drop_weeks), thresholds[look])
    raised = rivals.flags(watch, seen, limit)
    counted = Counted(observations=int(seen.observed.sum()), flags=int(raised.sum()))
    if scene.changes:
        counted.delays = [_delay(np.flatnonzero(row).tolist(), scene.world) for row in raised]
    return counted


def _by_detector(look: Look, teams: Sequence[Sequence[Week]], scene: Scene) -> Counted:
    streams = [coded(weeks) if look in (Look.CODED, Look.CODED_LEARNED) else exact(weeks) for weeks in teams]
    counted = Counted()
    for weeks, stream, noise in zip(teams, streams, _noises(look, teams, streams), strict=True):
        readings = follow(stream, limit=scene.limit, noise=noise)
        place = {week.on: index for index, week in enumerate(weeks)}
        raised = [place[one.on] for one in readings if one.flag is not None and one.flag.raised_on == one.on]
        counted.observations += len(stream)
        counted.flags += len(raised)
        held = {place[one.on]: one.lo90 <= weeks[place[one.on]].truth <= one.hi90 for one in readings}
        if scene.changes:
            counted.delays.append(_delay(raised, scene.world))
            counted.held_later += [held[week] for week in [scene.world.drop_week + SIXTH] if week in held]
        else:
            counted.held += held.values()
    return counted


def _noises(
    look: Look, teams: Sequence[Sequence[Week]], streams: Sequence[Sequence[Observation]]
) -> list[Noise | list[Noise]]:
    if look is Look.EXACT:
        calibration = calibrate(streams, within=own_within(_answered(teams)))
    elif look is Look.CODED_LEARNED:
        calibration = calibrate(streams[:TEACHERS], within=within_of(_kept(teams)))
    else:
        return [SHIPPED] * len(streams)
    return [[calibration.noise(one.on) for one in stream] for stream in streams]


def _kept(teams: Sequence[Sequence[Week]]) -> Iterable[tuple[date, float]]:
    """What each round of an organisation keeps of its scatter."""
    for weeks in zip(*teams, strict=True):
        groups = [week.answers for week in weeks if _between_the_ends(week)]
        within = within_variance([group] for group in groups)
        if within is not None:
            yield weeks[0].on, kept(within) / 100


def _between_the_ends(week: Week) -> bool:
    people = people_class(counted(len(week.answers), week.roster))
    return people is not None and 0 < level_band(week.answers, people) < len(EDGES[people])


def _answered(teams: Sequence[Sequence[Week]]) -> Iterable[Row]:
    for number, weeks in enumerate(teams):
        for week in weeks:
            if (n := len(week.answers)) >= 4:
                mean, squares = float(np.mean(week.answers)), n * float(np.var(week.answers))
                yield Row(
                    on=week.on,
                    team=str(number),
                    driver="",
                    roster=week.roster,
                    replaced=week.replaced,
                    n=n,
                    lo=mean,
                    hi=mean,
                    squares=squares,
                )


def _delay(raised: Sequence[int], world: World) -> float:
    """Weeks from the change to the flag, the first changed week being 1; what is missed counts to the end."""
    if any(week < world.drop_week for week in raised):
        return math.nan
    return float(min(raised, default=world.weeks) - world.drop_week + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An estimate with its 95 % bounds."""

    value: float
    margin: float

    @property
    def low(self) -> float:
        return self.value - self.margin

    @property
    def high(self) -> float:
        return self.value + self.margin


def false_flags(counted: Sequence[Counted]) -> Figure:
    """Flags in multiples of what was promised, with bounds from how much organisations differ."""
    return _ratio([one.flags * LIMIT for one in counted], [float(one.observations) for one in counted])


def coverage(counted: Sequence[Counted], *, later: bool = False) -> Figure:
    """The share of intervals that held the truth."""
    held = [one.held_later if later else one.held for one in counted]
    return _ratio([float(sum(some)) for some in held], [float(len(some)) for some in held])


def delay(counted: Sequence[Counted]) -> Figure:
    """Mean weeks from a change to the flag, over teams that chance had not flagged before."""
    delays = [week for one in counted for week in one.delays if not math.isnan(week)]
    return _ratio(delays, [1.0] * len(delays))


def delay_ratio(counted: Sequence[Counted], beside: Sequence[Counted]) -> Figure:
    """One mean delay in multiples of another, over teams that neither had flagged before."""
    pairs = [
        pair
        for one, other in zip(counted, beside, strict=True)
        for pair in zip(one.delays, other.delays, strict=True)
        if not any(map(math.isnan, pair))
    ]
    return _ratio([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def _ratio(above: Sequence[float], below: Sequence[float]) -> Figure:
    """The ratio of two sums, and as many of its standard errors as Student asks for so few entries."""
    a, b = np.asarray(above), np.asarray(below)
    if len(a) < 2 or not b.sum():
        return Figure(value=float(a.sum() / b.sum()) if b.sum() else math.nan, margin=math.nan)
    ratio = a.sum() / b.sum()
    error = math.sqrt(len(a) / (len(a) - 1) * float(((a - ratio * b) ** 2).sum())) / b.sum()
    return Figure(value=float(ratio), margin=float(stdtrit(len(a) - 1, 0.975)) * float(error))
