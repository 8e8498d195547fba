"""Delivery: drain the outbox, no faster than Slack allows, so that each message arrives and none arrives twice."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import Enum, auto
from urllib.error import URLError

from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate, SingleBucketFactory
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlmodel import Session

from bot.logs import class_and_place
from bot.messages import AGAIN_WHEN_WANTED, FORGOTTEN, ONCE_AT_MOST, Versions, render
from bot.murmur import Murmur
from bot.refusals import UNREACHABLE, reason
from storage import outbox
from storage.tables import Member, OutboxMessage
from surveys.cadence import working_hours_moment

log = logging.getLogger(__name__)

BATCH = 20
"""Messages claimed at a time: a process that dies holds back no more than these, for the length of a lease."""

PER_MINUTE = 240
"""Messages a minute into a workspace. Slack allows several hundred and is not precise about it."""

PER_SECOND = 8
"""Longest burst."""

PACE = (Rate(PER_SECOND, Duration.SECOND), Rate(PER_MINUTE, Duration.MINUTE))

_NEVER_AGAIN = frozenset({
    "channel_not_found", "is_archived", "messages_tab_disabled", "not_in_channel",
    "user_disabled", "user_not_found", "cannot_dm_bot", "user_not_visible",
})  # fmt: skip
"""Slack's errors about the receiver, after which trying again is pointless. Those about the token are the operator's
to mend, and the messages wait for that."""

_PERHAPS = frozenset({"fatal_error", "internal_error", "request_timeout", "unreadable"})
"""Slack's errors of which it says that some of the call may have succeeded, and server errors without any words:
https://docs.slack.dev/reference/methods/chat.postMessage#errors."""

_LONGEST_HELD = outbox.LEASE.total_seconds() / 4
"""Seconds after which a claimed message is given back instead of posted: posting can take a minute and a half."""

