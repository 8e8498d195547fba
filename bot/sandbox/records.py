"""What the sandbox remembers of the traffic: every Web API call and every envelope, for tests and people."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.sandbox.bell import Bell

Json = dict[str, Any]
Numbered = TypeVar("Numbered", "CallRecord", "EnvelopeRecord")

MOST_KEPT: Final = 10_000
"""Calls, envelopes and entries of the journal that are remembered, of each the latest. No test comes near it, and a
rehearsal that leaps from month to month does not fill the memory.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of the app, with what became of it."""

    number: int
    method: str  # "chat.postMessage"; "response_url"; "ack view_submission" for a refused ack payload
    payload: Json  # the arguments, without the token
    verdict: str  # "ok" or Slack's error
    http_status: int  # 0 when the connection was closed without an answer
    at: datetime  # virtual time
    clock: float  # real monotonic seconds
    limit: Json = field(default_factory=dict)  # rate-limit state: bucket, remaining, retry_after
    fault: str = ""  # the fault that struck, if one did
    answer: Json = field(default_factory=dict)  # what was answered, or would have been

    def as_json(self) -> Json:
        """For the control API."""
        return _json(self)


@dataclass(slots=True, kw_only=True)
class EnvelopeRecord:
    """One envelope sent to the app over Socket Mode, and the acknowledgement that came back."""

    number: int
    envelope_id: str
    type: str  # events_api | interactive | slash_commands
    payload: Json
    connection: int | None  # the number of the connection it went to; None when there was none
    at: datetime  # virtual time
    retry_attempt: int = 0
    acked: bool = False
    late: bool = False  # acknowledged after Slack had given up waiting
    ack: Json | None = None  # the payload of the acknowledgement
    times_sent: int = 0
    times_acked: int = 0

    def as_json(self) -> Json:
        """For the control API."""
        return _json(self)


class Records:
    """The log of one sandbox. `calls` and `envelopes` are in the order things happened, numbered from 1 on; when
    there are more than `most`, the oldest are forgotten.
    """

    def __init__(self, bell: Bell, most: int = MOST_KEPT) -> None:
        self.calls: list[CallRecord] = []
        self.envelopes: list[EnvelopeRecord] = []
        self.calls_made = 0  # forgotten ones among them: the number of the latest
        self._most = most
        self._envelope_numbers = itertools.count(1)
        self._bell = bell

    def call(self, **what: Any) -> CallRecord:
        """Note a call; see CallRecord for what."""
        self.calls_made += 1
        record = CallRecord(number=self.calls_made, **what)
        self.calls.append(record)
        del self.calls[: -self._most]
        self._bell.ring()
        return record

    def envelope(self, **what: Any) -> EnvelopeRecord:
        """Note an envelope; see EnvelopeRecord for what."""
        record = EnvelopeRecord(number=next(self._envelope_numbers), **what)
        self.envelopes.append(record)
        del self.envelopes[: -self._most]
        return record

    def forget(self) -> None:
        """Drop everything noted so far. Numbers go on, so that "after number 500" keeps its meaning."""
        self.calls.clear()
        self.envelopes.clear()


def numbered_after(records: Sequence[Numbered], after: int) -> Sequence[Numbered]:
    """The records with a number beyond this one, without looking at those before."""
    if not records:
        return records
    return records[max(0, after - records[0].number + 1) :]


def _json(record: CallRecord | EnvelopeRecord) -> Json:
    """Shallow, unlike asdict(): thousands of records are told at once, and only to be written out."""
    return {one.name: getattr(record, one.name) for one in fields(record)} | {"at": record.at.isoformat()}
