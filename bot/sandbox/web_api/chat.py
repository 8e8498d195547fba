"""chat.postMessage, postEphemeral, update and delete."""

from bot.sandbox import posting
from bot.sandbox.messages import Message
from bot.sandbox.web_api.calls import ApiError, Call, Json, Method
from bot.sandbox.web_api.checks import refuse_bad_message


def post_message(call: Call) -> Json:
    """Send a message to a channel, or to a person: a U id means the direct message with them."""
    channel = writable(call, call.required("channel"))
    text, blocks = _content(call)
    metadata = call.parsed("metadata", "invalid_metadata_format")
    message = posting.post(
        call.world,
        channel,
        text=text,
        blocks=blocks,
        thread_ts=call.text("thread_ts"),
        metadata=metadata if isinstance(metadata, dict) else None,
    )
    return {"channel": channel, "ts": message.ts, "message": posting.message_object(call.world, message)}


def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel. It is in no history."""
    channel = writable(call, call.required("channel"))
    user = call.required("user")
    if user not in call.world.people:
        raise ApiError("user_not_found")
    if user not in call.world.audience(channel):
        raise ApiError("user_not_in_channel")
    text, blocks = _content(call)
    message = posting.post(call.world, channel, text=text, blocks=blocks, only_for=user)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change a message of the app."""
    message = _own_message(call, "cant_update_message")
    text, blocks = _content(call)
    posting.edit(call.world, message, text=text, blocks=blocks or None)
    told = posting.message_object(call.world, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": told}


def delete(call: Call) -> Json:
    """Take a message of the app away."""
    message = _own_message(call, "cant_delete_message")
    posting.delete(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


def rate_key(call: Call) -> str | None:
    """The channel a chat.postMessage counts for: a person's id and their direct message are one."""
    channel = call.text("channel")
    return call.world.dm_of(channel) if channel in call.world.people else channel


def writable(call: Call, target: str) -> str:
    """The id of the channel or direct message meant, if the app may write there.

    Raises ApiError: channel_not_found, is_archived, not_in_channel, messages_tab_disabled or cannot_dm_bot.
    """
    world = call.world
    person = world.people.get(target) or world.person_of_dm(target)
    if person is not None:
        if person.is_bot:
            raise ApiError("cannot_dm_bot")
        # A deactivated person's direct message still takes messages, without an error, though nobody reads
        # them: github.com/slackapi/python-slack-sdk/issues/1156.
        if not world.installation.messages_tab:
            raise ApiError("messages_tab_disabled")
        return world.dm_of(person.id)
    name = target.lstrip("#")
    channel = world.channels.get(target) or next((one for one in world.channels.values() if one.name == name), None)
    is_member = channel is not None and world.installation.bot_user_id in channel.members
    if channel is None or (channel.is_private and not is_member):
        raise ApiError("channel_not_found")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not is_member and "chat:write.public" not in call.scopes:
        raise ApiError("not_in_channel")
    return channel.id


def _content(call: Call) -> tuple[str, list[Json]]:
    text = call.text("text")
    blocks = call.parsed("blocks", "invalid_blocks_format")
    return text or "", refuse_bad_message(call.method, call.world.faults, blocks, text)


def _own_message(call: Call, not_own: str) -> Message:
    channel, ts = call.required("channel"), call.required("ts")
    world = call.world
    if channel not in world.channels and world.person_of_dm(channel) is None:
        raise ApiError("channel_not_found")
    message = world.messages.find(channel, ts)
    if message is None:
        raise ApiError("message_not_found")
    if message.author != world.installation.bot_user_id:
        raise ApiError(not_own)
    return message


_SCOPES = ("chat:write",)
METHODS = (
    Method(name="chat.postMessage", handler=post_message, scopes=_SCOPES),
    Method(name="chat.postEphemeral", handler=post_ephemeral, scopes=_SCOPES),
    Method(name="chat.update", handler=update, scopes=_SCOPES),
    Method(name="chat.delete", handler=delete, scopes=_SCOPES),
)
