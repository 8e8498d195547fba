"""What the database says about itself: its tables, columns, indexes and triggers, as values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.verification.allowed import TABLES
from storage.verification.reading import Stored

_KINDS = {
    "INTEGER": "numbers",
    "VARCHAR": "texts",
    "CHARACTER VARYING": "texts",
    "BOOLEAN": "switches",
    "DATE": "days",
    "DATETIME": "instants",
    "TIMESTAMP WITH TIME ZONE": "instants",
    "JSON": "lists",
    "BLOB": "sealed",
    "BYTEA": "sealed",
}  # fmt: skip
_TIMES = re.compile(r"TIME|INTERVAL")

_STORED_AS = {
    "numbers": "typeof({0}) = 'integer'",
    "switches": "{0} IN (0, 1)",
    "texts": "typeof({0}) = 'text'",
    "lists": "typeof({0}) = 'text'",
    "days": "typeof({0}) = 'text' AND length({0}) = 10",
    "instants": "typeof({0}) = 'text' AND length({0}) <= 26",
    "sealed": "typeof({0}) = 'blob'",
}
"""SQLite lets every column hold anything; these say what a value of each kind really is."""

_OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
_NAME = "CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || {0}.relname"
_OF_AN_EXTENSION = "EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = {0}.oid AND d.deptype = 'e')"
_BEFORE, _ROW = 2, 1
_EVENTS = {"INSERT": 4, "UPDATE": 16, "DELETE": 8, "TRUNCATE": 32}  # bits of pg_trigger.tgtype


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What the database does by itself when a table changes."""

    name: str
    table: str
    does: str  # its definition, in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The database as it describes itself."""

    dialect: str  # "sqlite" or "postgresql"
    columns: Mapping[
        str, Mapping[str, str]
    ]  # by table: the kind of each column, or its type if Murmur has no such kind
    indexes: Mapping[str, Sequence[str]]  # by table: the columns of each index
    triggers: Sequence[Trigger]
    of_people: Mapping[str, int]  # how many rows each table about people has
    others: Sequence[str]  # whatever else there is: views, rules, counters
    misplaced: Sequence[str]  # on SQLite: columns that hold values of another kind than theirs
    by_id: bool  # whether ballots lie in the order of their ids, and in no other; PostgreSQL has no such order


def is_time(kind: str) -> bool:
    """Whether a column of this kind or type holds something finer than a date."""
    return kind == "instants" or bool(_TIMES.search(kind.upper()))


def read_catalog(stored: Stored) -> Catalog:
    """What the database says about itself."""
    return _of_sqlite(stored) if stored.is_sqlite else _of_postgresql(stored)


def _of_sqlite(stored: Stored) -> Catalog:
    things = stored.rows("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master ORDER BY name")
    tables = [name for kind, name, _, _ in things if kind == "table" and name != "sqlite_stat1"]
    columns: dict[str, dict[str, str]] = {}
    indexes: dict[str, list[str]] = {}
    for table in tables:
        found = stored.rows("SELECT name, upper(type), pk FROM pragma_table_xinfo(:table)", table=table)
        columns[table] = {name: _kind(type_) for name, type_, _ in found}
        listed = stored.rows("SELECT name, origin FROM pragma_index_list(:table)", table=table)
        indexes[table] = [
            " ".join(
                name or "an expression"
                for (name,) in stored.rows("SELECT name FROM pragma_index_info(:name) ORDER BY seqno", name=index)
            )
            for index, _ in listed
        ]
        if not any(origin == "pk" for _, origin in listed):
            key = sorted((place, name) for name, _, place in found if place)
            indexes[table] += [" ".join(name for _, name in key)] if key else []
    definition = next((sql for kind, name, _, sql in things if (kind, name) == ("table", "slot")), "")
    return Catalog(
        dialect="sqlite",
        columns=columns,
        indexes=indexes,
        triggers=[
            Trigger(name=name, table=table, does=_one_line(sql))
            for kind, name, table, sql in things
            if kind == "trigger"
        ],
        of_people=_of_people(stored, columns),
        others=[f"the view {name}" for kind, name, _, _ in things if kind == "view"],
        misplaced=[place for table in tables if table in TABLES for place in _misplaced(stored, table, columns[table])],
        by_id="WITHOUT ROWID" in definition.upper(),
    )


