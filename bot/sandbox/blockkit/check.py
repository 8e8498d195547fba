"""Whole payloads: lists of blocks, messages and views, with what must hold across their blocks."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.blockkit import rules
from bot.sandbox.blockkit.blocks import ANY_BLOCK
from bot.sandbox.blockkit.grammar import SURFACES, Flag, Items, Shape, Text, Typed, typed
from bot.sandbox.blockkit.problems import Place, Problem
from bot.sandbox.blockkit.texts import plain_text

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_CHARTS = 2  # data_visualization blocks in a message
MOST_TABLES = 1  # table and data_table blocks in a message ("only_one_table_allowed")
MESSAGE_TEXT = 12_000  # characters of a message in all; above about 13,000 Slack says msg_blocks_too_long
VIEW_BYTES = 250_000

# Strings under these keys are read by people; the rest is plumbing
SHOWN = frozenset({"text", "title", "label", "alt_text", "caption", "name", "x_label", "y_label", "fallback"})

_VIEW: Mapping[str, Shape] = {
    "blocks": Items(of=ANY_BLOCK, least=0, most=100),
    "private_metadata": Text(least=0, most=3000),
    "callback_id": Text(least=0, most=255),
    "external_id": Text(least=0, most=255),
}
VIEW = Typed(
    kinds={
        "modal": typed(
            "modal",
            "title blocks",
            title=plain_text(24),
            submit=plain_text(24),
            close=plain_text(24),
            clear_on_close=Flag(),
            notify_on_close=Flag(),
            **_VIEW,
        ),
        "home": typed("home", "blocks", **_VIEW),
    }
)


def check_blocks(blocks: object, surface: str = "message") -> list[Problem]:
    """Why Slack would refuse these blocks on `surface`; empty when it would not.

    `surface` is "message", "modal" or "home". Pointers start at the list: "/0/text/text". Raises ValueError
    for an unknown surface, and nothing else, whatever `blocks` is.
    """
    if surface not in SURFACES:
        raise ValueError(f"{surface!r} is not one of {', '.join(sorted(SURFACES))}")
    at = Place(surface=surface)
    shape = Items(of=ANY_BLOCK, least=0, most=MOST_BLOCKS[surface])
    return [*shape.problems(blocks, at), *_across_blocks(blocks, at)]


def check_message(blocks: object, text: object) -> list[Problem]:
    """Why Slack would refuse this message, or show a notification that says nothing; empty when neither.

    `text` is what notifications and screen readers say, and is wanted beside blocks too. `blocks` may be
    None. Pointers start at the message: "/blocks/0/text/text". Never raises.
    """
    at = Place(surface="message")
    problems = list(Text(most=MESSAGE_TEXT).problems(text, at / "text"))
    if blocks is None:
        return problems
    inside = at / "blocks"
    shape = Items(of=ANY_BLOCK, least=0, most=MOST_BLOCKS["message"])
    problems += shape.problems(blocks, inside)
    problems += _across_blocks(blocks, inside)
    return problems


def check_view(view: object) -> list[Problem]:
    """Why Slack would refuse this modal or Home; empty when it would not.

    Pointers start at the view: "/title/text", "/blocks/0/text/text". Never raises.
    """
    kind = view.get("type") if isinstance(view, dict) else None
    at = Place(surface="home" if kind == "home" else "modal")
    problems = list(VIEW.problems(view, at))
    if isinstance(view, dict):
        problems += _across_blocks(view.get("blocks"), at / "blocks")
        problems += _of_whole_view(view, at)
    return problems


def _across_blocks(blocks: object, at: Place) -> Iterator[Problem]:
    if not isinstance(blocks, (list, tuple)):
        return
    known = [(one, at / index) for index, one in enumerate(blocks) if isinstance(one, dict)]
    ids = [(one.get("block_id"), place / "block_id") for one, place in known]
    yield from rules.distinct([(one, place) for one, place in ids if isinstance(one, str)], "block_id")
    yield from _one_focus(blocks, at)
    if at.surface == "message":
        charts = [place for one, place in known if one.get("type") == "data_visualization"]
        tables = [place for one, place in known if one.get("type") in ("table", "data_table")]
        for place in charts[MOST_CHARTS:]:
            yield place.problem(f"no more than {MOST_CHARTS} charts allowed", "max_items", expected=MOST_CHARTS)
        for place in tables[MOST_TABLES:]:
            yield place.problem("only_one_table_allowed", "max_items", expected=MOST_TABLES)
        total = shown_length(blocks)
        if total > MESSAGE_TEXT:
            yield at.problem(
                f"must be less than {MESSAGE_TEXT + 1} characters in all",
                "max_length",
                expected=MESSAGE_TEXT,
                got=total,
            )


def _one_focus(blocks: Sequence[Any], at: Place) -> Iterator[Problem]:
    focused = [place for one, place in _objects(blocks, at) if one.get("focus_on_load") is True]
    for place in focused[1:]:
        yield (place / "focus_on_load").problem("only one element can have focus_on_load", "unique")


def _of_whole_view(view: dict[str, Any], at: Place) -> Iterator[Problem]:
    blocks = view.get("blocks")
    if view.get("type") == "modal" and isinstance(blocks, (list, tuple)):
        inputs = [one for one in blocks if isinstance(one, dict) and one.get("type") == "input"]
        if inputs and "submit" not in view:
            yield at.problem("missing required field: submit", "required", expected="submit")
    size = len(json.dumps(view, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))
    if size > VIEW_BYTES:
        yield at.problem("view_too_large", "max_length", expected=VIEW_BYTES, got=size)


def shown_length(blocks: object) -> int:
    """Characters that people read in a payload, at any depth."""
    return sum(
        len(inner)
        for one, _ in _objects(blocks, Place(surface="message"))
        for name, inner in one.items()
        if name in SHOWN and isinstance(inner, str)
    )


def _objects(value: object, at: Place) -> Iterator[tuple[dict[str, Any], Place]]:
    waiting = deque([(value, at)])
    while waiting:
        one, place = waiting.popleft()
        if isinstance(one, dict):
            yield one, place
            waiting.extend((inner, place / str(name)) for name, inner in one.items())
        elif isinstance(one, (list, tuple)):
            waiting.extend((inner, place / index) for index, inner in enumerate(one))
