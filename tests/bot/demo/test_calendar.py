"""Where the clock can be taken."""

from datetime import UTC, datetime

import pytest

from bot.demo.calendar import day_words, next_monday, next_working_day, two_months_on

EVERYWHERE = {"America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland"}
START = datetime(2026, 6, 23, 8, 5, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("day", "expected"),
    [(23, 24), (25, 26), (26, 29), (27, 29), (28, 29)],
    ids=["Tuesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_the_next_working_day_begins_in_the_morning(day: int, expected: int) -> None:
    now = START.replace(day=day)
    assert next_working_day(now, "Europe/Berlin") == datetime(2026, 6, expected, 8, 5, tzinfo=UTC)


def test_the_next_working_day_is_one_of_the_place() -> None:
    late = datetime(2026, 6, 25, 23, 0, tzinfo=UTC)  # Friday in Auckland already
    assert next_working_day(late, "Pacific/Auckland") == datetime(2026, 6, 28, 22, 5, tzinfo=UTC)
    assert next_working_day(late, "America/Los_Angeles") == datetime(2026, 6, 26, 17, 5, tzinfo=UTC)


def test_monday_has_come_when_it_is_morning_in_the_west() -> None:
    monday = datetime(2026, 6, 29, 16, 5, tzinfo=UTC)
    assert next_monday(START, EVERYWHERE) == monday
    assert next_monday(START, {"Europe/Berlin"}) == datetime(2026, 6, 29, 7, 5, tzinfo=UTC)


def test_monday_is_still_to_come_while_it_is_night_in_the_west() -> None:
    in_auckland = datetime(2026, 6, 28, 23, 0, tzinfo=UTC)
    assert next_monday(in_auckland, EVERYWHERE) == datetime(2026, 6, 29, 16, 5, tzinfo=UTC)


def test_on_monday_the_next_is_a_week_away() -> None:
    monday = next_monday(START, EVERYWHERE)
    assert next_monday(monday, EVERYWHERE) == datetime(2026, 7, 6, 16, 5, tzinfo=UTC)


def test_two_months_end_on_a_monday() -> None:
    assert two_months_on(START, EVERYWHERE) == datetime(2026, 8, 24, 16, 5, tzinfo=UTC)


def test_a_day_is_told_as_people_of_the_place_say_it() -> None:
    late = datetime(2026, 6, 28, 23, 0, tzinfo=UTC)
    assert day_words(late, "Europe/Berlin") == "Monday 29 June"
    assert day_words(late, "America/Los_Angeles") == "Sunday 28 June"
