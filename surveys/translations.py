"""Questions, answers and drivers in the languages people read: what has no translation stays English, one by one.

A translation says by `validated` whether anybody has tested that it is answered like the English wording. The ids stay:
answers to one question are one history, whatever the language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import Field

from surveys.datafile import build, read
from surveys.items import LEVELS, STRICT, Driver, Id, Item, Option, Scale, Text, scales

SOURCE_LANGUAGE = "en"
"""The language in which questions are written first."""

LevelWords = Annotated[tuple[Text, ...], Field(min_length=LEVELS, max_length=LEVELS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The shipped items in a language, as they stand in question_sets/bank.<language>.yaml."""

    __pydantic_config__ = STRICT

    locale: str
    validated: bool  # whether anybody has tested that these are answered like the English ones
    items: dict[Id, Text]  # by item id
    options: dict[Id, tuple[Option, ...]] = field(default_factory=dict)  # of choices, in the English order


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverWords:
    """A driver in a language; `level_words` only where it has its own."""

    __pydantic_config__ = STRICT

    name: Text
    worse: Text
    better: Text
    means: Text
    level_words: LevelWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Drivers and scales in a language, as they stand in drivers.<language>.yaml."""

    __pydantic_config__ = STRICT

    locale: str
    validated: bool
    level_words: LevelWords  # of every driver that has none of its own
    drivers: dict[Id, DriverWords]
    scales: dict[Id, tuple[Option, ...]]


def language_of(locale: str) -> str:
    """The language of a locale as Slack gives it: "de" of "de-DE"."""
    return locale.replace("_", "-").partition("-")[0].casefold()


@cache
def languages() -> Sequence[str]:
    """The languages there are translations of questions in, besides English."""
    names = (entry.name.split(".") for entry in resources.files("surveys").joinpath("question_sets").iterdir())
    return tuple(
        sorted(name[1] for name in names if len(name) == 3 and name[0] == "bank" and name[1] != SOURCE_LANGUAGE)
    )


@cache
def questions_in(language: str) -> Questions | None:
    """The shipped items in a language; None where there is no translation."""
    return _read(Questions, f"question_sets/bank.{language}.yaml") if language in languages() else None


@cache
def words_in(language: str) -> Words | None:
    """Drivers and scales in a language; None where there is no translation."""
    return _read(Words, f"drivers.{language}.yaml") if language in languages() else None


def item_in(item: Item, locale: str) -> Item:
    """`item` as it is asked in the language of `locale`; in English, answers included, where it has no translation.

    To be shown only: the ordered answers of intent to stay come with the item, as if they were its own.
    """
    there = questions_in(language_of(locale))
    if there is None or item.id not in there.items:
        return item
    options = there.options.get(item.id, ())
    if scales()[item.scale].kind == "ordered":
        options = scale_in(scales()[item.scale], locale).labels
    elif len(options) != len(item.options):
        return item  # an answer must not change its place
    return replace(item, text=there.items[item.id], options=options)


def scale_in(scale: Scale, locale: str) -> Scale:
    """`scale` with its answers in the language of `locale`; in English where it has no translation."""
    there = words_in(language_of(locale))
    labels = there.scales.get(scale.id, ()) if there is not None else ()
    return replace(scale, labels=labels) if labels and len(labels) == len(scale.labels) else scale


def driver_in(driver: Driver, locale: str) -> Driver:
    """`driver` in the words of the language of `locale`; in English where it has no translation."""
    there = words_in(language_of(locale))
    if there is None or driver.id not in there.drivers:
        return driver
    words = there.drivers[driver.id]
    return replace(
        driver,
        name=words.name,
        level_words=words.level_words or there.level_words,
        worse=words.worse,
        better=words.better,
        means=words.means,
    )


def drivers_in(drivers: Mapping[str, Driver], locale: str) -> Mapping[str, Driver]:
    """All `drivers` in the language of `locale`."""
    return MappingProxyType({id_: driver_in(driver, locale) for id_, driver in drivers.items()})


_T = TypeVar("_T")


def _read(shape: type[_T], name: str) -> _T:
    text = resources.files("surveys").joinpath(name).read_text(encoding="utf-8")
    file = read(text, name)
    return build(shape, file, file.data)
