"""Delivery: whatever Slack, the network or a power cut do, each message arrives, and none arrives twice."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem
from sqlalchemy import update
from sqlmodel import col, select

from bot.app import create_murmur
from bot.delivery import PACE, PER_MINUTE, PER_SECOND, Delivery
from bot.messages import INVITATION, REMINDER, WELCOME
from bot.settings import Settings
from storage import outbox
from storage.outbox import Letter
from storage.people import Person as Somebody
from storage.people import save_people
from storage.tables import Member, OutboxMessage, Pulse
from tests.support.letters import VISION_IDS, deliver, held_for, let_leases_end, outcomes, receivers
from tests.support.processes import run_together
from tests.support.running_murmur import NEVER_LATE, THURSDAY, TUESDAY, UNPACED, Stage


def test_everybody_gets_what_is_due_once(due_on_both: Stage) -> None:
    assert deliver(due_on_both) == 9
    assert receivers(due_on_both, "short questions") == VISION_IDS
    assert outcomes(due_on_both, INVITATION) == {"sent": 9}
    assert deliver(due_on_both) == 0
    assert len(due_on_both.client.calls("chat.postMessage")) == 9


def test_what_is_not_due_yet_waits(due: Stage) -> None:
    deliver(due)
    assert outcomes(due, REMINDER) == {"waiting": 9}
    assert due.sent("closes") == []


def test_messages_neither_unfurl_links_nor_turn_names_into_mentions(due: Stage) -> None:
    deliver(due)
    for call in due.client.calls("chat.postMessage"):
        payload = call["payload"]
        assert payload["parse"] == "none"
        assert str(payload["unfurl_links"]).lower() in {"false", "0"}
        assert str(payload["unfurl_media"]).lower() in {"false", "0"}
        assert "metadata" not in payload


def test_two_deliveries_at_once_post_each_message_once(due_on_both: Stage) -> None:
    deliveries = [Delivery(due_on_both.murmur, UNPACED, late=NEVER_LATE) for _ in range(4)]
    counts: list[int] = []
    barrier = threading.Barrier(len(deliveries))

    def work(delivery: Delivery) -> None:
        barrier.wait(10)
        counts.append(delivery.deliver())

    threads = [threading.Thread(target=work, args=(delivery,)) for delivery in deliveries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 9
    assert receivers(due_on_both, "short questions") == VISION_IDS


def deliver_in_another_process(settings: Settings, now: datetime) -> None:
    """What another process does that shares the database."""
    Delivery(create_murmur(settings, lambda: now), UNPACED, late=NEVER_LATE).deliver()


def test_two_processes_at_once_post_each_message_once(due_on_both: Stage) -> None:
    put_many(due_on_both, 60)
    codes = run_together(deliver_in_another_process, [(due_on_both.murmur.settings, TUESDAY)] * 2)
    assert codes == [0, 0]
    assert receivers(due_on_both, "short questions") == VISION_IDS
    assert len(due_on_both.client.calls("chat.postMessage")) == len(due_on_both.outbox(INVITATION)) == 9
    assert outcomes(due_on_both, WELCOME) == {}  # forgotten: they may be wanted another time


def put_many(stage: Stage, count: int) -> None:
    """Put messages before the others that turn out not to be wanted: their receivers are on no team."""
    with stage.murmur.database.transaction() as session:
        pulse = session.exec(select(Pulse)).one()
        people = [
            Somebody(slack_id=f"U0X{number}", name=f"Person {number}", timezone="UTC", locale="en-US")
            for number in range(count)
        ]
        members = save_people(session, pulse.workspace_id, people)
        letters = [
            Letter(kind=WELCOME, member_id=member.id, pulse_id=pulse.id, due_at=TUESDAY - timedelta(hours=6))
            for member in members
        ]
        outbox.put(session, pulse.workspace_id, letters)


def test_the_pace_is_kept_in_every_second_and_every_minute() -> None:
    bucket = InMemoryBucket(list(PACE))
    admitted = [at for at in range(0, 180_000, 20) if bucket.put(RateItem("post", at))]
    for span, most in ((1_000, PER_SECOND), (60_000, PER_MINUTE)):
        assert max(sum(start <= at < start + span for at in admitted) for start in admitted) == most
    assert len(admitted) >= 3 * PER_MINUTE - PER_MINUTE // 10  # and no slower than that


def test_the_pace_is_slower_than_slack_allows() -> None:
    assert PER_MINUTE <= 300
    assert PER_SECOND * 60 >= PER_MINUTE


def test_a_delivery_keeps_its_pace_and_gives_back_what_it_may_not_post_yet(due: Stage) -> None:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 6  # once for the batch, once for each of four messages, and once more while it waits

    delivery = Delivery(due.murmur, [Rate(4, Duration.HOUR)], late=NEVER_LATE)
    assert delivery.deliver(stop) == 4
    assert outcomes(due, INVITATION) == {"sent": 4, "waiting": 5}
    assert sorted(message.attempts for message in due.outbox(INVITATION)) == [0] * 5 + [1] * 4
    let_leases_end(due)
    assert deliver(due) == 5
    assert receivers(due, "short questions") == VISION_IDS


def test_delivering_leaves_no_threads_behind(due: Stage) -> None:
    before = set(threading.enumerate())
    deliver(due)
    assert {thread for thread in threading.enumerate() if thread not in before and thread.is_alive()} == set()


def test_murmur_that_is_told_to_stop_posts_no_more_and_keeps_the_rest_for_later(due_on_both: Stage) -> None:
    answers = iter([False, False, False, True])
    assert Delivery(due_on_both.murmur, UNPACED, late=NEVER_LATE).deliver(lambda: next(answers, True)) == 2
    assert outcomes(due_on_both, INVITATION) == {"sent": 2, "waiting": 7}
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 7


def test_messages_held_too_long_are_given_back_before_their_lease_ends(due_on_both: Stage) -> None:
    moments = [0.0, 1.0, 2.0, outbox.LEASE.total_seconds() / 2]  # the claim, two messages, and a long wait

    def monotonic() -> float:
        return moments.pop(0) if len(moments) > 1 else moments[0]

    def stop() -> bool:
        return outcomes(due_on_both, INVITATION).get("sent") == 2 and len(moments) == 1 and held_for(due_on_both)[0] < 1

    assert Delivery(due_on_both.murmur, UNPACED, monotonic, NEVER_LATE).deliver(stop) == 2
    given_back = [message for message in due_on_both.outbox(INVITATION) if message.state == "waiting"]
    assert [message.attempts for message in given_back] == [0] * 7
    assert deliver(due_on_both) == 7
    assert receivers(due_on_both, "short questions") == VISION_IDS


class PowerCut(BaseException):
    """The process ends here."""


def test_a_process_that_dies_with_messages_in_its_hands_holds_them_for_the_length_of_a_lease(
    due_on_both: Stage,
) -> None:
    with due_on_both.murmur.database.transaction() as session:
        assert len(outbox.claim(session, TUESDAY, 20)) == 9
    assert deliver(due_on_both) == 0
    assert all(0 < seconds <= outbox.LEASE.total_seconds() for seconds in held_for(due_on_both))
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 9
    assert receivers(due_on_both, "short questions") == VISION_IDS


def die_after_posting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliver, and end right after the first message was posted."""
    real = stage.murmur.client.chat_postMessage

    def post_and_die(**arguments: object) -> None:
        real(**arguments)  # type: ignore[arg-type]
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(stage.murmur.client, "chat_postMessage", post_and_die)
        with pytest.raises(PowerCut):
            deliver(stage)


