"""A SQLite file as a thief has it: every row in the order in which it lies there, the raw bytes, what lay beside it."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.demo.reading import contents

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

_SMALL = 4096  # bytes of a file beside the database that could be a key


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]  # as they lie in the file: by row number, or by key where a table has no row numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Stolen:
    """All that was taken."""

    path: Path  # of the file
    raw: bytes  # the file itself and the logs that SQLite keeps beside it, free pages and leftovers included
    tables: Mapping[str, Table]
    beside: Mapping[str, bytes]  # small files in the same folder, by name: a key, perhaps


def take(path: Path, along: Path | None = None) -> Stolen:
    """Copy a database while it is in use, and another folder `along` with it. It is only read."""
    around = contents(path.parent)
    raw = b"".join(content for name, content in around.items() if name.startswith(path.name))
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as source,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        source.backup(copy)  # every committed row, those that are still in the log included
        copy.text_factory = lambda content: content.decode(errors="replace")
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        tables = {name: _table(copy, name) for (name,) in names}
    beside = {
        name: content
        for name, content in around.items()
        if not name.startswith(path.name) and 0 < len(content) <= _SMALL
    }
    if along is not None:
        beside |= contents(along)
    return Stolen(path=path, raw=raw, tables=tables, beside=beside)


def _table(copy: sqlite3.Connection, name: str) -> Table:
    quoted = '"' + name.replace('"', '""') + '"'
    cursor = copy.execute(f"SELECT * FROM {quoted} NOT INDEXED")  # noqa: S608 - an index would tell its own order
    return Table(name=name, columns=tuple(column[0] for column in cursor.description), rows=cursor.fetchall())


def sortable(value: Value) -> tuple[str, Value]:
    """Something by which any values can be put in order."""
    return ("number", value) if isinstance(value, int | float) else (type(value).__name__, value or "")
