from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import NotHereError, SandboxClient
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import DEFAULT_BOT_SCOPES, Installation, default_workspace
from tests.bot.sandbox.support import Json, actions, button, error_of, plain, section, web_client


def test_a_message_to_a_person_lands_in_their_direct_message(web: WebClient, client: SandboxClient) -> None:
    answer = web.chat_postMessage(channel="U0PRIYA", text="hello", blocks=[section("*hello*")])
    assert answer["channel"] == "D0PRIYA"
    stored = answer["message"]
    assert (stored["user"], stored["bot_id"], stored["app_id"]) == ("U0MURMUR", "B0MURMUR", "A0MURMUR")
    assert stored["ts"] == answer["ts"]
    assert stored["blocks"][0]["block_id"]
    assert stored["blocks"][0]["text"]["verbatim"] is False
    (message,) = client.person("Priya").dms()
    assert (message.text, message.notification) == ("*hello*", "hello")
    assert client.person("Kofi").dms() == []


def test_timestamps_grow_even_when_the_clock_stands_or_goes_back(sandbox: Sandbox, web: WebClient) -> None:
    stamps = [float(web.chat_postMessage(channel="U0PRIYA", text="hello")["ts"])]
    sandbox.clock.move_to(sandbox.clock.now().replace(hour=7))
    stamps += [float(web.chat_postMessage(channel="U0PRIYA", text="hello")["ts"])]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == sandbox.clock.now().replace(hour=8).timestamp()


def test_a_channel_message_is_seen_by_its_members_only(web: WebClient, client: SandboxClient) -> None:
    web.chat_postMessage(channel="C0VISION", text="hello all")
    assert [message.text for message in client.person("Dana").messages("vision")] == ["hello all"]
    with pytest.raises(NotHereError, match="Sam Okoye is not in #vision"):
        client.person("Sam").messages("vision")


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
        ("C0PLATFORM", "not_in_channel"),
        ("C0LEADS", "channel_not_found"),  # private, and the app is not in it
        ("C0OLD", "is_archived"),
        ("U0MURMUR", "cannot_dm_bot"),
    ],
)
def test_the_app_cannot_write_everywhere(web: WebClient, channel: str, error: str) -> None:
    assert error_of(web, "chat.postMessage", channel=channel, text="hello")["error"] == error


def test_a_message_to_somebody_who_left_is_taken_and_read_by_nobody(web: WebClient, client: SandboxClient) -> None:
    assert web.chat_postMessage(channel="U0OTTO", text="hello")["channel"] == "D0OTTO"
    assert len(client.person("Otto").dms()) == 1
    assert client.transcript("Otto") == ""


def test_with_chat_write_public_the_app_need_not_be_in_a_public_channel() -> None:
    installation = Installation(bot_scopes=(*DEFAULT_BOT_SCOPES, "chat:write.public"))
    with Sandbox(replace(default_workspace(), installation=installation)) as sandbox:
        assert web_client(sandbox).chat_postMessage(channel="#platform", text="hello")["channel"] == "C0PLATFORM"


def test_without_a_messages_tab_there_are_no_direct_messages() -> None:
    workspace = replace(default_workspace(), installation=Installation(messages_tab=False))
    with Sandbox(workspace) as sandbox:
        told = error_of(web_client(sandbox), "chat.postMessage", channel="U0PRIYA", text="hello")
        assert told["error"] == "messages_tab_disabled"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": "not json"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("y" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("y")] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [actions(button("A", "same"), button("B", "same"))]}, "invalid_blocks"),
    ],
)
def test_content_slack_would_refuse_is_refused_and_not_delivered(
    web: WebClient, client: SandboxClient, content: Json, error: str
) -> None:
    assert error_of(web, "chat.postMessage", channel="U0PRIYA", **content)["error"] == error
    assert client.person("Priya").dms() == []


def test_refused_blocks_are_explained_as_slack_explains_them(web: WebClient) -> None:
    told = error_of(web, "chat.postMessage", channel="U0PRIYA", text="x", blocks=[section("y" * 3001)])
    assert any(line.endswith("[json-pointer:/blocks/0/text/text]") for line in told["response_metadata"]["messages"])
    assert all(line.startswith("[ERROR] ") for line in told["response_metadata"]["messages"])


