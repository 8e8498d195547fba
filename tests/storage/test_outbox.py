"""The outbox: nothing is lost, nothing is sent twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.database import database_time
from storage.outbox import (
    GIVE_UP_AFTER,
    LEASE,
    Letter,
    claim,
    count_waiting,
    forget,
    hold,
    mark_dropped,
    mark_failed,
    mark_sent,
    purge_round,
    put,
    retry_later,
    was_sent_before,
)
from storage.tables import OutboxMessage
from tests.support.organisation import TUESDAY, WEEK, Organisation, count
from tests.support.processes import claim_all, run_together

MINUTE = timedelta(minutes=1)


def letters(acme: Organisation, number: int, kind: str = "welcome", due_at: datetime = TUESDAY) -> list[Letter]:
    """So many different letters to the admin."""
    return [
        Letter(kind=f"{kind}{place}", member_id=acme.admin_id, due_at=due_at, pulse_id=acme.pulse_id)
        for place in range(number)
    ]


def send(acme: Organisation, *written: Letter) -> None:
    """Put letters into the outbox."""
    with acme.database.transaction() as session:
        put(session, acme.workspace_id, written)


def take(acme: Organisation, limit: int = 100, now: datetime = TUESDAY) -> list[OutboxMessage]:
    """Claim letters."""
    with acme.database.transaction() as session:
        return claim(session, now, limit)


def states(acme: Organisation) -> list[tuple[str, int]]:
    """State and number of attempts of each letter."""
    with acme.database.reading() as session:
        query = select(OutboxMessage).order_by(col(OutboxMessage.id))
        return [(message.state, message.attempts) for message in session.exec(query)]


def let_leases_run_out(acme: Organisation) -> None:
    """Make the database think that every lease was given long ago."""
    with acme.database.transaction() as session:
        for message in session.exec(select(OutboxMessage)):
            if message.leased_until is not None:
                message.leased_until -= timedelta(hours=1)


def test_the_same_letter_goes_in_once_however_often_it_is_put(acme: Organisation) -> None:
    letter = Letter(kind="invitation", member_id=acme.admin_id, due_at=TUESDAY)
    later = Letter(kind="invitation", member_id=acme.admin_id, due_at=TUESDAY + MINUTE)
    send(acme, letter, letter)
    send(acme, later)
    (message,) = take(acme)
    assert message.due_at == TUESDAY
    with acme.database.transaction() as session:
        mark_sent(session, message.id)
    send(acme, letter)
    assert states(acme) == [("sent", 1)]


def test_letters_about_different_things_are_different_letters(acme: Organisation) -> None:
    keys = {
        Letter(kind=kind, member_id=member, due_at=TUESDAY, round_id=round_, unit_id=unit, team_id=team).natural_key
        for kind in ("digest", "reminder")
        for member in (1, 11)
        for round_, unit, team in ((1, None, None), (None, 1, None), (None, None, 1), (1, 1, None), (11, None, None))
    }
    assert len(keys) == 2 * 2 * 5


def test_the_same_letter_to_two_workspaces_is_two_letters(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        session.execute(text("INSERT INTO workspace (id, slack_id, name) VALUES (99, 'T99', 'Other')"))
        for workspace_id in (acme.workspace_id, 99):
            put(session, workspace_id, letters(acme, 1))
    assert len(take(acme)) == 2


def test_letters_are_claimed_when_due_oldest_first_and_no_more_than_asked_for(acme: Organisation) -> None:
    due = [TUESDAY + minutes * MINUTE for minutes in (3, 1, 2, 9)]
    send(acme, *(letters(acme, 1, f"kind {place} ", moment)[0] for place, moment in enumerate(due)))
    assert take(acme, now=TUESDAY) == []
    assert [message.due_at for message in take(acme, 2, TUESDAY + 5 * MINUTE)] == [due[1], due[2]]
    assert [message.due_at for message in take(acme, 2, TUESDAY + 5 * MINUTE)] == [due[0]]
    assert take(acme, 2, TUESDAY + 5 * MINUTE) == []


def test_a_claimed_letter_is_nobody_elses_until_its_lease_runs_out(acme: Organisation) -> None:
    send(acme, *letters(acme, 1))
    (message,) = take(acme)
    assert message.attempts == 1
    assert take(acme) == []
    let_leases_run_out(acme)
    assert [message.attempts for message in take(acme)] == [2]


def test_leases_run_by_the_clock_of_the_database_whatever_the_scheduler_thinks(acme: Organisation) -> None:
    send(acme, *letters(acme, 1))
    with acme.database.transaction() as session:
        before = database_time(session)
        (message,) = claim(session, TUESDAY + timedelta(days=3650), 1)
        after = database_time(session)
    assert message.leased_until is not None
    assert before + LEASE <= message.leased_until <= after + LEASE
    assert take(acme, now=TUESDAY + timedelta(days=7300)) == []


def test_claims_in_threads_never_overlap(acme: Organisation) -> None:
    send(acme, *letters(acme, 60))

    def drain(_: int) -> list[int]:
        mine: list[int] = []
        while messages := take(acme, 4):
            mine += [message.id for message in messages]
        return mine

    with ThreadPoolExecutor(6) as pool:
        claimed = [message_id for mine in pool.map(drain, range(6)) for message_id in mine]
    assert len(claimed) == len(set(claimed)) == 60


def test_claims_in_processes_never_overlap(acme: Organisation, database_url: str, tmp_path: Path) -> None:
    send(acme, *letters(acme, 40))
    results = tmp_path / "claimed"
    results.mkdir()
    assert run_together(claim_all, [(database_url, results, TUESDAY)] * 4) == [0] * 4
    claimed = [message_id for file in results.iterdir() for message_id in file.read_text().split()]
    assert len(claimed) == len(set(claimed)) == 40
    assert {attempts for _, attempts in states(acme)} == {1}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_a_claim_does_not_wait_for_another_one(acme: Organisation) -> None:
    send(acme, *letters(acme, 4))
    with acme.database.transaction() as session:
        first = claim(session, TUESDAY, 2)
        with acme.database.transaction(wait=0.2) as other:
            second = claim(other, TUESDAY, 100)
    assert [message.id for message in [*first, *second]] == sorted({m.id for m in [*first, *second]})
    assert len(first) == len(second) == 2


@pytest.mark.parametrize(("end", "state"), [(mark_sent, "sent"), (mark_dropped, "dropped"), (mark_failed, "failed")])
def test_a_letter_that_has_ended_is_not_claimed_again(
    acme: Organisation, end: Callable[[Session, int], None], state: str
) -> None:
    send(acme, *letters(acme, 1))
    (message,) = take(acme)
    with acme.database.transaction() as session:
        end(session, message.id)
    let_leases_run_out(acme)
    assert take(acme) == []
    assert states(acme) == [(state, 1)]


def test_a_letter_tried_too_often_fails_for_good(acme: Organisation) -> None:
    send(acme, *letters(acme, 1))
    for attempt in range(GIVE_UP_AFTER):
        (message,) = take(acme)
        assert message.attempts == attempt + 1
        with acme.database.transaction() as session:
            retry_later(session, message.id, -MINUTE)
    assert take(acme) == []
    assert states(acme) == [("failed", GIVE_UP_AFTER)]


def test_a_letter_to_be_tried_later_rests_until_then(acme: Organisation) -> None:
    send(acme, *letters(acme, 1))
    (message,) = take(acme)
    with acme.database.transaction() as session:
        retry_later(session, message.id, 30 * MINUTE)
    assert take(acme) == []
    let_leases_run_out(acme)
    assert len(take(acme)) == 1


def test_letters_held_back_were_not_tried(acme: Organisation) -> None:
    send(acme, *letters(acme, 3))
    claimed = [message.id for message in take(acme)]
    with acme.database.transaction() as session:
        mark_sent(session, claimed[0])
        hold(session, claimed, MINUTE)
    assert states(acme) == [("sent", 1), ("waiting", 0), ("waiting", 0)]
    assert take(acme) == []
    let_leases_run_out(acme)
    assert [message.attempts for message in take(acme)] == [1, 1]


def test_a_letter_taken_back_meanwhile_is_not_tried_again(acme: Organisation) -> None:
    send(acme, *letters(acme, 1))
    (message,) = take(acme)
    with acme.database.transaction() as session:
        mark_dropped(session, message.id)
        retry_later(session, message.id, -MINUTE)
        retry_later(session, message.id + 1, -MINUTE)
    assert states(acme) == [("dropped", 1)]


def round_letters(acme: Organisation, round_id: int, kinds: Sequence[str]) -> list[Letter]:
    return [Letter(kind=kind, member_id=acme.admin_id, due_at=TUESDAY, round_id=round_id) for kind in kinds]


def test_a_forgotten_letter_can_be_put_in_again_and_others_stay(acme: Organisation) -> None:
    first, second = letters(acme, 2)
    send(acme, first, second)
    (message, _) = take(acme)
    with acme.database.transaction() as session:
        mark_sent(session, message.id)
        forget(session, message.id)
        forget(session, message.id)
    assert states(acme) == [("waiting", 1)]
    send(acme, first)
    assert [message.kind for message in take(acme)] == [first.kind]


def test_purging_a_round_deletes_its_letters_sent_or_not_and_no_others(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    send(acme, *round_letters(acme, round_id, ["invitation", "reminder", "digest"]), *letters(acme, 1))
    (first, *_) = take(acme, 1)
    with acme.database.transaction() as session:
        mark_sent(session, first.id)
        purge_round(session, round_id, ["invitation", "reminder"])
        assert set(session.exec(select(OutboxMessage.kind))) == {"digest", "welcome0"}
        mark_sent(session, first.id)
        assert count(session, OutboxMessage) == 2


def test_waiting_letters_are_counted_once_they_are_due(acme: Organisation) -> None:
    send(acme, *letters(acme, 3), *letters(acme, 1, "later", TUESDAY + MINUTE))
    take(acme, 1)
    with acme.database.transaction() as session:
        assert count_waiting(session, TUESDAY) == 3
        assert count_waiting(session, TUESDAY + MINUTE) == 4
        assert count_waiting(session, TUESDAY - MINUTE) == 0


def test_a_first_digest_is_told_from_later_ones(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    rounds = []
    for week in range(2):
        rounds.append(acme.open(TUESDAY + week * WEEK))
        acme.close(rounds[-1])
    send(
        acme,
        *(
            Letter(kind="digest", member_id=member, due_at=TUESDAY, round_id=round_id, unit_id=1)
            for round_id in rounds
            for member in vision.members[:2]
        ),
    )
    messages = take(acme)
    with acme.database.transaction() as session:
        assert not any(was_sent_before(session, message) for message in messages)
        mark_sent(session, messages[0].id)
        before = [was_sent_before(session, message) for message in messages]
    assert before == [False, False, True, False]
