"""Closing: durable steps, each of which can be cut short and taken again."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from storage import closing
from storage.ballots import WrongKey
from storage.closing import begin_closing, code_round, discard, finish_discarding, scrub, throw_away, wipe_leftovers
from storage.database import Database
from storage.keys import KeyDirectory, KeyLost
from storage.ledger import history
from storage.outbox import Letter, put
from storage.questions import known_items
from storage.rounds import due_steps
from storage.tables import LedgerEntry, OutboxMessage, Round, RoundUnit
from storage.verification import verify
from storage.verification.findings import Verdict
from surveys.release import FLOOR, Code, Kind
from surveys.rounds import State, Step
from surveys.scoring import code_unit
from surveys.themes import themes
from tests.support.organisation import FRIDAY, SECRET, TUESDAY, Group, Organisation, count
from tests.support.processes import KILLED, MOMENTS, close, code, run_together
from tests.support.thief import found_in_files, sealed, slots, table_contents

SENTENCE = "The quick brown fox of the training cluster."


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    return Organisation(database, keys)


@pytest.fixture
def vision(acme: Organisation) -> Group:
    return acme.team("Vision", 9)


def answered(acme: Organisation, members: list[int]) -> int:
    """An open round in which these members have answered and commented."""
    round_id = acme.open()
    for place, member in enumerate(members):
        acme.answer(round_id, member, place % 4 + 1, SENTENCE)
    return round_id


def ledger(database: Database, round_id: int) -> dict[tuple[int, str], Code]:
    """The codes of a round by unit and subject."""
    with database.reading() as session:
        units = session.exec(select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)).all()
        published = [p for p in history(session, list(units)) if p.round_id == round_id]
    return {(p.unit_id, p.code.subject): p.code for p in published}


def finish(acme: Organisation, round_id: int) -> None:
    """What a scheduler that has just been started does for the round, up to publishing."""
    take: dict[Step, Callable[[], object]] = {
        Step.BEGIN_CLOSING: lambda: begin_closing(acme.database, round_id),
        Step.CODE: lambda: code_round(acme.database, acme.keys, SECRET, round_id),
        Step.SCRUB: lambda: scrub(acme.database, acme.keys, round_id),
    }
    while True:
        with acme.database.reading() as session:
            ((_, step),) = due_steps(session, FRIDAY)
        if step is Step.PUBLISH:
            return
        take[step]()


def invite(acme: Organisation, round_id: int, members: list[int]) -> None:
    """Put an invitation and a reminder for everybody into the outbox."""
    with acme.database.transaction() as session:
        letters = [
            Letter(kind=kind, member_id=member, due_at=TUESDAY, round_id=round_id)
            for member in members
            for kind in closing.PERSONAL_KINDS
        ]
        put(session, acme.workspace_id, letters)


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


def test_after_closing_there_is_no_slot_no_key_and_no_letter_to_anybody(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    invite(acme, round_id, vision.members)
    acme.close(round_id)
    assert slots(acme.database) == []
    assert list(acme.keys.path.iterdir()) == []
    with acme.database.reading() as session:
        assert count(session, OutboxMessage) == 0
        assert acme.state(round_id) is State.PUBLISHED


def test_letters_of_other_rounds_and_of_other_kinds_stay(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    with acme.database.transaction() as session:
        put(
            session,
            acme.workspace_id,
            [
                Letter(kind="digest", member_id=acme.admin_id, due_at=TUESDAY, round_id=round_id, unit_id=1),
                Letter(kind="welcome", member_id=vision.members[0], due_at=TUESDAY, pulse_id=acme.pulse_id),
            ],
        )
    invite(acme, round_id, vision.members)
    acme.close(round_id)
    with acme.database.reading() as session:
        assert set(session.exec(select(OutboxMessage.kind))) == {"digest", "welcome"}


def test_nothing_per_person_is_left_but_directory_and_roster(acme: Organisation, vision: Group) -> None:
    before = {name: len(rows) for name, rows in table_contents(acme.database).items()}
    round_id = answered(acme, vision.members)
    invite(acme, round_id, vision.members)
    acme.close(round_id)
    after = {name: len(rows) for name, rows in table_contents(acme.database).items()}
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    codes = len(acme.round(round_id).item_ids) + 2 + len(themes())
    assert grown == {
        "round": 1,
        "roundunit": 1,
        "unit": 1,
        "rosterperiod": 1,
        "periodunit": 1,
        "rosterentry": 9,
        "ledgerentry": codes,
    }


def test_nothing_sealed_and_nothing_written_is_left_in_the_files_of_sqlite(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    secrets = [SENTENCE.encode(), acme.keys.read(acme.round(round_id).key_name)]
    for member in vision.members:
        acme.answer(round_id, member, 3, SENTENCE)
        secrets += [part for slot in slots(acme.database) for part in (slot.id, slot.sealed[12:60])]
    if acme.database.is_sqlite:
        assert len(found_in_files(acme.database, secrets)) > len(vision.members)
    acme.close(round_id)
    plain = secrets[:2]
    assert found_in_files(acme.database, secrets if acme.database.is_sqlite else plain) == set()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_killed_while_closing_is_made_up_for_by_the_next_one(
    acme: Organisation, vision: Group, database_url: str, moment: str
) -> None:
    round_id = answered(acme, vision.members)
    invite(acme, round_id, vision.members)
    stolen = list(sealed(acme.database).values())
    name = acme.round(round_id).key_name
    assert run_together(close, [(database_url, acme.keys.path, round_id, moment)]) == [KILLED]
    assert acme.state(round_id) is not State.SCRUBBED

    finish(acme, round_id)

    assert acme.state(round_id) is State.SCRUBBED
    with pytest.raises(KeyLost):
        acme.keys.read(name)
    assert list(acme.keys.path.iterdir()) == []
    assert slots(acme.database) == []
    codes = ledger(acme.database, round_id)
    assert len(codes) == len(acme.round(round_id).item_ids) + 2 + len(themes())
    assert all(code.value is not None for code in codes.values() if code.kind is Kind.LEVEL)
    with acme.database.reading() as session:
        assert count(session, OutboxMessage) == 0
    secrets = [SENTENCE.encode(), *(stolen if acme.database.is_sqlite else [])]
    assert found_in_files(acme.database, secrets) == set()


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


def test_every_step_taken_twice_is_taken_once(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    for _ in range(2):
        begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    codes = ledger(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    begin_closing(acme.database, round_id)
    assert acme.state(round_id) is State.CLOSED
    assert scrub(acme.database, acme.keys, round_id)
    assert scrub(acme.database, acme.keys, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    assert acme.state(round_id) is State.SCRUBBED
    assert ledger(acme.database, round_id) == codes


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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_leftovers_are_not_wiped_while_somebody_reads_and_are_afterwards(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    with acme.database.reading() as session:
        session.exec(select(Round)).all()
        assert not scrub(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.CLOSED
    assert scrub(acme.database, acme.keys, round_id)
    assert acme.state(round_id) is State.SCRUBBED


def test_wiping_leaves_the_ballots_of_other_rounds_alone(acme: Organisation, vision: Group) -> None:
    other = acme.pulse("Another pulse")
    search = acme.team("Search", 9, pulse_id=other)
    closing_round, open_round_ = answered(acme, vision.members), acme.open(pulse_id=other)
    acme.answer(open_round_, search.members[0], 3)
    before = {slot.id for slot in slots(acme.database) if slot.round_id == open_round_}
    acme.close(closing_round)
    assert {slot.id for slot in slots(acme.database)} == before
    acme.answer(open_round_, search.members[1], 3)
    assert acme.state(open_round_) is State.OPEN
    assert wipe_leftovers(acme.database)


def test_a_round_nobody_answered_is_closed_like_any_other(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    acme.close(round_id)
    codes = ledger(acme.database, round_id).values()
    assert [code.value for code in codes if code.value is not None] == [0]  # participation: under half


def test_what_happens_next_does_not_depend_on_the_hour(acme: Organisation, vision: Group) -> None:
    round_id = answered(acme, vision.members)
    begin_closing(acme.database, round_id)
    with acme.database.reading() as session:
        for now in (TUESDAY - timedelta(days=365), FRIDAY + timedelta(days=365)):
            assert due_steps(session, now) == [(round_id, Step.CODE)]


@pytest.mark.parametrize("step", ["closed", "called off"])
def test_how_many_ballots_were_sent_leaves_no_trace_in_the_files_of_sqlite(
    sqlite_template: Path, tmp_path: Path, step: str
) -> None:
    traces = []
    for ballots in (0, 1, 200):
        folder = tmp_path / str(ballots)
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "murmur.db")
        acme = Organisation(Database(f"sqlite:///{folder}/murmur.db"), KeyDirectory(tmp_path / f"keys {ballots}"))
        members, round_id = acme.team("Vision", 9).members, acme.open()
        for number in range(ballots):
            acme.answer(round_id, members[number % 9], 3)
        counting = (folder / "murmur.db-wal").read_bytes()[12:16], (folder / "murmur.db-wal").stat().st_size
        if step == "closed":
            acme.close(round_id, publish=False)
        else:
            assert discard(acme.database, acme.keys, round_id)
        with acme.database.transaction() as session:  # life goes on, and the connections of the pool stay open
            session.get_one(Round, round_id).reminds_on = date(2026, 3, 4)
        there = {
            # The first bytes of the log count how often it began anew; its salt, which follows, is random.
            file.name: (file.stat().st_size, file.read_bytes()[:16] if file.name.endswith("-wal") else b"")
            for file in sorted(folder.iterdir())
        }
        header = (folder / "murmur.db").read_bytes()[16:100]  # page count, free pages, change counters
        index = (folder / "murmur.db-shm").read_bytes()[8:12]  # how many transactions were written
        traces.append((there, header, index))
        if ballots == 200:
            assert counting[0] != bytes(4)  # it did tell while the round was open
        acme.database.dispose()
    assert traces[0] == traces[1] == traces[2]
