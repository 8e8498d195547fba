"""Messages coming into the world, changing and going: for chat.* and response URLs alike, and of people."""

from bot.sandbox.journal import Seen
from bot.sandbox.messages import Json, Message
from bot.sandbox.world import World


def post(
    world: World,
    channel: str,
    *,
    text: str,
    blocks: list[Json],
    only_for: str | None = None,
    thread_ts: str | None = None,
    metadata: Json | None = None,
) -> Message:
    """Put a message of the app into a channel, or before the eyes of one person only."""
    message = Message(
        channel=channel,
        ts=world.messages.next_ts(world.now),
        author=world.installation.bot_user_id,
        text=text,
        blocks=world.block_ids.complete(blocks),
        only_for=only_for,
        thread_ts=thread_ts,
        metadata=metadata,
    )
    world.messages.add(message)
    if only_for is None:
        world.everyone_saw(message, Seen.MESSAGE)
    else:
        world.saw(only_for, Seen.EPHEMERAL, world.read(message, only_for), channel)
    return message


def say(world: World, person: str, channel: str, text: str) -> Message:
    """Put a message of a person into a channel or direct message. Whoever writes has read what is above."""
    message = Message(channel=channel, ts=world.messages.next_ts(world.now), author=person, text=text, blocks=[])
    world.messages.add(message)
    world.marks.mark(person, channel, message.ts)
    world.saw(person, Seen.DID, f"wrote '{world.read(message, person)}'", channel)
    for other in world.audience(channel):
        if other != person:
            world.saw(other, Seen.MESSAGE, world.read(message, other), channel)
    return message


def edit(world: World, message: Message, *, text: str | None, blocks: list[Json] | None) -> None:
    """Change a message. None keeps what is there, except that new text alone takes the blocks away, as with
    Slack.
    """
    if blocks is not None:
        message.blocks = world.block_ids.complete(blocks)
    elif text is not None:
        message.blocks = []
    if text is not None:
        message.text = text
    message.values = {}
    if message.only_for is None:
        message.edited_ts = world.messages.next_ts(world.now)
        world.everyone_saw(message, Seen.MESSAGE_EDITED)
    else:
        world.saw(message.only_for, Seen.EPHEMERAL, world.read(message, message.only_for), message.channel)


def delete(world: World, message: Message) -> None:
    """Take a message away."""
    world.messages.remove(message)
    for person in [message.only_for] if message.only_for else world.audience(message.channel):
        world.saw(person, Seen.MESSAGE_DELETED, world.read(message, person), message.channel)


def message_object(world: World, message: Message) -> Json:
    """A message of the app in the shape in which Slack returns it and puts it into payloads."""
    app = world.installation
    told: Json = {
        "type": "message",
        "user": message.author,
        "bot_id": app.bot_id,
        "app_id": app.app_id,
        "team": world.workspace.team_id,
        "text": message.text,
        "ts": message.ts,
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.app_id,
            "name": app.name,
            "deleted": False,
            "team_id": world.workspace.team_id,
        },
    }
    if message.blocks:
        told["blocks"] = message.blocks
    if message.thread_ts:
        told["thread_ts"] = message.thread_ts
    if message.edited_ts:
        told["edited"] = {"user": message.author, "ts": message.edited_ts}
    if message.metadata:
        told["metadata"] = message.metadata
    return told
