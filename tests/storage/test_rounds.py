"""Rounds from schedule to open: one at a time, once, and frozen when they open."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage.ballots import NotInRound
from storage.closing import discard
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history
from storage.pulses import set_threshold
from storage.questions import add_question
from storage.rounds import (
    AlreadyOpen,
    NobodyToAsk,
    NothingToAsk,
    advance,
    close_now,
    due_steps,
    open_round,
    published_rounds,
    reschedule,
    round_units,
    schedule_next,
    schedule_now,
    unfinished_round,
    unit_asked,
)
from storage.tables import Member, Pulse, Round
from surveys.release import FLOOR, PeopleClass
from surveys.rotation import REST
from surveys.rounds import ENDED, State, Step
from tests.support.organisation import FRIDAY, MONDAY, SECRET, TUESDAY, WEEK, Organisation, count
from tests.support.thief import slots


def plan(acme: Organisation, how: Callable[[Session, Pulse, datetime], object], now: datetime) -> None:
    """Plan rounds of the pulse in a transaction."""
    with acme.database.transaction() as session:
        how(session, session.get_one(Pulse, acme.pulse_id), now)


def unfinished(acme: Organisation) -> Round | None:
    with acme.database.reading() as session:
        return unfinished_round(session, acme.pulse_id)


def rounds_in(acme: Organisation, *states: State) -> int:
    with acme.database.reading() as session:
        return len(session.exec(select(Round).where(col(Round.state).in_(states))).all())


def at_once(*jobs: Callable[[], object]) -> list[BaseException | None]:
    """Do these in threads that are let go at once; what each of them raised."""
    together = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        together.wait(30)
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [running.exception() for running in [pool.submit(run, job) for job in jobs]]


def test_the_next_round_is_planned_for_the_next_tuesday_at_ten_until_friday(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    round_ = unfinished(acme)
    assert round_ is not None
    assert (round_.state, round_.opens_at, round_.closes_at) == (State.SCHEDULED, TUESDAY, FRIDAY)
    assert (round_.opens_on, round_.item_ids, round_.key_fingerprint) == (TUESDAY.date(), [], None)
    assert not acme.keys.path.exists()


def test_planning_again_changes_nothing(acme: Organisation) -> None:
    acme.team("Vision", 9)
    for hours in range(3):
        plan(acme, schedule_next, MONDAY + timedelta(hours=hours))
    with acme.database.reading() as session:
        assert count(session, Round) == 1


def test_two_schedulers_at_once_plan_one_round(acme: Organisation) -> None:
    acme.team("Vision", 9)
    job = [lambda: plan(acme, schedule_next, MONDAY)]
    assert at_once(*job * 4) == [None] * 4
    assert rounds_in(acme, State.SCHEDULED) == 1


def test_schedulers_that_disagree_about_the_time_zones_still_plan_one_round(acme: Organisation) -> None:
    acme.team("Vision", 9)
    late = TUESDAY + timedelta(minutes=1)  # one clock is already past this week's opening
    assert (
        at_once(*[lambda: plan(acme, schedule_next, MONDAY), lambda: plan(acme, schedule_next, late)] * 2) == [None] * 4
    )
    assert rounds_in(acme, State.SCHEDULED) == 1


def test_two_admins_who_open_at_once_open_one_round(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    moments = [MONDAY + timedelta(seconds=second) for second in range(4)]
    at_once(*[lambda now=now: plan(acme, schedule_now, now) for now in moments])
    assert rounds_in(acme, *set(State) - ENDED) == 1


def test_two_schedulers_that_open_at_once_open_one_round_with_one_key(acme: Organisation) -> None:
    members = acme.team("Vision", 9).members
    plan(acme, schedule_next, MONDAY)
    planned = unfinished(acme)
    assert planned is not None
    opened: list[bool] = []

    def open_() -> None:
        with acme.database.transaction() as session:
            opened.append(open_round(session, acme.keys, SECRET, planned.id) is not None)

    assert at_once(open_, open_, open_) == [None] * 3
    assert sorted(opened) == [False, False, True]
    assert len(list(acme.keys.path.iterdir())) == 1
    assert len(slots(acme.database)) == len(members)


def test_the_next_round_opens_a_week_after_the_last_whatever_became_of_that(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    planned = unfinished(acme)
    assert planned is not None
    with acme.database.transaction() as session:
        assert advance(session, planned.id, State.SCHEDULED, State.DISCARDED)
    plan(acme, schedule_next, MONDAY)
    following = unfinished(acme)
    assert following is not None
    assert following.opens_at == TUESDAY + WEEK


def test_a_round_planned_before_somebody_in_another_time_zone_joined_is_planned_again(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    acme.join(vision, acme.people(1, "Asia/Tokyo"))
    plan(acme, reschedule, MONDAY)
    round_ = unfinished(acme)
    assert round_ is not None
    assert round_.opens_at == TUESDAY - timedelta(hours=9)
    assert rounds_in(acme, State.SCHEDULED) == 1


def test_replanning_leaves_an_open_round_alone(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    before = acme.round(round_id)
    plan(acme, reschedule, TUESDAY)
    assert acme.round(round_id) == before
    with acme.database.reading() as session:
        assert count(session, Round) == 1


def test_replanning_while_another_process_opens_the_round_spoils_neither(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    planned = unfinished(acme)
    assert planned is not None

    def open_() -> None:
        with acme.database.transaction() as session:
            open_round(session, acme.keys, SECRET, planned.id)

    assert at_once(open_, lambda: plan(acme, reschedule, MONDAY)) == [None, None]
    assert rounds_in(acme, State.SCHEDULED, State.OPEN) == 1
    assert len(slots(acme.database)) == 9 * rounds_in(acme, State.OPEN)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_replanning_waits_for_an_opening_under_way_and_then_lets_it_be(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    planned = unfinished(acme)
    assert planned is not None
    other = threading.Thread(target=plan, args=(acme, reschedule, MONDAY))
    with acme.database.transaction() as session:
        assert open_round(session, acme.keys, SECRET, planned.id)
        other.start()
        other.join(0.3)
    other.join(30)
    assert acme.state(planned.id) is State.OPEN
    assert rounds_in(acme, State.SCHEDULED) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("how", [schedule_next, schedule_now, reschedule])
def test_on_postgresql_planning_waits_for_other_planning_under_way(
    acme: Organisation, how: Callable[[Session, Pulse, datetime], object]
) -> None:
    acme.team("Vision", 9)
    other = threading.Thread(target=plan, args=(acme, how, MONDAY))
    with acme.database.transaction() as session:
        schedule_now(session, session.get_one(Pulse, acme.pulse_id), MONDAY + timedelta(minutes=1))
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(30)
    assert rounds_in(acme, State.SCHEDULED) == 1


def test_opening_by_hand_replaces_the_round_to_come(acme: Organisation) -> None:
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    round_id = acme.open(MONDAY)
    round_ = acme.round(round_id)
    assert round_.opens_at == MONDAY
    assert rounds_in(acme, State.SCHEDULED) == 0
    assert rounds_in(acme, State.OPEN) == 1


def test_a_round_can_be_opened_again_at_the_instant_at_which_one_was_thrown_away(acme: Organisation) -> None:
    acme.team("Vision", 9)
    first = acme.open()
    discard(acme.database, acme.keys, first)
    second = acme.open()
    assert second != first
    assert acme.state(second) is State.OPEN


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSING, State.CLOSED, State.SCRUBBED])
def test_a_pulse_has_one_round_at_a_time(acme: Organisation, state: State) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    with acme.database.transaction() as session:
        advance(session, round_id, State.OPEN, state)
    with pytest.raises(AlreadyOpen):
        plan(acme, schedule_now, TUESDAY)
    plan(acme, schedule_next, TUESDAY + WEEK)
    with acme.database.reading() as session:
        assert count(session, Round) == 1


def test_a_round_once_opened_is_not_opened_again(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    with acme.database.transaction() as session:
        assert open_round(session, acme.keys, SECRET, round_id) is None
    assert len(list(acme.keys.path.iterdir())) == 1


def test_questions_are_frozen_when_a_round_opens(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    asked = acme.round(round_id).item_ids
    with acme.database.transaction() as session:
        add_question(session, acme.pulse_id, driver="morale", text="Work is fun.", reverse=False, on=TUESDAY.date())
        session.get_one(Pulse, acme.pulse_id).question_set = "ai-team-weekly"
    assert acme.round(round_id).item_ids == asked
    assert len(asked) == 4


def test_no_question_comes_twice_in_four_weeks_not_even_after_a_round_thrown_away(acme: Organisation) -> None:
    acme.team("Vision", 9)
    asked: list[str] = []
    for week in range(4):
        round_id = acme.open(TUESDAY + week * WEEK)
        asked += acme.round(round_id).item_ids
        if week % 2:
            acme.close(round_id)
        else:
            discard(acme.database, acme.keys, round_id)
    assert len(asked) == len(set(asked)) == 16


def test_a_round_without_a_question_that_has_rested_is_not_opened(acme: Organisation) -> None:
    acme.team("Vision", 9)
    for minute in range(4):
        discard(acme.database, acme.keys, acme.open(TUESDAY + timedelta(minutes=minute)))
    with pytest.raises(NothingToAsk):
        acme.open(TUESDAY + timedelta(minutes=5))
    assert rounds_in(acme, State.OPEN, State.SCHEDULED) == 0
    assert list(acme.keys.path.iterdir()) == []
    assert acme.open(TUESDAY + REST)


def test_intent_to_stay_is_only_asked_where_every_unit_has_thirty_people(
    database: Database, keys: KeyDirectory
) -> None:
    acme = Organisation(database, keys, question_set="ai-team-weekly")
    acme.team("Platform", 40)
    acme.team("Vision", 9)
    asked: list[str] = []
    for week in range(18):
        round_id = acme.open(TUESDAY + week * WEEK)
        asked += acme.round(round_id).item_ids
        discard(acme.database, acme.keys, round_id)
    assert any(item_id.startswith("morale.") for item_id in asked)
    assert not any(item_id.startswith("intent-to-stay.") for item_id in asked)


def test_the_threshold_is_frozen_when_a_round_opens(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    with acme.database.transaction() as session:
        set_threshold(session, session.get_one(Pulse, acme.pulse_id), 8)
    assert acme.round(round_id).threshold == FLOOR
    acme.close(round_id)
    assert acme.round(acme.open(TUESDAY + WEEK)).threshold == 8


def test_units_and_rosters_are_frozen_when_a_round_opens(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    round_id = acme.open()
    acme.team("Search", 9)
    acme.leave(vision.members[:5])
    with acme.database.reading() as session:
        assert [unit.roster for unit in round_units(session, round_id)] == [9]
    assert len(slots(acme.database)) == 9


def test_who_left_or_opted_out_since_the_period_began_is_not_asked_and_not_counted(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    acme.close(acme.open())
    with acme.database.transaction() as session:
        session.get_one(Member, vision.members[0]).active = False
        session.get_one(Member, vision.members[1]).opted_out_on = TUESDAY.date()
    round_id = acme.open(TUESDAY + WEEK)
    for member in vision.members[2:]:
        acme.cast(round_id, member, acme.ballot(round_id, 3), now=TUESDAY + WEEK)
    for member in vision.members[:2]:
        with pytest.raises(NotInRound):
            acme.cast(round_id, member, acme.ballot(round_id, 3), now=TUESDAY + WEEK)
    with acme.database.reading() as session:
        assert [unit.roster for unit in round_units(session, round_id)] == [7]
    acme.close(round_id)
    with acme.database.reading() as session:
        classes = {p.code.people for p in history(session, [1]) if p.round_id == round_id and p.code.people}
    assert classes == {PeopleClass.SIX_SEVEN}


def test_a_unit_that_shrank_below_six_is_not_asked_any_more(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    acme.close(acme.open())
    with acme.database.transaction() as session:
        for member_id in vision.members[:4]:
            session.get_one(Member, member_id).active = False
    with pytest.raises(NobodyToAsk):
        acme.open(TUESDAY + WEEK)


def test_no_admin_can_shrink_a_frozen_roster_by_taking_people_off_a_team(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    acme.close(acme.open())
    acme.leave(vision.members[:4])
    round_id = acme.open(TUESDAY + WEEK)
    with acme.database.reading() as session:
        assert [unit.roster for unit in round_units(session, round_id)] == [9]


def test_people_of_a_unit_too_small_to_have_results_are_not_asked(acme: Organisation) -> None:
    vision, small = acme.team("Vision", 9), acme.team("Small", 5)
    round_id = acme.open()
    assert len(slots(acme.database)) == 9
    round_ = acme.round(round_id)
    with acme.database.reading() as session:
        assert unit_asked(session, round_, vision.members[0]) is not None
        assert unit_asked(session, round_, small.members[0]) is None
        assert unit_asked(session, round_, acme.admin_id) is None
    with pytest.raises(NotInRound):
        acme.answer(round_id, small.members[0], 3)


def test_a_pulse_without_people_does_not_open_and_leaves_no_key(acme: Organisation) -> None:
    acme.team("Vision", 0)
    with pytest.raises(NobodyToAsk):
        acme.open()
    assert rounds_in(acme, State.OPEN) == 0
    assert not acme.keys.path.exists()


def cut_an_opening_short(acme: Organisation) -> int:
    """Die while opening a round, when its key is on disk and nothing is committed. Returns the round's id."""
    acme.team("Vision", 9)
    plan(acme, schedule_next, MONDAY)
    planned = unfinished(acme)
    assert planned is not None
    with acme.database.transaction() as session:
        assert open_round(session, acme.keys, SECRET, planned.id)
        session.rollback()
    assert acme.keys.read(planned.key_name)
    return planned.id


