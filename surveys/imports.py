"""Which of another tool's figures can be taken over: into which unit each belongs, and what stands against it."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from surveys.history import History, Named, Told
from surveys.release import PeopleClass
from surveys.tablefile import Problem, TableFileError
from surveys.units import SMALLEST

_SHOWN: Final = 8  # names in one message
_GROWN: Final = 3  # times as many people as today a team may have had, unless the file says how many it had

Kept = tuple[PeopleClass, int, int]
"""What is kept of a week: the people class, the band, and how many could have answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit as figures can be filed under it."""

    pulse_id: int
    team_ids: tuple[int, ...]  # ascending
    name: str  # "Speech + Vision"
    teams: tuple[str, ...]  # names of its teams
    people: int  # asked in it today
    scored: bool  # False: it has too few people for any result
    today: date  # by the clock of its pulse
    counted_from: date | None = None  # from when it has enough, once people who moved there are counted in it
    first_round: date | None  # the day on which its first round opened, if one has
    has_results: bool  # whether the ledger tells of it already
    imported: Mapping[tuple[str, date], Kept]  # by driver and last day of the week: what was imported before


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Figures sorted by what becomes of them, each with the unit it belongs to; in the order of the file's rows."""

    new: list[tuple[Place, Told]] = field(default_factory=list)
    there: list[tuple[Place, Told]] = field(default_factory=list)  # imported before, and the same
    withheld: list[tuple[Place, Told]] = field(default_factory=list)  # too few answers for Murmur's own rules


def sort_out(history: History, source: str, places: Sequence[Place], departments: Collection[str] = ()) -> Sorted:
    """What becomes of the figures of the file named `source`.

    `places` are the units of the workspace, `departments` the names of teams that only hold others. Raises
    TableFileError for all that stands against the file at once: in its lines by themselves, and in its units.
    """
    by_name, problems = _placed(history.named, places, departments)
    found = [(by_name[one.unit], one) for one in history.told if one.unit in by_name]
    sorted_ = Sorted()
    lines: dict[tuple[str, str, date], int] = {}
    for place, one in found:
        key = one.code.driver, one.on
        if (before := lines.setdefault((place.name, *key), one.line)) != one.line:
            text = f"line {before} tells the same unit, driver and week already; a week has one mean"
            problems.append(Problem(line=one.line, column="week", text=text))
        elif text := _too_late(place, one.on):
            problems.append(Problem(line=one.line, column="week", text=text))
        elif one.code.value is None or one.code.people is None:
            sorted_.withheld.append((place, one))
        elif key not in place.imported:
            sorted_.new.append((place, one))
        elif place.imported[key] == (one.code.people, one.code.value, one.roster):
            sorted_.there.append((place, one))
        else:
            text = "this week was imported before with another level; run murmur import --undo first"
            problems.append(Problem(line=one.line, column="mean", text=text))
    problems += _told_already(sorted_.new)
    noted = {(one.line, one.column) for one in history.problems}  # a week told twice, which was noticed there already
    if problems := [*history.problems, *(one for one in problems if (one.line, one.column) not in noted)]:
        raise TableFileError(source, problems)
    return sorted_


def _placed(
    named: Iterable[Named], places: Sequence[Place], departments: Collection[str]
) -> tuple[dict[str, Place], list[Problem]]:
    """The unit of each name, and a problem for each name that is none and each line that cannot be about its unit."""
    by_name: dict[str, list[Named]] = {}
    for one in named:
        by_name.setdefault(one.unit, []).append(one)
    found: dict[str, Place] = {}
    problems: list[Problem] = []
    for name, of_unit in by_name.items():
        place = next((place for place in places if _same(place.name, name)), None)
        if place is None or not place.scored:
            problems.append(_about_all(of_unit, _no_place(name, places, departments)))
            continue
        found[name] = place
        problems += [
            Problem(
                line=one.line,
                column="n",
                text=f"{one.n} answers are too many for “{place.name}”, which has {place.people} people; if it was"
                " that large then, say so in a column team_size",
            )
            for one in of_unit
            if one.n is not None and one.n > _GROWN * place.people
        ]
    return found, problems


def _no_place(name: str, places: Sequence[Place], departments: Collection[str]) -> str:
    """Why nothing can be filed under a name."""
    for place in places:
        if _same(place.name, name) and place.counted_from is not None:
            return f"“{place.name}” is counted from {place.counted_from} on; leave it out, and import it then"
        if _same(place.name, name):
            return f"“{place.name}” has no results, for it needs {SMALLEST} people who are asked; leave it out"
        if any(_same(team, name) for team in place.teams):
            return f"“{name}” is counted together with others; give one mean for all of them, under “{place.name}”"
    if any(_same(department, name) for department in departments):
        return f"“{name}” is a department, and its figures come from those of its teams; give these"
    known = {_words(one): place.name for place in places for one in (*place.teams, place.name)}
    if near := difflib.get_close_matches(_words(name), known, n=1):
        return f"“{name}” is no team here; did you mean {known[near[0]]}?"
    names = [place.name for place in places]
    return f"“{name}” is no team here; there is {', '.join(names[:_SHOWN])}{', ...' * (len(names) > _SHOWN)}"


def _too_late(place: Place, on: date) -> str:
    """Why a week is not history, if it is not."""
    if place.first_round is not None and on >= place.first_round:
        return f"Murmur's own first round of {place.name} opened on {place.first_round}; history is what came before"
    return "this week is not over yet" if on >= place.today else ""


def _told_already(new: Iterable[tuple[Place, Told]]) -> Iterator[Problem]:
    """Problems of units whose flags would be other ones afterwards."""
    by_name: dict[str, list[Told]] = {}
    for place, one in new:
        if place.has_results:
            by_name.setdefault(place.name, []).append(one)
    for name, of_unit in by_name.items():
        text = f"“{name}” has results of its own already, and flags that were told would change; leave it out"
        yield _about_all(of_unit, text)


def _about_all(lines: Sequence[Told] | Sequence[Named], text: str) -> Problem:
    """One problem for many lines that have it."""
    more = len(lines) - 1
    if more:
        text += f" ({more} more line{'s' * (more > 1)} of it)"
    return Problem(line=min(one.line for one in lines), column="unit", text=text)


def _same(one: str, other: str) -> bool:
    """Whether two names mean the same: case, blanks and the order of joined teams aside."""
    return _words(one) == _words(other) or _parts(one) == _parts(other)


def _words(name: str) -> str:
    return " ".join(name.casefold().split())


def _parts(name: str) -> list[str]:
    return sorted(_words(part) for part in name.split(" + "))
