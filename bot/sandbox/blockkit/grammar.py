"""The small language in which Block Kit is written down in this package.

A shape says what a JSON value must be; the tables in `texts`, `elements`, `blocks` and `views` are made of
shapes, and `Shape.problems` walks a payload along them. Rules that compare several fields of one object
(`rules.py`) run once each of these fields is sound by itself, so they need not be careful.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.sandbox.blockkit.problems import Place, Problem

SURFACES = frozenset({"message", "modal", "home"})

Rule = Callable[[Mapping[str, Any], Place], Iterator[Problem]]


class Shape(Protocol):
    """Something a JSON value can be checked against."""

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        """Everything that is wrong with `value`; never raises, whatever the value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string."""

    least: int = 1  # characters
    most: int | None = None  # characters
    form: re.Pattern[str] | None = None  # what the whole string must look like
    called: str = ""  # the form in words

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at.problem("must provide a string", "type", expected="string", got=_json_name(value))
        elif len(value) < self.least:
            yield at.problem(
                f"must be more than {self.least - 1} characters",
                "min_length",
                expected=self.least,
                got=len(value),
            )
        elif self.most is not None and len(value) > self.most:
            yield at.problem(
                f"must be less than {self.most + 1} characters",
                "max_length",
                expected=self.most,
                got=len(value),
            )
        elif self.form is not None and not self.form.fullmatch(value):
            yield at.problem(f"must be {self.called}", "format", expected=self.called)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]  # the words Slack knows

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, str) or value not in self.words:
            yield at.problem(f"must be one of {', '.join(self.words)}", "enum", expected=self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A finite number; a boolean is none."""

    whole: bool = True  # no fraction
    least: float = -math.inf  # the smallest that is allowed
    most: float = math.inf  # the largest that is allowed
    above: float = -math.inf  # must be greater than this

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        name = "integer" if self.whole else "number"
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield at.problem(f"must provide a {name}", "type", expected=name, got=_json_name(value))
        elif isinstance(value, float) and not math.isfinite(value):
            yield at.problem(f"must provide a {name}", "type", expected=name, got="not finite")
        elif value < self.least:
            yield at.problem(f"must be {self.least} or more", "minimum", expected=self.least)
        elif value > self.most:
            yield at.problem(f"must be {self.most} or less", "maximum", expected=self.most)
        elif value <= self.above:
            yield at.problem(f"must be greater than {self.above}", "minimum", expected=self.above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """True or false."""

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield at.problem("must provide a boolean", "type", expected="boolean", got=_json_name(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list of things of one shape; a tuple is as good, for JSON knows no difference."""

    of: Shape  # what each item is
    least: int = 1  # items
    most: int | None = None  # items
    gaps: bool = False  # whether null may stand for an item

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, (list, tuple)):
            yield at.problem("must provide an array", "type", expected="array", got=_json_name(value))
            return
        if len(value) < self.least:
            yield at.problem(
                f"no fewer than {self.least} items allowed", "min_items", expected=self.least, got=len(value)
            )
        if self.most is not None and len(value) > self.most:
            yield at.problem(f"no more than {self.most} items allowed", "max_items", expected=self.most, got=len(value))
        for index, item in enumerate(value):
            if not (self.gaps and item is None):
                yield from self.of.problems(item, at / index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with known fields, and no others."""

    fields: Mapping[str, Shape]  # every field Slack documents, required or not
    needs: frozenset[str] = frozenset()  # the fields that must be there
    rules: tuple[Rule, ...] = ()  # what must hold between fields
    surfaces: frozenset[str] = SURFACES  # where Slack shows it

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at.problem("must provide an object", "type", expected="object", got=_json_name(value))
            return
        found = list(self._of_fields(value, at))
        yield from found
        if not found:
            for rule in self.rules:
                yield from rule(value, at)

    def _of_fields(self, value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        for name in sorted(self.needs - value.keys()):
            yield at.problem(f"missing required field: {name}", "required", expected=name)
        for name, inner in value.items():
            if name in self.fields:
                yield from self.fields[name].problems(inner, at / name)
            else:
                yield at.problem(f"invalid additional property: {name}", "additional_property", got=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An object whose `type` says which of several records it is."""

    kinds: Mapping[str, Record]  # by the value of `type`

    def problems(self, value: object, at: Place) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at.problem("must provide an object", "type", expected="object", got=_json_name(value))
            return
        kind = value.get("type")
        if kind is None:
            yield at.problem("missing required field: type", "required", expected="type")
        elif not isinstance(kind, str) or kind not in self.kinds:
            got = kind if isinstance(kind, str) else _json_name(kind)
            yield (at / "type").problem(f"unsupported type: {got}", "enum", expected=list(self.kinds), got=got)
        elif at.surface not in self.kinds[kind].surfaces:
            allowed = sorted(self.kinds[kind].surfaces)
            yield (at / "type").problem(
                f"unsupported type in a {at.surface}: {kind}", "surface", expected=allowed, got=at.surface
            )
        else:
            yield from self.kinds[kind].problems(value, at)


def record(needs: str = "", rules: tuple[Rule, ...] = (), /, **fields: Shape) -> Record:
    """A record, written briefly; `needs` lists the required fields, separated by spaces."""
    return Record(fields=fields, needs=frozenset(needs.split()), rules=rules)


def typed(name: str, needs: str = "", rules: tuple[Rule, ...] = (), /, **fields: Shape) -> Record:
    """A record with a `type`, which is `name`."""
    return record(f"type {needs}", rules, type=OneOf(words=(name,)), **fields)


def only(surfaces: str, kind: Record) -> Record:
    """The same record, shown on these surfaces only (separated by spaces)."""
    return replace(kind, surfaces=frozenset(surfaces.split()))


def _json_name(value: object) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)
