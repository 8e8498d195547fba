"""Stand-in workspaces of other sizes than Lantern Labs."""

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.workspace import Channel, Person, Workspace, default_workspace


def with_teams(sizes: Mapping[str, int], timezone: str = "Europe/Berlin") -> Workspace:
    """Lantern Labs with more channels, each with so many people of its own: "Red 1", "Red 2" in #red."""
    seed = default_workspace()
    people, channels = list(seed.people), list(seed.channels)
    for name, size in sizes.items():
        members = [
            Person(
                id=f"U1{name.upper()}{number}",
                name=f"{name}.{number}",
                real_name=f"{name.title()} {number}",
                tz=timezone,
            )
            for number in range(1, size + 1)
        ]
        people += members
        inside = (*(person.id for person in members), seed.installation.bot_user_id)
        channels.append(Channel(id=f"C1{name.upper()}", name=name, members=inside))
    return replace(seed, people=tuple(people), channels=tuple(channels))