def _of_people(stored: Stored, columns: Mapping[str, object]) -> dict[str, int]:
    return {
        name: stored.rows(f'SELECT count(*) FROM "{name}"')[0][0]  # noqa: S608 - names from the list of allowed ones
        for name, table in TABLES.items()
        if table.of_people and name in columns
    }


def _misplaced(stored: Stored, table: str, columns: Mapping[str, str]) -> list[str]:
    kinds = {column: kind for column, kind in TABLES[table].columns.items() if column in columns}
    tests = ", ".join(
        f'coalesce(sum("{column}" IS NOT NULL AND NOT ({_STORED_AS[kind].format(f"{chr(34)}{column}{chr(34)}")})), 0)'
        for column, kind in kinds.items()
    )
    if not tests:
        return []
    (counts,) = stored.rows(f'SELECT {tests} FROM "{table}"')  # noqa: S608 - names from the list of allowed ones
    return [f"{table}.{column}" for column, count in zip(kinds, counts, strict=True) if count]


def _of_postgresql(stored: Stored) -> Catalog:
    columns: dict[str, dict[str, str]] = {}
    others = []
    words = {"v": "view", "m": "materialized view", "S": "counter"}
    relations = f"""
        SELECT {_NAME.format("c")}, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND {_OWN} AND NOT {_OF_AN_EXTENSION.format("c")} ORDER BY 1
    """  # noqa: S608 - nothing in it comes from outside
    for name, kind in stored.rows(relations):
        if kind not in words:
            columns[name] = {}
        elif name.removesuffix("_id_seq") not in TABLES:
            others.append(f"the {words[kind]} {name}")
    described = f"""
        SELECT {_NAME.format("c")}, a.attname, upper(format_type(a.atttypid, NULL))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {_OWN} ORDER BY 1, a.attnum
    """  # noqa: S608
    for table, column, type_ in stored.rows(described):
        if table in columns:
            columns[table][column] = _kind(type_)
    rules = f"""
        SELECT r.rulename, {_NAME.format("c")} FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND {_OWN} ORDER BY 1
    """  # noqa: S608
    others += [f"the rule {name} on {table}" for name, table in stored.rows(rules)]
    return Catalog(
        dialect="postgresql",
        columns=columns,
        indexes=_indexes_of_postgresql(stored),
        triggers=_triggers_of_postgresql(stored),
        of_people=_of_people(stored, columns),
        others=others,
        misplaced=(),
        by_id=True,
    )


def _indexes_of_postgresql(stored: Stored) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    query = f"""
        SELECT {_NAME.format("t")}, (
            SELECT string_agg(replace(pg_get_indexdef(i.indexrelid, k, true), '"', ''), ' ' ORDER BY k)
            FROM generate_series(1, i.indnatts) k
        )
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE {_OWN} ORDER BY 1, 2
    """  # noqa: S608
    for table, columns in stored.rows(query):
        found.setdefault(table, []).append(columns)
    return found


def _triggers_of_postgresql(stored: Stored) -> list[Trigger]:
    query = f"""
        SELECT t.tgname, {_NAME.format("c")}, t.tgtype, t.tgenabled IN ('O', 'A'), t.tgqual IS NULL AND t.tgattr = '',
               p.prosrc
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND {_OWN} ORDER BY 1
    """  # noqa: S608
    return [
        Trigger(name=name, table=table, does=_one_line(_does(kind, enabled, always, source)))
        for name, table, kind, enabled, always, source in stored.rows(query)
    ]


def _does(kind: int, enabled: bool, always: bool, source: str) -> str:
    when = "BEFORE" if kind & _BEFORE else "AFTER"
    each = "ROW" if kind & _ROW else "STATEMENT"
    events = " ".join(event for event, bit in _EVENTS.items() if kind & bit)
    switched = "" if enabled else "switched off: "
    return f"{switched}{when} {each} {events}: {source}{'' if always else ' (not always)'}"


def _kind(type_: str) -> str:
    return _KINDS.get(re.sub(r"\(\d+\)", "", type_), type_)


def _one_line(definition: str) -> str:
    return " ".join(definition.split())
