"""Coding a round: as its ballots say, by the rules it was opened with, once, and never without its key."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from storage.ballots import WrongKey
from storage.closing import begin_closing, code_round, scrub
from storage.keys import KeyDirectory, KeyLost
from storage.questions import known_items
from storage.tables import LedgerEntry
from storage.verification import verify
from storage.verification.findings import Verdict
from surveys.release import FLOOR, Kind
from surveys.rounds import State
from surveys.scoring import code_unit
from surveys.themes import themes
from tests.support.closing import SENTENCE, answered, ledger
from tests.support.organisation import SECRET, Group, Organisation
from tests.support.processes import KILLED, close, code, run_together
from tests.support.thief import sealed


def test_a_round_is_coded_as_its_ballots_say(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    ballots = [acme.ballot(round_id, answer, SENTENCE) for answer in (1, 2, 2, 3, 3, 5, 5)]
    for member, ballot in zip(vision.members, ballots, strict=False):
        acme.cast(round_id, member, ballot)
    with acme.database.reading() as session:
        items = [known_items(session, acme.pulse_id)[item_id] for item_id in acme.round(round_id).item_ids]
    acme.close(round_id)
    expected = code_unit(items=items, ballots=ballots, roster=9)
    assert list(ledger(acme.database, round_id).values()) == sorted(expected, key=lambda code: code.subject)


def test_a_round_is_dated_by_the_day_it_closed_where_the_pulse_is_at_home(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    with acme.database.transaction() as session:
        session.execute(text("UPDATE pulse SET timezone = 'Pacific/Auckland'"))
    acme.close(round_id)
    with acme.database.reading() as session:
        assert set(session.exec(select(col(LedgerEntry.closed_on)))) == {date(2026, 3, 7)}


def test_units_are_coded_apart(acme: Organisation, vision: Group) -> None:
    search = acme.team("Search", 8)
    round_id = acme.open()
    for member in vision.members:
        acme.answer(round_id, member, 3)
    for member in search.members[:4]:
        acme.answer(round_id, member, 3)
    acme.close(round_id)
    shown = {
        unit
        for (unit, _), code in ledger(acme.database, round_id).items()
        if code.kind is Kind.LEVEL and code.value is not None
    }
    assert len(shown) == 1
    assert len({unit for unit, _ in ledger(acme.database, round_id)}) == 2


def test_the_threshold_is_the_one_the_round_was_opened_with(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members[:6])
    with acme.database.transaction() as session:
        session.execute(text("UPDATE pulse SET threshold = 9"))
    acme.close(round_id)
    assert acme.round(round_id).threshold == FLOOR
    assert any(code.value is not None for code in ledger(acme.database, round_id).values() if code.kind is Kind.LEVEL)


def test_a_threshold_under_five_that_got_into_the_table_has_no_effect(acme: Organisation, vision: Group) -> None:
    with acme.database.transaction() as session:
        session.execute(text("UPDATE pulse SET threshold = 1"))
    round_id = answered(acme, vision.members[:4])
    assert acme.round(round_id).threshold == FLOOR
    acme.close(round_id)
    levels = [code for code in ledger(acme.database, round_id).values() if code.kind is Kind.LEVEL]
    assert levels
    assert all(code.value is None for code in levels)


def test_a_process_killed_before_it_coded_leaves_the_round_sealed(
    acme: Organisation, vision: Group, database_url: str
) -> None:
    round_id = answered(acme, vision.members)
    before = sealed(acme.database)
    calls = [(database_url, acme.keys.path, round_id, "coded and emptied, not committed")]
    assert run_together(close, calls) == [KILLED]
    assert acme.state(round_id) is State.CLOSING
    assert sealed(acme.database) == before
    assert ledger(acme.database, round_id) == {}


def test_processes_that_code_at_once_write_every_code_once(
    acme: Organisation, vision: Group, database_url: str
) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    assert run_together(code, [(database_url, acme.keys.path, round_id)] * 3) == [0, 0, 0]
    assert acme.state(round_id) is State.CLOSED
    assert len(ledger(acme.database, round_id)) == len(acme.round(round_id).item_ids) + 2 + len(themes())


def large(acme: Organisation, units: int = 5) -> list[Group]:
    """So many units, in which six people of seven answer between 2 and 4."""
    return [acme.team(f"Team {number}", 7) for number in range(units)]


def scattered(acme: Organisation, groups: list[Group], answers: tuple[int, ...] = (2, 2, 3, 3, 4, 4)) -> int:
    round_id = acme.open()
    for group in groups:
        for member, answer in zip(group.members, answers, strict=False):
            acme.answer(round_id, member, answer)
    return round_id


def test_how_widely_answers_scattered_is_kept_with_the_codes_of_five_units(acme: Organisation) -> None:
    round_id = scattered(acme, large(acme))
    begin_closing(acme.database, round_id)
    assert acme.round(round_id).within is None
    acme.close(round_id)
    assert acme.round(round_id).within == 80


@pytest.mark.parametrize("answers", [(2, 2, 3, 3), (5, 5, 5, 5, 5, 5), (1, 1, 1, 1, 1, 1)])
def test_nothing_is_kept_of_answers_that_are_withheld_or_at_the_ends_of_the_scale(
    acme: Organisation, answers: tuple[int, ...]
) -> None:
    round_id = scattered(acme, large(acme), answers)
    acme.close(round_id)
    assert acme.round(round_id).within is None


def test_nothing_is_kept_of_answers_of_four_units_however_many_questions_they_were_asked(acme: Organisation) -> None:
    round_id = scattered(acme, large(acme, 4))
    acme.close(round_id)
    assert len(acme.round(round_id).item_ids) > 1
    assert acme.round(round_id).within is None


def test_a_kept_scatter_is_verified(acme: Organisation) -> None:
    round_id = scattered(acme, large(acme))
    acme.close(round_id)

    def found() -> list[str]:
        url = acme.database.url.render_as_string(hide_password=False)
        findings = verify(url, key_dir=acme.keys.path, secret=SECRET, weaker=True)
        return [one.words for one in findings if one.check == "scatter" and one.verdict is Verdict.NOT]

    assert found() == []
    for finer in (81, 0, 210):
        with acme.database.transaction() as session:
            session.execute(text("UPDATE round SET within = :finer"), {"finer": finer})
        assert len(found()) == 1
    with acme.database.transaction() as session:
        session.execute(text("UPDATE round SET within = NULL"))  # as an older version left it
    assert found() == []


def test_an_open_round_is_neither_coded_nor_scrubbed(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    before = sealed(acme.database)
    code_round(acme.database, acme.keys, SECRET, round_id)
    assert scrub(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.OPEN
    assert sealed(acme.database) == before
    acme.answer(round_id, vision.members[0], 5)


def test_without_its_key_a_round_stays_sealed(acme: Organisation, vision: Group, tmp_path: Path) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    before = sealed(acme.database)
    with pytest.raises(KeyLost):
        code_round(acme.database, KeyDirectory(tmp_path / "elsewhere"), SECRET, round_id)
    with pytest.raises(WrongKey):
        code_round(acme.database, acme.keys, "another secret", round_id)
    assert acme.state(round_id) is State.CLOSING
    assert sealed(acme.database) == before
    assert ledger(acme.database, round_id) == {}
    code_round(acme.database, acme.keys, SECRET, round_id)
    assert acme.state(round_id) is State.CLOSED


def test_a_round_with_a_damaged_key_stays_sealed(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    (file,) = acme.keys.path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(KeyLost):
        code_round(acme.database, acme.keys, SECRET, round_id)
    assert acme.state(round_id) is State.CLOSING


def test_a_round_nobody_answered_is_closed_like_any_other(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    acme.close(round_id)
    codes = ledger(acme.database, round_id).values()
    assert [code.value for code in codes if code.value is not None] == [0]  # participation: under half
