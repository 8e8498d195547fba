"""How many answers a published code leaves open, looked up by the people behind it.

The figures stand in `audit_table.yaml`, which `python -m surveys.audit_enumeration` writes by going through every
possible data set; a test writes it again and compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from pydantic import ConfigDict

from surveys.datafile import build, read
from surveys.release import PeopleClass

_STRICT = ConfigDict(extra="forbid", strict=True)
_NAME = "audit_table.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The fewest answers that any possible data set leaves open about anybody who answered.

    Whoever is curious knows the code, exactly who answered, and how many did: more than Murmur ever tells.
    """

    outsider: int  # to somebody who did not answer
    insider: int  # to one participant, who knows their own answer
    two_insiders: int  # to two participants who tell each other theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of answers, outsider, insider, two insiders; ascending by answers, without a gap."""

    __pydantic_config__ = _STRICT

    of: str  # the people class whose edges are used, the number of options, or "theme"
    rows: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """audit_table.yaml."""

    __pydantic_config__ = _STRICT

    levels: tuple[_Rows, ...]
    choices: tuple[_Rows, ...]
    themes: tuple[_Rows, ...]


def level_left(people: PeopleClass, answers: int) -> Left:
    """What the band of a mean of `answers` answers leaves open, with the edges for `people`.

    Raises KeyError when the rules never use these edges for so few answers.
    """
    return _row(_table()["level", people], answers)


def choice_left(options: int, answers: int) -> Left:
    """What the name of the option that most chose, or that none stands out, leaves open of `options` options.

    Raises KeyError for fewer answers than are ever told, or a number of options that no scale has.
    """
    return _row(_table()["choice", str(options)], answers)


def theme_left(comments: int) -> Left:
    """What it leaves open of two possible values, speaking of a theme or not, that the theme is told, or is not.

    Raises KeyError for fewer comments than are ever told of.
    """
    return _row(_table()["theme", "theme"], comments)


def _row(rows: Mapping[int, Left], answers: int) -> Left:
    """The row for `answers`; the last one holds for all that follow (see audit_enumeration for the proof)."""
    return rows[min(answers, max(rows))]


@cache
def _table() -> Mapping[tuple[str, str], Mapping[int, Left]]:
    file = read(resources.files("surveys").joinpath(_NAME).read_text(encoding="utf-8"), _NAME)
    content = build(_File, file, file.data)
    return MappingProxyType(
        {
            (kind, entry.of): {
                answers: Left(outsider=outsider, insider=insider, two_insiders=two)
                for answers, outsider, insider, two in entry.rows
            }
            for kind, entries in (("level", content.levels), ("choice", content.choices), ("theme", content.themes))
            for entry in entries
        }
    )
