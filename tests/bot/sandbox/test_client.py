"""The client, the control API it speaks, and the transcript."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import NothingHappenedError, SandboxClient, SandboxError
from bot.sandbox.server import Sandbox
from tests.bot.sandbox.support import (
    SocketApp,
    actions,
    button,
    home,
    modal,
    radio,
    section,
    trigger_from,
)

Connect = Callable[..., SocketApp]


def test_waiting_ends_when_the_message_comes(web: WebClient, client: SandboxClient) -> None:
    priya = client.person("Priya")
    later = threading.Timer(0.05, lambda: web.chat_postMessage(channel="U0PRIYA", text="the digest is ready"))
    later.start()
    assert priya.wait_for_message("digest").text == "the digest is ready"
    later.join()


def test_waiting_for_what_does_not_come_says_what_there_is(web: WebClient, client: SandboxClient) -> None:
    client.patience = 0.05
    web.chat_postMessage(channel="U0PRIYA", text="something else")
    priya = client.person("Priya")
    with pytest.raises(NothingHappenedError, match=r"(?s)waited for a message with 'digest'.*something else"):
        priya.wait_for_message("digest")
    with pytest.raises(NothingHappenedError, match="waited for a window"):
        _ = priya.view
    with pytest.raises(NothingHappenedError, match="waited for a Home"):
        priya.home()
    with pytest.raises(NothingHappenedError, match="0 connections, not 1"):
        client.wait_for_connection()


def test_a_press_waits_for_the_window_that_opens_after_the_acknowledgement(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    opened = threading.Thread(target=lambda: open_modal(app, web))
    opened.start()
    assert client.person("Priya").press("Answer").effect
    assert client.person("Priya").views[0].title == "Pulse"
    opened.join()


def open_modal(app: SocketApp, web: WebClient) -> None:
    payload = app.wait_for(lambda frame: "envelope_id" in frame)["payload"]
    web.views_open(trigger_id=payload["trigger_id"], view=modal(section("hello")))


def test_a_press_without_effect_says_so(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    connect()
    client.patience = 0.05
    web.chat_postMessage(channel="U0PRIYA", text="x", blocks=[actions(button("Answer", "a"))])
    outcome = client.person("Priya").press("Answer")
    assert (outcome.acked, outcome.effect) == (True, False)


def test_wait_for_view_finds_the_text_of_an_updated_window(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    view = web.views_open(trigger_id=trigger_from(connect(), client), view=modal(section("wait")))["view"]
    later = threading.Timer(0.05, lambda: web.views_update(view_id=view["id"], view=modal(section("ready"))))
    later.start()
    assert "ready" in client.person("Priya").wait_for_view("ready").text
    later.join()


def test_a_view_tells_its_fields(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    web.views_open(trigger_id=trigger_from(connect(), client), view=modal(radio("Q", "q", optional=True)))
    view = client.person("Priya").view
    (field,) = view.fields
    assert (field.label, field.type, field.optional) == ("Q", "radio_buttons", True)
    assert field.options == ("No", "Perhaps", "Yes")
    assert (view.submit, view.close, view.callback_id, str(view)) == ("Send", "Cancel", "form", view.text)


def test_a_message_can_be_opened_again_as_it_stands_now(web: WebClient, client: SandboxClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="old")
    priya = client.person("Priya")
    (message,) = priya.dms()
    web.chat_update(channel="D0PRIYA", ts=posted["ts"], text="new")
    assert priya.open(message).text == "new"
    assert "opened the message of Monday, 09:00" in client.transcript("Priya")


def test_a_message_in_a_channel_can_be_opened_too(web: WebClient, client: SandboxClient) -> None:
    web.chat_postMessage(channel="C0VISION", text="hello all")
    priya = client.person("Priya")
    assert priya.open(priya.messages("vision")[0]).text == "hello all"


def test_the_clock_is_moved_over_http_and_seen_in_timestamps(
    sandbox: Sandbox, web: WebClient, client: SandboxClient
) -> None:
    start = client.now()
    client.advance(timedelta(days=7))
    assert client.now() == sandbox.clock.now() == start + timedelta(days=7)
    assert float(web.chat_postMessage(channel="U0PRIYA", text="x")["ts"]) == client.now().timestamp()
    client.move_to(start)
    assert sandbox.clock.now() == start
    client.post("clock", {"running": True})
    assert sandbox.clock.running
    with pytest.raises(SandboxError, match="no time zone"):
        client.post("clock", {"move_to": "2026-03-09T09:00:00"})


def test_the_transcript_tells_what_each_saw_and_did_in_order(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    web.chat_postMessage(
        channel="U0PRIYA", text="x", blocks=[section("Four questions"), actions(button("Answer", "a"))]
    )
    web.chat_postMessage(channel="C0VISION", text="to everybody")
    priya = client.person("Priya")
    priya.press("Answer", effect=False)
    web.views_open(trigger_id=trigger_from(app, client), view=modal(radio("Q", "q")))
    priya.submit()
    priya.choose("Q", "Yes")
    priya.submit()
    web.views_publish(user_id="U0DANA", view=home(section("Dana's Home")))
    assert client.transcript("Priya") == "\n".join(
        [
            "Priya Raman, Monday 2 March 2026, 09:00",
            "  message:",
            "    | Four questions",
            "    | [Answer]",
            "  message in #vision:",
            "    | to everybody",
            "  > pressed [Answer]",
            "  > typed /pulse",
            "  window:",
            "    | == Pulse ==",
            "    | Q",
            "    | ( ) No",
            "    | ( ) Perhaps",
            "    | ( ) Yes",
            "    | [Send] [Cancel]",
            "  > pressed [Send]",
            "  beside the fields:",
            "    | Q: Please complete this required field.",
            "  > entered 'Yes' for 'Q'",
            "  > pressed [Send]",
            "  window closed:",
            "    | the window closed",
            "",
        ]
    )
    everybody = client.transcript()
    assert "Dana Ito, Monday 2 March 2026, 00:00" in everybody
    assert "Dana's Home" in everybody
    assert client.transcript("Ruth") == ""


def test_the_workspace_can_be_looked_at(client: SandboxClient) -> None:
    workspace = client.get("workspace")
    assert {"U0PRIYA", "U0MURMUR"} <= {person["id"] for person in workspace["people"]}
    assert {channel["name"] for channel in workspace["channels"]} >= {"vision", "leads"}
    assert workspace["team"]["name"] == "Lantern Labs"


def test_everything_before_a_persons_eyes_is_there_as_text(web: WebClient, client: SandboxClient) -> None:
    web.chat_postMessage(channel="U0PRIYA", text="one")
    web.chat_postEphemeral(channel="D0PRIYA", user="U0PRIYA", text="two")
    web.views_publish(user_id="U0PRIYA", view=home(section("three")))
    assert client.text("GET", "people/U0PRIYA?format=text") == "one\n\ntwo\n\nthree\n"


def test_nobody_can_fly(client: SandboxClient) -> None:
    with pytest.raises(SandboxError, match="nobody can 'fly'; they can: open, press"):
        client.post("people/U0PRIYA/fly", {})
    with pytest.raises(SandboxError, match="send a JSON object"):
        client.call("POST", "people/U0PRIYA/press", [])  # type: ignore[arg-type]


def refused(sandbox: Sandbox, **headers: str) -> int:
    request = urllib.request.Request(
        f"{sandbox.url}/control/clock",
        data=json.dumps({"advance": 60}).encode(),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request)
    with answer.value:
        return answer.value.code


def test_pages_of_other_sites_cannot_act(sandbox: Sandbox) -> None:
    before = sandbox.clock.now()
    assert refused(sandbox, Content_Type="text/plain") == 415
    assert refused(sandbox, Content_Type="application/json", Host="evil.example") == 403
    assert sandbox.clock.now() == before


def test_the_sandbox_listens_on_the_loopback_only(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")
