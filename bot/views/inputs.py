"""The fields of forms: everything that can be chosen or typed, checked against Slack's limits.

Limits: https://docs.slack.dev/reference/block-kit
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from bot.views.vocabulary import Block, Element, plain_text

OPTIONS = 100
RADIO_OPTIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of radio buttons or of a menu."""

    text: str  # plain text, shown up to 75 characters
    value: str  # at most 150 characters
    description: str | None = None  # a second line, shown up to 75 characters


def _options(choices: Sequence[Choice], most: int) -> dict[str, Option]:
    if not 1 <= len(choices) <= most or len({c.value for c in choices}) < len(choices):
        raise ValueError(f"between 1 and {most} options with different values are needed, not {len(choices)}")
    return {
        c.value: Option(
            text=plain_text(c.text, 75),
            value=c.value,
            description=None if c.description is None else plain_text(c.description, 75),
        )
        for c in choices
    }


def radio(action_id: str, choices: Sequence[Choice], *, initial: str | None = None) -> Element:
    """Radio buttons, nothing selected unless `initial` is the value of a choice."""
    options = _options(choices, RADIO_OPTIONS)
    element: Element = RadioButtonsElement(
        action_id=action_id,
        options=list(options.values()),
        initial_option=None if initial is None else options[initial],
    ).to_dict()
    return element


def menu(
    action_id: str, choices: Sequence[Choice], *, placeholder: str | None = None, initial: str | None = None
) -> Element:
    """A menu of at most 100 choices."""
    options = _options(choices, OPTIONS)
    element: Element = StaticSelectElement(
        action_id=action_id,
        options=list(options.values()),
        placeholder=None if placeholder is None else plain_text(placeholder, 150),
        initial_option=None if initial is None else options[initial],
    ).to_dict()
    return element


def text_input(
    action_id: str,
    *,
    max_length: int,
    multiline: bool = False,
    initial: str | None = None,
    placeholder: str | None = None,
) -> Element:
    """A field to type in, of at most `max_length` (up to 3000) characters."""
    element: Element = PlainTextInputElement(
        action_id=action_id,
        multiline=multiline,
        max_length=max_length,
        initial_value=None if not initial else initial[:max_length],
        placeholder=None if placeholder is None else plain_text(placeholder, 150),
    ).to_dict()
    return element


def people(action_id: str, *, placeholder: str, initial: Sequence[str] = (), most: int = 0) -> Element:
    """A picker of several people; `initial` are Slack ids, `most` (0: no limit) how many may be picked."""
    element: Element = UserMultiSelectElement(
        action_id=action_id,
        placeholder=plain_text(placeholder, 150),
        initial_users=list(initial) or None,
        max_selected_items=most or None,
    ).to_dict()
    return element


def channel(action_id: str, *, placeholder: str, initial: str | None = None) -> Element:
    """A picker of one public or private channel, without bots and without channels of other workspaces."""
    element: Element = ConversationSelectElement(
        action_id=action_id,
        placeholder=plain_text(placeholder, 150),
        initial_conversation=initial,
        filter=ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True),
    ).to_dict()
    return element


def field(label: str, element: Element, *, block_id: str, hint: str | None = None, optional: bool = False) -> Block:
    """An element of a form with its label; errors are shown beside the field that has this `block_id`."""
    block: Block = InputBlock(
        label=plain_text(label, 2000),
        element=element,
        block_id=block_id,
        hint=None if hint is None else plain_text(hint, 2000),
        optional=optional,
    ).to_dict()
    return block
