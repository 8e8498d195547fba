"""The workspace changing under the app: people join, leave and move, channels close, the app is removed."""

from dataclasses import replace
from typing import Any

from bot.sandbox.acts import Acts, Outcome
from bot.sandbox.web_api.people import group_object, user_object
from bot.sandbox.workspace import Channel, Person, UserGroup
from bot.sandbox.world import World

Json = dict[str, Any]


class Changes:
    """Changes one world and tells the app by the events Slack sends."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts

    async def person_joins(self, person: Person) -> Outcome:
        """Somebody new."""
        self._world.people[person.id] = person
        return await self._tell({"type": "team_join", "user": self._user(person)})

    async def person_changes(self, person: Person, **facts: Any) -> Outcome:
        """Other facts about a person, `deleted=True` among them. Raises TypeError for facts there are not."""
        changed = self._world.change_person(person, **facts)
        return await self._tell({"type": "user_change", "user": self._user(changed)})

    async def joins(self, person: Person, channel: Channel) -> Outcome:
        """A person, or the app's bot, joins a channel."""
        members = (*(who for who in channel.members if who != person.id), person.id)
        channel = self._set_members(channel, members)
        # What was written before somebody came is not new to them.
        self._world.marks.mark(person.id, channel.id, self._world.messages.latest(channel.id))
        return await self._membership("member_joined_channel", person, channel, heard=channel)

    async def leaves(self, person: Person, channel: Channel) -> Outcome:
        """A person, or the app's bot, leaves a channel."""
        after = self._set_members(channel, tuple(who for who in channel.members if who != person.id))
        return await self._membership("member_left_channel", person, after, heard=channel)

    async def channel_is_archived(self, channel: Channel) -> Outcome:
        """A channel is archived."""
        self._world.channels[channel.id] = replace(channel, is_archived=True)
        return await self._tell({"type": "channel_archive", "channel": channel.id, "user": self._somebody()})

    async def channel_is_deleted(self, channel: Channel) -> Outcome:
        """A channel is gone."""
        del self._world.channels[channel.id]
        return await self._tell({"type": "channel_deleted", "channel": channel.id})

    async def group_changes(self, group: UserGroup, members: tuple[str, ...]) -> Outcome:
        """Other people make up a user group."""
        world = self._world
        changed = world.user_groups[group.id] = replace(group, members=members)
        told = group_object(changed, world.workspace.team_id, world.now) | {"users": list(members)}
        await self._tell({"type": "subteam_updated", "subteam": told})
        return await self._tell(
            {
                "type": "subteam_members_changed",
                "subteam_id": group.id,
                "team_id": world.workspace.team_id,
                "added_users": [who for who in members if who not in group.members],
                "removed_users": [who for who in group.members if who not in members],
                "added_users_count": len(set(members) - set(group.members)),
                "removed_users_count": len(set(group.members) - set(members)),
            }
        )

    async def app_is_removed(self) -> Outcome:
        """Somebody takes the app out of the workspace; the two events come in this order or the other."""
        self._world.revoked = True
        bot = self._world.installation.bot_user_id
        await self._tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})
        return await self._tell({"type": "app_uninstalled"})

    async def happens(self, event: Json) -> Outcome:
        """Any other event, sent as it is if the app subscribed to its type."""
        return await self._tell(event)

    async def _membership(self, kind: str, person: Person, channel: Channel, *, heard: Channel) -> Outcome:
        """Slack tells an app only of channels its bot is in, or was in when it left."""
        if self._world.installation.bot_user_id not in heard.members:
            return Outcome(sent=False)
        event = {
            "type": kind,
            "user": person.id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._world.workspace.team_id,
        }
        return await self._tell(event)

    async def _tell(self, event: Json) -> Outcome:
        self._world.journal.stir_everyone()
        event.setdefault("event_ts", self._world.messages.next_ts(self._world.now))
        return await self._acts.happen(self._acts.event(event))

    def _set_members(self, channel: Channel, members: tuple[str, ...]) -> Channel:
        self._world.channels[channel.id] = replace(channel, members=members)
        self._world.journal.stir_everyone()
        return self._world.channels[channel.id]

    def _user(self, person: Person) -> Json:
        scopes = self._world.installation.bot_scopes
        return user_object(
            person,
            self._world.workspace.team_id,
            self._world.now,
            with_email="users:read.email" in scopes,
            with_locale=True,
        )

    def _somebody(self) -> str:
        return next(iter(self._world.people))
