"""What is wrong with a Block Kit payload, in the shape in which Slack says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

CODE = "failed_constraint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why Slack would refuse a payload.

    The same four fields as an entry of `errors` in the answer of `blocks.validate`
    (https://docs.slack.dev/reference/methods/blocks.validate).
    """

    pointer: str  # JSON pointer (RFC 6901) from the payload's root, "/0/text/text" or "/blocks/0/text/text"
    code: str = CODE  # Slack documents this one code
    message: str  # one line, in Slack's own phrases: "must be less than 76 characters"
    constraint: Mapping[str, Any]  # "type", and "expected" (a list of words) and "got" where they help

    def payload(self) -> dict[str, Any]:
        """The problem as JSON, as it stands in `errors`."""
        return {
            "pointer": self.pointer,
            "code": self.code,
            "message": self.message,
            "constraint": dict(self.constraint),
        }

    def __str__(self) -> str:
        """The problem as Slack prints it in `response_metadata.messages`."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a payload the check stands, and on which surface the payload is to be shown."""

    pointer: str = ""  # JSON pointer so far
    surface: str  # "message", "modal" or "home"

    def __truediv__(self, step: str | int) -> "Place":
        """The place one field or one item further in."""
        escaped = str(step).replace("~", "~0").replace("/", "~1")
        return replace(self, pointer=f"{self.pointer}/{escaped}")

    def problem(self, message: str, kind: str, *, expected: object = None, got: object = None) -> Problem:
        """A problem here; `kind` names the broken constraint, `expected` and `got` are left out when None."""
        constraint: dict[str, Any] = {"type": kind}
        if expected is not None:
            listed = expected if isinstance(expected, (list, tuple)) else [expected]
            constraint["expected"] = [str(one) for one in listed]
        if got is not None:
            constraint["got"] = str(got)
        return Problem(pointer=self.pointer, message=message, constraint=constraint)
