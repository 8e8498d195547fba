"""A world to keep and to go on with: its messages, Homes, read marks, people and channels as JSON.

Not kept is what passes: open windows, trigger ids, traffic, faults, the time.
"""

import copy
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.sandbox.messages import Message
from bot.sandbox.unread import ReadMarks
from bot.sandbox.views import View
from bot.sandbox.workspace import Channel, Person, UserGroup
from bot.sandbox.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What is kept of a world."""

    format: Literal[1] = 1  # another number for another shape
    team: str  # the id of the workspace
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    user_groups: tuple[UserGroup, ...]
    revoked: bool
    messages: tuple[Message, ...]  # histories and ephemeral ones, with what everybody chose in them
    homes: tuple[View, ...]
    marks: dict[str, dict[str, str]]  # see unread.ReadMarks
    last_moment: int  # numbers that go on
    next_block: int
    next_view: int
    next_event: int


_SAVED: TypeAdapter[Saved] = TypeAdapter(Saved)


def save(world: World) -> Json:
    """What is kept of a world, as JSON."""
    saved = Saved(
        team=world.workspace.team_id,
        people=tuple(world.people.values()),
        channels=tuple(world.channels.values()),
        user_groups=tuple(world.user_groups.values()),
        revoked=world.revoked,
        messages=tuple(world.messages.everything()),
        homes=tuple(world.views.homes()),
        marks=world.marks.everyone(),
        last_moment=world.messages.last_moment,
        next_block=world.block_ids.next_number,
        next_view=world.views.next_number,
        next_event=world.next_event,
    )
    kept: Json = _SAVED.dump_python(saved, mode="json")
    return kept


def restore(world: World, kept: Json) -> None:
    """Put a world where a saved one stood. Raises ValueError, with nothing changed, for what save() does not
    return, and for another workspace's.
    """
    saved = _SAVED.validate_python(copy.deepcopy(kept))
    if saved.team != world.workspace.team_id:
        raise ValueError(f"this was saved in the workspace {saved.team}, not in {world.workspace.team_id}")
    world.people = {person.id: person for person in saved.people}
    world.channels = {channel.id: channel for channel in saved.channels}
    world.user_groups = {group.id: group for group in saved.user_groups}
    world.revoked = saved.revoked
    world.messages.restore(saved.messages, saved.last_moment)
    world.views.restore_homes(saved.homes)
    world.marks = ReadMarks(saved.marks)
    world.block_ids.next_number = saved.next_block
    world.views.next_number = saved.next_view
    world.next_event = saved.next_event
    world.journal.stir_everyone()
