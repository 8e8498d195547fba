"""People who are on another team already: they stay there, unless the admin who sets a team up moves them."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.actors import Actor, find_actor
from bot.home import member_home
from bot.managing.draft import Draft, look_up
from bot.managing.plan import Done, TeamsChanged, carry_out, preview_of
from bot.messages import INVITATION, WELCOME, render
from bot.payloads import Command
from bot.standing import first_asked, standings
from bot.views.home import MemberHome
from bot.views.preview import Elsewhere, Left, Preview
from bot.views.wording import Wording
from storage.people import team_of
from storage.pulses import changes
from storage.tables import Member, Membership, OutboxMessage, Pulse, RosterEntry, Round, RoundUnit, Team
from surveys.cadence import Frequency
from surveys.rounds import State
from surveys.units import odds
from tests.bot.views.samples import read_aloud
from tests.support.lantern import with_teams
from tests.support.running_murmur import FRIDAY, TUESDAY, Stage, running_murmur

WEEK = timedelta(weeks=1)
RED, BLUE = [[f"U1{name}{number}" for number in range(1, 9)] for name in ("RED", "BLUE")]


@pytest.fixture
def colours(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Two pulses of eight people each, in one time zone."""
    with running_murmur(database_url, tmp_path, workspace=with_teams({"red": 8, "blue": 8}), connect=False) as stage:
        stage.put_team("Red", people=RED)
        stage.put_team("Blue", people=BLUE)
        yield stage


def draft(team: str, people: Sequence[str], **changed: object) -> Draft:
    """A form as it was sent."""
    form = Draft(
        form_key=secrets.token_hex(8),
        team=team,
        people=tuple(people),
        managers=("U0DANA",),
        frequency=Frequency.WEEKLY,
        weekday=1,
        hour=10,
        question_set="ai-team-weekly",
    )
    return form.model_copy(update=changed)


def ruth(stage: Stage) -> Actor:
    return find_actor(stage.murmur, Command(workspace=stage.sandbox.workspace.team_id, person="U0RUTH"))


def looked_at(stage: Stage, form: Draft, *, moving: bool) -> tuple[Preview, Draft]:
    """What the preview of a form says, and the form as it carries it."""
    wanted = form.model_copy(update={"moving": "here" if moving else ""})
    with stage.murmur.database.reading() as session:
        cast = look_up(stage.murmur.client, wanted)
        return preview_of(session, wanted, cast, ruth(stage), stage.murmur.clock())


def sent(stage: Stage, form: Draft) -> Done:
    """Carry a form out."""
    cast, admin = look_up(stage.murmur.client, form), ruth(stage)
    with stage.murmur.database.transaction() as session:
        return carry_out(session, form, cast, admin, stage.murmur.clock())


def move(stage: Stage, team: str, people: Sequence[str], **changed: object) -> Preview:
    """Look at a form, choose to move those who are on another team, and carry it out. Returns what was told."""
    facts, form = looked_at(stage, draft(team, people, **changed), moving=True)
    sent(stage, form)
    return facts


def member(session: Session, slack_id: str) -> Member:
    return session.exec(select(Member).where(Member.slack_id == slack_id)).one()


def team(stage: Stage, slack_id: str) -> str | None:
    """The name of the team that somebody is on."""
    with stage.murmur.database.reading() as session:
        found = team_of(session, member(session, slack_id).id)
        return found.name if found else None


def asked_by_round(stage: Stage) -> dict[int, set[str]]:
    """Slack ids of everybody whom each round that opened counts, by its id."""
    with stage.murmur.database.reading() as session:
        query = (
            select(Round.id, Member.slack_id)
            .join(RosterEntry, RosterEntry.period_id == Round.period_id)  # type: ignore[arg-type]
            .join(RoundUnit, (RoundUnit.round_id == Round.id) & (RoundUnit.unit_id == RosterEntry.unit_id))  # type: ignore[arg-type]
            .join(Member, Member.id == RosterEntry.member_id)  # type: ignore[arg-type]
        )
        found: dict[int, set[str]] = {}
        for round_id, slack_id in session.exec(query):
            found.setdefault(round_id, set()).add(slack_id)
    return found


