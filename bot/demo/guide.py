"""The guide: a few steps that each show one thing, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any, Final, Self

import yaml

Json = dict[str, Any]

FIRST: Final = "answer"
"""The step that a visitor may do by hand, without its button."""


class Standing(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    BUSY = "busy"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Where the page should look."""

    person: str  # id
    place: str  # a channel or direct message id, or "home"
    message: str = ""  # timestamp of the message to show from its top, "" for the newest
    phone: bool = False  # whether in the phone frame
    panel: str = ""  # "theft" or nothing

    def as_json(self, number: int) -> Json:
        """For the page, which follows it when its number is new."""
        return {
            "number": number,
            "person": self.person,
            "place": self.place,
            "message": self.message,
            "phone": self.phone,
            "panel": self.panel,
        }


@dataclass(slots=True, kw_only=True)
class Step:
    """One step, with its words as guide.yaml has them."""

    id: str
    title: str
    text: str  # what happens and what to look at
    button: str
    after: str  # what to look at once it is done
    standing: Standing = Standing.OPEN
    shown: Direction | None = None  # what was shown at its end

    def as_json(self) -> Json:
        """For the page."""
        done = self.standing is Standing.DONE
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "button": self.button,
            "after": self.after if done else "",
            "state": str(self.standing),
        }


@dataclass(slots=True)
class Guide:
    """The steps, in order. Each can be done at any time, again after it was skipped, and is done once."""

    steps: dict[str, Step] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Self:
        """The guide as it is written in guide.yaml."""
        text = resources.files("bot.demo").joinpath("guide.yaml").read_text(encoding="utf-8")
        written: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
        return cls({name: _step(name, words) for name, words in written.items()})

    def step(self, name: str) -> Step:
        """A step by its id. Raises LookupError naming those there are."""
        if name not in self.steps:
            raise LookupError(f"the guide has no step {name!r}; there are: {', '.join(self.steps) or 'none'}")
        return self.steps[name]

    def begin(self, name: str) -> bool:
        """Let a step begin. False when it is under way or done already."""
        step = self.step(name)
        if step.standing in {Standing.BUSY, Standing.DONE}:
            return False
        step.standing = Standing.BUSY
        return True

    def end(self, name: str, *, well: bool) -> None:
        """A step that had begun is done, or went wrong and can be tried again."""
        self.step(name).standing = Standing.DONE if well else Standing.OPEN

    def skip(self, name: str) -> None:
        """Leave a step out; one that has begun goes on."""
        step = self.step(name)
        if step.standing is Standing.OPEN:
            step.standing = Standing.SKIPPED

    def done_by_hand(self, name: str) -> bool:
        """Somebody did without the button what a step shows. False when that changes nothing."""
        if name not in self.steps or self.steps[name].standing is not Standing.OPEN:
            return False
        self.steps[name].standing = Standing.DONE
        return True

    def as_json(self) -> list[Json]:
        """For the page."""
        return [step.as_json() for step in self.steps.values()]


def _step(name: str, words: Mapping[str, str]) -> Step:
    return Step(id=name, title=words["title"], text=words["text"], button=words["button"], after=words["after"])
