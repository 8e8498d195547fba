"""The clockwork: it wakes the jobs, survives their failures, and notices when it has overslept."""

import threading
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import jobs, scheduling
from bot.app import create_murmur
from bot.murmur import Murmur
from bot.scheduling import Clockwork, tick_once
from storage.tables import Member, OutboxMessage
from surveys.rounds import State
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, OPENING, TUESDAY, Stage

NEVER = 10_000.0
"""Seconds between ticks, so that none comes by itself during a test."""

PATIENCE = 10.0
"""Real seconds after which a test that waits for something has failed."""


class Stopwatch:
    """Real seconds, as far as a clockwork knows."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ticked(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Can be taken once for each tick that is over, whatever came of it."""
    done, real = threading.Semaphore(0), jobs.tick

    def tick(*arguments: object) -> None:
        try:
            real(*arguments)  # type: ignore[arg-type]
        finally:
            done.release()

    monkeypatch.setattr(scheduling, "tick", tick)
    return done


def test_one_tick_takes_what_is_due_and_delivers_it(greenroom: Stage) -> None:
    greenroom.put_team()
    assert tick_once(greenroom.murmur) == 5
    assert len(greenroom.sent("Hello")) == 5
    assert tick_once(greenroom.murmur) == 0


def test_a_clockwork_opens_rounds_and_delivers_by_itself(greenroom: Stage) -> None:
    greenroom.put_team()
    with Clockwork(greenroom.murmur, tick_seconds=0.05):
        priya = greenroom.person("Priya")
        priya.wait_for_message("Hello")
        greenroom.sandbox.clock.move_to(TUESDAY)
        priya.wait_for_message("Answer or change")
    assert greenroom.states() == [State.OPEN]


def test_a_clockwork_that_is_left_stops_and_leaves_no_thread(greenroom: Stage) -> None:
    before = set(threading.enumerate())
    with Clockwork(greenroom.murmur, tick_seconds=0.05):
        assert set(threading.enumerate()) > before
    assert set(threading.enumerate()) <= before


