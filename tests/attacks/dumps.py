"""A5 and A6: copies of the database, taken before and after each submission, or every hour of a round and after it.

The thief sees people at their desks and knows who answered in which hour; rows that changed in the same hours are
laid beside them.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from scipy.optimize import linear_sum_assignment
from sqlalchemy import inspect

from storage.database import Database
from surveys.sealing import Ballot, slot_id
from tests.attacks import naive
from tests.attacks.attack import Attack, Figure, Figures, matched
from tests.attacks.crowd import BERLIN_OPENING, HOUR, crowd, key_of, members_of, open_round, send
from tests.attacks.ground import Ground
from tests.attacks.victim import PEOPLE, victim
from tests.support.thief import sealed, slots, table_contents

Copy = Mapping[str, Sequence[tuple[object, ...]]]
"""Every row of every table, in the order in which rows are stored."""

Hour = int

OPEN_HOURS, HOURS_AFTER = 79, 72
"""A round is open from Tuesday at ten to Friday at five; the last copy is of Monday, when the digests are out."""


def changed_by(database: Database, act: Callable[[], object]) -> set[bytes]:
    """A5: which slots differ between a copy before and a copy after."""
    before = sealed(database)
    act()
    after = sealed(database)
    return {slot for slot in before | after if before.get(slot) != after.get(slot)}


def own_slot_only(ground: Ground) -> Figures:
    """People whom copies isolate where a submission writes one's own slot."""
    one = victim(ground)
    database = one.acme.database
    found = 0
    for member in one.arrivals:
        slot = slot_id(one.key, member)
        found += changed_by(database, partial(naive.reseal_one_slot_only, database, slot)) == {slot}
    return [Figure(hits=found, of=PEOPLE, what="isolated")]


def whole_group(ground: Ground) -> Figures:
    """People whose submission changes fewer than fifteen slots in Murmur, or anything besides."""
    one = victim(ground)
    database = one.acme.database
    group_of = {slot.id: slot.group for slot in slots(database)}
    found = 0
    for member in one.arrivals:
        before = everything_but_seals(database)
        changed = changed_by(database, partial(one.acme.answer, one.round_id, member, 3, one.comments[member]))
        group = {slot for slot in group_of if group_of[slot] == group_of[slot_id(one.key, member)]}
        found += len(changed) < 15 or changed != group or everything_but_seals(database) != before
    return [Figure(hits=found, of=PEOPLE, what="isolated")]


