"""Attacks on the ballot box that must fail, each beside a naive variant on which it succeeds.

The truth is known here, of sixty people. "Chance" is what random matching gives: one hit on average, and
fewer than ten but in one of ten million runs.
"""

import hmac
import random
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history
from storage.tables import Round
from surveys.sealing import RoundKey, SealBroken, round_key, slot_id, unseal
from tests.attacks import naive
from tests.support.organisation import SECRET, TUESDAY, WEEK, Organisation
from tests.support.processes import KILLED, close, run_together
from tests.support.thief import StolenSlot, found_in_files, sealed, slots, table_contents

PEOPLE = 60
CHANCE = 9  # most fixed points that a random matching may show


class Victim:
    """Sixty people who answer in random order, each with a comment of their own.

    Tests share the log of one PostgreSQL, so that sentence and naive secret are different for each.
    """

    def __init__(self, database: Database, keys: KeyDirectory) -> None:
        self.acme = Organisation(database, keys)
        self.database = database
        self.members = self.acme.team("Platform", PEOPLE).members
        self.round_id = self.acme.open()
        self.key = self.acme.key(self.round_id)
        self.arrivals = random.SystemRandom().sample(self.members, PEOPLE)
        self.sentence = f"Somebody wrote {secrets.token_hex(8)}"
        self.naive_secret = secrets.token_hex(16)
        self.comments = {member: f"{self.sentence} {member}" for member in self.members}
        self.answers = {
            member: naive.content({"burnout.drained": place % 5 + 1}, self.comments[member])
            for place, member in enumerate(self.members)
        }

    def everybody_answers(self) -> None:
        for place, member in enumerate(self.arrivals):
            self.acme.answer(self.round_id, member, place % 5 + 1, self.comments[member])

    def owners(self) -> dict[bytes, int]:
        """The truth: whose slot is whose."""
        return {slot_id(self.key, member): member for member in self.members}


@pytest.fixture
def victim(database: Database, keys: KeyDirectory) -> Victim:
    return Victim(database, keys)


def hits(stored: Sequence[int], arrivals: Sequence[int]) -> int:
    """How many people are found by laying stored rows beside the order in which people were seen to answer."""
    return sum(found == true for found, true in zip(stored, arrivals, strict=True))


def stored_order(database: Database, table: str, orders: Iterable[str], column: str) -> list[list[bytes]]:
    """A column of a table in several physical orders."""
    with database.reading() as session:
        return [
            [
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for value in session.execute(text(f"SELECT {column} FROM {table} ORDER BY {order}")).scalars()
            ]
            for order in orders
        ]


def row_orders(database: Database, table: str) -> list[str]:
    """A1 and A2: every order in which the file itself keeps rows."""
    if database.is_sqlite:
        return ["id"] if table == "slot" else ["rowid"]
    return ["ctid", "xmin::text::bigint, ctid", "cmin::text::bigint, ctid", "id"]


def test_a1_a2_the_order_of_answers_gives_everybody_away_in_a_naive_table(victim: Victim) -> None:
    naive.store_answers_apart(victim.database, victim.arrivals, victim.answers)
    member_of = {answer.encode(): member for member, answer in victim.answers.items()}
    found = stored_order(victim.database, "naive_answer", row_orders(victim.database, "naive_answer")[:2], "content")
    assert max(hits([member_of[c] for c in order], victim.arrivals) for order in found) == PEOPLE


def test_a1_a2_the_order_of_slots_says_nothing_about_the_order_of_answers(victim: Victim) -> None:
    victim.everybody_answers()
    owners = victim.owners()
    orders = [*row_orders(victim.database, "slot"), "sealed", "group_number, id"]
    for order in stored_order(victim.database, "slot", orders, "id"):
        people = [owners[slot] for slot in order]
        assert hits(people, victim.arrivals) <= CHANCE
        assert hits(people[::-1], victim.arrivals) <= CHANCE
        assert hits(people, sorted(victim.arrivals)) <= CHANCE


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a2_all_slots_of_a_group_were_written_by_the_same_transaction(victim: Victim) -> None:
    victim.everybody_answers()
    with victim.database.reading() as session:
        rows = session.execute(text("SELECT group_number, count(DISTINCT xmin::text) FROM slot GROUP BY 1")).all()
    assert {writers for _, writers in rows} == {1}
    assert len(rows) == 2


def test_a1_after_the_close_there_is_no_row_to_match(victim: Victim) -> None:
    victim.everybody_answers()
    victim.acme.close(victim.round_id)
    assert slots(victim.database) == []


