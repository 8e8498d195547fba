"""The detector over a whole table of teams: which streams are flagged in which weeks.

What `murmur detect` does, as a function:

    answers = parse_answers(open("answers.csv"), "answers.csv", min_n=4)
    flagged = detect(answers.rows, arl=104, min_n=4)

A team and a driver are a stream. All streams together teach how much answers scatter where they come from (see
`calibration`); what is said of a week rests on the weeks before it and on itself, never on later ones. The order of
rows and the names of teams, drivers and items change nothing.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Protocol, TypeVar

from surveys.answers import Row
from surveys.calibration import Calibration, Gains, add_gains, foretell, weigh
from surveys.noise import LEAST_ANSWERS, LEAST_UNITS, SHIPPED, room_of
from surveys.trends import Observation, Reading, follow

A = TypeVar("A")
B = TypeVar("B")

CHUNK = 1_000
"""About so many observations are worked on at a time; progress can be told after each chunk."""

DOUBT = 60.0
"""The shipped variance of an answer counts as much as so many answers of an organisation's own."""

_ITEMS_APART = "\x1f"  # joins the names of items asked together; no name holds it


class Spread(Protocol):
    """Applies a function to every chunk, in order, as `map` does: with others at work, or telling how far it is."""

    def __call__(self, work: Callable[[A], B], chunks: Sequence[A], /) -> Iterable[B]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A week in which a flag stood on a stream."""

    week: date
    team: str
    driver: str
    since: date  # the week in which the change most likely began to show
    level: float  # where the level was in the last five observations, 1..5
    lo90: float  # the level is above this ...
    hi90: float  # ... and below this with 90 % probability


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A team and a driver."""

    team: str
    driver: str
    observations: tuple[Observation, ...]  # in order of time


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWithin:
    """The organisation's own variance of an answer, as it was known before any day."""

    days: tuple[date, ...]
    values: tuple[float, ...]  # before the first day ... after the last

    def __call__(self, on: date) -> float:
        return self.values[bisect.bisect_left(self.days, on)]


def detect(rows: Iterable[Row], *, arl: float = 104, min_n: float = 4, spread: Spread = map) -> list[Flagged]:
    """Every week in which a flag stands, by week, team and driver.

    `arl` is the mean number of observations of a stream until chance alone raises a flag, above 1. Rows in which
    fewer than `min_n` answered count for nothing but who is new. No two rows may tell the same week, team, driver
    and item. A flag is the same one as long as its stream and its `since` are; it stands until recovery is seen, or
    for twelve weeks. Takes some 0.3 ms a row of exact answers and 0.5 ms one of bounds on one core.
    """
    in_order = sorted(rows, key=lambda row: row.place)
    streams = list(_streams(in_order, min_n))
    within = own_within(row for row in in_order if row.n >= min_n)
    del in_order
    chunks = list(_chunks(streams))
    calibration = weigh(spread(partial(_foretell, within), chunks), within)
    found = [one for some in spread(partial(_read, calibration, arl), chunks) for one in some]
    return sorted(found, key=lambda one: (one.week, one.team, one.driver))


def own_within(rows: Iterable[Row]) -> OwnWithin:
    """What the answers tell of their variance: the shipped one below 30 answers or 5 teams, then drawn towards it."""
    days: dict[date, list[tuple[float, float, float]]] = {}
    first_seen: dict[str, date] = {}
    for row in rows:
        if row.squares is not None and row.lo is not None and row.n > 1:
            days.setdefault(row.on, []).append((row.squares, (row.n - 1) * room_of(row.lo, row.n), row.n))
            first_seen[row.team] = min(row.on, first_seen.get(row.team, row.on))
    in_order = sorted(days)
    began = sorted(first_seen.values())
    values = [SHIPPED.within]
    squares, freedom, answers = DOUBT * SHIPPED.within, DOUBT, 0.0
    for day in in_order:
        # Sums that are exact before they are rounded do not depend on the order of rows.
        more = [math.fsum(column) for column in zip(*days[day], strict=True)]
        squares, freedom, answers = squares + more[0], freedom + more[1], answers + more[2]
        known = answers >= LEAST_ANSWERS and bisect.bisect_right(began, day) >= LEAST_UNITS
        values.append(squares / freedom if known else SHIPPED.within)
    return OwnWithin(days=tuple(in_order), values=tuple(values))


def _streams(rows: Sequence[Row], min_n: float) -> Iterator[Stream]:
    """The streams of rows that are in order."""
    for team, of_team in groupby(rows, key=lambda row: row.team):
        members = list(of_team)
        new: dict[date, int] = {}
        for row in members:
            new[row.on] = max(row.replaced, new.get(row.on, 0))
        days = sorted(new)
        for driver, of_stream in groupby(members, key=lambda row: row.driver):
            yield Stream(team=team, driver=driver, observations=tuple(_observe(list(of_stream), new, days, min_n)))


def _observe(rows: Sequence[Row], new: dict[date, int], days: Sequence[date], min_n: float) -> Iterator[Observation]:
    """The observations of one stream. Members new in weeks without one count with the next.

    `new` tells how many there were in each of the team's weeks, `days`, in which any driver was asked.
    """
    by_day = {on: list(of_day) for on, of_day in groupby(rows, key=lambda row: row.on)}
    replaced = 0
    for on in days:
        asked = by_day.get(on, [])
        replaced += max((row.replaced for row in asked), default=new[on])
        told = [row for row in asked if row.n >= min_n and row.lo is not None and row.hi is not None]
        if not told:
            continue
        yield Observation(
            on=on,
            lo=math.fsum(row.lo or 0 for row in told) / len(told),
            hi=math.fsum(row.hi or 0 for row in told) / len(told),
            n=min(row.n for row in told),
            roster=max(row.roster for row in told),
            replaced=replaced,
            item=_ITEMS_APART.join(row.item or "" for row in told) or None,
        )
        replaced = 0


def _chunks(streams: Iterable[Stream]) -> Iterator[list[Stream]]:
    chunk: list[Stream] = []
    size = 0
    for stream in streams:
        chunk.append(stream)
        size += len(stream.observations)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _foretell(within: OwnWithin, chunk: Sequence[Stream]) -> Gains:
    return add_gains(foretell(stream.observations, within) for stream in chunk)


def _read(calibration: Calibration, arl: float, chunk: Sequence[Stream]) -> list[Flagged]:
    found = []
    for stream in chunk:
        noises = [calibration.noise(observation.on) for observation in stream.observations]
        for reading in follow(stream.observations, limit=arl, noise=noises):
            found += _flagged(stream, reading)
    return found


def _flagged(stream: Stream, reading: Reading) -> list[Flagged]:
    if reading.flag is None:
        return []
    return [
        Flagged(
            week=reading.on,
            team=stream.team,
            driver=stream.driver,
            since=reading.flag.since,
            level=reading.level,
            lo90=reading.lo90,
            hi90=reading.hi90,
        )
    ]
