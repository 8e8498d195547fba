"""What Murmur does by itself: at the right moment for everybody, once, and whatever happened in between."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot import jobs
from bot.app import create_murmur
from bot.delivery import Delivery
from bot.jobs import call_off, open_and_invite, refresh_directory, tick
from bot.messages import CALLED_OFF, DEPARTMENT_DIGEST, DIGEST, INVITATION, REFUSED, REMINDER, WELCOME
from bot.results import limit_today, unit_limit
from bot.sandbox.limits import Rates
from storage import closing, outbox
from storage.ballots import Slot, cast
from storage.closing import PERSONAL_KINDS
from storage.keys import KeyLost
from storage.questions import add_question
from storage.rounds import NobodyToAsk, PlanRefused, advance, unit_asked
from storage.tables import (
    LedgerEntry,
    Member,
    Membership,
    OutboxMessage,
    Pulse,
    RosterEntry,
    Round,
    RoundUnit,
    Team,
    Unit,
)
from surveys.rounds import State
from surveys.sealing import Ballot, round_key
from tests.support.lantern import with_teams
from tests.support.running_murmur import (
    FRIDAY,
    MONDAY,
    NEVER_LATE,
    NEXT_MONDAY,
    OPENING,
    SECRET,
    THURSDAY,
    TUESDAY,
    UNPACED,
    VISION,
    Stage,
    running_murmur,
)

WEEK = timedelta(weeks=1)


@pytest.fixture
def two_teams(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Two pulses of eight people each, in one time zone."""
    with running_murmur(sqlite_url, tmp_path, workspace=with_teams({"red": 8, "blue": 8}), connect=False) as stage:
        stage.put_team("Red", channel="red")
        stage.put_team("Blue", channel="blue")
        yield stage


def members(stage: Stage) -> dict[int, Member]:
    """Everybody in the directory, by id."""
    with stage.murmur.database.reading() as session:
        return {member.id: member for member in session.exec(select(Member))}


def member(stage: Stage, slack_id: str) -> Member:
    """Somebody in the directory."""
    return next(member for member in members(stage).values() if member.slack_id == slack_id)


def on_team(stage: Stage, name: str) -> set[str]:
    """Slack ids of the people on a team."""
    with stage.murmur.database.reading() as session:
        query = select(Member.slack_id).join(Membership).join(Team).where(Team.name == name)
        return set(session.exec(query))


def local_due(stage: Stage, kind: str) -> list[datetime]:
    """When the messages of a kind are due, by the clock of their receivers."""
    there = members(stage)
    return [m.due_at.astimezone(ZoneInfo(there[m.member_id].timezone)) for m in stage.outbox(kind)]


def clocks(stage: Stage, kind: str) -> list[str]:
    """The same as people would write it."""
    return [f"{local:%a %-d %b %H:%M}" for local in local_due(stage, kind)]


def answer(stage: Stage, slack_id: str, answer: int = 4) -> None:
    """Cast a ballot that answers every question alike."""
    round_ = stage.rounds()[0]
    key = round_key(SECRET, stage.murmur.keys.read(round_.key_name), round_.id)
    with stage.murmur.database.transaction() as session:
        cast(
            session,
            round_id=round_.id,
            member_id=member(stage, slack_id).id,
            key=key,
            ballot=Ballot(answers=dict.fromkeys(round_.item_ids, answer)),
            now=stage.murmur.clock(),
        )


def test_a_round_is_planned_as_soon_as_a_team_is_set_up(greenroom: Stage) -> None:
    greenroom.put_team()
    (round_,) = greenroom.rounds()
    assert (round_.state, round_.opens_at, round_.closes_at) == (State.SCHEDULED, OPENING, FRIDAY)
    greenroom.tick()
    assert len(greenroom.rounds()) == 1


def test_nothing_opens_a_second_before_its_time(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING - timedelta(seconds=1))
    assert greenroom.states() == [State.SCHEDULED]
    greenroom.at(OPENING)
    assert greenroom.states() == [State.OPEN]


