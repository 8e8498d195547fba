"""From the ledger of a unit to what the detector says: one stream of observations for each driver."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from surveys.noise import HIGHEST, LOWEST, SHIPPED, Noise
from surveys.release import Kind, PeopleClass, Published, band_interval
from surveys.trends import Observation, Reading, follow
from surveys.units import USUAL_SHARE

_COUNTS = {PeopleClass.FIVE: (5,), PeopleClass.SIX_SEVEN: (6, 7), PeopleClass.EIGHT: ()}
"""The numbers of answers of a class, where they are so few that it matters which means they can have."""


def read_streams(
    history: Sequence[Published],
    limit: float,
    noise: Callable[[date], Noise] = lambda _: SHIPPED,
    imported: Iterable[Published] = (),
) -> Mapping[str, tuple[Reading, ...]]:
    """What the detector says after each round, by driver; `history` is one unit's ledger, oldest first.

    Each round is read with the limit that was settled when it opened, so that what was said of it stays said: `limit`,
    the mean number of observations to a false flag (`trends.limit_for`), is only for a history in which no round has
    one. `noise` is what was known of it on a day. Withheld codes are rounds that did not happen. From what was
    `imported` of the time before, oldest first, the detector starts: no level rests on it, and no flag is of that time.
    """
    if not history:
        return {}
    days = {one.closed_on for one in history}
    both = [*(one for one in imported if one.closed_on < min(days)), *history]
    limits = _limits(both, limit)
    found = {}
    for driver, stream in streams(both).items():
        untold = sum(observation.on not in days for observation in stream)
        if untold < len(stream):
            read_with = tuple((limits[observation.on], noise(observation.on)) for observation in stream)
            found[driver] = _followed(stream, read_with, untold)
    return found


# Codes never change, so that a stream is read again and again with the same result: by every digest, and every Home.
@lru_cache(maxsize=2048)
def _followed(
    stream: tuple[Observation, ...], read_with: tuple[tuple[float, Noise], ...], untold: int
) -> tuple[Reading, ...]:
    limits, noises = zip(*read_with, strict=True)
    readings = follow(stream, limit=limits, noise=noises, untold=untold)
    if not untold:
        return readings
    # Levels are those of the rounds by themselves.
    alone = follow(stream[untold:], limit=limits[untold:], noise=noises[untold:])
    return tuple(
        replace(reading, level=shown.level, lo90=shown.lo90, hi90=shown.hi90)
        for reading, shown in zip(readings, alone, strict=True)
    )


def _limits(history: Iterable[Published], otherwise: float) -> Mapping[date, float]:
    """The limit of each day. Rounds of older versions, and imported weeks, take the first that was ever settled."""
    settled = {one.closed_on: one.flag_limit for one in history}
    first = next((settled[day] for day in sorted(settled) if settled[day] is not None), None)
    return {day: limit or first or otherwise for day, limit in settled.items()}


def streams(history: Iterable[Published]) -> Mapping[str, tuple[Observation, ...]]:
    """The observations of every driver that has any, oldest first, one a round.

    Members replaced in rounds in which a driver was not asked, or was withheld, count with its next observation.
    """
    rounds: dict[int, list[Published]] = {}
    for one in history:
        rounds.setdefault(one.round_id, []).append(one)
    found: dict[str, dict[date, Observation]] = {}
    replaced_by_now = 0
    counted: dict[str, int] = {}
    for published in rounds.values():
        replaced_by_now += published[0].replaced
        for driver, asked in _shown(published).items():
            observation = _observation(asked, replaced_by_now - counted.get(driver, 0))
            counted[driver] = replaced_by_now
            # Two rounds that close on one day, the first cut short by hand, are one observation: the later.
            found.setdefault(driver, {})[observation.on] = observation
    return {driver: tuple(days[day] for day in sorted(days)) for driver, days in found.items()}


def _shown(published: Iterable[Published]) -> Mapping[str, list[Published]]:
    """The levels of one round that are shown, by driver."""
    shown: dict[str, list[Published]] = {}
    for one in published:
        if one.code.kind is Kind.LEVEL and one.code.value is not None and one.code.people is not None:
            shown.setdefault(one.code.driver, []).append(one)
    return shown


def people_behind(people: PeopleClass, roster: int) -> float:
    """A typical number of answers for a class of people in a unit of `roster`."""
    if people is PeopleClass.FIVE:
        return 5
    return 6.5 if people is PeopleClass.SIX_SEVEN else max(8.0, USUAL_SHARE * roster)


def means_behind(band: int, people: PeopleClass) -> tuple[float, float]:
    """The means that a band stands for, as an interval of a figure that may take any value.

    A mean of five answers is 3.2 or 3.4, never between. An edge at 3.25 lies halfway between the two, at 3.3: the
    detector takes means for normal, and an edge so little off raised every seventh false flag in a team of seven.
    """
    low, high = band_interval(band, people)
    return _halfway(low, people), _halfway(high, people)


def _halfway(edge: float, people: PeopleClass) -> float:
    """The edge, moved halfway between the means next to it; of eight answers and more they lie close enough."""
    if edge in (LOWEST, HIGHEST):
        return edge
    moved = [(math.ceil(edge * n) - 0.5) / n for n in _COUNTS[people]]
    return sum(moved) / len(moved) if moved else edge


def _observation(asked: Sequence[Published], replaced: int) -> Observation:
    """What one round says of one driver. Several of its items in a round count as one, halfway between them."""
    intervals = [
        means_behind(one.code.value, one.code.people)
        for one in asked
        if one.code.value is not None and one.code.people is not None
    ]
    first = asked[0]
    assert first.code.people is not None
    return Observation(
        on=first.closed_on,
        lo=sum(low for low, _ in intervals) / len(intervals),
        hi=sum(high for _, high in intervals) / len(intervals),
        n=people_behind(first.code.people, first.roster),
        roster=first.roster,
        replaced=replaced,
        item="+".join(sorted(one.code.subject for one in asked)),
    )
