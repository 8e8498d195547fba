"""Pulses and teams as admins set them up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

from storage.people import ensure_workspace, members_of_pulse, readers_of_team
from storage.pulses import (
    NameTaken,
    NewTeam,
    ThresholdTooLow,
    add_team,
    cadence_of,
    change_team,
    changes,
    find_team,
    pause,
    pulses_of_workspace,
    record_change,
    set_threshold,
    teams_with_people,
    timezones_of,
)
from storage.tables import Member, Pulse, Team
from surveys.cadence import Cadence, Frequency
from tests.support.organisation import Organisation

ON = date(2026, 3, 3)


def new_team(name: str, department: str = "") -> NewTeam:
    return NewTeam(name=name, department=department, channel_id=None, member_ids=[], manager_ids=[])


@pytest.mark.parametrize("name", ["Vision", "vision", "VISION", "Größe", "GRÖSSE"])
def test_a_name_is_taken_whatever_its_case(acme: Organisation, name: str) -> None:
    acme.team("Vision", 2)
    acme.team("größe", 2)
    with pytest.raises(NameTaken):
        acme.team(name, 2)
    with acme.database.reading() as session:
        assert len(session.exec(select(Team)).all()) == 2


def test_a_name_taken_in_one_workspace_is_free_in_another(acme: Organisation) -> None:
    acme.team("Vision", 2)
    with acme.database.transaction() as session:
        other = ensure_workspace(session, "T2", "Second")
        assert find_team(session, other.id, "vision") is None
        found = find_team(session, acme.workspace_id, "vision")
        assert found is not None
        assert found.name == "Vision"


def test_teams_of_a_department_are_siblings_whatever_its_case(acme: Organisation) -> None:
    one, two = acme.team("Vision", 2, department="Research"), acme.team("Search", 2, department="research")
    with acme.database.reading() as session:
        parents = {session.get_one(Team, group.team_id).parent_id for group in (one, two)}
        department = find_team(session, acme.workspace_id, "Research")
    assert department is not None
    assert parents == {department.id}


@pytest.mark.parametrize("name", ["Vision", "Search"])
def test_a_team_with_people_or_above_it_a_department_does_not_become_a_department(
    acme: Organisation, name: str
) -> None:
    acme.team("Vision", 2)
    acme.team("Search", 2, department="Research")
    with pytest.raises(NameTaken):
        acme.team("Platform", 2, department=name)


def test_a_department_of_another_pulse_is_not_shared(acme: Organisation) -> None:
    acme.team("Vision", 2, department="Research")
    with pytest.raises(NameTaken):
        acme.team("Search", 2, department="Research", pulse_id=acme.pulse("Another pulse"))


def test_a_team_is_not_its_own_department(acme: Organisation) -> None:
    with pytest.raises(NameTaken):
        acme.team("Vision", 2, department="vision")


def test_changing_a_team_replaces_its_people_and_its_department(acme: Organisation) -> None:
    vision = acme.team("Vision", 3, readers=[acme.admin_id], department="Research")
    newcomers = acme.people(2)
    with acme.database.transaction() as session:
        new = NewTeam(name="Vision", department="", channel_id="C1", member_ids=newcomers, manager_ids=[])
        team = session.get_one(Team, vision.team_id)
        change_team(session, session.get_one(Pulse, acme.pulse_id), team, new, ON)
        assert (team.parent_id, team.channel_id) == (None, "C1")
    with acme.database.reading() as session:
        team = session.get_one(Team, vision.team_id)
        assert [member.id for member in members_of_pulse(session, acme.pulse_id)] == newcomers
        assert readers_of_team(session, team) == []


def test_a_pulse_whose_last_team_moves_to_another_is_paused_and_not_told_of(acme: Organisation) -> None:
    vision, other = acme.team("Vision", 3), acme.pulse("Another pulse")
    with acme.database.transaction() as session:
        new = NewTeam(name="Vision", department="", channel_id=None, member_ids=vision.members, manager_ids=[])
        change_team(session, session.get_one(Pulse, other), session.get_one(Team, vision.team_id), new, ON)
    with acme.database.reading() as session:
        assert session.get_one(Pulse, acme.pulse_id).paused_on == ON
        assert [pulse.id for pulse in pulses_of_workspace(session, acme.workspace_id)] == [other]


def test_teams_are_told_in_tree_order_without_departments(acme: Organisation) -> None:
    acme.team("Vision", 2, department="Research")
    acme.team("Platform", 2)
    acme.team("Search", 2, department="Research")
    acme.team("Ads", 2, department="Growth")
    with acme.database.reading() as session:
        names = [team.name for team in teams_with_people(session, acme.pulse_id)]
    assert names == ["Platform", "Ads", "Search", "Vision"]


def test_a_pulse_keeps_its_cadence(acme: Organisation) -> None:
    acme.team("Vision", 3)
    with acme.database.reading() as session:
        (pulse,) = pulses_of_workspace(session, acme.workspace_id)
        assert cadence_of(pulse) == Cadence(
            frequency=Frequency.WEEKLY, weekday=1, hour=10, timezone="UTC", anchor=date(2026, 3, 3)
        )


def test_time_zones_of_a_pulse_are_those_of_its_members_each_once(acme: Organisation) -> None:
    acme.team("Vision", [*acme.people(2, "Asia/Tokyo"), *acme.people(2, "Europe/Berlin")])
    acme.team("Search", acme.people(1, "America/New_York"), pulse_id=acme.pulse("Another pulse"))
    with acme.database.reading() as session:
        assert timezones_of(session, acme.pulse_id) == ["Asia/Tokyo", "Europe/Berlin"]


@pytest.mark.parametrize("threshold", [-1, 0, 4])
def test_a_threshold_is_never_under_five(acme: Organisation, threshold: int) -> None:
    with pytest.raises(ThresholdTooLow), acme.database.transaction() as session:
        set_threshold(session, session.get_one(Pulse, acme.pulse_id), threshold)
    with acme.database.reading() as session:
        assert session.get_one(Pulse, acme.pulse_id).threshold == 5


def test_a_threshold_can_be_raised_and_lowered_again_to_five(acme: Organisation) -> None:
    for threshold in (8, 5):
        with acme.database.transaction() as session:
            set_threshold(session, session.get_one(Pulse, acme.pulse_id), threshold)
        with acme.database.reading() as session:
            assert session.get_one(Pulse, acme.pulse_id).threshold == threshold


def test_a_pulse_is_paused_and_goes_on(acme: Organisation) -> None:
    for on in (ON, None):
        with acme.database.transaction() as session:
            pause(session, session.get_one(Pulse, acme.pulse_id), on)
        with acme.database.reading() as session:
            assert session.get_one(Pulse, acme.pulse_id).paused_on == on


def recorder(acme: Organisation, form_key: str, what: str) -> Callable[[object], bool]:
    def record(_: object) -> bool:
        with acme.database.transaction() as session:
            return record_change(
                session,
                workspace_id=acme.workspace_id,
                admin=session.get_one(Member, acme.admin_id),
                form_key=form_key,
                on=ON,
                what=what,
            )

    return record


def test_a_form_counts_once_and_the_log_is_told_oldest_first(acme: Organisation) -> None:
    assert recorder(acme, "one", "set up Vision")(None)
    assert recorder(acme, "two", "paused")(None)
    assert not recorder(acme, "one", "set up Vision")(None)
    with acme.database.reading() as session:
        assert [change.what for change in changes(session, acme.workspace_id)] == ["set up Vision", "paused"]


def test_a_form_sent_several_times_at_once_counts_once(acme: Organisation) -> None:
    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(recorder(acme, "one", "set up Vision"), range(4)))
    assert sorted(counted) == [False, False, False, True]


def test_a_change_rolled_back_may_be_made_again(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        admin = session.get_one(Member, acme.admin_id)
        assert record_change(
            session, workspace_id=acme.workspace_id, admin=admin, form_key="one", on=ON, what="set up Vision"
        )
        session.rollback()
    assert recorder(acme, "one", "set up Vision")(None)


def test_a_refused_team_leaves_nothing_behind(acme: Organisation) -> None:
    vision = acme.team("Vision", 2)
    with pytest.raises(NameTaken), acme.database.transaction() as session:
        add_team(session, session.get_one(Pulse, acme.pulse_id), new_team("vision", department="New"))
    with acme.database.reading() as session:
        assert [team.id for team in session.exec(select(Team))] == [vision.team_id]
