"""The ballot box: every acknowledged ballot is kept, and none shows."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.ballots import (
    LARGEST_UNSPLIT,
    SMALLEST_GROUP,
    NotInRound,
    RoundNotOpen,
    WrongKey,
    cast,
    open_box,
)
from storage.closing import begin_closing, discard
from storage.database import Busy
from surveys.sealing import BLANK, Ballot, SealBroken, round_key, slot_id, unseal
from tests.support.organisation import FRIDAY, SECRET, TUESDAY, Group, Organisation
from tests.support.processes import cast_one, run_together
from tests.support.thief import found_in_files, sealed, slots

SENTENCE = "The quick brown fox of the training cluster."


def answers_given(acme: Organisation, round_id: int, members: list[int]) -> Counter[int | None]:
    """How often each answer is in the box; None for blank ballots."""
    item_id = acme.round(round_id).item_ids[0]
    with acme.database.reading() as session:
        return Counter(b.answers.get(item_id) for b in open_box(session, round_id, acme.key(round_id), members))


def test_every_member_has_a_blank_ballot_from_the_start(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    assert len(slots(acme.database)) == 9
    assert len({len(slot.sealed) for slot in slots(acme.database)}) == 1
    assert answers_given(acme, round_id, vision.members) == {None: 9}


def test_slots_are_stored_in_the_order_of_their_ids(acme: Organisation, vision: Group) -> None:
    acme.open()
    ids = [slot.id for slot in slots(acme.database)]
    assert ids == sorted(ids)


def test_the_last_ballot_of_a_member_counts_blanks_included(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    first, second, *_ = vision.members
    acme.answer(round_id, first, 2)
    acme.answer(round_id, first, 5)
    acme.answer(round_id, second, 4)
    acme.cast(round_id, second, BLANK)
    assert answers_given(acme, round_id, vision.members) == {5: 1, None: 8}


def test_a_ballot_comes_out_as_it_went_in(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    ballot = Ballot(answers={"burnout.drained": 4}, comment='"\N{GRINNING FACE}\n' * 100)
    acme.cast(round_id, vision.members[3], ballot)
    with acme.database.reading() as session:
        assert open_box(session, round_id, acme.key(round_id), [vision.members[3]]) == [ballot]


def test_twenty_ballots_at_once_from_threads_all_survive(acme: Organisation) -> None:
    members = acme.team("Vision", 20).members
    round_id = acme.open()
    together = threading.Barrier(20)

    def submit(place: int) -> None:
        together.wait(30)
        acme.answer(round_id, members[place], place % 5 + 1)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(submit, range(20)))
    assert answers_given(acme, round_id, members) == dict.fromkeys(range(1, 6), 4)


def test_twenty_ballots_at_once_from_processes_all_survive(acme: Organisation, database_url: str) -> None:
    members = acme.team("Vision", 20).members
    round_id = acme.open()
    calls = [
        (database_url, acme.keys.path, round_id, member, place % 5 + 1, TUESDAY) for place, member in enumerate(members)
    ]
    assert run_together(cast_one, calls) == [0] * 20
    assert answers_given(acme, round_id, members) == dict.fromkeys(range(1, 6), 4)


def test_whatever_is_acknowledged_while_the_round_closes_is_in_the_box(acme: Organisation) -> None:
    members = acme.team("Vision", 16).members
    round_id = acme.open()
    key = acme.key(round_id)
    together = threading.Barrier(17)
    acknowledged, refused = [], []

    def submit(member: int) -> None:
        together.wait(30)
        try:
            acme.answer(round_id, member, 3)
        except RoundNotOpen:
            refused.append(member)
        else:
            acknowledged.append(member)

    def close() -> None:
        together.wait(30)
        acme.answer(round_id, members[0], 3)
        begin_closing(acme.database, round_id)

    with ThreadPoolExecutor(17) as pool:
        for running in [pool.submit(close), *(pool.submit(submit, member) for member in members)]:
            running.result()
    assert sorted(acknowledged + refused) == members
    with acme.database.reading() as session:
        counted = [m for m in members if open_box(session, round_id, key, [m])[0].answers]
    assert set(counted) == {*acknowledged, members[0]}


def test_a_ballot_under_way_is_waited_for_and_counts(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    key, ballot = acme.key(round_id), acme.ballot(round_id, 5)
    closer = threading.Thread(target=begin_closing, args=(acme.database, round_id))
    with acme.database.transaction() as session:
        cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=ballot, now=TUESDAY)
        closer.start()
        closer.join(0.2)
        assert closer.is_alive()
    closer.join(30)
    with acme.database.reading() as session:
        assert open_box(session, round_id, key, vision.members[:1]) == [ballot]


def test_no_ballot_is_taken_once_closing_began(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    begin_closing(acme.database, round_id)
    before = sealed(acme.database)
    with pytest.raises(RoundNotOpen):
        acme.answer(round_id, vision.members[0], 3)
    assert sealed(acme.database) == before


def test_no_ballot_is_taken_after_closing_time_even_before_the_scheduler_woke_up(
    acme: Organisation, vision: Group
) -> None:
    round_id = acme.open()
    ballot = acme.ballot(round_id, 3)
    acme.cast(round_id, vision.members[0], ballot, now=FRIDAY - timedelta(microseconds=1))
    with pytest.raises(RoundNotOpen):
        acme.cast(round_id, vision.members[1], ballot, now=FRIDAY)
    assert answers_given(acme, round_id, vision.members) == {3: 1, None: 8}


def test_a_round_that_is_not_there_takes_no_ballot(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    key = acme.key(round_id)
    with pytest.raises(RoundNotOpen), acme.database.transaction() as session:
        cast(session, round_id=round_id + 1, member_id=1, key=key, ballot=BLANK, now=TUESDAY)


def test_somebody_outside_the_roster_cannot_vote(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    (newcomer,) = acme.people(1)
    acme.join(vision, [newcomer])
    with pytest.raises(NotInRound):
        acme.answer(round_id, newcomer, 3)


def test_nothing_is_sealed_under_a_key_the_round_was_not_opened_with(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    nonce = acme.keys.read(acme.round(round_id).key_name)
    before = sealed(acme.database)
    for key in (round_key("another secret", nonce, round_id), round_key(SECRET, bytes(32), round_id)):
        with pytest.raises(WrongKey), acme.database.transaction() as session:
            cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=BLANK, now=TUESDAY)
    assert sealed(acme.database) == before


def test_a_slot_that_was_tampered_with_stops_the_cast_and_changes_nothing(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    rubbish = {"rubbish": bytes(4124), "id": slots(acme.database)[0].id}
    with acme.database.transaction() as session:
        session.execute(text("UPDATE slot SET sealed = :rubbish WHERE id = :id"), rubbish)
    before = sealed(acme.database)
    with pytest.raises(SealBroken):
        acme.answer(round_id, vision.members[0], 3)
    assert sealed(acme.database) == before


def test_a_ballot_rolled_back_is_not_in_the_box(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    key, ballot = acme.key(round_id), acme.ballot(round_id, 3)
    with acme.database.transaction() as session:
        cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=ballot, now=TUESDAY)
        session.rollback()
    assert answers_given(acme, round_id, vision.members) == {None: 9}


def test_every_slot_of_the_group_changes_with_each_ballot_and_no_other_slot_does(acme: Organisation) -> None:
    vision, search = acme.team("Vision", 9), acme.team("Search", 8)
    round_id = acme.open()
    key = acme.key(round_id)
    group_of = {slot.id: slot.group for slot in slots(acme.database)}
    for member in (vision.members[0], search.members[0], vision.members[0]):
        before = sealed(acme.database)
        acme.answer(round_id, member, 3)
        after = sealed(acme.database)
        changed = {slot for slot in before if before[slot] != after[slot]}
        (group,) = {group_of[slot] for slot in changed}
        assert changed == {slot for slot, number in group_of.items() if number == group}
        assert len(changed) == (9 if member in vision.members else 8)
        assert all(unseal(key, slot, value) for slot, value in after.items())


def test_no_two_ballots_are_ever_sealed_alike(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    seen = list(sealed(acme.database).values())
    for _ in range(3):
        acme.cast(round_id, vision.members[0], BLANK)
        seen += sealed(acme.database).values()
    assert len({value[:12] for value in seen}) == len(seen)


@pytest.mark.parametrize("people", [30, 31, 44, 45, 61])
def test_a_unit_over_thirty_is_split_at_random_into_groups_of_fifteen_to_thirty(
    acme: Organisation, people: int
) -> None:
    members = acme.team("Platform", people).members
    round_id = acme.open()
    sizes = Counter(slot.group for slot in slots(acme.database))
    assert sum(sizes.values()) == people
    if people <= LARGEST_UNSPLIT:
        assert len(sizes) == 1
    else:
        assert all(SMALLEST_GROUP <= size <= 2 * SMALLEST_GROUP for size in sizes.values())
    acme.answer(round_id, members[-1], 3)
    assert answers_given(acme, round_id, members) == {3: 1, None: people - 1}


def test_groups_are_made_up_anew_each_round(acme: Organisation) -> None:
    members = acme.team("Platform", 45).members
    made_up = []
    for minute in range(2):
        round_id = acme.open(TUESDAY + timedelta(minutes=minute))
        owner = {slot_id(acme.key(round_id), member): member for member in members}
        groups: dict[int, set[int]] = {}
        for slot in slots(acme.database):
            groups.setdefault(slot.group, set()).add(owner[slot.id])
        made_up.append(sorted(map(sorted, groups.values())))
        discard(acme.database, acme.keys, round_id)
    assert made_up[0] != made_up[1]


def test_no_group_holds_people_of_two_units(acme: Organisation) -> None:
    acme.team("Vision", 9)
    acme.team("Platform", 33)
    acme.open()
    assert sorted(Counter(slot.group for slot in slots(acme.database)).values()) == [9, 16, 17]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_nobody_waits_for_a_ballot_in_another_group(acme: Organisation) -> None:
    vision, search = acme.team("Vision", 9), acme.team("Search", 9)
    round_id = acme.open()
    key = acme.key(round_id)
    with acme.database.transaction() as session:
        cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=BLANK, now=TUESDAY)
        acme.cast(round_id, search.members[0], acme.ballot(round_id, 3), wait=0.2)


def test_whoever_cannot_get_their_turn_is_told_that_it_is_busy(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    key, ballot = acme.key(round_id), acme.ballot(round_id, 3)
    with acme.database.transaction() as session:
        cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=BLANK, now=TUESDAY)
        with pytest.raises(Busy):
            acme.cast(round_id, vision.members[1], ballot, wait=0.2)
    acme.cast(round_id, vision.members[1], ballot, wait=0.2)
    assert answers_given(acme, round_id, vision.members) == {3: 1, None: 8}


def test_nothing_anybody_wrote_stands_in_the_files_while_a_round_is_open(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    for member in vision.members:
        acme.answer(round_id, member, 3, SENTENCE)
    ids = [slot.id for slot in slots(acme.database)]
    secrets = [SENTENCE.encode(), b'"answers"', acme.keys.read(acme.round(round_id).key_name)]
    assert found_in_files(acme.database, [*secrets, *ids]) == set(ids)


def test_a_box_opened_with_another_key_gives_nothing(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    with acme.database.reading() as session, pytest.raises(NotInRound):
        open_box(session, round_id, round_key(SECRET, bytes(32), round_id), vision.members)


def test_a_round_thrown_away_takes_no_ballots(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    key, ballot = acme.key(round_id), acme.ballot(round_id, 3)
    assert discard(acme.database, acme.keys, round_id)
    with pytest.raises(RoundNotOpen), acme.database.transaction() as session:
        cast(session, round_id=round_id, member_id=vision.members[0], key=key, ballot=ballot, now=TUESDAY)
