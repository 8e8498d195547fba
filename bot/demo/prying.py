"""Reading what was stolen: every value, and the raw bytes, tried as somebody's answers, and as something sealed."""

import hmac
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.demo.stolen import Row, Stolen, Table, Value
from surveys.sealing import RoundKey, round_key

_NONCE, _TAG = 12, 16  # bytes that AES-GCM puts before what it seals, and behind it
_JSON = re.compile(rb"\{[^{}\x00]{2,2000}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Something that reads as one person's answers."""

    answers: frozenset[tuple[str, int]]  # question id and number pressed
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A table, or the raw bytes, in which answers can be read."""

    table: Table
    sheets: Sequence[Sheet | None]  # one for each row; None where it holds no answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What became of the values that look sealed."""

    sealed: Sequence[Row]  # the rows in which they lie
    plain: Mapping[bytes, bytes]  # those that could be opened, and what is in them
    keys: Sequence[RoundKey]  # keys that fitted, where they are of Murmur's kind
    tried: int  # keys that were tried


def open_sealed(stolen: Stolen, secret: str) -> Opening:
    """Try every key on one sealed value of each table and round, and a key that fits on all the others."""
    rows: list[Row] = []
    plain: dict[bytes, bytes] = {}
    fitting: list[RoundKey] = []
    tried = 0
    ingredients = _ingredients(stolen, secret)
    for table in stolen.tables.values():
        sealed = [
            (row, value) for row in table.rows for value in row if isinstance(value, bytes) and _looks_sealed(value)
        ]
        rows += [row for row, _ in sealed]
        samples = {_rounds(table, row): (row, value) for row, value in sealed}
        for rounds, (row, value) in samples.items():
            for key, of_round in _keys(ingredients, secret, rounds):
                tried += 1
                if _opened(key, value, row) is None:
                    continue
                fitting += [of_round] if of_round else []
                contents = ((value, _opened(key, value, row)) for row, value in sealed)
                plain |= {value: content for value, content in contents if content is not None}
    return Opening(sealed=rows, plain=plain, keys=fitting, tried=tried)


def read_tables(stolen: Stolen, questions: Collection[str], plain: Mapping[bytes, bytes], given: int) -> Iterator[Pile]:
    """Every table in which a row, or several rows one after the other, read as somebody's answers."""
    for table in stolen.tables.values():
        sheets = [_sheet(row, table.columns, questions, plain) for row in table.rows]
        if any(sheets):
            yield Pile(table=table, sheets=sheets)
            continue
        for column in range(len(table.columns)):
            runs = _runs(table, questions, column)
            # Of `given` people's answers, one a row, much less than half would be figures of groups, and nobody's own.
            if runs and len(runs) * 2 >= given:
                first = Table(name=table.name, columns=table.columns, rows=[row for row, _ in runs])
                yield Pile(table=first, sheets=[sheet for _, sheet in runs])


def read_bytes(raw: bytes, questions: Collection[str]) -> Iterator[Pile]:
    """Answers anywhere in the bytes of the files: in free pages, in logs, in what was deleted."""
    found = [(match.start(), _parsed(match[0], questions)) for match in _JSON.finditer(raw)]
    sheets = [(place, sheet) for place, sheet in found if sheet]
    if sheets:
        size = int.from_bytes(raw[16:18], "big") or 65536  # of a page, which SQLite fills from its end
        rows = [(place, place - 2 * (place % size)) for place, _ in sheets]
        table = Table(name="raw bytes", columns=("place", "page, from its end"), rows=rows)
        yield Pile(table=table, sheets=[sheet for _, sheet in sheets])


def _sheet(row: Row, columns: Sequence[str], questions: Collection[str], plain: Mapping[bytes, bytes]) -> Sheet | None:
    """The answers in a row, where one value holds them all, or a column each."""
    named = list(zip(columns, row, strict=True))
    words = next((str(value) for name, value in named if "comment" in name and value), "")
    for value in row:
        found = _parsed(plain.get(value, value) if isinstance(value, bytes) else value, questions)
        if found is not None:
            return Sheet(answers=found.answers, comment=found.comment or words)
    across = frozenset((name, value) for name, value in named if name in questions and isinstance(value, int))
    return Sheet(answers=across, comment=words) if across else None


def _runs(table: Table, questions: Collection[str], column: int) -> list[tuple[Row, Sheet]]:
    """One answer a row, with its number in `column`. Each person's first row, and all that they answered.

    Rows belong together until a question comes again, or something changes that other rows share, such as a round.
    """
    running = [place for place, values in enumerate(zip(*table.rows, strict=True)) if len(set(values)) == len(values)]
    runs: list[tuple[Row, dict[str, int]]] = []
    shared: object = None
    for row in table.rows:
        question = next((value for value in row if isinstance(value, str) and value in questions), None)
        number = row[column]
        if question is None or not isinstance(number, int):
            continue
        rest = [value for place, value in enumerate(row) if place not in {column, *running} and value != question]
        if not runs or question in runs[-1][1] or rest != shared:
            runs.append((row, {}))
            shared = rest
        runs[-1][1][question] = number
    return [(row, Sheet(answers=frozenset(answers.items()))) for row, answers in runs]


def _parsed(value: Value, questions: Collection[str]) -> Sheet | None:
    """The answers in a value that is JSON."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    if not isinstance(text, str) or not text.startswith(("{", "[")):
        return None
    try:
        return _inside(json.loads(text), questions)
    except (ValueError, RecursionError):
        return None


def _inside(found: object, questions: Collection[str]) -> Sheet | None:
    """The answers in what JSON held, however deep they lie."""
    if isinstance(found, list):
        return next((sheet for part in found if (sheet := _inside(part, questions))), None)
    if not isinstance(found, dict):
        return None
    answers = frozenset((key, value) for key, value in found.items() if key in questions and isinstance(value, int))
    if answers:
        return Sheet(answers=answers)
    inner = next((sheet for part in found.values() if (sheet := _inside(part, questions))), None)
    return Sheet(answers=inner.answers, comment=str(found.get("comment") or "")) if inner else None


def _ingredients(stolen: Stolen, secret: str) -> set[bytes]:
    """Whatever a key could be made of beside the secret: nothing, zeros, every value in the file, files beside it."""
    values = {value for table in stolen.tables.values() for row in table.rows for value in row}
    found = {b"", bytes(32), sha256(secret.encode()).digest(), *stolen.beside.values()}
    for value in values:
        if isinstance(value, bytes):
            found |= {value, value[:_NONCE], value[:32], value[-32:]}
        elif value is not None:
            found.add(str(value).encode())
            if isinstance(value, str) and re.fullmatch(r"(?:[0-9a-f]{2}){4,64}", value):
                found.add(bytes.fromhex(value))
    return found


def _keys(ingredients: set[bytes], secret: str, rounds: Collection[int]) -> Iterator[tuple[bytes, RoundKey | None]]:
    """Keys for AES-256-GCM: as Murmur derives them, and as others do."""
    own = secret.encode()
    for ingredient in ingredients:
        for number in rounds:
            key = round_key(secret, ingredient, number)
            yield key.sealing, key
        yield hmac.digest(own, ingredient, sha256), None
        yield sha256(own + ingredient).digest(), None
        if len(ingredient) == 32:
            yield ingredient, None


def _rounds(table: Table, row: Row) -> tuple[int, ...]:
    """Numbers that tell the row's round."""
    named = zip(table.columns, row, strict=True)
    return (0, *(value for name, value in named if "round" in name and isinstance(value, int)))


def _looks_sealed(value: bytes) -> bool:
    return len(value) > _NONCE + _TAG


def _opened(key: bytes, sealed: bytes, row: Row) -> bytes | None:
    """What is in a sealed value, alone or bound to another value of its row; None when the key does not fit."""
    others = [value for value in row if isinstance(value, bytes) and value != sealed]
    for bound_to in (None, *others):
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except InvalidTag:
            continue
    return None