def test_an_opening_cut_short_is_made_up_for_with_a_new_key(acme: Organisation) -> None:
    round_id = cut_an_opening_short(acme)
    first = acme.keys.read(acme.round(round_id).key_name)
    with acme.database.reading() as session:
        assert due_steps(session, TUESDAY) == [(round_id, Step.OPEN)]
    with acme.database.transaction() as session:
        assert open_round(session, acme.keys, SECRET, round_id)
    assert len(list(acme.keys.path.iterdir())) == 1
    assert acme.keys.read(acme.round(round_id).key_name) != first
    acme.cast(round_id, acme.admin_id + 1, acme.ballot(round_id, 3))


def test_an_opening_cut_short_and_thrown_away_leaves_no_key(acme: Organisation) -> None:
    assert discard(acme.database, acme.keys, cut_an_opening_short(acme))
    assert list(acme.keys.path.iterdir()) == []


def test_people_who_are_new_count_as_replaced_in_the_first_round_that_was_coded(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    acme.close(acme.open())
    acme.join(vision, acme.people(2))
    acme.leave(vision.members[:2])
    second_period = TUESDAY + 4 * WEEK
    discard(acme.database, acme.keys, acme.open(second_period))
    for minute in (1, 2):
        acme.close(acme.open(second_period + timedelta(minutes=minute)))
    with acme.database.reading() as session:
        published = history(session, [1])
    replaced = {p.round_id: p.replaced for p in published}
    assert list(replaced.values()) == [0, 2, 0]


def test_of_two_processes_one_takes_a_step(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    taken: list[bool] = []

    def take() -> None:
        with acme.database.transaction() as session:
            taken.append(advance(session, round_id, State.OPEN, State.CLOSING))

    at_once(take, take, take)
    assert sorted(taken) == [False, False, True]


def test_closing_by_hand_brings_the_closing_time_forward_and_only_of_an_open_round(acme: Organisation) -> None:
    acme.team("Vision", 9)
    round_id = acme.open()
    thursday = FRIDAY - timedelta(days=1)
    with acme.database.transaction() as session:
        assert close_now(session, round_id, thursday)
    with acme.database.reading() as session:
        assert due_steps(session, thursday) == [(round_id, Step.BEGIN_CLOSING)]
    acme.close(round_id)
    with acme.database.transaction() as session:
        assert not close_now(session, round_id, FRIDAY)
    assert acme.round(round_id).closes_at == thursday


def test_published_rounds_are_told_latest_first(acme: Organisation) -> None:
    acme.team("Vision", 9)
    ids = []
    for week in range(3):
        ids.append(acme.open(TUESDAY + week * WEEK))
        acme.close(ids[-1], publish=week != 1)
        if week == 1:
            with acme.database.transaction() as session:
                advance(session, ids[1], State.SCRUBBED, State.DISCARDED)
    with acme.database.reading() as session:
        assert [round_.id for round_ in published_rounds(session, acme.pulse_id)] == [ids[2], ids[0]]


def test_what_is_due_is_told_in_the_order_in_which_rounds_opened(acme: Organisation) -> None:
    acme.team("Vision", 9)
    other = acme.pulse("Another pulse")
    acme.team("Search", 9, pulse_id=other)
    later = acme.open(TUESDAY + timedelta(hours=1))
    earlier = acme.open(TUESDAY, pulse_id=other)
    with acme.database.reading() as session:
        assert due_steps(session, FRIDAY) == [(earlier, Step.BEGIN_CLOSING), (later, Step.BEGIN_CLOSING)]
        assert due_steps(session, TUESDAY) == []
