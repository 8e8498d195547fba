"""Leaf units: by roster, ahead of time, and steady."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.units import ALONE, SMALLEST, SPLIT, PlannedUnit, TeamSize, odds, plan_units


def teams(*rosters: int, parent: int | None = 100) -> list[TeamSize]:
    """Siblings with these rosters, numbered from 1."""
    return [TeamSize(team_id=number, parent_id=parent, roster=size) for number, size in enumerate(rosters, 1)]


def merged(units: Sequence[PlannedUnit]) -> list[tuple[int, ...]]:
    """Team ids of each unit."""
    return [unit.team_ids for unit in units]


companies = st.lists(st.tuples(st.sampled_from([None, 100, 200]), st.integers(0, 14)), max_size=12).map(
    lambda sizes: [
        TeamSize(team_id=number, parent_id=parent, roster=size) for number, (parent, size) in enumerate(sizes, 1)
    ]
)
histories = st.tuples(
    st.lists(st.frozensets(st.integers(1, 12), min_size=2, max_size=4), max_size=3).filter(
        lambda units: sum(map(len, units)) == len(frozenset().union(*units))
    ),
    st.sets(st.integers(1, 12)),
)


@given(companies, histories)
def test_every_team_is_in_exactly_one_unit(
    company: list[TeamSize], before: tuple[list[frozenset[int]], set[int]]
) -> None:
    units = plan_units(company, together_before=before[0], large_before=before[1])
    assert sorted(team_id for unit in units for team_id in unit.team_ids) == [t.team_id for t in company]


@given(companies, histories)
def test_only_siblings_are_merged_and_sizes_add_up(
    company: list[TeamSize], before: tuple[list[frozenset[int]], set[int]]
) -> None:
    by_id = {team.team_id: team for team in company}
    for unit in plan_units(company, together_before=before[0], large_before=before[1]):
        together = [by_id[team_id] for team_id in unit.team_ids]
        assert list(unit.team_ids) == sorted(unit.team_ids)
        assert unit.roster == sum(team.roster for team in together)
        assert unit.scored is (unit.roster >= SMALLEST)
        if len(together) > 1:
            assert together[0].parent_id is not None
            assert len({team.parent_id for team in together}) == 1


@given(companies, histories)
def test_no_unit_has_fewer_than_eight_people_where_there_is_a_sibling_to_merge_with(
    company: list[TeamSize], before: tuple[list[frozenset[int]], set[int]]
) -> None:
    units = plan_units(company, together_before=before[0], large_before=before[1])
    parent_of = {team.team_id: team.parent_id for team in company}
    for unit in units:
        siblings = [
            other
            for other in units
            if other is not unit and other.roster and parent_of[other.team_ids[0]] == parent_of[unit.team_ids[0]]
        ]
        if 0 < unit.roster < ALONE and parent_of[unit.team_ids[0]] is not None:
            assert siblings == []


@given(companies, histories, st.randoms(use_true_random=False))
def test_the_order_of_teams_does_not_matter(
    company: list[TeamSize], before: tuple[list[frozenset[int]], set[int]], random: Random
) -> None:
    together, large = before
    plan = plan_units(company, together_before=together, large_before=large)
    random.shuffle(company)
    random.shuffle(together)
    assert plan == plan_units(company, together_before=together, large_before=large)


@given(companies)
def test_a_plan_made_again_with_itself_as_history_stays_as_it_is(company: list[TeamSize]) -> None:
    plan = plan_units(company)
    together = [frozenset(unit.team_ids) for unit in plan if len(unit.team_ids) > 1]
    assert plan_units(company, together_before=together) == plan


@given(companies)
def test_a_team_without_people_changes_nobodys_unit(company: list[TeamSize]) -> None:
    grown = [*company, TeamSize(team_id=99, parent_id=100, roster=0)]
    rest = tuple(unit for unit in plan_units(grown) if unit.team_ids != (99,))
    assert rest == plan_units(company)


def test_the_smallest_is_merged_with_the_next_smallest() -> None:
    assert merged(plan_units(teams(4, 12, 5, 9))) == [(1, 3), (2,), (4,)]


def test_teams_of_eight_stand_alone() -> None:
    assert merged(plan_units(teams(8, 8))) == [(1,), (2,)]


def test_teams_without_a_department_are_not_siblings_of_each_other() -> None:
    assert merged(plan_units(teams(3, 3, parent=None))) == [(1,), (2,)]


@pytest.mark.parametrize(("roster", "scored"), [(5, False), (6, True), (7, True)])
def test_without_a_sibling_six_stand_alone_and_five_are_not_scored(roster: int, scored: bool) -> None:
    (unit,) = plan_units(teams(roster))
    assert unit.scored is scored


def test_a_merged_team_stands_alone_only_after_two_periods_with_ten() -> None:
    together = [frozenset({1, 2})]
    grown = teams(SPLIT, 9)
    assert merged(plan_units(grown, together_before=together)) == [(1, 2)]
    assert merged(plan_units(grown, together_before=together, large_before={1})) == [(1,), (2,)]
    assert merged(plan_units(teams(SPLIT - 1, 9), together_before=together, large_before={1})) == [(1, 2)]


def test_a_team_that_outgrew_its_unit_stays_where_the_rest_would_be_too_small() -> None:
    plan = plan_units(teams(SPLIT, 4), together_before=[frozenset({1, 2})], large_before={1})
    assert merged(plan) == [(1, 2)]


def test_a_unit_of_the_period_before_loses_the_team_that_is_gone() -> None:
    plan = plan_units(teams(4, 5, 9), together_before=[frozenset({1, 2, 77})])
    assert merged(plan) == [(1, 2), (3,)]


def test_a_team_that_moved_to_another_department_leaves_its_unit() -> None:
    moved = [*teams(4, 9), TeamSize(team_id=3, parent_id=200, roster=4)]
    assert merged(plan_units(moved, together_before=[frozenset({1, 3})])) == [(1, 2), (3,)]


def test_seven_people_have_results_in_about_three_of_four_rounds() -> None:
    assert 0.72 < odds(7) < 0.78


@pytest.mark.parametrize("roster", range(6))
def test_a_unit_under_six_never_has_results(roster: int) -> None:
    assert odds(roster) == 0


@given(st.integers(6, 40), st.integers(5, 12))
def test_odds_grow_with_the_roster_and_shrink_with_the_threshold(roster: int, threshold: int) -> None:
    hair = 1e-12
    assert 0 <= odds(roster, threshold) <= odds(roster + 1, threshold) + hair <= 1 + hair
    assert odds(roster, threshold) >= odds(roster, threshold + 1)


def test_a_threshold_that_only_full_turnout_would_reach_is_never_met() -> None:
    assert odds(7, threshold=7) == 0
    assert odds(8, threshold=7) > 0
