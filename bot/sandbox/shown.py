"""What the client hands out: messages, windows and outcomes, as a person sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class SandboxError(AssertionError):
    """The sandbox could not do what was asked. The text says what there is instead."""


class NotHereError(SandboxError):
    """There is no such button, field, window, person or channel."""


class NothingHappenedError(SandboxError):
    """What was waited for did not come in time. The text shows what the person sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stood when it was read."""

    channel: str  # id
    ts: str
    text: str  # as it reads, blocks and buttons included
    notification: str  # the text a notification shows
    buttons: tuple[str, ...]
    ephemeral: bool
    edited: bool
    raw: Json  # all of it, mrkdwn and blocks included

    @classmethod
    def parse(cls, raw: Json) -> "Message":
        """Out of the control API's JSON."""
        return cls(
            channel=raw["channel"],
            ts=raw["ts"],
            text=raw["rendered"],
            notification=raw["notification"],
            buttons=tuple(raw["buttons"]),
            ephemeral=raw["ephemeral"],
            edited=raw["edited"],
            raw=raw,
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a window or Home."""

    label: str
    type: str  # Slack's element type
    block_id: str
    action_id: str
    optional: bool
    options: tuple[str, ...]
    state: Json | None  # as in view.state.values

    @classmethod
    def parse(cls, raw: Json) -> "Field":
        """Out of the control API's JSON."""
        return cls(**{**raw, "options": tuple(raw["options"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A window (modal) or Home as it stood when it was read."""

    id: str
    title: str
    text: str  # as it reads: title, blocks, entries, errors, buttons
    submit: str  # the label of the button that sends it, "" when there is none
    close: str
    buttons: tuple[str, ...]  # within it
    fields: tuple[Field, ...]
    errors: Mapping[str, str]  # label of the field -> what stands beside it
    callback_id: str
    raw: Json

    @classmethod
    def parse(cls, raw: Json) -> "View":
        """Out of the control API's JSON."""
        return cls(
            id=raw["id"],
            title=raw["title"],
            text=raw["rendered"],
            submit=raw["submit"],
            close=raw["close"],
            buttons=tuple(raw["buttons"]),
            fields=tuple(Field.parse(field) for field in raw["fields"]),
            errors=raw["errors"],
            callback_id=raw["callback_id"],
            raw=raw,
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an act."""

    sent: bool  # whether the app was told; a form with empty required fields is not sent
    acked: bool  # whether the app acknowledged in time
    trouble: str  # what Slack shows when it did not
    errors: Mapping[str, str]  # label of the field -> what stands beside it, after submit()
    effect: bool  # whether the person then saw something new
