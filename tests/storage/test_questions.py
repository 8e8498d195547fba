"""Questions: those that ship, and an organisation's own."""

from datetime import date

import pytest

from storage.closing import discard
from storage.database import Database
from storage.keys import KeyDirectory
from storage.questions import (
    active_items,
    add_question,
    asked_before,
    edit_question,
    find_own_question,
    known_items,
    own_item,
    own_questions,
    retire_question,
)
from storage.tables import Pulse
from surveys.questions import load_question_sets
from tests.support.organisation import TUESDAY, WEEK, Organisation

ON = date(2026, 3, 3)
SHIPPED = len(load_question_sets()["minimal"].items)


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    return Organisation(database, keys)


def add(acme: Organisation, text: str = "Our tools are good.", driver: str = "morale") -> str:
    """Add a question. Returns its item id."""
    with acme.database.transaction() as session:
        return own_item(add_question(session, acme.pulse_id, driver=driver, text=text, reverse=True, on=ON)).id


def active(acme: Organisation, pulse_id: int | None = None) -> list[str]:
    with acme.database.reading() as session:
        return [item.id for item in active_items(session, session.get_one(Pulse, pulse_id or acme.pulse_id))]


def test_an_own_question_is_asked_beside_those_that_ship(acme: Organisation) -> None:
    item_id = add(acme)
    assert active(acme)[SHIPPED:] == [item_id]
    with acme.database.reading() as session:
        item = known_items(session, acme.pulse_id)[item_id]
    assert (item.driver, item.text, item.scale, item.reverse) == ("morale", "Our tools are good.", "agreement", True)


def test_a_question_belongs_to_its_pulse_alone(acme: Organisation) -> None:
    item_id, other = add(acme), acme.pulse("Another pulse")
    assert item_id not in active(acme, other)
    with acme.database.reading() as session:
        assert item_id not in known_items(session, other)
        assert find_own_question(session, other, item_id) is None
        assert find_own_question(session, acme.pulse_id, item_id) is not None


def test_editing_retires_the_old_wording_which_stays_known(acme: Organisation) -> None:
    old = add(acme)
    with acme.database.transaction() as session:
        question = find_own_question(session, acme.pulse_id, old)
        assert question is not None
        new = edit_question(session, question, driver="morale", text="Our tools are bad.", reverse=False, on=ON)
        new_id = own_item(new).id
    assert new_id != old
    assert active(acme)[SHIPPED:] == [new_id]
    with acme.database.reading() as session:
        known = known_items(session, acme.pulse_id)
        assert (known[old].text, known[old].reverse) == ("Our tools are good.", True)
        assert find_own_question(session, acme.pulse_id, old) is None
        assert [question.text for question in own_questions(session, acme.pulse_id)] == ["Our tools are bad."]


def test_a_retired_question_is_not_asked_again(acme: Organisation) -> None:
    item_id = add(acme)
    with acme.database.transaction() as session:
        question = find_own_question(session, acme.pulse_id, item_id)
        assert question is not None
        retire_question(session, question, ON)
    assert active(acme)[SHIPPED:] == []
    with acme.database.reading() as session:
        assert item_id in known_items(session, acme.pulse_id)


@pytest.mark.parametrize("item_id", ["burnout.drained", "own-", "own-x", "own-999", "1", "own-1x", "own--1", ""])
def test_what_is_no_own_question_is_not_found(acme: Organisation, item_id: str) -> None:
    add(acme)
    with acme.database.reading() as session:
        assert find_own_question(session, acme.pulse_id, item_id) is None


def test_an_own_question_retired_while_its_round_is_open_is_still_coded(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    with acme.database.transaction() as session:
        session.get_one(Pulse, acme.pulse_id).question_set = "ai-team-weekly"
    own = {add(acme, f"Question {number}.", "reward") for number in range(3)}
    for week in range(12):
        round_id = acme.open(TUESDAY + week * WEEK)
        if own & set(acme.round(round_id).item_ids):
            break
        discard(acme.database, acme.keys, round_id)
    (asked, *_) = own & set(acme.round(round_id).item_ids)
    with acme.database.transaction() as session:
        question = find_own_question(session, acme.pulse_id, asked)
        assert question is not None
        retire_question(session, question, ON)
    for member in vision.members:
        acme.answer(round_id, member, 5)
    acme.close(round_id)


def test_what_was_asked_is_told_oldest_first_thrown_away_or_not(acme: Organisation) -> None:
    acme.team("Vision", 9)
    first = acme.open(TUESDAY)
    discard(acme.database, acme.keys, first)
    second = acme.open(TUESDAY + WEEK)
    with acme.database.reading() as session:
        asked = asked_before(session, acme.pulse_id)
    assert [entry.item_id for entry in asked] == [*acme.round(first).item_ids, *acme.round(second).item_ids]
    assert [entry.on for entry in asked] == [TUESDAY.date()] * 4 + [(TUESDAY + WEEK).date()] * 4


def test_a_question_retired_and_written_again_has_not_rested(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    with acme.database.reading() as session:
        asked = known_items(session, acme.pulse_id)[acme.round(round_id).item_ids[0]]
    same = add(acme, f" {asked.text.upper()}!", asked.driver)
    with acme.database.reading() as session:
        assert same in {entry.item_id for entry in asked_before(session, acme.pulse_id)}
