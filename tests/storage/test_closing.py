"""Closing: durable steps, each of which can be cut short and taken again."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from storage.closing import begin_closing, code_round, discard, scrub, wipe_leftovers
from storage.database import Database
from storage.keys import KeyDirectory, KeyLost
from storage.outbox import Letter, put
from storage.rounds import due_steps
from storage.tables import OutboxMessage, Round
from surveys.release import Kind
from surveys.rounds import State, Step
from surveys.themes import themes
from tests.support.closing import SENTENCE, answered, invite, ledger
from tests.support.organisation import FRIDAY, SECRET, TUESDAY, Group, Organisation, count
from tests.support.processes import KILLED, MOMENTS, close, run_together
from tests.support.thief import found_in_files, sealed, slots, table_contents


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
