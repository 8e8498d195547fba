"""What is asked: drivers, scales, items and question sets, and the files they come from."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal, cast

import yaml
from pydantic import ConfigDict, Field, JsonValue

from surveys.datafile import DataFile, DataFileError, build, read

Text = Annotated[str, Field(min_length=1, max_length=300)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$", max_length=60)]
_STRICT = ConfigDict(extra="forbid", strict=True)

MOST_WORDS = 14
"""Longer questions are read on a phone with a thumb already on its way to "Skip"."""

INTENT_ROSTER = 30
"""Intent to stay is never published for a smaller unit, so it is not asked there either."""

LEVELS = 6
"""Bands of a level at 8 answers and more; smaller classes use the first five words."""

SECONDS_A_QUESTION = 7.5
"""Four questions take half a minute: reading under 15 words, one tap, and the way to the button."""


class QuestionFileError(DataFileError):
    """Something is wrong in a file of questions. The message names the file, line, question and field."""


class Owner(StrEnum):
    """Who can change what a driver measures."""

    TEAM_LEAD = "team lead"
    LEADERSHIP = "leadership"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One thing that keeps people well and at work, or drives them out."""

    __pydantic_config__ = _STRICT

    id: Id  # "burnout"; also the name of a comment's theme
    name: Text  # "Burnout"
    owner: Owner  # who can change it
    outcome: bool  # a result of the others, such as morale, with nothing of its own to do about it
    level_words: Annotated[tuple[Text, ...], Field(min_length=LEVELS, max_length=LEVELS)]  # worst first
    worse: Text  # "Burnout is getting worse"
    better: Text  # "Burnout is easing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The answers one can press. Answer 1 is the first label."""

    __pydantic_config__ = _STRICT

    id: Id  # "agreement"
    kind: Literal["agreement", "choice"]  # choices are never averaged
    labels: Annotated[tuple[Text, ...], Field(min_length=2, max_length=10)]  # at most 10 fit a Slack radio group


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. Its id stands for its wording: say it otherwise, and it needs another id."""

    __pydantic_config__ = _STRICT

    id: Id  # "burnout.drained"
    driver: Id  # the id of the driver it measures
    text: Text  # as people read it
    scale: Id  # the id of its scale
    reverse: bool  # whether agreeing means that things are worse
    facet: str  # the side of the driver it looks at
    owner: Owner  # who can change this side of it
    construct: str  # what the literature calls it; empty for an organisation's own questions
    informed_by: str  # the sources that describe the construct, never the source of the wording
    claim: str | None = None  # which of the things leaders owe their people it covers
    min_roster: Annotated[int, Field(ge=0)] = 0  # never asked of a smaller unit


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """The questions of a pulse, in the order in which they are first asked."""

    id: str  # "ai-team-weekly"
    version: int  # raised whenever its items change
    name: str  # as admins read it
    description: str  # one or two sentences for whoever chooses
    locale: str  # "en"
    per_round: int  # questions a round
    items: tuple[Item, ...]  # ids are unique


@dataclass(frozen=True, slots=True, kw_only=True)
class _SetFile:
    """A question set as it stands in its file."""

    __pydantic_config__ = _STRICT

    id: Id
    version: Annotated[int, Field(ge=1)]
    name: Annotated[Text, Field(max_length=75)]  # Slack's limit for an option of a menu
    description: Text
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
    per_round: Annotated[int, Field(ge=1, le=10)]
    items: Annotated[tuple[JsonValue, ...], Field(min_length=1, max_length=500)]  # ids of the bank, or whole items


@dataclass(frozen=True, slots=True, kw_only=True)
class _BankFile:
    """A bank of items as it stands in its file."""

    __pydantic_config__ = _STRICT

    locale: str
    items: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DriversFile:
    """drivers.yaml."""

    __pydantic_config__ = _STRICT

    level_words: tuple[str, ...]  # of every driver that has none of its own
    drivers: tuple[dict[str, JsonValue], ...]
    scales: tuple[Scale, ...]


@cache
def drivers() -> Mapping[str, Driver]:
    """All drivers by id, in the order in which digests and set-up list them."""
    file, content = _drivers_file()
    found = [
        build(Driver, file, {"level_words": content.level_words, **driver}, ("drivers", index))
        for index, driver in enumerate(content.drivers)
    ]
    return MappingProxyType({driver.id: driver for driver in found})


@cache
def scales() -> Mapping[str, Scale]:
    """All scales by id."""
    return MappingProxyType({scale.id: scale for scale in _drivers_file()[1].scales})


@cache
def bank(locale: str = "en") -> Mapping[str, Item]:
    """Every shipped item of a language by id, in bank order; empty where the language has no bank."""
    name = f"question_sets/bank.{locale}.yaml"
    place = resources.files("surveys").joinpath(name)
    if not place.is_file():
        return MappingProxyType({})
    file = read(place.read_text(encoding="utf-8"), name)
    content = build(_BankFile, file, file.data)
    found = [_item(file, entry, index, {}) for index, entry in enumerate(content.items)]
    return MappingProxyType({item.id: item for item in found})


@cache
def load_question_sets(locale: str = "en") -> Mapping[str, QuestionSet]:
    """The shipped question sets of a language by id."""
    folder = resources.files("surveys").joinpath("question_sets")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(f".{locale}.yaml"))
    found = [
        parse_question_set(folder.joinpath(name).read_text(encoding="utf-8"), name)
        for name in names
        if not name.startswith("bank.")
    ]
    return MappingProxyType({question_set.id: question_set for question_set in found})


def parse_question_set(text: str, source: str) -> QuestionSet:
    """Read a question set from the text of its YAML file; `source` is the name errors give that file.

    An entry of `items` is the id of a shipped question or a whole question of one's own, for which `id`,
    `driver`, `text` and `reverse` suffice. Raises QuestionFileError, whose message names file, line, question
    and field in plain words.
    """
    try:
        return _question_set(read(text, source))
    except DataFileError as error:
        raise QuestionFileError(
            source=error.source, line=error.line, entry=error.entry, field=error.field, problem=error.problem
        ) from error


def write_question_set(question_set: QuestionSet) -> str:
    """The text of a question set's file, complete in itself; reading it gives the same set again."""
    content = asdict(question_set)
    shipped = bank(question_set.locale)
    content["items"] = [item.id if shipped.get(item.id) == item else _written(item) for item in question_set.items]
    written: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
    return written


