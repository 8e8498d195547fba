"""A company as a CSV file: who is there, on which team, and who leads it.

    name,team,department,role,title,time zone,locale,email
    Priya Raman,Vision,AI,member,Research engineer,Europe/Berlin,en-GB,priya@lantern.example
    Dana Ito,Vision,AI,manager,Engineering manager,America/Los_Angeles,,dana@lantern.example
    Sam Okoye,,AI,leader,Director of AI,Europe/London,en-GB,sam@lantern.example
    Ruth Meyer,,,admin,HR,Europe/Berlin,de-DE,ruth@lantern.example

The first row names the columns, in any order; columns that are not listed here are passed over.

name        required
team        the team the person is on, or manages; blank for who is on none
department  what the team is part of; once a team is enough
role        member (asked), manager (of the row's team), leader (of the row's department) or admin (sets Murmur
            up; on the row's team, if it names one); several are joined by "and"; blank means member
title       shown in the profile
time zone   an IANA name; blank means UTC
locale      a language and a country; blank means en-US
email       tells people of the same name apart

Whoever has several jobs, such as a manager of two teams, has a row for each. Values are separated by commas,
semicolons or tabs, as spreadsheets save them; the encoding is UTF-8. At least one person is an admin.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import available_timezones

from bot.sandbox.organisation import (
    LEADER,
    MANAGER,
    MEMBER,
    ROLES,
    UNSAID_LOCALE,
    UNSAID_ZONE,
    Organisation,
    Problem,
    Row,
    TeamPlan,
    closest,
    organisation,
    problems_between,
)
from bot.sandbox.workspace import Installation

__all__ = ["Organisation", "PeopleFileError", "Problem", "TeamPlan", "read_people", "read_people_text"]

_COLUMNS: Final = {
    "name": "name",
    "fullname": "name",
    "realname": "name",
    "team": "team",
    "department": "department",
    "role": "role",
    "title": "title",
    "jobtitle": "title",
    "timezone": "time zone",
    "tz": "time zone",
    "locale": "locale",
    "email": "email",
    "emailaddress": "email",
}
"""Headers, in lower case and without blanks and signs, and the columns they mean."""

_SEPARATORS: Final = ",;\t"
_LONGEST: Final = 80  # characters of a name, a team or a department: what Slack and its forms take
_SHOWN: Final = 40  # problems in one message
_EMPTY: Final = Problem(0, "there is nobody in it; write one person a line below the row of column names")
_ANY_ZONE: Final = "write one such as Europe/Berlin"


class _Unreadable(Exception):
    """Nothing below this can be read; why was added to the problems."""


class PeopleFileError(ValueError):
    """Something in a people file has to be mended first. The message names every line and what to do."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        """`source` is the name of the file."""
        self.source = source
        self.problems = tuple(sorted(problems))  # by line, all of them
        lines = [f"line {one.line}: {one.text}" if one.line else one.text for one in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"... and {len(self.problems) - _SHOWN} more.")
        super().__init__(
            f"{source} cannot be used yet:\n"
            + "\n".join(f"  {line}{'' if line.endswith(('?', '.')) else '.'}" for line in lines)
        )


def read_people(path: Path, *, company: str = "Rehearsal", installation: Installation | None = None) -> Organisation:
    """The company in the file at `path`, named `company`. Raises PeopleFileError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it is not there"
        raise PeopleFileError(path.name, [Problem(0, f"the file cannot be read: {reason.lower()}")]) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = "this is not UTF-8; in the spreadsheet, save the file as CSV UTF-8"
        raise PeopleFileError(path.name, [Problem(line, advice)]) from error
    return read_people_text(text, source=path.name, company=company, installation=installation)


def read_people_text(
    text: str, *, source: str = "people.csv", company: str = "Rehearsal", installation: Installation | None = None
) -> Organisation:
    """The company in the text of a people file. Raises PeopleFileError, with `source` as the file's name."""
    problems: list[Problem] = []
    try:
        rows = list(_rows(text, problems))
        problems += problems_between(rows) if rows else [_EMPTY]
    except _Unreadable:
        pass
    if problems:
        raise PeopleFileError(source, problems)
    return organisation(rows, company=company, installation=installation or Installation())


def _rows(text: str, problems: list[Problem]) -> Iterator[Row]:
    """All rows; what is wrong with one is added to `problems`, and something usual stands in its place.

    Raises _Unreadable.
    """
    columns: list[str] | None = None
    for line, cells in _records(text, problems):
        if columns is None:
            columns = _header(line, cells, problems)
            if problems:
                raise _Unreadable
        elif any(cells[len(columns) :]):
            advice = "a value that has the separator in it must stand in quotation marks"
            problems.append(Problem(line, f"there are more values than columns; {advice}"))
        else:
            yield _row(line, dict(zip(columns, cells, strict=False)), problems)


