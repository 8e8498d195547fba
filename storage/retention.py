"""How long rows about people are kept, and what deletes them after that.

What is deleted depends on dates and rosters alone, never on who answered, and goes in small transactions, so that
nobody who answers meanwhile has to wait. Ballots, and the messages of a round, go when it closes: see closing.py.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database import Database
from storage.rosters import PERIOD
from storage.tables import (
    Change,
    Membership,
    OutboxMessage,
    Promise,
    Request,
    RosterEntry,
    RosterPeriod,
    Round,
    Team,
)
from surveys.rounds import ENDED, State

ROSTERS = timedelta(weeks=13)
"""Rosters, from the end of their four weeks on: for a quarter, whoever asks can be shown where they were counted."""

MESSAGES = timedelta(weeks=8)
"""That a digest, or a word to admins, was sent: long enough to look into one that did not arrive."""

RECORDS = timedelta(days=731)
"""What admins changed, and promises and requests that are over: 24 months, so that each can be looked at in the
yearly review after the one in which it happened.
"""

LATEST_PERIODS = 2
"""Rosters of a pulse that stay however old they are: those of the next period are compared with the latest."""

BATCH = 500
"""Rows of one transaction. A roster goes as a whole, whatever its size: one that lacks some people looks as if
somebody had been taken out of it.
"""

DIGESTS = ("digest", "department-digest")
"""Kinds of messages that are put into the outbox once, when a round is published, and never again. The latest about
each unit or department stays as long as other records: without any, the next would explain itself as the first does.
"""

WORDS = ("request", "called-off", "refused")
"""Kinds that are put in once: when a request is made, and when a round did not go as planned. The latter are deleted
as soon as they are posted, but for those that older versions left.
"""

WELCOMES = ("welcome",)
"""Kinds that are put in whenever they are missing. They stay as long as somebody is on a team of the pulse."""

_OVER = ("sent", "failed", "dropped")


def clear_out(database: Database, now: datetime) -> int:
    """Delete what has been kept for its time at `now`, in transactions of `BATCH` rows. Returns how many rows."""
    deleted = 0
    for clear in (old_rosters, old_messages, old_changes, old_requests, old_promises):
        while count := _in_one_transaction(database, clear, now):
            deleted += count
    return deleted


def _in_one_transaction(database: Database, clear: Callable[[Session, datetime], int], now: datetime) -> int:
    with database.transaction() as session:
        return clear(session, now)


def old_rosters(session: Session, now: datetime) -> int:
    """Delete the roster of one period that ended long ago. Returns how many rows."""
    kept = needed_periods(session)
    rosters = select(RosterEntry.period_id).distinct()
    query = (
        select(RosterPeriod.id)
        .where(
            col(RosterPeriod.starts_on) < now.date() - PERIOD - ROSTERS,
            col(RosterPeriod.id).in_(rosters),
            col(RosterPeriod.id).not_in(kept),
        )
        .order_by(col(RosterPeriod.id))
    )
    period_id = session.exec(query.limit(1)).first()
    if period_id is None:
        return 0
    there = len(session.exec(select(RosterEntry.member_id).where(RosterEntry.period_id == period_id)).all())
    session.execute(delete(RosterEntry).where(col(RosterEntry.period_id) == period_id))
    return there


def needed_periods(session: Session) -> set[int]:
    """Ids of the periods whose rosters stay whatever their age: the latest of each pulse, and those of rounds that
    have not ended or are the latest that was published, which tell who may read it.
    """
    periods = session.exec(select(RosterPeriod)).all()
    rounds = session.exec(select(Round).where(col(Round.period_id).is_not(None))).all()
    return periods_needed(periods, rounds)


def periods_needed(periods: Sequence[RosterPeriod], rounds: Sequence[Round]) -> set[int]:
    """The same of rows that were read before."""
    needed = {round_.period_id for round_ in rounds if round_.state not in ENDED}
    for pulse_id in {period.pulse_id for period in periods}:
        own = sorted((period.starts_on, period.id) for period in periods if period.pulse_id == pulse_id)
        needed |= {period_id for _, period_id in own[-LATEST_PERIODS:]}
        published = [r for r in rounds if r.pulse_id == pulse_id and r.state == State.PUBLISHED]
        needed |= {r.period_id for r in sorted(published, key=lambda r: r.closes_at)[-1:]}
    return {period_id for period_id in needed if period_id is not None}


def old_messages(session: Session, now: datetime) -> int:
    """Delete messages that were sent, or given up, long ago. Returns how many."""
    due = func.coalesce(OutboxMessage.not_before, OutboxMessage.due_at)
    latest = (
        select(func.max(OutboxMessage.id))
        .where(OutboxMessage.state == "sent", col(OutboxMessage.kind).in_(DIGESTS))
        .group_by(
            col(OutboxMessage.kind),
            col(OutboxMessage.member_id),
            col(OutboxMessage.unit_id),
            col(OutboxMessage.team_id),
        )
    )
    asked_in = (
        select(Membership.member_id)
        .join(Team, col(Team.id) == Membership.team_id)
        .where(Membership.member_id == OutboxMessage.member_id, Team.pulse_id == OutboxMessage.pulse_id)
        .correlate(OutboxMessage)
    )
    kinds = or_(
        col(OutboxMessage.kind).in_(DIGESTS) & col(OutboxMessage.id).not_in(latest),
        col(OutboxMessage.kind).in_(DIGESTS) & (due < now - RECORDS),
        col(OutboxMessage.kind).in_(WORDS),
        col(OutboxMessage.kind).in_(WELCOMES) & ~asked_in.exists(),
    )
    return _delete(session, OutboxMessage, col(OutboxMessage.state).in_(_OVER) & (due < now - MESSAGES) & kinds)


def old_changes(session: Session, now: datetime) -> int:
    """Delete old entries of the audit log. Returns how many."""
    return _delete(session, Change, col(Change.made_on) < _long_ago(now))


def old_requests(session: Session, now: datetime) -> int:
    """Delete requests that ended long ago; one that was answered with a promise goes with it. Returns how many."""
    over = (col(Request.state) != "open") & (col(Request.ended_on) < _long_ago(now))
    answered = col(Request.promise_id).is_(None) | col(Request.promise_id).in_(_old_promises(now))
    return _delete(session, Request, over & answered)


def old_promises(session: Session, now: datetime) -> int:
    """Delete promises that ended long ago, unless a request that is kept was answered by one. Returns how many."""
    answers = select(Request.promise_id).where(col(Request.promise_id).is_not(None))
    return _delete(session, Promise, col(Promise.id).in_(_old_promises(now)) & col(Promise.id).not_in(answers))


def _old_promises(now: datetime) -> SelectOfScalar[int]:
    """Ids of promises that ended long ago."""
    return select(Promise.id).where(Promise.state != "open", col(Promise.ended_on) < _long_ago(now))


def _long_ago(now: datetime) -> date:
    return now.date() - RECORDS


def _delete(session: Session, table: type, which: ColumnElement[bool]) -> int:
    """Delete at most `BATCH` rows, the oldest first. Returns how many."""
    key = table.id  # type: ignore[attr-defined]
    ids = session.exec(select(key).where(which).order_by(key).limit(BATCH)).all()
    session.execute(delete(table).where(key.in_(ids)))
    return len(ids)
