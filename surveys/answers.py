"""A table of teams' answers, a line a week, team, driver and item, as `murmur detect` reads it.

    week,team,driver,team_size,replaced,n,answers,item
    2026-W01,Vision,burnout,9,0,7,3 4 4 2 5 3 4,tired
    2026-W02,Vision,burnout,9,1,6,3 3 4 2 4 3,drained

The first line names the columns, in any order; columns that are not listed here are passed over.

week       a whole number that counts weeks, a day (2026-01-09) or an ISO week (2026-W02); one kind in a file
team       any name; so is `driver`: a team and a driver make a stream
team_size  how many could have answered
replaced   how many of them are new since the team's week before
n          how many answered; where bounds are given it may be typical of a class, such as 6.5
answers    their answers, 1 to 5, higher is better, blanks between; or instead
lo, hi     bounds of their mean
item       optional: which of the driver's questions was asked; several in a week count as one, their mean

Answers or bounds may be left out where n is under the least that counts: such a line only tells who is new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf
from typing import Final

from surveys.noise import HIGHEST, LOWEST
from surveys.tablefile import Problem, Table, Wrong

REQUIRED: Final = ("week", "team", "driver", "team_size", "replaced", "n")
COLUMNS: Final = (*REQUIRED, "answers", "lo", "hi", "item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one item told about one team in one week."""

    on: date  # the week, by its first day; weeks that are only counted begin in 1900
    team: str
    driver: str
    roster: int  # how many could have answered
    replaced: int  # members new since the team's week before
    n: float  # how many answered; for bounds, what is typical
    lo: float | None  # bounds of the mean of their answers, equal where it is known; None where nothing is told
    hi: float | None
    item: str | None = None
    squares: float | None = None  # sum of squared differences of the answers from their mean, where they are known
    line: int = 0  # where it stands in its file

    @property
    def place(self) -> tuple[str, str, date, str, int]:
        """What rows are put in order by: their stream, then time."""
        return self.team, self.driver, self.on, self.item or "", self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A whole table."""

    rows: Sequence[Row]  # by stream, then time
    week_names: Mapping[date, str]  # every week as the file writes it
    unknown: tuple[str, ...]  # columns that were passed over


def parse_answers(lines: Iterable[str], source: str, *, min_n: float = 4) -> Answers:
    """Read the lines of a file named `source`, in which rows need `min_n` answers to tell anything.

    Raises TableFileError for all that is wrong at once. Keeps some 300 bytes a line.
    """
    table = _Answers(min_n)
    rows = table.read(lines, source)
    unknown = tuple(name for name in table.header if name not in COLUMNS)
    return Answers(rows=rows, week_names=table.week_names, unknown=unknown)


class _Answers(Table[Row]):
    columns = COLUMNS
    required = REQUIRED

    def __init__(self, min_n: float) -> None:
        super().__init__()
        self._min_n = min_n

    def header_problems(self) -> Iterable[Problem]:
        if "answers" in self.header or {"lo", "hi"} <= set(self.header):
            return []
        return [Problem(line=1, column="answers", text="this column is missing, and so are lo and hi")]

    def repeated(self, rows: list[Row]) -> Iterator[Problem]:
        rows.sort(key=lambda row: row.place)
        for before, row in pairwise(rows):
            if before.place[:-1] == row.place[:-1]:
                text = f"line {before.line} tells the same week, team, driver and item already"
                yield Problem(line=row.line, column="week", text=text)

    def row(self, line: int, given: Mapping[str, str]) -> Row | None:
        on, n = self.take(self.week, given), self.take(self._n, given)
        team, driver = self.take(self.name, given, "team"), self.take(self.name, given, "driver")
        roster, replaced = (
            self.take(self.whole, given, column, least) for column, least in (("team_size", 1), ("replaced", 0))
        )
        told = self.take(self._told, given, n, roster)
        item = self.take(self.name, given, "item") if given.get("item") else None
        if on is None or n is None or not team or not driver or roster is None or replaced is None or told is None:
            return None
        lo, hi, squares = told
        return Row(
            on=on,
            team=team,
            driver=driver,
            roster=roster,
            replaced=replaced,
            n=n,
            lo=lo,
            hi=hi,
            item=item,
            squares=squares,
            line=line,
        )

    def _n(self, given: Mapping[str, str]) -> float:
        return float(self.whole(given, "n", 0)) if given.get("answers") else self.number(given, "n", 0, inf)

    def _told(
        self, given: Mapping[str, str], n: float | None, roster: int | None
    ) -> tuple[float | None, float | None, float | None]:
        """Bounds of the mean, and the sum of squares where the answers are known."""
        if n is not None and roster is not None and n > roster:
            raise Wrong("n", f"{given['n']} answered in a team of {roster}")
        answers = given.get("answers", "")
        bounds = [name for name in ("lo", "hi") if given.get(name)]
        if answers and bounds:
            raise Wrong("answers", "there are bounds as well; give one or the other")
        if answers:
            return self._exact(answers.split(), n)
        if bounds:
            lo, hi = (self.number(given, name, LOWEST, HIGHEST) for name in ("lo", "hi"))
            if lo > hi:
                raise Wrong("lo", "is above hi")
            return lo, hi, None
        if n is not None and n >= self._min_n:
            column = "answers" if "answers" in given else "lo"
            raise Wrong(column, f"there is nothing of the {given['n']} who answered")
        return None, None, None

    def _exact(self, answers: Sequence[str], n: float | None) -> tuple[float, float, float]:
        for answer in answers:
            if answer not in {"1", "2", "3", "4", "5"}:
                raise Wrong("answers", f"“{answer}” is no answer from 1 to 5")
        if n is not None and len(answers) != n:
            raise Wrong("n", f"says {n:g}, but there are {len(answers)} answers")
        values = [int(answer) for answer in answers]
        total = sum(values)
        # Whole numbers up to the division: the order of answers changes nothing, not even the last bit.
        mean = self.once(total / len(values))
        return mean, mean, self.once((len(values) * sum(v * v for v in values) - total * total) / len(values))
