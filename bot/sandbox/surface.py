"""Finding things on a surface the way a person does: by what is written on them."""

from collections.abc import Sequence
from typing import Any

from bot.sandbox.inputs import CLICKABLE, Placed, placed_elements
from bot.sandbox.rendering import Renderer

Json = dict[str, Any]


class AbsentError(LookupError):
    """What a person wanted to press or fill in is not there. The text says what is."""


class Surface:
    """The interactive elements of a message or view, with the labels a person reads beside them."""

    def __init__(self, blocks: list[Json], renderer: Renderer) -> None:
        self._renderer = renderer
        self._labelled = [(self._label(placed, blocks), placed) for placed in placed_elements(blocks)]

    def button(self, label: str, nth: int | None = None) -> Placed:
        """The button (or overflow menu) with this label, or this action id.

        Raises AbsentError, naming the buttons there are.
        """
        return self._find("button", label, nth, [pair for pair in self._labelled if pair[1].type in CLICKABLE])

    def field(self, label: str, nth: int | None = None) -> Placed:
        """The field with this label, block id or action id. Raises AbsentError, naming the fields there are."""
        return self._find("field", label, nth, [pair for pair in self._labelled if pair[1].type not in CLICKABLE])

    def at(self, block_id: str, action_id: str) -> Placed:
        """The element with these ids, button or field. Raises AbsentError when it is not here, or no longer."""
        for _, placed in self._labelled:
            if (placed.block_id, placed.action_id) == (block_id, action_id):
                return placed
        raise AbsentError(f"there is no '{action_id}' in '{block_id}' here any more")

    def has(self, label: str, *, exactly: bool) -> bool:
        """Whether a button or field carries this label or id; not exactly: whether it is part of a label."""
        wanted = label.casefold().strip()
        for text, placed in self._labelled:
            if label in (placed.action_id, placed.block_id) or text.casefold() == wanted:
                return True
            if not exactly and wanted in text.casefold():
                return True
        return False

    def label(self, wanted: Placed) -> str:
        """What is written on or beside an element."""
        return next((text for text, placed in self._labelled if placed == wanted), wanted.action_id)

    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        return [label for label, placed in self._labelled if placed.type in CLICKABLE]

    def fields(self) -> list[tuple[str, Placed]]:
        """The fields and their labels, in order."""
        return [pair for pair in self._labelled if pair[1].type not in CLICKABLE]

    def _find(self, what: str, label: str, nth: int | None, pairs: Sequence[tuple[str, Placed]]) -> Placed:
        wanted = label.casefold().strip()
        ids = [placed for _, placed in pairs if label in (placed.action_id, placed.block_id)]
        same = [placed for text, placed in pairs if text.casefold() == wanted]
        alike = [placed for text, placed in pairs if wanted in text.casefold()]
        found = ids or same or alike
        if nth is not None and 0 < nth <= len(found):
            return found[nth - 1]
        if len(found) == 1:
            return found[0]
        there = ", ".join(f"'{text}'" for text, _ in pairs) or "none"
        if not found:
            raise AbsentError(f"there is no {what} '{label}' here; there are: {there}")
        raise AbsentError(f"there are {len(found)} {what}s '{label}' here, say which (nth); there are: {there}")

    def _label(self, placed: Placed, blocks: list[Json]) -> str:
        read = self._renderer.object
        if placed.type == "button":
            return read(placed.element.get("text")).strip()
        if placed.block.get("type") == "input":
            return read(placed.block.get("label")).strip()
        if placed.block.get("type") == "section":
            return read(placed.block.get("text")).strip()
        above = [read(block.get("text")) for block in blocks[: placed.number] if block.get("text")]
        placeholder = read(placed.element.get("placeholder"))
        return (placeholder or (above[-1] if above else "") or placed.action_id).strip()
