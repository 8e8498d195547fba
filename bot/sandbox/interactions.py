"""What Slack tells an app when a person does something: the payloads inside envelopes.

Shapes: docs.slack.dev/reference/interaction-payloads and the recorded payloads in slack_bolt's tests.
"""

from typing import Any

from bot.sandbox.inputs import Placed
from bot.sandbox.messages import Message
from bot.sandbox.posting import message_object
from bot.sandbox.showing import view_object
from bot.sandbox.views import View
from bot.sandbox.world import World

Json = dict[str, Any]


class Interactions:
    """Builds payloads about one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def pressed_in_message(self, person: str, message: Message, placed: Placed, chosen: Json) -> Json:
        """block_actions from a message; an ephemeral one is not sent along, as with Slack."""
        world = self._world
        ephemeral = message.only_for is not None
        secret = world.tickets.response_url(person, message.channel, message.ts)
        payload = self._common("block_actions", person) | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": ephemeral,
            },
            "trigger_id": world.tickets.trigger(person),
            "channel": {"id": message.channel, "name": self._channel_name(message.channel)},
            "state": {"values": message.values_of(person)},
            "response_url": f"{world.url}/actions/{world.workspace.team_id}/{secret}",
            "actions": [self._action(placed, chosen)],
        }
        if not ephemeral:
            payload["message"] = message_object(world, message)
        return payload

    def pressed_in_view(self, person: str, view: View, placed: Placed, chosen: Json) -> Json:
        """block_actions from a modal or Home."""
        return self._common("block_actions", person) | {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._world.tickets.trigger(person, None if view.is_home else view.id),
            "view": view_object(self._world, view),
            "actions": [self._action(placed, chosen)],
        }

    def submitted(self, person: str, view: View) -> Json:
        """view_submission."""
        return self._common("view_submission", person) | {
            "trigger_id": self._world.tickets.trigger(person, view.id),
            "view": view_object(self._world, view),
            "response_urls": [],
        }

    def closed(self, person: str, view: View, *, cleared: bool) -> Json:
        """view_closed."""
        return self._common("view_closed", person) | {
            "view": view_object(self._world, view),
            "is_cleared": cleared,
        }

    def command(self, person: str, command: str, text: str, channel: str) -> Json:
        """A slash command."""
        world = self._world
        secret = world.tickets.response_url(person, channel, None)
        return {
            "token": world.installation.verification_token,
            "team_id": world.workspace.team_id,
            "team_domain": world.workspace.domain,
            "channel_id": channel,
            "channel_name": self._channel_name(channel),
            "user_id": person,
            "user_name": world.people[person].name,
            "command": command,
            "text": text,
            "api_app_id": world.installation.app_id,
            "is_enterprise_install": "false",
            "response_url": f"{world.url}/commands/{world.workspace.team_id}/{secret}",
            "trigger_id": world.tickets.trigger(person),
        }

    def home_opened(self, person: str) -> Json:
        """An app_home_opened event, with the Home there is already."""
        event: Json = {
            "type": "app_home_opened",
            "user": person,
            "channel": self._world.dm_of(person),
            "tab": "home",
            "event_ts": self._world.messages.next_ts(self._world.now),
        }
        if home := self._world.views.home(person):
            event["view"] = view_object(self._world, home)
        return self.event(event)

    def said(self, message: Message) -> Json:
        """A message event: a person wrote something."""
        room = self._world.channels.get(message.channel)
        return self.event(
            {
                "type": "message",
                "user": message.author,
                "text": message.text,
                "ts": message.ts,
                "team": self._world.workspace.team_id,
                "channel": message.channel,
                "channel_type": "im" if room is None else "group" if room.is_private else "channel",
                "event_ts": message.ts,
            }
        )

    def event(self, event: Json) -> Json:
        """An event in the wrapper of the Events API."""
        world, app = self._world, self._world.installation
        return {
            "token": app.verification_token,
            "team_id": world.workspace.team_id,
            "api_app_id": app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": world.next_event_id(),
            "event_time": int(world.now.timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": world.workspace.team_id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }

    def _common(self, kind: str, person: str) -> Json:
        world = self._world
        somebody = world.people[person]
        return {
            "type": kind,
            "team": {"id": world.workspace.team_id, "domain": world.workspace.domain},
            "user": {
                "id": person,
                "username": somebody.name,
                "name": somebody.name,
                "team_id": world.workspace.team_id,
            },
            "api_app_id": world.installation.app_id,
            "token": world.installation.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, placed: Placed, chosen: Json) -> Json:
        action: Json = {
            "type": placed.type,
            "action_id": placed.action_id,
            "block_id": placed.block_id,
            "action_ts": self._world.messages.next_ts(self._world.now),
        }
        if placed.type == "button":
            action["text"] = placed.element.get("text")
            for name in ("value", "style", "url"):
                if placed.element.get(name) is not None:
                    action[name] = placed.element[name]
        return action | {name: value for name, value in chosen.items() if name != "type"}

    def _channel_name(self, channel: str) -> str:
        found = self._world.channels.get(channel)
        if found is None:
            return "directmessage"
        return "privategroup" if found.is_private else found.name
