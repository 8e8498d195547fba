"""How anonymous surveys are usually stored, so that an attack can show that it bites.

Each stores 'who took part' and 'what was answered' apart, without a user id beside any answer.
"""

import hmac
import json
import os
import secrets
import signal
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import text
from sqlmodel import Session

from storage.database import Database
from surveys.sealing import Ballot, RoundKey, round_key, seal, slot_id, unseal
from tests.support.thief import slots

ANSWER_TABLE = {
    "sqlite": "CREATE TABLE naive_answer (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT)",
    "postgresql": "CREATE TABLE naive_answer (id UUID PRIMARY KEY, content TEXT)",
}


def create_answers(database: Database) -> None:
    """A table of answers with a running number or a random key, and one of those who took part."""
    _run(database, ANSWER_TABLE["sqlite" if database.is_sqlite else "postgresql"])
    _run(database, "CREATE TABLE naive_taken_part (member_id INTEGER PRIMARY KEY)")


def store_apart(database: Database, member: int, answer: str, *, in_one_transaction: bool = False) -> None:
    """The answer in one table, who took part in the other."""
    insert = (
        "INSERT INTO naive_answer (content) VALUES (:content)"
        if database.is_sqlite
        else "INSERT INTO naive_answer (id, content) VALUES (gen_random_uuid(), :content)"
    )
    with database.transaction() as session:
        _execute(session, insert, {"content": answer})
        if in_one_transaction:
            _execute(session, "INSERT INTO naive_taken_part VALUES (:member)", {"member": member})
    if not in_one_transaction:
        _run(database, "INSERT INTO naive_taken_part VALUES (:member)", member=member)


def store_answers_apart(
    database: Database, arrivals: Sequence[int], answers: Mapping[int, str], *, in_one_transaction: bool = False
) -> None:
    """Everybody's answers, as they arrive."""
    create_answers(database)
    for member in arrivals:
        store_apart(database, member, answers[member], in_one_transaction=in_one_transaction)


def shuffle(database: Database) -> None:
    """Write all answers anew, in random order: the round is over."""
    with database.transaction() as session:
        contents = list(session.execute(text("SELECT content FROM naive_answer")).scalars())
        _execute(session, "DELETE FROM naive_answer", {})
        _execute(session, "DELETE FROM naive_taken_part", {})
    _run(database, "CREATE TABLE naive_shuffled (content TEXT)")
    for content in sorted(contents, key=lambda _: secrets.token_bytes(8)):
        _run(database, "INSERT INTO naive_shuffled VALUES (:content)", content=content)


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


def seal_with_the_secret_alone(
    database: Database, secret: str, round_id: int, ballots: Mapping[int, Ballot]
) -> RoundKey:
    """Seal everybody's ballot under a key that the operator's secret gives by itself, in place of the box's."""
    key = round_key(secret, b"", round_id)
    _run(database, "DELETE FROM slot")
    for member, ballot in ballots.items():
        slot = slot_id(key, member)
        sealed = seal(key, slot, ballot, secrets.token_bytes(12))
        _run(database, "INSERT INTO slot VALUES (:round, :id, 0, :sealed)", round=round_id, id=slot, sealed=sealed)
    return key


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
    _run(database, "CREATE TABLE naive_pseudonym (who TEXT PRIMARY KEY, content TEXT)")


class LiveResults:
    """A dashboard: answers are kept beside the person, and counted anew whenever somebody looks."""

    def __init__(self, database: Database) -> None:
        self._database, self.threshold, self.is_open = database, 5, True
        _run(database, "CREATE TABLE naive_kept (member_id INTEGER PRIMARY KEY, team_id INTEGER, answer INTEGER)")

    def answer(self, member: int, team: int, answer: int) -> None:
        """Keep an answer, while the survey is open."""
        if self.is_open:
            _run(self._database, "DELETE FROM naive_kept WHERE member_id = :member", member=member)
            statement = "INSERT INTO naive_kept VALUES (:member, :team, :answer)"
            _run(self._database, statement, member=member, team=team, answer=answer)

    def move(self, member: int, team: int) -> None:
        """Let somebody be counted in another team from now on."""
        _run(
            self._database, "UPDATE naive_kept SET team_id = :team WHERE member_id = :member", team=team, member=member
        )

    def results(self) -> list[tuple[object, ...]]:
        """What is shown now: team, answers, and their sum, which a mean and a count give."""
        query = "SELECT team_id, count(*), sum(answer) FROM naive_kept GROUP BY team_id ORDER BY team_id"
        with self._database.reading() as session:
            rows = [tuple(row) for row in session.execute(text(query))]
        return [row for row in rows if row[1] >= self.threshold]


class Submissions:
    """Every submission is a row, and whether the survey is open is looked up before it is written."""

    def __init__(self, database: Database) -> None:
        self._database, self._is_open = database, True
        _run(database, "CREATE TABLE naive_submission (member_id INTEGER, answer INTEGER)")

    def send(self, member: int, answer: int) -> bool:
        """Write a row. Whether it was taken."""
        if not self._is_open:
            return False
        _run(self._database, "INSERT INTO naive_submission VALUES (:member, :answer)", member=member, answer=answer)
        return True

    def close(self) -> None:
        """Take no more."""
        self._is_open = False

    def counted(self, member: int) -> list[int]:
        """The answers of somebody that are counted."""
        query = text("SELECT answer FROM naive_submission WHERE member_id = :member")
        with self._database.reading() as session:
            return list(session.execute(query, {"member": member}).scalars())


def keep_comments(database: Database, comments: Iterable[str]) -> None:
    """Comments in a table of their own, without a name beside them."""
    _run(database, "CREATE TABLE naive_comment (content TEXT)")
    for comment in comments:
        _run(database, "INSERT INTO naive_comment VALUES (:content)", content=comment)


def close_in_the_open(url: str, key: RoundKey) -> None:
    """Open all ballots into a table, to count them from there, and be killed before they are deleted again."""
    database = Database(url)
    _run(database, "CREATE TABLE naive_opened (slot TEXT, content TEXT)")
    for slot in slots(database):
        ballot = unseal(key, slot.id, slot.sealed)
        opened = {"slot": slot.id.hex(), "content": content(ballot.answers, ballot.comment)}
        _run(database, "INSERT INTO naive_opened VALUES (:slot, :content)", **opened)
    os.kill(os.getpid(), signal.SIGKILL)


def content(answers: Mapping[str, int], comment: str) -> str:
    """A ballot as a naive bot stores it: in other words than Murmur's, whose traces are looked for."""
    return json.dumps({"given": dict(answers), "comment": comment})


def _run(database: Database, statement: str, **values: object) -> None:
    with database.transaction() as session:
        _execute(session, statement, values)


def _execute(session: Session, statement: str, values: Mapping[str, object]) -> None:
    session.execute(text(statement), dict(values))
