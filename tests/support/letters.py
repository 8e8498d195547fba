"""Nine invitations on their way, for tests of delivery."""

from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlmodel import col

from bot.delivery import Delivery
from bot.jobs import tick
from bot.messages import INVITATION, WELCOME
from storage.database import database_time
from storage.tables import Member, OutboxMessage
from tests.support.running_murmur import NEVER_LATE, OPENING, TUESDAY, UNPACED, Stage


def invite(stage: Stage) -> Stage:
    """Open a round, and let the time of everybody's invitation come without delivering any."""
    stage.put_team()
    stage.sandbox.clock.move_to(OPENING)
    tick(stage.murmur)
    with stage.murmur.database.transaction() as session:
        session.execute(delete(OutboxMessage).where(col(OutboxMessage.kind) == WELCOME))
    stage.sandbox.clock.move_to(TUESDAY)
    return stage


def deliver(stage: Stage) -> int:
    """Deliver what is due, without pacing."""
    return Delivery(stage.murmur, UNPACED, late=NEVER_LATE).deliver()


def let_leases_end(stage: Stage) -> None:
    """Let so much time pass that no lease holds any more."""
    with stage.murmur.database.transaction() as session:
        session.execute(update(OutboxMessage).values(leased_until=datetime(2020, 1, 1, tzinfo=UTC)))


def held_for(stage: Stage, kind: str = INVITATION) -> list[float]:
    """For how many seconds from now, by the database's clock, each message of a kind that waits is held."""
    with stage.murmur.database.reading() as session:
        now = database_time(session)
    waiting = [message for message in stage.outbox(kind) if message.state == "waiting"]
    return [(message.leased_until - now).total_seconds() for message in waiting if message.leased_until]


def outcomes(stage: Stage, kind: str) -> dict[str, int]:
    """How many messages of a kind ended how."""
    found: dict[str, int] = {}
    for message in stage.outbox(kind):
        found[message.state] = found.get(message.state, 0) + 1
    return found


def receivers(stage: Stage, words: str) -> list[str]:
    """Who has been posted a message with these words, once each time, in order of their ids."""
    return sorted(receiver for receiver, text in stage.sent(words))


def change_member(stage: Stage, slack_id: str, **values: object) -> None:
    """Change what the directory says of somebody."""
    with stage.murmur.database.transaction() as session:
        session.execute(update(Member).where(col(Member.slack_id) == slack_id).values(**values))


VISION_IDS = sorted(["U0PRIYA", "U0TOMAS", "U0AMARA", "U0LINH", "U0JONAS", "U0FATIMA", "U0KOFI", "U0ELIF", "U0WILL"])
