from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.sandbox.clock import VirtualClock
from tests.bot.sandbox.support import Stopwatch

NINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_a_standing_clock_does_not_follow_real_time(stopwatch: Stopwatch) -> None:
    clock = VirtualClock(NINE, monotonic=stopwatch)
    stopwatch.seconds += 3600
    assert clock.now() == NINE


def test_a_running_clock_goes_as_fast_as_real_time(stopwatch: Stopwatch) -> None:
    clock = VirtualClock(NINE, running=True, monotonic=stopwatch)
    stopwatch.seconds += 90
    assert clock.now() == NINE + timedelta(seconds=90)


def test_moving_a_running_clock_does_not_stop_it(stopwatch: Stopwatch) -> None:
    clock = VirtualClock(NINE, running=True, monotonic=stopwatch)
    stopwatch.seconds += 10
    assert clock.advance(timedelta(days=7)) == NINE + timedelta(days=7, seconds=10)
    stopwatch.seconds += 5
    assert clock.now() == NINE + timedelta(days=7, seconds=15)


def test_stopping_and_starting_loses_no_time(stopwatch: Stopwatch) -> None:
    clock = VirtualClock(NINE, running=True, monotonic=stopwatch)
    stopwatch.seconds += 10
    clock.run(False)
    stopwatch.seconds += 100
    assert clock.now() == NINE + timedelta(seconds=10)
    clock.run()
    stopwatch.seconds += 1
    assert clock.now() == NINE + timedelta(seconds=11)


def test_the_clock_keeps_utc_whatever_zone_it_is_told() -> None:
    clock = VirtualClock(NINE)
    moved = clock.move_to(datetime(2026, 3, 9, 12, 0, tzinfo=timezone(timedelta(hours=2))))
    assert moved.tzinfo is UTC
    assert clock.now() == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def test_the_clock_can_be_set_back() -> None:
    clock = VirtualClock(NINE)
    clock.move_to(NINE - timedelta(minutes=1))
    assert clock.now() == NINE - timedelta(minutes=1)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        VirtualClock(datetime(2026, 3, 9))  # noqa: DTZ001 - the mistake under test


def test_whoever_watches_the_clock_is_told_of_every_turn() -> None:
    clock, told = VirtualClock(NINE), []
    clock.watch(lambda: told.append((clock.now(), clock.running)))
    clock.move_to(NINE + timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    clock.run()
    clock.run(False)
    assert [running for _, running in told] == [False, False, True, False]
    assert [moment for moment, _ in told[:2]] == [NINE + timedelta(hours=1), NINE + timedelta(hours=2)]
    assert clock.turns == 4
    with pytest.raises(ValueError, match="no time zone"):
        clock.move_to(datetime(2026, 3, 9))  # noqa: DTZ001 - the mistake under test
    assert (clock.turns, len(told)) == (4, 4)
