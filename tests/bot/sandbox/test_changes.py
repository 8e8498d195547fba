from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from bot.sandbox.client import SandboxClient, SandboxError
from tests.bot.sandbox.support import Json, SocketApp, error_of

Connect = Callable[..., SocketApp]


def events(app: SocketApp) -> list[Json]:
    return [one["payload"]["event"] for one in app.envelopes]


def test_somebody_who_leaves_is_deactivated_and_the_app_hears_of_it(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    assert client.change("person_changes", person="Kofi", deleted=True).acked
    (event,) = events(app)
    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == ("user_change", "U0KOFI", True)
    assert web.users_info(user="U0KOFI")["user"]["deleted"] is True
    assert "U0KOFI" not in web.usergroups_users_list(usergroup="S0VISION")["users"]
    assert "U0KOFI" not in web.conversations_members(channel="C0VISION")["members"]
    assert error_of(web, "conversations.open", users="U0KOFI")["error"] == "user_disabled"
    web.chat_postMessage(channel="C0VISION", text="after Kofi left")
    assert client.transcript("Kofi") == ""


def test_somebody_new_joins(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("person_joins", id="U0NEW", name="new", real_name="Noor Haddad", tz="Asia/Amman")
    assert events(app)[0]["type"] == "team_join"
    assert web.users_info(user="U0NEW")["user"]["real_name"] == "Noor Haddad"
    assert client.person("Noor").id == "U0NEW"


def test_a_new_time_zone_is_told(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("person_changes", person="Elif", tz="Asia/Tokyo")
    assert events(app)[0]["user"]["tz"] == "Asia/Tokyo"


def test_coming_and_going_is_told_of_channels_the_app_is_in(
    web: WebClient, client: SandboxClient, connect: Connect
) -> None:
    app = connect()
    client.change("joins", person="Sam", channel="#vision")
    client.change("leaves", person="Kofi", channel="vision")
    assert not client.change("leaves", person="Mei", channel="platform").sent
    assert [(event["type"], event["user"], event["channel"]) for event in events(app)] == [
        ("member_joined_channel", "U0SAM", "C0VISION"),
        ("member_left_channel", "U0KOFI", "C0VISION"),
    ]
    members = web.conversations_members(channel="C0VISION")["members"]
    assert "U0SAM" in members
    assert "U0KOFI" not in members
    assert "U0MEI" not in web.conversations_members(channel="C0PLATFORM")["members"]


def test_the_app_itself_can_be_invited_and_thrown_out(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("joins", person="U0MURMUR", channel="platform")
    web.chat_postMessage(channel="C0PLATFORM", text="hello")
    client.change("leaves", person="U0MURMUR", channel="platform")
    assert error_of(web, "chat.postMessage", channel="C0PLATFORM", text="hello")["error"] == "not_in_channel"
    assert [event["type"] for event in events(app)] == ["member_joined_channel", "member_left_channel"]


def test_channels_can_be_archived_and_deleted(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("channel_is_archived", channel="vision")
    assert error_of(web, "chat.postMessage", channel="C0VISION", text="x")["error"] == "is_archived"
    client.change("channel_is_deleted", channel="vision")
    assert error_of(web, "conversations.info", channel="C0VISION")["error"] == "channel_not_found"
    assert [event["type"] for event in events(app)] == ["channel_archive", "channel_deleted"]


def test_a_user_group_changes(web: WebClient, client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("group_changes", group="platform-team", members=["Mei", "Will"])
    updated, changed = events(app)
    assert updated["subteam"]["users"] == ["U0MEI", "U0WILL"]
    assert changed["added_users"] == ["U0WILL"]
    assert changed["removed_users"] == ["U0RAFAEL", "U0INGRID"]
    assert web.usergroups_users_list(usergroup="S0PLATFORM")["users"] == ["U0MEI", "U0WILL"]


def test_a_removed_app_hears_so_twice(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    client.change("app_is_removed")
    assert [event["type"] for event in events(app)] == ["tokens_revoked", "app_uninstalled"]


def test_only_events_the_app_subscribed_to_are_sent(client: SandboxClient, connect: Connect) -> None:
    app = connect()
    assert not client.change("happens", event={"type": "reaction_added"}).sent
    assert client.change("happens", event={"type": "channel_archive", "channel": "C1"}).sent
    assert [event["type"] for event in events(app)] == ["channel_archive"]
    assert events(app)[0]["event_ts"]


def test_a_change_there_is_not_is_refused(client: SandboxClient) -> None:
    with pytest.raises(SandboxError, match="cannot change by 'merger'"):
        client.change("merger")
    with pytest.raises(SandboxError, match=r"no channel 'nowhere'.*#vision"):
        client.change("channel_is_deleted", channel="nowhere")
    with pytest.raises(SandboxError, match="no user group 'nobody'"):
        client.change("group_changes", group="nobody", members=[])
