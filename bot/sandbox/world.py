"""Everything a sandbox knows, in one place: who is there, what was said, what is open, what goes wrong."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.bell import Bell
from bot.sandbox.clock import VirtualClock
from bot.sandbox.faults import Faults
from bot.sandbox.inputs import BlockIds
from bot.sandbox.journal import Journal, Seen
from bot.sandbox.limits import Limits, Rates
from bot.sandbox.messages import Message, Messages
from bot.sandbox.records import Records
from bot.sandbox.rendering import Renderer
from bot.sandbox.tickets import Tickets
from bot.sandbox.unread import ReadMarks
from bot.sandbox.views import View, Views
from bot.sandbox.workspace import Channel, Person, Said, UserGroup, Workspace, find_person

Reader = Callable[[str, str, str], object]
"""Is told who has read which place, by id, and the timestamp of the last message read."""


class World:
    """The state of one sandbox. Only the server's event loop touches it, so it needs no locks."""

    def __init__(
        self,
        workspace: Workspace,
        clock: VirtualClock,
        *,
        rates: Rates | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workspace = workspace
        self.installation = workspace.installation
        self.clock = clock
        self.monotonic = monotonic
        app = workspace.installation
        bot = Person(id=app.bot_user_id, name=app.name.lower(), real_name=app.name, is_bot=True)
        self.people = {person.id: person for person in (*workspace.people, bot)}
        self.channels = {channel.id: channel for channel in workspace.channels}
        self.user_groups = {group.id: group for group in workspace.user_groups}
        self.revoked = False  # the app was removed from the workspace
        self.next_event = 1
        self.bell = Bell()
        self.block_ids = BlockIds()
        self.messages = Messages()
        self.views = Views(self.block_ids)
        self.journal = Journal(self.bell)
        self.marks = ReadMarks()
        self.reading: list[Reader] = []  # told whenever somebody has read on
        self.troubles: dict[str, str] = {}  # person -> what Slack itself says of their last act
        self.tickets = Tickets(monotonic)
        self.limits = Limits(rates or Rates(), monotonic)
        self.faults = Faults(self.bell.ring)
        self.records = Records(self.bell)
        self.url = ""  # where the server listens, known once it does
        began = self.now
        for said in sorted((Said(*one) for one in workspace.messages), key=lambda one: -one.minutes_before):
            self._remember(said, began)

    @property
    def now(self) -> datetime:
        """The virtual instant it is."""
        return self.clock.now()

    def person(self, who: str) -> Person:
        """A person by id, handle or name. Raises KeyError naming everybody there is."""
        return self.people.get(who) or find_person(self.people.values(), who)

    def channel(self, which: str) -> Channel:
        """A channel by id, name or "#name". Raises KeyError naming the channels there are."""
        wanted = which.lstrip("#").casefold()
        for channel in self.channels.values():
            if wanted in (channel.id.casefold(), channel.name.casefold()):
                return channel
        names = ", ".join(f"#{channel.name}" for channel in self.channels.values())
        raise KeyError(f"there is no channel {which!r}; there are: {names}")

    def user_group(self, which: str) -> UserGroup:
        """A user group by id or handle. Raises KeyError naming the groups there are."""
        wanted = which.lstrip("@").casefold()
        for group in self.user_groups.values():
            if wanted in (group.id.casefold(), group.handle.casefold()):
                return group
        names = ", ".join(f"@{group.handle}" for group in self.user_groups.values())
        raise KeyError(f"there is no user group {which!r}; there are: {names}")

    def dm_of(self, person: str) -> str:
        """The id of the direct message between a person and the app."""
        return f"D0{person.removeprefix('U0').removeprefix('W0')}"

    def person_of_dm(self, channel: str) -> Person | None:
        """Whose direct message a D id is."""
        rest = channel.removeprefix("D0")
        candidates = (self.people.get(start + rest) for start in ("U0", "W0", ""))
        return next((one for one in candidates if one and self.dm_of(one.id) == channel), None)

    def audience(self, channel: str) -> list[str]:
        """The ids of the people who see a channel or direct message."""
        if channel in self.channels:
            members = [self.people[who] for who in self.channels[channel].members]
        else:
            person = self.person_of_dm(channel)
            members = [person] if person else []
        return [one.id for one in members if not one.is_bot and not one.deleted]

    def name_of(self, thing: str) -> str:
        """The name of a person, channel or user group id, as Slack shows a mention of it."""
        if thing in self.people:
            return f"@{self.people[thing].real_name}"
        if thing in self.channels:
            return f"#{self.channels[thing].name}"
        if thing in self.user_groups:
            return f"@{self.user_groups[thing].handle}"
        return thing

    def next_event_id(self) -> str:
        """The id of the next event the app is told of; apps know by it what they have been told already."""
        number, self.next_event = self.next_event, self.next_event + 1
        return f"Ev{number:09d}"

    def renderer(self, person: str) -> Renderer:
        """Renders for this person, in their time zone."""
        return Renderer(self.name_of, self.people[person].tz)

    def local_time(self, person: str, instant: datetime) -> datetime:
        """An instant in this person's time zone."""
        return instant.astimezone(ZoneInfo(self.people[person].tz))

    def read(self, message: Message, person: str) -> str:
        """A message as this person reads it."""
        return self.renderer(person).message(message.text, message.blocks, message.values_of(person))

    def read_view(self, view: View) -> str:
        """A view as its person reads it."""
        return self.renderer(view.person).view(view.content, view.values, view.errors)

    def saw(self, person: str, kind: Seen, text: str, where: str = "") -> None:
        """Note in the journal what a person saw or did."""
        self.journal.record(self.now, person, kind, text, where)

    def everyone_saw(self, message: Message, kind: Seen) -> None:
        """Note a message of a history for everybody who sees its channel."""
        for person in self.audience(message.channel):
            self.saw(person, kind, self.read(message, person), message.channel)

    def change_person(self, person: Person, **changes: object) -> Person:
        """Replace facts about a person. Raises TypeError for facts there are not."""
        self.people[person.id] = replace(person, **changes)  # type: ignore[arg-type]
        return self.people[person.id]

    def _remember(self, said: Said, began: datetime) -> None:
        """Put a message of the time before into its channel."""
        channel = self.channel(said.channel).id
        ts = self.messages.next_ts(began - timedelta(minutes=said.minutes_before))
        author = self.person(said.author).id
        self.messages.add(Message(channel=channel, ts=ts, author=author, text=said.text, blocks=[]))
        for person in self.audience(channel):
            self.marks.mark(person, channel, ts)