def everything_but_seals(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows, those of slots without what is sealed in them, in an order that does not depend on changes."""
    contents = table_contents(database)
    contents["slot"] = [row[:3] for row in contents["slot"]]
    return {name: sorted(rows, key=repr) for name, rows in contents.items()}


def hours_of_change(copies: Sequence[Copy], table: str, column: int) -> dict[object, list[tuple[Hour, int]]]:
    """By the content of a column: the hours in which the row was new or different, and its place among those."""
    found: dict[object, list[tuple[Hour, int]]] = {}
    for hour in range(1, len(copies)):
        before = {row[column]: row for row in copies[hour - 1].get(table, ())}
        changed = [row[column] for row in copies[hour].get(table, ()) if before.get(row[column]) != row]
        for place, row in enumerate(changed):
            found.setdefault(row, []).append((hour, place))
    return found


def laid_beside(
    changes: Mapping[object, list[tuple[Hour, int]]], seen: Mapping[int, list[tuple[Hour, int]]]
) -> dict[object, int]:
    """A6: the assignment of rows to people in which their hours differ least; within an hour, by their places."""
    rows, people = list(changes), list(seen)
    cost = np.zeros((len(rows), len(people)))
    for place, row in enumerate(rows):
        hours = dict(changes[row])
        for column, person in enumerate(people):
            at_desk = dict(seen[person])
            both = hours.keys() & at_desk.keys()
            cost[place, column] = len(hours.keys() ^ at_desk.keys()) * 1000
            cost[place, column] += sum(abs(hours[hour] - at_desk[hour]) for hour in both)
    return {rows[row]: people[column] for row, column in zip(*linear_sum_assignment(cost), strict=True)}


def desks(members: Sequence[int]) -> dict[Hour, list[int]]:
    """Who is seen to answer in which hour: everybody once, and every sixth once more."""
    chance = random.SystemRandom()
    seen: dict[Hour, list[int]] = {}
    for member in [*chance.sample(members, len(members)), *members[::6]]:
        seen.setdefault(chance.randint(1, OPEN_HOURS - 1), []).append(member)
    return seen


def by_person(seen: Mapping[Hour, Sequence[int]]) -> dict[int, list[tuple[Hour, int]]]:
    """The hours of each person, and their place among those of the hour."""
    found: dict[int, list[tuple[Hour, int]]] = {}
    for hour, members in sorted(seen.items()):
        for place, member in enumerate(members):
            found.setdefault(member, []).append((hour, place))
    return found


def rows_about(database: Database, copy: Copy, members: set[int]) -> set[tuple[object, ...]]:
    """Every row of a copy that names one of these members."""
    inspector = inspect(database.engine)
    found = set()
    for table, rows in copy.items():
        names = [column["name"] for column in inspector.get_columns(table)]
        if "member_id" in names or table == "member":
            place = names.index("member_id" if "member_id" in names else "id")
            found |= {(table, *row) for row in rows if row[place] in members}
    return found


def hourly_copies_of_a_naive_table(ground: Ground) -> Figures:
    """Whoever hourly copies find among answers with random keys, which are shuffled when the round closes."""
    one = victim(ground)
    database = one.acme.database
    naive.create_answers(database)
    seen, answered = desks(one.members), set[int]()
    copies: list[Copy] = [table_contents(database)]
    for hour in range(1, OPEN_HOURS + 1):
        for member in seen.get(hour, []):
            if member not in answered:
                naive.store_apart(database, member, one.answers[member])
            answered.add(member)
        copies.append(table_contents(database))
    naive.shuffle(database)
    copies.append(table_contents(database))
    guessed = laid_beside(hours_of_change(copies, "naive_answer", 1), by_person(seen))
    right = sum(one.answers[member] == answer for answer, member in guessed.items())
    return [matched(right, PEOPLE)]


def hourly_copies_of_a_round(ground: Ground) -> Figures:
    """The same of a round of Murmur with its clockwork and its messages; and the rows about anybody that are there
    after the close and were not, just so, before the first answer.
    """
    with crowd(ground, "platform", PEOPLE) as stage:
        stage.at(BERLIN_OPENING)
        database, people = stage.murmur.database, list(members_of(stage, "platform").values())
        round_ = open_round(stage, people[0])
        key = key_of(stage, round_)
        owners = {slot_id(key, member): member for member in people}
        seen = desks(people)
        copies: list[Copy] = [table_contents(database)]
        for hour in range(1, OPEN_HOURS + HOURS_AFTER + 1):
            stage.at(BERLIN_OPENING + hour * HOUR)
            if hour in seen:
                send(stage, round_, {member: Ballot(answers={}, comment="words") for member in seen[hour]})
            copies.append(table_contents(database))
        guessed = laid_beside(hours_of_change(copies, "slot", 1), by_person(seen))
        groups = [sum(row[2] == group for row in copies[0]["slot"]) for group in {row[2] for row in copies[0]["slot"]}]
        assert not copies[-1]["slot"]
        left = rows_about(database, copies[-1], set(people)) - rows_about(database, copies[0], set(people))
    right = sum(owners[bytes(slot)] == member for slot, member in guessed.items() if isinstance(slot, bytes))
    return [matched(right, *groups), Figure(hits=len(left), what="rows about people left")]


A5 = Attack(
    number=5,
    what="dumps before and after each submission",
    passes_when="0 isolated",
    naive=own_slot_only,
    murmur=whole_group,
)

A6 = Attack(
    number=6,
    what="a dump every hour of a round, and after it",
    passes_when="chance, no rows per person",
    naive=hourly_copies_of_a_naive_table,
    murmur=hourly_copies_of_a_round,
)
