"""When anything is due next, read from the database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.demo.due import next_letter, next_step
from storage.database import Database
from storage.keys import KeyDirectory
from storage.outbox import Letter, claim, mark_sent, put
from storage.pulses import pause
from storage.rounds import schedule_next
from storage.tables import OutboxMessage, Pulse, Round
from tests.support.organisation import FRIDAY, MONDAY, TUESDAY, Organisation

Moments = tuple[datetime | None, datetime | None]


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    """An organisation with one team."""
    acme = Organisation(database, keys)
    acme.team("Vision", 9)
    return acme


def due(acme: Organisation, after: datetime) -> Moments:
    """The next step and the next message."""
    with acme.database.reading() as session:
        return next_step(session, after), next_letter(session, after)


def test_nothing_is_due_where_nothing_is_planned(acme: Organisation) -> None:
    assert due(acme, MONDAY) == (None, None)


def test_a_scheduled_round_is_due_when_it_opens(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        schedule_next(session, session.get_one(Pulse, acme.pulse_id), MONDAY)
    assert due(acme, MONDAY) == (TUESDAY, None)
    assert due(acme, TUESDAY) == (None, None)


def test_an_open_round_is_due_when_it_closes(acme: Organisation) -> None:
    acme.open()
    assert due(acme, TUESDAY) == (FRIDAY, None)


def test_a_finished_round_is_never_due(acme: Organisation) -> None:
    acme.close(acme.open())
    assert due(acme, MONDAY) == (None, None)


def test_a_round_of_a_paused_pulse_is_due_when_it_can_only_be_skipped(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        schedule_next(session, pulse, MONDAY)
        pause(session, pulse, MONDAY.date())
    with acme.database.reading() as session:
        closes_at = session.get_one(Round, 1).closes_at
    assert due(acme, MONDAY) == (closes_at, None)


def test_of_several_pulses_the_first_counts(acme: Organisation) -> None:
    other = acme.pulse("Another pulse")
    acme.team("Language", 9, pulse_id=other)
    acme.open()
    acme.open(TUESDAY - timedelta(days=7), pulse_id=other)
    assert due(acme, MONDAY - timedelta(days=7)) == (FRIDAY - timedelta(days=7), None)


def test_messages_are_due_until_they_are_sent(acme: Organisation) -> None:
    moments = [datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (9, 11)]
    with acme.database.transaction() as session:
        letters = [Letter(kind="welcome", member_id=2 + n, due_at=at) for n, at in enumerate(moments)]
        put(session, acme.workspace_id, letters)
    assert due(acme, MONDAY) == (None, moments[0])
    assert due(acme, moments[0]) == (None, moments[1])
    with acme.database.transaction() as session:
        for message in claim(session, moments[1], 10):
            mark_sent(session, message.id)
    assert due(acme, MONDAY) == (None, None)


def test_a_message_that_waits_for_the_morning_is_due_in_the_morning(acme: Organisation) -> None:
    evening, morning = datetime(2026, 3, 3, 20, tzinfo=UTC), datetime(2026, 3, 4, 8, tzinfo=UTC)
    with acme.database.transaction() as session:
        put(session, acme.workspace_id, [Letter(kind="welcome", member_id=2, due_at=evening)])
    with acme.database.transaction() as session:
        session.exec(select(OutboxMessage)).one().not_before = morning
    assert due(acme, evening) == (None, morning)
