"""A press opens its window although Slack stumbles for a moment, and is answered in words when Slack refuses."""

import pytest

from tests.journeys.steps import invite
from tests.support.running_murmur import Stage

OPEN = "Answer or change"
TROUBLE = "Something went wrong."


@pytest.fixture
def invited(stage: Stage) -> Stage:
    """Vision, asked and invited."""
    stage.set_up_team()
    invite(stage)
    return stage


def attempts(stage: Stage) -> int:
    """How often Slack was asked to open a window."""
    return [call["method"] for call in stage.client.calls()].count("views.open")


def test_a_window_opens_although_slack_fails_three_times(invited: Stage) -> None:
    before = attempts(invited)
    invited.client.fault("500", method="views.open", times=3)
    priya = invited.person("Priya")
    priya.press(OPEN)
    priya.wait_for_view("Sending again replaces everything")
    assert attempts(invited) == before + 4
    assert len(priya.views) == 1
    assert not [one for one in priya.ephemerals() if TROUBLE in one.text]


def test_whoever_presses_is_told_when_slack_does_not_recover(invited: Stage) -> None:
    before = attempts(invited)
    invited.client.fault("500", method="views.open", times=9)
    priya = invited.person("Priya")
    priya.press(OPEN)
    priya.wait_for_message(TROUBLE)
    assert attempts(invited) == before + 4
    assert priya.views == []


def test_a_rate_limit_is_kept_and_whoever_presses_is_told(invited: Stage) -> None:
    before = attempts(invited)
    invited.client.fault("429", method="views.open", seconds=30)
    priya = invited.person("Priya")
    priya.press(OPEN)
    priya.wait_for_message(TROUBLE)
    assert attempts(invited) == before + 1
