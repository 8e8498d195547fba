"""Entering something into a field: from what a person says to the state Slack keeps of the element."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.sandbox.inputs import EMPTY_STATES, Placed, empty_state, is_empty, placed_elements
from bot.sandbox.rendering import Renderer
from bot.sandbox.surface import AbsentError
from bot.sandbox.views import View
from bot.sandbox.world import World

Json = dict[str, Any]

_SINGLE: Final[Mapping[str, str]] = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
_MANY: Final[Mapping[str, str]] = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "datepicker": ("selected_date", r"\d{4}-\d{2}-\d{2}"),
    "timepicker": ("selected_time", r"\d{2}:\d{2}"),
}
REQUIRED: Final = "Please complete this required field."


def entered(world: World, placed: Placed, value: Any, *, by_value: bool = False) -> Json:
    """The state of an element after a person entered a value: text, an option's label, a person's or
    channel's name, a date; a list of those where several may be chosen; None to empty the field.

    by_value: an option is rather meant by its value than by its label.

    Raises AbsentError when there is no such option, person or channel, or the field takes no such thing.
    """
    element, kind = placed.element, placed.type
    if value is None:
        if kind == "radio_buttons":
            raise AbsentError("Slack has no way to take back a choice among radio buttons")
        return {"type": kind, **EMPTY_STATES[kind]}
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": option(element, value, by_value=by_value)}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [option(element, one, by_value=by_value) for one in _listed(value)]
        return {"type": kind, "selected_options": chosen}
    resolve = _resolver(world, kind)
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind]: resolve(str(value))}
    if kind in _MANY:
        return {"type": kind, _MANY[kind]: [resolve(str(one)) for one in _listed(value)]}
    if kind in _PATTERNS:
        name, pattern = _PATTERNS[kind]
        if not re.fullmatch(pattern, str(value)):
            raise AbsentError(f"a {kind} does not take {value!r}")
        return (empty_state(element) or {}) | {name: str(value)}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": int(value)}
    if "value" in EMPTY_STATES.get(kind, {}):
        return {"type": kind, "value": str(value)}
    raise AbsentError(f"the stand-in cannot fill in a {kind}")


def option(element: Json, wanted: object, *, by_value: bool = False) -> Json:
    """The option with this label, else with this value (by_value: the other way round).

    Raises AbsentError, naming the options there are.
    """
    renderer = Renderer(str)
    options = [*(element.get("options") or [])]
    for group in element.get("option_groups") or []:
        options += group.get("options") or []
    labels = [renderer.object(one.get("text")) for one in options]
    values = [str(one.get("value")) for one in options]
    for names in (values, labels) if by_value else (labels, values):
        for name, one in zip(names, options, strict=True):
            if name.casefold() == str(wanted).casefold():
                return dict(one)
    there = ", ".join(f"'{label}'" for label in labels)
    raise AbsentError(f"there is no option '{wanted}' here; there are: {there}")


def complaints(view: View) -> dict[str, str]:
    """What Slack itself says beside the fields when a form is sent, by block id. It then sends nothing."""
    found = {}
    for placed in placed_elements(view.blocks):
        if placed.block.get("type") != "input":
            continue
        state = view.values.get(placed.block_id, {}).get(placed.action_id)
        if state is None:
            continue
        if complaint := _complaint(placed, state):
            found[placed.block_id] = complaint
    return found


def _complaint(placed: Placed, state: Json) -> str | None:
    if is_empty(state):
        return None if placed.block.get("optional") else REQUIRED
    value, element = state.get("value"), placed.element
    if not isinstance(value, str):
        return None
    shortest, longest = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(value) < shortest:
        return f"Please use at least {shortest} characters."
    if len(value) > longest:
        return f"Please use at most {longest} characters."
    if placed.type == "number_input":
        return _number_complaint(element, value)
    if placed.type == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if placed.type == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "Please enter a valid URL."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    decimals = bool(element.get("is_decimal_allowed"))
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimals else r"-?\d+", value):
        return "Please enter a number." if decimals else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number not below {least}."
    if most is not None and float(value) > float(most):
        return f"Please enter a number not above {most}."
    return None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _resolver(world: World, kind: str) -> Callable[[str], str]:
    def conversation(name: str) -> str:
        try:
            return world.channel(name).id
        except KeyError:
            somebody = world.person_of_dm(name) or world.person(name)
            return world.dm_of(somebody.id)

    def named(name: str) -> str:
        try:
            if "users" in kind:
                return world.person(name).id
            return world.channel(name).id if "channels" in kind else conversation(name)
        except KeyError as unknown:
            raise AbsentError(unknown.args[0]) from None

    return named
