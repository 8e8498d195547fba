"""Flags as they are told: what stands, since when, on what evidence, and what has ended and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from surveys.grounds import Grounds, grounds_of
from surveys.levels import Level, band_of, level_of
from surveys.questions import Driver, Item
from surveys.release import Kind, PeopleClass, Published
from surveys.trends import RECENT, STANDING, Flag, Reading

STORY = 8
"""Rounds that the small picture beside a flag shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A flag that stands, with its evidence."""

    driver: Driver
    raised_on: date  # the day of the digest that first told it
    since: date  # when the change most likely began to show
    band: int  # index of `now`, worst first
    now: str  # word of the level over the last rounds
    then: str  # word of the level over the last rounds when the flag was raised
    before: str | None  # word of the level before the change, None when nothing came before it
    worse: bool  # whether the level is still below that before the change, and not above that at the flag
    rounds: int  # how many observations `now` rests on
    strength: str  # "some", "strong" or "very strong"
    evidence: float  # what `strength` is the word for; orders notices
    story: tuple[Level, ...]  # up to STORY rounds in which the driver was shown, oldest first
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A flag that no longer stands."""

    driver: Driver
    raised_on: date
    recovered: bool  # True: the level has risen again; False: the flag has stood its time, and is put down
    band: int  # index of `now`, worst first
    now: str  # word of the level over the last rounds
    then: int  # index of the word when the flag was raised
    rounds: int  # how many observations `now` rests on

    @property
    def still(self) -> bool:
        """Whether `now` is the same word as when the flag was raised."""
        return self.band == self.then


def standing(
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]],
    drivers: Mapping[str, Driver],
    on: date,
    items: Mapping[str, Item] = MappingProxyType({}),
) -> tuple[Notice, ...]:
    """The flags that stand on `on`, newest first, then strongest, whether or not their driver was asked.

    Where it is told which questions were asked, `items` holds them by id.
    """
    notices = [
        notice
        for id_, driver in drivers.items()
        if (notice := _notice(driver, readings.get(id_, ()), history, on, items)) is not None
    ]
    return tuple(sorted(notices, key=lambda n: (-n.raised_on.toordinal(), -n.evidence)))


def _notice(
    driver: Driver, readings: Sequence[Reading], history: Sequence[Published], on: date, items: Mapping[str, Item]
) -> Notice | None:
    flag = readings[-1].flag if readings else None
    if flag is None or on >= flag.raised_on + STANDING:
        return None
    people = _people(driver, history)
    now = readings[-1].level
    then = _level_at(flag, readings)
    before = next((reading.level for reading in reversed(readings) if reading.on < flag.since), None)
    return Notice(
        driver=driver,
        raised_on=flag.raised_on,
        since=flag.since,
        band=band_of(now, people),
        now=driver.level_words[band_of(now, people)],
        then=driver.level_words[band_of(then, people)],
        before=None if before is None else driver.level_words[band_of(before, people)],
        worse=now <= then and (before is None or now < before),
        rounds=min(RECENT, len(readings)),
        strength=flag.strength,
        evidence=flag.evidence,
        story=_story(driver, history),
        grounds=grounds_of(driver.id, flag.since, history, items),
    )


def _people(driver: Driver, history: Sequence[Published]) -> PeopleClass:
    """The class of people behind the latest shown code of a driver: how many words its level may have."""
    shown = (one.code.people for one in reversed(history) if one.code.driver == driver.id and one.code.people)
    return next(shown, PeopleClass.FIVE)


def _level_at(flag: Flag, readings: Sequence[Reading]) -> float:
    """The level over the last rounds as it was known when the flag was raised."""
    return next((reading.level for reading in readings if reading.on >= flag.raised_on), readings[-1].level)


def _story(driver: Driver, history: Sequence[Published]) -> tuple[Level, ...]:
    rounds: dict[int, list[Published]] = {}
    for one in history:
        if one.code.driver == driver.id and one.code.kind is Kind.LEVEL:
            rounds.setdefault(one.round_id, []).append(one)
    levels = [level_of(driver, asked) for asked in rounds.values()]
    return tuple([level for level in levels if level.band is not None][-STORY:])


def endings(
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]],
    drivers: Mapping[str, Driver],
    *,
    after: date,
    on: date,
) -> tuple[Ending, ...]:
    """The flags that ended later than `after`, up to `on`, in the order of `drivers`; where a flag stands again,
    that is told instead.
    """
    found = []
    for id_, driver in drivers.items():
        known = [reading for reading in readings.get(id_, ()) if reading.on <= on]
        over = [(flag, recovered) for flag, day, recovered in _ends(known) if after < day <= on]
        if not over or _notice(driver, known, history, on, {}) is not None:
            continue
        flag, recovered = over[-1]
        people = _people(driver, history)
        band = band_of(known[-1].level, people)
        found.append(
            Ending(
                driver=driver,
                raised_on=flag.raised_on,
                recovered=recovered,
                band=band,
                now=driver.level_words[band],
                then=band_of(_level_at(flag, known), people),
                rounds=min(RECENT, len(known)),
            )
        )
    return tuple(found)


def _ends(readings: Sequence[Reading]) -> Iterator[tuple[Flag, date, bool]]:
    """Every flag that ended, or will have stood its time: on which day, and whether by recovery. A flag that a newer
    one took over from did not end.
    """
    for before, after in pairwise([*readings, None]):
        flag = before.flag if before is not None else None
        if flag is None:
            continue
        stands_until = flag.raised_on + STANDING
        if after is None or after.on >= stands_until:
            yield flag, stands_until, False
        elif after.flag is None:
            yield flag, after.on, True
