"""People writing to each other: channels are alive without the app."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import NotHereError, SandboxClient, SandboxError
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Said, default_workspace
from tests.bot.sandbox.support import SocketApp, error_of, fetch

Connect = Callable[..., SocketApp]


def test_what_somebody_writes_is_read_by_the_others_in_the_channel(sandbox: Sandbox, client: SandboxClient) -> None:
    came = client.person("Tomás").say("a <b> & c", "vision")
    assert not came.sent
    (message,) = client.person("Priya").messages("vision")
    assert (message.text, message.raw["text"], message.raw["author"]) == ("a <b> & c", "a &lt;b&gt; &amp; c", "U0TOMAS")
    unread = {who: fetch(sandbox, f"/page/people/{who}/screen")[1]["places"] for who in ("U0TOMAS", "U0PRIYA")}
    assert {who: [one["unread"] for one in listed] for who, listed in unread.items()} == {
        "U0TOMAS": [0, 0, 0],  # one's own words are not news
        "U0PRIYA": [0, 1, 0],
    }
    assert "  message in #vision:\n    | a <b> & c" in client.transcript("Priya")
    assert "  > wrote 'a <b> & c'" in client.transcript("Tomás")


def test_writing_to_the_app_is_writing_into_its_direct_message(client: SandboxClient) -> None:
    priya = client.person("Priya")
    priya.say("hello?")
    assert [one.text for one in priya.dms()] == ["hello?"]


@pytest.mark.parametrize("channel", ["platform", "old-project", "nowhere", "D0DANA"])
def test_nobody_writes_where_they_are_not(client: SandboxClient, channel: str) -> None:
    with pytest.raises(NotHereError, match="has no place"):
        client.person("Priya").say("hello", channel)


def test_nothing_is_not_a_message(client: SandboxClient) -> None:
    with pytest.raises(SandboxError, match="there is nothing to write"):
        client.person("Priya").say("  ", "vision")


def test_the_app_can_change_no_message_of_a_person(web: WebClient, client: SandboxClient) -> None:
    client.person("Priya").say("mine", "vision")
    ts = client.person("Priya").messages("vision")[0].ts
    for method in ("chat.update", "chat.delete"):
        assert error_of(web, method, channel="C0VISION", ts=ts, text="yours")["error"].startswith("cant_")


def test_an_app_that_subscribed_to_messages_hears_of_those_where_it_is() -> None:
    seed = default_workspace()
    events = ("message.channels", "message.im")
    with Sandbox(replace(seed, installation=replace(seed.installation, events=events))) as sandbox:
        app, client = SocketApp(sandbox), sandbox.client()
        assert client.person("Priya").say("in a channel", "vision").acked
        assert client.person("Priya").say("to the app").acked
        assert not client.person("Priya").say("where the app is not", "general").sent
        assert not client.person("Dana").say("private", "leads").sent
        heard = [one["payload"]["event"] for one in app.envelopes]
        app.close()
    assert [(one["type"], one["channel_type"], one["text"]) for one in heard] == [
        ("message", "channel", "in a channel"),
        ("message", "im", "to the app"),
    ]
    assert heard[0]["ts"] == heard[0]["event_ts"]


def test_a_workspace_may_begin_with_messages_that_everybody_has_read() -> None:
    seed = replace(
        default_workspace(),
        messages=(
            ("vision", "Tomás", "later &amp; <@U0PRIYA>", 5),
            Said(channel="C0VISION", author="U0PRIYA", text="earlier", minutes_before=90),
        ),
    )
    with Sandbox(seed) as sandbox:
        earlier, later = sandbox.client().person("Priya").messages("vision")
        _, screen = fetch(sandbox, "/page/people/U0PRIYA/screen?channel=C0VISION")
        assert sandbox.client().transcript() == ""
    assert (earlier.text, later.text) == ("earlier", "later & @Priya Raman")
    assert datetime.fromtimestamp(float(earlier.ts), UTC) == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert datetime.fromtimestamp(float(later.ts), UTC) == datetime(2026, 3, 2, 7, 55, tzinfo=UTC)
    assert [one["unread"] for one in screen["places"]] == [0, 0, 0]


def test_a_message_in_a_channel_there_is_not_is_refused_when_the_sandbox_is_made() -> None:
    with pytest.raises(KeyError, match="there is no channel 'nowhere'"):
        Sandbox(replace(default_workspace(), messages=(("nowhere", "Priya", "x", 1),)))
