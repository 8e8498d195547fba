"""What another tool published of units, turned into codes: the detector knows their usual level from the first week.

    unit,driver,week,n,mean
    Vision,burnout,2025-W40,8,3.4
    Vision,autonomy,2025-W40,8,3.9

A line a unit, driver and week: an ISO week or any day of it. `mean` is that of the 1-5 scale, higher is better,
as everywhere here, unless whoever reads the file says of which drivers more is worse: their means are turned around.
`team_size` may say how many could have answered; it is taken for what is usual beside `n` where it does not.

Codes are made by the rules by which Murmur itself publishes, and nothing else is kept: the mean is dropped, and so is
the number of answers. A mean of fewer than five, any column that is not one of these (a name, an address, an answer),
and a unit that tells the same week twice are refused, for then the file may be about persons.
"""

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from surveys.levels import band_of
from surveys.noise import HIGHEST, LOWEST
from surveys.release import FLOOR, Code, Kind, PeopleClass, counted, people_class
from surveys.tablefile import DAY, ISO_WEEK, Problem, Table, Wrong
from surveys.units import USUAL_SHARE

REQUIRED: Final = ("unit", "driver", "week", "n", "mean")
COLUMNS: Final = (*REQUIRED, "team_size")

SUBJECT: Final = "history"
"""The item of imported codes: whatever another tool asked, it was not one of Murmur's questions."""

_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What another tool told of one unit and driver in one week, coded."""

    unit: str
    on: date  # the last day of the week, a Sunday
    roster: int  # how many could have answered, as far as it is known
    code: Code
    line: int  # where it stands in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A line that names a unit, whatever else may be wrong with it. It is looked at, and never kept."""

    line: int
    unit: str
    n: int | None  # how many answered; None where that cannot be read, or `team_size` says beside how many


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A file as it was read."""

    told: list[Told]  # by unit, driver and time
    named: list[Named]  # in the order of the file
    problems: list[Problem]  # what is wrong with lines by themselves; it must not be used before there are none


def parse_history(
    lines: Iterable[str], source: str, *, drivers: Collection[str], turned: Collection[str] = ()
) -> History:
    """The codes that the file named `source` comes to.

    `drivers` are the ids that are known, `turned` those of which a high mean is bad in this file. The code of a week in
    which all five of five answered has no value: Murmur would have withheld it. What is wrong with lines is only noted,
    so that it can be said together with what the units make wrong. Raises TableFileError where the columns are wrong.
    """
    table = _History(drivers, turned)
    told, problems = table.read_through(lines, source)
    return History(told=told, named=table.named, problems=problems)


class _History(Table[Told]):
    columns = COLUMNS
    required = REQUIRED
    week_kinds = (DAY, ISO_WEEK)

    def __init__(self, drivers: Collection[str], turned: Collection[str]) -> None:
        super().__init__()
        self._drivers, self._turned = sorted(drivers), frozenset(turned)
        self.named: list[Named] = []

    def header_problems(self) -> Iterator[Problem]:
        for name in self.header:
            if name not in COLUMNS:
                yield Problem(
                    line=1, column=name, text="is not read: a history is about units only, never about people"
                )

    def repeated(self, rows: list[Told]) -> Iterator[Problem]:
        rows.sort(key=lambda told: (told.unit, told.code.driver, told.on, told.line))
        for before, told in pairwise(rows):
            if (before.unit, before.code.driver, before.on) == (told.unit, told.code.driver, told.on):
                text = f"line {before.line} tells the same unit, driver and week already; a week has one mean"
                yield Problem(line=told.line, column="week", text=text)

    def row(self, line: int, given: Mapping[str, str]) -> Told | None:
        unit, driver = self.take(self.name, given, "unit"), self.take(self._driver, given)
        on, n = self.take(self.week, given), self.take(self._n, given)
        mean = self.take(self.number, given, "mean", LOWEST, HIGHEST)
        roster = self.take(self._roster, given, n)
        if unit is not None:
            self.named.append(Named(line=line, unit=unit, n=None if given.get("team_size") else n))
        if unit is None or driver is None or on is None or n is None or mean is None or roster is None:
            return None
        people = people_class(counted(n, roster))
        code = _code(driver, LOWEST + HIGHEST - mean if driver in self._turned else mean, people)
        return Told(unit=unit, on=_sunday(on), roster=roster, code=code, line=line)

    def _driver(self, given: Mapping[str, str]) -> str:
        driver = self.name(given, "driver")
        if driver not in self._drivers:
            near = difflib.get_close_matches(driver, self._drivers, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(self._drivers)}"
            raise Wrong("driver", f"“{driver}” is not a driver here; {hint}")
        return driver

    def _n(self, given: Mapping[str, str]) -> int:
        n = self.whole(given, "n", 0)
        if n < FLOOR:
            raise Wrong("n", f"a mean of fewer than {FLOOR} answers says too much about each; leave the line out")
        return n

    def _roster(self, given: Mapping[str, str], n: int | None) -> int:
        """The team's size; where nobody says it, one of which as many answer as usual."""
        if given.get("team_size"):
            size = self.whole(given, "team_size", 1)
            if n is not None and n > size:
                raise Wrong("n", f"{n} answered in a unit of {size}")
            return size
        return math.ceil((n or 0) / USUAL_SHARE)


def _sunday(day: date) -> date:
    """The last day of the week that `day` is in."""
    return day + timedelta(days=_SUNDAY - day.weekday())


def _code(driver: str, mean: float, people: PeopleClass | None) -> Code:
    band = None if people is None else band_of(mean, people)
    return Code(kind=Kind.LEVEL, subject=f"{driver}.{SUBJECT}", driver=driver, people=people, value=band)
