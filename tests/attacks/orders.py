"""A1 and A2: lay the rows of a stolen database beside the order in which people were seen to answer.

A1 takes the rows of a SQLite file in every order there is: row number, key, any column, place in the file. A2 takes
those of PostgreSQL by ctid, xmin and cmin, and beside rows about people that the same transaction wrote, or one near.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import inspect, text

from storage.database import Database
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures, matched
from tests.attacks.ground import Ground
from tests.attacks.victim import victim
from tests.support.thief import files, slots

Whose = Mapping[bytes, int]
"""The truth, to judge an attack by: whose answer a row holds, by the content of one column."""

Transaction = int


def hits_by_order(database: Database, table: str, column: str, whose: Whose, arrivals: Sequence[int]) -> list[int]:
    """How many people stand at their place when the rows are laid beside arrivals: a number for each way."""
    hits = []
    for order in orders(database, table, column):
        people = [whose[content] for content in order]
        for laid, seen in ((people, arrivals), (people[::-1], arrivals), (people, sorted(arrivals))):
            hits.append(sum(one == other for one, other in zip(laid, seen, strict=True)))
    return hits


def orders(database: Database, table: str, column: str) -> Iterator[list[bytes]]:
    """A column of a table in every order in which its rows can be laid out."""
    by = [f'"{one["name"]}"' for one in inspect(database.engine).get_columns(table)]
    if not database.is_sqlite:
        by += ["ctid", "xmin::text::bigint, ctid", "cmin::text::bigint, ctid"]
    elif table != "slot":  # which has no row numbers
        by.append("rowid")
    laid_out = []
    with database.reading() as session:
        for order in by:
            found = session.execute(text(f'SELECT "{column}" FROM {table} ORDER BY {order}')).scalars()
            laid_out.append([_bytes(value) for value in found])
    yield from laid_out
    if database.is_sqlite:
        raw = b"".join(file.read_bytes() for file in sorted(files(database)))
        yield sorted(laid_out[0], key=raw.find)
        yield sorted(laid_out[0], key=raw.rfind)


def hits_by_transaction(database: Database, table: str, column: str, whose: Whose) -> list[int]:
    """How many answers are claimed for the right person, because the transaction that wrote the row, or one so many
    before or after, wrote about that person alone: a number for each way.
    """
    hits = []
    with database.reading() as session:
        answers = [
            (int(transaction), whose[_bytes(content)])
            for transaction, content in session.execute(text(f'SELECT xmin::text, "{column}" FROM {table}'))
        ]
        for about, who in _about_people(database):
            rows = session.execute(text(f'SELECT xmin::text, "{who}" FROM {about}')).all()
            wrote = [(int(transaction), int(member)) for transaction, member in rows]
            hits += [_right_claims(answers, wrote, away) for away in (0, 1, -1, 2, -2)]
    return hits


def _right_claims(
    answers: Sequence[tuple[Transaction, int]], wrote: Sequence[tuple[Transaction, int]], away: int
) -> int:
    people: dict[Transaction, set[int]] = {}
    for transaction, member in wrote:
        people.setdefault(transaction, set()).add(member)
    at_once = Counter(transaction for transaction, _ in answers)
    return sum(people.get(one + away) == {member} and at_once[one] == 1 for one, member in answers)


def _about_people(database: Database) -> Iterator[tuple[str, str]]:
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        if "member_id" in [column["name"] for column in inspector.get_columns(table)]:
            yield table, "member_id"


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def answers_apart(ground: Ground, *, in_one_transaction: bool = False) -> Figures:
    """Everybody found in a naive table of answers that nobody's name stands in."""
    one = victim(ground)
    database = one.acme.database
    naive.store_answers_apart(database, one.arrivals, one.answers, in_one_transaction=in_one_transaction)
    whose = {answer.encode(): member for member, answer in one.answers.items()}
    hits = hits_by_order(database, "naive_answer", "content", whose, one.arrivals)
    if not database.is_sqlite:
        hits += hits_by_transaction(database, "naive_answer", "content", whose)
    return [matched(max(hits), len(one.members), ways=len(hits))]


def ballot_box(ground: Ground) -> Figures:
    """Whoever is found among the slots at the end of a round; and the slots that are left after its close."""
    one = victim(ground)
    database = one.acme.database
    one.invite()
    one.everybody_answers()
    hits = hits_by_order(database, "slot", "id", one.owners(), one.arrivals)
    if not database.is_sqlite:
        hits += hits_by_transaction(database, "slot", "id", one.owners())
    one.acme.close(one.round_id)
    left = Figure(hits=len(slots(database)), what="rows left")
    return [matched(max(hits), len(one.members), ways=len(hits)), left]


A1 = Attack(
    number=1,
    what="rows of a SQLite file in any order, beside arrivals",
    passes_when="chance",
    naive=answers_apart,
    murmur=ballot_box,
    kinds=("sqlite",),
)

A2 = Attack(
    number=2,
    what="rows of PostgreSQL by ctid, by xmin, by xmin nearby",
    passes_when="chance",
    naive=answers_apart,
    murmur=ballot_box,
    kinds=("postgresql",),
)
