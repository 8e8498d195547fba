"""How anonymous surveys are usually stored, so that an attack can show that it bites.

Each stores 'who took part' and 'what was answered' apart, without a user id beside any answer.
"""

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy import text
from sqlmodel import Session

from storage.database import Database
from tests.support.thief import slots

ANSWER_TABLE = {
    "sqlite": "CREATE TABLE naive_answer (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT)",
    "postgresql": "CREATE TABLE naive_answer (id UUID PRIMARY KEY, content TEXT)",
}


def store_answers_apart(database: Database, arrivals: Sequence[int], answers: Mapping[int, str]) -> None:
    """Answers in a table of their own, with a running number or a random key; one transaction a submission."""
    _run(database, ANSWER_TABLE["sqlite" if database.is_sqlite else "postgresql"])
    statement = (
        "INSERT INTO naive_answer (content) VALUES (:content)"
        if database.is_sqlite
        else "INSERT INTO naive_answer (id, content) VALUES (gen_random_uuid(), :content)"
    )
    for member in arrivals:
        _run(database, statement, content=answers[member])


def store_pseudonyms_and_shuffle_later(
    database: Database, secret: str, arrivals: Sequence[int], answers: Mapping[int, str]
) -> None:
    """A keyed hash of the member beside each answer, taken away when the round closes."""
    _run(database, "CREATE TABLE naive_pseudonym (who TEXT PRIMARY KEY, content TEXT)")
    for member in arrivals:
        _run(
            database,
            "INSERT INTO naive_pseudonym VALUES (:who, :content)",
            who=pseudonym(secret, member),
            content=answers[member],
        )
    _run(database, "CREATE TABLE naive_shuffled (content TEXT)")
    for content in sorted(answers.values(), key=lambda _: secrets.token_bytes(8)):
        _run(database, "INSERT INTO naive_shuffled VALUES (:content)", content=content)
    _run(database, "DELETE FROM naive_pseudonym")


def pseudonym(secret: str, member: int) -> str:
    """The keyed hash of a member."""
    return hmac.new(secret.encode(), str(member).encode(), sha256).hexdigest()


def reseal_one_slot_only(database: Database, slot: bytes) -> None:
    """A cast that writes the member's own slot and no other."""
    ((size,),) = {(len(s.sealed),) for s in slots(database)}
    _run(database, "UPDATE slot SET sealed = :sealed WHERE id = :id", sealed=secrets.token_bytes(size), id=slot)


def create_revealing_tables(database: Database) -> None:
    """What A7 looks for, all of it."""
    _run(database, "CREATE TABLE naive_result (member_id INTEGER, answer INTEGER)")
    _run(database, "CREATE TABLE naive_mean (unit_id INTEGER, mean DOUBLE PRECISION, answers INTEGER)")
    moment = "TIMESTAMP" if not database.is_sqlite else "DATETIME"
    _run(database, f"CREATE TABLE naive_seen (event_id VARCHAR PRIMARY KEY, seen_at {moment})")


def content(answers: Mapping[str, int], comment: str) -> str:
    """A ballot as a naive bot stores it."""
    return json.dumps({"answers": dict(answers), "comment": comment})


def _run(database: Database, statement: str, **values: object) -> None:
    with database.transaction() as session:
        _execute(session, statement, values)


def _execute(session: Session, statement: str, values: Mapping[str, object]) -> None:
    session.execute(text(statement), dict(values))
