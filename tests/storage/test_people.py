"""The directory."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from storage.people import (
    Person,
    ensure_workspace,
    find_member,
    is_away,
    is_manager,
    local_date,
    members_by_slack_id,
    members_of_pulse,
    pulse_of_member,
    readers_of_team,
    save_people,
    team_of,
    teams_managed_by,
)
from storage.pulses import find_team
from storage.tables import Management, Member, Membership, Team, Workspace
from tests.support.organisation import Group, Organisation, count

PRIYA = Person(slack_id="UPRIYA", name="Priya", timezone="Asia/Kolkata", locale="en-GB")


def test_a_workspace_is_made_on_first_sight_and_keeps_its_name(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        first = ensure_workspace(session, "T2", "Second")
        assert ensure_workspace(session, "T2", "").name == "Second"
        assert ensure_workspace(session, "T2", "Renamed").id == first.id
        assert [w.name for w in session.exec(select(Workspace).where(Workspace.slack_id == "T2"))] == ["Renamed"]


def test_what_slack_says_is_taken_over_and_preferences_stay(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        (priya,) = save_people(session, acme.workspace_id, [PRIYA])
        priya.opted_out_on = priya.no_reminders_since = date(2026, 3, 3)
    renamed = Person(
        slack_id="UPRIYA", name="Priya N", timezone="UTC", locale="de-DE", is_slack_admin=True, active=False
    )
    with acme.database.transaction() as session:
        (priya,) = save_people(session, acme.workspace_id, [renamed])
    assert (priya.name, priya.timezone, priya.locale) == ("Priya N", "UTC", "de-DE")
    assert (priya.is_slack_admin, priya.active) == (True, False)
    assert priya.opted_out_on == priya.no_reminders_since == date(2026, 3, 3)


def test_a_person_saved_twice_is_one_member_and_the_last_word_counts(acme: Organisation) -> None:
    other = Person(slack_id="UPRIYA", name="Priya the second", timezone="UTC", locale="en")
    with acme.database.transaction() as session:
        first, second = save_people(session, acme.workspace_id, [PRIYA, other])
        assert first.id == second.id
        assert session.get_one(Member, first.id).name == "Priya the second"


def test_the_same_slack_id_in_two_workspaces_is_two_people(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        other = ensure_workspace(session, "T2", "Second")
        (here,) = save_people(session, acme.workspace_id, [PRIYA])
        (there,) = save_people(session, other.id, [PRIYA])
        assert here.id != there.id
        found = find_member(session, "T2", "UPRIYA")
        assert found is not None
        assert found.id == there.id
        assert find_member(session, "T3", "UPRIYA") is None
        assert set(members_by_slack_id(session, other.id, ["UPRIYA", "UNOBODY"])) == {"UPRIYA"}


def test_a_member_is_on_one_team(acme: Organisation) -> None:
    vision, search = acme.team("Vision", 3), acme.team("Search", 3)
    mover = vision.members[0]
    acme.join(search, [mover])
    with acme.database.reading() as session:
        team = team_of(session, mover)
        assert team is not None
        assert team.name == "Search"
        assert count(session, Membership) == 6
        assert team_of(session, acme.admin_id) is None


def test_members_of_a_new_team_leave_the_one_they_were_on(acme: Organisation) -> None:
    vision = acme.team("Vision", 3)
    acme.team("Search", [vision.members[0], vision.members[0]])
    with acme.database.reading() as session:
        assert count(session, Membership) == 3


def test_readers_of_a_team_are_its_managers_and_those_of_its_department_each_once(acme: Organisation) -> None:
    dana, ruth, sam = acme.people(3)
    vision = acme.team("Vision", 3, readers=[dana, sam], department="Research")
    with acme.database.reading() as session:
        research = find_team(session, acme.workspace_id, "Research")
    assert research is not None
    acme.manage(Group(team_id=research.id, members=[]), [ruth, dana])
    with acme.database.reading() as session:
        readers = readers_of_team(session, session.get_one(Team, vision.team_id))
        assert [reader.id for reader in readers] == [dana, ruth, sam]
        assert teams_managed_by(session, dana) == sorted([vision.team_id, research.id])
        assert is_manager(session, ruth)
        assert not is_manager(session, vision.members[0])


def test_a_manager_who_left_slack_reads_nothing(acme: Organisation) -> None:
    dana, ruth = acme.people(2)
    vision = acme.team("Vision", 3, readers=[dana, ruth])
    with acme.database.transaction() as session:
        session.get_one(Member, dana).active = False
    with acme.database.reading() as session:
        assert [r.id for r in readers_of_team(session, session.get_one(Team, vision.team_id))] == [ruth]


def test_replacing_managers_leaves_no_earlier_one(acme: Organisation) -> None:
    dana, ruth = acme.people(2)
    vision = acme.team("Vision", 3, readers=[dana])
    acme.manage(vision, [ruth, ruth])
    with acme.database.reading() as session:
        assert set(session.exec(select(Management.member_id))) == {ruth}


def test_the_pulse_of_a_member_is_that_of_their_team(acme: Organisation) -> None:
    other = acme.pulse("Another pulse")
    vision, search = acme.team("Vision", 2), acme.team("Search", 2, pulse_id=other)
    with acme.database.reading() as session:
        pulses = [pulse_of_member(session, member) for member in (vision.members[0], search.members[0])]
        assert [pulse.id for pulse in pulses if pulse] == [acme.pulse_id, other]
        assert pulse_of_member(session, acme.admin_id) is None
        assert [member.id for member in members_of_pulse(session, other)] == search.members


def test_today_is_where_the_member_is() -> None:
    member = Member(workspace_id=1, slack_id="U", name="Priya", timezone="Pacific/Auckland", locale="en")
    assert local_date(member, datetime(2026, 3, 3, 12, tzinfo=UTC)) == date(2026, 3, 4)


def test_a_pause_lasts_through_its_last_day_where_the_member_is() -> None:
    member = Member(
        workspace_id=1, slack_id="U", name="P", timezone="Pacific/Auckland", locale="en", paused_until=date(2026, 3, 3)
    )
    assert is_away(member, datetime(2026, 3, 3, 10, tzinfo=UTC))
    assert not is_away(member, datetime(2026, 3, 3, 11, tzinfo=UTC))


@pytest.mark.parametrize("gone", [{"active": False}, {"opted_out_on": date(2026, 1, 1)}])
def test_who_left_or_opted_out_is_away(gone: dict[str, object]) -> None:
    member = Member(workspace_id=1, slack_id="U", name="P", timezone="UTC", locale="en")
    assert not is_away(member, datetime(2026, 3, 3, tzinfo=UTC))
    for name, value in gone.items():
        setattr(member, name, value)
    assert is_away(member, datetime(2026, 3, 3, tzinfo=UTC))
