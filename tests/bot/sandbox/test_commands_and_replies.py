"""Slash commands in the stand-in, and what an app answers through a response_url."""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox.client import SandboxClient
from tests.bot.sandbox.support import (
    NO_ACK,
    SocketApp,
    Stopwatch,
    actions,
    button,
    last,
)

Connect = Callable[..., SocketApp]


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
