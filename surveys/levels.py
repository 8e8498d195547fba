"""What a driver came to in a round, as a word: functions of the ledger's codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from surveys.questions import Driver
from surveys.release import EDGES, Code, Kind, PeopleClass, Published, band_interval


class Change(StrEnum):
    """What may be said about the direction of a level; a direction is named only together with a flag."""

    WORSE = "worse"  # a flag stands
    BETTER = "better"  # this round ended a flag
    UNCLEAR = "unclear"  # anything else, however the word moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a driver came to in one round."""

    driver: Driver
    on: date  # the day the round closed
    band: int | None  # index of its word, worst first; None when it is withheld
    height: float | None  # middle of that band, 1..5, higher is better; None when it is withheld
    change: Change = Change.UNCLEAR

    @property
    def word(self) -> str | None:
        """The word of the band, None when it is withheld."""
        return None if self.band is None else self.driver.level_words[self.band]


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