def test_blocks_need_no_text_beside_them(web: WebClient) -> None:
    assert web.api_call("chat.postMessage", json={"channel": "U0PRIYA", "blocks": [section("hello")]})["ok"]


def test_an_ephemeral_message_is_seen_by_one_person_and_kept_out_of_history(
    web: WebClient, client: SandboxClient
) -> None:
    answer = web.chat_postEphemeral(channel="C0VISION", user="U0PRIYA", text="just you")
    assert answer["message_ts"]
    priya, kofi = client.person("Priya"), client.person("Kofi")
    assert [message.text for message in priya.ephemerals()] == ["just you"]
    assert priya.ephemerals()[0].ephemeral
    assert priya.messages("vision") == priya.dms() == kofi.ephemerals() == kofi.messages("vision") == []


def test_an_ephemeral_message_cannot_be_updated_or_deleted_by_its_timestamp(web: WebClient) -> None:
    ts = web.chat_postEphemeral(channel="C0VISION", user="U0PRIYA", text="just you")["message_ts"]
    assert error_of(web, "chat.update", channel="C0VISION", ts=ts, text="x")["error"] == "message_not_found"
    assert error_of(web, "chat.delete", channel="C0VISION", ts=ts)["error"] == "message_not_found"


def test_an_ephemeral_message_needs_somebody_who_is_in_the_channel(web: WebClient) -> None:
    told = error_of(web, "chat.postEphemeral", channel="C0VISION", user="U0SAM", text="x")
    assert told["error"] == "user_not_in_channel"
    told = error_of(web, "chat.postEphemeral", channel="C0VISION", user="U0NOBODY", text="x")
    assert told["error"] == "user_not_found"


def test_a_message_can_be_changed_and_says_so(web: WebClient, client: SandboxClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="old", blocks=[section("old")])
    changed = web.chat_update(channel=posted["channel"], ts=posted["ts"], text="new", blocks=[section("new")])
    assert changed["ts"] == posted["ts"]
    (message,) = client.person("Priya").dms()
    assert (message.text, message.edited) == ("new", True)


def test_new_text_alone_takes_the_blocks_away(web: WebClient, client: SandboxClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="old", blocks=[section("old")])
    web.chat_update(channel=posted["channel"], ts=posted["ts"], text="plain")
    assert client.person("Priya").dms()[0].raw["blocks"] == []


def test_a_message_can_be_deleted_once(web: WebClient, client: SandboxClient) -> None:
    posted = web.chat_postMessage(channel="U0PRIYA", text="old")
    web.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert client.person("Priya").dms() == []
    told = error_of(web, "chat.delete", channel=posted["channel"], ts=posted["ts"])
    assert told["error"] == "message_not_found"


def test_updates_need_the_id_of_a_conversation_not_of_a_person(web: WebClient) -> None:
    ts = web.chat_postMessage(channel="U0PRIYA", text="old")["ts"]
    assert error_of(web, "chat.update", channel="U0PRIYA", ts=ts, text="x")["error"] == "channel_not_found"


def test_metadata_is_kept_with_the_message(web: WebClient, client: SandboxClient) -> None:
    metadata = {"event_type": "digest", "event_payload": {"round": "r1"}}
    web.chat_postMessage(channel="U0PRIYA", text="x", metadata=metadata)
    assert client.person("Priya").dms()[0].raw["metadata"] == metadata
    told = error_of(web, "chat.postMessage", channel="U0PRIYA", text="x", metadata="{")
    assert told["error"] == "invalid_metadata_format"


def test_a_thread_reply_stays_with_its_thread(web: WebClient, client: SandboxClient) -> None:
    parent = web.chat_postMessage(channel="U0PRIYA", text="parent")["ts"]
    web.chat_postMessage(channel="U0PRIYA", text="reply", thread_ts=parent)
    assert client.person("Priya").dms()[1].raw["thread_ts"] == parent


def test_a_header_is_plain_text(web: WebClient) -> None:
    bad = [{"type": "header", "text": {"type": "mrkdwn", "text": "*x*"}}]
    assert error_of(web, "chat.postMessage", channel="U0PRIYA", text="x", blocks=bad)["error"] == "invalid_blocks"
    good = [{"type": "header", "text": plain("x")}]
    assert web.chat_postMessage(channel="U0PRIYA", text="x", blocks=good)["ok"]