def problems_of(item: Item, taken: Mapping[str, Item]) -> Mapping[str, str]:
    """What is wrong with an item somebody wrote, by field, in words that can stand beside that field.

    Empty when nothing is. `taken` holds the items by id whose wording is settled: the bank, and what was asked
    before. An id that came to mean something else would mix two questions into one history.
    """
    problems: dict[str, str] = {}
    if not re.fullmatch(r"[a-z][a-z0-9.-]{0,59}", item.id):
        problems["id"] = "may hold small letters, digits, dots and hyphens only, and begins with a letter"
    if item.id in taken and _asks(taken[item.id]) != _asks(item):
        problems["id"] = "belongs to a question that asks something else; give this one an id of its own"
    if item.driver not in drivers():
        problems["driver"] = _not_among(item.driver, list(drivers()))
    problems |= _problems_of_text(item.text)
    if item.scale not in scales():
        problems["scale"] = _not_among(item.scale, list(scales()))
        return problems
    choice = scales()[item.scale].kind == "choice"
    if choice != (item.driver == "intent-to-stay"):
        problems["scale"] = "of choices belongs to intent-to-stay, and to nothing else: choices are not averaged"
    if choice and item.reverse:
        problems["reverse"] = "must be false: choices are listed worst first"
    if choice and item.min_roster < INTENT_ROSTER:
        problems["min_roster"] = f"must be {INTENT_ROSTER} or more for intent to stay, to protect people"
    return problems


def seconds_to_answer(questions: int) -> int:
    """How long a round of so many questions takes, in seconds rounded up to the next quarter of a minute."""
    return -int(-(questions * SECONDS_A_QUESTION) // 15) * 15


def _asks(item: Item) -> tuple[str, str, str, bool]:
    return item.driver, item.text, item.scale, item.reverse


def _problems_of_text(text: str) -> dict[str, str]:
    if not text.strip() or not text.isprintable():
        return {"text": "must be one line of plain text"}
    words = len(text.split())
    if words > MOST_WORDS:
        return {"text": f"has {words} words; {MOST_WORDS} is the most people read"}
    return {}


def _not_among(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'says "{name}"; did you mean "{near[0]}"?'
    return f'says "{name}"; it can be {", ".join(known[:-1])} or {known[-1]}'


def _drivers_file() -> tuple[DataFile, _DriversFile]:
    text = resources.files("surveys").joinpath("drivers.yaml").read_text(encoding="utf-8")
    file = read(text, "drivers.yaml")
    return file, build(_DriversFile, file, file.data)


def _question_set(file: DataFile) -> QuestionSet:
    content = build(_SetFile, file, file.data)
    shipped = bank(content.locale)
    items: dict[str, Item] = {}
    for index, entry in enumerate(content.items):
        if isinstance(entry, str):
            if entry not in shipped:
                raise file.error(("items", index), _unknown_question(entry, list(shipped)), entry)
            item = shipped[entry]
        else:
            item = _item(file, entry, index, shipped)
        if item.id in items:
            raise file.error(("items", index), "stands in this set twice", item.id)
        items[item.id] = item
    return QuestionSet(
        id=content.id,
        version=content.version,
        name=content.name,
        description=content.description,
        locale=content.locale,
        per_round=content.per_round,
        items=tuple(items.values()),
    )


def _unknown_question(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return "is not a question that ships with Murmur" + (f'; did you mean "{near[0]}"?' if near else "")


def _item(file: DataFile, entry: object, index: int, taken: Mapping[str, Item]) -> Item:
    path = ("items", index)
    if not isinstance(entry, dict):
        raise file.error(path, "each entry must be the id of a question or a group of fields")
    given = cast(dict[str, object], entry)
    name = str(given.get("id", ""))
    driver = drivers().get(str(given.get("driver")))
    usual: dict[str, object] = {"scale": "agreement", "facet": "", "construct": "", "informed_by": ""}
    usual["owner"] = driver.owner if driver else Owner.COMPANY
    item = build(Item, file, usual | given, path, name)
    for field, problem in problems_of(item, taken).items():
        raise file.error((*path, field), problem, name)
    return item


def _written(item: Item) -> dict[str, object]:
    """The fields of an item that do not go without saying."""
    content = asdict(item) | {"owner": str(item.owner)}
    return {
        field.name: content[field.name]
        for field in fields(item)
        if content[field.name] not in ("", None, 0) or isinstance(content[field.name], bool)
    }
