"""Laying answers beside people: every way in which tables of one file can give away what belongs together."""

import hmac
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5, sha1, sha256

from bot.demo.prying import Pile
from bot.demo.stolen import Row, Stolen, Table, Value
from surveys.sealing import RoundKey

_OF_A_PERSON = re.compile(r"member|person|people|user|employee|who|author|respondent|sender")

Link = tuple[str, int, int | None]
"""A claim: this person, by Slack id, wrote this row of the pile; and the row of the other table that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way of laying answers beside people."""

    how: str  # in words
    pile: Pile
    people: Table | None  # which tells of people; None where a row of answers gives its own person away
    links: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Everything in a file that stands for a person."""

    marks: Mapping[Value, str]  # Slack ids by id, name, and the usual hashes of both
    numbers: Mapping[int, str]  # Slack ids by the number that the file gives a person

    def meant(self, column: str, value: Value) -> str | None:
        """Whom a value of this column stands for. A number does so only where the column says that it is a person."""
        if isinstance(value, int):
            return self.numbers.get(value) if _OF_A_PERSON.search(column) else None
        return self.marks.get(value)


def names_in(stolen: Stolen, people: Mapping[str, str], secret: str, keys: Sequence[RoundKey]) -> Names:
    """All names of `people`, who are names by Slack id. Hashes are keyed with the secret and with `keys`."""
    numbers: dict[int, str] = {}
    for table in sorted(stolen.tables.values(), key=lambda one: len(one.rows)):
        pairs = [pair for row in table.rows if (pair := _numbered(row, people))]
        if len({person for _, person in pairs}) == len(pairs) > len(table.rows) / 2:  # a directory has everybody once
            numbers |= dict(pairs)
    marks: dict[Value, str] = {}
    for number, person in numbers.items():
        marks |= dict.fromkeys(_hashes(str(number), secret, keys), person)
    for person, name in people.items():
        marks |= dict.fromkeys((person, name, *_hashes(person, secret, keys), *_hashes(name, secret, keys)), person)
    return Names(marks=marks, numbers=numbers)


def ways(pile: Pile, stolen: Stolen, names: Names) -> Iterator[Attempt]:
    """Every attempt at telling whose the answers of a pile are."""
    for column, who in _witnesses(pile.table, names):
        links = [(person, row, None) for row, person in enumerate(who) if person]
        yield Attempt(how=f"{pile.table.name}.{column} says whose row it is.", pile=pile, people=None, links=links)
    for table in stolen.tables.values():
        for _, who in _witnesses(table, names):
            if table.name != pile.table.name:
                yield from _by_order(pile, table, who)
                yield from _by_equality(pile, table, who)


def _by_order(pile: Pile, table: Table, who: Sequence[str | None]) -> Iterator[Attempt]:
    """The first answers are the first person's: in every order of both tables, over all and round by round."""
    answers = pile.table
    uneven = len(answers.rows) != len(table.rows)  # else turning one of them round is as good as turning both
    for how, order in _orders(answers, backwards=uneven).items():
        for other_how, other_order in _orders(table, backwards=True).items():
            for column in (None, *(name for name in answers.columns if name in table.columns)):
                mine, theirs = _groups(answers, order, column), _groups(table, other_order, column)
                both = [(mine[group], theirs[group]) for group in mine if group in theirs]
                pairs = [pair for one, other in both for pair in zip(one, other, strict=False)]
                yield Attempt(
                    how=f"Row by row, {answers.name} ({how}) and {table.name} ({other_how}) belong together.",
                    pile=pile,
                    people=table,
                    links=[(person, row, other) for row, other in pairs if (person := who[other])],
                )


def _by_equality(pile: Pile, table: Table, who: Sequence[str | None]) -> Iterator[Attempt]:
    """A value that stands once in each table joins two rows: a number, a token, a time."""
    answers = pile.table
    for place, column in enumerate(answers.columns):
        mine = _once(answers.rows, place)
        for other_place, other_column in enumerate(table.columns):
            theirs = _once(table.rows, other_place)
            both = [(mine[value], theirs[value]) for value in mine.keys() & theirs.keys()]
            links = [(person, row, other) for row, other in both if (person := who[other])]
            if links:
                how = f"{answers.name}.{column} equals {table.name}.{other_column}."
                yield Attempt(how=how, pile=pile, people=table, links=links)


def _witnesses(table: Table, names: Names) -> Iterator[tuple[str, list[str | None]]]:
    """Columns that tell of people, each with the person that it names in every row."""
    for place, column in enumerate(table.columns):
        who = [names.meant(column, row[place]) for row in table.rows]
        if sum(person is not None for person in who) * 2 > len(who):
            yield column, who


def _orders(table: Table, *, backwards: bool) -> dict[str, tuple[int, ...]]:
    """The rows in every order that the file keeps, each once: as they lie there, by any column, and from the end."""
    stored = tuple(range(len(table.rows)))
    found = {stored: "as stored"}
    for place, column in enumerate(table.columns):
        values = [_sortable(row[place]) for row in table.rows]
        found.setdefault(tuple(sorted(stored, key=values.__getitem__)), f"by {column}")
    for order, how in list(found.items()) if backwards else ():
        found.setdefault(order[::-1], f"{how}, backwards")
    return {how: order for order, how in found.items()}


def _groups(table: Table, order: Sequence[int], column: str | None) -> dict[Value, list[int]]:
    """Rows in order, apart for each value of a column that both tables have, such as the round."""
    place = None if column is None else table.columns.index(column)
    groups: dict[Value, list[int]] = defaultdict(list)
    for row in order:
        groups[None if place is None else table.rows[row][place]].append(row)
    return groups


def _once(rows: Sequence[Row], place: int) -> dict[Value, int]:
    """Values that stand in one row only, and in which."""
    times = Counter(row[place] for row in rows)
    return {row[place]: number for number, row in enumerate(rows) if times[row[place]] == 1 and row[place] is not None}


def _sortable(value: Value) -> tuple[str, Value]:
    return ("number", value) if isinstance(value, int | float) else (type(value).__name__, value or "")


def _numbered(row: Row, people: Mapping[str, str]) -> tuple[int, str] | None:
    """The number that a row of a directory gives a person, and the person."""
    person = next((value for value in row if isinstance(value, str) and value in people), None)
    number = next((value for value in row if isinstance(value, int)), None)
    return None if person is None or number is None else (number, person)


def _hashes(text: str, secret: str, keys: Sequence[RoundKey]) -> Iterator[Value]:
    """Pseudonyms that are made of a text, as bytes, cut to 16 of them, and in hexadecimal."""
    own = text.encode()
    keyed = [hmac.digest(key, own, sha256) for key in (secret.encode(), *(one.addressing for one in keys))]
    plain = [hash_(own, usedforsecurity=False).digest() for hash_ in (md5, sha1, sha256)]
    for pseudonym in (*plain, *keyed):
        yield from (pseudonym, pseudonym[:16], pseudonym.hex(), pseudonym[:16].hex())
