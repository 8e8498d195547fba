"""What another tool told before: filed under the right unit, found again by the detector, and removed."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlmodel import select

from storage.closing import discard
from storage.database import Database
from storage.imported import departments, forget, imported_history, imported_units, keep, places
from storage.keys import KeyDirectory
from storage.rosters import roster_of
from storage.tables import ImportedCode, Round, Unit
from surveys.history import parse_history
from surveys.imports import Place, sort_out
from surveys.questions import drivers
from surveys.release import Kind, PeopleClass
from surveys.tablefile import TableFileError
from tests.support.organisation import MONDAY, TUESDAY, WEEK, Organisation, count

WEEKS = ("2026-W05", "2026-W06", "2026-W07")


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    acme = Organisation(database, keys)
    acme.team("Vision", 9)
    acme.team("Speech", 6, department="Research")
    acme.team("Search", 5, department="Research")
    return acme


def there(acme: Organisation, now: datetime = MONDAY) -> list[Place]:
    with acme.database.reading() as session:
        return places(session, acme.workspace_id, now)


def import_(acme: Organisation, *names: str, weeks: Sequence[str] = WEEKS, now: datetime = MONDAY) -> None:
    lines = [f"{name},{driver},{week},8,3.4\n" for name in names for week in weeks for driver in ("burnout", "growth")]
    history = parse_history(["unit,driver,week,n,mean\n", *lines], "history.csv", drivers=drivers())
    with acme.database.transaction() as session:
        sorted_ = sort_out(history, "history.csv", places(session, acme.workspace_id, now))
        keep(session, acme.workspace_id, sorted_.new)


def unit_named(acme: Organisation, name: str) -> int:
    with acme.database.reading() as session:
        return session.exec(select(Unit.id).where(Unit.name == name)).one()


def test_units_are_there_before_any_round_has_planned_them(acme: Organisation) -> None:
    assert [(place.name, place.teams, place.scored, place.first_round) for place in there(acme)] == [
        ("Search + Speech", ("Search", "Speech"), True, None),
        ("Vision", ("Vision",), True, None),
    ]
    with acme.database.reading() as session:
        assert departments(session, acme.workspace_id) == ["Research"]
        assert count(session, Unit) == 0


def test_a_round_counts_in_the_very_units_that_history_was_filed_under(acme: Organisation) -> None:
    import_(acme, "Search + Speech", "Vision")
    before = {place.name: place.team_ids for place in there(acme)}
    round_id = acme.open()
    with acme.database.reading() as session:
        assert count(session, Unit) == 2
        period_id = session.get_one(Round, round_id).period_id
        assert period_id is not None
        assert len(roster_of(session, period_id, unit_named(acme, "Search + Speech"))) == 11
    after = there(acme, TUESDAY)
    assert {place.name: place.team_ids for place in after} == before
    assert {place.first_round for place in after} == {date(2026, 3, 3)}
    assert not any(place.has_results for place in after)


def test_a_team_that_comes_during_a_period_is_a_unit_of_its_own(acme: Organisation) -> None:
    acme.open()
    acme.team("Evals", 5, department="Research")
    acme.team("Data", 9)
    assert [(place.name, place.scored) for place in there(acme, TUESDAY)] == [
        ("Data", True),
        ("Evals", False),
        ("Search + Speech", True),
        ("Vision", True),
    ]


def test_history_comes_out_as_rounds_from_before_the_first_one(acme: Organisation) -> None:
    import_(acme, "Vision", weeks=("2026-W07", "2026-W05", "2026-W06"))
    unit_id = unit_named(acme, "Vision")
    with acme.database.reading() as session:
        found = imported_history(session, [unit_id])
    assert [(one.round_id, one.closed_on, one.code.driver) for one in found] == [
        (-3, date(2026, 2, 1), "burnout"),
        (-3, date(2026, 2, 1), "growth"),
        (-2, date(2026, 2, 8), "burnout"),
        (-2, date(2026, 2, 8), "growth"),
        (-1, date(2026, 2, 15), "burnout"),
        (-1, date(2026, 2, 15), "growth"),
    ]
    assert {(one.unit_id, one.roster, one.replaced) for one in found} == {(unit_id, 11, 0)}
    codes = {(one.code.kind, one.code.people, one.code.value, one.code.subject) for one in found}
    assert codes == {
        (Kind.LEVEL, PeopleClass.EIGHT, 3, "burnout.history"),
        (Kind.LEVEL, PeopleClass.EIGHT, 3, "growth.history"),
    }


def test_history_of_one_unit_is_not_that_of_another(acme: Organisation) -> None:
    import_(acme, "Vision", weeks=WEEKS[:1])
    import_(acme, "Search + Speech")
    with acme.database.reading() as session:
        assert {one.closed_on for one in imported_history(session, [unit_named(acme, "Vision")])} == {date(2026, 2, 1)}
        assert imported_history(session, []) == []


def test_importing_again_changes_nothing(acme: Organisation) -> None:
    for _ in range(2):
        import_(acme, "Vision")
    with acme.database.reading() as session:
        assert count(session, ImportedCode) == 6


def test_a_round_that_was_thrown_away_is_no_first_round(acme: Organisation) -> None:
    round_id = acme.open()
    assert discard(acme.database, acme.keys, round_id)
    assert {place.first_round for place in there(acme, TUESDAY)} == {None}


def test_results_are_seen_even_where_all_are_withheld(acme: Organisation) -> None:
    acme.close(acme.open())
    assert all(place.has_results for place in there(acme, TUESDAY + WEEK))


def test_another_workspace_has_nothing_to_do_with_it(acme: Organisation) -> None:
    import_(acme, "Vision")
    with acme.database.reading() as session:
        assert places(session, acme.workspace_id + 1, MONDAY) == []
        assert imported_units(session, acme.workspace_id + 1) == []


def test_what_was_imported_is_removed_unit_by_unit(acme: Organisation) -> None:
    import_(acme, "Vision", "Search + Speech")
    acme.close(acme.open())
    with acme.database.reading() as session:
        units = imported_units(session, acme.workspace_id)
    assert [(unit.name, told) for unit, told in units] == [("Search + Speech", True), ("Vision", True)]
    with acme.database.transaction() as session:
        forget(session, [unit_named(acme, "Vision")])
    with acme.database.reading() as session:
        left = set(session.exec(select(ImportedCode.unit_id)))
    assert left == {unit_named(acme, "Search + Speech")}


def test_a_team_whose_people_another_roster_still_holds_is_told_from_when_on_it_can_be_imported(
    acme: Organisation,
) -> None:
    vision = acme.team("Large", 14)
    acme.close(acme.open())
    other = acme.pulse("Another pulse")
    acme.team("Atlas", vision.members[:7], pulse_id=other)
    acme.team("Tiny", 3, pulse_id=other)
    soon, then = TUESDAY + WEEK, TUESDAY + 4 * WEEK
    found = {place.name: (place.scored, place.counted_from) for place in there(acme, soon)}
    assert found["Atlas"] == (False, then.date())
    assert found["Tiny"] == (False, None)
    assert found["Vision"] == (True, None)
    assert {p.name: (p.scored, p.counted_from) for p in there(acme, then)}["Atlas"] == (True, None)
    with pytest.raises(TableFileError, match=f"“Atlas” is counted from {then.date()} on; leave it out, and import it"):
        import_(acme, "Atlas", now=soon)
    import_(acme, "Atlas", now=then)
