"""The file of releases that the solver reads: who is in which unit, and every figure that was told.

JSON (or YAML, of which JSON is a part), with four fields:

- `about`: a sentence for the reader, optional.
- `questions`: each `id`; `options`, the number of possible answers (5 if left out); `lowest`, the first of them
  (0 or 1, 1 if left out).
- `units`: any group that a figure is about. Each `id`, and one of: `roster`, a number of people who are in this unit
  and in no other but its parents; `members`, a list of names or numbers, with which units may overlap freely; `parts`,
  a list of units it consists of.
- `releases`: each `unit`, `question`, `answered` (how many did, if that is known) and `facts`, a list of figures. What
  each `kind` of fact takes is written in `surveys/audit_facts.py`. A fact of kind `participation` is about no
  question and stands in a release of its own without one.

Nothing in the file is an answer, and names of members may be replaced by numbers.
"""

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, JsonValue

from surveys.audit_facts import FACTS, Fact, ParticipationFact
from surveys.datafile import DataFile, DataFileError, Path, build, read

_STRICT = ConfigDict(extra="forbid", strict=True)
Name = Annotated[str, Field(min_length=1, max_length=60)]
People = Annotated[int, Field(ge=0, le=10_000)]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, by the answers it offers: whole numbers in a row."""

    __pydantic_config__ = _STRICT

    id: Name
    options: Annotated[int, Field(ge=2, le=20)] = 5
    lowest: Annotated[int, Field(ge=0, le=1)] = 1

    @property
    def answers(self) -> range:
        """The possible answers, lowest first."""
        return range(self.lowest, self.lowest + self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """People who are in exactly the same units. Nothing published tells one from another."""

    units: tuple[str, ...]  # ids, in the order of the file
    people: int
    name: str  # "vision", "vision and evenings", "research only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was told of one question in one unit."""

    unit: str
    question: str
    answered: int | None  # how many answered it; None when that is not known
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """How many people of a unit took part, as far as that was told."""

    unit: str
    fewest: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """Everything that was published of a round."""

    questions: tuple[Question, ...]
    cells: tuple[Cell, ...]  # everybody, in disjoint groups
    releases: tuple[Release, ...]
    participation: tuple[Participation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = _STRICT

    about: str = ""
    questions: Annotated[tuple[JsonValue, ...], Field(min_length=1, max_length=500)]
    units: Annotated[tuple[JsonValue, ...], Field(min_length=1, max_length=500)]
    releases: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    __pydantic_config__ = _STRICT

    id: Name
    roster: Annotated[int, Field(ge=1, le=10_000)] | None = None
    members: Annotated[tuple[JsonValue, ...], Field(min_length=1)] | None = None
    parts: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Release:
    __pydantic_config__ = _STRICT

    unit: Name
    question: Name | None = None
    answered: People | None = None
    facts: tuple[JsonValue, ...] = ()


def parse_releases(text: str, source: str) -> Releases:
    """Read a file of releases; `source` is the name that errors give it.

    Raises DataFileError, whose message is one line that names the line, the field and what to do.
    """
    file = _read(text, source)
    content = build(_File, file, file.data)
    questions = _entries(Question, file, "questions", content.questions)
    units = _entries(_Unit, file, "units", content.units)
    people = _people(file, tuple(units.values()))
    releases: list[Release] = []
    participation: list[Participation] = []
    for index, entry in enumerate(content.releases):
        path: Path = ("releases", index)
        given = build(_Release, file, entry, path)
        _known(file, (*path, "unit"), given.unit, units)
        roster = len(people[given.unit])
        if given.question is None:
            participation += _participation(file, path, given, roster)
            continue
        _known(file, (*path, "question"), given.question, questions)
        if given.answered is not None and given.answered > roster:
            raise file.error((*path, "answered"), f"is more than the {roster} people of the unit", given.unit)
        facts = tuple(_facts(file, path, given, questions[given.question]))
        releases.append(Release(unit=given.unit, question=given.question, answered=given.answered, facts=facts))
    return Releases(
        questions=tuple(questions.values()),
        cells=cells_of(people),
        releases=tuple(releases),
        participation=tuple(participation),
    )


def cells_of(units: Mapping[str, Iterable[object]]) -> tuple[Cell, ...]:
    """Everybody in `units` (id -> people, whatever stands for one), grouped by the units they are in."""
    places: dict[object, list[str]] = {}
    for unit, people in units.items():
        for person in people:
            places.setdefault(person, []).append(unit)
    sizes = Counter(tuple(where) for where in places.values())
    sets = {unit: frozenset(people) for unit, people in units.items()}
    return tuple(Cell(units=where, people=size, name=_name(where, sets, sizes)) for where, size in sizes.items())


def _name(where: Sequence[str], units: Mapping[str, frozenset[object]], cells: Iterable[Sequence[str]]) -> str:
    """The smallest units around a cell; "only" when others are in these and in more."""
    smallest = [unit for unit in where if not any(units[other] < units[unit] for other in where)]
    others = any(set(where) < set(cell) for cell in cells)
    return " and ".join(smallest) + (" only" if others else "")


def _read(text: str, source: str) -> DataFile:
    if text.lstrip().startswith("{"):
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            problem = f"this is not valid JSON ({error.msg}, column {error.colno})"
            raise DataFileError(source=source, line=error.lineno, problem=problem) from error
        except RecursionError as error:
            raise DataFileError(source=source, line=1, problem="lists are nested too deeply") from error
    # JSON may be indented with tabs, YAML may not; inside of text neither may hold one.
    return read(text.replace("\t", "  "), source)


def _entries(shape: type[T], file: DataFile, name: str, entries: Sequence[JsonValue]) -> dict[str, T]:
    """The entries of a list by id. Raises DataFileError, also for an id that stands there twice."""
    found: dict[str, T] = {}
    for index, entry in enumerate(entries):
        one = build(shape, file, entry, (name, index), str(entry.get("id", "")) if isinstance(entry, dict) else "")
        key = str(getattr(one, "id"))  # noqa: B009 - every shape here has one
        if key in found:
            raise file.error((name, index, "id"), "stands here twice", key)
        found[key] = one
    return found


def _people(file: DataFile, units: Sequence[_Unit]) -> dict[str, tuple[object, ...]]:
    """Everybody in each unit, by its id. People of a unit with a `roster` are pairs of its id and a number."""
    by_id = {unit.id: (index, unit) for index, unit in enumerate(units)}
    found: dict[str, tuple[object, ...]] = {}

    def people(name: str, around: tuple[str, ...]) -> tuple[object, ...]:
        index, unit = by_id[name]
        path: Path = ("units", index)
        if sum(given is not None for given in (unit.roster, unit.members, unit.parts)) != 1:
            raise file.error(path, 'needs one of "roster", "members" and "parts"', name)
        if name in found:
            return found[name]
        if unit.roster is not None:
            found[name] = tuple((name, number) for number in range(unit.roster))
        elif unit.members is not None:
            found[name] = tuple(_members(file, path, unit.members, name))
        else:
            inside: dict[object, None] = {}  # in the order of the file, each person once
            for place, part in enumerate(unit.parts or ()):
                _known(file, (*path, "parts", place), part, by_id)
                if part in (*around, name):
                    raise file.error((*path, "parts", place), f'"{part}" would be a part of itself', name)
                inside |= dict.fromkeys(people(part, (*around, name)))
            found[name] = tuple(inside)
        return found[name]

    return {unit.id: people(unit.id, ()) for unit in units}


def _members(file: DataFile, path: Path, members: Iterable[JsonValue], unit: str) -> Iterator[object]:
    seen: set[str] = set()
    for place, member in enumerate(members):
        where = (*path, "members", place)
        if not isinstance(member, str | int) or isinstance(member, bool):
            raise file.error(where, "must be names or numbers", unit)
        if str(member) in seen:
            raise file.error(where, f'lists "{member}" twice', unit)
        seen.add(str(member))
        yield str(member)


def _facts(file: DataFile, path: Path, given: _Release, question: Question) -> Iterator[Fact]:
    for place, entry in enumerate(given.facts):
        where = (*path, "facts", place)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if kind == "participation":
            raise file.error(where, 'of kind "participation" belongs into a release without a question', given.unit)
        if kind not in FACTS:
            raise file.error((*where, "kind"), f"must be one of {', '.join(FACTS)}", given.unit)
        fact = build(FACTS[str(kind)], file, entry, where, given.unit)
        if problem := fact.problem(question.answers):
            raise file.error((*where, problem[0]), problem[1], given.unit)
        yield fact


def _participation(file: DataFile, path: Path, given: _Release, roster: int) -> Iterator[Participation]:
    for place, entry in enumerate(given.facts):
        where = (*path, "facts", place)
        if not isinstance(entry, dict) or entry.get("kind") != "participation":
            raise file.error(path, 'needs a "question", unless all its facts are of kind "participation"', given.unit)
        took_part = build(ParticipationFact, file, entry, where, given.unit).took_part(roster)
        if took_part is None:
            raise file.error((*where, "value"), f"is a band that is never told of {roster} people", given.unit)
        yield Participation(unit=given.unit, fewest=took_part[0], most=took_part[1])
    if given.answered is not None:
        raise file.error((*path, "answered"), "belongs into a release with a question", given.unit)


def _known(file: DataFile, path: Path, name: str, known: Iterable[str]) -> None:
    near = difflib.get_close_matches(name, known := list(known), n=1)
    if name not in known:
        hint = f'; did you mean "{near[0]}"?' if near else f"; there is {', '.join(known[:8])}"
        raise file.error(path, f'says "{name}", which is not in the file{hint}')
