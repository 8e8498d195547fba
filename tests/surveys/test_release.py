"""The release rules, checked by enumeration: what a code leaves open about each person behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import combinations_with_replacement, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.release import (
    EDGES,
    FLOOR,
    Code,
    Kind,
    PeopleClass,
    Published,
    band_interval,
    counted,
    level_band,
    named_option,
    parent_band,
    participation_band,
    people_class,
)

FEWEST = {PeopleClass.FIVE: 5, PeopleClass.SIX_SEVEN: 6, PeopleClass.EIGHT: 8}
# A class is set by the question with the fewest answers, so more answers than it says may stand behind a code.
CLASS_AND_ANSWERS = [(people, n) for people, fewest in FEWEST.items() for n in range(fewest, 16)]


def possible_to_an_outsider(
    options: Iterable[int], n: int, code_of: Callable[[tuple[int, ...]], int]
) -> dict[int, set[int]]:
    """For each code, what one person may have answered, for somebody who knows that n people did."""
    possible: dict[int, set[int]] = defaultdict(set)
    for answers in combinations_with_replacement(options, n):
        possible[code_of(answers)] |= set(answers)
    return possible


def possible_to_an_insider(
    options: Iterable[int], n: int, code_of: Callable[[tuple[int, ...]], int]
) -> dict[tuple[int, int], set[int]]:
    """For each code and own answer, what one other person may have answered."""
    possible: dict[tuple[int, int], set[int]] = defaultdict(set)
    for answers in combinations_with_replacement(options, n):
        for own in set(answers):
            others = list(answers)
            others.remove(own)
            possible[code_of(answers), own] |= set(others)
    return possible


@pytest.mark.parametrize(("people", "n"), CLASS_AND_ANSWERS)
def test_an_outsider_leaves_each_person_all_five_answers_over_every_possible_data_set(
    people: PeopleClass, n: int
) -> None:
    possible = possible_to_an_outsider(range(1, 6), n, lambda answers: level_band(answers, people))
    assert set(possible) == set(range(len(EDGES[people]) + 1))
    assert all(values == {1, 2, 3, 4, 5} for values in possible.values())


@pytest.mark.parametrize(("people", "n"), CLASS_AND_ANSWERS)
def test_one_curious_participant_leaves_every_other_at_least_three_answers(people: PeopleClass, n: int) -> None:
    possible = possible_to_an_insider(range(1, 6), n, lambda answers: level_band(answers, people))
    assert min(len(values) for values in possible.values()) >= 3


def test_the_enumeration_would_notice_edges_that_are_too_fine() -> None:
    halves = possible_to_an_insider(range(1, 6), 5, lambda answers: int(2 * sum(answers) / len(answers)))
    assert min(len(values) for values in halves.values()) == 1


def test_five_answers_may_not_be_coded_with_the_edges_for_eight() -> None:
    wrong = possible_to_an_insider(range(1, 6), 5, lambda answers: level_band(answers, PeopleClass.EIGHT))
    assert min(len(values) for values in wrong.values()) < 3


@pytest.mark.parametrize("n", range(FLOOR, 13))
def test_a_named_option_of_four_leaves_an_outsider_four_answers_and_an_insider_three(n: int) -> None:
    options = range(1, 5)
    assert all(len(values) == 4 for values in possible_to_an_outsider(options, n, named_option).values())
    assert min(len(values) for values in possible_to_an_insider(options, n, named_option).values()) >= 3


@pytest.mark.parametrize("n", range(FLOOR, 13))
def test_a_question_with_two_options_leaves_two_possible_answers(n: int) -> None:
    assert all(len(values) == 2 for values in possible_to_an_insider((1, 2), n, named_option).values())


def test_an_option_is_named_from_three_fifths_of_the_answers() -> None:
    assert named_option([2, 2, 2, 1, 3]) == 2
    assert named_option([2] * 6 + [1] * 4) == 2
    assert named_option([2] * 5 + [1] * 4) == 0
    assert named_option([1, 1, 2, 2, 3]) == 0


@given(st.lists(st.integers(1, 4), min_size=FLOOR, max_size=15))
def test_the_order_of_answers_does_not_matter(answers: list[int]) -> None:
    assert named_option(sorted(answers)) == named_option(answers)
    assert level_band(sorted(answers), PeopleClass.FIVE) == level_band(answers, PeopleClass.FIVE)


@given(st.integers(0, 60), st.integers(1, 60))
def test_full_turnout_never_shows(missing: int, roster: int) -> None:
    assert counted(roster, roster) == counted(roster - 1, roster) == roster - 1
    assert counted(max(roster - missing, 0), roster) <= roster - 1


def test_the_classes_of_people_are_five_six_or_seven_and_eight_or_more() -> None:
    assert [people_class(n) for n in range(10)] == [
        *[None] * 5,
        PeopleClass.FIVE,
        PeopleClass.SIX_SEVEN,
        PeopleClass.SIX_SEVEN,
        PeopleClass.EIGHT,
        PeopleClass.EIGHT,
    ]


@given(st.integers(-3, 100), st.integers(-100, FLOOR))
def test_a_threshold_under_five_has_no_effect(n_star: int, threshold: int) -> None:
    assert people_class(n_star, threshold) == people_class(n_star)


@given(st.integers(0, 100), st.integers(FLOOR, 100))
def test_a_threshold_over_five_withholds_what_is_under_it_and_changes_nothing_else(n: int, threshold: int) -> None:
    assert people_class(n, threshold) == (None if n < threshold else people_class(n))


@pytest.mark.parametrize("people", PeopleClass)
def test_every_band_is_the_interval_of_means_it_stands_for(people: PeopleClass) -> None:
    for answers in combinations_with_replacement(range(1, 6), 8):
        mean = sum(answers) / 8
        low, high = band_interval(level_band(answers, people), people)
        assert low <= mean < high or mean == high == 5


@pytest.mark.parametrize("people", PeopleClass)
def test_the_intervals_cover_the_scale_without_a_gap(people: PeopleClass) -> None:
    intervals = [band_interval(band, people) for band in range(len(EDGES[people]) + 1)]
    assert intervals[0][0] == 1
    assert intervals[-1][1] == 5
    assert all(one[1] == next_[0] for one, next_ in pairwise(intervals))


@pytest.mark.parametrize("roster", range(6, 60))
def test_participation_never_tells_nobody_or_everybody(roster: int) -> None:
    assert participation_band(0, roster) == participation_band(1, roster)
    assert participation_band(roster, roster) == participation_band(roster - 1, roster)
    assert {participation_band(n, roster) for n in range(roster + 1)} == {0, 1, 2}


@pytest.mark.parametrize("roster", range(6))
def test_participation_of_fewer_than_six_people_is_not_told(roster: int) -> None:
    assert {participation_band(n, roster) for n in range(roster + 1)} == {None}


def test_participation_bands_are_under_half_up_to_four_fifths_and_more() -> None:
    assert [participation_band(n, 10) for n in range(11)] == [0] * 5 + [1] * 4 + [2] * 2


def child(value: int | None, people: PeopleClass | None = PeopleClass.EIGHT, kind: Kind = Kind.LEVEL) -> Published:
    """A child's code about burnout."""
    code = Code(kind=kind, subject="burnout.drained", driver="burnout", people=people, value=value)
    return Published(unit_id=1, round_id=1, closed_on=date(2026, 3, 6), roster=9, replaced=0, code=code)


