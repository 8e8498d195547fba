"""What a reader of a digest can do about a driver this week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated

from pydantic import ConfigDict, Field

from surveys.datafile import build, read
from surveys.questions import Owner, drivers


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do, and a question that opens the conversation about it."""

    driver: str  # the id of the driver it is about
    reader: Owner  # who can do it
    text: str  # one or two whole sentences
    question: str  # to ask the people concerned
    raise_with: Owner | None  # who can change what this reader cannot; None if that is the reader


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An action as it stands in its file."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    driver: str
    reader: Owner
    text: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ActionsFile:
    """actions.yaml."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    actions: tuple[_Entry, ...]


def action_for(driver: str, reader: Owner, on: date, *, every_weeks: int = 1) -> Action:
    """What `reader` can do about a driver in the week of `on`; where there are several, they take turns by week.

    A reader who is not the driver's owner gets something within reach, and in `raise_with` who can change the
    rest. `every_weeks` is how far apart digests are: with an even number, turns by the single week would show
    the same action for ever. Raises ValueError for a driver that does not exist.
    """
    if driver not in drivers():
        raise ValueError(f'There is no driver called "{driver}".')
    choices = _actions()[driver, reader]
    week = (on.toordinal() - 1) // 7  # day 1 of the calendar was a Monday
    return choices[week // every_weeks % len(choices)]


@cache
def _actions() -> Mapping[tuple[str, Owner], tuple[Action, ...]]:
    text = resources.files("surveys").joinpath("actions.yaml").read_text(encoding="utf-8")
    file = read(text, "actions.yaml")
    found: dict[tuple[str, Owner], tuple[Action, ...]] = {}
    for entry in build(_ActionsFile, file, file.data).actions:
        owner = drivers()[entry.driver].owner
        action = Action(
            driver=entry.driver,
            reader=entry.reader,
            text=entry.text,
            question=entry.question,
            raise_with=None if owner is entry.reader else owner,
        )
        found[entry.driver, entry.reader] = (*found.get((entry.driver, entry.reader), ()), action)
    return MappingProxyType(found)
