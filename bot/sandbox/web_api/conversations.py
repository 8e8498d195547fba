"""conversations.list, info, members and open."""

from typing import Any, Final

from bot.sandbox.web_api.calls import ApiError, Call, Json, Method, page
from bot.sandbox.workspace import Channel, Person

SCOPE_OF_TYPE: Final = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "mpim": "mpim:read",
    "im": "im:read",
}


def conversations_list(call: Call) -> Json:
    """Public channels, and private ones the app is a member of; direct messages when asked for."""
    types = [kind.strip() for kind in (call.text("types") or "public_channel").split(",")]
    if unknown := [kind for kind in types if kind not in SCOPE_OF_TYPE]:
        raise ApiError("invalid_types", [f"[ERROR] unknown type {unknown[0]}"])
    for kind in types:
        call.scope(SCOPE_OF_TYPE[kind])
    world, found = call.world, list[Json]()
    for channel in world.channels.values():
        if channel.is_archived and call.flag("exclude_archived"):
            continue
        if channel.is_private and "private_channel" in types and _bot_is_in(call, channel):
            found.append(channel_object(call, channel))
        if not channel.is_private and "public_channel" in types:
            found.append(channel_object(call, channel))
    if "im" in types:
        found += [dm_object(call, person) for person in world.people.values() if not person.is_bot]
    channels, metadata = page(call, found, kind="channel", default=100)
    return {"channels": channels, "response_metadata": metadata}


def conversations_info(call: Call) -> Json:
    """One channel, or direct message with the app."""
    channel_id = call.required("channel")
    if person := call.world.person_of_dm(channel_id):
        call.scope("im:read")
        return {"channel": dm_object(call, person)}
    channel = readable_channel(call, channel_id)
    told = channel_object(call, channel)
    if not call.flag("include_num_members"):
        del told["num_members"]
    return {"channel": told}


def conversations_members(call: Call) -> Json:
    """Who is in a channel or direct message; deactivated people are not."""
    channel_id = call.required("channel")
    if person := call.world.person_of_dm(channel_id):
        call.scope("im:read")
        everybody = [person.id, call.world.installation.bot_user_id]
    else:
        channel = readable_channel(call, channel_id)
        everybody = [who for who in channel.members if not call.world.people[who].deleted]
    members, metadata = page(call, everybody, kind="member", default=100)
    return {"members": members, "response_metadata": metadata}


def conversations_open(call: Call) -> Json:
    """Open the direct message between the app and a person."""
    if channel_id := call.text("channel"):
        person = call.world.person_of_dm(channel_id)
        if person is None:
            raise ApiError("channel_not_found")
    else:
        users = [who for who in (call.text("users") or "").split(",") if who]
        if not users:
            raise ApiError("users_list_not_supplied")
        if len(users) > 1:
            # Group direct messages: Murmur opens none, so the stand-in has none either.
            raise ApiError("missing_scope", needed="mpim:write", provided=",".join(call.scopes))
        person = call.world.people.get(users[0])
        if person is None:
            raise ApiError("user_not_found")
        if person.deleted:
            raise ApiError("user_disabled")
        if person.is_bot:
            raise ApiError("cannot_dm_bot")
    channel: Json = {"id": call.world.dm_of(person.id)}
    if call.flag("return_im"):
        channel = dm_object(call, person)
    return {"no_op": True, "already_open": True, "channel": channel}


def readable_channel(call: Call, channel_id: str) -> Channel:
    """A channel the token may look at. Raises ApiError channel_not_found or missing_scope."""
    channel = call.world.channels.get(channel_id)
    if channel is None:
        raise ApiError("channel_not_found")
    call.scope("groups:read" if channel.is_private else "channels:read")
    if channel.is_private and not _bot_is_in(call, channel):
        raise ApiError("channel_not_found")
    return channel


def channel_object(call: Call, channel: Channel) -> Json:
    """A channel in the shape of conversations.info."""
    now = int(call.world.now.timestamp())
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": _bot_is_in(call, channel),
        "created": now,
        "creator": channel.members[0] if channel.members else "",
        "unlinked": 0,
        "context_team_id": call.world.workspace.team_id,
        "topic": _stamped(channel.topic),
        "purpose": _stamped(channel.purpose),
        "previous_names": [],
        "num_members": len(channel.members),
    }


def dm_object(call: Call, person: Person) -> Json:
    """A direct message in the shape of conversations.info."""
    return {
        "id": call.world.dm_of(person.id),
        "created": int(call.world.now.timestamp()),
        "is_im": True,
        "is_org_shared": False,
        "is_archived": False,
        "context_team_id": call.world.workspace.team_id,
        "user": person.id,
        "is_user_deleted": person.deleted,
    }


def _stamped(text: str) -> dict[str, Any]:
    return {"value": text, "creator": "", "last_set": 0}


def _bot_is_in(call: Call, channel: Channel) -> bool:
    return call.world.installation.bot_user_id in channel.members


METHODS = (
    Method(name="conversations.list", handler=conversations_list),
    Method(name="conversations.info", handler=conversations_info),
    Method(name="conversations.members", handler=conversations_members),
    Method(name="conversations.open", handler=conversations_open, scopes=("im:write",)),
)
