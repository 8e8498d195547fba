"""A pulse is found by its name, by that of a team, by a unit's; and told apart from others by one that is its alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.naming import Named, meant_by, named_pulses
from storage.database import Database
from storage.keys import KeyDirectory
from storage.pulses import pulses_of_workspace
from storage.tables import Pulse, Team
from tests.support.organisation import Organisation


@pytest.fixture
def acme(database_url: str, tmp_path: Path) -> Iterator[Organisation]:
    """One pulse, "Acme pulse", with Vision and Speech of Research."""
    database = Database(database_url)
    organisation = Organisation(database, KeyDirectory(tmp_path / "keys"))
    organisation.team("Vision", 9, department="Research")
    organisation.team("Speech", 3, department="Research")
    yield organisation
    database.dispose()


def named(acme: Organisation) -> list[Named]:
    """The pulses of the organisation."""
    with acme.database.reading() as session:
        return named_pulses(session, acme.workspace_id)


def meant(acme: Organisation, name: str) -> list[str]:
    """Names of the pulses that somebody can mean."""
    return [one.pulse.name for one in meant_by(named(acme), name)]


def test_the_only_pulse_needs_no_name(acme: Organisation) -> None:
    (only,) = named(acme)
    assert only.called == ""
    assert only.teams == ("Speech", "Vision")
    assert only.departments == ("Research",)


@pytest.mark.parametrize(
    "name",
    ["Acme pulse", "ACME PULSE", "vision", "Research", "Speech + Vision", '"Vision"', "“Vision”", "'acme pulse'"],
)
def test_every_name_it_goes_by_finds_it_however_it_is_written(acme: Organisation, name: str) -> None:
    acme.team("Sales", 6, pulse_id=acme.pulse("Biz"))
    assert meant(acme, name) == ["Acme pulse"]


@pytest.mark.parametrize("name", ["", "Visio", "Vision + Sales", "+", " + ", "''", "🎉", "x" * 10_000])
def test_nothing_else_does(acme: Organisation, name: str) -> None:
    acme.team("Sales", 6, pulse_id=acme.pulse("Biz"))
    assert meant(acme, name) == []


def test_where_a_pulse_has_the_name_of_a_team_of_another_a_team_of_its_own_tells_them_apart(acme: Organisation) -> None:
    acme.team("Sales", 6, pulse_id=acme.pulse("Vision"))
    assert meant(acme, "Vision") == ["Acme pulse", "Vision"]
    assert [one.called for one in named(acme)] == ["Acme pulse", "Sales"]
    assert meant(acme, "Sales") == ["Vision"]


def test_a_pulse_of_another_workspace_is_never_found(acme: Organisation) -> None:
    with acme.database.reading() as session:
        assert named_pulses(session, acme.workspace_id + 1) == []
        assert len(pulses_of_workspace(session, acme.workspace_id)) == 1


def test_a_name_in_quotes_is_found_as_it_is_written_first(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        team = Team(workspace_id=acme.workspace_id, pulse_id=acme.pulse_id, name="'Vision'")
        session.add(team)
        session.get_one(Pulse, acme.pulse_id).name = "'Quoted'"
    acme.team("Sales", 6, pulse_id=acme.pulse("Quoted"))
    assert meant(acme, "'Quoted'") == ["'Quoted'"]
    assert meant(acme, "Quoted") == ["Quoted"]
