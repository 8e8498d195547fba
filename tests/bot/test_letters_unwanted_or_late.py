"""Delivery to people who do not want a message any more, and of messages that come too late."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.delivery import Delivery
from bot.messages import DIGEST, INVITATION, REMINDER
from storage import outbox
from storage.tables import Member, Membership, OutboxMessage, Round
from surveys.rounds import State
from tests.support.letters import VISION_IDS, change_member, deliver, outcomes, receivers
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, THURSDAY, TUESDAY, UNPACED, Stage

Unwanted = Callable[[Stage], None]


def opted_out(stage: Stage) -> None:
    """Kofi does not want to be asked."""
    change_member(stage, "U0KOFI", opted_out_on=TUESDAY.date())


def paused(stage: Stage) -> None:
    """Kofi is on a pause of his own until the end of the week."""
    change_member(stage, "U0KOFI", paused_until=FRIDAY.date())


def gone(stage: Stage) -> None:
    """Kofi has left the company, as the directory knows."""
    change_member(stage, "U0KOFI", active=False)


@pytest.mark.parametrize("happens", [opted_out, paused, gone])
def test_whoever_opted_out_paused_or_left_gets_neither_invitation_nor_reminder(due: Stage, happens: Unwanted) -> None:
    happens(due)
    assert deliver(due) == 8
    due.sandbox.clock.move_to(THURSDAY)
    assert deliver(due) == 8
    assert "U0KOFI" not in {receiver for receiver, _ in due.sent()}
    assert outcomes(due, INVITATION) == outcomes(due, REMINDER) == {"dropped": 1, "sent": 8}


def test_a_pause_that_is_over_keeps_nothing_back(due: Stage) -> None:
    change_member(due, "U0KOFI", paused_until=TUESDAY.date() - timedelta(days=1))
    assert deliver(due) == 9


def test_whoever_switched_reminders_off_is_invited_and_not_reminded(due: Stage) -> None:
    change_member(due, "U0KOFI", no_reminders_since=TUESDAY.date())
    assert deliver(due) == 9
    due.sandbox.clock.move_to(THURSDAY)
    assert deliver(due) == 8
    assert "U0KOFI" not in receivers(due, "closes")


@pytest.mark.parametrize("happens", [opted_out, gone])
def test_nobody_is_greeted_who_does_not_want_to_be_asked(greenroom: Stage, happens: Unwanted) -> None:
    greenroom.put_team()
    happens(greenroom)
    greenroom.at(TUESDAY - timedelta(hours=5))
    assert "U0KOFI" not in {receiver for receiver, _ in greenroom.sent()}
    assert greenroom.sent() != []


def test_nobody_is_greeted_who_has_left_the_team_meanwhile(greenroom: Stage) -> None:
    greenroom.put_team()
    with greenroom.murmur.database.transaction() as session:
        kofi = session.exec(select(Member).where(Member.slack_id == "U0KOFI")).one()
        session.execute(delete(Membership).where(col(Membership.member_id) == kofi.id))
    greenroom.at(TUESDAY - timedelta(hours=5))
    assert "U0KOFI" not in {receiver for receiver, _ in greenroom.sent()}


def test_a_manager_who_manages_no_more_gets_no_digest(due: Stage) -> None:
    due.at(FRIDAY)
    change_member(due, "U0SAM", active=False)
    due.at(NEXT_MONDAY)
    assert receivers(due, "digest") == ["U0DANA"]
    assert outcomes(due, DIGEST) == {"dropped": 1, "sent": 1}


def test_an_invitation_that_waited_too_long_is_dropped(due: Stage) -> None:
    due.sandbox.clock.move_to(FRIDAY)
    assert deliver(due) == 0
    assert outcomes(due, INVITATION) == {"dropped": 9}
    assert due.client.calls("chat.postMessage") == []


def test_a_round_that_was_thrown_away_invites_nobody(due: Stage) -> None:
    with due.murmur.database.transaction() as session:
        session.execute(update(Round).values(state=State.DISCARDED))
    assert deliver(due) == 0
    assert outcomes(due, INVITATION) == {"dropped": 9}


def at_home(stage: Stage, slack_id: str) -> ZoneInfo:
    """The time zone of somebody."""
    with stage.murmur.database.reading() as session:
        return ZoneInfo(session.exec(select(Member.timezone).where(Member.slack_id == slack_id)).one())


def test_what_came_due_while_murmur_was_down_waits_for_everybodys_own_working_hours(due_on_both: Stage) -> None:
    stage, delivery = due_on_both, Delivery(due_on_both.murmur, UNPACED)
    now = stage.murmur.clock()
    delivery.deliver()
    awake = {who for who in VISION_IDS if 9 <= now.astimezone(at_home(stage, who)).hour < 17}
    assert 0 < len(awake) < 9
    assert set(receivers(stage, "short questions")) == awake
    assert all(message.attempts == 0 for message in stage.outbox(INVITATION) if message.state == "waiting")
    got: dict[str, int] = dict.fromkeys(awake, 9)
    for hour in range(1, 24):
        stage.sandbox.clock.move_to(now + timedelta(hours=hour))
        before = set(receivers(stage, "short questions"))
        delivery.deliver()
        for who in set(receivers(stage, "short questions")) - before:
            got[who] = stage.murmur.clock().astimezone(at_home(stage, who)).hour
    assert got == dict.fromkeys(VISION_IDS, 9)
    assert receivers(stage, "short questions") == VISION_IDS


def test_a_message_that_is_on_time_goes_out_whatever_the_hour(due: Stage) -> None:
    with due.murmur.database.transaction() as session:
        invitations = update(OutboxMessage).where(col(OutboxMessage.kind) == INVITATION)
        session.execute(invitations.values(due_at=due.murmur.clock() - timedelta(minutes=59)))
    assert Delivery(due.murmur, UNPACED).deliver() == len(due.outbox(INVITATION)) == 9


def test_a_late_message_that_expires_before_anybody_works_again_is_never_sent(due: Stage) -> None:
    delivery, now = Delivery(due.murmur, UNPACED), due.murmur.clock()
    with due.murmur.database.transaction() as session:
        session.execute(update(OutboxMessage).values(expires_at=now + timedelta(minutes=30)))
    sent = delivery.deliver()
    assert 0 < sent < 9
    due.sandbox.clock.move_to(now + timedelta(days=1))
    assert delivery.deliver() == 0
    assert outcomes(due, INVITATION) == {"sent": sent, "dropped": 9 - sent}


def test_a_late_message_that_waits_is_neither_overdue_nor_claimed(due: Stage) -> None:
    delivery = Delivery(due.murmur, UNPACED)
    delivery.deliver()
    with due.murmur.database.transaction() as session:
        assert outbox.count_waiting(session, due.murmur.clock()) == 0
        assert outbox.claim(session, due.murmur.clock(), 20) == []