def test_a_parent_is_not_shown_from_fewer_than_two_released_codes() -> None:
    assert parent_band([]) is None
    assert parent_band([(child(3), 9)]) is None
    assert parent_band([(child(3), 9), (child(None, None), 9)]) is None
    assert parent_band([(child(3), 9), (child(3), 9)]) is not None


def test_a_parent_is_weighted_by_roster_not_by_turnout() -> None:
    assert parent_band([(child(0), 40), (child(5), 8)]) == 0
    assert parent_band([(child(0), 8), (child(5), 40)]) == 4


def test_a_choice_is_not_averaged_into_a_parent() -> None:
    assert parent_band([(child(3), 9), (child(3, kind=Kind.CHOICE), 9)]) is None


@given(st.lists(st.tuples(st.sampled_from(PeopleClass), st.integers(0, 4), st.integers(6, 40)), min_size=2, max_size=6))
def test_a_parent_is_one_of_five_bands_between_those_of_its_children(
    children: list[tuple[PeopleClass, int, int]],
) -> None:
    codes = [(child(band, people), roster) for people, band, roster in children]
    parent = parent_band(codes)
    middles = [sum(band_interval(band, people)) / 2 for people, band, _ in children]
    assert parent is not None
    low, high = band_interval(parent, PeopleClass.FIVE)
    assert low <= max(middles) + 1e-9
    assert high > min(middles) - 1e-9
