"""Things Slack hands to an app that wear out: trigger ids, response URLs and WebSocket tickets."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

TRIGGER_SECONDS: Final = 3.0
"""A trigger_id is good for three seconds and one use: docs.slack.dev/interactivity/handling-user-interaction."""

RESPONSE_URL_USES: Final = 5
RESPONSE_URL_SECONDS: Final = 30 * 60.0


@dataclass(slots=True)
class Trigger:
    """A trigger id and who caused it."""

    person: str
    at: float  # real monotonic seconds
    view_id: str | None  # the view it came out of, needed for views.push
    spent: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The place an app can answer an interaction at."""

    person: str
    channel: str
    message_ts: str | None  # the message the interaction came out of; None for a slash command
    at: float  # real monotonic seconds
    uses: int = 0


class SpentTicketError(Exception):
    """A trigger id or response URL that cannot be used; the text is Slack's error name."""


class Tickets:
    """Issues trigger ids and response URLs and takes them back.

    monotonic: real seconds, never the virtual clock; tests pass their own.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}
        self._sockets: set[str] = set()
        self._numbers = itertools.count(1_000_000_000_001)

    def trigger(self, person: str, view_id: str | None = None) -> str:
        """A new trigger id, in Slack's form of two numbers and a secret."""
        number = next(self._numbers)
        trigger_id = f"{number}.{number % 9_999_991}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(person=person, at=self._monotonic(), view_id=view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Spend a trigger id.

        Raises SpentTicketError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SpentTicketError("invalid_trigger_id")
        if trigger.spent:
            raise SpentTicketError("exchanged_trigger_id")
        if self._monotonic() - trigger.at > TRIGGER_SECONDS:
            raise SpentTicketError("expired_trigger_id")
        trigger.spent = True
        return trigger

    def response_url(self, person: str, channel: str, message_ts: str | None) -> str:
        """The secret last part of a new response URL."""
        secret = secrets.token_urlsafe(18)
        self._urls[secret] = ResponseUrl(person=person, channel=channel, message_ts=message_ts, at=self._monotonic())
        return secret

    def answer_at(self, secret: str) -> ResponseUrl:
        """Use a response URL once. Raises SpentTicketError: used_url or expired_url."""
        url = self._urls.get(secret)
        if url is None or self._monotonic() - url.at > RESPONSE_URL_SECONDS:
            raise SpentTicketError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SpentTicketError("used_url")
        url.uses += 1
        return url

    def socket(self) -> str:
        """A ticket for one WebSocket connection."""
        ticket = secrets.token_urlsafe(18)
        self._sockets.add(ticket)
        return ticket

    def admit(self, ticket: str) -> bool:
        """Whether a WebSocket ticket is good; using it spends it."""
        good = ticket in self._sockets
        self._sockets.discard(ticket)
        return good
