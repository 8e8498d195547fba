"""What protection costs in results, in a typical organisation."""

import pytest

from surveys.units import odds
from tests.attacks import withheld
from tests.attacks.withheld import shares_withheld


def test_merging_small_teams_brings_most_withheld_results_back() -> None:
    before, after = shares_withheld(seed=1)
    assert after.results < before.results / 5
    assert after.people < before.people


def test_the_same_seed_gives_the_same_shares() -> None:
    assert shares_withheld(seed=2) == shares_withheld(seed=2) != shares_withheld(seed=3)


def test_what_is_withheld_before_merging_is_what_the_odds_say() -> None:
    expected = sum(1 - odds(size) for size in withheld.TEAM_SIZES) / len(withheld.TEAM_SIZES)
    before, _ = shares_withheld(seed=1)
    assert before.results == pytest.approx(expected, abs=0.04)


def test_nothing_is_withheld_of_teams_that_all_answer_but_of_those_that_are_too_small() -> None:
    before, after = shares_withheld(seed=1, share=1.0)
    assert before.results == pytest.approx(2 / 12, abs=0.04)  # teams of four and five
    assert after.results == 0
