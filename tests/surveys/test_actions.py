"""What a digest suggests: always something, and always something its reader can do."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.actions import Action, action_for
from surveys.questions import Owner, drivers

MONDAY = date(2026, 3, 9)
EVERY = list(product(drivers(), Owner))


def all_actions() -> set[Action]:
    weeks = [MONDAY + timedelta(weeks=number) for number in range(6)]
    return {action_for(driver, reader, week) for driver, reader in EVERY for week in weeks}


@given(driver=st.sampled_from(list(drivers())), reader=st.sampled_from(Owner), on=st.dates())
def test_every_reader_finds_something_to_do_about_every_driver_in_any_week(
    driver: str, reader: Owner, on: date
) -> None:
    action = action_for(driver, reader, on)
    assert (action.driver, action.reader) == (driver, reader)
    assert action_for(driver, reader, on) == action


@pytest.mark.parametrize(("driver", "reader"), EVERY)
def test_what_a_reader_cannot_change_can_be_raised_with_the_one_who_can(driver: str, reader: Owner) -> None:
    owner = drivers()[driver].owner
    assert action_for(driver, reader, MONDAY).raise_with == (None if reader is owner else owner)


@pytest.mark.parametrize(("driver", "reader"), EVERY)
def test_every_reader_reads_three_actions_in_turn_and_the_same_one_all_week_long(driver: str, reader: Owner) -> None:
    read = [action_for(driver, reader, MONDAY + timedelta(weeks=n)) for n in range(12)]
    number = len(set(read))
    assert number >= 3
    assert all(len(set(read[n : n + number])) == number for n in range(12 - number + 1))
    this = read[0]
    assert {action_for(driver, reader, MONDAY + timedelta(days=n)) for n in range(7)} == {this}


@pytest.mark.parametrize("apart", [2, 4])
@pytest.mark.parametrize(("driver", "reader"), EVERY)
def test_fortnightly_and_monthly_digests_show_three_in_turn_too(driver: str, reader: Owner, apart: int) -> None:
    days = [MONDAY + timedelta(weeks=apart * number) for number in range(3)]
    assert len({action_for(driver, reader, day, every_weeks=apart) for day in days}) == 3


def test_no_action_and_no_question_is_used_twice() -> None:
    actions = all_actions()
    assert set(Counter(action.text for action in actions).values()) == {1}
    assert set(Counter(action.question for action in actions).values()) == {1}


def test_actions_are_short_whole_sentences_and_questions_can_be_asked_aloud() -> None:
    for action in all_actions():
        assert len(action.text.split()) <= 25, action.text
        assert re.fullmatch(r"[A-Z].*\.", action.text), action.text
        assert len(action.question.split()) <= 14, action.question
        assert re.fullmatch(r"[A-Z][^?]*\?", action.question), action.question
        assert "!" not in action.text + action.question


def test_no_action_looks_for_the_people_behind_the_answers() -> None:
    for action in all_actions():
        words = f"{action.text} {action.question}"
        assert not re.search(r"who (said|wrote|answered|feels|thinks)|survey|score", words, re.IGNORECASE)


def test_a_driver_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match='no driver called "luck"'):
        action_for("luck", Owner.TEAM_LEAD, MONDAY)


def test_what_is_flagged_for_long_repeats_itself_only_after_four_weeks() -> None:
    read = [action_for("burnout", Owner.TEAM_LEAD, MONDAY + timedelta(weeks=n)) for n in range(5)]
    assert len(set(read[:4])) == 4
    assert read[4] == read[0]
