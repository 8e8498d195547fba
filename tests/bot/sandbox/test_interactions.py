"""What people do, and what the app is told of it and may answer."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.client import NotHereError, SandboxClient
from tests.bot.sandbox.support import (
    NO_ACK,
    Json,
    SocketApp,
    Stopwatch,
    actions,
    button,
    error_of,
    home,
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


def last(app: SocketApp) -> Json:
    payload: Json = app.envelopes[-1]["payload"]
    return payload


def test_pressing_a_button_of_a_message_tells_everything_slack_tells(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    blocks = [section("hello"), actions(button("Answer", "answer", value="r1", style="primary"))]
    posted = web.chat_postMessage(channel="U0PRIYA", text="hello", blocks=blocks)
    outcome = client.person("Priya").press("Answer", effect=False)
    assert (outcome.sent, outcome.acked, outcome.trouble) == (True, True, "")
    envelope = app.envelopes[-1]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", False)
    payload = envelope["payload"]
    assert payload["type"] == "block_actions"
    assert payload["user"] == {
        "id": "U0PRIYA",
        "username": "priya.raman",
        "name": "priya.raman",
        "team_id": "T0LANTERN",
    }
    assert payload["team"] == {"id": "T0LANTERN", "domain": "lantern-labs"}
    assert payload["api_app_id"] == "A0MURMUR"
    assert payload["is_enterprise_install"] is False
    assert payload["channel"] == {"id": "D0PRIYA", "name": "directmessage"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "D0PRIYA",
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == posted["ts"]
    assert payload["state"] == {"values": {}}
    assert payload["response_url"].startswith("http://127.0.0.1:")
    (action,) = payload["actions"]
    assert action | {"action_ts": ""} == {
        "type": "button",
        "action_id": "answer",
        "block_id": "actions",
        "text": {"type": "plain_text", "text": "Answer", "emoji": True},
        "value": "r1",
        "style": "primary",
        "action_ts": "",
    }


def test_pressing_in_an_ephemeral_message_does_not_send_the_message_along(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    blocks = [actions(button("Why?", "why"))]
    web.chat_postEphemeral(channel="D0PRIYA", user="U0PRIYA", text="x", blocks=blocks)
    client.person("Priya").press("Why?", effect=False)
    assert last(app)["container"]["is_ephemeral"] is True
    assert "message" not in last(app)


def test_pressing_in_a_window_sends_the_view_and_no_response_url(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    view = modal(radio("Q", "q"), actions(button("More", "more")))
    view_id = web.views_open(trigger_id=trigger_from(app, client), view=view)["view"]["id"]
    priya = client.person("Priya")
    priya.choose("Q", "Yes")
    priya.press("More", effect=False)
    payload = last(app)
    assert payload["container"] == {"type": "view", "view_id": view_id}
    assert payload["view"]["state"]["values"]["q"]["answer"]["selected_option"]["text"]["text"] == "Yes"
    assert "response_url" not in payload
    assert "message" not in payload


def test_radio_buttons_in_an_input_block_tell_nobody(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Q", "q")))
    before = len(app.envelopes)
    assert not client.person("Priya").choose("Q", "Yes").sent
    assert len(app.envelopes) == len(client.envelopes()) == before


@pytest.mark.parametrize("place", ["input with dispatch_action", "section", "actions"])
def test_elsewhere_choosing_tells_the_app_at_once(
    web: WebClient, client: SandboxClient, connect: Connect, place: str
) -> None:
    app = connect()
    element = {"type": "radio_buttons", "action_id": "answer", "options": options("No", "Yes")}
    block = {
        "input with dispatch_action": radio("Q", "q", dispatch_action=True),
        "section": section("Q", accessory=element),
        "actions": actions(element),
    }[place]
    web.views_open(trigger_id=trigger_from(app, client), view=modal(section("Q"), block))
    client.patience = 0.1
    assert client.person("Priya").choose("answer", "Yes").sent
    payload = last(app)
    (action,) = payload["actions"]
    assert (action["type"], action["selected_option"]["text"]["text"]) == ("radio_buttons", "Yes")
    block_id = action["block_id"]
    assert payload["view"]["state"]["values"][block_id]["answer"]["selected_option"]["text"]["text"] == "Yes"


def test_a_question_before_a_press_is_confirmed_and_told_in_the_transcript(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    connect()
    confirm = {"title": plain("Stop for good?"), "text": plain("x"), "confirm": plain("Yes"), "deny": plain("No")}
    blocks = [actions(button("Stop", "stop", confirm=confirm))]
    web.chat_postMessage(channel="U0RUTH", text="x", blocks=blocks)
    client.person("Ruth").press("Stop", effect=False)
    assert "> pressed [Stop] and confirmed 'Stop for good?'" in client.transcript("Ruth")


def test_what_was_chosen_in_a_message_is_in_its_state(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    select: Json = {"type": "static_select", "action_id": "team", "options": options("Vision", "Platform")}
    select["initial_option"] = options("Vision")[0]
    blocks = [actions(select, button("Go", "go"))]
    web.chat_postMessage(channel="U0RUTH", text="x", blocks=blocks)
    ruth = client.person("Ruth")
    ruth.press("Go", effect=False)
    assert last(app)["state"]["values"]["actions"]["team"]["selected_option"]["text"]["text"] == "Vision"
    client.patience = 0.05
    ruth.pick("team", "Platform")
    assert last(app)["actions"][0]["selected_option"]["value"] == "1"
    assert last(app)["state"]["values"]["actions"]["team"]["selected_option"]["value"] == "1"


def test_an_overflow_menu_sends_the_option(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    menu = {"type": "overflow", "action_id": "menu", "options": options("Edit", "Retire")}
    web.chat_postMessage(channel="U0RUTH", text="x", blocks=[section("Vision", accessory=menu)])
    client.person("Ruth").press("menu", choice="Retire", effect=False)
    assert last(app)["actions"][0]["selected_option"]["value"] == "1"


def test_a_press_nobody_answers_is_said_to_be_so(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: NO_ACK)
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "answer"))])
    priya = client.person("Priya")
    outcome = priya.press("Answer", effect=False)
    assert not outcome.acked
    assert outcome.trouble == "Murmur did not answer that press. Try again."
    assert priya.trouble() == [outcome.trouble]


def test_so_is_a_choice_nobody_answers(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: NO_ACK)
    select = {"type": "static_select", "action_id": "pick", "options": options("Red", "Blue")}
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(select)])
    outcome = client.person("Priya").pick("pick", "Blue")
    assert outcome.trouble == "Murmur did not answer that. Try again."


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


def test_a_slash_command_tells_what_slack_tells(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.person("Ruth").command("/pulse setup <now> & then", effect=False)
    envelope = app.envelopes[-1]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    payload = envelope["payload"]
    assert payload["command"] == "/pulse"
    assert payload["text"] == "setup &lt;now&gt; &amp; then"
    assert (payload["user_id"], payload["user_name"]) == ("U0RUTH", "ruth.meyer")
    assert (payload["channel_id"], payload["channel_name"]) == ("D0RUTH", "directmessage")
    assert (payload["team_id"], payload["team_domain"]) == ("T0LANTERN", "lantern-labs")
    assert payload["trigger_id"]
    assert payload["response_url"]


def test_a_slash_command_can_be_typed_in_a_channel(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.person("Dana").command("/pulse", channel="vision", effect=False)
    assert (last(app)["channel_id"], last(app)["channel_name"]) == ("C0VISION", "vision")
    assert last(app)["text"] == ""


def test_the_reply_to_a_command_is_seen_by_nobody_else(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: {"text": "Try /pulse help"})
    dana = client.person("Dana")
    assert dana.command("/pulse hlep", channel="vision").effect
    assert [message.text for message in dana.ephemerals()] == ["Try /pulse help"]
    assert dana.messages("vision") == client.person("Priya").messages("vision") == []


def test_a_reply_in_channel_is_seen_by_all(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: {"response_type": "in_channel", "text": "hello"})
    client.person("Dana").command("/pulse", channel="vision")
    assert [message.text for message in client.person("Priya").messages("vision")] == ["hello"]


def test_a_command_nobody_answers_times_out(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: NO_ACK)
    outcome = client.person("Dana").command("/pulse", effect=False)
    assert outcome.trouble == '/pulse failed with the error "operation_timeout"'


def test_a_command_without_a_connection_cannot_be_dispatched(client: SandboxClient) -> None:
    outcome = client.person("Dana").command("/pulse", effect=False)
    assert outcome.trouble == '/pulse failed with the error "dispatch_failed"'


def test_a_reply_with_bad_blocks_fails(client: SandboxClient, connect: Connect) -> None:
    connect(lambda _: {"text": "x", "blocks": [{"type": "nonsense"}]})
    assert "invalid_blocks" in client.person("Dana").command("/pulse", effect=False).trouble


def test_a_command_the_app_does_not_have_never_reaches_it(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    assert client.person("Dana").command("/plus").trouble == "/plus is not a valid command."
    assert app.envelopes == []


def test_opening_home_is_an_event_that_carries_the_home_there_is(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    client.person("Priya").open_home(effect=False)
    event = last(app)["event"]
    assert (event["type"], event["user"], event["channel"]) == ("app_home_opened", "U0PRIYA", "D0PRIYA")
    assert event["tab"] == "home"
    assert "view" not in event
    assert last(app)["type"] == "event_callback"
    assert last(app)["authorizations"][0]["user_id"] == "U0MURMUR"
    web.views_publish(user_id="U0PRIYA", view=home(section("x")))
    client.person("Priya").open_home(effect=False)
    assert last(app)["event"]["view"]["type"] == "home"


def test_pressing_on_home_sends_the_home_as_the_view(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_publish(user_id="U0PRIYA", view=home(actions(button("Pause", "pause"))))
    client.person("Priya").press("Pause", where="home", effect=False)
    assert last(app)["view"]["type"] == "home"
    assert last(app)["container"]["type"] == "view"


def response_url(web: WebClient, client: SandboxClient, app: SocketApp) -> WebhookClient:
    web.chat_postMessage(channel="U0PRIYA", text="before", blocks=[actions(button("Answer", "answer"))])
    client.person("Priya").press("Answer", effect=False)
    return WebhookClient(last(app)["response_url"])


def test_a_response_url_answers_replaces_and_deletes(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    respond = response_url(web, client, connect())
    priya = client.person("Priya")
    assert respond.send(text="only you").status_code == 200
    assert [message.text for message in priya.ephemerals()] == ["only you"]
    respond.send(text="after", replace_original=True)
    assert [message.text for message in priya.dms()] == ["after"]
    respond.send(delete_original=True)
    assert priya.dms() == []
    respond.send(text="to all", response_type="in_channel")
    assert [message.text for message in priya.dms()] == ["to all"]


def test_a_response_url_is_good_for_five_uses(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    respond = response_url(web, client, connect())
    assert [respond.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    assert [call["verdict"] for call in client.calls("response_url")] == ["ok"] * 5 + ["used_url"]
    assert len(client.person("Priya").ephemerals()) == 5


def test_a_response_url_lasts_half_an_hour(
    web: WebClient, client: SandboxClient, connect: Connect, stopwatch: Stopwatch
) -> None:
    respond = response_url(web, client, connect())
    stopwatch.seconds += 30 * 60
    assert respond.send(text="x").status_code == 200
    stopwatch.seconds += 1
    assert respond.send(text="x").status_code == 404
    assert client.calls("response_url")[-1]["verdict"] == "expired_url"


def test_a_response_url_checks_blocks_too(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    respond = response_url(web, client, connect())
    assert respond.send(text="x", blocks=[{"type": "nonsense"}]).status_code == 400
    assert client.calls("response_url")[-1]["verdict"] == "invalid_blocks"


def test_people_cannot_press_what_is_not_there(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"), button("Pause", "p"))])
    with pytest.raises(NotHereError, match=r"no button 'Skip'.*'Answer', 'Pause'"):
        client.person("Priya").press("Skip")
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(radio("Q", "q")))
    priya = client.person("Priya")
    with pytest.raises(NotHereError, match="no button 'Answer' here; there are: none"):
        priya.press("Answer")
    with pytest.raises(NotHereError, match="no field 'R' here; there are: 'Q'"):
        priya.choose("R", "Yes")
    with pytest.raises(NotHereError, match="no option 'Maybe' here; there are: 'No', 'Perhaps', 'Yes'"):
        priya.choose("Q", "Maybe")
    with pytest.raises(NotHereError, match="no way to take back"):
        priya.clear("Q")
    with pytest.raises(NotHereError, match="Kofi Mensah has no window open"):
        client.person("Kofi").submit()
    with pytest.raises(NotHereError, match="no one person called 'Zoe'"):
        client.person("Zoe")


def test_of_two_buttons_alike_one_says_which(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    why = [section("a", accessory=button("Why?", "why-a")), section("b", accessory=button("Why?", "why-b"))]
    web.chat_postMessage(channel="U0DANA", text="x", blocks=why)
    with pytest.raises(NotHereError, match="2 buttons 'Why\\?'"):
        client.person("Dana").press("Why?")
    client.person("Dana").press("Why?", nth=2, effect=False)
    assert last(app)["actions"][0]["action_id"] == "why-b"


def test_the_newest_message_with_the_button_is_meant_unless_another_is_named(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    for value in ("old", "new"):
        blocks = [actions(button("Answer", "answer", value=value))]
        web.chat_postMessage(channel="U0PRIYA", text=value, blocks=blocks)
    priya = client.person("Priya")
    priya.press("Answer", effect=False)
    assert last(app)["actions"][0]["value"] == "new"
    priya.press("Answer", in_message=priya.dms()[0], effect=False)
    assert last(app)["actions"][0]["value"] == "old"


def test_a_deleted_message_cannot_be_answered(web: WebClient, client: SandboxClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    priya = client.person("Priya")
    (message,) = priya.dms()
    web.chat_delete(channel="D0PRIYA", ts=posted["ts"])
    with pytest.raises(NotHereError, match="no message with the timestamp"):
        priya.press("Answer", in_message=message)


def test_refusals_raise_in_the_app_as_slack_errors(web: WebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        web.views_open(trigger_id="x", view=modal(section("x")))
    assert error_of(web, "views.open", view=modal(section("x")))["error"] == "invalid_arguments"
