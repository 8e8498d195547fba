"""Leaps in time, and the people who answer meanwhile: on a small team, in front of a stand-in Slack."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.actors import find_actor
from bot.demo.colleagues import Given
from bot.demo.guide import Guide
from bot.demo.leap import Leap
from bot.demo.moods import read_moods
from bot.demo.show import Show, Stopped
from bot.demo.stage import Folder, Stage, staged
from bot.jobs import tick
from bot.managing.draft import Draft, look_up
from bot.managing.plan import carry_out
from bot.murmur import Murmur
from bot.payloads import Command
from bot.sandbox.clock import DEFAULT_START
from bot.sandbox.server import Sandbox
from storage.ballots import slots_left
from storage.people import find_member
from storage.promises import make_promise
from storage.pulses import pause
from storage.questions import known_items
from storage.retention import MESSAGES
from storage.rounds import unfinished_round
from storage.tables import LedgerEntry, OutboxMessage, Pulse, Round, Unit
from surveys.cadence import Frequency
from surveys.rounds import State

TUESDAY = datetime(2026, 3, 3, 23, tzinfo=UTC)  # everybody has been invited
SATURDAY = datetime(2026, 3, 7, 12, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 3, 9, 17, tzinfo=UTC)


@pytest.fixture
def heard() -> list[Given]:
    """Everything that people answered by themselves."""
    return []


@pytest.fixture
def stage(tmp_path: Path, heard: list[Given]) -> Iterator[Stage]:
    """Lantern Labs on its first Monday, with Vision set up."""
    with (
        Sandbox() as sandbox,
        staged(
            sandbox,
            Folder(tmp_path),
            read_moods(2026),
            first_week=date(2026, 3, 2),
            contact="it@lantern.example",
            hear=heard.append,
        ) as stage,
    ):
        draft = Draft(
            form_key="a form",
            team="Vision",
            channel="C0VISION",
            managers=("U0DANA", "U0SAM"),
            frequency=Frequency.WEEKLY,
            weekday=1,
            hour=10,
            question_set="ai-team-weekly",
        )
        ruth = find_actor(stage.murmur, Command(workspace=sandbox.workspace.team_id, person="U0RUTH"))
        found = look_up(stage.murmur.client, draft)
        with stage.murmur.database.transaction() as session:
            carry_out(session, draft, found, ruth, stage.murmur.clock())
        yield stage


@pytest.fixture
def leap(stage: Stage) -> Leap:
    """Takes its clock on."""
    return Leap(stage, Show(Guide()), lambda _: None)


def rounds(stage: Stage) -> list[Round]:
    with stage.murmur.database.reading() as session:
        return list(session.exec(select(Round).order_by(col(Round.id))).all())


def test_a_leap_does_everything_at_its_own_moment(stage: Stage, leap: Leap) -> None:
    leap.to(NEXT_MONDAY)
    assert stage.sandbox.clock.now() == NEXT_MONDAY
    assert [round_.state for round_ in rounds(stage)] == [State.PUBLISHED, State.SCHEDULED]
    with stage.murmur.database.reading() as session:
        messages = session.exec(select(OutboxMessage)).all()
        assert {message.state for message in messages} == {"sent"}
        assert session.exec(select(LedgerEntry)).first() is not None
    for person in stage.sandbox.workspace.people:
        for message in stage.slack.person(person.id).dms() if not person.deleted else []:
            local = stage.sandbox._world.local_time(person.id, datetime.fromtimestamp(float(message.ts), UTC))
            assert 9 <= local.hour < 17, message.text
            assert local.weekday() < 5
    assert [message.notification for message in stage.slack.person("Dana").dms()] == ["Your Murmur digest is ready"]


def test_a_leap_tells_of_every_moment_in_order(stage: Stage) -> None:
    told: list[datetime] = []
    Leap(stage, Show(Guide()), told.append).to(SATURDAY)
    assert told == sorted(told)
    assert told[0] > DEFAULT_START
    assert told[-1] == rounds(stage)[0].closes_at
    assert len(told) == len(set(told)) > 10


def test_people_answer_after_they_are_asked_and_before_the_close(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    leap.to(SATURDAY)
    (round_,) = rounds(stage)[:1]
    assert 5 <= len(heard) <= 9
    assert len({given.member.id for given in heard}) == len(heard)
    for given in heard:
        assert round_.opens_at < given.at < round_.closes_at
        assert given.answers.keys() == set(round_.item_ids)
    assert [given.at for given in heard] == sorted(given.at for given in heard)


def test_several_leaps_come_to_the_same_as_one(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    moment = DEFAULT_START
    while moment < SATURDAY:
        moment += timedelta(hours=7)
        leap.to(moment)
    moods = read_moods(2026)
    vision = next(channel for channel in stage.sandbox.workspace.channels if channel.name == "vision")
    asked = {who for who in vision.members if who not in {"U0DANA", "U0MURMUR"}}
    assert {given.member.slack_id for given in heard} == {who for who in asked if moods.takes_part(who, 1)}
    assert len(heard) == len({given.member.slack_id for given in heard})


def test_whoever_has_sent_the_form_is_left_alone_in_that_round(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    def by_themselves() -> int:
        return sum(given.member.slack_id == "U0PRIYA" for given in heard)

    leap.to(datetime(2026, 3, 3, 9, 1, tzinfo=UTC))
    priya = stage.slack.person("Priya")
    priya.press("Answer or change")
    priya.choose(next(field.block_id for field in priya.view.fields), "Agree")
    priya.submit()
    priya.wait_for_view("What you sent is sealed")
    leap.to(SATURDAY)
    assert by_themselves() == 0
    leap.to(SATURDAY + timedelta(weeks=8))
    assert by_themselves() > 2


def test_no_promise_moves_anybody_where_it_is_not_meant_to(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    leap.to(NEXT_MONDAY)
    with stage.murmur.database.transaction() as session:
        unit = session.exec(select(Unit)).one()
        dana = find_member(session, stage.sandbox.workspace.team_id, "U0DANA")
        assert dana is not None
        make_promise(session, unit, dana.id, "No meetings on Fridays.", form_key="a promise", on=NEXT_MONDAY.date())
    leap.to(NEXT_MONDAY + timedelta(weeks=5))
    moods = read_moods(2026)
    with stage.murmur.database.reading() as session:
        known = known_items(session, unit.pulse_id)
    assert len(heard) > 20
    for given in heard:
        week = (given.round.opens_on - date(2026, 3, 2)).days // 7 + 1
        items = [known[item] for item in given.round.item_ids]
        assert given.answers == moods.answers(given.member.slack_id, "Vision", week, items)


def test_nobody_answers_who_is_away(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    with stage.murmur.database.transaction() as session:
        kofi = find_member(session, stage.sandbox.workspace.team_id, "U0KOFI")
        assert kofi is not None
        kofi.opted_out_on = date(2026, 3, 2)
        session.add(kofi)
    leap.to(SATURDAY)
    assert "U0KOFI" not in {given.member.slack_id for given in heard}


def test_nothing_opens_while_a_pulse_is_paused(stage: Stage, leap: Leap, heard: list[Given]) -> None:
    with stage.murmur.database.transaction() as session:
        pause(session, session.get_one(Pulse, 1), date(2026, 3, 2))
    leap.to(SATURDAY)
    assert heard == []
    with stage.murmur.database.reading() as session:
        assert slots_left(session) == 0
        assert unfinished_round(session, 1) is None


def test_a_clock_that_ran_along_runs_on_from_where_it_was_taken(stage: Stage, leap: Leap) -> None:
    stage.sandbox.clock.run()
    leap.to(TUESDAY)
    assert stage.sandbox.clock.running
    assert timedelta() <= stage.sandbox.clock.now() - TUESDAY < timedelta(minutes=1)


def test_a_leap_never_goes_back(stage: Stage, leap: Leap) -> None:
    leap.to(DEFAULT_START - timedelta(days=1))
    assert stage.sandbox.clock.now() == DEFAULT_START


def test_a_leap_waits_for_a_slack_in_trouble(stage: Stage, leap: Leap) -> None:
    stage.slack.fault("429", seconds=1, times=3)
    leap.to(TUESDAY)
    with stage.murmur.database.reading() as session:
        due = session.exec(select(OutboxMessage).where(col(OutboxMessage.due_at) <= TUESDAY)).all()
    assert {message.state for message in due} == {"sent"}


def test_a_leap_waits_for_a_reader_that_keeps_a_round_from_being_wiped(
    stage: Stage, leap: Leap, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def busy_at_first(murmur: Murmur) -> None:
        attempts.append(1)
        if len(attempts) > 2:
            tick(murmur)

    leap.to(SATURDAY - timedelta(days=1))
    monkeypatch.setattr("bot.demo.leap.tick", busy_at_first)
    leap.to(SATURDAY)
    assert [round_.state for round_ in rounds(stage)] == [State.PUBLISHED, State.SCHEDULED]


def test_a_leap_ends_soon_when_the_show_is_to_stop(stage: Stage) -> None:
    show = Show(Guide())
    seen: list[datetime] = []

    def tell(moment: datetime) -> None:
        seen.append(moment)
        if len(seen) == 3:
            show.stop()

    with pytest.raises(Stopped):
        Leap(stage, show, tell).to(NEXT_MONDAY)
    assert len(seen) == 3
    assert not stage.sandbox.clock.running


def test_a_leap_deletes_what_has_been_kept_for_its_time_as_the_clockwork_does(stage: Stage, leap: Leap) -> None:
    leap.to(NEXT_MONDAY + timedelta(weeks=10))
    with stage.murmur.database.reading() as session:
        digests = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "digest")).all()
    assert len(digests) > 5
    assert min(message.due_at for message in digests) >= stage.sandbox.clock.now() - MESSAGES - timedelta(days=1)


def test_limits_hold_again_after_a_leap(stage: Stage, leap: Leap) -> None:
    limited: Callable[[], int] = lambda: stage.sandbox._world.limits.lifted  # noqa: E731
    leap.to(TUESDAY)
    assert limited() == 0
