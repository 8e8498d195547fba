"""Delivery while Slack puts off, fails or refuses: each message is sent later or given up, and none is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.delivery import Delivery, wait_after
from bot.jobs import call_off
from bot.messages import CALLED_OFF, DIGEST, INVITATION, REMINDER
from storage import outbox
from storage.ledger import write_codes
from storage.tables import OutboxMessage, Pulse, Round, RoundUnit, Unit
from surveys.release import Code, Kind, PeopleClass
from surveys.rounds import State
from tests.support.letters import VISION_IDS, deliver, held_for, let_leases_end, outcomes, receivers
from tests.support.running_murmur import FRIDAY, NEVER_LATE, NEXT_MONDAY, THURSDAY, TUESDAY, UNPACED, Stage

HANG_UP = "hang up after acting"


def test_when_slack_asks_for_a_break_everything_waits_as_long_and_nothing_is_lost(due_on_both: Stage) -> None:
    due_on_both.client.fault("429", method="chat.postMessage", seconds=77)
    assert deliver(due_on_both) == 0
    assert len(due_on_both.client.calls("chat.postMessage")) == 1
    assert outcomes(due_on_both, INVITATION) == {"waiting": 9}
    assert all(70 < seconds <= 77 for seconds in held_for(due_on_both))
    assert [message.attempts for message in due_on_both.outbox(INVITATION)] == [0] * 9  # a break is nobody's failure
    assert deliver(due_on_both) == 0
    assert len(due_on_both.client.calls("chat.postMessage")) == 1
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 9
    assert receivers(due_on_both, "short questions") == VISION_IDS


def test_a_break_in_the_middle_holds_only_what_is_not_posted(due: Stage) -> None:
    calls = 0

    def stop_after_three() -> bool:
        nonlocal calls
        calls += 1
        if calls == 4:
            due.client.fault("429", method="chat.postMessage", seconds=30)
        return False

    assert Delivery(due.murmur, UNPACED, late=NEVER_LATE).deliver(stop_after_three) == 2
    assert outcomes(due, INVITATION) == {"sent": 2, "waiting": 7}
    let_leases_end(due)
    assert deliver(due) == 7
    assert receivers(due, "short questions") == VISION_IDS


def test_slacks_own_limits_lose_nothing(due: Stage) -> None:
    """One message a second into a channel, four at once: nine people are nine channels, so all pass."""
    due.client.fault("429", method="chat.postMessage", seconds=1, times=5)
    for _ in range(6):
        deliver(due)
        let_leases_end(due)
    assert receivers(due, "short questions") == VISION_IDS


def test_a_reminder_that_slack_put_off_is_sent_later(due_on_both: Stage) -> None:
    deliver(due_on_both)
    due_on_both.sandbox.clock.move_to(THURSDAY)
    due_on_both.client.fault("429", method="chat.postMessage", seconds=60)
    assert deliver(due_on_both) == 0
    assert outcomes(due_on_both, REMINDER) == {"waiting": 9}
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 9
    assert receivers(due_on_both, "closes") == VISION_IDS


def test_server_errors_are_tried_again_after_growing_waits(due_on_both: Stage) -> None:
    waits = []
    for _ in range(4):
        due_on_both.client.fault("500", method="chat.postMessage", times=9)
        assert deliver(due_on_both) == 0
        waits.append(min(held_for(due_on_both)))
        let_leases_end(due_on_both)
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]
    assert deliver(due_on_both) == 9
    assert receivers(due_on_both, "short questions") == VISION_IDS


@pytest.mark.parametrize(
    "error", ["internal_error", "fatal_error", "token_revoked", "account_inactive", "some_new_error"]
)
def test_trouble_that_can_be_mended_is_tried_again(due: Stage, error: str) -> None:
    due.client.fault("error", method="chat.postMessage", error=error, times=9)
    assert deliver(due) == 0
    assert outcomes(due, INVITATION) == {"waiting": 9}
    let_leases_end(due)
    assert deliver(due) == 9


def test_waits_grow_to_ten_minutes_and_no_further() -> None:
    waits = [wait_after(attempt) for attempt in range(1, outbox.GIVE_UP_AFTER + 1)]
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=10)


def test_nothing_is_given_up_while_slack_is_down_for_a_day() -> None:
    tried_for = sum((wait_after(attempt) for attempt in range(1, outbox.GIVE_UP_AFTER)), timedelta())
    assert tried_for > timedelta(days=1)


def test_a_refused_connection_is_tried_again(due: Stage) -> None:
    client, there = due.murmur.client, due.murmur.client.base_url
    client.base_url = "http://127.0.0.1:9/api/"  # nobody listens on the discard port
    assert deliver(due) == 0
    assert outcomes(due, INVITATION) == {"waiting": 9}
    client.base_url = there
    let_leases_end(due)
    assert deliver(due) == 9
    assert receivers(due, "short questions") == VISION_IDS


@pytest.mark.parametrize("fault", [HANG_UP, "time out after acting"])
def test_an_invitation_that_slack_may_not_have_posted_is_sent_again(due: Stage, fault: str) -> None:
    due.murmur.client.timeout = 1
    due.client.fault(fault, method="chat.postMessage", seconds=2)
    assert deliver(due) == 8
    assert len(due.sent("short questions")) == 9  # Slack had posted it, and did not say so
    assert sorted(outcomes(due, INVITATION).items()) == [("sent", 8), ("waiting", 1)]
    let_leases_end(due)
    assert deliver(due) == 1
    assert len(due.sent("short questions")) == 10


@pytest.mark.parametrize("fault", [HANG_UP, "time out after acting"])
def test_a_reminder_that_slack_may_have_posted_is_never_sent_again(due: Stage, fault: str) -> None:
    deliver(due)
    due.sandbox.clock.move_to(THURSDAY)
    due.murmur.client.timeout = 1
    due.client.fault(fault, method="chat.postMessage", seconds=2)
    assert deliver(due) == 8
    let_leases_end(due)
    assert deliver(due) == 0
    assert receivers(due, "closes") == VISION_IDS


def test_a_digest_that_slack_may_not_have_posted_is_sent_again(due: Stage) -> None:
    due.at(FRIDAY)
    due.client.fault(HANG_UP, method="chat.postMessage")
    due.at(NEXT_MONDAY)
    let_leases_end(due)
    deliver(due)
    assert receivers(due, "digest") in (["U0DANA", "U0DANA", "U0SAM"], ["U0DANA", "U0SAM", "U0SAM"])
    assert outcomes(due, DIGEST) == {"sent": 2}


@pytest.mark.parametrize(
    "error", ["channel_not_found", "is_archived", "messages_tab_disabled", "user_disabled", "user_not_found"]
)
def test_a_message_that_can_never_be_posted_is_not_tried_again(due: Stage, error: str) -> None:
    due.client.fault("error", method="chat.postMessage", error=error)
    assert deliver(due) == 8
    assert outcomes(due, INVITATION) == {"failed": 1, "sent": 8}
    let_leases_end(due)
    assert deliver(due) == 0
    assert len(due.client.calls("chat.postMessage")) == 9


def test_that_a_round_was_called_off_is_forgotten_when_it_is_given_up(due: Stage) -> None:
    with due.murmur.database.transaction() as session:
        session.execute(
            update(OutboxMessage)
            .where(col(OutboxMessage.kind) == INVITATION)
            .values(state="sent", leased_until=None, attempts=1)
        )
    call_off(due.murmur, due.rounds()[0].id, TUESDAY)
    due.sandbox.clock.move_to(TUESDAY + timedelta(days=1))
    due.client.fault("500", method="chat.postMessage", times=None)

    def tried(times: int) -> list[str]:
        """What is left after another attempt."""
        with due.murmur.database.transaction() as session:
            session.execute(update(OutboxMessage).values(attempts=times - 1, leased_until=None))
        assert deliver(due) == 0
        return [message.state for message in due.outbox(CALLED_OFF)]

    assert tried(outbox.GIVE_UP_AFTER - 1) == ["waiting"] * 9
    assert tried(outbox.GIVE_UP_AFTER) == []


def tire(stage: Stage) -> None:
    """Write a year of codes into the ledger in which burnout is little at first and much in the end."""
    with stage.murmur.database.transaction() as session:
        pulse, unit = session.exec(select(Pulse)).one(), session.exec(select(Unit)).one()
        for week in range(40, 0, -1):
            closed = FRIDAY - timedelta(weeks=week)
            past = Round(
                pulse_id=pulse.id,
                state=State.PUBLISHED,
                opens_on=(closed - timedelta(days=3)).date(),
                opens_at=closed - timedelta(days=3),
                closes_at=closed,
                reminds_on=(closed - timedelta(days=1)).date(),
                item_ids=["burnout.drained"],
                key_name="destroyed",
            )
            session.add(past)
            session.flush()
            session.add(RoundUnit(round_id=past.id, unit_id=unit.id, roster=9, replaced=0))
            code = Code(
                kind=Kind.LEVEL,
                subject="burnout.drained",
                driver="burnout",
                people=PeopleClass.EIGHT,
                value=0 if week < 8 else 4 + week % 2,
            )
            session.flush()
            write_codes(session, round_id=past.id, unit_id=unit.id, closed_on=closed.date(), codes=[code])


def chart_blocks(stage: Stage, verdict: str) -> list[bool]:
    """Whether a chart was in each digest that Slack took or refused."""
    return [
        any(block["type"] == "data_visualization" for block in call["payload"]["blocks"])
        for call in stage.client.calls("chat.postMessage")
        if "digest" in call["payload"]["text"] and call["verdict"] == verdict
    ]


def test_a_digest_whose_chart_slack_does_not_know_yet_is_sent_without_it(due: Stage) -> None:
    tire(due)
    due.at(FRIDAY)
    due.client.fault("refuse block type", method="chat.postMessage", block_type="data_visualization")
    due.at(NEXT_MONDAY)
    assert chart_blocks(due, "invalid_blocks") == [True, True]
    assert chart_blocks(due, "ok") == [False, False]
    assert outcomes(due, DIGEST) == {"sent": 2}
    assert receivers(due, "digest") == ["U0DANA", "U0SAM"]


def test_a_digest_keeps_its_chart_where_slack_knows_it(due: Stage) -> None:
    tire(due)
    due.at(FRIDAY)
    due.at(NEXT_MONDAY)
    assert chart_blocks(due, "ok") == [True, True]
    assert chart_blocks(due, "invalid_blocks") == []


def test_a_message_that_slack_refuses_in_every_version_fails(due: Stage) -> None:
    due.client.fault("refuse block type", method="chat.postMessage", block_type="section", times=1)
    assert deliver(due) == 8
    assert outcomes(due, INVITATION) == {"failed": 1, "sent": 8}
