"""Payloads: what Slack really sends is understood, and whatever else comes is refused without being repeated."""

import copy
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.payloads import Command, Entry, HomeOpened, Payload, Press, Submission
from bot.views.asking import OPEN_FORM
from bot.views.questionnaire import COMMENT_BLOCK, FORM, QUESTION_PREFIX
from tests.support.running_murmur import TUESDAY, Stage

Json = dict[str, Any]

SECRET = "zhrq7secretwords"
"""What must not be repeated."""

PRESS: Json = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.slack.com/actions/T1/1/x",
    "view": {"id": "V1", "hash": "h", "type": "modal", "private_metadata": "5"},
    "actions": [{"action_id": "a", "block_id": "b", "type": "button", "value": "5"}],
}
SUBMISSION: Json = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "trigger_id": "1.2.3",
    "view": {
        "id": "V1",
        "callback_id": "questionnaire",
        "private_metadata": "5",
        "state": {
            "values": {
                "question:x": {"answer": {"type": "radio_buttons", "selected_option": {"value": "4"}}},
                "comment": {"comment": {"type": "plain_text_input", "value": "so tired"}},
            }
        },
    },
}
COMMAND: Json = {"team_id": "T1", "user_id": "U1", "text": " open  Vision ", "trigger_id": "1.2.3", "channel_id": "D1"}


def envelope(stage: Stage, kind: str, type_: str = "") -> Json:
    """The payload of the newest envelope of a kind that the sandbox sent."""
    payloads = [one["payload"] for one in stage.client.envelopes(kind)]
    found: Json = [payload for payload in payloads if type_ in ("", payload.get("type"))][-1]
    return found


def test_what_slack_sends_is_understood(stage: Stage) -> None:
    stage.set_up_team()
    setup = Submission.model_validate(envelope(stage, "interactive", "view_submission"))
    assert (setup.workspace, setup.person) == ("T0LANTERN", "U0RUTH")
    command = Command.model_validate(envelope(stage, "slash_commands"))
    assert (command.workspace, command.person, command.words) == ("T0LANTERN", "U0RUTH", ["setup"])
    assert command.trigger_id

    stage.at(TUESDAY)
    priya = stage.open_form("Priya")
    press = Press.model_validate(envelope(stage, "interactive", "block_actions"))
    assert (press.workspace, press.person, press.action_id) == ("T0LANTERN", "U0PRIYA", OPEN_FORM)
    assert press.value == str(stage.rounds()[0].id)
    assert press.response_url
    assert press.trigger_id
    assert not press.in_modal

    question = priya.view.fields[0]
    priya.choose(question.block_id, "Agree")
    priya.fill("A comment, if you like", "  It is fine.  ")
    priya.submit()
    sent = Submission.model_validate(envelope(stage, "interactive", "view_submission"))
    assert (sent.callback_id, sent.private_metadata) == (FORM, press.value)
    assert sent.field(question.block_id).text == "4"
    assert sent.field(COMMENT_BLOCK).text == "It is fine."
    assert all(sent.field(field.block_id).text == "" for field in priya.view.fields[1:4])
    assert all(block == COMMENT_BLOCK or block.startswith(QUESTION_PREFIX) for block in sent.fields)

    priya.close_view(everything=True)
    priya.open_home()
    opened = HomeOpened.from_event(envelope(stage, "events_api"))
    assert (opened.workspace, opened.person, opened.tab) == ("T0LANTERN", "U0PRIYA", "home")
    priya.press("Switch reminders off", where="home")
    at_home = Press.model_validate(envelope(stage, "interactive", "block_actions"))
    assert at_home.view_id
    assert at_home.response_url == ""
    assert not at_home.in_modal


def test_a_press_in_a_window_says_so() -> None:
    press = Press.model_validate(PRESS)
    assert press.in_modal
    assert (press.view_id, press.view_hash, press.private_metadata) == ("V1", "h", "5")


def test_the_value_of_a_choice_is_that_of_its_option() -> None:
    body = copy.deepcopy(PRESS)
    body["actions"][0] = {"action_id": "menu", "type": "static_select", "selected_option": {"value": "7"}}
    assert Press.model_validate(body).value == "7"


def test_words_of_a_command_are_what_stands_between_blanks() -> None:
    assert Command.model_validate(COMMAND).words == ["open", "Vision"]


def test_a_field_that_was_not_sent_is_empty() -> None:
    submission = Submission.model_validate(SUBMISSION)
    assert submission.field("no such block").text == ""
    assert submission.field("comment").text == "so tired"


@pytest.mark.parametrize("body", [{}, {"team": None, "user": None}, {"team": {"id": "T1"}}, [], None, "T1", 7])
def test_a_payload_from_nobody_is_refused(body: object) -> None:
    for kind in (Command, Press, Submission):
        with pytest.raises(ValidationError):
            kind.model_validate(body)


def test_somebody_in_no_team_counts_for_the_workspace_they_say_they_are_in() -> None:
    body = {**PRESS, "team": None}
    assert Press.model_validate(body).workspace == "T1"


def test_a_payload_cannot_be_changed_and_shows_nothing() -> None:
    press = Press.model_validate(PRESS)
    with pytest.raises(ValidationError):
        press.person = "U2"
    assert repr(press) == str(press) == "Press"
    assert repr(Entry(value=SECRET)) == "Entry"


JUNK: st.SearchStrategy[object] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.just(SECRET)
    | st.just(f"{SECRET}\n{SECRET}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "value", "values", "actions", "state", "selected_option", "x"]), inner)
    ),
    max_leaves=6,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place inside a payload."""
    below: list[tuple[str | int, ...]] = []
    if isinstance(value, dict):
        below = [place for key, inner in value.items() for place in places(inner, (*path, key))]
    if isinstance(value, list):
        below = [place for key, inner in enumerate(value) for place in places(inner, (*path, key))]
    return [path, *below] if path else below


def replaced(body: Json, place: tuple[str | int, ...], junk: object) -> Json:
    """A payload with junk in one place."""
    changed: Any = copy.deepcopy(body)
    inside = changed
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = junk
    return dict(changed)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[type[Payload], Json]:
    """A real payload with junk in up to three places."""
    kind, body = draw(st.sampled_from([(Press, PRESS), (Submission, SUBMISSION), (Command, COMMAND)]))
    for _ in range(draw(st.integers(1, 3))):
        body = replaced(body, draw(st.sampled_from(places(body))), draw(JUNK))
    return kind, body


@given(spoilt())
def test_junk_is_refused_or_understood_but_never_repeated(given_: tuple[type[Payload], Json]) -> None:
    kind, body = given_
    try:
        parsed = kind.model_validate(body)
    except (ValidationError, AttributeError, KeyError, TypeError) as error:
        said = "".join(traceback.format_exception_only(error)) + repr(error)
    else:
        said = repr(parsed) + str(parsed) + repr(getattr(parsed, "fields", ""))
    assert SECRET not in said


@given(JUNK)
def test_a_junk_event_is_refused_or_understood_but_never_repeated(junk: object) -> None:
    body: Any = {"team_id": "T1", "event": {"type": "app_home_opened", "user": junk, "tab": junk}}
    try:
        said = repr(HomeOpened.from_event(body))
    except ValidationError as error:
        said = str(error) + repr(error)
    assert SECRET not in said