def asked_now(stage: Stage) -> list[set[str]]:
    """Whom the rounds that are open count, in the order of their pulses."""
    by_round = asked_by_round(stage)
    open_rounds = sorted((r.pulse_id, r.id) for r in stage.rounds() if r.state == State.OPEN)
    return [by_round[round_id] for _, round_id in open_rounds]


def test_whoever_is_on_another_team_stays_there_unless_the_admin_chooses_otherwise(colours: Stage) -> None:
    facts, form = looked_at(colours, draft("Red", [*RED, "U1BLUE1"]), moving=False)
    assert facts.elsewhere == (Elsewhere(name=facts.elsewhere[0].name, team="Blue"),)
    assert (facts.moving, facts.left, facts.stay_until, form.moving) == (False, (), None, "")
    assert (len(facts.people), facts.unit_people) == (8, 8)
    sent(colours, form)
    assert team(colours, "U1BLUE1") == "Blue"


def test_the_preview_of_a_move_tells_what_becomes_of_the_team_that_is_left(colours: Stage) -> None:
    facts, form = looked_at(colours, draft("Red", [*RED, "U1BLUE1"]), moving=True)
    assert (len(facts.people), facts.unit_people, facts.moving) == (9, 9, True)
    assert facts.left == (Left(team="Blue", people=7, odds=odds(7)),)
    assert facts.stay_until is None  # nobody is on a roster yet
    assert form.moving
    facts, _ = looked_at(colours, draft("Green", BLUE[:3]), moving=True)
    assert facts.left == (Left(team="Blue", people=5, odds=0.0),)
    facts, _ = looked_at(colours, draft("Green", BLUE), moving=True)
    assert facts.left == (Left(team="Blue", people=0, odds=0.0),)
    with colours.murmur.database.reading() as session:
        assert len(session.exec(select(Membership)).all()) == 16
        assert session.exec(select(Team).where(Team.name == "Green")).all() == []


@pytest.mark.parametrize("rosters_stand", [False, True])
def test_no_preview_tells_who_asked_to_be_left_out_whoever_is_tried_alone(colours: Stage, rosters_stand: bool) -> None:
    """An admin adds somebody to a form, or moves them, and takes them off again; nothing of it is carried out."""
    sent(colours, draft("Blue", BLUE, part_of="Colours"))
    sent(colours, draft("Green", ["U0MEI", "U0KOFI", "U0PRIYA"], part_of="Colours"))

    def tried(who: str) -> list[Preview]:
        own = ("U0MEI", "U0KOFI", "U0PRIYA")
        forms = [
            draft("Violet", [who]),
            draft("Red", [*RED, who]),
            draft("Green", [*own, who], part_of="Colours"),
            draft("Blue", [one for one in BLUE if one != who], part_of="Colours"),
            draft("Blue", BLUE, part_of="Colours"),
        ]
        return [looked_at(colours, form, moving=moving)[0] for form in forms for moving in (False, True)]

    def leave_out() -> None:
        with colours.murmur.database.transaction() as session:
            member(session, "U1BLUE1").opted_out_on = date(2026, 3, 2)

    if rosters_stand:
        before = tried("U1BLUE1")
        assert any(facts.left for facts in before)
        leave_out()
        colours.at(TUESDAY)  # the roster of Blue begins without them
        asked = tried("U1BLUE1"), tried("U1BLUE2")
        assert [replaced(facts) for facts in asked[0]] == [replaced(facts) for facts in asked[1]]
    else:
        before = tried("U1BLUE1")
        leave_out()
        assert tried("U1BLUE1") == before


def replaced(facts: Preview) -> Preview:
    """What a preview tells, names aside."""
    return replace(facts, people=(), elsewhere=(), leavers=())


def test_a_team_that_is_left_may_come_to_be_shown_with_the_new_one(colours: Stage) -> None:
    sent(colours, draft("Blue", BLUE, part_of="Colours"))
    facts, _ = looked_at(colours, draft("Green", BLUE[:2], part_of="Colours"), moving=True)
    assert facts.left == (Left(team="Blue", people=8, odds=odds(8), with_teams=("Green",)),)
    assert facts.merged_with == ("Blue",)


