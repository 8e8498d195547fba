"""The elements people fill in: where they stand in blocks, their state as Slack shapes it, and their ids."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]  # block_id -> action_id -> state

EMPTY_STATES: Final[Mapping[str, Mapping[str, Any]]] = {
    "plain_text_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "number_input": {"value": None},
    "rich_text_input": {"rich_text_value": None},
    "radio_buttons": {"selected_option": None},
    "static_select": {"selected_option": None},
    "external_select": {"selected_option": None},
    "users_select": {"selected_user": None},
    "conversations_select": {"selected_conversation": None},
    "channels_select": {"selected_channel": None},
    "checkboxes": {"selected_options": []},
    "multi_static_select": {"selected_options": []},
    "multi_external_select": {"selected_options": []},
    "multi_users_select": {"selected_users": []},
    "multi_conversations_select": {"selected_conversations": []},
    "multi_channels_select": {"selected_channels": []},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None, "timezone": None},
    "datetimepicker": {"selected_date_time": None},
    "file_input": {"files": []},
}
"""What view.state.values says of an element nobody has touched."""

_INITIAL: Final[Mapping[str, str]] = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "timezone": "timezone",
}

CLICKABLE: Final = {"button", "overflow", "workflow_button", "icon_button"}
_ALPHABET: Final = string.digits + string.ascii_letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An interactive element together with the block it stands in."""

    block: Json
    element: Json
    number: int  # the place of its block among the blocks

    @property
    def block_id(self) -> str:
        """The id of the block."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The id of the element."""
        return str(self.element.get("action_id", ""))

    @property
    def type(self) -> str:
        """The type of the element."""
        return str(self.element.get("type", ""))

    @property
    def dispatches(self) -> bool:
        """Whether choosing or pressing sends block_actions: always, except in an input block without
        dispatch_action.
        """
        return self.block.get("type") != "input" or bool(self.block.get("dispatch_action"))


def placed_elements(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of a message or view, from top to bottom."""
    for number, block in enumerate(blocks):
        found: list[Any] = []
        if block.get("type") == "input":
            found = [block.get("element")]
        elif block.get("type") == "section":
            found = [block.get("accessory")]
        elif block.get("type") in {"actions", "context_actions"}:
            found = list(block.get("elements") or [])
        elif block.get("type") == "card":
            found = list(block.get("actions") or [])
        for element in found:
            if isinstance(element, dict) and element.get("action_id"):
                yield Placed(block=block, element=element, number=number)


def empty_state(element: Json) -> Json | None:
    """The state of an untouched element: its initial value, or Slack's empty one. None for buttons."""
    kind = str(element.get("type"))
    fields = EMPTY_STATES.get(kind)
    if fields is None:
        return None
    state: Json = {"type": kind}
    for name, empty in fields.items():
        given = element.get(_INITIAL.get(name, ""), empty)
        if name == "timezone" and given is None:
            continue
        state[name] = list(given) if isinstance(given, list | tuple) else given
    return state


def initial_values(blocks: list[Json], before: Values | None = None) -> Values:
    """The state of freshly shown blocks. What people had entered stays where block id, action id and type
    are the same as before, as Slack keeps it when a view is updated.
    """
    values: Values = {}
    for placed in placed_elements(blocks):
        state = empty_state(placed.element)
        if state is None:
            continue
        kept = ((before or {}).get(placed.block_id) or {}).get(placed.action_id)
        if kept is not None and kept.get("type") == state["type"]:
            state = kept
        values.setdefault(placed.block_id, {})[placed.action_id] = state
    return values


def is_empty(state: Json) -> bool:
    """Whether an element holds no answer."""
    kind = str(state.get("type"))
    return all(state.get(name) in (None, "", []) for name in EMPTY_STATES[kind] if name != "timezone")


class BlockIds:
    """Gives blocks and elements without an id one of their own, and texts the flags Slack adds."""

    def __init__(self) -> None:
        self.next_number = 1_000_003

    def complete(self, blocks: list[Json]) -> list[Json]:
        """The blocks as Slack stores and returns them."""
        return [self._block(block) for block in blocks]

    def _block(self, block: Json) -> Json:
        stored: Json = _with_flags(block)
        stored.setdefault("block_id", self._new())
        for placed in (stored.get("element"), stored.get("accessory"), *(stored.get("elements") or [])):
            if isinstance(placed, dict) and (placed.get("type") in CLICKABLE or placed.get("type") in EMPTY_STATES):
                placed.setdefault("action_id", self._new())
        return stored

    def _new(self) -> str:
        number, name = self.next_number, ""
        self.next_number += 7_919
        while number:
            number, digit = divmod(number, len(_ALPHABET))
            name += _ALPHABET[digit]
        return name


def _with_flags(value: Any) -> Any:
    """A copy in which plain_text has `emoji` and mrkdwn has `verbatim`, as Slack returns them."""
    if isinstance(value, list):
        return [_with_flags(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _with_flags(entry) for key, entry in value.items()}
    if isinstance(copy.get("text"), str):
        if copy.get("type") == "plain_text":
            copy.setdefault("emoji", True)
        elif copy.get("type") == "mrkdwn":
            copy.setdefault("verbatim", False)
    return copy
