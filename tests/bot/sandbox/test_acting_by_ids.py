"""Pressing and filling in as the page does: by the ids of block and element, options by their values."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import NotHereError, Outcome, SandboxClient
from bot.sandbox.person import outcome
from tests.bot.sandbox.support import (
    Json,
    SocketApp,
    actions,
    button,
    home,
    modal,
    plain,
    radio,
    section,
    text_field,
    trigger_from,
)

Connect = Callable[..., SocketApp]


def act(client: SandboxClient, what: str, who: str = "U0PRIYA", **wish: object) -> Outcome:
    return outcome(client.post(f"people/{who}/{what}", wish))


def element(kind: str, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": kind,
        "label": plain(kind),
        "element": {"type": kind, "action_id": "x", **more},
    }


def numbers(*labels: str) -> list[Json]:
    """Options whose values look like the labels of others."""
    return [{"text": plain(label), "value": str(value)} for value, label in enumerate(labels)]


def test_one_of_many_buttons_with_the_same_label_is_pressed(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    blocks = [{"type": "actions", "block_id": f"row {row}", "elements": [button("Mute", "mute")]} for row in "abc"]
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=blocks)
    came = act(client, "press", where=posted["ts"], block_id="row b", action_id="mute")
    assert (came.sent, came.acked, came.trouble) == (True, True, "")
    assert app.envelopes[-1]["payload"]["actions"][0]["block_id"] == "row b"


def test_home_and_the_window_in_front_are_places_too(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    web.views_publish(user_id="U0PRIYA", view=home(actions(button("Here", "at_home"))))
    assert act(client, "press", where="home", block_id="actions", action_id="at_home").acked
    web.views_open(trigger_id=trigger_from(app, client), view=modal(actions(button("Here", "in_front"))))
    assert act(client, "press", where="view", block_id="actions", action_id="in_front").acked
    pressed = [one["payload"]["actions"][0]["action_id"] for one in app.envelopes if "actions" in one["payload"]]
    assert pressed == ["at_home", "in_front"]


def test_an_option_is_meant_by_its_value_even_where_another_is_labelled_so(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    blocks = [element("radio_buttons", options=numbers("1", "2", "3"))]
    web.views_open(trigger_id=trigger_from(app, client), view=modal(*blocks))
    act(client, "enter", where="view", block_id="radio_buttons", action_id="x", value="2")
    chosen = client.person("Priya").view.fields[0].state
    assert chosen is not None
    assert chosen["selected_option"]["text"]["text"] == "3"
    client.person("Priya").choose("radio_buttons", "2")
    chosen = client.person("Priya").view.fields[0].state
    assert chosen is not None
    assert chosen["selected_option"]["text"]["text"] == "2"
    assert "entered '3' for 'radio_buttons'" in client.transcript("Priya")  # what the person read, not the value


@pytest.mark.parametrize(
    ("kind", "more", "value", "state"),
    [
        ("plain_text_input", {}, "a <b>", {"value": "a <b>"}),
        ("number_input", {"is_decimal_allowed": False}, "5", {"value": "5"}),
        ("datepicker", {}, "2026-06-23", {"selected_date": "2026-06-23"}),
        ("users_select", {}, "U0DANA", {"selected_user": "U0DANA"}),
        ("multi_users_select", {}, ["U0DANA", "U0SAM"], {"selected_users": ["U0DANA", "U0SAM"]}),
        ("channels_select", {}, "C0VISION", {"selected_channel": "C0VISION"}),
        ("conversations_select", {}, "C0VISION", {"selected_conversation": "C0VISION"}),
        (
            "multi_conversations_select",
            {},
            ["U0DANA", "D0SAM", "C0VISION"],
            {"selected_conversations": ["D0DANA", "D0SAM", "C0VISION"]},
        ),
    ],
)
def test_every_kind_of_field_takes_what_the_page_sends_and_can_be_emptied(
    web: WebClient, client: SandboxClient, connect: Connect, kind: str, more: Json, value: object, state: Json
) -> None:
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(element(kind, **more)))
    assert not act(client, "enter", where="view", block_id=kind, action_id="x", value=value).sent
    assert client.person("Priya").view.fields[0].state == {"type": kind, **state}
    act(client, "enter", where="view", block_id=kind, action_id="x", value=[] if isinstance(value, list) else "")
    emptied = client.person("Priya").view.fields[0].state
    assert emptied == {"type": kind, next(iter(state)): [] if isinstance(value, list) else None}


def test_a_choice_from_an_overflow_menu_goes_by_its_value(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    menu = {"type": "overflow", "action_id": "menu", "options": numbers("1", "Pause", "Stop")}
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[section("More", block_id="s", accessory=menu)])
    act(client, "press", where=posted["ts"], block_id="s", action_id="menu", choice="1")
    assert app.envelopes[-1]["payload"]["actions"][0]["selected_option"]["text"]["text"] == "Pause"
    assert "chose 'Pause' from the menu of 'More'" in client.transcript("Priya")


def test_what_is_gone_by_the_time_it_is_pressed_is_said(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    connect()
    posted = web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    web.chat_update(channel="D0PRIYA", ts=posted["ts"], text="thanks")
    with pytest.raises(NotHereError, match="there is no 'a' in 'actions' here any more"):
        act(client, "press", where=posted["ts"], block_id="actions", action_id="a")
    with pytest.raises(NotHereError, match="has no window open"):
        act(client, "enter", where="view", block_id="q", action_id="a", value="x")
    with pytest.raises(NotHereError, match="say where"):
        act(client, "press", block_id="actions", action_id="a")


def test_fields_are_not_pressed_and_buttons_not_filled_in(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    view = modal(radio("Q", "q"), text_field("T", "t"), actions(button("B", "b")))
    web.views_open(trigger_id=trigger_from(app, client), view=view)
    with pytest.raises(NotHereError, match="a radio_buttons is not for pressing"):
        act(client, "press", where="view", block_id="q", action_id="answer")
    with pytest.raises(NotHereError, match="a button is not for filling in"):
        act(client, "enter", where="view", block_id="actions", action_id="b", value="x")