def test_everybody_is_invited_and_reminded_at_ten_on_their_own_clock(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(OPENING)
    assert clocks(backstage, INVITATION) == ["Tue 3 Mar 10:00"] * 9
    assert clocks(backstage, REMINDER) == ["Thu 5 Mar 10:00"] * 9


def test_everybody_gets_the_same_two_messages_about_a_round(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    per_person = Counter((m.member_id, m.kind) for m in greenroom.outbox() if m.round_id is not None)
    asked = {who for who, _ in per_person}
    assert per_person == Counter((who, kind) for who in asked for kind in (INVITATION, REMINDER))
    assert len(asked) == len(VISION)


def test_who_answered_changes_no_row_and_no_message(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)

    def rows() -> list[dict[str, object]]:
        return [message.model_dump() for message in greenroom.outbox()]

    before = rows()
    answer(greenroom, "U0PRIYA")
    answer(greenroom, "U0KOFI")
    assert rows() == before
    greenroom.at(THURSDAY)
    reminded = sorted(receiver for receiver, text in greenroom.sent("closes"))
    assert len(reminded) == len(set(reminded)) == 9


def test_readers_are_not_asked(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    greenroom.at(THURSDAY)
    assert {receiver for receiver, _ in greenroom.sent()} & {"U0DANA", "U0SAM"} == set()


def test_greetings_come_in_working_hours(greenroom: Stage) -> None:
    greenroom.put_team()
    for local in local_due(greenroom, WELCOME):
        assert local.weekday() < 5
        assert 9 <= local.hour < 17
    assert len(greenroom.outbox(WELCOME)) == 9


def test_a_round_closes_at_one_instant_and_is_published_at_once(backstage: Stage) -> None:
    backstage.put_team()
    backstage.at(OPENING)
    backstage.at(FRIDAY - timedelta(seconds=1))
    assert backstage.states() == [State.OPEN]
    backstage.at(FRIDAY)
    assert backstage.states() == [State.PUBLISHED, State.SCHEDULED]
    with backstage.murmur.database.reading() as session:
        assert session.exec(select(Slot)).all() == []
        assert {entry.subject for entry in session.exec(select(LedgerEntry))} >= set(backstage.rounds()[0].item_ids)
    assert [message for message in backstage.outbox() if message.kind in PERSONAL_KINDS] == []
    assert list(backstage.murmur.keys.path.glob("*")) == []


def test_each_manager_reads_the_digest_at_nine_on_their_own_monday(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.at(FRIDAY)
    assert clocks(greenroom, DIGEST) == ["Mon 9 Mar 09:00"] * 2
    greenroom.at(datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Europe/London")))
    assert [receiver for receiver, _ in greenroom.sent("digest")] == ["U0SAM"]
    greenroom.at(datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("America/Los_Angeles")))
    assert [receiver for receiver, _ in greenroom.sent("digest")] == ["U0SAM", "U0DANA"]


def test_the_head_of_a_department_reads_on_their_own_monday_too(sqlite_url: str, tmp_path: Path) -> None:
    workspace = with_teams({"red": 8, "blue": 8})
    with running_murmur(sqlite_url, tmp_path, workspace=workspace, connect=False) as stage:
        for name in ("Red", "Blue"):
            stage.put_team(name, channel=name.lower(), managers=["Dana Ito"], part_of="Colours", leaders=["Sam Okoye"])
        stage.at(TUESDAY)
        stage.at(FRIDAY)
        assert clocks(stage, DEPARTMENT_DIGEST) == ["Mon 9 Mar 09:00"]
        stage.at(NEXT_MONDAY)
        assert Counter(receiver for receiver, _ in stage.sent("digest")) == {"U0DANA": 2, "U0SAM": 1}


def test_the_next_round_follows_a_week_later(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.at(FRIDAY)
    assert greenroom.rounds()[1].opens_at == OPENING + WEEK
    greenroom.at(OPENING + WEEK)
    assert greenroom.states() == [State.PUBLISHED, State.OPEN]
    assert set(greenroom.rounds()[0].item_ids) != set(greenroom.rounds()[1].item_ids)


def test_murmur_that_was_down_at_the_opening_opens_late_and_still_invites_in_working_hours(greenroom: Stage) -> None:
    greenroom.put_team()
    back = datetime(2026, 3, 4, 14, tzinfo=UTC)  # Wednesday afternoon
    greenroom.at(back)
    assert greenroom.rounds()[0].opens_at == back
    assert len(greenroom.outbox(INVITATION)) == 9
    for local in local_due(greenroom, INVITATION):
        assert 9 <= local.hour < 17
        assert date(2026, 3, 4) <= local.date() <= date(2026, 3, 5)
    due = {message.member_id: message.due_at for message in greenroom.outbox(INVITATION)}
    assert min(due.values()) == back
    for reminder in greenroom.outbox(REMINDER):  # not on the day of the invitation
        assert reminder.due_at > due[reminder.member_id] + timedelta(hours=12)


def test_murmur_that_was_down_until_the_last_day_invites_and_does_not_remind(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(datetime(2026, 3, 6, 9, tzinfo=UTC))
    assert greenroom.states() == [State.OPEN]
    assert greenroom.outbox(REMINDER) == []
    for message in greenroom.outbox(INVITATION):
        assert message.due_at < FRIDAY


def test_a_round_that_could_open_only_for_a_moment_is_left_out(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(FRIDAY - timedelta(hours=2))
    assert greenroom.states() == [State.DISCARDED]
    assert greenroom.outbox(INVITATION) == []
    greenroom.tick()
    assert greenroom.states() == [State.DISCARDED, State.SCHEDULED]
    assert greenroom.rounds()[1].opens_at == OPENING + WEEK


def test_murmur_that_was_down_for_weeks_asks_once_and_not_for_every_week(greenroom: Stage) -> None:
    greenroom.put_team()
    for _ in range(3):
        greenroom.at(OPENING + 5 * WEEK + timedelta(hours=1))
    assert [state for state in greenroom.states() if state is State.OPEN] == []
    greenroom.at(TUESDAY + 6 * WEEK)
    assert Counter(greenroom.states()) == {State.DISCARDED: 1, State.OPEN: 1}
    assert len(greenroom.outbox(INVITATION)) == 9


def test_murmur_that_was_down_at_the_close_counts_what_came_in_time(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(OPENING)
    greenroom.sandbox.clock.move_to(TUESDAY)
    for who in ("U0PRIYA", "U0TOMAS", "U0AMARA", "U0LINH", "U0JONAS", "U0FATIMA"):
        answer(greenroom, who)
    greenroom.at(FRIDAY + WEEK + timedelta(days=1))
    assert greenroom.states() == [State.PUBLISHED, State.SCHEDULED]
    with greenroom.murmur.database.reading() as session:
        released = [entry for entry in session.exec(select(LedgerEntry)) if entry.kind == "level"]
    assert len(released) == 4
    assert all(entry.value is not None for entry in released)
    assert {entry.closed_on for entry in released} == {FRIDAY.date()}
    assert greenroom.sent("closes") == []  # nobody is reminded of a round that is over


def test_a_paused_pulse_opens_nothing_and_lets_an_open_round_run_to_its_end(two_teams: Stage) -> None:
    def pause(name: str) -> None:
        with two_teams.murmur.database.transaction() as session:
            session.execute(update(Pulse).where(col(Pulse.name) == name).values(paused_on=MONDAY.date()))

    pause("Red")
    two_teams.at(TUESDAY)
    assert two_teams.states() == [State.SCHEDULED, State.OPEN]
    pause("Blue")
    two_teams.at(FRIDAY)
    assert two_teams.states()[1] == State.PUBLISHED
    two_teams.at(OPENING + WEEK + timedelta(hours=12))
    assert State.OPEN not in two_teams.states()


def test_a_team_that_is_too_small_is_not_asked_and_nothing_gets_stuck(greenroom: Stage) -> None:
    greenroom.put_team("Platform", channel="platform")
    greenroom.at(TUESDAY)
    assert greenroom.outbox(INVITATION) == []
    assert greenroom.outbox(WELCOME) == []
    greenroom.at(OPENING + WEEK)
    greenroom.at(FRIDAY + WEEK)
    assert greenroom.sent() == []


def key_file(stage: Stage, round_number: int) -> Path:
    """The file that holds the nonce of a round."""
    return stage.murmur.keys.path / f"{stage.rounds()[round_number].key_name}.nonce"


def test_a_round_that_is_stuck_holds_up_no_other_and_goes_on_once_it_can(two_teams: Stage) -> None:
    two_teams.at(TUESDAY)
    lost = key_file(two_teams, 0).rename(two_teams.murmur.keys.path.parent / "lost")
    two_teams.at(FRIDAY)
    assert two_teams.states()[:2] == [State.CLOSING, State.PUBLISHED]
    two_teams.at(NEXT_MONDAY)
    assert len(two_teams.sent("digest")) == 2
    lost.rename(key_file(two_teams, 0))
    two_teams.tick()
    assert two_teams.states()[:2] == [State.PUBLISHED, State.PUBLISHED]
    assert len(two_teams.sent("digest")) == 4


def test_a_round_that_cannot_open_holds_up_no_other(two_teams: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = two_teams.murmur.keys.create
    refused: list[bool] = []

    def disk_full_once(name: str) -> bytes:
        if not refused:
            refused.append(True)
            raise OSError("No space left on device")
        return real(name)

    monkeypatch.setattr(two_teams.murmur.keys, "create", disk_full_once)
    two_teams.at(TUESDAY)
    assert two_teams.states() == [State.SCHEDULED, State.OPEN]
    assert {receiver[:5] for receiver, _ in two_teams.sent("short")} == {"U1BLU"}
    two_teams.tick()
    assert two_teams.states() == [State.OPEN, State.OPEN]
    assert len(two_teams.sent("short")) == 16


def test_a_pulse_that_cannot_be_planned_holds_up_no_other(two_teams: Stage) -> None:
    two_teams.at(TUESDAY)
    with two_teams.murmur.database.transaction() as session:
        session.execute(update(Pulse).where(col(Pulse.name) == "Red").values(hour=99))
    two_teams.at(FRIDAY)
    two_teams.at(OPENING + WEEK + timedelta(hours=12))
    with two_teams.murmur.database.reading() as session:
        query = select(Round.state).join(Pulse).where(Pulse.name == "Blue").order_by(col(Round.id))
        assert session.exec(query).all() == [State.PUBLISHED, State.OPEN]


class PowerCut(BaseException):
    """The process ends here."""


def raising(error: BaseException) -> Callable[..., object]:
    """Something that fails like this whenever it is called."""

    def fail(*_: object) -> object:
        raise error

    return fail


def nonces(stage: Stage) -> set[str]:
    """Names of the nonces in the key directory."""
    return {file.stem for file in stage.murmur.keys.path.glob("*.nonce")}


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


def test_the_directory_learns_new_names_time_zones_and_who_left(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.client.change("person_changes", person="Kofi", deleted=True)
    greenroom.client.change("person_changes", person="Priya", real_name="Priya Iyer", tz="Asia/Kolkata", locale="en-IN")
    greenroom.client.change("person_changes", person="Dana", is_admin=True)
    refresh_directory(greenroom.murmur)
    priya = member(greenroom, "U0PRIYA")
    assert (priya.name, priya.timezone, priya.locale) == ("Priya Iyer", "Asia/Kolkata", "en-IN")
    assert not member(greenroom, "U0KOFI").active
    assert member(greenroom, "U0DANA").is_slack_admin
    greenroom.at(TUESDAY)
    assert "U0KOFI" not in {receiver for receiver, _ in greenroom.sent("short")}


def test_a_team_follows_its_channel(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.client.change("joins", person="Mei", channel="vision")
    greenroom.client.change("leaves", person="Kofi", channel="vision")
    before = on_team(greenroom, "Vision")
    refresh_directory(greenroom.murmur)
    assert on_team(greenroom, "Vision") == before - {"U0KOFI"} | {"U0MEI"}
    assert "U0MURMUR" not in {member.slack_id for member in members(greenroom).values()}
    greenroom.at(OPENING)
    greenroom.at(TUESDAY)
    assert {"U0MEI"} <= {receiver for receiver, _ in greenroom.sent("Hello")}
    assert {receiver for receiver, _ in greenroom.sent("short")} & {"U0MEI", "U0KOFI"} == {"U0MEI"}


def test_who_joins_while_a_roster_stands_is_greeted_once_and_asked_from_the_next(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.at(TUESDAY)
    greenroom.client.change("joins", person="Mei", channel="vision")
    for _ in range(2):
        refresh_directory(greenroom.murmur)
        greenroom.at(TUESDAY + timedelta(days=1))
    assert [receiver for receiver, _ in greenroom.sent("Hello")].count("U0MEI") == 1
    greenroom.at(FRIDAY)
    greenroom.at(TUESDAY + WEEK)
    assert "U0MEI" not in {receiver for receiver, _ in greenroom.sent("short")}


def test_who_is_on_another_team_stays_there(two_teams: Stage) -> None:
    two_teams.client.change("joins", person="U1BLUE1", channel="red")
    refresh_directory(two_teams.murmur)
    assert "U1BLUE1" in on_team(two_teams, "Blue")
    assert "U1BLUE1" not in on_team(two_teams, "Red")


@pytest.mark.parametrize("change", ["channel_is_deleted", "made private"])
def test_a_channel_that_cannot_be_read_any_more_changes_no_team(two_teams: Stage, change: str) -> None:
    if change == "made private":
        world = two_teams.sandbox._world
        world.channels["C1RED"] = replace(world.channels["C1RED"], is_private=True, members=("U1RED1",))
    else:
        two_teams.client.change(change, channel="red")
    two_teams.client.change("leaves", person="U1BLUE1", channel="blue")
    refresh_directory(two_teams.murmur)
    assert len(on_team(two_teams, "Red")) == 8
    assert len(on_team(two_teams, "Blue")) == 7


def test_many_teams_are_refreshed_within_slacks_limits(sqlite_url: str, tmp_path: Path) -> None:
    sizes = {f"team{number}": 12 for number in range(12)}
    with running_murmur(sqlite_url, tmp_path, workspace=with_teams(sizes), connect=False) as stage:
        for name in sizes:
            stage.put_team(name, channel=name)
    with running_murmur(sqlite_url, tmp_path, workspace=with_teams(sizes), rates=Rates(), connect=False) as stage:
        refresh_directory(stage.murmur)
        calls = Counter((call["method"], call["verdict"]) for call in stage.client.calls())
        assert calls["users.info", "ok"] == 0
        assert calls["conversations.members", "ok"] == 12
        assert all(verdict == "ok" for _, verdict in calls)


def test_a_break_that_slack_asks_for_is_kept_while_people_are_looked_up(greenroom: Stage) -> None:
    greenroom.put_team()
    greenroom.client.fault("429", method="users.info", seconds=1)
    greenroom.client.change("person_changes", person="Priya", real_name="Priya Iyer")
    refresh_directory(greenroom.murmur)
    assert member(greenroom, "U0PRIYA").name == "Priya Iyer"


def test_slack_in_trouble_changes_nothing_in_the_directory(greenroom: Stage) -> None:
    greenroom.put_team()
    before = {slack_id: row.model_dump() for slack_id, row in members(greenroom).items()}
    team = on_team(greenroom, "Vision")
    greenroom.client.fault("500", method="*", times=None)
    with pytest.raises(Exception, match="JSON"):
        refresh_directory(greenroom.murmur)
    assert {slack_id: row.model_dump() for slack_id, row in members(greenroom).items()} == before
    assert on_team(greenroom, "Vision") == team


def together(stage: Stage, processes: int = 4) -> None:
    """Let several Murmurs with connections of their own tick and deliver at once."""
    barrier = threading.Barrier(processes)
    failures: list[BaseException] = []

    def work() -> None:
        murmur = create_murmur(stage.murmur.settings, stage.murmur.clock)
        try:
            barrier.wait(10)
            tick(murmur)
            Delivery(murmur, UNPACED, late=NEVER_LATE).deliver()
        except BaseException as error:  # noqa: BLE001 - for the assertion below
            failures.append(error)
        finally:
            murmur.database.dispose()

    threads = [threading.Thread(target=work) for _ in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_several_murmurs_on_one_database_double_nothing(backstage: Stage) -> None:
    backstage.put_team()
    for instant in (OPENING, TUESDAY, THURSDAY, FRIDAY, NEXT_MONDAY, OPENING + WEEK, TUESDAY + WEEK):
        backstage.sandbox.clock.move_to(instant)
        together(backstage)
        if instant == OPENING:
            with backstage.murmur.database.reading() as session:
                assert len(session.exec(select(Slot)).all()) == 9
                assert len(session.exec(select(RosterEntry)).all()) == 9
    assert backstage.states() == [State.PUBLISHED, State.OPEN]
    assert Counter(backstage.sent("Hello")).most_common(1)[0][1] == 1
    assert Counter(receiver for receiver, _ in backstage.sent("closes")).most_common(1)[0][1] == 1
    assert sorted(Counter(receiver for receiver, _ in backstage.sent("short")).values()) == [2] * 9
    assert sorted(receiver for receiver, _ in backstage.sent("digest")) == ["U0DANA", "U0SAM"]
    assert len(nonces(backstage)) == 1  # the loser of a race leaves no key behind
    with backstage.murmur.database.reading() as session:
        assert {message.state for message in session.exec(select(OutboxMessage))} <= {"sent", "waiting"}


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
    with backstage.murmur.database.reading() as session:
        shown = {entry.subject for entry in session.exec(select(LedgerEntry)) if entry.value is not None}
    assert shown == set()
    backstage.at(NEXT_MONDAY)
    told = [str(call["payload"]) for call in backstage.client.calls("chat.postMessage")]
    assert [words for words in told if "Results of the last round of Vision are kept back." in words]
    assert len(backstage.outbox(REFUSED)) == len([one for one in members(backstage).values() if one.is_slack_admin])


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
