"""An unmodified app of Slack's own making lives through a whole journey in the stand-in Slack."""

from tests.support import node
from tests.truth.conftest import Story

if node.absent():
    node.unchecked()


def test_every_step_shows_what_slack_would_show(story: Story) -> None:
    expected = [
        "Welcome home.",
        "How many days?",
        "Nothing was sent.",
        "You asked for",
        "Days off are days off.",
        "You asked for",
        "are noted",
        "0 windows",
        "You are welcome.",
    ]
    assert len(story.seen) == len(expected)
    for seen, wanted in zip(story.seen, expected, strict=True):
        assert wanted in seen


def test_a_mistake_is_said_beside_its_field(story: Story) -> None:
    assert story.errors == {"How many days?": "Please write a number."}


def test_every_call_of_the_app_was_taken(story: Story) -> None:
    refused = [(call["method"], call["verdict"]) for call in story.calls if call["verdict"] != "ok"]
    assert refused == []
    assert {call["method"] for call in story.calls} >= {
        "apps.connections.open",
        "auth.test",
        "chat.postEphemeral",
        "chat.postMessage",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    }


def test_the_app_acknowledged_everything_it_was_sent(story: Story) -> None:
    assert [envelope["type"] for envelope in story.envelopes if not envelope["acked"]] == []
    kinds = [envelope["payload"].get("type", "slash command") for envelope in story.envelopes]
    assert kinds == [
        "event_callback",
        "slash command",
        "view_closed",
        "slash command",
        "view_submission",
        "view_submission",
        "block_actions",
        "view_closed",
        "view_submission",
        "block_actions",
    ]
