"""The Slack app manifest: what Murmur asks a workspace for, and nothing it does not use.

`manifest.json` is what a person pastes at https://api.slack.com/apps under "From a manifest"; `murmur manifest`
prints it. Slack's reference of the format: https://docs.slack.dev/reference/app-manifest.

What each scope is for:
- chat:write: invitations, reminders and digests, sent to `channel=U...`; no im:write is needed for that
- commands: /pulse
- users:read: names, time zones, and who has left
- channels:read, groups:read: teams that follow a public or a private channel
No scope reads messages, e-mail addresses or files. Socket Mode's connections:write belongs to the app-level
token, which Slack does not take from a manifest.
"""

import json
from importlib import resources
from typing import Any


def manifest_text() -> str:
    """The manifest as it is kept, JSON with two spaces' indent and a newline at its end."""
    return resources.files("bot").joinpath("manifest.json").read_text(encoding="utf-8")


def manifest(*, request_url: str | None = None) -> dict[str, Any]:
    """The manifest as values: for Socket Mode, or for HTTP when `request_url` is where Slack shall send to.

    `request_url` is an https address that Slack can reach, "https://murmur.example.com/slack/events".
    """
    described: dict[str, Any] = json.loads(manifest_text())
    if request_url is not None:
        settings = described["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = request_url
        settings["interactivity"]["request_url"] = request_url
        for command in described["features"]["slash_commands"]:
            command["url"] = request_url
    return described


BOT_SCOPES: tuple[str, ...] = tuple(manifest()["oauth_config"]["scopes"]["bot"])
MESSAGES_TAB_READ_ONLY: bool = manifest()["features"]["app_home"]["messages_tab_read_only_enabled"]
BOT_EVENTS: tuple[str, ...] = tuple(manifest()["settings"]["event_subscriptions"]["bot_events"])
