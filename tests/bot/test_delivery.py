"""Delivery: whatever Slack, the network or a power cut do, each message arrives, and none arrives twice."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.app import create_murmur
from bot.delivery import PACE, PER_MINUTE, PER_SECOND, Delivery, wait_after
from bot.jobs import call_off, tick
from bot.messages import CALLED_OFF, DIGEST, INVITATION, REMINDER, WELCOME
from bot.settings import Settings
from storage import outbox
from storage.database import database_time
from storage.ledger import write_codes
from storage.outbox import Letter
from storage.people import Person as Somebody
from storage.people import save_people
from storage.tables import Member, Membership, OutboxMessage, Pulse, Round, RoundUnit, Unit
from surveys.release import Code, Kind, PeopleClass
from surveys.rounds import State
from tests.support.processes import run_together
from tests.support.running_murmur import FRIDAY, NEVER_LATE, NEXT_MONDAY, OPENING, THURSDAY, TUESDAY, UNPACED, Stage

HANG_UP = "hang up after acting"


@pytest.fixture
def due(greenroom: Stage) -> Stage:
    """Nine invitations that are due and were not tried yet."""
    return invite(greenroom)


@pytest.fixture
def due_on_both(backstage: Stage) -> Stage:
    """The same on either database, for what depends on how it claims messages."""
    return invite(backstage)


def invite(stage: Stage) -> Stage:
    """Open a round, and let the time of everybody's invitation come without delivering any."""
    stage.put_team()
    stage.sandbox.clock.move_to(OPENING)
    tick(stage.murmur)
    with stage.murmur.database.transaction() as session:
        session.execute(delete(OutboxMessage).where(col(OutboxMessage.kind) == WELCOME))
    stage.sandbox.clock.move_to(TUESDAY)
    return stage


def deliver(stage: Stage) -> int:
    """Deliver what is due, without pacing."""
    return Delivery(stage.murmur, UNPACED, late=NEVER_LATE).deliver()


def let_leases_end(stage: Stage) -> None:
    """Let so much time pass that no lease holds any more."""
    with stage.murmur.database.transaction() as session:
        session.execute(update(OutboxMessage).values(leased_until=datetime(2020, 1, 1, tzinfo=UTC)))


def held_for(stage: Stage, kind: str = INVITATION) -> list[float]:
    """For how many seconds from now, by the database's clock, each message of a kind that waits is held."""
    with stage.murmur.database.reading() as session:
        now = database_time(session)
    waiting = [message for message in stage.outbox(kind) if message.state == "waiting"]
    return [(message.leased_until - now).total_seconds() for message in waiting if message.leased_until]


def outcomes(stage: Stage, kind: str) -> dict[str, int]:
    """How many messages of a kind ended how."""
    found: dict[str, int] = {}
    for message in stage.outbox(kind):
        found[message.state] = found.get(message.state, 0) + 1
    return found


def receivers(stage: Stage, words: str) -> list[str]:
    """Who has been posted a message with these words, once each time, in order of their ids."""
    return sorted(receiver for receiver, text in stage.sent(words))


def change_member(stage: Stage, slack_id: str, **values: object) -> None:
    """Change what the directory says of somebody."""
    with stage.murmur.database.transaction() as session:
        session.execute(update(Member).where(col(Member.slack_id) == slack_id).values(**values))


VISION_IDS = sorted(["U0PRIYA", "U0TOMAS", "U0AMARA", "U0LINH", "U0JONAS", "U0FATIMA", "U0KOFI", "U0ELIF", "U0WILL"])


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