def pairs_in_files(database: Database, identities: dict[int, list[bytes]], answers: dict[int, str]) -> int:
    """A3: of how many people both a mark and what they answered or wrote stand in the raw files."""
    marks = [mark for found in identities.values() for mark in found]
    seen = found_in_files(database, [*marks, *(answer.encode() for answer in answers.values())])
    return sum(any(m in seen for m in identities[member]) and answers[member].encode() in seen for member in answers)


def marks_by_secret(secret: str, members: Sequence[int]) -> dict[int, list[bytes]]:
    """What a thief with APP_SECRET can work out about each member: keyed hashes of every id."""
    return {
        member: [
            form
            for digest in [hmac.new(secret.encode(), str(member).encode(), sha256)]
            for form in (digest.hexdigest().encode(), digest.digest(), digest.digest()[:16])
        ]
        for member in members
    }


def test_a3_raw_bytes_and_the_secret_give_shuffled_pseudonyms_away(victim: Victim) -> None:
    naive.store_pseudonyms_and_shuffle_later(victim.database, victim.naive_secret, victim.arrivals, victim.answers)
    assert (
        pairs_in_files(victim.database, marks_by_secret(victim.naive_secret, victim.members), victim.answers)
        > PEOPLE / 2
    )


def test_a3_raw_bytes_and_the_secret_give_nothing_after_the_close(victim: Victim) -> None:
    victim.everybody_answers()
    stolen = slots(victim.database)
    victim.acme.close(victim.round_id)
    assert pairs_in_files(victim.database, marks_by_secret(SECRET, victim.members), victim.comments) == 0
    assert found_in_files(victim.database, [victim.sentence.encode()]) == set()
    if victim.database.is_sqlite:
        assert found_in_files(victim.database, [part for s in stolen for part in (s.id, s.sealed[:32])]) == set()
    assert opened_with(thiefs_keys(victim.database, victim.round_id), stolen, victim.members) == 0


def thiefs_keys(database: Database, round_id: int) -> list[RoundKey]:
    """Every key that APP_SECRET and the database give, without the key directory."""
    with database.reading() as session:
        (round_,) = session.exec(select(Round).where(Round.id == round_id))
    name, fingerprint = round_.key_name, str(round_.key_fingerprint)
    nonces = [
        b"",
        bytes(32),
        name.encode(),
        bytes.fromhex(name),
        bytes.fromhex(name) * 2,
        fingerprint.encode(),
        bytes.fromhex(fingerprint),
        sha256(SECRET.encode()).digest(),
        sha256(name.encode()).digest(),
    ]
    return [round_key(SECRET, nonce, round_id) for nonce in nonces]


def opened_with(keys: Iterable[RoundKey], stolen: Sequence[StolenSlot], members: Sequence[int]) -> int:
    """How many slots can be opened, or told whose they are, with any of these keys."""
    found = set()
    for key in keys:
        addresses = {slot_id(key, member) for member in members}
        for slot in stolen:
            try:
                unseal(key, slot.id, slot.sealed)
            except SealBroken:
                if slot.id not in addresses:
                    continue
            found.add(slot.id)
    return len(found)


def test_a4_the_attack_opens_everything_with_the_key_directory(victim: Victim) -> None:
    victim.everybody_answers()
    assert opened_with([victim.key], slots(victim.database), victim.members) == PEOPLE


def test_a4_a_dump_in_mid_round_and_the_secret_open_nothing(victim: Victim) -> None:
    victim.everybody_answers()
    keys = thiefs_keys(victim.database, victim.round_id)
    assert opened_with(keys, slots(victim.database), victim.members) == 0
    assert found_in_files(victim.database, [victim.sentence.encode()]) == set()
    dump = repr(table_contents(victim.database))
    assert victim.sentence not in dump
    marks = marks_by_secret(SECRET, victim.members)
    assert not any(hexadecimal.decode() in dump for hexadecimal, *_ in marks.values())


def changed_by(database: Database, act: Callable[[], object]) -> set[bytes]:
    """A5: which slots differ between a dump before and a dump after."""
    before = sealed(database)
    act()
    after = sealed(database)
    return {slot for slot in before | after if before.get(slot) != after.get(slot)}


def test_a5_dumps_isolate_everybody_where_only_ones_own_slot_is_written(victim: Victim) -> None:
    for member in victim.arrivals[:10]:
        slot = slot_id(victim.key, member)
        changed = changed_by(victim.database, partial(naive.reseal_one_slot_only, victim.database, slot))
        assert changed == {slot}


