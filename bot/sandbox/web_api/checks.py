"""Strict checks of messages and views, answered as Slack answers them."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.sandbox.blockkit import Problem, check_blocks, check_message, check_view
from bot.sandbox.faults import Faults
from bot.sandbox.web_api.calls import ApiError, Json

LONGEST_TEXT: Final = 40_000  # chat.postMessage: characters of text, beyond which it is msg_too_long


def refuse_bad_message(method: str, faults: Faults, blocks: Any, text: str | None) -> list[Json]:
    """The blocks of a message that may be sent; an empty list when it has text only.

    Raises ApiError: no_text, msg_too_long, invalid_blocks_format or invalid_blocks.
    """
    if blocks is not None and not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if not blocks and not text:
        raise ApiError("no_text")
    if text and len(text) > LONGEST_TEXT:
        raise ApiError("msg_too_long")
    if not blocks:
        return []
    # Slack takes blocks without a text; that they need one is for the tests of the views to say.
    problems = [problem for problem in check_message(blocks, text or "-") if problem.pointer != "/text"]
    if problems:
        raise _refusal("invalid_blocks", problems)
    _refuse_types(method, faults, blocks, "invalid_blocks", "/blocks")
    return blocks


def refuse_bad_view(method: str, faults: Faults, view: Any, *, kind: str) -> Json:
    """A view that may be shown; `kind` is the surface the method is for, "modal" or "home".

    Raises ApiError: view_too_large, or invalid_arguments with pointers that start at /view.
    """
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    if view.get("type") != kind:
        raise ApiError("invalid_arguments", [f"[ERROR] view must be of type {kind} [json-pointer:/view/type]"])
    if problems := check_view(view):
        if any(problem.message == "view_too_large" for problem in problems):
            raise ApiError("view_too_large")
        raise _refusal("invalid_arguments", problems, below="/view")
    _refuse_types(method, faults, list(view.get("blocks") or []), "invalid_arguments", "/view/blocks")
    return view


def validation(blocks: Any, message: Any, view: Any) -> Json:
    """The answer of blocks.validate for exactly one of its arguments.

    Raises ApiError: invalid_arguments, invalid_blocks, invalid_message or invalid_view.
    """
    given = [one for one in (blocks, message, view) if one is not None]
    if len(given) != 1:
        raise ApiError("invalid_arguments", ["[ERROR] provide exactly one of blocks, view, or message"])
    if blocks is not None:
        error, problems = "invalid_blocks", check_blocks(blocks)
    elif view is not None:
        error, problems = "invalid_view", check_view(view)
    else:
        message = message if isinstance(message, dict) else {}
        error, problems = "invalid_message", check_message(message.get("blocks"), message.get("text"))
    if problems:
        raise _refusal(error, problems)
    return {}


def _refusal(error: str, problems: Sequence[Problem], below: str = "") -> ApiError:
    """A refusal with Slack's lines for people and the same for programs."""
    lines = [f"[ERROR] {problem.message} [json-pointer:{below}{problem.pointer}]" for problem in problems]
    errors = [{**problem.payload(), "pointer": f"{below}{problem.pointer}"} for problem in problems]
    return ApiError(error, lines, errors=errors)


def _refuse_types(method: str, faults: Faults, blocks: list[Json], error: str, pointer: str) -> None:
    """Refuse block types that are switched off by a fault, as while a new block is rolled out."""
    refused = faults.refused_block_types(method)
    for where, kind in _types(blocks, pointer):
        if kind in refused:
            faults.use_up_refusal(method, kind)
            raise ApiError(error, [f"[ERROR] unsupported type: {kind} [json-pointer:{where}/type]"])


def _types(blocks: list[Json], pointer: str) -> Iterator[tuple[str, str]]:
    for number, block in enumerate(blocks):
        yield f"{pointer}/{number}", str(block.get("type"))
        for name in ("element", "accessory"):
            if isinstance(block.get(name), dict):
                yield f"{pointer}/{number}/{name}", str(block[name].get("type"))