def test_the_directory_is_refreshed_when_murmur_starts(greenroom: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    greenroom.put_team()
    greenroom.client.change("person_changes", person="Priya", real_name="Priya Iyer")
    real, refreshed = jobs.refresh_directory, threading.Event()

    def refresh(murmur: Murmur) -> None:
        real(murmur)
        refreshed.set()

    monkeypatch.setattr(scheduling, "refresh_directory", refresh)
    with Clockwork(greenroom.murmur, tick_seconds=NEVER):
        assert refreshed.wait(PATIENCE)
    with greenroom.murmur.database.reading() as session:
        assert session.exec(select(Member.name).where(Member.slack_id == "U0PRIYA")).one() == "Priya Iyer"


def long_over(stage: Stage) -> None:
    """Put a digest into the outbox that was sent long ago, and a later one."""
    digests = [
        OutboxMessage(
            workspace_id=1, kind="digest", natural_key=str(days), member_id=1, due_at=TUESDAY - timedelta(days=days)
        )
        for days in (700, 90)
    ]
    with stage.murmur.database.transaction() as session:
        for digest in digests:
            digest.state = "sent"
            session.add(digest)


@pytest.mark.parametrize("by", ["clockwork", "tick"])
def test_what_has_been_kept_for_its_time_goes_by_itself(
    greenroom: Stage, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    greenroom.put_team()
    greenroom.sandbox.clock.move_to(TUESDAY)
    long_over(greenroom)
    real, done = scheduling.retain, threading.Event()

    def retain(murmur: Murmur) -> None:
        real(murmur)
        done.set()

    monkeypatch.setattr(scheduling, "retain", retain)
    if by == "tick":
        tick_once(greenroom.murmur)
    else:
        with Clockwork(greenroom.murmur, tick_seconds=NEVER):
            assert done.wait(PATIENCE)
    assert [message.natural_key for message in greenroom.outbox("digest")] == ["90"]


def test_a_digest_whose_row_is_gone_is_not_sent_again(greenroom: Stage) -> None:
    greenroom.put_team()
    for week in range(3):
        for instant in (OPENING, FRIDAY, NEXT_MONDAY):
            greenroom.at(instant + timedelta(weeks=week))
    sent = greenroom.sent("digest")
    assert len(sent) == 6
    greenroom.sandbox.clock.move_to(NEXT_MONDAY + timedelta(weeks=30))
    scheduling.retain(greenroom.murmur)
    assert len([message for message in greenroom.outbox("digest") if message.round_id in (1, 2)]) == 0
    for _ in range(3):
        greenroom.tick()
    assert greenroom.sent("digest") == sent
    assert Counter(greenroom.sent("Hello")).most_common(1)[0][1] == 1


def test_a_clockwork_is_late_after_three_intervals_without_a_tick(greenroom: Stage) -> None:
    stopwatch = Stopwatch()
    clockwork = Clockwork(greenroom.murmur, tick_seconds=10, monotonic=stopwatch)
    stopwatch.seconds += 29
    assert not clockwork.late()
    stopwatch.seconds += 1
    assert clockwork.late()
    clockwork.tick()
    assert not clockwork.late()


def test_a_tick_that_fails_is_a_tick(greenroom: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(scheduling, "tick", fail)
    stopwatch = Stopwatch()
    clockwork = Clockwork(greenroom.murmur, tick_seconds=10, monotonic=stopwatch)
    stopwatch.seconds += 30
    with pytest.raises(ConnectionError):
        clockwork.tick()
    assert not clockwork.late()


def test_a_clock_that_was_set_back_stops_nothing(greenroom: Stage, ticked: threading.Semaphore) -> None:
    """A scheduler whose next run lies hours ahead is one whose wall clock was set back by hours."""
    greenroom.put_team()
    stopwatch = Stopwatch()
    with Clockwork(greenroom.murmur, tick_seconds=NEVER, monotonic=stopwatch) as clockwork:
        clockwork.catch_up()
        assert not ticked.acquire(timeout=0.2)
        stopwatch.seconds += 3 * NEVER
        clockwork.catch_up()
        assert ticked.acquire(timeout=PATIENCE)
        greenroom.person("Priya").wait_for_message("Hello")  # delivering goes on as well


def test_the_watchdog_looks_by_itself(greenroom: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    monkeypatch.setattr(Clockwork, "catch_up", lambda _: looked.set())
    with Clockwork(greenroom.murmur, tick_seconds=0.05):
        assert looked.wait(PATIENCE)


def test_a_failing_tick_stops_neither_later_ticks_nor_deliveries(
    greenroom: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    greenroom.put_team()
    real, failures = jobs.tick, [ConnectionError("the database is gone")] * 3

    def fail_at_first(*arguments: object) -> None:
        if failures:
            raise failures.pop()
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(scheduling, "tick", fail_at_first)
    greenroom.sandbox.clock.move_to(TUESDAY)
    with Clockwork(greenroom.murmur, tick_seconds=0.05):
        greenroom.person("Priya").wait_for_message("Answer or change")
    assert failures == []
    assert greenroom.states() == [State.OPEN]


def test_two_clockworks_on_one_database_double_nothing(backstage: Stage) -> None:
    backstage.put_team()
    backstage.sandbox.clock.move_to(TUESDAY)
    with ExitStack() as stack:
        for _ in range(2):
            murmur = create_murmur(backstage.murmur.settings, backstage.murmur.clock)
            stack.callback(murmur.database.dispose)
            stack.enter_context(Clockwork(murmur, tick_seconds=0.05))
        for who in ("Priya", "Tomás", "Amara", "Kofi"):
            backstage.person(who).wait_for_message("Answer or change")
    assert max(Counter(backstage.sent()).values()) == 1
    assert backstage.states() == [State.OPEN]
