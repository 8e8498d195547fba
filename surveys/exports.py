"""The ledger as files for others: a table of all codes, and each round as `murmur audit` reads it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from surveys.questions import Item, answers_of, drivers
from surveys.release import Code, Kind, Published

COLUMNS: Final = ("closed_on", "pulse", "unit", "question", "driver", "kind", "people", "band", "word")

WITHHELD: Final = "withheld"
"""The one word for everything that may not be shown, whatever the cause."""

_THEMES: Final = ("does not stand out", "several speak of it")
_TONES: Final = ("more negative than positive", "mixed", "more positive than negative")
_SHARES: Final = ("under half", "half to four fifths", "more than four fifths")
_NONE_STANDS_OUT: Final = "no answer stands out"

_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_NAME: Final = 60  # in a file of releases
_UNITS_A_FILE: Final = 60  # so that a file of releases stays within what is read of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A code of the ledger, with the names of what it is about."""

    pulse: str
    unit: str
    published: Published
    item: Item | None  # the question; None for what is said of comments and of participation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """What was published of a round, or of some units of a large one."""

    name: str  # "2026-03-06-round-12.json"
    text: str


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By day, pulse, unit and question; the same ledger gives the same order."""

    def place(entry: Entry) -> tuple[object, ...]:
        one = entry.published
        return one.closed_on, entry.pulse, entry.unit, one.code.subject, one.round_id, one.unit_id

    return sorted(entries, key=place)


def rows(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """A row of the table for each code, in the columns of COLUMNS; safe to open in a spreadsheet."""
    for entry in entries:
        code = entry.published.code
        fields = (
            entry.published.closed_on.isoformat(),
            entry.pulse,
            entry.unit,
            code.subject,
            code.driver,
            str(code.kind),
            code.people or "",
            "" if code.value is None else str(code.value),
            _word(code, entry.item),
        )
        yield tuple(map(_no_formula, fields))


def release_files(entries: Sequence[Entry]) -> Iterator[ReleaseFile]:
    """What was published round by round, in the format of `surveys.audit_releases`; `entries` in any order.

    Of people it has how many each unit asked, and nothing else. Tone and themes of comments are about no answer, and
    left out.
    """
    by_round = sorted(entries, key=lambda e: (e.published.closed_on, e.published.round_id, e.unit, e.published.unit_id))
    for (closed_on, round_id), of_round in groupby(
        by_round, key=lambda entry: (entry.published.closed_on, entry.published.round_id)
    ):
        units = [list(of_unit) for _, of_unit in groupby(of_round, key=lambda entry: entry.published.unit_id)]
        parts = [units[start : start + _UNITS_A_FILE] for start in range(0, len(units), _UNITS_A_FILE)]
        for number, part in enumerate(parts, start=1):
            name = f"{closed_on}-round-{round_id}{f'-{number}' if len(parts) > 1 else ''}.json"
            yield ReleaseFile(name=name, text=_releases(part, name))


def _releases(units: Sequence[Sequence[Entry]], name: str) -> str:
    """A file of releases about these units of one round."""
    first = units[0][0]
    names = _unit_names(units)
    questions: dict[str, Mapping[str, object]] = {}
    releases: list[Mapping[str, object]] = []
    for unit, of_unit in zip(names, units, strict=True):
        for entry in in_order(of_unit):
            code, item = entry.published.code, entry.item
            fact = _fact(code)
            if code.kind is Kind.PARTICIPATION:
                releases += [{"unit": unit, "facts": [fact]}] if fact else []
            elif item is not None:
                questions[item.id] = {"id": item.id, "options": len(answers_of(item))}
                releases.append({"unit": unit, "question": item.id, "facts": [fact] if fact else []})
    about = (
        f"What Murmur published of the pulse “{first.pulse}” in the round that closed on {first.published.closed_on}. A"
        " release without facts is withheld. How many answered is told by the people class only; tone and themes of"
        f" comments are about no question, and left out. Audit it with: murmur audit {name}"
    )
    rosters = [{"id": unit, "roster": of_unit[0].published.roster} for unit, of_unit in zip(names, units, strict=True)]
    return _lines({"about": about, "questions": list(questions.values()), "units": rosters, "releases": releases})


def _fact(code: Code) -> Mapping[str, object] | None:
    """The code as a fact of `surveys.audit_facts`; None where it is withheld."""
    if code.value is None:
        return None
    match code.kind:
        case Kind.LEVEL:
            return {"kind": "code", "people": str(code.people), "value": code.value}
        case Kind.CHOICE:
            return {"kind": "choice", "value": code.value or None}
        case Kind.PARTICIPATION:
            return {"kind": "participation", "value": code.value}
        case _:
            return None


def _unit_names(units: Sequence[Sequence[Entry]]) -> list[str]:
    """A name for each unit that no other has, short enough for a file of releases."""
    found: list[str] = []
    for of_unit in units:
        name, mark = of_unit[0].unit, f" ({of_unit[0].published.unit_id})"
        if len(name) > _LONGEST_NAME or name in found:
            name = name[: _LONGEST_NAME - len(mark)].rstrip() + mark
        found.append(name)
    return found


def _lines(content: Mapping[str, object]) -> str:
    """JSON with a line for each entry of a list, so that it can be read, and errors name a line."""

    def told(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    def field(value: object) -> str:
        if not isinstance(value, list) or not value:
            return told(value)
        return "[\n" + ",\n".join(f"    {told(one)}" for one in value) + "\n  ]"

    return "{\n" + ",\n".join(f"  {told(key)}: {field(value)}" for key, value in content.items()) + "\n}\n"


def _word(code: Code, item: Item | None) -> str:
    if code.value is None:
        return WITHHELD
    match code.kind:
        case Kind.LEVEL:
            return drivers()[code.driver].level_words[code.value] if code.driver in drivers() else ""
        case Kind.CHOICE:
            labels = answers_of(item) if item else ()
            return (_NONE_STANDS_OUT, *labels)[code.value] if code.value <= len(labels) else ""
        case Kind.TONE:
            return _TONES[code.value]
        case Kind.THEME:
            return _THEMES[code.value]
        case _:
            return _SHARES[code.value]


def _no_formula(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula (owasp.org, CSV injection)."""
    return f"'{text}" if text.startswith(_BEGIN_FORMULAS) else text
