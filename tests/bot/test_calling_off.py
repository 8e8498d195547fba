"""A round that is called off: everybody whom it asked hears of it once, and nothing about anybody is left."""

from datetime import date, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.jobs import call_off, tick
from bot.messages import CALLED_OFF, INVITATION, REMINDER, WELCOME
from storage import outbox
from storage.rounds import unit_asked
from storage.tables import (
    Member,
    Membership,
    OutboxMessage,
)
from surveys.rounds import State
from tests.support.jobs import answer, local_due, members, nonces
from tests.support.running_murmur import (
    FRIDAY,
    OPENING,
    TUESDAY,
    Stage,
)

WEEK = timedelta(weeks=1)


def test_everybody_is_told_once_and_alike_that_a_round_was_called_off(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(TUESDAY)
    (round_,) = backstage.rounds()
    answer(backstage, "U0PRIYA")
    assert call_off(backstage.murmur, round_.id, backstage.murmur.clock())
    assert backstage.states() == [State.DISCARDED]
    assert nonces(backstage) == set()
    assert backstage.outbox(INVITATION) == backstage.outbox(REMINDER) == []
    assert len(backstage.outbox(CALLED_OFF)) == 9
    for local in local_due(backstage, CALLED_OFF):
        assert 9 <= local.hour < 17
        assert local.weekday() < 5
    assert not call_off(backstage.murmur, round_.id, backstage.murmur.clock())
    backstage.at(TUESDAY + timedelta(days=1))
    backstage.at(TUESDAY + timedelta(days=2))
    told = [call["payload"] for call in backstage.client.calls("chat.postMessage") if "called off" in str(call)]
    assert len({payload["channel"] for payload in told}) == len(told) == 9
    assert len({(payload["text"], str(payload["blocks"])) for payload in told}) == 1
    assert backstage.outbox(CALLED_OFF) == []  # nothing about anybody is left of the round


def test_whoever_left_or_opted_out_is_not_told_that_a_round_was_called_off(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    with greenroom.murmur.database.transaction() as session:
        session.execute(update(Member).where(col(Member.slack_id) == "U0KOFI").values(active=False))
        session.execute(update(Member).where(col(Member.slack_id) == "U0WILL").values(opted_out_on=date(2026, 3, 3)))
    assert call_off(greenroom.murmur, greenroom.rounds()[0].id, greenroom.murmur.clock())
    told = {members(greenroom)[message.member_id].slack_id for message in greenroom.outbox(CALLED_OFF)}
    assert len(told) == 7
    assert not told & {"U0KOFI", "U0WILL"}


def test_a_round_of_which_nobody_has_heard_is_called_off_without_a_word(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.sandbox.clock.move_to(OPENING)
    tick(greenroom.murmur)
    assert call_off(greenroom.murmur, greenroom.rounds()[0].id, OPENING)
    assert greenroom.outbox(CALLED_OFF) == []


def test_a_round_is_called_off_with_a_word_when_an_invitation_is_being_posted(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.sandbox.clock.move_to(OPENING)
    tick(greenroom.murmur)
    with greenroom.murmur.database.transaction() as session:
        session.execute(delete(OutboxMessage).where(col(OutboxMessage.kind) == WELCOME))
        (message,) = outbox.claim(session, TUESDAY, 1)
    assert (message.kind, message.state) == (INVITATION, "waiting")
    assert call_off(greenroom.murmur, greenroom.rounds()[0].id, OPENING)
    assert len(greenroom.outbox(CALLED_OFF)) == 9


def test_a_round_that_is_counted_cannot_be_called_off(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    greenroom.at(FRIDAY)
    assert not call_off(greenroom.murmur, greenroom.rounds()[0].id, FRIDAY)
    assert greenroom.outbox(CALLED_OFF) == []


def test_whoever_is_taken_off_a_team_while_its_roster_stands_is_asked_like_everybody_else(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(TUESDAY)
    backstage.at(FRIDAY)
    with backstage.murmur.database.transaction() as session:
        kofi = session.exec(select(Member).where(Member.slack_id == "U0KOFI")).one()
        session.execute(delete(Membership).where(col(Membership.member_id) == kofi.id))
    backstage.at(TUESDAY + WEEK)
    opened = [round_.id for round_ in backstage.rounds() if round_.state == State.OPEN]
    asked = [message.member_id for message in backstage.outbox(INVITATION) if message.round_id in opened]
    assert len(asked) == 9
    assert kofi.id in asked
    answer_again = next(round_ for round_ in backstage.rounds() if round_.id in opened)
    with backstage.murmur.database.reading() as session:
        assert unit_asked(session, answer_again, kofi.id) is not None
