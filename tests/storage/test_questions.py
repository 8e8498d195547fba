"""Questions: those that ship, and an organisation's own."""

from collections.abc import Iterator
from datetime import date

import pytest

from storage.closing import discard
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history
from storage.questions import (
    active_items,
    add_question,
    asked_before,
    edit_question,
    find_own_question,
    known_items,
    own_item,
    own_questions,
    questions_of,
    retire_question,
)
from storage.rounds import NothingToAsk, round_units
from storage.tables import Pulse
from storage.verification import verify
from storage.verification.findings import Group, failed
from surveys.questions import is_comment, items_of_files, load_question_sets, parse_question_set
from surveys.release import Kind
from surveys.sealing import Ballot
from tests.support.organisation import SECRET, TUESDAY, WEEK, Organisation

ON = date(2026, 3, 3)
SHIPPED = len(load_question_sets()["minimal"].items)


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


def test_a_blank_set_asks_nothing_until_there_is_a_question(database: Database, keys: KeyDirectory) -> None:
    acme = Organisation(database, keys, question_set="blank")
    acme.team("Vision", 9)
    with pytest.raises(NothingToAsk):
        acme.open(TUESDAY)
    own = add(acme)
    assert acme.round(acme.open(TUESDAY + WEEK)).item_ids == [own]


OURS = """\
id: ours
version: 1
name: Ours
description: What we ask.
locale: en
per_round: 1
items:
  - {id: own.demo-day, driver: growth, text: I showed my work to somebody new., reverse: false}
"""


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A set of one's own beside those that ship, with a question that no other set has."""
    with_ours = {**load_question_sets(), "ours": parse_question_set(OURS, "ours.en.yaml")}
    for reader in ("surveys.questions", "storage.questions", "storage.rounds"):
        monkeypatch.setattr(f"{reader}.load_question_sets", lambda: with_ours)
    items_of_files.cache_clear()
    yield
    items_of_files.cache_clear()


@pytest.mark.usefixtures("ours")
def test_a_question_that_only_a_set_of_ones_own_has_is_asked_and_coded(database: Database, keys: KeyDirectory) -> None:
    acme = Organisation(database, keys, question_set="ours")
    vision = acme.team("Vision", 9)
    round_id = acme.open(TUESDAY)
    assert acme.round(round_id).item_ids == ["own.demo-day"]
    for member in vision.members:
        acme.answer(round_id, member, 5)
    acme.close(round_id)
    with database.reading() as session:
        units = [unit.unit_id for unit in round_units(session, round_id)]
        (code,) = [one.code for one in history(session, units) if one.code.subject == "own.demo-day"]
    assert (code.kind, code.driver) == (Kind.LEVEL, "growth")
    assert code.value is not None


def test_a_round_of_every_kind_of_question_is_counted_coded_and_verified(
    database: Database, keys: KeyDirectory
) -> None:
    acme = Organisation(database, keys, question_set="full-quarterly")
    vision = acme.team("Vision", 30)
    month = 4 * WEEK
    kinds = set()
    for number in range(3):
        round_id = acme.open(TUESDAY + number * month)
        with database.reading() as session:
            asked = [known_items(session, acme.pulse_id)[item_id] for item_id in acme.round(round_id).item_ids]
            assert questions_of(session, acme.round(round_id)) == 15 == len(asked) - 1
        kinds |= {item.scale for item in asked}
        answers = {item.id: 2 for item in asked if not is_comment(item)}
        for member in vision.members:
            acme.cast(round_id, member, Ballot(answers=answers, comment="Fine."), TUESDAY + number * month)
        acme.close(round_id)
    assert kinds == {"agreement", "intent", "choice", "comment"}
    with database.reading() as session:
        units = [unit.unit_id for unit in round_units(session, round_id)]
        codes = [one.code for one in history(session, units)]
    assert {code.value for code in codes if code.kind is Kind.CHOICE} == {2}
    assert not any(code.subject in {"morale.keep", "meaningful-work.stop-doing"} for code in codes)
    address = database.url.render_as_string(hide_password=False)
    wrong = failed(verify(address, key_dir=keys.path, secret=SECRET))
    assert [finding for finding in wrong if finding.group is Group.LEDGER] == []


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
