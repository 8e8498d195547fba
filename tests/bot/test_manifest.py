"""The manifest asks for what Murmur uses, and is one that Slack takes."""

import json
import re

from bot.manifest import BOT_EVENTS, BOT_SCOPES, manifest, manifest_text
from bot.views.pulse import COMMANDS

# What an event needs of the bot's scopes (https://docs.slack.dev/reference/events, a page an event)
NEEDED_BY_EVENT = {"app_home_opened": set[str]()}


def test_the_scopes_are_the_ones_murmur_uses_and_no_more() -> None:
    assert BOT_SCOPES == (
        "channels:read",
        "chat:write",
        "commands",
        "groups:read",
        "users:read",
    )


def test_no_scope_reads_what_people_write() -> None:
    assert not [scope for scope in BOT_SCOPES if re.search(r"history|email|files|im:|search|reactions", scope)]
    assert "user" not in manifest()["oauth_config"]["scopes"]


def test_every_event_is_covered_by_a_scope() -> None:
    assert set(BOT_EVENTS) == set(NEEDED_BY_EVENT)
    for event in BOT_EVENTS:
        assert NEEDED_BY_EVENT[event] <= set(BOT_SCOPES)


def test_nobody_can_write_to_murmur_in_a_message() -> None:
    assert manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_there_is_one_slash_command_and_it_says_how_to_use_it() -> None:
    [command] = manifest()["features"]["slash_commands"]
    assert command["command"] == "/pulse"
    assert sorted(re.findall(r"\w+", command["usage_hint"])) == sorted(COMMANDS)


def test_murmur_is_called_murmur() -> None:
    assert manifest()["display_information"]["name"] == "Murmur"
    assert manifest()["features"]["bot_user"]["display_name"] == "Murmur"


def test_texts_keep_to_slacks_lengths() -> None:
    about = manifest()["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", about["background_color"])
    [command] = manifest()["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_socket_mode_needs_no_address() -> None:
    settings = manifest()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert "http" not in json.dumps(manifest())


def test_http_mode_names_one_address_everywhere() -> None:
    address = "https://murmur.example.com/slack/events"
    described = manifest(request_url=address)
    assert described["settings"]["socket_mode_enabled"] is False
    assert described["settings"]["interactivity"] == {"is_enabled": True, "request_url": address}
    assert described["settings"]["event_subscriptions"]["request_url"] == address
    assert [command["url"] for command in described["features"]["slash_commands"]] == [address]
    assert described["oauth_config"] == manifest()["oauth_config"]


def test_the_file_is_kept_tidy() -> None:
    assert manifest_text() == json.dumps(manifest(), indent=2, ensure_ascii=False) + "\n"
