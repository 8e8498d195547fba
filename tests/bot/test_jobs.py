"""What Murmur does by itself: at the right moment for everybody, once, and whatever happened in between."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.app import create_murmur
from bot.delivery import Delivery
from bot.jobs import tick
from bot.messages import DEPARTMENT_DIGEST, DIGEST, INVITATION, REMINDER, WELCOME
from storage.ballots import Slot
from storage.closing import PERSONAL_KINDS
from storage.tables import (
    LedgerEntry,
    OutboxMessage,
    Pulse,
    RosterEntry,
    Round,
)
from surveys.rounds import State
from tests.support.jobs import answer, clocks, key_file, local_due, nonces
from tests.support.lantern import with_teams
from tests.support.running_murmur import (
    FRIDAY,
    MONDAY,
    NEVER_LATE,
    NEXT_MONDAY,
    OPENING,
    THURSDAY,
    TUESDAY,
    UNPACED,
    VISION,
    Stage,
    running_murmur,
)

WEEK = timedelta(weeks=1)


def test_a_round_is_planned_as_soon_as_a_team_is_set_up(greenroom: Stage) -> None:
    greenroom.put_team()
    (round_,) = greenroom.rounds()
    assert (round_.state, round_.opens_at, round_.closes_at) == (State.SCHEDULED, OPENING, FRIDAY)
    greenroom.tick()
    assert len(greenroom.rounds()) == 1


def test_nothing_opens_a_second_before_its_time(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING - timedelta(seconds=1))
    assert greenroom.states() == [State.SCHEDULED]
    greenroom.at(OPENING)
    assert greenroom.states() == [State.OPEN]


def test_everybody_is_invited_and_reminded_at_ten_on_their_own_clock(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(OPENING)
    assert clocks(backstage, INVITATION) == ["Tue 3 Mar 10:00"] * 9
    assert clocks(backstage, REMINDER) == ["Thu 5 Mar 10:00"] * 9


def test_everybody_gets_the_same_two_messages_about_a_round(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    per_person = Counter((m.member_id, m.kind) for m in greenroom.outbox() if m.round_id is not None)
    asked = {who for who, _ in per_person}
    assert per_person == Counter((who, kind) for who in asked for kind in (INVITATION, REMINDER))
    assert len(asked) == len(VISION)


def test_who_answered_changes_no_row_and_no_message(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)

    def rows() -> list[dict[str, object]]:
        return [message.model_dump() for message in greenroom.outbox()]

    before = rows()
    answer(greenroom, "U0PRIYA")
    answer(greenroom, "U0KOFI")
    assert rows() == before
    greenroom.at(THURSDAY)
    reminded = sorted(receiver for receiver, text in greenroom.sent("closes"))
    assert len(reminded) == len(set(reminded)) == 9


def test_readers_are_not_asked(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    greenroom.at(THURSDAY)
    assert {receiver for receiver, _ in greenroom.sent()} & {"U0DANA", "U0SAM"} == set()


def test_greetings_come_in_working_hours(greenroom: Stage) -> None:
    greenroom.put_team()
    for local in local_due(greenroom, WELCOME):
        assert local.weekday() < 5
        assert 9 <= local.hour < 17
    assert len(greenroom.outbox(WELCOME)) == 9


def test_a_round_closes_at_one_instant_and_is_published_at_once(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(OPENING)
    backstage.at(FRIDAY - timedelta(seconds=1))
    assert backstage.states() == [State.OPEN]
    backstage.at(FRIDAY)
    assert backstage.states() == [State.PUBLISHED, State.SCHEDULED]
    with backstage.murmur.database.reading() as session:
        assert session.exec(select(Slot)).all() == []
        assert {entry.subject for entry in session.exec(select(LedgerEntry))} >= set(backstage.rounds()[0].item_ids)
    assert [message for message in backstage.outbox() if message.kind in PERSONAL_KINDS] == []
    assert list(backstage.murmur.keys.path.glob("*")) == []


def test_each_manager_reads_the_digest_at_nine_on_their_own_monday(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.at(FRIDAY)
    assert clocks(greenroom, DIGEST) == ["Mon 9 Mar 09:00"] * 2
    greenroom.at(datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Europe/London")))
    assert [receiver for receiver, _ in greenroom.sent("digest")] == ["U0SAM"]
    greenroom.at(datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles")))
    assert [receiver for receiver, _ in greenroom.sent("digest")] == ["U0SAM", "U0DANA"]


def test_the_head_of_a_department_reads_on_their_own_monday_too(sqlite_url: str, tmp_path: Path) -> None:
    workspace = with_teams({"red": 8, "blue": 8})
    with running_murmur(sqlite_url, tmp_path, workspace=workspace, connect=False) as stage:
        for name in ("Red", "Blue"):
            stage.put_team(name, channel=name.lower(), managers=["Dana Ito"], part_of="Colours", leaders=["Sam Okoye"])
        stage.at(TUESDAY)
        stage.at(FRIDAY)
        assert clocks(stage, DEPARTMENT_DIGEST) == ["Mon 9 Mar 09:00"]
        stage.at(NEXT_MONDAY)
        assert Counter(receiver for receiver, _ in stage.sent("digest")) == {"U0DANA": 2, "U0SAM": 1}


def test_the_next_round_follows_a_week_later(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.at(FRIDAY)
    assert greenroom.rounds()[1].opens_at == OPENING + WEEK
    greenroom.at(OPENING + WEEK)
    assert greenroom.states() == [State.PUBLISHED, State.OPEN]
    assert set(greenroom.rounds()[0].item_ids) != set(greenroom.rounds()[1].item_ids)


def test_murmur_that_was_down_at_the_opening_opens_late_and_still_invites_in_working_hours(greenroom: Stage) -> None:
    greenroom.put_team()
    back = datetime(2026, 3, 4, 14, tzinfo=UTC)  # Wednesday afternoon
    greenroom.at(back)
    assert greenroom.rounds()[0].opens_at == back
    assert len(greenroom.outbox(INVITATION)) == 9
    for local in local_due(greenroom, INVITATION):
        assert 9 <= local.hour < 17
        assert date(2026, 3, 4) <= local.date() <= date(2026, 3, 5)
    due = {message.member_id: message.due_at for message in greenroom.outbox(INVITATION)}
    assert min(due.values()) == back
    for reminder in greenroom.outbox(REMINDER):  # not on the day of the invitation
        assert reminder.due_at > due[reminder.member_id] + timedelta(hours=12)


def test_murmur_that_was_down_until_the_last_day_invites_and_does_not_remind(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(datetime(2026, 3, 6, 9, tzinfo=UTC))
    assert greenroom.states() == [State.OPEN]
    assert greenroom.outbox(REMINDER) == []
    for message in greenroom.outbox(INVITATION):
        assert message.due_at < FRIDAY


def test_a_round_that_could_open_only_for_a_moment_is_left_out(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(FRIDAY - timedelta(hours=2))
    assert greenroom.states() == [State.DISCARDED]
    assert greenroom.outbox(INVITATION) == []
    greenroom.tick()
    assert greenroom.states() == [State.DISCARDED, State.SCHEDULED]
    assert greenroom.rounds()[1].opens_at == OPENING + WEEK


def test_murmur_that_was_down_for_weeks_asks_once_and_not_for_every_week(greenroom: Stage) -> None:
    greenroom.put_team()
    for _ in range(3):
        greenroom.at(OPENING + 5 * WEEK + timedelta(hours=1))
    assert [state for state in greenroom.states() if state is State.OPEN] == []
    greenroom.at(TUESDAY + 6 * WEEK)
    assert Counter(greenroom.states()) == {State.DISCARDED: 1, State.OPEN: 1}
    assert len(greenroom.outbox(INVITATION)) == 9


def test_murmur_that_was_down_at_the_close_counts_what_came_in_time(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.sandbox.clock.move_to(TUESDAY)
    for who in ("U0PRIYA", "U0TOMAS", "U0AMARA", "U0LINH", "U0JONAS", "U0FATIMA"):
        answer(greenroom, who)
    greenroom.at(FRIDAY + WEEK + timedelta(days=1))
    assert greenroom.states() == [State.PUBLISHED, State.SCHEDULED]
    with greenroom.murmur.database.reading() as session:
        released = [entry for entry in session.exec(select(LedgerEntry)) if entry.kind == "level"]
    assert len(released) == 4
    assert all(entry.value is not None for entry in released)
    assert {entry.closed_on for entry in released} == {FRIDAY.date()}
    assert greenroom.sent("closes") == []  # nobody is reminded of a round that is over


def test_a_paused_pulse_opens_nothing_and_lets_an_open_round_run_to_its_end(two_teams: Stage) -> None:
    def pause(name: str) -> None:
        with two_teams.murmur.database.transaction() as session:
            session.execute(update(Pulse).where(col(Pulse.name) == name).values(paused_on=MONDAY.date()))

    pause("Red")
    two_teams.at(TUESDAY)
    assert two_teams.states() == [State.SCHEDULED, State.OPEN]
    pause("Blue")
    two_teams.at(FRIDAY)
    assert two_teams.states()[1] == State.PUBLISHED
    two_teams.at(OPENING + WEEK + timedelta(hours=12))
    assert State.OPEN not in two_teams.states()


def test_a_team_that_is_too_small_is_not_asked_and_nothing_gets_stuck(greenroom: Stage) -> None:
    greenroom.put_team("Platform", channel="platform")
    greenroom.at(TUESDAY)
    assert greenroom.outbox(INVITATION) == []
    assert greenroom.outbox(WELCOME) == []
    greenroom.at(OPENING + WEEK)
    greenroom.at(FRIDAY + WEEK)
    assert greenroom.sent() == []


def test_a_round_that_is_stuck_holds_up_no_other_and_goes_on_once_it_can(two_teams: Stage) -> None:
    two_teams.at(TUESDAY)
    lost = key_file(two_teams, 0).rename(two_teams.murmur.keys.path.parent / "lost")
    two_teams.at(FRIDAY)
    assert two_teams.states()[:2] == [State.CLOSING, State.PUBLISHED]
    two_teams.at(NEXT_MONDAY)
    assert len(two_teams.sent("digest")) == 2
    lost.rename(key_file(two_teams, 0))
    two_teams.tick()
    assert two_teams.states()[:2] == [State.PUBLISHED, State.PUBLISHED]
    assert len(two_teams.sent("digest")) == 4


def test_a_round_that_cannot_open_holds_up_no_other(two_teams: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = two_teams.murmur.keys.create
    refused: list[bool] = []

    def disk_full_once(name: str) -> bytes:
        if not refused:
            refused.append(True)
            raise OSError("No space left on device")
        return real(name)

    monkeypatch.setattr(two_teams.murmur.keys, "create", disk_full_once)
    two_teams.at(TUESDAY)
    assert two_teams.states() == [State.SCHEDULED, State.OPEN]
    assert {receiver[:5] for receiver, _ in two_teams.sent("short")} == {"U1BLU"}
    two_teams.tick()
    assert two_teams.states() == [State.OPEN, State.OPEN]
    assert len(two_teams.sent("short")) == 16


def test_a_pulse_that_cannot_be_planned_holds_up_no_other(two_teams: Stage) -> None:
    two_teams.at(TUESDAY)
    with two_teams.murmur.database.transaction() as session:
        session.execute(update(Pulse).where(col(Pulse.name) == "Red").values(hour=99))
    two_teams.at(FRIDAY)
    two_teams.at(OPENING + WEEK + timedelta(hours=12))
    with two_teams.murmur.database.reading() as session:
        query = select(Round.state).join(Pulse).where(Pulse.name == "Blue").order_by(col(Round.id))
        assert session.exec(query).all() == [State.PUBLISHED, State.OPEN]


def together(stage: Stage, processes: int = 4) -> None:
    """Let several Murmurs with connections of their own tick and deliver at once."""
    barrier = threading.Barrier(processes)
    failures: list[BaseException] = []

    def work() -> None:
        murmur = create_murmur(stage.murmur.settings, stage.murmur.clock)
        try:
            barrier.wait(10)
            tick(murmur)
            Delivery(murmur, UNPACED, late=NEVER_LATE).deliver()
        except BaseException as error:  # noqa: BLE001 - for the assertion below
            failures.append(error)
        finally:
            murmur.database.dispose()

    threads = [threading.Thread(target=work) for _ in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_several_murmurs_on_one_database_double_nothing(backstage: Stage) -> None:
    backstage.put_team()
    for instant in (OPENING, TUESDAY, THURSDAY, FRIDAY, NEXT_MONDAY, OPENING + WEEK, TUESDAY + WEEK):
        backstage.sandbox.clock.move_to(instant)
        together(backstage)
        if instant == OPENING:
            with backstage.murmur.database.reading() as session:
                assert len(session.exec(select(Slot)).all()) == 9
                assert len(session.exec(select(RosterEntry)).all()) == 9
    assert backstage.states() == [State.PUBLISHED, State.OPEN]
    assert Counter(backstage.sent("Hello")).most_common(1)[0][1] == 1
    assert Counter(receiver for receiver, _ in backstage.sent("closes")).most_common(1)[0][1] == 1
    assert sorted(Counter(receiver for receiver, _ in backstage.sent("short")).values()) == [2] * 9
    assert sorted(receiver for receiver, _ in backstage.sent("digest")) == ["U0DANA", "U0SAM"]
    assert len(nonces(backstage)) == 1  # the loser of a race leaves no key behind
    with backstage.murmur.database.reading() as session:
        assert {message.state for message in session.exec(select(OutboxMessage))} <= {"sent", "waiting"}
