"""The guide: a few steps that each show one thing, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any, Final, Self

import yaml

from bot.sandbox.people_file import Organisation

Json = dict[str, Any]

ANSWER: Final = "answer"
STEAL: Final = "steal"
DIGEST: Final = "digest"
PROMISE: Final = "promise"
LATER: Final = "later"
"""The steps of the guide, by their ids in guide.yaml."""

SET_UP: Final = "setup"
"""The step of a rehearsal that is done team by team, by its id in rehearsal.yaml."""

_NAMED: Final = 4  # teams that are named in a sentence


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
    again: str  # label of the button that stays once it is done
    by_hand: str = ""  # said instead of `after` where it was done without the button, if that differs
    renews: bool = False  # whether `again` does the step again, rather than showing its end again
    unfinished: bool = False  # whether something is left to do after its button has done its part
    begun: bool = False  # whether a part of an unfinished step is done
    standing: Standing = Standing.OPEN
    shown: Direction | None = None  # what was shown at its end
    hand: bool = False  # whether it was done without the button

    @property
    def can_begin(self) -> bool:
        """Whether its button does something: always where there is nothing to show again."""
        done = self.standing is Standing.DONE
        return self.standing is not Standing.BUSY and (not done or self.renews or self.shown is None)

    def as_json(self) -> Json:
        """For the page."""
        done = self.standing is Standing.DONE
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "button": self.button,
            "after": ((self.by_hand if self.hand else "") or self.after) if done else "",
            "again": self.again if done else "",
            "state": str(self.standing),
            "begun": self.begun and self.unfinished,
        }


@dataclass(slots=True)
class Guide:
    """The steps, in order. Each can be done at any time, and once done be done, or at least be shown, again."""

    steps: dict[str, Step] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # their words before they were filled in

    @classmethod
    def read(cls, file: str = "guide.yaml", **filled: str) -> Self:
        """The guide as it is written in a file beside this one, with what stands for {name} in its texts."""
        text = resources.files("bot.demo").joinpath(file).read_text(encoding="utf-8")
        written: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
        return cls({name: _step(name, words, filled) for name, words in written.items()}, written)

    def step(self, name: str) -> Step:
        """A step by its id. Raises LookupError naming those there are."""
        if name not in self.steps:
            raise LookupError(f"the guide has no step {name!r}; there are: {', '.join(self.steps) or 'none'}")
        return self.steps[name]

    def begin(self, name: str) -> bool:
        """Let a step begin, for the first time or again. False when all there is to do is to show its end again."""
        step = self.step(name)
        if not step.can_begin:
            return False
        step.standing, step.hand, step.shown = Standing.BUSY, False, None
        return True

    def end(self, name: str, *, well: bool) -> None:
        """A step that was under way is done, or went wrong and can be tried again, or waits for its next part."""
        step = self.step(name)
        step.standing = Standing.DONE if well and not step.unfinished else Standing.OPEN

    def skip(self, name: str) -> None:
        """Leave a step out, or leave it at the part that is done; one that is under way goes on."""
        step = self.step(name)
        if step.standing is Standing.OPEN:
            step.standing = Standing.DONE if step.begun else Standing.SKIPPED

    def done_by_hand(self, name: str, shown: Direction | None = None) -> bool:
        """Somebody did without the button what a step shows, at `shown`. False when that changes nothing."""
        step = self.steps.get(name)
        if step is None or step.standing not in {Standing.OPEN, Standing.SKIPPED}:
            return False
        step.standing, step.hand, step.shown = Standing.DONE, True, shown
        return True

    def as_json(self) -> list[Json]:
        """For the page."""
        return [step.as_json() for step in self.steps.values()]


def guide_of(company: Organisation) -> Guide:
    """The guide of a rehearsal: what to do first, with the names of this company in it."""
    admin = next(person.real_name for person in company.workspace.people if person.is_admin)
    names = [team.name for team in company.teams]
    named = [*names[:_NAMED], f"{len(names) - _NAMED} more teams"] if len(names) > _NAMED + 1 else names
    teams = " and ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part) or "no team"
    return Guide.read("rehearsal.yaml", admin=admin, teams=teams, team=names[0] if names else "a team")


def _step(name: str, words: Mapping[str, str], filled: Mapping[str, str]) -> Step:
    title, text, button, after, again = (
        words[key].format(**filled) for key in ("title", "text", "button", "after", "again")
    )
    return Step(
        id=name,
        title=title,
        text=text,
        button=button,
        after=after,
        again=again,
        by_hand=words.get("by_hand", ""),
        renews=bool(words.get("renews")),
    )
