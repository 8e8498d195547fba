"""What is asked, as values: drivers, scales and items, and the rules an item keeps."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from surveys.datafile import DataFile, build, read

Text = Annotated[str, Field(min_length=1, max_length=300)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$", max_length=60)]
Option = Annotated[str, Field(min_length=1, max_length=75)]  # Slack's limit for a radio button
STRICT = ConfigDict(extra="forbid", strict=True)
"""Files of questions hold what is written here and nothing else."""

MOST_WORDS = 14
"""Longer questions are read on a phone with a thumb already on its way to "Skip"."""

INTENT_ROSTER = 30
"""Intent to stay is never published for a smaller unit, so it is not asked there either."""

MOST_OPTIONS = 9
"""A Slack radio group holds ten buttons, and one of them is "Skip"."""

LEVELS = 6
"""Bands of a level at 8 answers and more; smaller classes use the first five words."""


class Owner(StrEnum):
    """Who can change what a driver measures."""

    TEAM_LEAD = "team lead"
    LEADERSHIP = "leadership"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One thing that keeps people well and at work, or drives them out."""

    __pydantic_config__ = STRICT

    id: Id  # "burnout"; also the name of a comment's theme
    name: Text  # "Burnout"
    owner: Owner  # who can change it
    outcome: bool  # a result of the others, such as morale, with nothing of its own to do about it
    level_words: Annotated[tuple[Text, ...], Field(min_length=LEVELS, max_length=LEVELS)]  # worst first
    worse: Text  # "Burnout is getting worse"
    better: Text  # "Burnout is easing"
    means: Text  # what a flag on it means, in one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The answers one can press. Answer 1 is the first label."""

    __pydantic_config__ = STRICT

    id: Id  # "agreement"
    kind: Literal["agreement", "ordered", "choice", "comment"]  # only agreement is ever averaged
    labels: Annotated[tuple[Text, ...], Field(max_length=MOST_OPTIONS)]  # none where each question brings its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. Its id stands for its wording: say it otherwise, and it needs another id."""

    __pydantic_config__ = STRICT

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
    options: Annotated[tuple[Option, ...], Field(max_length=MOST_OPTIONS)] = ()  # of the scale "choice", and only of it


@dataclass(frozen=True, slots=True, kw_only=True)
class _DriversFile:
    """drivers.yaml."""

    __pydantic_config__ = STRICT

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


def answers_of(item: Item) -> tuple[str, ...]:
    """The answers one can press for an item, answer 1 first; none where one writes instead."""
    return item.options or scales()[item.scale].labels


def is_comment(item: Item) -> bool:
    """Whether an item asks for words: it stands above the comment of a round, and has no answers of its own."""
    return scales()[item.scale].kind == "comment"


def is_averaged(item: Item) -> bool:
    """Whether the answers to an item have a mean: agreement has one, choices and words have none."""
    return scales()[item.scale].kind == "agreement"


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
        problems["driver"] = not_among(item.driver, list(drivers()))
    problems |= _problems_of_text(item.text)
    if item.scale not in scales():
        problems["scale"] = not_among(item.scale, list(scales()))
        return problems
    kind, intent = scales()[item.scale].kind, item.driver == "intent-to-stay"
    if (kind == "ordered") != intent:
        problems["scale"] = 'must be "intent" for intent-to-stay, and for nothing else: it is not averaged'
    if kind != "agreement" and item.reverse:
        problems["reverse"] = "must be false: only a statement can be turned around"
    if intent and item.min_roster < INTENT_ROSTER:
        problems["min_roster"] = f"must be {INTENT_ROSTER} or more for intent to stay, to protect people"
    if problem := _problem_of_options(item.options, kind == "choice"):
        problems["options"] = problem
    return problems


def _asks(item: Item) -> tuple[str, str, str, bool, tuple[str, ...]]:
    return item.driver, item.text, item.scale, item.reverse, item.options


def _problem_of_options(options: tuple[str, ...], choice: bool) -> str:
    if not choice:
        return 'belong to questions whose scale is "choice"' if options else ""
    if len(options) < 2:
        return "must list the answers one can choose from, two or more"
    if any(not option.strip() or not option.isprintable() for option in options):
        return "must each be one line of plain text"
    alike = {option.strip().casefold() for option in options}
    return "" if len(alike) == len(options) else "must differ from each other"


def _problems_of_text(text: str) -> dict[str, str]:
    if not text.strip() or not text.isprintable():
        return {"text": "must be one line of plain text"}
    words = len(text.split())
    if words > MOST_WORDS:
        return {"text": f"has {words} words; {MOST_WORDS} is the most people read"}
    return {}


def not_among(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'says "{name}"; did you mean "{near[0]}"?'
    return f'says "{name}"; it can be {", ".join(known[:-1])} or {known[-1]}'


def _drivers_file() -> tuple[DataFile, _DriversFile]:
    text = resources.files("surveys").joinpath("drivers.yaml").read_text(encoding="utf-8")
    file = read(text, "drivers.yaml")
    return file, build(_DriversFile, file, file.data)