def test_a_move_while_rosters_stand_still_changes_nothing_until_they_end_and_nobody_is_ever_asked_twice(
    colours: Stage,
) -> None:
    colours.at(TUESDAY)
    before = asked_now(colours)
    assert before == [set(RED), set(BLUE)]
    facts = move(colours, "Red", [*RED, "U1BLUE1"])
    assert facts.stay_until == date(2026, 3, 31)
    assert team(colours, "U1BLUE1") == "Red"
    with colours.murmur.database.reading() as session:
        moved, red = member(session, "U1BLUE1"), session.exec(select(Pulse).where(Pulse.name == "Red")).one()
        to = team_of(session, moved.id)
        assert to is not None
        assert first_asked(session, red, moved, colours.murmur.clock()).date() == date(2026, 3, 31)
    for week in range(1, 4):
        colours.at(FRIDAY + (week - 1) * WEEK)
        colours.at(TUESDAY + week * WEEK)
        assert asked_now(colours) == before
    colours.at(FRIDAY + 3 * WEEK)
    colours.at(TUESDAY + 4 * WEEK)
    assert asked_now(colours) == [{*RED, "U1BLUE1"}, set(BLUE[1:])]
    by_round = asked_by_round(colours)
    for one, other in combinations(colours.rounds(), 2):
        if one.id in by_round and other.id in by_round and one.closes_at > other.opens_at:
            assert not by_round[one.id] & by_round[other.id]


def test_moving_back_and_forth_never_brings_anybody_into_two_rounds_at_once(colours: Stage) -> None:
    teams = {"Red": (RED, "Blue"), "Blue": (BLUE, "Red")}
    for week in range(10):
        colours.at(TUESDAY + week * WEEK)
        here, there = asked_now(colours)
        assert not here & there
        name = "Red" if team(colours, "U1BLUE1") == "Blue" else "Blue"
        if week % 2:
            move(colours, name, list(dict.fromkeys([*teams[name][0], "U1BLUE1"])))
            assert team(colours, "U1BLUE1") == name
            assert asked_now(colours) == [here, there]
        colours.at(FRIDAY + week * WEEK)
    invited = {(m.member_id, m.round_id) for m in colours.outbox(INVITATION)}
    assert len(invited) == len(colours.outbox(INVITATION))


def test_a_move_is_not_made_when_other_people_would_move_than_the_preview_named(colours: Stage) -> None:
    everybody = [*RED, *BLUE[:2], "U0MEI"]
    facts, form = looked_at(colours, draft("Red", everybody), moving=True)
    assert [one.team for one in facts.elsewhere] == ["Blue", "Blue"]
    sent(colours, draft("Green", ["U0MEI", "U0KOFI"]))
    with pytest.raises(TeamsChanged):
        sent(colours, form)
    assert team(colours, "U1BLUE1") == "Blue"
    assert team(colours, "U0MEI") == "Green"
    with colours.murmur.database.reading() as session:
        assert "moved" not in " ".join(change.what for change in changes(session, 1))
    again, form = looked_at(colours, form, moving=True)
    assert [one.team for one in again.elsewhere] == ["Blue", "Blue", "Green"]
    sent(colours, form)
    assert team(colours, "U0MEI") == "Red"


def test_a_move_stands_in_the_audit_log_and_is_made_once(colours: Stage) -> None:
    _, form = looked_at(colours, draft("Red", [*RED, *BLUE[:2]]), moving=True)
    sent(colours, form)
    sent(colours, draft("Blue", BLUE, moving=looked_at(colours, draft("Blue", BLUE), moving=True)[1].moving))
    assert team(colours, "U1BLUE1") == "Blue"  # setting the other team up again undoes it
    sent(colours, form)
    assert team(colours, "U1BLUE1") == "Blue"
    with colours.murmur.database.reading() as session:
        assert [change.what for change in changes(session, 1)][2:] == [
            "set up Red, and moved 2 people there from Blue",
            "set up Blue, and moved 2 people there from Red",
        ]


def test_whoever_reads_the_team_of_the_form_is_not_moved_to_where_they_would_not_be_counted(colours: Stage) -> None:
    form = draft("Red", [*RED, "U1BLUE1", "U1BLUE2"], managers=("U1BLUE1",))
    facts, form = looked_at(colours, form, moving=True)
    assert [one.team for one in facts.elsewhere] == ["Blue"]
    sent(colours, form)
    assert (team(colours, "U1BLUE1"), team(colours, "U1BLUE2")) == ("Blue", "Red")


