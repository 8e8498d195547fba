"""A person of the sandbox, to act as and to look through the eyes of."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from bot.sandbox.control_api import ControlApi, Json
from bot.sandbox.shown import Message, NothingHappenedError, Outcome, View

Found = TypeVar("Found")


class Person:
    """Somebody in the workspace, to act as and to look through the eyes of."""

    def __init__(self, control: ControlApi, facts: Json) -> None:
        self._control = control
        self.id: str = facts["id"]
        self.name: str = facts["real_name"]
        self.facts = facts
        self._path = f"people/{quote(self.id)}"

    def __repr__(self) -> str:
        return f"Person({self.name})"

    def dms(self) -> list[Message]:
        """The direct messages with the app, oldest first."""
        return [Message.parse(raw) for raw in self._screen()["messages"]]

    def messages(self, channel: str) -> list[Message]:
        """The history of a channel this person is in, oldest first."""
        raws = self._control.call("GET", f"{self._path}/messages?{urlencode({'channel': channel})}")
        return [Message.parse(raw) for raw in raws]

    def ephemerals(self) -> list[Message]:
        """The messages only this person sees, oldest first."""
        return [Message.parse(raw) for raw in self._screen()["ephemerals"]]

    def trouble(self) -> list[str]:
        """What Slack itself had to say when the app did not answer, oldest first."""
        return list(self._screen()["trouble"])

    def home(self) -> View:
        """The Home, waiting for the first to be shown. Raises NothingHappenedError when none is."""
        return self.wait_until(lambda: self._home(), "a Home")

    @property
    def views(self) -> list[View]:
        """The open windows as they are now, the one in front last."""
        return [View.parse(raw) for raw in self._screen()["views"]]

    @property
    def view(self) -> View:
        """The window in front, waiting for one to open. Raises NothingHappenedError when none does."""
        return self.wait_until(lambda: self._top(), "a window")

    def press(
        self,
        label: str,
        in_message: Message | None = None,
        *,
        where: str = "",
        nth: int | None = None,
        choice: str = "",
        effect: bool = True,
    ) -> Outcome:
        """Press a button (with `choice`: take an option of an overflow menu): in the window in front if one is
        open, else in the newest message that has it, else on Home; or in a message, or where="home".

        Waits for the acknowledgement, and with `effect` until the person sees something new.
        """
        where = in_message.ts if in_message else where
        wish = {"label": label, "where": where, "nth": nth, "choice": choice}
        return self._act("press", wish, effect=effect)

    def choose(self, question: str, option: str, *, where: str = "", nth: int | None = None) -> Outcome:
        """Choose one option of radio buttons or a select."""
        return self._enter(question, option, where, nth)

    def fill(self, label: str, text: str, *, where: str = "", nth: int | None = None) -> Outcome:
        """Fill in a text, number, date or time."""
        return self._enter(label, text, where, nth)

    def pick(self, label: str, *what: str, where: str = "", nth: int | None = None) -> Outcome:
        """Pick an option, a person or a channel from a select; several from one that takes several."""
        several = len(what) != 1
        return self._enter(label, list(what) if several else what[0], where, nth)

    def check(self, label: str, *options: str, where: str = "", nth: int | None = None) -> Outcome:
        """Tick exactly these checkboxes; none to untick all."""
        return self._enter(label, list(options), where, nth)

    def clear(self, label: str, *, where: str = "", nth: int | None = None) -> Outcome:
        """Empty a field."""
        return self._enter(label, None, where, nth)

    def open(self, message: Message) -> Message:
        """Look at a message again, as it stands now. Raises NotHereError when it is gone."""
        self._act("open", {"where": message.ts}, effect=False)
        screen = self._screen()
        raws = [*screen["messages"], *screen["ephemerals"]]
        if message.channel in {raw["channel"] for raw in raws}:
            return next(Message.parse(raw) for raw in raws if raw["ts"] == message.ts)
        return next(one for one in self.messages(message.channel) if one.ts == message.ts)

    def submit(self) -> Outcome:
        """Send the form in front; `errors` of the outcome is what then stands beside the fields."""
        return self._act("submit", {}, effect=False)

    def close_view(self, *, everything: bool = False) -> Outcome:
        """Close the window in front, or all of them."""
        return self._act("close", {"everything": everything}, effect=False)

    def command(self, line: str, channel: str | None = None, *, effect: bool = True) -> Outcome:
        """Type a slash command, "/pulse help", into the direct message with the app or a channel."""
        return self._act("command", {"line": line, "channel": channel}, effect=effect)

    def say(self, text: str, channel: str | None = None) -> Outcome:
        """Write a plain message into a channel, or into the direct message with the app."""
        return self._act("say", {"text": text, "channel": channel}, effect=False)

    def open_home(self, *, effect: bool = True) -> Outcome:
        """Open Home, and wait until the app has shown it anew."""
        return self._act("home", {}, effect=effect)

    def wait_for_message(self, containing: str, *, count: int = 1) -> Message:
        """Wait for a direct or ephemeral message with this text; with `count`, for so many. Returns the newest."""

        def look() -> Message | None:
            screen = self._screen()
            raws = [raw for raw in (*screen["messages"], *screen["ephemerals"]) if containing in raw["rendered"]]
            newest = sorted(raws, key=lambda raw: float(raw["ts"]))
            return Message.parse(newest[-1]) if len(newest) >= count else None

        return self.wait_until(look, f"a message with '{containing}'")

    def wait_for_view(self, containing: str) -> View:
        """Wait until the window in front has this text."""

        def look() -> View | None:
            view = self._top()
            return view if view and containing in view.text else None

        return self.wait_until(look, f"a window with '{containing}'")

    def wait_until(self, look: Callable[[], Found | None], what: str, seconds: float | None = None) -> Found:
        """Wait until `look` finds something, asking again whenever this person sees something new.

        Raises NothingHappenedError, which shows what they see, after `seconds` (the client's patience).
        """
        left = self._control.patience if seconds is None else seconds
        started = time.monotonic()
        while True:
            revision = self._screen()["revision"]
            if (found := look()) is not None and found is not False:
                return found
            remaining = left - (time.monotonic() - started)
            if remaining <= 0:
                raise NothingHappenedError(f"{self.name} waited for {what}, but sees:\n{self._text()}")
            self._control.get(f"{self._path}/wait?beyond={revision}&seconds={remaining:.3f}")

    def _enter(self, label: str, value: Any, where: str, nth: int | None) -> Outcome:
        return self._act("enter", {"label": label, "value": value, "where": where, "nth": nth}, effect=True)

    def _act(self, act: str, wish: Json, *, effect: bool) -> Outcome:
        came = self._control.post(f"{self._path}/{act}", wish)
        seen = False
        if effect and came["sent"]:
            query = f"beyond={came['revision']}&seconds={self._control.patience}"
            seen = self._control.get(f"{self._path}/wait?{query}")["revision"] > came["revision"]
        errors = self.views[-1].errors if came["errors"] else {}
        return outcome(came, errors, effect=seen)

    def _screen(self) -> Json:
        return self._control.get(self._path)

    def _text(self) -> str:
        return self._control.text("GET", f"{self._path}?format=text")

    def _top(self) -> View | None:
        views = self._screen()["views"]
        return View.parse(views[-1]) if views else None

    def _home(self) -> View | None:
        raw = self._screen()["home"]
        return View.parse(raw) if raw else None


def outcome(came: Json, errors: Any = None, *, effect: bool = False) -> Outcome:
    """An outcome out of the control API's JSON, with the errors by label."""
    return Outcome(
        sent=came["sent"], acked=came["acked"], trouble=came["trouble"], errors=dict(errors or {}), effect=effect
    )
