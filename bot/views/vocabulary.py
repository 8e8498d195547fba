"""The few kinds of block that Murmur builds with: text is safe, clipped to Slack's limits, and checked.

On top of `slack_sdk.models`, which checks lengths but not what is listed in `_check`. Everything here returns
plain dicts, ready for the Web API and for the outbox. Limits: https://docs.slack.dev/reference/block-kit
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.views.wording import Mrkdwn, cleaned, escaped

T = TypeVar("T")

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

SECTION = 3000
MESSAGE_TEXT = 12_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TITLE = 24
METADATA = 3000

_QUOTES = str.maketrans({'"': "'", "“": "‘", "”": "’", "„": "‚", "«": "‹", "»": "›"})

_NOTHING = "–"
"""Shown for an empty text, which Slack refuses: a name can consist of nothing that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message: what to say in the notification, and the blocks that show it."""

    text: Mrkdwn  # notification and screen readers of old clients; names no result
    blocks: tuple[Block, ...]  # at most 50


def clipped(text: str, limit: int) -> str:
    """`text`, shortened with an ellipsis when it has more than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def clipped_mrkdwn(text: Mrkdwn, limit: int) -> Mrkdwn:
    """Like `clipped`, never in the middle of an escaped character or of a mention that Murmur wrote."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return Mrkdwn(re.sub(r"(&[a-z]{0,3}|<[^>]*)$", "", cut).rstrip() + "…")


def quoted(text: str) -> str:
    """What somebody typed, for the inside of quotation marks: none of their own ends them early, and the sentence
    around them brings its own full stop.
    """
    inside = text.translate(_QUOTES)
    return inside[:-1] if inside.endswith(".") and not inside.endswith("..") else inside


def _mrkdwn(text: str, limit: int = SECTION) -> MarkdownTextObject:
    safe = (text if isinstance(text, Mrkdwn) else escaped(text)) or Mrkdwn(_NOTHING)
    # verbatim: Slack makes no links of addresses, channel names or people in the text.
    return MarkdownTextObject(text=clipped_mrkdwn(safe, limit), verbatim=True)


def plain_text(text: str, limit: int) -> PlainTextObject:
    """`text` as Slack's plain_text, on one line, clipped."""
    if isinstance(text, Mrkdwn):
        raise TypeError("plain text shows escaped characters as they stand: give it the text itself")
    return PlainTextObject(text=clipped(cleaned(text) or _NOTHING, limit), emoji=False)


def section(text: Mrkdwn, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """A paragraph, with at most one button or picture beside it."""
    block: Block = SectionBlock(text=_mrkdwn(text), block_id=block_id).to_dict()
    return block if accessory is None else {**block, "accessory": accessory}


def paragraphs(lines: Iterable[Mrkdwn]) -> list[Block]:
    """Lines packed into as few sections as hold them, none cut unless it alone is too long."""
    packed: list[str] = []
    for line in (clipped_mrkdwn(line, SECTION) for line in lines):
        if packed and len(packed[-1]) + 1 + len(line) <= SECTION:
            packed[-1] += "\n" + line
        else:
            packed.append(line)
    return [section(Mrkdwn(text)) for text in packed]


def listed(things: Sequence[T], most: int) -> tuple[list[T], int]:
    """The first `most` of `things`, and how many are left out."""
    return list(things[:most]), max(len(things) - most, 0)


def context(*texts: Mrkdwn) -> Block:
    """Small print, at most ten pieces."""
    block: Block = ContextBlock(elements=[_mrkdwn(text) for text in texts]).to_dict()
    return block


def header(text: str) -> Block:
    """A heading, plain text of at most 150 characters."""
    block: Block = HeaderBlock(text=plain_text(text, 150)).to_dict()
    return block


def divider() -> Block:
    """A thin line."""
    block: Block = DividerBlock().to_dict()
    return block


def confirm(*, title: str, text: str, yes: str, no: str) -> ConfirmObject:
    """The question that Slack asks before a button acts. Plain text."""
    return ConfirmObject(
        title=plain_text(title, 100), text=plain_text(text, 300), confirm=plain_text(yes, 30), deny=plain_text(no, 30)
    )


def button(
    text: str,
    action_id: str,
    *,
    value: str | None = None,
    style: Literal["primary", "danger"] | None = None,
    confirm: ConfirmObject | None = None,
    label: str | None = None,
) -> Element:
    """A button. `label` is what a screen reader says where `text` alone does not tell which one it is."""
    element: Element = ButtonElement(
        text=plain_text(text, 75),
        action_id=action_id,
        value=value,
        style=style,
        confirm=confirm,
        accessibility_label=None if label is None else clipped(cleaned(label), 75),
    ).to_dict()
    return element


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """A row of buttons."""
    if not elements:
        raise ValueError("a row of buttons needs a button")
    # The SDK keeps no dict elements here, so they are set beside it.
    block: Block = ActionsBlock(elements=[], block_id=block_id).to_dict()
    return {**block, "elements": list(elements)}


def post(text: Mrkdwn, blocks: Sequence[Block]) -> Post:
    """A message. What does not fit is left out at its end; raises ValueError when Slack would refuse the rest."""
    shown = fitting(blocks, MESSAGE_BLOCKS, MESSAGE_TEXT)
    _check(shown, MESSAGE_BLOCKS)
    return Post(text=clipped_mrkdwn(text, SECTION), blocks=tuple(shown))


def fitting(blocks: Sequence[Block], most: int, characters: int) -> list[Block]:
    """The first of `blocks`, at most so many, with at most so many characters in all."""
    shown: list[Block] = []
    for block in blocks[:most]:
        characters -= sum(len(text) for text in _shown(block))
        if characters < 0:
            break
        shown.append(block)
    return shown


def _shown(value: object) -> Iterator[str]:
    """Every text of a block, at any depth; ids and the like are counted too, which errs on the safe side."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _shown(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _shown(part)


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    close: str,
    submit: str | None = None,
    private_metadata: str = "",
) -> View:
    """A page in a window of its own. Raises ValueError when Slack would refuse it."""
    _check(blocks, VIEW_BLOCKS)
    if submit is None and any(block["type"] == "input" for block in blocks):
        raise ValueError("a form needs a button that sends it")
    if len(private_metadata) > METADATA:
        raise ValueError(f"private_metadata holds at most {METADATA} characters")
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": private_metadata,
        "title": plain_text(title, TITLE).to_dict(),
        "close": plain_text(close, TITLE).to_dict(),
        "blocks": list(blocks),
    }
    return view if submit is None else {**view, "submit": plain_text(submit, TITLE).to_dict()}


def home(blocks: Sequence[Block], *, callback_id: str) -> View:
    """The App Home. Raises ValueError when Slack would refuse it."""
    _check(blocks, VIEW_BLOCKS)
    return {"type": "home", "callback_id": callback_id, "blocks": list(blocks)}


def _check(blocks: Sequence[Block], most: int) -> None:
    """What Slack refuses and the SDK lets pass: too many blocks, and ids that are given twice."""
    if not 1 <= len(blocks) <= most:
        raise ValueError(f"between 1 and {most} blocks are needed, not {len(blocks)}")
    _once("block_id", [block["block_id"] for block in blocks if block.get("block_id")])
    for block in blocks:
        _once(
            "action_id",
            [element["action_id"] for element in block.get("elements", []) if "action_id" in element],
        )


def _once(name: str, ids: Sequence[str]) -> None:
    twice = [i for i in ids if ids.count(i) > 1]
    if twice:
        raise ValueError(f"a {name} is given twice: {twice[0]}")
