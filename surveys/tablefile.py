"""A CSV file with a row of column names: its fields, the line each stands on, and errors a person can act on."""

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import ClassVar, Final, Generic, TypeVar

R = TypeVar("R")
T = TypeVar("T")

COUNTED, DAY, ISO_WEEK = "a number", "a day", "an ISO week"
"""The ways in which a file may tell its weeks."""

_SHAPES: Final = {
    COUNTED: re.compile(r"\d{1,5}"),
    DAY: re.compile(r"\d{4}-\d\d-\d\d"),
    ISO_WEEK: re.compile(r"\d{4}-?W\d\d"),
}
_SHOWN: Final = 40  # problems in one message
_MARKS: Final = ((";", "semicolons"), ("\t", "tabs"))  # that other programs put between columns
_MOST_DIGITS: Final = 9
_YEARS: Final = range(1900, 2200)
_FIRST_COUNTED: Final = date(1900, 1, 1)  # a Monday, with room before and after


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """What has to be mended in one place of the file."""

    line: int  # 1-based
    column: str  # its name; empty for the line as a whole
    text: str  # what is wrong

    def __str__(self) -> str:
        end = "" if self.text.endswith("?") else "."
        words = f"line {self.line}{f', column {self.column}' * bool(self.column)}: {self.text}{end}"
        return words.encode(errors="backslashreplace").decode()  # whatever stands in the file, this can be printed


