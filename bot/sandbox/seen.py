"""What a person sees, as JSON: messages, ephemerals, Home, the stack of windows, troubles."""

from typing import Any

from bot.sandbox.inputs import Placed
from bot.sandbox.journal import Seen
from bot.sandbox.messages import Message, moment
from bot.sandbox.surface import AbsentError, Surface
from bot.sandbox.views import View
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]


class Eyes:
    """Looks at one world with the eyes of one person."""

    def __init__(self, world: World, person: Person) -> None:
        self._world = world
        self._person = person
        self._renderer = world.renderer(person.id)

    def screen(self) -> Json:
        """Everything the person sees of the app."""
        world, person = self._world, self._person
        home = world.views.home(person.id)
        return {
            "person": person_json(person),
            "revision": world.journal.revision(person.id),
            "messages": [self.message(one) for one in world.messages.history(world.dm_of(person.id))],
            "ephemerals": [self.message(one) for one in world.messages.ephemerals(person.id)],
            "home": self.view(home) if home else None,
            "views": [self.view(one) for one in world.views.stack(person.id)],
            "trouble": [one.text for one in world.journal.of(person.id) if one.kind is Seen.TROUBLE],
        }

    def messages(self, channel: str) -> list[Json]:
        """The history of a channel or direct message. Raises AbsentError when the person is not in it."""
        if self._person.id not in self._world.audience(channel):
            raise AbsentError(f"{self._person.real_name} is not in {self._world.name_of(channel)}")
        return [self.message(one) for one in self._world.messages.history(channel)]

    def place(self, channel: str) -> list[Json]:
        """The messages of a place as they stand before the person, those that only they see among them."""
        only_here = [one for one in self._world.messages.ephemerals(self._person.id) if one.channel == channel]
        shown = sorted([*self._world.messages.history(channel), *only_here], key=lambda one: moment(one.ts))
        return [self.message(one) for one in shown]

    def message(self, message: Message) -> Json:
        """A message: raw, and as it reads."""
        return {
            "channel": message.channel,
            "ts": message.ts,
            "author": message.author,
            "text": message.text,
            "blocks": message.blocks,
            "rendered": self._world.read(message, self._person.id),
            "notification": self._renderer.text(message.text),
            "buttons": Surface(message.blocks, self._renderer).buttons(),
            "ephemeral": message.only_for is not None,
            "edited": message.edited_ts is not None,
            "values": message.values_of(self._person.id),
            "thread_ts": message.thread_ts,
            "metadata": message.metadata,
        }

    def view(self, view: View) -> Json:
        """A window or Home: raw, and as it reads."""
        surface = Surface(view.blocks, self._renderer)
        fields = [self._field(view, label, placed) for label, placed in surface.fields()]
        labels = {field["block_id"]: field["label"] for field in fields}
        return {
            "id": view.id,
            "type": view.content.get("type"),
            "title": self._renderer.object(view.content.get("title")),
            "submit": self._renderer.object(view.content.get("submit")),
            "close": self._renderer.object(view.content.get("close")),
            "callback_id": view.content.get("callback_id") or "",
            "external_id": view.external_id,
            "private_metadata": view.content.get("private_metadata") or "",
            "hash": view.hash,
            "blocks": view.blocks,
            "values": view.values,
            "rendered": self._world.read_view(view),
            "buttons": surface.buttons(),
            "fields": fields,
            "errors": {labels.get(block, block): wrong for block, wrong in view.errors.items()},
            "errors_by_block": view.errors,
        }

    def find(self, where: str, label: str) -> View | Message:
        """The surface to press or fill in. Without `where`: the window in front if one is open, else the newest
        message with such a button or field, else Home. `where` may be "view", "home" or a message's timestamp.

        Raises AbsentError, saying what there is.
        """
        world, person = self._world, self._person
        top, home = world.views.top(person.id), world.views.home(person.id)
        if where == "home":
            if home is None:
                raise AbsentError(f"the app has not shown {person.real_name} a Home yet")
            return home
        if where == "view" or (not where and top is not None):
            if top is None:
                raise AbsentError(f"{person.real_name} has no window open")
            return top
        newest_first = sorted(self._all_messages(), key=lambda one: float(one.ts), reverse=True)
        if where:
            for message in newest_first:
                if message.ts == where:
                    return message
            raise AbsentError(f"{person.real_name} sees no message with the timestamp {where}")
        candidates: list[View | Message] = [*newest_first, *([home] if home else [])]
        for exactly in (True, False):
            for surface in candidates:
                if Surface(surface.blocks, self._renderer).has(label, exactly=exactly):
                    return surface
        there = dict.fromkeys(name for one in candidates for name in Surface(one.blocks, self._renderer).buttons())
        listed = ", ".join(f"'{name}'" for name in there) or "none"
        raise AbsentError(f"there is no button '{label}' in front of {person.real_name}; there are: {listed}")

    def _all_messages(self) -> list[Message]:
        world, person = self._world, self._person
        channels = [one.id for one in world.channels.values() if person.id in one.members]
        found = world.messages.ephemerals(person.id)
        for channel in (world.dm_of(person.id), *channels):
            found += world.messages.history(channel)
        return found

    def _field(self, view: View, label: str, placed: Placed) -> Json:
        options = list(placed.element.get("options") or [])
        for group in placed.element.get("option_groups") or []:
            options += group.get("options") or []
        return {
            "label": label,
            "type": placed.type,
            "block_id": placed.block_id,
            "action_id": placed.action_id,
            "optional": bool(placed.block.get("optional")),
            "options": [self._renderer.object(one.get("text")) for one in options],
            "state": view.values.get(placed.block_id, {}).get(placed.action_id),
        }


def person_json(person: Person) -> Json:
    """The facts about a person that others may want to show."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "tz": person.tz,
        "locale": person.locale,
        "title": person.title,
        "team": person.team,
        "role": person.role,
        "is_admin": person.is_admin,
        "is_bot": person.is_bot,
        "deleted": person.deleted,
    }
