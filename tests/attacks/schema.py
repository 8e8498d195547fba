"""A7: look in the schema, and in the rows after the close, for a place where a person could be found.

Ids beside answers, sums, counts, fine times, numbers that count up, tables of jobs or of what was seen before.
"""

import re

from sqlalchemy import inspect

from storage.database import Database
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures
from tests.attacks.ground import Ground
from tests.attacks.victim import PEOPLE, victim
from tests.support.thief import table_contents

PERSON = re.compile(r"member|user|slack_id|event|who$")
ANSWER = re.compile(r"answer|ballot|sealed|score|value|comment|content")
FIGURE = re.compile(r"sum|mean|count|histogram|answers")
ALLOWED_TIMES = {
    ("round", "opens_at"),
    ("round", "closes_at"),
    ("outboxmessage", "due_at"),
    ("outboxmessage", "expires_at"),
    ("outboxmessage", "leased_until"),
    ("outboxmessage", "not_before"),
}
PER_PERSON = {"member", "membership", "rosterentry"}
"""The tables that may have a row for each person after the close: directory, team, roster."""


def suspicious(database: Database) -> set[str]:
    """Tables that put a person beside an answer, keep a figure, a fine time, or a number that counts up."""
    inspector = inspect(database.engine)
    found = set()
    for table in inspector.get_table_names():
        columns = {column["name"]: str(column["type"]).upper() for column in inspector.get_columns(table)}
        person = any(PERSON.search(name) for name in columns)
        answer = any(ANSWER.search(name) for name in columns)
        figure = any(
            FIGURE.search(name) or kind.startswith(("FLOAT", "DOUBLE", "REAL", "NUMERIC"))
            for name, kind in columns.items()
        )
        times = {(table, name) for name, kind in columns.items() if kind.startswith(("DATETIME", "TIMESTAMP"))}
        (counting_up,) = [columns["id"] == "INTEGER"] if "id" in columns else [False]
        if (person and answer) or figure or times - ALLOWED_TIMES or (answer and counting_up):
            found.add(table)
    return found


def per_person(database: Database) -> set[str]:
    """Tables with a row for each person, or more."""
    return {name for name, rows in table_contents(database).items() if len(rows) >= PEOPLE}


def revealing_tables(ground: Ground) -> Figures:
    """Suspicious tables of a naive bot."""
    one = victim(ground)
    naive.create_revealing_tables(one.acme.database)
    return [Figure(hits=len(suspicious(one.acme.database)), what="places")]


def closed_round(ground: Ground) -> Figures:
    """Suspicious tables, and tables that grew with the people who were asked, of Murmur after a close."""
    one = victim(ground)
    one.invite()
    one.everybody_answers()
    one.acme.close(one.round_id)
    database = one.acme.database
    return [Figure(hits=len(suspicious(database) | (per_person(database) - PER_PERSON)), what="places")]


A7 = Attack(
    number=7,
    what="schema and rows after the close: ids, counts, times, sequences",
    passes_when="0 places",
    naive=revealing_tables,
    murmur=closed_round,
)
