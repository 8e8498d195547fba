"""Reading what was stolen: every value of every table, and the raw bytes, tried as somebody's answers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.demo.recognising import Beside, Reader, Sheet
from bot.demo.stolen import Row, Stolen, Table, Value, sortable

_JSON = re.compile(rb"\{[^{}\x00]{2,2000}\}")
_NEAR = 96  # bytes before and behind answers in which a name may belong to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A table, or the raw bytes, in which answers can be read."""

    table: Table
    sheets: Sequence[Sheet | None]  # one for each row; None where it holds no answers


def read_tables(stolen: Stolen, reader: Reader, plain: Mapping[bytes, bytes]) -> Iterator[Pile]:
    """Every table in which a row, or several rows that belong together, read as somebody's answers.

    `plain` is what is in values that were sealed.
    """
    for table in stolen.tables.values():
        found = [reader.row(row, table.columns, plain) for row in table.rows]
        if any(found):
            yield _taken_apart(table, found)
        if any(reader.question(value) for row in table.rows for value in row):
            yield from _run_together(table, reader)


def read_bytes(raw: bytes, reader: Reader, unsealed: Mapping[int, bytes], names: re.Pattern[bytes]) -> Iterator[Pile]:
    """Answers and comments anywhere in the bytes of the files: in free pages, in logs, in what was deleted.

    `unsealed` is what was opened there, by place.
    """
    answers = {match.start(): reader.text(match[0]) for match in _JSON.finditer(raw)}
    answers |= {place: reader.text(content) for place, content in unsealed.items()}
    comments: dict[int, list[tuple[Sheet, Beside]]] = {
        match.start(): [(Sheet(comment=words), {})]
        for words in reader.comments
        for match in re.finditer(re.escape(words.encode()), raw)
    }
    size = int.from_bytes(raw[16:18], "big") or 65536  # of a page, which SQLite fills from its end
    columns = ("place", "page, from its end", "before it", "behind it")
    for found in (answers, comments):
        places = sorted(place for place, sheets in found.items() if sheets)
        rows = [(place, place - 2 * (place % size), *_names_near(raw, place, names)) for place in places]
        if places:
            yield _taken_apart(Table(name="raw bytes", columns=columns, rows=rows), [found[place] for place in places])


def _names_near(raw: bytes, place: int, names: re.Pattern[bytes]) -> tuple[str | None, str | None]:
    """The last name or id before a place, and the first behind it."""
    before = names.findall(raw, max(place - _NEAR, 0), place)
    behind = names.search(raw, place, place + 2 * _NEAR)
    return before[-1].decode() if before else None, behind[0].decode() if behind else None


def _taken_apart(table: Table, found: Sequence[Sequence[tuple[Sheet, Beside]]]) -> Pile:
    """A row for each that was found, and a column for each thing that stood beside it in its JSON."""
    extra = list(dict.fromkeys(name for sheets in found for _, beside in sheets for name in beside))
    rows: list[Row] = []
    read: list[Sheet | None] = []
    for row, sheets in zip(table.rows, found, strict=True):
        for one in sheets or (None,):
            sheet, beside = one or (None, {})
            rows.append((*row, *(beside.get(name) for name in extra)))
            read.append(sheet)
    return Pile(table=Table(name=table.name, columns=(*table.columns, *extra), rows=rows), sheets=read)


def _run_together(table: Table, reader: Reader) -> Iterator[Pile]:
    """One answer a row: rows that belong together, as they lie there, and by what they have in common."""
    seen = set()
    for column, name in enumerate(table.columns):
        if name == "id" or name.endswith("_id"):
            continue  # a small id is no answer
        common = _common(table, reader, column)
        stored = range(len(table.rows))
        for order in (stored, sorted(stored, key=lambda row: [sortable(value) for value in common[row]])):
            runs = _runs([(table.rows[row], common[row]) for row in order], reader, column)
            sheets = [sheet for _, sheet in runs]
            alike = frozenset(Counter(sheets).items())  # another order of the same is tried when it is linked
            if sheets and alike not in seen:
                seen.add(alike)
                first = Table(name=table.name, columns=table.columns, rows=[row for row, _ in runs])
                yield Pile(table=first, sheets=sheets)


def _common(table: Table, reader: Reader, column: int) -> list[Row]:
    """What each row may share with others of the same person: all but question, answer and running numbers."""
    running = {place for place, values in enumerate(zip(*table.rows, strict=True)) if len(set(values)) == len(values)}
    return [
        tuple(
            value
            for place, value in enumerate(row)
            if place != column and place not in running and not reader.question(value)
        )
        for row in table.rows
    ]


def _runs(rows: Sequence[tuple[Row, Row]], reader: Reader, column: int) -> list[tuple[Row, Sheet]]:
    """Answers whose number is in `column`. Each person's first row, and all that they answered.

    Rows belong together until a question comes again, or something changes that other rows share, such as a round.
    """
    runs: list[tuple[Row, dict[str, int]]] = []
    shared: Row | None = None
    for row, common in rows:
        question = next((one for value in row if (one := reader.question(value))), None)
        number = None if question is None else reader.number(question, row[column])
        if question is None or number is None:
            continue
        if not runs or question in runs[-1][1] or common != shared:
            runs.append((row, {}))
            shared = common
        runs[-1][1][question] = number
    return [(row, Sheet(answers=frozenset(answers.items()))) for row, answers in runs]


def values_of(stolen: Stolen) -> set[Value]:
    """Everything that stands in the file."""
    return {value for table in stolen.tables.values() for row in table.rows for value in row}