def test_a5_dumps_before_and_after_each_submission_isolate_nobody(victim: Victim) -> None:
    group_of = {slot.id: slot.group for slot in slots(victim.database)}
    for member in victim.arrivals:
        submission = partial(victim.acme.answer, victim.round_id, member, 3, victim.comments[member])
        changed = changed_by(victim.database, submission)
        assert len(changed) >= 15
        assert changed == {slot for slot in group_of if group_of[slot] == group_of[slot_id(victim.key, member)]}


def test_a5_a_submission_moves_nothing_but_sealed_slots(victim: Victim) -> None:
    def everything_else() -> dict[str, object]:
        return {name: rows for name, rows in table_contents(victim.database).items() if name != "slot"}

    def places() -> list[tuple[bytes, int]]:
        return sorted((slot.id, slot.group) for slot in slots(victim.database))

    before, places_before = everything_else(), places()
    for member in victim.arrivals[:5]:
        victim.acme.answer(victim.round_id, member, 3, victim.comments[member])
    assert everything_else() == before
    assert places() == places_before


PERSON = re.compile(r"member|user|slack_id|event|who$")
ANSWER = re.compile(r"answer|ballot|sealed|score|value|comment|content")
FIGURE = re.compile(r"sum|mean|count|histogram|answers")
ALLOWED_TIMES = {
    ("round", "opens_at"),
    ("round", "closes_at"),
    ("outboxmessage", "due_at"),
    ("outboxmessage", "expires_at"),
    ("outboxmessage", "leased_until"),
}


def suspicious(database: Database) -> set[str]:
    """A7: tables that put a person beside an answer, keep a figure, a fine time, or a number that counts up."""
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


def test_a7_the_schema_of_a_naive_bot_is_suspicious(victim: Victim) -> None:
    naive.create_revealing_tables(victim.database)
    naive.store_pseudonyms_and_shuffle_later(victim.database, SECRET, [], {})
    assert suspicious(victim.database) == {"naive_result", "naive_mean", "naive_seen", "naive_pseudonym"}


def test_a7_the_schema_has_no_place_for_who_answered_what_or_when(victim: Victim) -> None:
    assert suspicious(victim.database) == set()
    indices = inspect(victim.database.engine).get_indexes("slot")
    assert {tuple(index["column_names"]) for index in indices} == {("round_id", "group_number")}


def test_a7_after_the_close_people_stand_in_directory_roster_and_teams_only(victim: Victim) -> None:
    victim.everybody_answers()
    victim.acme.close(victim.round_id)
    rows = {name: len(content) for name, content in table_contents(victim.database).items()}
    per_person = {name for name, number in rows.items() if number >= PEOPLE}
    assert per_person == {"member", "membership", "rosterentry"}
    assert rows["slot"] == rows["outboxmessage"] == 0


def test_a13_other_answers_leave_the_same_pattern_of_shown_and_withheld(victim: Victim) -> None:
    patterns = []
    for week, (answer, comment) in enumerate([(1, "terrible, awful"), (5, "wonderful, great"), (3, "so so")]):
        round_id = victim.acme.open(TUESDAY + week * WEEK) if week else victim.round_id
        for member in victim.members[:7]:
            victim.acme.answer(round_id, member, answer, comment)
        victim.acme.close(round_id)
        with victim.database.reading() as session:
            published = [one for one in history(session, [1]) if one.round_id == round_id]
        patterns.append([(one.code.kind, one.code.value is None, one.code.people) for one in published])
    assert patterns[0] == patterns[1] == patterns[2]


@pytest.mark.parametrize(
    "moment", ["decrypted", "coded and emptied, not committed", "coded", "key overwritten but not removed"]
)
def test_a18_whatever_moment_the_process_is_killed_at_the_files_and_the_secret_tell_nothing(
    victim: Victim, database_url: str, moment: str
) -> None:
    for place, member in enumerate(victim.arrivals[:20]):
        victim.acme.answer(victim.round_id, member, place % 5 + 1, victim.comments[member])
    before = slots(victim.database)
    assert run_together(close, [(database_url, victim.acme.keys.path, victim.round_id, moment)]) == [KILLED]
    stolen = [*before, *slots(victim.database)]
    assert found_in_files(victim.database, [victim.sentence.encode()]) == set()
    assert opened_with(thiefs_keys(victim.database, victim.round_id), stolen, victim.members) == 0
    left = [slot.id for slot in slots(victim.database)]
    assert left in ([], [slot.id for slot in before])
    assert run_together(close, [(database_url, victim.acme.keys.path, victim.round_id)]) == [0]
    assert slots(victim.database) == []
