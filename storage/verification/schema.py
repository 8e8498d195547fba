"""What the database has room for: nothing but what is on the list, no time finer than a date, no way to undo."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from storage.verification.allowed import TABLES, TRIGGERS
from storage.verification.catalog import Catalog, is_time
from storage.verification.findings import Check, Finding, Group, counted

_TABLES = Check(
    group=Group.PEOPLE,
    name="tables",
    fine=f"there are the {len(TABLES)} tables that Murmur needs, and no other.",
    remedy="Find out who made it and what is in it, and remove it; Murmur never makes or needs it.",
)
_PEOPLE = Check(group=Group.PEOPLE, name="about people", fine="", remedy="")
_COLUMNS = Check(
    group=Group.PEOPLE,
    name="columns",
    fine=f"all {sum(len(table.columns) for table in TABLES.values())} columns are known;"
    " none has room for who took part, or for what anybody answered.",
    remedy="Find out who changed the table and what was kept in it, and undo that.",
)
_INDEXES = Check(
    group=Group.PEOPLE,
    name="indexes",
    fine="tables are sorted and searched as Murmur does it, and in no way that would keep another order.",
    remedy="Remove an index that is too many; bring a missing one back from the migrations.",
)
_VALUES = Check(
    group=Group.PEOPLE,
    name="values",
    fine="every column holds what it is for: numbers, words, yes or no, or dates.",
    remedy="Look at what stands there: SQLite lets any column hold anything, Murmur does not use that.",
)
_TIMES = Check(
    group=Group.TIMES,
    name="fine times",
    fine="only rounds (opens, closes) and messages (due, expires, being sent) have a time of day;"
    " it never depends on anybody's answering.",
    remedy="Remove the column: the time at which somebody did something gives them away.",
)
_TRIGGERS = Check(
    group=Group.LEDGER,
    name="triggers",
    fine="the database itself refuses to change or delete what is in the ledger, and does nothing else by itself.",
    remedy="Restore the triggers as the migrations make them, and remove any other; then compare the ledger with the"
    " digests that people have.",
)


def check_schema(catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with the tables, or that nothing is."""
    unknown = [f"the table {name} is none of Murmur's." for name in catalog.columns if name not in TABLES]
    yield from _TABLES.judge(unknown + [f"{other} is none of Murmur's." for other in catalog.others])
    for name, rows in catalog.of_people.items():
        yield from replace(_PEOPLE, fine=f"{TABLES[name].holds} ({name}, {counted(rows, 'row')}).").judge([])
    yield from _COLUMNS.judge(list(_columns(catalog)))
    yield from _INDEXES.judge(list(_indexes(catalog)))
    yield from _VALUES.judge([f"{place} holds values that are not what it is for." for place in catalog.misplaced])
    yield from _TIMES.judge(list(_times(catalog)))
    yield from _TRIGGERS.judge(list(_triggers(catalog)))


def is_readable(catalog: Catalog) -> bool:
    """Whether all tables and columns are there, so that the rows can be looked at."""
    return all(table.columns.keys() <= catalog.columns.get(name, {}).keys() for name, table in TABLES.items())


def _columns(catalog: Catalog) -> Iterator[str]:
    for name, table in TABLES.items():
        if name not in catalog.columns:
            yield f"the table {name} is missing: another version of Murmur wrote this database, or it was changed."
            continue
        found = catalog.columns[name]
        for column in found.keys() - table.columns.keys():
            yield f"{name}.{column} is none of Murmur's columns."
        for column in table.columns.keys() - found.keys():
            yield f"{name}.{column} is missing."
        for column, kind in table.columns.items():
            if found.get(column, kind) != kind:
                yield f"{name}.{column} has room for something else than it should ({found[column].lower()})."


def _indexes(catalog: Catalog) -> Iterator[str]:
    for name, table in TABLES.items():
        if name not in catalog.columns:
            continue
        found, allowed = Counter(catalog.indexes.get(name, ())), Counter(table.indexes)
        for columns in (found - allowed).elements():
            yield f"{name} has an index too many, by {columns.replace(' ', ', ')}."
        for columns in (allowed - found).elements():
            yield f"{name} lacks its index by {columns.replace(' ', ', ')}."


def _times(catalog: Catalog) -> Iterator[str]:
    for name, columns in catalog.columns.items():
        allowed = TABLES[name].columns if name in TABLES else {}
        for column, kind in columns.items():
            if is_time(kind) and allowed.get(column) != "instants":
                yield f"{name}.{column} keeps a time of day."
    for place in catalog.misplaced:
        table, column = place.split(".")
        if TABLES[table].columns[column] == "days":
            yield f"{place} should hold dates, and holds something finer."


def _triggers(catalog: Catalog) -> Iterator[str]:
    expected = dict(TRIGGERS[catalog.dialect])
    for trigger in catalog.triggers:
        refuses = next((verb for verb, does in expected.items() if does == trigger.does), None)
        if trigger.table == "ledgerentry" and refuses:
            del expected[refuses]
        else:
            yield f"the trigger {trigger.name} on {trigger.table} is not as Murmur made it, or is none of Murmur's."
    for verb in expected:
        yield f"nothing keeps anybody from changing the ledger: the trigger against {verb} is missing."
