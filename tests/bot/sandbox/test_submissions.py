"""Sending a form in the stand-in: what the app is told, and what it may answer."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient
from tests.bot.sandbox.support import (
    NO_ACK,
    Json,
    SocketApp,
    last,
    modal,
    options,
    plain,
    radio,
    section,
    text_field,
    trigger_from,
)

Connect = Callable[..., SocketApp]


TROUBLE = "We had some trouble connecting. Try again?"


def test_a_submission_carries_the_state_of_every_kind_of_field(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()

    def field(kind: str, **more: object) -> Json:
        element = {"type": kind, "action_id": "it", **more}
        return {"type": "input", "block_id": kind, "optional": True, "label": plain(kind), "element": element}

    three = options("A", "B", "C")
    blocks = [
        field("plain_text_input"),
        field("number_input", is_decimal_allowed=False),
        field("email_text_input"),
        field("url_text_input"),
        field("radio_buttons", options=three),
        field("static_select", options=three),
        field("checkboxes", options=three),
        field("multi_static_select", options=three),
        field("users_select"),
        field("multi_users_select"),
        field("channels_select"),
        field("multi_channels_select"),
        field("conversations_select"),
        field("multi_conversations_select"),
        field("datepicker"),
        field("timepicker"),
        field("datetimepicker"),
    ]
    app.answer = lambda envelope: (
        {"response_action": "errors", "errors": {"plain_text_input": "stay"}}
        if envelope["payload"].get("type") == "view_submission"
        else None
    )
    web.views_open(trigger_id=trigger_from(app, client), view=modal(*blocks))
    priya = client.person("Priya")
    priya.submit()
    empty = {block: state["it"] for block, state in last(app)["view"]["state"]["values"].items()}
    assert empty["plain_text_input"] == {"type": "plain_text_input", "value": None}
    assert empty["number_input"]["value"] is empty["email_text_input"]["value"] is None
    assert empty["radio_buttons"] == {"type": "radio_buttons", "selected_option": None}
    assert empty["static_select"]["selected_option"] is None
    assert empty["checkboxes"] == {"type": "checkboxes", "selected_options": []}
    assert empty["users_select"]["selected_user"] is empty["channels_select"]["selected_channel"] is None
    assert empty["multi_users_select"] == {"type": "multi_users_select", "selected_users": []}
    assert empty["conversations_select"]["selected_conversation"] is empty["datepicker"]["selected_date"] is None

    priya.fill("plain_text_input", "words")
    priya.fill("number_input", "7")
    priya.fill("email_text_input", "a@b.example")
    priya.fill("url_text_input", "https://b.example")
    priya.choose("radio_buttons", "B")
    priya.choose("static_select", "C")
    priya.check("checkboxes", "A", "C")
    priya.pick("multi_static_select", "A", "B")
    priya.pick("users_select", "Dana Ito")
    priya.pick("multi_users_select", "Kofi", "Elif")
    priya.pick("channels_select", "#vision")
    priya.pick("multi_channels_select", "vision", "platform")
    priya.pick("conversations_select", "general")
    priya.pick("multi_conversations_select", "general", "Sam Okoye")
    priya.fill("datepicker", "2026-03-09")
    priya.fill("timepicker", "09:30")
    priya.fill("datetimepicker", "1773046800")
    priya.submit()
    full = {block: state["it"] for block, state in last(app)["view"]["state"]["values"].items()}
    assert full["number_input"]["value"] == "7"
    assert full["radio_buttons"]["selected_option"]["value"] == "1"
    assert [one["value"] for one in full["checkboxes"]["selected_options"]] == ["0", "2"]
    assert full["users_select"]["selected_user"] == "U0DANA"
    assert full["multi_users_select"]["selected_users"] == ["U0KOFI", "U0ELIF"]
    assert full["channels_select"]["selected_channel"] == "C0VISION"
    assert full["multi_channels_select"]["selected_channels"] == ["C0VISION", "C0PLATFORM"]
    assert full["multi_conversations_select"]["selected_conversations"] == ["C0GENERAL", "D0SAM"]
    assert full["datepicker"]["selected_date"] == "2026-03-09"
    assert full["timepicker"]["selected_time"] == "09:30"
    assert full["datetimepicker"]["selected_date_time"] == 1773046800

    priya.clear("static_select")
    priya.clear("multi_users_select")
    priya.submit()
    again = {block: state["it"] for block, state in last(app)["view"]["state"]["values"].items()}
    assert again["static_select"]["selected_option"] is None
    assert again["multi_users_select"]["selected_users"] == []


def test_a_form_with_an_empty_required_field_is_not_sent(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    form = modal(radio("Q", "q"), text_field("Why", "why", optional=True))
    web.views_open(trigger_id=trigger_from(app, client), view=form)
    before = len(client.envelopes())
    outcome = client.person("Priya").submit()
    assert (outcome.sent, outcome.errors) == (False, {"Q": "Please complete this required field."})
    assert len(client.envelopes()) == before


@pytest.mark.parametrize(
    ("element", "wrong", "right"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "abc"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "abc"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "5"}, "6", "5"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "5"}, "4", "5"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "1"),
        ({"type": "number_input", "is_decimal_allowed": True}, "one", "1.5"),
        ({"type": "email_text_input"}, "me", "me@x.example"),
        ({"type": "url_text_input"}, "x.example", "https://x.example"),
    ],
)
def test_slack_itself_checks_what_is_entered(
    web: WebClient, client: SandboxClient, connect: Connect, element: Json, wrong: str, right: str
) -> None:
    block = text_field("It", "it") | {"element": {"action_id": "a", **element}}
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(block))
    priya = client.person("Priya")
    priya.fill("It", wrong)
    assert set(priya.submit().errors) == {"It"}
    priya.fill("It", right)
    assert priya.submit().sent
    assert priya.views == []


def test_a_submission_without_further_answer_closes_the_window(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x")))
    outcome = client.person("Priya").submit()
    assert (outcome.sent, outcome.acked, outcome.trouble) == (True, True, "")
    envelope = app.envelopes[-1]
    assert envelope["accepts_response_payload"] is True
    assert envelope["payload"]["type"] == "view_submission"
    assert envelope["payload"]["response_urls"] == []
    assert client.person("Priya").views == []


def answering(app: SocketApp, answer: object) -> None:
    """Answer submissions so."""
    app.answer = lambda envelope: answer if envelope["payload"].get("type") == "view_submission" else None


def test_errors_stand_beside_the_fields_until_the_form_is_sent_again(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Q", "q", optional=True)))
    answering(app, {"response_action": "errors", "errors": {"q": "Not today."}})
    priya = client.person("Priya")
    assert priya.submit().errors == {"Q": "Not today."}
    assert "! Not today." in priya.view.text
    answering(app, NO_ACK)
    priya.submit()
    assert priya.view.errors == {}


def test_an_answer_can_update_push_and_clear(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x"), title="One"))
    priya = client.person("Priya")
    answering(app, {"response_action": "update", "view": modal(section("x"), title="Changed")})
    priya.submit()
    assert [view.title for view in priya.views] == ["Changed"]
    answering(app, {"response_action": "push", "view": modal(section("x"), title="Next")})
    priya.submit()
    assert [view.title for view in priya.views] == ["Changed", "Next"]
    answering(app, {"response_action": "clear"})
    priya.submit()
    assert priya.views == []


def test_sending_the_top_of_a_stack_shows_the_window_below(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x"), title="One"))
    answering(app, {"response_action": "push", "view": modal(section("x"), title="Two")})
    priya = client.person("Priya")
    priya.submit()
    answering(app, None)
    priya.submit()
    assert priya.view.title == "One"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"response_action": "errors", "errors": {"elsewhere": "x"}}, "invalid_arguments"),
        ({"response_action": "errors", "errors": {}}, "invalid_arguments"),
        ({"response_action": "update", "view": modal(section("x"), title="x" * 25)}, "invalid_arguments"),
        ({"response_action": "update"}, "invalid_arguments"),
        ({"response_action": "explode"}, "invalid_arguments"),
    ],
)
def test_an_answer_slack_does_not_accept_looks_like_trouble_and_keeps_the_window(
    web: WebClient, client: SandboxClient, connect: Connect, answer: Json, verdict: str
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Q", "q", optional=True)))
    answering(app, answer)
    priya = client.person("Priya")
    outcome = priya.submit()
    assert (outcome.acked, outcome.trouble) == (True, TROUBLE)
    assert priya.view.title == "Pulse"
    assert client.calls("ack view_submission")[-1]["verdict"] == verdict


def test_a_submission_nobody_answers_says_try_again_and_keeps_what_was_entered(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Q", "q")))
    answering(app, NO_ACK)
    priya = client.person("Priya")
    priya.choose("Q", "Yes")
    outcome = priya.submit()
    assert (outcome.acked, outcome.trouble) == (False, TROUBLE)
    assert priya.trouble() == [TROUBLE]
    assert "(x) Yes" in priya.view.text


def test_without_a_connection_a_submission_says_try_again_too(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("x")))
    client.drop_sockets()
    assert client.person("Priya").submit().trouble == TROUBLE
    assert client.person("Priya").view.title == "Pulse"