LATE = timedelta(hours=1)
"""A message that comes so long after it was due, because Murmur was down or Slack was, waits for its receiver's working
hours, and is never sent if it expires before. One that is on time goes out whatever the hour: that was settled when it
was put into the outbox."""

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

    def __init__(
        self,
        murmur: Murmur,
        pace: Sequence[Rate] = PACE,
        monotonic: Callable[[], float] = time.monotonic,
        late: timedelta = LATE,
    ) -> None:
        """`monotonic` tells real seconds; `late` is how long after it was due a message waits for working hours."""
        self._murmur = murmur
        self._late = late
        self._monotonic = monotonic
        self._bucket = InMemoryBucket(list(pace))
        # Left to itself the limiter starts a thread for every bucket, which outlives it.
        self._pace = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False))

    def deliver(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Post everything that is due, until the outbox is empty, Slack asks for a break or `stop()`. How many."""
        sent = 0
        while not stop():
            claimed_at = self._monotonic()
            with self._murmur.database.transaction() as session:
                batch = outbox.claim(session, self._murmur.clock(), BATCH)
            if not batch:
                break
            for place, message in enumerate(batch):
                if not self._may_begin(claimed_at, stop):
                    self._hold(batch[place:], timedelta())
                    break
                try:
                    sent += self._deliver_one(message)
                except RateLimited as limited:
                    log.info("Slack asked for a break", extra={"seconds": limited.wait.total_seconds()})
                    self._hold(batch[place:], limited.wait)
                    return sent
                except Exception as error:  # noqa: BLE001 - one message's trouble must hold up no other
                    log.error(
                        "a message could not be made", extra={"kind": message.kind, "error": class_and_place(error)}
                    )
                    with self._murmur.database.transaction() as session:
                        _retry(session, message)
        return sent

    def _may_begin(self, claimed_at: float, stop: Callable[[], bool]) -> bool:
        """Wait for the turn of the next message. False when it should be given back: Murmur is stopping, or the
        message is claimed for so long that its lease could end, and another process post it too, meanwhile.
        """
        while not stop() and self._monotonic() - claimed_at < _LONGEST_HELD:
            if self._take_turn(timeout=1):
                return True
        return False

    def _take_turn(self, timeout: float = -1) -> bool:
        """Wait until another message may be posted, `timeout` seconds at most."""
        self._bucket.leak(self._bucket.now())  # type: ignore[no-untyped-call]
        return bool(self._pace.try_acquire(timeout=timeout))

    def _deliver_one(self, message: OutboxMessage) -> bool:
        database, now = self._murmur.database, self._murmur.clock()
        with database.reading() as session:
            versions = render(self._murmur, session, message, now)
            member = session.get_one(Member, message.member_id)
            receiver = member.slack_id
        late = now - message.due_at >= self._late
        if versions and late and (moment := working_hours_moment(now, member.timezone)) > now:
            with database.transaction() as session:
                outbox.wait_until(session, message.id, moment)
            return False
        if not versions:
            with database.transaction() as session:
                if message.kind in AGAIN_WHEN_WANTED | FORGOTTEN:
                    outbox.forget(session, message.id)
                else:
                    outbox.mark_dropped(session, message.id)
            return False
        if message.kind in ONCE_AT_MOST:
            with database.transaction() as session:
                outbox.mark_sent(session, message.id)  # beforehand: a process that dies now must not leave a second
        try:
            outcome = self._post(message, receiver, versions)
        except RateLimited:
            with database.transaction() as session:
                outbox.take_back(session, message.id)
            raise
        with database.transaction() as session:
            if message.kind in FORGOTTEN and outcome in {Outcome.SENT, Outcome.FAILED}:
                outbox.forget(session, message.id)
            elif outcome is Outcome.SENT:
                outbox.mark_sent(session, message.id)
            elif outcome is Outcome.FAILED:
                outbox.mark_failed(session, message.id)
            elif outcome is Outcome.UNCERTAIN and message.kind in ONCE_AT_MOST:
                outbox.mark_dropped(session, message.id)
            else:
                outbox.take_back(session, message.id)
                _retry(session, message)
        return outcome is Outcome.SENT

    def _post(self, message: OutboxMessage, receiver: str, versions: Versions) -> Outcome:
        """Post the first version that Slack accepts: a block may be too new for a workspace."""
        for post in versions:
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
                    self._take_turn()
                    continue
                log.warning("a message was not posted", extra={"kind": message.kind, "error": reason(error)})
                return outcome
            except (URLError, SlackClientError) as error:
                log.warning("Slack could not be reached", extra={"error": class_and_place(error)})
                return Outcome.LATER
            except UNREACHABLE:
                # urllib wraps what goes wrong while it sends; these come up while it waits for the answer.
                log.warning("Slack did not say whether it posted a message", extra={"kind": message.kind})
                return Outcome.UNCERTAIN
            return Outcome.SENT
        log.error("Slack refuses a message", extra={"kind": message.kind, "error": "invalid_blocks"})
        return Outcome.FAILED

    def _hold(self, messages: Sequence[OutboxMessage], wait: timedelta) -> None:
        with self._murmur.database.transaction() as session:
            outbox.hold(session, [message.id for message in messages], wait)


def _retry(session: Session, message: OutboxMessage) -> None:
    """Try a message again later, or give it up after too many attempts."""
    if message.kind in FORGOTTEN and message.attempts >= outbox.GIVE_UP_AFTER:
        outbox.forget(session, message.id)  # nothing else would ever delete it
    else:
        outbox.retry_later(session, message.id, wait_after(message.attempts))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th attempt failed: twice as long each time, ten minutes at most."""
    doublings = min(attempts - 1, 10)
    wait: timedelta = _FIRST_WAIT * 2**doublings
    return min(wait, _LONGEST_WAIT)


def _judge(error: SlackApiError) -> Outcome | None:
    """What Slack's refusal means; None when a simpler version of the message may do. Raises RateLimited."""
    status, name = getattr(error.response, "status_code", 0), reason(error)
    if status == 429 or name == "ratelimited":
        raise RateLimited(timedelta(seconds=int(error.response.headers.get("Retry-After", 30)))) from None
    if name in {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}:
        return None
    if name in _PERHAPS:
        return Outcome.UNCERTAIN
    return Outcome.FAILED if name in _NEVER_AGAIN else Outcome.LATER
