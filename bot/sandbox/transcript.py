"""The journal as readable text: who saw and did what, in order."""

from collections.abc import Iterable
from itertools import groupby
from textwrap import indent

from bot.sandbox.journal import Entry, Seen
from bot.sandbox.world import World


def as_text(world: World, entries: Iterable[Entry]) -> str:
    """A heading whenever somebody else's turn comes, with the time where they are; then what they saw."""
    parts = []
    for (person, minute), some in groupby(
        entries, key=lambda one: (one.person, one.at.replace(second=0, microsecond=0))
    ):
        local = world.local_time(person, minute)
        parts.append(f"{world.people[person].real_name}, {local:%A} {local.day} {local:%B %Y, %H:%M}")
        parts += [_entry(world, one) for one in some]
        parts.append("")
    return "\n".join(parts)


def _entry(world: World, entry: Entry) -> str:
    if entry.kind is Seen.DID:
        return f"  > {entry.text}"
    where = f" in {world.name_of(entry.where)}" if entry.where in world.channels else ""
    return f"  {entry.kind.value}{where}:\n" + indent(entry.text, "    | ", lambda _: True)