def test_an_invitation_posted_just_before_a_power_cut_is_sent_again(
    due_on_both: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_after_posting(due_on_both, monkeypatch)
    assert deliver(due_on_both) == 0
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 9
    assert set(receivers(due_on_both, "short questions")) == set(VISION_IDS)
    assert len(due_on_both.sent("short questions")) == 10


def test_a_reminder_posted_just_before_a_power_cut_is_not_sent_again(
    due_on_both: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(due_on_both)
    due_on_both.sandbox.clock.move_to(THURSDAY)
    die_after_posting(due_on_both, monkeypatch)
    let_leases_end(due_on_both)
    assert deliver(due_on_both) == 8
    assert receivers(due_on_both, "closes") == VISION_IDS


def test_a_message_that_cannot_be_made_holds_up_no_other(greenroom: Stage) -> None:
    greenroom.put_team()
    with greenroom.murmur.database.transaction() as session:
        kofi = session.exec(select(Member).where(Member.slack_id == "U0KOFI")).one()
        session.execute(
            update(OutboxMessage)
            .where(col(OutboxMessage.member_id) == kofi.id)
            .values(kind="of a later version", due_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
    greenroom.at(TUESDAY - timedelta(hours=5))
    assert receivers(greenroom, "Hello") == [slack_id for slack_id in VISION_IDS if slack_id != "U0KOFI"]
    assert outcomes(greenroom, "of a later version") == {"waiting": 1}
    assert min(held_for(greenroom, "of a later version")) > 0  # it is tried again later, not at once


def test_what_is_waiting_when_slack_comes_back_goes_out_oldest_first(due: Stage) -> None:
    due.client.fault("500", method="chat.postMessage", times=9)
    deliver(due)
    let_leases_end(due)
    deliver(due)
    order = [receiver for receiver, _ in due.sent("short questions")]
    assert order == by_due_time(due, order)


def by_due_time(stage: Stage, slack_ids: Sequence[str]) -> list[str]:
    """These people in the order in which their invitations were due."""
    with stage.murmur.database.reading() as session:
        query = (
            select(Member.slack_id)
            .join(OutboxMessage, col(OutboxMessage.member_id) == Member.id)
            .where(OutboxMessage.kind == INVITATION, col(Member.slack_id).in_(slack_ids))
            .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
        )
        return list(session.exec(query))


def test_the_key_directory_plays_no_part_in_delivering(due: Stage, tmp_path: Path) -> None:
    for nonce in (tmp_path / "keys").glob("*"):
        nonce.unlink()
    assert deliver(due) == 9
