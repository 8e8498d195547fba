"""Throwing a round away: without reading it, until it is coded, and nothing is left of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.closing import begin_closing, code_round, discard, finish_discarding, scrub, throw_away
from storage.keys import KeyLost
from storage.rounds import due_steps
from storage.tables import OutboxMessage, Round
from surveys.rounds import State, Step
from tests.support.closing import answered, invite, ledger
from tests.support.organisation import SECRET, TUESDAY, Group, Organisation, count
from tests.support.thief import slots


def test_a_round_whose_key_is_lost_can_still_be_thrown_away_while_it_is_open(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    acme.keys.destroy(acme.round(round_id).key_name)
    assert discard(acme.database, acme.keys, round_id)
    assert slots(acme.database) == []


@pytest.mark.parametrize("moment", ["open", "scheduled"])
def test_a_round_is_thrown_away_without_being_read(
    acme: Organisation, vision: Group, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.ballots.unseal", None)  # whoever reads a ballot now, fails
    round_id = acme.open()
    invite(acme, round_id, vision.members)
    if moment == "scheduled":
        with acme.database.transaction() as session:
            session.execute(text("UPDATE round SET state = 'scheduled'"))
    assert discard(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.DISCARDED
    assert slots(acme.database) == []
    assert list(acme.keys.path.iterdir()) == []
    assert ledger(acme.database, round_id) == {}
    with acme.database.reading() as session:
        assert count(session, OutboxMessage) == 0


def test_a_round_can_be_thrown_away_until_it_is_coded(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    for _ in range(2):
        assert not discard(acme.database, acme.keys, round_id)
        assert ledger(acme.database, round_id)
        scrub(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.SCRUBBED


def test_a_closing_round_whose_key_is_lost_can_be_thrown_away(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    acme.keys.destroy(acme.round(round_id).key_name)
    assert discard(acme.database, acme.keys, round_id)
    assert slots(acme.database) == []
    code_round(acme.database, acme.keys, SECRET, round_id)
    assert acme.state(round_id) is State.DISCARDED
    assert ledger(acme.database, round_id) == {}


def test_a_round_is_either_coded_or_thrown_away_when_both_are_tried_at_once(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    with ThreadPoolExecutor(2) as pool:
        coding = pool.submit(code_round, acme.database, acme.keys, SECRET, round_id)
        discarding = pool.submit(discard, acme.database, acme.keys, round_id)
        thrown_away = discarding.result()
        assert thrown_away or coding.exception() is None  # a key destroyed in between is a lost one
    assert acme.state(round_id) is (State.DISCARDED if thrown_away else State.CLOSED)
    assert (ledger(acme.database, round_id) == {}) is thrown_away
    assert slots(acme.database) == []


def test_the_key_of_a_round_thrown_away_by_a_process_that_died_over_it_is_destroyed_later(
    acme: Organisation, vision: Group
) -> None:
    thrown_away = acme.open()
    with acme.database.transaction() as session:
        assert throw_away(session, thrown_away)
    with acme.database.reading() as session:
        assert due_steps(session, TUESDAY) == [(thrown_away, Step.WIPE)]
    for _ in range(2):
        assert finish_discarding(acme.database, acme.keys, thrown_away)
        assert acme.state(thrown_away) is State.DISCARDED
        with pytest.raises(KeyLost):
            acme.keys.read(acme.round(thrown_away).key_name)
    still_open = acme.open(TUESDAY + timedelta(minutes=1))
    acme.answer(still_open, vision.members[0], 3)
    acme.close(still_open)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_round_thrown_away_is_not_over_before_its_leftovers_are_wiped(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    with acme.database.reading() as session:
        session.exec(select(Round)).all()
        assert discard(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.DISCARDING
    assert slots(acme.database) == []
    assert list(acme.keys.path.iterdir()) == []
    assert finish_discarding(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.DISCARDED


def test_a_round_that_was_not_thrown_away_is_not_wiped(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    assert finish_discarding(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.OPEN
    acme.close(round_id)