def test_who_moves_is_greeted_where_they_come_to(colours: Stage) -> None:
    move(colours, "Green", [*BLUE[:7], "U0MEI"])
    with colours.murmur.database.reading() as session:
        green = session.exec(select(Pulse).where(Pulse.name == "Green")).one()
        ids = {member(session, slack_id).id for slack_id in (*BLUE[:7], "U0MEI")}
    assert {m.member_id for m in colours.outbox(WELCOME) if m.pulse_id == green.id} == ids


def test_a_team_made_by_moving_people_tells_everybody_the_one_day_on_which_it_begins(colours: Stage) -> None:
    colours.at(TUESDAY)
    colours.at(FRIDAY)
    facts, form = looked_at(colours, draft("Green", [*BLUE[:7], "U0MEI"]), moving=True)
    begins = date(2026, 3, 31)
    assert (facts.stay_until, facts.first_at.date()) == (begins, begins)
    done = sent(colours, form)
    assert done.first_at == facts.first_at
    with colours.murmur.database.reading() as session:
        green = session.exec(select(Pulse).where(Pulse.name == "Green")).one()
        now = colours.murmur.clock()
        everybody = [member(session, who) for who in (*BLUE[:7], "U0MEI")]
        assert {first_asked(session, green, one, now).date() for one in everybody} == {begins}
        told = standings(colours.murmur, session, Wording(), green.workspace_id)
        assert [one.next_at.date() for one in told if one.name == "Green" and one.next_at] == [begins]
    for week in range(1, 4):
        colours.at(TUESDAY + week * WEEK)
        assert asked_now(colours) == [set(RED), set(BLUE)]
        colours.at(FRIDAY + week * WEEK)
    colours.at(TUESDAY + 4 * WEEK)
    assert asked_now(colours)[-1] == {*BLUE[:7], "U0MEI"}


def test_home_shows_whoever_has_moved_where_they_are_counted_until_that_roster_is_over(colours: Stage) -> None:
    def home() -> MemberHome:
        with colours.murmur.database.reading() as session:
            return member_home(session, member(session, "U1BLUE1"), colours.murmur.clock())

    colours.at(TUESDAY)
    before = home()
    move(colours, "Green", [*BLUE[:7], "U0MEI"], managers=("U0KOFI",))
    after = home()
    assert [one.team for one in before.open_rounds] == ["Blue"]
    assert after.open_rounds == before.open_rounds
    assert (after.readers, after.seen, after.promises) == (before.readers, before.seen, before.promises)
    assert "Kofi" not in " ".join(after.readers)
    colours.at(FRIDAY + timedelta(days=1))
    assert home().open_rounds == ()
    assert home().next_at is not None
    assert (home().next_at or TUESDAY).date() == (TUESDAY + WEEK).date()  # the old team's next round
    assert home().readers == before.readers
    for week in range(1, 4):
        colours.at(TUESDAY + week * WEEK)
        colours.at(FRIDAY + week * WEEK + timedelta(days=1))
    assert (home().next_at or TUESDAY).date() == (TUESDAY + 4 * WEEK).date()
    assert [name.split()[0] for name in home().readers] == ["Kofi"]  # what comes next is the new team
    colours.at(TUESDAY + 4 * WEEK)
    assert [one.team for one in home().open_rounds] == ["Green"]


def test_whoever_has_moved_is_told_so_and_not_greeted_like_a_stranger(colours: Stage) -> None:
    colours.at(TUESDAY)
    move(colours, "Green", [*BLUE[:7], "U0MEI"])
    colours.at(TUESDAY + timedelta(days=1))
    with colours.murmur.database.reading() as session:
        green = session.exec(select(Pulse).where(Pulse.name == "Green")).one()
        words = {}
        for who in ("U1BLUE1", "U0MEI"):
            letter = OutboxMessage(
                workspace_id=green.workspace_id,
                natural_key=f"welcome {who}",
                kind=WELCOME,
                member_id=member(session, who).id,
                pulse_id=green.id,
                due_at=TUESDAY,
            )
            words[who] = read_aloud(render(colours.murmur, session, letter, colours.murmur.clock())[0])
    assert "you have been moved from Blue to Green. Until 31 March you are still asked with Blue" in words["U1BLUE1"]
    assert "I am Murmur" not in words["U1BLUE1"]
    assert "Tuesday 31 March" in words["U1BLUE1"]
    assert "I am Murmur" in words["U0MEI"]
    assert "moved" not in words["U0MEI"]
