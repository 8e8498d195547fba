"""A person acting in Slack: pressing, choosing, sending, closing, typing a command, opening Home."""

from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.answers import Answers
from bot.sandbox.entering import complaints, entered, option
from bot.sandbox.inputs import Placed
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

NO_ANSWER_TO_PRESS: Final = "A warning sign stands beside the button: the app did not answer."


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

    async def press(self, person: Person, surface: View | Message, label: str, nth: int | None, choice: str) -> Outcome:
        """Press a button, or choose from an overflow menu. Raises AbsentError."""
        there = self._surface(person, surface)
        placed = there.button(label, nth)
        chosen: Json = {}
        said = f"pressed [{there.label(placed)}]"
        if confirm := placed.element.get("confirm"):
            said += f" and confirmed '{self._world.renderer(person.id).object(confirm.get('title'))}'"
        if placed.type == "overflow":
            chosen = {"selected_option": option(placed.element, choice)}
            said = f"chose '{choice}' from the menu of '{there.label(placed)}'"
        self._world.saw(person.id, Seen.DID, said)
        return await self._dispatch(person, surface, placed, chosen)

    async def enter(self, person: Person, surface: View | Message, label: str, nth: int | None, value: Any) -> Outcome:
        """Fill in, choose or pick. The app hears of it only where the element dispatches. Raises AbsentError."""
        there = self._surface(person, surface)
        placed = there.field(label, nth)
        state = entered(self._world, placed, value)
        values = surface.values if isinstance(surface, View) else surface.values_of(person.id)
        values.setdefault(placed.block_id, {})[placed.action_id] = state
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        self._world.saw(person.id, Seen.DID, f"entered '{shown}' for '{there.label(placed)}'")
        if not placed.dispatches:
            return Outcome(sent=False, revision=self._world.journal.revision(person.id))
        return await self._dispatch(person, surface, placed, state)

    async def submit(self, person: Person) -> Outcome:
        """Send the form in front. Raises AbsentError when there is none, or nothing to send it with."""
        view = self.view_in_front(person)
        submit = self._world.renderer(person.id).object(view.content.get("submit"))
        if not submit:
            raise AbsentError("this window has no button to send it with")
        self._world.saw(person.id, Seen.DID, f"pressed [{submit}]")
        view.errors = complaints(view)
        if view.errors:
            self._answers.show_errors(view)
            return Outcome(sent=False, errors=view.errors, revision=self._world.journal.revision(person.id))
        revision = self._world.journal.revision(person.id)
        payload = self._payloads.submitted(person.id, view)
        delivery = await self._socket.deliver("interactive", payload, accepts_response=True)
        trouble = "" if delivery.acked and self._answers.to_submission(view, delivery.payload) else CONNECTION_TROUBLE
        self._trouble(person, trouble)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, errors=view.errors, revision=revision)

    def open(self, person: Person, message: Message) -> Outcome:
        """Look at a message again. Nobody is told."""
        self._world.saw(person.id, Seen.DID, f"opened the message of {self._written_at(person, message)}")
        return Outcome(sent=False, revision=self._world.journal.revision(person.id))

    async def close(self, person: Person, *, everything: bool = False) -> Outcome:
        """Close the view in front, or all. The app hears of those that asked with notify_on_close."""
        world = self._world
        view = self.view_in_front(person)
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
        world.saw(person.id, Seen.DID, f"typed {line.strip()}")
        revision = world.journal.revision(person.id)
        if command not in world.installation.commands:
            trouble = f"{command} is not a valid command."
            self._trouble(person, trouble)
            return Outcome(sent=False, trouble=trouble, revision=revision)
        # Slack escapes what was typed, as it does in messages.
        escaped = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        payload = self._payloads.command(person.id, command, escaped, channel)
        delivery = await self._socket.deliver("slash_commands", payload, accepts_response=True)
        error = _command_error(delivery) or self._answers.to_command(person.id, channel, delivery.payload)
        trouble = f'{command} failed with the error "{error}"' if error else ""
        self._trouble(person, trouble)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, revision=revision)

    async def open_home(self, person: Person) -> Outcome:
        """Open the app's Home."""
        world = self._world
        world.saw(person.id, Seen.DID, "opened Home")
        if home := world.views.home(person.id):
            world.saw(person.id, Seen.HOME, world.read_view(home), home.id)
        revision = world.journal.revision(person.id)
        return await self.happen(self._payloads.home_opened(person.id), revision)

    async def happen(self, wrapped: Json, revision: int = 0) -> Outcome:
        """Tell the app of an event, if it subscribed to its type; a wrapped Events API payload."""
        if wrapped["event"]["type"] not in self._world.installation.events:
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
        trouble = "" if delivery.acked else NO_ANSWER_TO_PRESS
        self._trouble(person, trouble)
        return Outcome(sent=True, acked=delivery.acked, trouble=trouble, revision=revision)

    def _surface(self, person: Person, surface: View | Message) -> Surface:
        return Surface(surface.blocks, self._world.renderer(person.id))

    def _written_at(self, person: Person, message: Message) -> str:
        local = self._world.local_time(person.id, message.written_at)
        return f"{local:%A, %H:%M}"

    def _trouble(self, person: Person, trouble: str) -> None:
        if trouble:
            self._world.saw(person.id, Seen.TROUBLE, trouble)


def _command_error(delivery: Delivery) -> str:
    if delivery.acked:
        return ""
    return "operation_timeout" if delivery.connected else "dispatch_failed"