class TableFileError(ValueError):
    """Lines of the table cannot be used. The message names each with its column, up to forty."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        """`source` is the name of the file."""
        self.problems = tuple(sorted(problems))
        lines = [f"{source}, {one}" for one in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"... and {len(self.problems) - _SHOWN} more.")
        super().__init__("\n".join(lines))


class Wrong(Exception):
    """A field that cannot be used."""

    def __init__(self, column: str, text: str) -> None:
        self.column, self.text = column, text


class Table(ABC, Generic[R]):
    """Turns the lines of a file into rows. Equal values are kept once: a million rows hold few different ones.

    A kind of table says which columns it has and makes a row of the fields of a line.
    """

    columns: ClassVar[Sequence[str]]  # those that are read
    required: ClassVar[Sequence[str]]
    week_kinds: ClassVar[Sequence[str]] = (COUNTED, DAY, ISO_WEEK)

    def __init__(self) -> None:
        self.header: Sequence[str] = ()  # the file's columns, in small letters
        self.week_names: dict[date, str] = {}  # every week as the file writes it
        self._kind = ""
        self._days: dict[str, date] = {}
        self._same: dict[object, object] = {}
        self._line = 0
        self._problems: list[Problem] = []

    @abstractmethod
    def row(self, line: int, given: Mapping[str, str]) -> R | None:
        """The row of a line with these fields, or None where something is wrong, which `take` has noted."""

    def header_problems(self) -> Iterable[Problem]:
        """What is wrong with the header, apart from columns that are missing or stand twice."""
        return []

    def repeated(self, rows: list[R]) -> Iterable[Problem]:
        """Puts the rows in order, and tells which say again what another said."""
        return ()

    def read(self, lines: Iterable[str], source: str) -> list[R]:
        """The rows of the file named `source`. Raises TableFileError for all that is wrong at once."""
        rows, problems = self.read_through(lines, source)
        if problems:
            raise TableFileError(source, problems)
        return rows

    def read_through(self, lines: Iterable[str], source: str) -> tuple[list[R], list[Problem]]:
        """The rows that can be used, and all that is wrong with the others.

        Raises TableFileError where the column names cannot be used: then no row can.
        """
        reader = csv.reader(lines, strict=True)
        rows: list[R] = []
        try:
            self.header = [name.strip().lower() for name in next(reader, [])]
            self._check_header(source)
            for line, fields in _numbered(reader):
                self._line = line
                row = self._row(line, fields)
                if row is not None:
                    rows.append(row)
        except csv.Error as error:
            text = f"this is not a CSV line ({error})"
            self._problems.append(Problem(line=max(reader.line_num, 1), column="", text=text))
        self._problems += self.repeated(rows)
        return rows, self._problems

    def take(self, parse: Callable[..., T], *of: object) -> T | None:
        """What `parse` makes of its arguments; None, and a problem noted, where a field cannot be used."""
        try:
            return parse(*of)
        except Wrong as wrong:
            self._problems.append(Problem(line=self._line, column=wrong.column, text=wrong.text))
            return None

    def week(self, given: Mapping[str, str]) -> date:
        """The first day of the week, or the day, in the column of that name; counted weeks begin in 1900."""
        text = given["week"]
        if (known := self._days.get(text)) is not None:
            return known
        kind = next((kind for kind in self.week_kinds if _SHAPES[kind].fullmatch(text)), "")
        if not kind:
            counted = " nor a week's number" * (COUNTED in self.week_kinds)
            raise Wrong("week", f"“{text}” is neither a day (2026-01-09), nor an ISO week (2026-W02){counted}")
        try:
            day = _FIRST_COUNTED + timedelta(weeks=int(text)) if kind == COUNTED else date.fromisoformat(text)
        except ValueError:
            raise Wrong("week", f"“{text}” does not exist") from None
        if kind != COUNTED and day.year not in _YEARS:
            raise Wrong("week", f"“{text}” is not between {_YEARS.start} and {_YEARS.stop - 1}")
        if self._kind and kind != self._kind:
            raise Wrong("week", f"“{text}” is {kind}, but the lines above give {self._kind}")
        self._kind = kind
        self._days[text] = day
        self.week_names[day] = min(text, self.week_names.get(day, text))
        return day

    def name(self, given: Mapping[str, str], column: str) -> str:
        """The text in a column, which must not be empty."""
        text = given[column]
        if not text:
            raise Wrong(column, "is empty")
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise Wrong(column, f"“{text}” is not UTF-8")
        return self.once(text)

    def whole(self, given: Mapping[str, str], column: str, least: int) -> int:
        """The whole number in a column."""
        text = given[column]
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise Wrong(column, f"“{text}” is not a whole number")
        if int(text) < least:
            raise Wrong(column, f"must be {least} or more")
        return self.once(int(text))

    def number(self, given: Mapping[str, str], column: str, least: float, most: float) -> float:
        """The number in a column."""
        text = given.get(column, "")
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or "_" in text:
            raise Wrong(column, f"“{text}” is not a number" if text else "is empty")
        if not least <= number <= most:
            between = f"lie between {least:g} and {most:g}" if isfinite(most) else f"be {least:g} or more"
            raise Wrong(column, f"must {between}")
        return self.once(number)

    def once(self, value: T) -> T:
        """The value, or the equal one that is kept already."""
        return self._same.setdefault((type(value), value), value)  # type: ignore[return-value]

    def _check_header(self, source: str) -> None:
        if len(self.header) == 1 and (by := next((name for mark, name in _MARKS if mark in self.header[0]), "")):
            text = f"columns must be separated by commas; here they are by {by}"
            raise TableFileError(source, [Problem(line=1, column="", text=text)])
        problems = [
            Problem(line=1, column=name, text="this column is missing")
            for name in self.required
            if name not in self.header
        ]
        problems += [
            Problem(line=1, column=name, text="stands here twice")
            for name in self.columns
            if self.header.count(name) > 1
        ]
        problems += self.header_problems()
        if problems:
            raise TableFileError(source, problems)

    def _row(self, line: int, fields: Sequence[str]) -> R | None:
        if len(fields) != len(self.header):
            column = self.header[len(fields)] if len(fields) < len(self.header) else ""
            text = f"there are {len(fields)} values for {len(self.header)} columns"
            self._problems.append(Problem(line=line, column=column, text=text))
            return None
        fields_by_name = zip(self.header, fields, strict=True)
        return self.row(line, {name: field.strip() for name, field in fields_by_name if name in self.columns})


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its first line; blank lines are no records."""
    before = reader.line_num  # type: ignore[attr-defined]
    for fields in reader:
        if fields:
            yield before + 1, fields
        before = reader.line_num  # type: ignore[attr-defined]
