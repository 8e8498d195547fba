"""Delivery: drain the outbox, no faster than Slack allows, so that each message arrives and none arrives twice."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import Enum, auto
from http.client import HTTPException
from urllib.error import URLError

from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.logs import class_and_place
from bot.messages import ONCE_AT_MOST, Versions, render
from bot.murmur import Murmur
from storage import outbox
from storage.tables import Member, OutboxMessage

log = logging.getLogger(__name__)

BATCH = 20
"""Messages claimed at a time: a process that dies holds back no more than these, for the length of a lease."""

PER_MINUTE = 240
"""Messages a minute into a workspace. Slack allows several hundred and is not precise about it."""

PER_SECOND = 8
"""Longest burst."""

PACE = (Rate(PER_SECOND, Duration.SECOND), Rate(PER_MINUTE, Duration.MINUTE))

_NEVER_AGAIN = frozenset({
    "account_inactive", "channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel",
    "restricted_action", "user_disabled", "user_not_found", "cannot_dm_bot", "user_not_visible",
})  # fmt: skip
"""Slack's errors after which trying the same message again is pointless."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


class Outcome(Enum):
    """What became of one attempt to post."""

    SENT = auto()
    FAILED = auto()  # for good
    LATER = auto()  # Slack or the network is in trouble
    UNCERTAIN = auto()  # Slack may have posted it and did not say so


class RateLimited(Exception):
    """Slack asked for a break."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Slack asked for a break")
        self.wait = wait


class Delivery:
    """Posts what is due. One object a process; safe to use from several threads."""

    def __init__(self, murmur: Murmur, pace: Sequence[Rate] = PACE) -> None:
        self._murmur = murmur
        self._pace = Limiter(InMemoryBucket(list(pace)))

    def deliver(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Post everything that is due, until the outbox is empty, Slack asks for a break or `stop()`. How many."""
        sent = 0
        while not stop():
            with self._murmur.database.transaction() as session:
                batch = outbox.claim(session, self._murmur.clock(), BATCH)
            if not batch:
                break
            for place, message in enumerate(batch):
                try:
                    sent += self._deliver_one(message)
                except RateLimited as limited:
                    self._hold(message.id, limited.wait, [later.id for later in batch[place + 1 :]])
                    return sent
        return sent

    def _deliver_one(self, message: OutboxMessage) -> bool:
        database = self._murmur.database
        with database.reading() as session:
            versions = render(self._murmur, session, message, self._murmur.clock())
            receiver = session.get_one(Member, message.member_id).slack_id
        if not versions:
            with database.transaction() as session:
                outbox.mark_dropped(session, message.id)
            return False
        outcome = self._post(message, receiver, versions)
        with database.transaction() as session:
            if outcome is Outcome.SENT:
                outbox.mark_sent(session, message.id)
            elif outcome is Outcome.FAILED:
                outbox.mark_failed(session, message.id)
            elif outcome is Outcome.UNCERTAIN and message.kind in ONCE_AT_MOST:
                outbox.mark_dropped(session, message.id)
            else:
                outbox.retry_later(session, message.id, wait_after(message.attempts))
        return outcome is Outcome.SENT

    def _post(self, message: OutboxMessage, receiver: str, versions: Versions) -> Outcome:
        """Post the first version that Slack accepts: a block may be too new for a workspace."""
        for post in versions:
            self._pace.try_acquire(str(message.workspace_id))
            try:
                self._murmur.client.chat_postMessage(
                    channel=receiver,
                    text=post.text,
                    blocks=list(post.blocks),
                    parse="none",
                    unfurl_links=False,
                    unfurl_media=False,
                )
            except SlackApiError as error:
                outcome = _judge(error)
                if outcome is None:
                    log.warning("Slack refused blocks, trying a simpler version", extra={"kind": message.kind})
                    continue
                log.warning("a message was not posted", extra={"kind": message.kind, "error": _name(error)})
                return outcome
            except (URLError, SlackClientError) as error:
                log.warning("Slack could not be reached", extra={"error": class_and_place(error)})
                return Outcome.LATER
            except (TimeoutError, ConnectionError, HTTPException):
                # urllib wraps what goes wrong while it sends; these come up while it waits for the answer.
                log.warning("Slack did not say whether it posted a message", extra={"kind": message.kind})
                return Outcome.UNCERTAIN
            return Outcome.SENT
        log.error("Slack refuses a message", extra={"kind": message.kind, "error": "invalid_blocks"})
        return Outcome.FAILED

    def _hold(self, message_id: int, wait: timedelta, untried: list[int]) -> None:
        log.info("Slack asked for a break", extra={"seconds": wait.total_seconds()})
        with self._murmur.database.transaction() as session:
            outbox.hold(session, [message_id, *untried], wait)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th attempt failed: twice as long each time, ten minutes at most."""
    wait: timedelta = _FIRST_WAIT * 2 ** (attempts - 1)
    return min(wait, _LONGEST_WAIT)


def _judge(error: SlackApiError) -> Outcome | None:
    """What Slack's refusal means; None when a simpler version of the message may do. Raises RateLimited."""
    status, name = getattr(error.response, "status_code", 0), _name(error)
    if status == 429 or name == "ratelimited":
        raise RateLimited(timedelta(seconds=int(error.response.headers.get("Retry-After", 30)))) from None
    if name in {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}:
        return None
    return Outcome.FAILED if name in _NEVER_AGAIN else Outcome.LATER


def _name(error: SlackApiError) -> str:
    try:
        return str(error.response["error"])
    except (KeyError, TypeError, ValueError):
        return "unreadable"
