"""The places of a person's sidebar - channels, and the direct message with the app - and what is unread there."""

from datetime import datetime
from typing import Any

from bot.sandbox.surface import AbsentError
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]


def places(world: World, person: Person) -> list[Json]:
    """The channels a person is in, by name, and the app last."""
    dm = world.dm_of(person.id)
    listed = [
        {
            "id": channel.id,
            "name": channel.name,
            "kind": "private" if channel.is_private else "channel",
            "unread": unread_in(world, person.id, channel.id),
            "topic": channel.topic,
            "writable": True,
        }
        for channel in sorted(world.channels.values(), key=lambda one: one.name)
        if person.id in channel.members and not channel.is_archived
    ]
    app = {
        "id": dm,
        "name": world.installation.name,
        "kind": "app",
        "unread": unread_in(world, person.id, dm),
        "topic": "",
        "writable": not world.installation.messages_tab_read_only,
    }
    return [*listed, app]


def place(world: World, person: Person, which: str) -> str:
    """The id of a place by id or name; "" means the app. Raises AbsentError for what is no place of this person."""
    there = places(world, person)
    wanted = which.lstrip("#").casefold()
    for one in there:
        if wanted in (one["id"].casefold(), one["name"].casefold()):
            return str(one["id"])
    if not which:
        return world.dm_of(person.id)
    names = ", ".join(one["name"] for one in there)
    raise AbsentError(f"{person.real_name} has no place {which!r}; there are: {names}")


def unread_in(world: World, person: str, channel: str) -> int:
    """How many messages of a place a person has not read."""
    return world.messages.newer(channel, world.marks.of(person, channel))


def read(world: World, person: str, channel: str) -> None:
    """A person reads a place to its end."""
    latest = world.messages.latest(channel)
    if world.marks.mark(person, channel, latest):
        world.journal.stir(person)
        for listener in world.reading:
            listener(person, channel, latest)


def read_everything(world: World, before: datetime) -> None:
    """Everybody has read everything that was written before an instant."""
    everywhere = [*world.channels, *(world.dm_of(person) for person in world.people)]
    for channel in everywhere:
        latest = world.messages.latest(channel, before)
        for person in world.audience(channel):
            world.marks.mark(person, channel, latest)
    world.journal.stir_everyone()


class UnreadCounts:
    """How many direct messages everybody has not read, counted again only for those before whose eyes something
    changed. What is said in channels is for everybody, and nobody in particular waits for it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, tuple[int, int]] = {}  # person -> what they had seen then, and the count

    def of_everyone(self) -> dict[str, int]:
        """The unread direct messages by person id; those who have read everything, bots and people who left are left
        out.
        """
        people = self._world.people.values()
        counts = {one.id: self._of(one) for one in people if not one.is_bot and not one.deleted}
        return {person: count for person, count in counts.items() if count}

    def _of(self, person: Person) -> int:
        seen = self._world.journal.seen(person.id)
        known = self._known.get(person.id)
        if known is None or known[0] != seen:
            count = unread_in(self._world, person.id, self._world.dm_of(person.id))
            known = self._known[person.id] = (seen, count)
        return known[1]
