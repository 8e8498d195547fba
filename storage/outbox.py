"""The outbox: every message waits here until it is posted, so that nothing is lost and nothing is sent twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from storage.database import database_time
from storage.people import insert_or_ignore
from storage.tables import OutboxMessage

LEASE = timedelta(minutes=2)
"""A process that claimed a message and died holds it this long."""

GIVE_UP_AFTER = 300
"""Attempts after which a message counts as failed: two days of Slack being in trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to put into the outbox."""

    kind: str
    member_id: int
    due_at: datetime
    expires_at: datetime | None = None  # not worth sending later
    round_id: int | None = None
    unit_id: int | None = None
    team_id: int | None = None
    pulse_id: int | None = None
    request_id: int | None = None  # kept in the natural key alone

    @property
    def natural_key(self) -> str:
        """The same for the same message, however often it is put in."""
        about = (self.pulse_id, self.round_id, self.unit_id, self.team_id)
        key = f"{self.kind}:{self.member_id}:" + ":".join(str(number or "") for number in about)
        return key if self.request_id is None else f"{key}:{self.request_id}"


def request_of(message: OutboxMessage) -> int | None:
    """The id of the request that a message is about, as its natural key has it; None if it names none."""
    letter = Letter(
        kind=message.kind,
        member_id=message.member_id,
        due_at=message.due_at,
        round_id=message.round_id,
        unit_id=message.unit_id,
        team_id=message.team_id,
        pulse_id=message.pulse_id,
    )
    named = message.natural_key.removeprefix(f"{letter.natural_key}:")
    return int(named) if named.isascii() and named.isdecimal() and len(named) <= 18 else None


def put(session: Session, workspace_id: int, letters: Iterable[Letter]) -> None:
    """Put messages into the outbox; those that are or were there already are left out."""
    rows: list[dict[str, Any]] = [
        {
            "workspace_id": workspace_id,
            "natural_key": letter.natural_key,
            "kind": letter.kind,
            "member_id": letter.member_id,
            "round_id": letter.round_id,
            "unit_id": letter.unit_id,
            "team_id": letter.team_id,
            "pulse_id": letter.pulse_id,
            "due_at": letter.due_at,
            "expires_at": letter.expires_at,
            "state": "waiting",
            "attempts": 0,
        }
        for letter in letters
    ]
    insert_or_ignore(session, OutboxMessage, rows)


def claim(session: Session, now: datetime, limit: int) -> list[OutboxMessage]:
    """Lease up to `limit` messages that are due at `now`, oldest first; no other process gets them meanwhile.

    `now` is the clock that schedules; leases use the database's time, which all replicas share.
    """
    database_now = database_time(session)
    free = (
        (col(OutboxMessage.state) == "waiting")
        & _wanted(now)
        & (col(OutboxMessage.leased_until).is_(None) | (col(OutboxMessage.leased_until) < database_now))
    )
    candidates = (
        select(OutboxMessage.id)
        .where(free)
        .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        # A plain subquery PostgreSQL may run once a row, and so claim everything in spite of the limit.
        .cte("candidates")
    )
    claimed = session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(select(candidates.c.id)), free)
        .values(leased_until=database_now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalars()
    return sorted(claimed, key=lambda message: (message.due_at, message.id))


def mark_sent(session: Session, message_id: int) -> None:
    """The message has been posted."""
    _end(session, message_id, "sent")


def mark_dropped(session: Session, message_id: int) -> None:
    """The message is no longer wanted: expired, or its receiver opted out."""
    _end(session, message_id, "dropped")


def mark_failed(session: Session, message_id: int) -> None:
    """The message will never be posted: Slack refuses it for good."""
    _end(session, message_id, "failed")


def forget(session: Session, message_id: int) -> None:
    """Delete the message, so that it can be put in again when it is wanted."""
    session.execute(delete(OutboxMessage).where(col(OutboxMessage.id) == message_id))


def take_back(session: Session, message_id: int) -> None:
    """The message counted as posted before it was tried, and certainly has not been."""
    session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id, col(OutboxMessage.state) == "sent")
        .values(state="waiting")
    )


def retry_later(session: Session, message_id: int, wait: timedelta) -> None:
    """Give the message back; it is tried again after `wait`, by any process, or fails after too many attempts."""
    message = session.get(OutboxMessage, message_id)
    if message is None or message.state != "waiting":
        return
    if message.attempts >= GIVE_UP_AFTER:
        message.state, message.leased_until = "failed", None
    else:
        message.leased_until = database_time(session) + wait
    session.add(message)


def hold(session: Session, message_ids: Sequence[int], wait: timedelta) -> None:
    """Give claimed messages back for after `wait`, as if they had not been tried."""
    session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(message_ids), col(OutboxMessage.state) == "waiting")
        .values(leased_until=database_time(session) + wait, attempts=OutboxMessage.attempts - 1)
    )


def wait_until(session: Session, message_id: int, moment: datetime) -> None:
    """Give a claimed message back, as if it had not been tried, for `moment` by the clock that schedules."""
    session.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id, col(OutboxMessage.state) == "waiting")
        .values(not_before=moment, leased_until=None, attempts=OutboxMessage.attempts - 1)
    )


def purge_round(session: Session, round_id: int, kinds: Sequence[str]) -> None:
    """Delete the round's messages of these kinds, sent or not: no row about a member outlives the round."""
    session.execute(
        delete(OutboxMessage).where(col(OutboxMessage.round_id) == round_id, col(OutboxMessage.kind).in_(kinds))
    )


def any_sent(session: Session, round_id: int, kind: str) -> bool:
    """Whether any message of this kind about a round has been posted, or may have been: it is being tried."""
    # What was claimed and given back untried counts no attempt.
    tried = (col(OutboxMessage.state) == "waiting") & (col(OutboxMessage.attempts) > 0)
    query = select(OutboxMessage.id).where(
        OutboxMessage.round_id == round_id, OutboxMessage.kind == kind, (col(OutboxMessage.state) == "sent") | tried
    )
    return session.exec(query.limit(1)).first() is not None


def count_waiting(session: Session, now: datetime) -> int:
    """How many messages are due and not yet posted."""
    query = select(OutboxMessage.id).where(OutboxMessage.state == "waiting", _wanted(now))
    return len(session.exec(query).all())


def _wanted(now: datetime) -> ColumnElement[bool]:
    """Which messages are due at `now`, and are not kept for later."""
    kept = col(OutboxMessage.not_before)
    return (col(OutboxMessage.due_at) <= now) & (kept.is_(None) | (kept <= now))


def _end(session: Session, message_id: int, state: str) -> None:
    session.execute(
        update(OutboxMessage).where(col(OutboxMessage.id) == message_id).values(state=state, leased_until=None)
    )


def was_sent_before(session: Session, message: OutboxMessage) -> bool:
    """Whether the member has had an earlier message of the same kind about the same unit or team."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.kind == message.kind,
        OutboxMessage.member_id == message.member_id,
        OutboxMessage.unit_id == message.unit_id,
        OutboxMessage.team_id == message.team_id,
        OutboxMessage.state == "sent",
        col(OutboxMessage.id) < message.id,
    )
    return session.exec(query.limit(1)).first() is not None
