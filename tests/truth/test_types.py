"""What Murmur sends and what the stand-in Slack sends fit the types that Slack publishes for TypeScript.

Types know shapes, not limits: lengths, counts, duplicates, surfaces and matching options are beyond them.
Where the types themselves differ from what Slack sends or takes, the difference is listed here by name.
"""

import copy
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.manifest import manifest
from tests.support import node
from tests.truth import typescript
from tests.truth.conftest import Story
from tests.truth.shown import everything

Json = dict[str, Any]

if node.absent():
    node.unchecked()

ENVELOPES = {
    "block_actions": "BlockAction",
    "event_callback": "HomeOpened",
    "slash command": "SlashCommand",
    "view_closed": "ViewClosedAction",
    "view_submission": "ViewSubmitAction",
}
ANSWERS = {
    "apps.connections.open": "AppsConnectionsOpenResponse",
    "auth.test": "AuthTestResponse",
    "chat.postEphemeral": "ChatPostEphemeralResponse",
    "chat.postMessage": "ChatPostMessageResponse",
    "views.open": "ViewsOpenResponse",
    "views.publish": "ViewsPublishResponse",
    "views.push": "ViewsPushResponse",
    "views.update": "ViewsUpdateResponse",
}


@pytest.fixture
def scratch(node_project: Path) -> Iterator[Path]:
    """A directory from which the packages are found."""
    with TemporaryDirectory(dir=node_project) as directory:
        yield Path(directory)


def as_typed(payload: Json) -> Json:
    """The payload of an envelope without what Slack sends and its types leave out, or the other way round."""
    typed = copy.deepcopy(payload)
    if typed.get("enterprise", "absent") is None:
        del typed["enterprise"]  # null outside of Enterprise Grid; the types know only its absence
    if str(typed.get("type")).startswith("view_"):
        typed["user"].pop("username", None)  # sent along with name; the types know it in block_actions only
    if typed.get("type") == "block_actions" and "view" in typed:
        typed["response_url"] = ""  # required by the types, sent by Slack for messages only
    return typed


def without_charts(shown: Json) -> Json:
    """@slack/types has no data_visualization block yet."""
    return {**shown, "blocks": [one for one in shown["blocks"] if one["type"] != "data_visualization"]}


def test_what_murmur_shows_is_made_of_blocks_that_slack_knows(node_project: Path, scratch: Path) -> None:
    kinds = {"modal": "Modal", "home": "Home", None: "Message"}
    shown = {name: (kinds[payload.get("type")], without_charts(payload)) for name, payload in everything().items()}
    assert {kind for kind, _ in shown.values()} == set(kinds.values())
    assert typescript.complaints(node_project, scratch, shown) == {}


def test_what_the_stand_in_sends_is_what_an_app_expects(node_project: Path, scratch: Path, story: Story) -> None:
    payloads = [envelope["payload"] for envelope in story.envelopes]
    sent = {
        f"{number} {kind}": (ENVELOPES[kind], as_typed(payload))
        for number, payload in enumerate(payloads)
        for kind in [payload.get("type", "slash command")]
    }
    assert {kind for kind, _ in sent.values()} == set(ENVELOPES.values())
    assert typescript.complaints(node_project, scratch, sent) == {}


def test_what_the_stand_in_answers_is_what_an_app_expects(node_project: Path, scratch: Path, story: Story) -> None:
    answered = {
        f"{number} {call['method']}": (f"Answer<{ANSWERS[call['method']]}>", call["answer"])
        for number, call in enumerate(story.calls)
    }
    assert typescript.complaints(node_project, scratch, answered) == {}


def test_the_manifest_is_one_that_slack_knows(node_project: Path, scratch: Path) -> None:
    manifests = {
        "Socket Mode": ("Manifest", manifest()),
        "HTTP": ("Manifest", manifest(request_url="https://murmur.example.com/slack/events")),
    }
    assert typescript.complaints(node_project, scratch, manifests) == {}


def test_types_would_notice_a_payload_of_the_wrong_shape(node_project: Path, scratch: Path, story: Story) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    submission = next(one["payload"] for one in story.envelopes if one["payload"].get("type") == "view_submission")
    wrong = {
        "text as a string": ("Message", {"text": "x", "blocks": [{"type": "section", "text": "x"}]}),
        "an unknown block": ("Message", {"text": "x", "blocks": [{"type": "fancy"}]}),
        "an unknown field": ("Message", {"text": "x", "blocks": [{**section, "colour": "red"}]}),
        "a modal without a title": ("Modal", {"type": "modal", "blocks": [section]}),
        "a submission without its view": (
            "ViewSubmitAction",
            {name: value for name, value in as_typed(submission).items() if name != "view"},
        ),
        "an answer with an unknown field": ("Answer<AuthTestResponse>", {"ok": True, "mood": "good"}),
        "a scope that does not exist": ("Manifest", {**manifest(), "oauth_config": {"scopes": {"bot": ["x"]}}}),
    }
    assert set(typescript.complaints(node_project, scratch, wrong)) == set(wrong)
