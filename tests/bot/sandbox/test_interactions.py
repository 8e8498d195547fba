"""What people press and choose in the stand-in, and what the app is told of it."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import NotHereError, SandboxClient
from tests.bot.sandbox.support import (
    NO_ACK,
    Json,
    SocketApp,
    actions,
    button,
    error_of,
    home,
    last,
    modal,
    options,
    plain,
    radio,
    section,
    trigger_from,
)

Connect = Callable[..., SocketApp]
TROUBLE = "We had some trouble connecting. Try again?"


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
