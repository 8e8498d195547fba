"""What the sandbox remembers of the traffic: every Web API call and every envelope, for tests and people."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


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
        return {**asdict(self), "at": self.at.isoformat()}


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
        return {**asdict(self), "at": self.at.isoformat()}


class Records:
    """The log of one sandbox. `calls` and `envelopes` are in the order things happened."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []
        self.envelopes: list[EnvelopeRecord] = []

    def call(self, **what: Any) -> CallRecord:
        """Note a call; see CallRecord for what."""
        record = CallRecord(number=len(self.calls) + 1, **what)
        self.calls.append(record)
        return record

    def envelope(self, **what: Any) -> EnvelopeRecord:
        """Note an envelope; see EnvelopeRecord for what."""
        record = EnvelopeRecord(number=len(self.envelopes) + 1, **what)
        self.envelopes.append(record)
        return record
