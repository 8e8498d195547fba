"""What comments speak of: the drivers as themes, by the words and phrases in `themes.yaml`.

A theme is what a comment is about, whether things are good or bad, so "no longer micromanaged" speaks of autonomy as
much as "micromanaged" does, and nothing is made of negations. A list of words, which anybody can read and add to,
does as well at this as a classifier, and it can be asked why.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated

from pydantic import ConfigDict, Field

from surveys.datafile import DataFile, Path, build, read
from surveys.items import drivers, not_among

UNTOLD = "intent-to-stay"
"""The driver that is no theme: of a unit under thirty nothing is ever told of it."""

_NAME = "themes.yaml"
_STRICT = ConfigDict(extra="forbid", strict=True)
_STOP = "."  # stands for whatever ends a part of a sentence: no phrase reaches across it
_FEWEST_LETTERS = 3  # of a word with a star; "pa*" would be about anything
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue"}  # as people write who have no such keys

_Phrase = Annotated[str, Field(min_length=1, max_length=60)]
_Phrases = dict[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], tuple[_Phrase, ...]]
"""Phrases by language. Those of all languages are looked for in every comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Which phrases speak of what."""

    nothing: frozenset[tuple[str, ...]]  # phrases, word by word, of which a comment that says nothing consists
    taken_out: re.Pattern[str]  # what speaks of something else
    themes: Mapping[str, re.Pattern[str]]  # by driver id, in the usual order of drivers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Theme:
    __pydantic_config__ = _STRICT

    driver: str
    words: _Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """themes.yaml."""

    __pydantic_config__ = _STRICT

    says_nothing: _Phrases
    taken_out: _Phrases
    themes: tuple[_Theme, ...]


def themes() -> tuple[str, ...]:
    """The ids of the drivers that are themes, in their usual order."""
    return tuple(driver for driver in drivers() if driver != UNTOLD)


def subject_of(driver: str) -> str:
    """The subject of a theme's code in the ledger."""
    return f"theme.{driver}"


def themes_of(text: str) -> frozenset[str]:
    """The ids of the drivers that a comment speaks of; none for most, and for what is in a language not known here."""
    known = lexicon()
    left = known.taken_out.sub(_STOP, _plain(text))
    return frozenset(driver for driver, phrases in known.themes.items() if phrases.search(left))


def says_something(text: str) -> bool:
    """Whether a text is a comment at all: "none", "n/a", "nothing to add, all good" or a dash are none."""
    words = tuple(word for word in _plain(text).split() if word != _STOP)
    if not words:
        return False
    nothing = lexicon().nothing
    longest = max(map(len, nothing))
    reached = [True, *[False] * len(words)]  # [i]: the first i words consist of such phrases
    for end in range(1, len(words) + 1):
        starts = range(max(0, end - longest), end)
        reached[end] = any(reached[start] and words[start:end] in nothing for start in starts)
    return not reached[-1]


@cache
def lexicon() -> Lexicon:
    """The words that ship with Murmur."""
    return parse_themes(resources.files("surveys").joinpath(_NAME).read_text(encoding="utf-8"), _NAME)


def parse_themes(text: str, source: str) -> Lexicon:
    """Read the lexicon from the text of its YAML file; `source` is the name that errors give it.

    Raises DataFileError, whose message names file, line and field, for what cannot be meant: a driver that does not
    exist, is missing or stands there twice, a phrase without words, one that stands there twice, a star where it
    matches anything.
    """
    file = read(text, source)
    content = build(_File, file, file.data)
    taken: dict[str, Path] = {}
    nothing = list(_phrases(file, ("says_nothing",), content.says_nothing, taken))
    for place, phrase in nothing:
        if "*" in phrase:
            raise file.error(place, "must be written out: what a star stands for may say something", phrase)
    taken_out = [phrase for _, phrase in _phrases(file, ("taken_out",), content.taken_out, taken)]
    found: dict[str, re.Pattern[str]] = {}
    for number, theme in enumerate(content.themes):
        driver = ("themes", number, "driver")
        if theme.driver not in drivers():
            raise file.error(driver, not_among(theme.driver, list(drivers())))
        if theme.driver in found or theme.driver == UNTOLD:
            problem = "stands here twice" if theme.driver in found else "is never told of a small unit, and no theme"
            raise file.error(driver, problem, theme.driver)
        phrases = _phrases(file, ("themes", number, "words"), theme.words, taken)
        found[theme.driver] = _pattern([phrase for _, phrase in phrases])
    if missing := [theme for theme in themes() if theme not in found]:
        raise file.error(("themes",), f"has no words for {', '.join(missing)}")
    return Lexicon(
        nothing=frozenset(tuple(phrase.split()) for _, phrase in nothing),
        taken_out=_pattern(taken_out),
        themes=MappingProxyType({theme: found[theme] for theme in themes()}),
    )


def _phrases(file: DataFile, path: Path, given: _Phrases, taken: dict[str, Path]) -> Iterator[tuple[Path, str]]:
    """Where each phrase stands, and how it is looked for; one with an umlaut is looked for in both its spellings."""
    for language, listed in given.items():
        for number, phrase in enumerate(listed):
            place = (*path, language, number)
            forms = dict.fromkeys((_plain(phrase, keep="*"), _plain(_spelt_out(phrase), keep="*")))
            if problem := next(filter(None, map(_problem, forms)), ""):
                raise file.error(place, problem, phrase)
            for form in forms:
                before = taken.setdefault(form, place)
                # Languages share words. But one word speaks of one theme, and stands once in its list.
                if before != place and (before[:-2] != path or before[-2] == language):
                    raise file.error(place, f"stands here already, on line {file.line(before)}", phrase)
                yield place, form


def _problem(phrase: str) -> str:
    """What is wrong with a phrase as it is looked for, "" when nothing is."""
    words = phrase.split()
    if not words or _STOP in words:
        return "must be words, without commas, slashes or full stops"
    for word in words:
        if "*" in word.strip("*") or ("*" in word and len(word.strip("*")) < _FEWEST_LETTERS):
            return f"may have a star only where a word begins or ends, and {_FEWEST_LETTERS} letters or more beside it"
    return ""


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """Finds any of these phrases as whole words in a text as `_plain` writes it."""
    if not phrases:
        return re.compile(r"(?!)")
    words = "|".join(re.escape(phrase).replace(r"\ ", " ").replace(r"\*", r"[^ .]*") for phrase in phrases)
    return re.compile(rf"(?<![^ ])(?:{words})(?![^ ])")


def _plain(text: str, keep: str = "") -> str:
    """Words in small letters without accents or apostrophes, with a space between; _STOP for what ends a part of a
    sentence. `keep` is what else may be in a word.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = []
    for letter in folded:
        if letter.isalnum() or (keep and letter in keep):
            letters.append(letter)
        elif letter in _WITHIN or unicodedata.combining(letter):
            continue
        else:
            letters.append(" " if letter in _BETWEEN else f" {_STOP} ")
    return " ".join("".join(letters).split())


_WITHIN = "'’‘ʼ`´\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
"""What stands in the middle of a word and is passed over."""

_BETWEEN = " \t-‐‑_*~\N{NO-BREAK SPACE}"
"""What stands between two words of a phrase, and in Slack around those that are written in bold or italics."""


def _spelt_out(phrase: str) -> str:
    for letter, spelling in _SPELT_OUT.items():
        phrase = phrase.replace(letter, spelling)
    return phrase
