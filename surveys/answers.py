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

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Final, TypeVar

from surveys.noise import HIGHEST, LOWEST

T = TypeVar("T")

REQUIRED: Final = ("week", "team", "driver", "team_size", "replaced", "n")
COLUMNS: Final = (*REQUIRED, "answers", "lo", "hi", "item")

_SHOWN: Final = 40  # problems in one message
_MOST_DIGITS: Final = 9
_WEEK_KINDS: Final = {
    "a number": re.compile(r"\d{1,5}"),
    "a day": re.compile(r"\d{4}-\d\d-\d\d"),
    "an ISO week": re.compile(r"\d{4}-?W\d\d"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one item told about one team in one week."""

    on: date  # the week, by its first day; weeks that are only counted begin in the year 1
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


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """What has to be mended in one place of the file."""

    line: int  # 1-based
    column: str  # its name; empty for the line as a whole
    text: str  # what is wrong

    def __str__(self) -> str:
        words = f"line {self.line}{f', column {self.column}' * bool(self.column)}: {self.text}."
        return words.encode(errors="backslashreplace").decode()  # whatever stands in the file, this can be printed


class AnswersError(ValueError):
    """Lines of the table cannot be used. The message names each with its column, up to forty."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        """`source` is the name of the file."""
        self.problems = tuple(sorted(problems))
        lines = [f"{source}, {one}" for one in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"... and {len(self.problems) - _SHOWN} more.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A whole table."""

    rows: Sequence[Row]  # by stream, then time
    week_names: Mapping[date, str]  # every week as the file writes it
    unknown: tuple[str, ...]  # columns that were passed over


def parse_answers(lines: Iterable[str], source: str, *, min_n: float = 4) -> Answers:
    """Read the lines of a file named `source`, in which rows need `min_n` answers to tell anything.

    Raises AnswersError for all that is wrong at once. Keeps some 300 bytes a line.
    """
    reader = csv.reader(lines, strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if problems := _header_problems(header):
            raise AnswersError(source, problems)
        read = _Reader(header, min_n)
        for line, fields in _numbered(reader):
            row, wrong = read.row(line, fields)
            problems += wrong
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        problems.append(Problem(line=max(reader.line_num, 1), column="", text=f"this is not a CSV line ({error})"))
        raise AnswersError(source, problems) from error
    rows.sort(key=lambda row: row.place)
    problems += _repeated(rows)
    if problems:
        raise AnswersError(source, problems)
    return Answers(rows=rows, week_names=read.week_names, unknown=tuple(n for n in header if n not in COLUMNS))


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its first line; blank lines are no records."""
    before = reader.line_num  # type: ignore[attr-defined]
    for fields in reader:
        if fields:
            yield before + 1, fields
        before = reader.line_num  # type: ignore[attr-defined]


def _repeated(rows: Sequence[Row]) -> Iterator[Problem]:
    for before, row in pairwise(rows):
        if before.place[:-1] == row.place[:-1]:
            text = f"line {before.line} tells the same week, team, driver and item already"
            yield Problem(line=row.line, column="week", text=text)


def _header_problems(header: Sequence[str]) -> list[Problem]:
    missing = [name for name in REQUIRED if name not in header]
    problems = [Problem(line=1, column=name, text="this column is missing") for name in missing]
    if "answers" not in header and not {"lo", "hi"} <= set(header):
        problems.append(Problem(line=1, column="answers", text="this column is missing, and so are lo and hi"))
    problems += [Problem(line=1, column=name, text="stands here twice") for name in COLUMNS if header.count(name) > 1]
    return problems


class _Wrong(Exception):
    """A field that cannot be used."""

    def __init__(self, column: str, text: str) -> None:
        self.column, self.text = column, text


class _Reader:
    """Turns fields into rows. Equal values are kept once: a million rows hold few different ones."""

    def __init__(self, header: Sequence[str], min_n: float) -> None:
        self.week_names: dict[date, str] = {}
        self._place = {name: index for index, name in enumerate(header) if name in COLUMNS}
        self._fields = len(header)
        self._min_n = min_n
        self._kind = ""
        self._days: dict[str, date] = {}
        self._same: dict[object, object] = {}

    def row(self, line: int, fields: Sequence[str]) -> tuple[Row | None, list[Problem]]:
        """The row of a line, or all that is wrong with it."""
        if len(fields) != self._fields:
            column = next((name for name, place in self._place.items() if place >= len(fields)), "")
            text = f"there are {len(fields)} values for {self._fields} columns"
            return None, [Problem(line=line, column=column, text=text)]
        given = {name: fields[place].strip() for name, place in self._place.items()}
        problems: list[Problem] = []

        def take(parse: Callable[..., T], *further: object) -> T | None:
            try:
                return parse(given, *further)
            except _Wrong as wrong:
                problems.append(Problem(line=line, column=wrong.column, text=wrong.text))
                return None

        on, n = take(self._week), take(self._n)
        team, driver = take(self._name, "team"), take(self._name, "driver")
        roster, replaced = take(self._whole, "team_size", 1), take(self._whole, "replaced", 0)
        told = take(self._told, n, roster)
        item = take(self._name, "item") if given.get("item") else None
        if (
            on is None
            or n is None
            or not team
            or not driver
            or roster is None
            or replaced is None
            or not told
            or problems
        ):
            return None, problems
        return Row(
            on=on,
            team=team,
            driver=driver,
            roster=roster,
            replaced=replaced,
            n=n,
            lo=told[0],
            hi=told[1],
            item=item,
            squares=told[2],
            line=line,
        ), []

    def _week(self, given: Mapping[str, str]) -> date:
        text = given["week"]
        if (known := self._days.get(text)) is not None:
            return known
        kind = next((name for name, shape in _WEEK_KINDS.items() if shape.fullmatch(text)), "")
        if not kind:
            raise _Wrong("week", f"“{text}” is neither a week's number, nor a day (2026-01-09), nor 2026-W02")
        try:
            day = date.fromordinal(7 * int(text) + 1) if kind == "a number" else date.fromisoformat(text)
        except ValueError:
            raise _Wrong("week", f"“{text}” does not exist") from None
        if self._kind and kind != self._kind:
            raise _Wrong("week", f"“{text}” is {kind}, but the lines above give {self._kind}")
        self._kind = kind
        self._days[text] = day
        self.week_names[day] = min(text, self.week_names.get(day, text))
        return day

    def _name(self, given: Mapping[str, str], column: str) -> str:
        text = given[column]
        if not text:
            raise _Wrong(column, "is empty")
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise _Wrong(column, f"“{text}” is not UTF-8")
        return self._once(text)

    def _whole(self, given: Mapping[str, str], column: str, least: int) -> int:
        text = given[column]
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise _Wrong(column, f"“{text}” is not a whole number")
        if int(text) < least:
            raise _Wrong(column, f"must be {least} or more")
        return self._once(int(text))

    def _n(self, given: Mapping[str, str]) -> float:
        if given.get("answers"):
            return self._once(float(self._whole(given, "n", 0)))
        n = _number("n", given)
        if n < 0:
            raise _Wrong("n", "must be 0 or more")
        return self._once(n)

    def _told(
        self, given: Mapping[str, str], n: float | None, roster: int | None
    ) -> tuple[float | None, float | None, float | None]:
        """Bounds of the mean, and the sum of squares where the answers are known."""
        if n is not None and roster is not None and n > roster:
            raise _Wrong("n", f"{given['n']} answered in a team of {roster}")
        answers = given.get("answers", "")
        bounds = [name for name in ("lo", "hi") if given.get(name)]
        if answers and bounds:
            raise _Wrong("answers", "there are bounds as well; give one or the other")
        if answers:
            return self._exact(answers.split(), n)
        if bounds:
            lo, hi = _number("lo", given), _number("hi", given)
            for name, bound in (("lo", lo), ("hi", hi)):
                if not LOWEST <= bound <= HIGHEST:
                    raise _Wrong(name, f"must lie between {LOWEST:g} and {HIGHEST:g}")
            if lo > hi:
                raise _Wrong("lo", "is above hi")
            return self._once(lo), self._once(hi), None
        if n is not None and n >= self._min_n:
            column = "answers" if "answers" in given else "lo"
            raise _Wrong(column, f"there is nothing of the {given['n']} who answered")
        return None, None, None

    def _exact(self, answers: Sequence[str], n: float | None) -> tuple[float, float, float]:
        for answer in answers:
            if answer not in {"1", "2", "3", "4", "5"}:
                raise _Wrong("answers", f"“{answer}” is no answer from 1 to 5")
        if n is not None and len(answers) != n:
            raise _Wrong("n", f"says {n:g}, but there are {len(answers)} answers")
        values = [int(answer) for answer in answers]
        total = sum(values)
        # Whole numbers up to the division: the order of answers changes nothing, not even the last bit.
        mean = self._once(total / len(values))
        return mean, mean, self._once((len(values) * sum(v * v for v in values) - total * total) / len(values))

    def _once(self, value: T) -> T:
        return self._same.setdefault((type(value), value), value)  # type: ignore[return-value]


def _number(column: str, given: Mapping[str, str]) -> float:
    text = given.get(column, "")
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or "_" in text:
        raise _Wrong(column, f"“{text}” is not a number" if text else "is empty")
    return number
