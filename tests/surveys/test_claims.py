"""What leaders owe the people who build AI: nothing of it may go without a question."""

import pytest

from surveys.questions import bank, claims, load_question_sets

OWED = [
    "mentors",
    "time to train",
    "cutting-edge tools and compute",
    "leaders who learn beside the team and admit gaps",
    "AI as core, not peripheral",
    "incentives shared with business teams",
    "candour about bad news and vulnerability",
    "inclusion and support",
    "fair pay and equity",
    "no office presence for its own sake",
    "room to experiment",
    "a view of the future",
    "seeing how one's work contributes",
    "meaningful work",
    "autonomy",
    "humane hours",
]
"""The promise of the product, word for word."""


def test_every_claim_is_listed_and_no_other() -> None:
    assert list(claims()) == OWED


@pytest.mark.parametrize("claim", OWED)
def test_every_side_of_a_claim_has_a_question_that_says_so(claim: str) -> None:
    assert claims()[claim]
    for part, items in claims()[claim].items():
        assert items, part
        assert {item.claim for item in items} == {claim}, part


@pytest.mark.parametrize("claim", OWED)
def test_the_weekly_set_asks_about_every_claim(claim: str) -> None:
    asked = {item.id for item in load_question_sets()["ai-team-weekly"].items}
    assert any(item.id in asked for items in claims()[claim].values() for item in items)


def test_a_claim_with_two_sides_lists_both() -> None:
    assert [claim for claim in OWED if " and " in claim and len(claims()[claim]) < 2] == []


def test_no_question_claims_more_than_the_list_knows() -> None:
    listed = {item.id for parts in claims().values() for items in parts.values() for item in items}
    assert {item.id for item in bank().values() if item.claim} == listed
