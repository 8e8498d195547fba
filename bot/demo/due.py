"""When anything is due next, so that the clock can be taken from one such moment to the next."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.tables import OutboxMessage, Pulse, Round
from surveys.rounds import ENDED, State


def next_step(session: Session, after: datetime) -> datetime | None:
    """The first moment later than `after` at which a round has a step to take, if any."""
    query = select(Round, Pulse).join(Pulse).where(col(Round.state).not_in(ENDED))
    moments = [_moment(round_, paused=pulse.paused_on is not None) for round_, pulse in session.exec(query)]
    return min((moment for moment in moments if moment is not None and moment > after), default=None)


def next_letter(session: Session, after: datetime) -> datetime | None:
    """The first moment later than `after` at which a message of the outbox is due, or waits for the morning, if any."""
    moment = func.coalesce(OutboxMessage.not_before, OutboxMessage.due_at)
    query = select(moment).where(OutboxMessage.state == "waiting", moment > after).order_by(moment).limit(1)
    return session.exec(query).first()


def _moment(round_: Round, *, paused: bool) -> datetime | None:
    """When the next step of a round is due; one that is being closed is due at once, whatever the time."""
    if round_.state == State.SCHEDULED:
        # A paused pulse opens nothing; its round is skipped when it could hardly open any more.
        return round_.closes_at if paused else round_.opens_at
    return round_.closes_at
