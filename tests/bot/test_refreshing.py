"""The directory is kept fresh: names, time zones, who left, and who is in the channel that a team follows."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs import refresh_directory
from bot.sandbox.limits import Rates
from tests.support.jobs import member, members, on_team
from tests.support.lantern import with_teams
from tests.support.running_murmur import (
    FRIDAY,
    OPENING,
    TUESDAY,
    Stage,
    running_murmur,
)

WEEK = timedelta(weeks=1)


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
