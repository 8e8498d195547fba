"""What is asked: drivers, scales, items and question sets, and the files they come from."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, cast

import yaml
from pydantic import Field, JsonValue

from surveys.datafile import DataFile, DataFileError, build, read
from surveys.items import (
    INTENT_ROSTER,
    MOST_WORDS,
    STRICT,
    Driver,
    Id,
    Item,
    Owner,
    Scale,
    Text,
    answers_of,
    drivers,
    is_averaged,
    is_comment,
    problems_of,
    scales,
)

__all__ = [
    "INTENT_ROSTER",
    "MOST_A_ROUND",
    "MOST_WORDS",
    "Driver",
    "Item",
    "Owner",
    "QuestionFileError",
    "QuestionSet",
    "Scale",
    "answers_of",
    "bank",
    "claims",
    "drivers",
    "is_averaged",
    "is_comment",
    "items_of_files",
    "load_question_sets",
    "parse_question_set",
    "problems_of",
    "scales",
    "seconds_to_answer",
    "write_question_set",
]

MOST_A_ROUND = 15
"""Two minutes. With ids of full length and the longest comment, their answers still fit into a ballot."""

SECONDS_A_QUESTION = 7.5
"""Four questions take half a minute: reading under 15 words, one tap, and the way to the button."""


class QuestionFileError(DataFileError):
    """Something is wrong in a file of questions. The message names the file, line, question and field, and what
    belongs there, in the words of the schema.
    """

    def __init__(self, *, source: str, line: int, problem: str, field: str = "", entry: str = "") -> None:
        super().__init__(source=source, line=line, problem=problem, field=field, entry=entry)
        belongs = _described(field, of_item=bool(entry))
        self.hint = f"Here belongs {belongs}." if belongs else ""

    def __str__(self) -> str:
        return f"{super().__str__()} {self.hint}".rstrip()


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

    __pydantic_config__ = STRICT

    id: Id
    version: Annotated[int, Field(ge=1)]
    name: Annotated[Text, Field(max_length=75)]  # Slack's limit for an option of a menu
    description: Text
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
    per_round: Annotated[int, Field(ge=1, le=MOST_A_ROUND)]
    items: Annotated[tuple[JsonValue, ...], Field(max_length=500)]  # ids of the bank, or whole items


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """One thing that leaders owe their people, as it stands in claims.yaml."""

    __pydantic_config__ = STRICT

    claim: Text
    parts: dict[str, Annotated[tuple[Id, ...], Field(min_length=1)]]  # each side of it, and the items that ask about it


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClaimsFile:
    """claims.yaml."""

    __pydantic_config__ = STRICT

    claims: tuple[_Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BankFile:
    """A bank of items as it stands in its file."""

    __pydantic_config__ = STRICT

    locale: str
    items: tuple[JsonValue, ...]


@cache
def bank() -> Mapping[str, Item]:
    """Every shipped item by id, in bank order, in English; `surveys.translations.item_in` speaks other languages."""
    name = "question_sets/bank.en.yaml"
    file = read(resources.files("surveys").joinpath(name).read_text(encoding="utf-8"), name)
    content = build(_BankFile, file, file.data)
    found = [_item(file, entry, index, {}) for index, entry in enumerate(content.items)]
    return MappingProxyType({item.id: item for item in found})


@cache
def claims() -> Mapping[str, Mapping[str, tuple[Item, ...]]]:
    """What leaders owe their people: each claim with its sides, and the shipped items that ask about each side."""
    file = read(resources.files("surveys").joinpath("claims.yaml").read_text(encoding="utf-8"), "claims.yaml")
    found: dict[str, Mapping[str, tuple[Item, ...]]] = {}
    for place, entry in enumerate(build(_ClaimsFile, file, file.data).claims):
        for part, ids in entry.parts.items():
            for number, id_ in enumerate(ids):
                if id_ not in bank():
                    path = ("claims", place, "parts", part, number)
                    raise file.error(path, _unknown_question(id_, list(bank())), id_)
        found[entry.claim] = {part: tuple(bank()[id_] for id_ in ids) for part, ids in entry.parts.items()}
    return MappingProxyType(found)


@cache
def load_question_sets() -> Mapping[str, QuestionSet]:
    """The shipped question sets by id."""
    folder = resources.files("surveys").joinpath("question_sets")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".en.yaml"))
    found = [
        parse_question_set(folder.joinpath(name).read_text(encoding="utf-8"), name)
        for name in names
        if not name.startswith("bank.")
    ]
    found.sort(key=lambda question_set: not question_set.items)  # the blank one comes last
    return MappingProxyType({question_set.id: question_set for question_set in found})


@cache
def items_of_files() -> Mapping[str, Item]:
    """Every item that a file holds, by id: the bank's, and those that a set brings along."""
    brought = {item.id: item for question_set in load_question_sets().values() for item in question_set.items}
    return MappingProxyType({**brought, **bank()})


def parse_question_set(text: str, source: str) -> QuestionSet:
    """Read a question set from the text of its YAML file; `source` is the name errors give that file.

    An entry of `items` is the id of a shipped question or a whole question of one's own, for which `id`,
    `driver`, `text` and `reverse` suffice, and for a choice its `options`. Raises QuestionFileError, whose message
    names file, line, question and field in plain words.
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
    shipped = bank()
    content["items"] = [item.id if shipped.get(item.id) == item else _written(item) for item in question_set.items]
    written: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
    return written


def seconds_to_answer(questions: int) -> int:
    """How long a round of so many questions takes, in seconds rounded up to the next quarter of a minute."""
    return -int(-(questions * SECONDS_A_QUESTION) // 15) * 15


def _question_set(file: DataFile) -> QuestionSet:
    content = build(_SetFile, file, file.data)
    shipped = bank()
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
    content = asdict(item) | {"owner": str(item.owner), "options": list(item.options)}
    return {
        field.name: content[field.name]
        for field in fields(item)
        if content[field.name] not in ("", None, 0, []) or isinstance(content[field.name], bool)
    }


@cache
def _schema() -> Mapping[str, JsonValue]:
    text = resources.files("surveys").joinpath("question_sets/question-set.schema.json").read_text(encoding="utf-8")
    return cast(Mapping[str, JsonValue], json.loads(text))


def _described(field: str, *, of_item: bool) -> str:
    """What the schema says belongs into a field of a file, or "" for what is no field."""
    schema = cast(Mapping[str, object], _schema()["$defs"])["item"] if of_item else _schema()
    properties = cast(Mapping[str, Mapping[str, Mapping[str, str]]], schema)["properties"]
    return properties.get(field, {}).get("description", "")
