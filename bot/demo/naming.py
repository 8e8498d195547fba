"""Everything in a file that stands for a person: ids, names, numbers, hashes, and texts in which one is named."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5, sha1, sha256

from bot.demo.stolen import Row, Stolen, Table, Value
from surveys.sealing import RoundKey

_OF_A_PERSON = re.compile(r"member|person|people|user|employee|who|author|respondent|sender")
_FEW = 3  # people whom a table must name before answers are laid beside it


@dataclass(frozen=True, kw_only=True)
class Names:
    """Whom the values of a file stand for."""

    people: Mapping[str, str]  # names by Slack id
    marks: Mapping[Value, str]  # Slack ids by id, name, and the usual hashes of both
    numbers: Mapping[int, str]  # Slack ids by the number that the file gives a person

    def meant(self, column: str, value: Value) -> str | None:
        """Whom a value of this column stands for. A number does so only where the column says that it is a person."""
        if isinstance(value, int):
            return self.numbers.get(value) if _OF_A_PERSON.search(column) else None
        return self.marks.get(value) or (self._named_in(value) if isinstance(value, str) else None)

    @cached_property
    def spoken(self) -> re.Pattern[str]:
        """Ids and names as they stand in a text."""
        words = sorted({*self.people, *self.people.values()}, key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b" if words else r"(?!)")

    def _named_in(self, text: str) -> str | None:
        """The one person who is named in a text."""
        named = {self.marks[word] for word in self.spoken.findall(text)}
        return named.pop() if len(named) == 1 else None


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
    return Names(people=people, marks=marks, numbers=numbers)


def witnesses(table: Table, names: Names, *, few: int = _FEW) -> Iterator[tuple[str, list[str | None]]]:
    """Columns that name so `few` people or more, be it in some rows only, each with whom it names in every row."""
    for place, column in enumerate(table.columns):
        meant = {value: names.meant(column, value) for value in {row[place] for row in table.rows}}
        who = [meant[row[place]] for row in table.rows]
        if len({person for person in who if person}) >= few:
            yield column, who


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
