"""What a flag rests on: people, questions, and what changed around them, all since the change began."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.grounds import Grounds, grounds_of
from surveys.questions import bank
from surveys.release import Code, Kind, PeopleClass, Published

FIRST = date(2026, 1, 2)
ITEMS = [item for item in bank().values() if item.driver == "burnout" and item.scale == "agreement"]
EIGHT, SIX_SEVEN, FIVE = PeopleClass.EIGHT, PeopleClass.SIX_SEVEN, PeopleClass.FIVE


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def asked(
    number: int,
    item: int | str = 0,
    people: PeopleClass | None = EIGHT,
    *,
    driver: str = "burnout",
    replaced: int = 0,
    kind: Kind = Kind.LEVEL,
) -> Published:
    """One question of a round, withheld without people."""
    subject = item if isinstance(item, str) else ITEMS[item].id
    code = Code(kind=kind, subject=subject, driver=driver, people=people, value=None if people is None else 1)
    return Published(unit_id=1, round_id=number, closed_on=week(number), roster=9, replaced=replaced, code=code)


def grounds(*history: Published, since: int = 0) -> Grounds:
    return grounds_of("burnout", week(since), history, bank())


def test_questions_are_quoted_once_oldest_first_and_only_since_the_change_began() -> None:
    value = grounds(asked(0, 3), asked(1, 1), asked(2, 0), asked(3, 1), since=1)
    assert value.questions == (ITEMS[1].text, ITEMS[0].text)


def test_a_question_that_is_known_no_longer_is_not_quoted() -> None:
    value = grounds(asked(0, "own-99"), asked(1, 1))
    assert value.questions == (ITEMS[1].text,)
    assert value.asked == 2


def test_the_class_is_the_smallest_behind_any_round_that_is_shown() -> None:
    assert grounds(asked(0), asked(1, 1, SIX_SEVEN), asked(2, 2)).people is SIX_SEVEN
    assert grounds(asked(0, 0, FIVE), asked(1, 1), since=1).people is EIGHT
    assert grounds(asked(0, 0, None), asked(1, 1)).people is EIGHT
    assert grounds(asked(0, 0, None)).people is None


def test_rounds_that_did_not_ask_and_rounds_that_are_withheld_are_counted_apart() -> None:
    value = grounds(asked(0), asked(1, "autonomy.say", driver="autonomy"), asked(2, 1, None), asked(3, 2))
    assert (value.rounds, value.asked, value.withheld) == (4, 3, 1)


def test_a_round_that_shows_one_of_two_questions_is_not_withheld() -> None:
    value = grounds(asked(0, 0, None), asked(0, 1))
    assert (value.rounds, value.asked, value.withheld) == (1, 1, 0)
    assert len(value.questions) == 2


def test_a_choice_about_the_driver_is_no_ground() -> None:
    value = grounds(asked(0), asked(1, 1, kind=Kind.CHOICE))
    assert (value.rounds, value.asked) == (2, 1)
    assert value.questions == (ITEMS[0].text,)


def test_how_many_came_new_to_the_roster_changes_nothing() -> None:
    """Of two whom a team welcomed, one may have asked to be left out: a number would tell."""
    assert grounds(asked(0), asked(1, 1, replaced=2)) == grounds(asked(0, replaced=5), asked(1, 1))


def rotation(*items: int, since: int) -> date | None:
    return grounds(*(asked(number, item) for number, item in enumerate(items)), since=since).other_questions


def test_rotation_alone_is_not_another_set_of_questions() -> None:
    assert rotation(0, 1, 2, 3, 0, 1, 2, 3, since=1) is None
    assert rotation(0, 1, 2, 3, since=1) is None  # the first time round, every question is new


def test_a_question_that_is_new_after_others_came_again_is_told_with_its_day() -> None:
    assert rotation(0, 1, 0, 1, 2, 3, since=1) == week(4)
    assert rotation(0, 1, 0, 1, 2, 3, since=4) == week(4)


def test_a_set_that_changed_before_the_change_began_is_not_told() -> None:
    assert rotation(0, 1, 0, 1, 2, 1, 2, 1, since=5) is None


def test_a_unit_without_history_has_no_grounds() -> None:
    value = grounds()
    assert (value.people, value.questions, value.rounds, value.asked, value.other_questions) == (None, (), 0, 0, None)


@given(st.lists(st.integers(min_value=0, max_value=4), min_size=6, max_size=6))
def test_grounds_are_the_same_whatever_was_answered(bands: Sequence[int]) -> None:
    plain = [asked(number, number % 3, replaced=number % 2) for number in range(6)]
    other = [replace(one, code=replace(one.code, value=band)) for one, band in zip(plain, bands, strict=True)]
    assert grounds(*plain, since=2) == grounds(*other, since=2)
