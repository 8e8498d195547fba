"""A person acting in Slack: pressing, choosing, sending, closing, typing a command, opening Home."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox import posting
from bot.sandbox.answers import Answers
from bot.sandbox.entering import complaints, entered, option
from bot.sandbox.inputs import CLICKABLE, Placed
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Seen
from bot.sandbox.messages import Message
from bot.sandbox.socket_mode import Delivery, SocketMode
from bot.sandbox.surface import AbsentError, Surface
from bot.sandbox.views import View
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]

CONNECTION_TROUBLE: Final = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal whose submission was not acknowledged, or acknowledged with nonsense."""

NO_ANSWER_TO_PRESS: Final = "{app} did not answer that press. Try again."
NO_ANSWER_TO_CHOICE: Final = "{app} did not answer that. Try again."

Listener = Callable[[str, Json, Json | None], None]
"""Is told who sent a form, the view as Slack passes it on, and what the app acknowledged it with, if anything."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an act."""

    sent: bool  # whether the app was told at all
    acked: bool = False
    trouble: str = ""  # what Slack says when the app did not answer
    errors: dict[str, str] = field(default_factory=dict)  # block id -> what stands beside the field
    revision: int = 0  # of what the person sees, before the app was told


class Acts:
    """Lets people act. Every method waits until the app has acknowledged or Slack has given up waiting."""

    def __init__(self, world: World, socket: SocketMode) -> None:
        self._world = world
        self._socket = socket
        self._payloads = Interactions(world)
        self._answers = Answers(world)
        self._listeners: list[Listener] = []

    def on_submission(self, listener: Listener) -> None:
        """Call this for every form that the app has acknowledged without errors beside its fields, when it has."""
        self._listeners.append(listener)

    async def press(
        self, person: Person, surface: View | Message, placed: Placed, choice: str, *, by_value: bool = False
    ) -> Outcome:
        """Press a button, or choose from an overflow menu. Raises AbsentError when there is no such choice."""
        there = self._surface(person, surface)
        chosen: Json = {}
        said = f"pressed [{there.label(placed)}]"
        if confirm := placed.element.get("confirm"):
            said += f" and confirmed '{self._world.renderer(person.id).object(confirm.get('title'))}'"
        if placed.type == "overflow":
            chosen = {"selected_option": option(placed.element, choice, by_value=by_value)}
            words = self._world.renderer(person.id).chosen(chosen) if by_value else choice
            said = f"chose '{words}' from the menu of '{there.label(placed)}'"
        self._begin(person, said)
        return await self._dispatch(person, surface, placed, chosen)

    async def enter(
        self, person: Person, surface: View | Message, placed: Placed, value: Any, *, by_value: bool = False
    ) -> Outcome:
        """Fill in, choose or pick. The app hears of it only where the element dispatches.

        Raises AbsentError when the element takes no such thing.
        """
        there = self._surface(person, surface)
        state = entered(self._world, placed, value, by_value=by_value)
        if isinstance(surface, View):
            surface.values.setdefault(placed.block_id, {})[placed.action_id] = state
        else:
            surface.choose(person.id, placed, state)
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        if by_value:
            shown = self._world.renderer(person.id).chosen(state)
        self._begin(person, f"entered '{shown}' for '{there.label(placed)}'")
        if not placed.dispatches:
            return Outcome(sent=False, revision=self._world.journal.revision(person.id))
        return await self._dispatch(person, surface, placed, state)

    async def submit(self, person: Person) -> Outcome:
        """Send the form in front. Raises AbsentError when there is none, or nothing to send it with."""
        view = self.view_in_front(person)
        submit = self._world.renderer(person.id).object(view.content.get("submit"))
        if not submit:
            raise AbsentError("this window has no button to send it with")
        self._begin(person, f"pressed [{submit}]")
        view.errors = complaints(view)
        if view.errors:
            self._answers.show_errors(view)
            return Outcome(sent=False, errors=view.errors, revision=self._world.journal.revision(person.id))
        revision = self._world.journal.revision(person.id)
        payload = self._payloads.submitted(person.id, view)
        delivery = await self._socket.deliver("interactive", payload, accepts_response=True)
        trouble = "" if delivery.acked and self._answers.to_submission(view, delivery.payload) else CONNECTION_TROUBLE
        self._trouble(person, trouble)
        if not trouble and not view.errors:
            self._tell_listeners(person, payload["view"], delivery.payload or None)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, errors=view.errors, revision=revision)

    def open(self, person: Person, message: Message) -> Outcome:
        """Look at a message again. Nobody is told."""
        self._begin(person, f"opened the message of {self._written_at(person, message)}")
        return Outcome(sent=False, revision=self._world.journal.revision(person.id))

    async def close(self, person: Person, *, everything: bool = False) -> Outcome:
        """Close the view in front, or all. The app hears of those that asked with notify_on_close."""
        world = self._world
        view = self.view_in_front(person)
        world.troubles.pop(person.id, None)
        everything = everything or bool(view.content.get("clear_on_close"))
        closed = world.views.close_all(person.id) if everything else [view]
        if not everything:
            world.views.close_top(person.id)
        world.saw(person.id, Seen.VIEW_CLOSED, "closed every window" if everything else "closed the window")
        revision, acked, sent = world.journal.revision(person.id), True, False
        for one in closed:
            if one.content.get("notify_on_close"):
                payload = self._payloads.closed(person.id, one, cleared=everything)
                delivery = await self._socket.deliver("interactive", payload, accepts_response=False)
                acked, sent = acked and delivery.acked, True
        return Outcome(sent=sent, acked=acked and sent, revision=revision)

    async def command(self, person: Person, line: str, channel: str) -> Outcome:
        """Type a slash command into a channel or direct message."""
        world = self._world
        command, _, text = line.strip().partition(" ")
        self._begin(person, f"typed {line.strip()}")
        revision = world.journal.revision(person.id)
        if command not in world.installation.commands:
            trouble = f"{command} is not a valid command."
            self._trouble(person, trouble)
            return Outcome(sent=False, trouble=trouble, revision=revision)
        payload = self._payloads.command(person.id, command, _escaped(text), channel)
        delivery = await self._socket.deliver("slash_commands", payload, accepts_response=True)
        error = _command_error(delivery) or self._answers.to_command(person.id, channel, delivery.payload)
        trouble = f'{command} failed with the error "{error}"' if error else ""
        self._trouble(person, trouble)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, revision=revision)

    async def say(self, person: Person, text: str, channel: str) -> Outcome:
        """Write a plain message. An app that subscribed to messages of such a place, and is in it, hears of it.

        Raises ValueError when there is nothing to write.
        """
        if not text.strip():
            raise ValueError("there is nothing to write")
        world = self._world
        world.troubles.pop(person.id, None)
        message = posting.say(world, person.id, channel, _escaped(text))
        revision = world.journal.revision(person.id)
        room = world.channels.get(channel)
        if room is not None and world.installation.bot_user_id not in room.members:
            return Outcome(sent=False, revision=revision)
        wrapped = self._payloads.said(message)
        kind = wrapped["event"]["channel_type"]
        return await self.happen(wrapped, revision, subscription="message.im" if kind == "im" else f"message.{kind}s")

    async def open_home(self, person: Person) -> Outcome:
        """Open the app's Home."""
        world = self._world
        self._begin(person, "opened Home")
        if home := world.views.home(person.id):
            world.saw(person.id, Seen.HOME, world.read_view(home), home.id)
        revision = world.journal.revision(person.id)
        return await self.happen(self._payloads.home_opened(person.id), revision)

    async def happen(self, wrapped: Json, revision: int = 0, subscription: str = "") -> Outcome:
        """Tell the app of an event, if it subscribed to its type (or to this name); a wrapped Events API payload."""
        if (subscription or wrapped["event"]["type"]) not in self._world.installation.events:
            return Outcome(sent=False, revision=revision)
        delivery = await self._socket.deliver_event(wrapped)
        return Outcome(sent=True, acked=delivery.acked, revision=revision)

    def event(self, event: Json) -> Json:
        """An event in the wrapper of the Events API."""
        return self._payloads.event(event)

    def view_in_front(self, person: Person) -> View:
        """The modal in front of a person. Raises AbsentError when none is open."""
        view = self._world.views.top(person.id)
        if view is None:
            raise AbsentError(f"{person.real_name} has no window open")
        return view

    async def _dispatch(self, person: Person, surface: View | Message, placed: Placed, chosen: Json) -> Outcome:
        revision = self._world.journal.revision(person.id)
        if isinstance(surface, View):
            payload = self._payloads.pressed_in_view(person.id, surface, placed, chosen)
        else:
            payload = self._payloads.pressed_in_message(person.id, surface, placed, chosen)
        delivery = await self._socket.deliver("interactive", payload, accepts_response=False)
        silence = NO_ANSWER_TO_PRESS if placed.type in CLICKABLE else NO_ANSWER_TO_CHOICE
        trouble = "" if delivery.acked else silence.format(app=self._world.installation.name)
        self._trouble(person, trouble)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, revision=revision)

    def _surface(self, person: Person, surface: View | Message) -> Surface:
        return Surface(surface.blocks, self._world.renderer(person.id))

    def _written_at(self, person: Person, message: Message) -> str:
        local = self._world.local_time(person.id, message.written_at)
        return f"{local:%A, %H:%M}"

    def _begin(self, person: Person, did: str) -> None:
        """Note an act; the trouble with the one before is over."""
        self._world.troubles.pop(person.id, None)
        self._world.saw(person.id, Seen.DID, did)

    def _trouble(self, person: Person, trouble: str) -> None:
        if trouble:
            self._world.troubles[person.id] = trouble
            self._world.saw(person.id, Seen.TROUBLE, trouble)

    def _tell_listeners(self, person: Person, view: Json, ack: Json | None) -> None:
        for listener in self._listeners:
            try:
                listener(person.id, view, ack)
            except Exception as error:  # noqa: BLE001 - the form was sent, whatever becomes of those who look on
                _log.error("a listener to submissions failed: %s", type(error).__name__)


def _escaped(text: str) -> str:
    """What somebody typed, as Slack keeps it and passes it on."""
    return text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _command_error(delivery: Delivery) -> str:
    if delivery.acked:
        return ""
    return "operation_timeout" if delivery.connected else "dispatch_failed"
