"""What a driver came to in a round, as a word: functions of the ledger's codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from surveys.questions import Driver
from surveys.release import EDGES, Code, Kind, PeopleClass, Published, band_interval
from surveys.trends import RECENT, Reading


class Change(StrEnum):
    """What may be said about the direction of a level; a direction is named only together with a flag."""

    WORSE = "worse"  # this round raised a flag
    FLAGGED = "flagged"  # a flag stands from before; which way the level goes now is open
    BETTER = "better"  # this round ended a flag: the level has risen again since it was raised
    UNCLEAR = "unclear"  # anything else, however the word moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a driver came to in one round."""

    driver: Driver
    on: date  # the day the round closed
    band: int | None  # index of its word, worst first; None when it is withheld
    height: float | None  # middle of that band, 1..5, higher is better; None when it is withheld
    recent: int | None = None  # band over the unit's last rounds (trends.RECENT), None unless all of them asked
    change: Change = Change.UNCLEAR
    flagged_on: date | None = None  # the day on which the flag that stands was raised
    flagged_at: int | None = None  # band over the last rounds when the flag was raised that has ended now

    @property
    def word(self) -> str | None:
        """The word of the band, None when it is withheld."""
        return None if self.band is None else self.driver.level_words[self.band]

    @property
    def recent_word(self) -> str | None:
        """The word over the last rounds, None while there are too few of them."""
        return None if self.recent is None else self.driver.level_words[self.recent]

    @property
    def flagged_word(self) -> str | None:
        """The word when the flag was raised that has ended now, if both words of the level are better than that."""
        words = [band for band in (self.band, self.recent) if band is not None]
        if self.flagged_at is None or not words or min(words) <= self.flagged_at:
            return None
        return self.driver.level_words[self.flagged_at]

    @property
    def steady(self) -> int | None:
        """The band that tells most of the team: over the last rounds, else of this one."""
        return self.band if self.recent is None else self.recent


def levels_of(published: Iterable[Published], drivers: Mapping[str, Driver]) -> tuple[Level, ...]:
    """The level of every driver in one round's codes, in the order of `drivers`; choices are left out.

    Where a round asked several questions of a driver, their bands count alike.
    """
    by_driver: dict[str, list[Published]] = {}
    for one in published:
        if one.code.kind is Kind.LEVEL and one.code.driver in drivers:
            by_driver.setdefault(one.code.driver, []).append(one)
    return tuple(level_of(driver, by_driver[id_]) for id_, driver in drivers.items() if id_ in by_driver)


def level_of(driver: Driver, asked: Sequence[Published]) -> Level:
    """The level of a driver from its codes of one round, of which there is at least one."""
    shown = [_middle(one.code) for one in asked]
    heights = [height for height in shown if height is not None]
    people = next((one.code.people for one in asked if one.code.people), None)
    if not heights or people is None:
        return Level(driver=driver, on=asked[0].closed_on, band=None, height=None)
    height = sum(heights) / len(heights)
    return Level(driver=driver, on=asked[0].closed_on, band=band_of(height, people), height=height)


def _middle(code: Code) -> float | None:
    if code.value is None or code.people is None:
        return None
    return sum(band_interval(code.value, code.people)) / 2


def band_of(level: float, people: PeopleClass) -> int:
    """The band in which a level on the 1-5 scale lies."""
    return sum(level >= edge for edge in EDGES[people])


def with_recent(
    levels: Iterable[Level], readings: Mapping[str, Sequence[Reading]], history: Sequence[Published], round_id: int
) -> tuple[Level, ...]:
    """Beside the word of the round, which follows the item that was asked, that of the unit's last rounds, in which
    the detector has taken out how far items differ; for drivers that all of these asked.
    """
    shown = [one for one in history if one.code.kind is Kind.LEVEL and one.code.people is not None]
    days = sorted({one.closed_on for one in shown})[-RECENT:]
    people = {one.code.driver: one.code.people for one in shown if one.round_id == round_id}

    def recent(level: Level) -> int | None:
        class_, last = people.get(level.driver.id), readings.get(level.driver.id, ())[-RECENT:]
        if class_ is None or len(days) < RECENT or [reading.on for reading in last] != days:
            return None
        return band_of(last[-1].level, class_)

    return tuple(replace(level, recent=recent(level)) for level in levels)
