"""Lantern Labs as its file has it: the sizes that the demonstration is about, and people who could be real."""

from collections import Counter
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.people_file import Organisation, read_people_text
from bot.sandbox.workspace import default_workspace
from surveys.units import PlannedUnit, TeamSize, plan_units

SIZES = {
    "Vision": 9,
    "Language": 8,
    "Speech": 5,
    "Evaluation": 4,
    "Training": 14,
    "Data": 8,
    "Serving": 8,
    "Tools": 4,
}


@pytest.fixture(scope="module")
def lantern() -> Organisation:
    text = resources.files("bot.demo").joinpath("people.csv").read_text(encoding="utf-8")
    return read_people_text(text, company="Lantern Labs")


def test_sixty_people_are_asked_in_eight_teams_of_two_departments(lantern: Organisation) -> None:
    assert {team.name: len(team.member_ids) for team in lantern.teams} == SIZES
    asked = [member for team in lantern.teams for member in team.member_ids]
    assert len(asked) == len(set(asked)) == 60
    assert Counter(team.department for team in lantern.teams) == {"AI": 4, "Platform": 4}


def test_nobody_is_asked_whose_digest_it_is(lantern: Organisation) -> None:
    asked = {member for team in lantern.teams for member in team.member_ids}
    readers = {one for team in lantern.teams for one in (*team.manager_ids, *team.leader_ids)}
    assert not asked & readers
    assert all(len(team.manager_ids) == len(team.leader_ids) == 1 for team in lantern.teams)


def test_the_people_of_the_story_keep_their_ids_and_jobs(lantern: Organisation) -> None:
    teams = {team.name: team for team in lantern.teams}
    assert teams["Vision"].manager_ids == ("U0DANA",)
    assert teams["Vision"].leader_ids == ("U0SAM",)
    assert teams["Vision"].channel_id == "C0VISION"
    assert "U0PRIYA" in teams["Vision"].member_ids
    assert [person.id for person in lantern.workspace.people if person.is_admin] == ["U0RUTH"]
    assert teams["Speech"].manager_ids == teams["Evaluation"].manager_ids


def test_vision_and_its_leaders_are_those_of_the_stand_in_workspace(lantern: Organisation) -> None:
    known = {person.id: person for person in default_workspace().people}
    here = {person.id: person for person in lantern.workspace.people}
    vision = next(channel for channel in default_workspace().channels if channel.name == "vision")
    for who in (*vision.members[:10], "U0SAM", "U0RUTH"):
        for field in ("real_name", "tz", "locale", "email", "title", "is_admin"):
            assert getattr(here[who], field) == getattr(known[who], field)


def planned(lantern: Organisation) -> dict[str, PlannedUnit]:
    """Units by the names of their teams, planned as a roster period plans them."""
    departments = {"AI": 1, "Platform": 2}
    numbers = dict(enumerate(lantern.teams, start=3))
    sizes = [
        TeamSize(team_id=number, parent_id=departments[team.department], roster=len(team.member_ids))
        for number, team in numbers.items()
    ]
    return {" + ".join(numbers[one].name for one in unit.team_ids): unit for unit in plan_units(sizes)}


def test_only_the_small_teams_are_merged_and_serving_stands_alone(lantern: Organisation) -> None:
    units = planned(lantern)
    assert {name: unit.roster for name, unit in units.items()} == {
        "Vision": 9,
        "Language": 8,
        "Speech + Evaluation": 9,
        "Training": 14,
        "Data + Tools": 12,
        "Serving": 8,
    }
    assert all(unit.scored for unit in units.values())


def test_time_zones_are_real_and_many(lantern: Organisation) -> None:
    zones = {person.tz for person in lantern.workspace.people}
    at = datetime(2026, 6, 23, 8, tzinfo=UTC)
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
    assert len(zones) > 30
    assert len(offsets) > 12


def test_everybody_is_somebody(lantern: Organisation) -> None:
    people = lantern.workspace.people
    assert all(person.title and person.email.endswith("@lantern.example") for person in people)
    first_names = [person.real_name.split()[0] for person in people]
    assert len(set(first_names)) == len(first_names), "find_person takes a first name for one person"
    assert all(person.id == f"U0{person.email.partition('@')[0].upper()}" for person in people)