def _records(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """What stands on each line that is not blank, with the line's number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), skipinitialspace=True, strict=True)
    line = 1
    try:
        for cells in reader:
            clean = [_clean(cell) for cell in cells]
            if any(clean):
                yield line, clean
            line = reader.line_num + 1
    except csv.Error:
        advice = "look for a quotation mark that is not closed, or write it twice where it is meant as such"
        problems.append(Problem(line, f"this line cannot be read; {advice}"))
        raise _Unreadable from None


def _separator(text: str) -> str:
    """The separator that makes most sense of the first line that is not blank."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")[:10_000]
    return max(_SEPARATORS, key=lambda one: sum(_key(cell) in _COLUMNS for cell in first.split(one)))


def _header(line: int, cells: Sequence[str], problems: list[Problem]) -> list[str]:
    """The column of each cell, "" for one that is passed over."""
    columns = [_COLUMNS.get(_key(cell), "") for cell in cells]
    for cell, column in zip(cells, columns, strict=True):
        meant = _COLUMNS.get(closest(_key(cell), _COLUMNS), "")
        if not column and meant and meant not in columns:
            problems.append(Problem(line, f'"{cell[:_LONGEST]}" is not a column; is it {meant}?'))
    problems += [
        Problem(line, f"there are several columns for the {column}; leave one")
        for column in dict.fromkeys(columns)
        if column and columns.count(column) > 1
    ]
    if "name" not in columns and not problems:
        problems.append(Problem(line, "there is no column called name; the first row has to name the columns"))
    return columns


def _row(line: int, cells: dict[str, str], problems: list[Problem]) -> Row:
    def wrong(text: str) -> None:
        problems.append(Problem(line, text))

    name, team, department = (cells.get(column, "") for column in ("name", "team", "department"))
    if not any(c.isalnum() for c in name):
        name = f"whoever is on line {line}"
        wrong("the name is missing; fill it in or delete the line")
    for column, value in (("name", name), ("team", team), ("department", department)):
        if len(value) > _LONGEST:
            wrong(f"the {column} is longer than {_LONGEST} characters; shorten it")
    roles = _roles(cells.get("role", ""))
    for unknown in sorted(roles - set(ROLES)):
        wrong(f'"{unknown[:_LONGEST]}" is not a role; write member, manager, leader or admin')
    if MANAGER in roles and not team:
        wrong(f"{name[:_LONGEST]} manages a team; write which one in the column team")
    if LEADER in roles and not department:
        wrong(f"{name[:_LONGEST]} leads a department; write which one in the column department")
    if team.casefold() == department.casefold() != "" and (LEADER not in roles or MANAGER in roles):
        wrong(f"{team[:_LONGEST]} is a team and its department; give one of them another name")
    zone = cells.get("time zone", "")
    tz = _zones().get(zone.replace(" ", "_").casefold()) if zone else UNSAID_ZONE
    if tz is None:
        advice = _zone_advice(zone) if len(problems) < _SHOWN else _ANY_ZONE  # looking for what is meant takes time
        wrong(f'"{zone[:_LONGEST]}" is not a time zone; {advice}')
    locale = cells.get("locale", "").replace("_", "-") or UNSAID_LOCALE
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", locale):
        wrong(f'"{locale[:_LONGEST]}" is not a locale; write a language and a country, such as en-GB')
    email = cells.get("email", "")
    if email and not re.fullmatch(r"[^@\s]{1,100}@[^@\s]{1,150}", email):
        wrong(f'"{email[:_LONGEST]}" is not an email address; correct it or leave it blank')
    return Row(
        line=line,
        name=name,
        team=team,
        department=department,
        roles=(roles & set(ROLES)) or frozenset({MEMBER}),
        title=cells.get("title", ""),
        tz=tz or UNSAID_ZONE,
        locale=locale,
        email=email,
    )


def _roles(text: str) -> frozenset[str]:
    words = re.split(r"[,;/+&|]|\band\b", text.casefold())
    return frozenset(word.strip() for word in words if word.strip()) or frozenset({MEMBER})


@cache
def _zones() -> dict[str, str]:
    """Names of time zones by what they are in lower case."""
    return {zone.casefold(): zone for zone in available_timezones()}


@cache
def _zone_advice(wrong: str) -> str:
    word = wrong.replace(" ", "_").casefold()
    in_city = sorted(zone for key, zone in _zones().items() if key.rpartition("/")[2] == word and "/" in key)
    meant = next(iter(in_city), "") or closest(word[:_LONGEST], _zones().values())
    return f"is it {meant}?" if meant else _ANY_ZONE


def _key(header: str) -> str:
    return "".join(c for c in header.casefold() if c.isalnum())


def _clean(cell: str) -> str:
    """A value on one line, without characters that control something."""
    return " ".join("".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in cell).split())
