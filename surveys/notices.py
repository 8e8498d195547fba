"""Flags as they are told: what stands, since when, on what evidence, and what has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from surveys.levels import Level, band_of, level_of
from surveys.questions import Driver
from surveys.release import Kind, PeopleClass, Published
from surveys.trends import RECENT, STANDING, Reading

STORY = 8
"""Rounds that the small picture beside a flag shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A flag that stands, with its evidence."""

    driver: Driver
    raised_on: date  # the day of the digest that first told it
    since: date  # when the change most likely began to show
    now: str  # word of the level over the last rounds
    before: str | None  # word of the level before the change, None when nothing came before it
    rounds: int  # how many observations `now` rests on
    strength: str  # "some", "strong" or "very strong"
    evidence: float  # what `strength` is the word for; orders notices
    story: tuple[Level, ...]  # up to STORY rounds in which the driver was asked, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A flag that this round ended."""

    driver: Driver
    raised_on: date  # of the flag that ended


def standing(
    history: Sequence[Published],
    readings: Mapping[str, Sequence[Reading]],
    drivers: Mapping[str, Driver],
    on: date,
) -> tuple[Notice, ...]:
    """The flags that stand on `on`, newest first, then strongest, whether or not their driver was asked."""
    notices = [
        notice
        for id_, driver in drivers.items()
        if (notice := _notice(driver, readings.get(id_, ()), history, on)) is not None
    ]
    return tuple(sorted(notices, key=lambda n: (-n.raised_on.toordinal(), -n.evidence)))


def _notice(driver: Driver, readings: Sequence[Reading], history: Sequence[Published], on: date) -> Notice | None:
    flag = readings[-1].flag if readings else None
    if flag is None or on >= flag.raised_on + STANDING:
        return None
    story = _story(driver, history)
    codes = [one.code for one in history if one.code.driver == driver.id and one.code.people]
    people = codes[-1].people or PeopleClass.FIVE if codes else PeopleClass.FIVE
    before = [reading.level for reading in readings if reading.on < flag.since]
    return Notice(
        driver=driver,
        raised_on=flag.raised_on,
        since=flag.since,
        now=driver.level_words[band_of(readings[-1].level, people)],
        before=driver.level_words[band_of(before[-1], people)] if before else None,
        rounds=min(RECENT, len(readings)),
        strength=flag.strength,
        evidence=flag.evidence,
        story=story,
    )


def _story(driver: Driver, history: Sequence[Published]) -> tuple[Level, ...]:
    rounds: dict[int, list[Published]] = {}
    for one in history:
        if one.code.driver == driver.id and one.code.kind is Kind.LEVEL:
            rounds.setdefault(one.round_id, []).append(one)
    return tuple(level_of(driver, asked) for asked in list(rounds.values())[-STORY:])


def recoveries(
    readings: Mapping[str, Sequence[Reading]], drivers: Mapping[str, Driver], on: date
) -> tuple[Recovery, ...]:
    """The flags that the round of `on` ended, in the order of `drivers`."""
    found = []
    for id_, driver in drivers.items():
        of_driver = readings.get(id_, ())
        if len(of_driver) < 2 or of_driver[-1].on != on or not of_driver[-1].recovered:
            continue
        ended = of_driver[-2].flag
        if ended is not None:
            found.append(Recovery(driver=driver, raised_on=ended.raised_on))
    return tuple(found)
