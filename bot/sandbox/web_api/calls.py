"""A Web API call: its arguments as they arrive, what it may do, and how it is refused."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bot.sandbox.world import World

Json = dict[str, Any]
Item = TypeVar("Item")

JSON_ARGUMENTS: Final = ("blocks", "view", "attachments", "metadata", "message")
MAX_PAGE: Final = 1000


class ApiError(Exception):
    """A refused call. The text is Slack's error name; `extra` goes into the answer beside it."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = dict(extra)
        if messages:
            self.extra["response_metadata"] = {"messages": list(messages)}

    @property
    def answer(self) -> Json:
        """The JSON answer."""
        return {"ok": False, "error": self.error, **self.extra}


def missing_argument(name: str) -> ApiError:
    """How Slack says that an argument is not there."""
    return ApiError("invalid_arguments", [f"[ERROR] missing required field: {name}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call with its arguments, strings or parsed JSON."""

    world: World
    method: str
    args: Mapping[str, Any]  # without the token
    scopes: tuple[str, ...]  # of the token

    def text(self, name: str) -> str | None:
        """A string argument, or None when it is absent or empty."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str) -> str:
        """A string argument that must be there. Raises ApiError invalid_arguments."""
        value = self.text(name)
        if value is None:
            raise missing_argument(name)
        return value

    def flag(self, name: str) -> bool:
        """A boolean argument: true, "true" or 1."""
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def parsed(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON argument, whether it came as JSON or as a string of it. Raises ApiError."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error, [f"[ERROR] {name} is not valid JSON [json-pointer:/{name}]"]) from None

    def scope(self, scope: str) -> None:
        """Insist on a scope that depends on the arguments. Raises ApiError missing_scope."""
        need_scope(self.scopes, scope)


def need_scope(provided: Sequence[str], needed: str) -> None:
    """Raise ApiError missing_scope, with what is needed and provided, unless the scope is there."""
    if needed not in provided:
        raise ApiError("missing_scope", needed=needed, provided=",".join(provided))


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A Web API method."""

    name: str
    handler: Handler
    scopes: tuple[str, ...] = ()  # all needed, whatever the arguments
    token: str = "bot"  # noqa: S105 - the kind of token it takes: "bot" or "app"


def page(call: Call, items: Sequence[Item], *, kind: str, default: int) -> tuple[list[Item], Json]:
    """One page of a cursor-paginated list and its response_metadata.

    Raises ApiError invalid_limit or invalid_cursor.
    """
    try:
        limit = int(call.args.get("limit") or default)
    except (TypeError, ValueError):
        raise ApiError("invalid_limit") from None
    if not 0 < limit <= MAX_PAGE:
        raise ApiError("invalid_limit")
    start = _offset(call.text("cursor"), kind)
    if start > len(items):
        raise ApiError("invalid_cursor")
    end = start + limit
    cursor = base64.b64encode(f"{kind}:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": cursor}


def _offset(cursor: str | None, kind: str) -> int:
    if cursor is None:
        return 0
    try:
        name, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if name == kind and number.isdecimal():
            return int(number)
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise ApiError("invalid_cursor")
