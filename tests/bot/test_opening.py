"""Opening a round: what a power cut leaves behind, what the auditor refuses, and what is settled for good."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot import jobs
from bot.jobs import ThrownAway, open_and_invite, tick
from bot.messages import INVITATION, REFUSED
from bot.results import limit_today, unit_limit
from storage import closing
from storage.keys import KeyLost
from storage.outbox import Letter, put
from storage.questions import add_question
from storage.rounds import NobodyToAsk, PlanRefused, advance
from storage.tables import (
    LedgerEntry,
    Pulse,
    Round,
    RoundUnit,
    Unit,
)
from surveys.rounds import State
from tests.support.jobs import PowerCut, answer, member, members, nonces, raising
from tests.support.running_murmur import (
    FRIDAY,
    NEXT_MONDAY,
    OPENING,
    TUESDAY,
    Stage,
)

WEEK = timedelta(weeks=1)


def test_an_opening_that_a_power_cut_ends_is_made_up_for_and_leaves_no_key_behind(
    backstage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    backstage.put_team()
    real = backstage.murmur.keys.create

    def die_with_the_key_on_disk(name: str) -> bytes:
        real(name)
        raise PowerCut

    backstage.sandbox.clock.move_to(OPENING)
    with monkeypatch.context() as patch:
        patch.setattr(backstage.murmur.keys, "create", die_with_the_key_on_disk)
        with pytest.raises(PowerCut):
            tick(backstage.murmur)
    assert backstage.states() == [State.SCHEDULED]
    assert nonces(backstage) == {backstage.rounds()[0].key_name}
    backstage.at(TUESDAY)
    assert backstage.states() == [State.OPEN]
    answer(backstage, "U0PRIYA")
    backstage.at(FRIDAY)
    assert backstage.states()[0] == State.PUBLISHED
    assert nonces(backstage) == set()


def test_a_round_that_never_opens_after_a_power_cut_leaves_no_key_behind(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.murmur.keys.create(greenroom.rounds()[0].key_name)
    greenroom.at(FRIDAY - timedelta(hours=1))
    assert greenroom.states()[0] == State.DISCARDED
    assert nonces(greenroom) == set()


def test_the_keys_of_another_murmur_in_the_same_directory_are_left_alone(greenroom: Stage) -> None:
    greenroom.put_team()
    theirs = greenroom.murmur.keys.create("another")
    for week in range(3):
        greenroom.at(TUESDAY + week * WEEK)
    assert greenroom.murmur.keys.read("another") == theirs


def test_the_key_of_a_round_that_was_thrown_away_is_destroyed_though_a_process_died_before(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    (round_,) = greenroom.rounds()
    with greenroom.murmur.database.transaction() as session:
        advance(session, round_.id, State.OPEN, State.DISCARDING)
    assert greenroom.murmur.keys.read(round_.key_name)
    greenroom.tick()
    with pytest.raises(KeyLost):
        greenroom.murmur.keys.read(round_.key_name)


def ask_what_may_not_be_asked(stage: Stage) -> None:
    """Put questions into the pulse that no form would take: whether nine people stay."""
    with stage.murmur.database.transaction() as session:
        pulse = session.exec(select(Pulse)).one()
        for number in range(20):
            text = f"I will be here in {number + 2} years."
            add_question(session, pulse.id, driver="intent-to-stay", text=text, reverse=False, on=date(2026, 3, 2))


def test_a_round_whose_plan_the_auditor_refuses_does_not_open_and_admins_are_told_why(backstage: Stage) -> None:
    backstage.put_team()
    ask_what_may_not_be_asked(backstage)
    week = 0
    while not backstage.outbox(REFUSED):
        backstage.at(OPENING + week * WEEK)
        week += 1
    backstage.tick()
    (refused,) = [round_ for round_ in backstage.rounds() if round_.refused]
    assert refused.state == State.DISCARDED
    assert nonces(backstage) == set()
    assert [message.round_id for message in backstage.outbox(INVITATION)] == []
    assert backstage.states()[-1] == State.SCHEDULED  # the pulse goes on, and is checked again
    there = members(backstage)
    admins = {there[message.member_id].slack_id for message in backstage.outbox(REFUSED)}
    assert admins == {member.slack_id for member in there.values() if member.is_slack_admin}
    backstage.at(backstage.murmur.clock() + timedelta(days=1))
    told = [call["payload"] for call in backstage.client.calls("chat.postMessage")]
    said = [str(payload["blocks"]) for payload in told if payload["text"] == "Murmur: a round was not opened"]
    assert len(said) == len(admins)
    assert "The round of Vision was not opened." in said[0]
    assert "One of the questions may not be asked like this" in said[0]
    assert backstage.outbox(REFUSED) == []


WHY_NOT = [NobodyToAsk("nobody"), PlanRefused([["question"]])]


@pytest.mark.parametrize("why", WHY_NOT)
def test_a_round_that_another_murmur_opened_meanwhile_is_not_thrown_away(
    greenroom: Stage, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    (before,) = greenroom.rounds()
    monkeypatch.setattr(jobs, "open_round", raising(why))
    assert open_and_invite(greenroom.murmur, before.id, TUESDAY) is None
    assert greenroom.rounds() == [before]
    assert (before.state, before.refused) == (State.OPEN, None)
    assert greenroom.outbox(REFUSED) == []
    answer(greenroom, "U0PRIYA")


@pytest.mark.parametrize("why", [None, *WHY_NOT])
@pytest.mark.parametrize("state", [State.DISCARDING, State.DISCARDED, None])
def test_a_round_that_another_murmur_threw_away_meanwhile_does_not_count_as_open(
    greenroom: Stage, monkeypatch: pytest.MonkeyPatch, why: Exception | None, state: State | None
) -> None:
    greenroom.put_team()
    (planned,) = greenroom.rounds()
    with greenroom.murmur.database.transaction() as session:
        if state is None:  # withdrawn, and planned anew
            session.delete(session.get_one(Round, planned.id))
        else:
            advance(session, planned.id, State.SCHEDULED, state)
    if why is not None:
        monkeypatch.setattr(jobs, "open_round", raising(why))
    assert type(open_and_invite(greenroom.murmur, planned.id, OPENING)) is (type(why) if why else ThrownAway)
    assert greenroom.outbox(INVITATION) == greenroom.outbox(REFUSED) == []


def test_slack_that_refuses_word_of_a_round_for_good_leaves_nothing_in_the_outbox(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(TUESDAY)
    with backstage.murmur.database.transaction() as session:
        round_ = session.exec(select(Round)).one()
        round_.refused = [["question"]]
        session.add(round_)
        ruth = member(backstage, "U0RUTH").id
        put(session, 1, [Letter(kind=REFUSED, member_id=ruth, round_id=round_.id, due_at=TUESDAY)])
    backstage.client.fault("error", method="chat.postMessage", error="user_not_found", times=1)
    backstage.tick()
    assert backstage.outbox(REFUSED) == []


@pytest.mark.parametrize("why", WHY_NOT)
def test_a_round_that_did_not_open_is_thrown_away_though_a_power_cut_follows(
    greenroom: Stage, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    greenroom.put_team()
    (planned,) = greenroom.rounds()

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "open_round", raising(why))
        patch.setattr(closing, "finish_discarding", raising(PowerCut()))
        with pytest.raises(PowerCut):
            open_and_invite(greenroom.murmur, planned.id, OPENING)
    (left,) = greenroom.rounds()
    refused = isinstance(why, PlanRefused)
    assert (left.state, left.refused) == (State.DISCARDING, [["question"]] if refused else None)
    assert bool(greenroom.outbox(REFUSED)) is refused
    greenroom.at(OPENING)
    assert greenroom.rounds()[0].state == State.DISCARDED
    assert greenroom.outbox(INVITATION) == []


def test_codes_that_the_plan_did_not_foresee_are_kept_back_and_admins_are_told(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(TUESDAY)
    for who in ("U0PRIYA", "U0TOMAS", "U0AMARA", "U0LINH", "U0JONAS", "U0FATIMA", "U0KOFI", "U0ELIF"):
        answer(backstage, who)
    with backstage.murmur.database.transaction() as session:  # as if an older version had opened it
        (round_,) = session.exec(select(Round)).all()
        round_.item_ids = [round_.item_ids[0], *round_.item_ids]
        session.add(round_)
    backstage.at(FRIDAY)
    assert backstage.states()[0] == State.PUBLISHED
    assert backstage.rounds()[0].refused == [["question"]]
    assert len(backstage.outbox(REFUSED)) == len([one for one in members(backstage).values() if one.is_slack_admin])
    with backstage.murmur.database.reading() as session:
        shown = {entry.subject for entry in session.exec(select(LedgerEntry)) if entry.value is not None}
    assert shown == set()
    backstage.at(NEXT_MONDAY)
    told = [str(call["payload"]) for call in backstage.client.calls("chat.postMessage")]
    assert [words for words in told if "Results of the last round of Vision are kept back." in words]
    assert backstage.outbox(REFUSED) == []


def test_the_limit_of_flags_is_settled_when_a_round_opens(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)

    def limits() -> tuple[float, float]:
        """That of the round, and what it would be today."""
        with greenroom.murmur.database.reading() as session:
            pulse, round_ = session.exec(select(Pulse)).one(), session.exec(select(Round)).one()
            unit = session.exec(select(Unit)).one()
            return unit_limit(session, pulse, round_, unit), limit_today(session, pulse, round_, unit)

    frozen, today = limits()
    assert frozen == today
    with greenroom.murmur.database.transaction() as session:
        session.execute(update(Pulse).values(frequency="monthly"))
    assert limits()[0] == frozen
    assert limits()[1] != frozen
    with greenroom.murmur.database.transaction() as session:  # as an older version left it
        session.execute(update(RoundUnit).values(flag_limit=None))
    assert limits()[0] == limits()[1]
