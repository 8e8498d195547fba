"""Rosters and units: frozen for four weeks, and nobody in a unit whose results they read."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage.database import Busy
from storage.pulses import find_team
from storage.roster_plans import Roster, TeamPeople, plan_rosters, planned_unit
from storage.rosters import (
    PERIOD,
    counted_from,
    current_period,
    period_for,
    roster_of,
    team_ids_of,
    unit_of_member,
    units_in_period,
)
from storage.tables import Member, Pulse, RosterEntry, RosterPeriod, Unit
from tests.support.organisation import TUESDAY, WEEK, Group, Organisation

DAY_ONE = TUESDAY.date()


def rosters(acme: Organisation, on: date, pulse_id: int | None = None) -> dict[tuple[int, ...], set[int]]:
    """Who is counted where in the period of a round that opens on this day, by the ids of the unit's teams."""
    with acme.database.transaction() as session:
        period = period_for(session, session.get_one(Pulse, pulse_id or acme.pulse_id), on)
        return {
            tuple(team_ids_of(unit)): set(roster_of(session, period.id, unit.id))
            for unit, _ in units_in_period(session, period.id)
        }


def replaced(acme: Organisation, on: date) -> list[int]:
    """How many people of each unit are new since the period before."""
    with acme.database.transaction() as session:
        period = period_for(session, session.get_one(Pulse, acme.pulse_id), on)
        return [size.replaced for _, size in units_in_period(session, period.id)]


people = st.frozensets(st.integers(1, 30), max_size=14)
companies = st.lists(
    st.tuples(st.sampled_from([None, 100, 200]), people, st.frozensets(st.integers(1, 40), max_size=4)), max_size=6
).map(
    lambda drawn: [
        TeamPeople(
            team_id=number,
            parent_id=parent,
            members=members - frozenset().union(*(earlier for _, earlier, _ in drawn[: number - 1])),
            readers=readers,
        )
        for number, (parent, members, readers) in enumerate(drawn, 1)
    ]
)


@given(companies)
def test_nobody_is_counted_in_a_unit_whose_results_they_read(company: Sequence[TeamPeople]) -> None:
    by_id = {team.team_id: team for team in company}
    for roster in plan_rosters(company):
        readers = frozenset[int]().union(*(by_id[team_id].readers for team_id in roster.unit.team_ids))
        assert readers.isdisjoint(roster.members)


@given(companies)
def test_everybody_counted_is_on_a_team_of_the_unit_and_counted_once(company: Sequence[TeamPeople]) -> None:
    by_id = {team.team_id: team for team in company}
    planned = plan_rosters(company)
    counted = [member for roster in planned for member in roster.members]
    assert len(counted) == len(set(counted))
    for roster in planned:
        there = frozenset[int]().union(*(by_id[team_id].members for team_id in roster.unit.team_ids))
        assert there >= set(roster.members)
        assert roster.unit.roster == len(roster.members)
        assert list(roster.members) == sorted(roster.members)
    assert sorted(t for roster in planned for t in roster.unit.team_ids) == sorted(by_id)


@given(companies)
def test_the_order_of_teams_does_not_matter(company: Sequence[TeamPeople]) -> None:
    def key(roster: Roster) -> tuple[int, ...]:
        return roster.unit.team_ids

    assert sorted(plan_rosters(company), key=key) == sorted(plan_rosters(company[::-1]), key=key)


def test_small_teams_of_a_department_are_counted_together(acme: Organisation) -> None:
    vision, search = (acme.team(name, 5, department="Research") for name in ("Vision", "Search"))
    assert rosters(acme, DAY_ONE) == {(vision.team_id, search.team_id): {*vision.members, *search.members}}


def test_managers_are_not_counted_in_their_own_unit_nor_in_the_team_it_is_merged_with(acme: Organisation) -> None:
    ids = acme.people(14)
    vision = acme.team("Vision", ids[:7], readers=[ids[0]], department="Research")
    acme.team("Search", ids[7:], readers=[ids[1]], department="Research")
    (counted,) = rosters(acme, DAY_ONE).values()
    assert counted == set(ids) - {ids[0], ids[1]}
    assert vision.members[0] not in counted


def test_whoever_reads_the_department_is_not_counted_in_its_teams(acme: Organisation) -> None:
    ids = acme.people(9)
    acme.team("Vision", ids, department="Research")
    with acme.database.reading() as session:
        department = find_team(session, acme.workspace_id, "research")
    assert department is not None
    acme.manage(Group(team_id=department.id, members=[]), [ids[0]])
    (counted,) = rosters(acme, DAY_ONE).values()
    assert counted == set(ids[1:])


def test_a_roster_stands_still_for_four_weeks(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    first = rosters(acme, DAY_ONE)
    joiners = acme.people(3)
    acme.join(vision, joiners)
    acme.leave(vision.members[:2])
    assert rosters(acme, DAY_ONE + PERIOD - timedelta(days=1)) == first
    assert rosters(acme, DAY_ONE + PERIOD) == {(vision.team_id,): {*vision.members[2:], *joiners}}


def test_units_are_not_rearranged_by_moving_people_within_a_period(acme: Organisation) -> None:
    vision, search = acme.team("Vision", 9), acme.team("Search", 9)
    first = rosters(acme, DAY_ONE)
    acme.join(search, vision.members[:4])
    assert rosters(acme, DAY_ONE + WEEK) == first


def test_who_left_slack_or_opted_out_is_not_counted_from_the_next_period(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    first = rosters(acme, DAY_ONE)
    with acme.database.transaction() as session:
        session.get_one(Member, vision.members[0]).active = False
        session.get_one(Member, vision.members[1]).opted_out_on = DAY_ONE
    assert rosters(acme, DAY_ONE + WEEK) == first
    assert rosters(acme, DAY_ONE + PERIOD) == {(vision.team_id,): set(vision.members[2:])}


def test_a_team_added_during_a_period_is_a_unit_of_its_own_and_touches_no_other(acme: Organisation) -> None:
    vision = acme.team("Vision", 9, department="Research")
    first = rosters(acme, DAY_ONE)
    search = acme.team("Search", 4, department="Research")
    later = rosters(acme, DAY_ONE + WEEK)
    assert later == first | {(search.team_id,): set(search.members)}
    assert rosters(acme, DAY_ONE + PERIOD) == {(vision.team_id, search.team_id): {*vision.members, *search.members}}


def test_who_moves_to_a_team_added_during_a_period_stays_where_they_were_until_it_ends(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    first = rosters(acme, DAY_ONE)
    newcomers = acme.people(6)
    search = acme.team("Search", [*vision.members[:3], *newcomers])
    assert rosters(acme, DAY_ONE + WEEK) == first | {(search.team_id,): set(newcomers)}
    assert rosters(acme, DAY_ONE + PERIOD) == {
        (vision.team_id,): set(vision.members[3:]),
        (search.team_id,): set(search.members),
    }


def test_a_team_without_people_does_not_join_the_unit_of_another(acme: Organisation) -> None:
    vision = acme.team("Vision", 9, department="Research")
    acme.team("Hiring", 0, department="Research")
    assert rosters(acme, DAY_ONE) == {(vision.team_id,): set(vision.members)}


def test_nobody_is_counted_in_two_pulses_at_once(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    first = rosters(acme, DAY_ONE)
    other = acme.pulse("Another pulse")
    newcomers = acme.people(6)
    search = acme.team("Search", [*vision.members[:3], *newcomers], pulse_id=other)
    assert rosters(acme, DAY_ONE + WEEK, other) == {(search.team_id,): set(newcomers)}
    assert rosters(acme, DAY_ONE + 3 * WEEK) == first
    assert rosters(acme, DAY_ONE + WEEK + PERIOD, other) == {(search.team_id,): set(search.members)}


def test_nobody_joins_another_pulse_while_the_last_round_of_theirs_is_open(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    round_id = acme.open()
    other = acme.pulse("Another pulse")
    newcomers = acme.people(6)
    search = acme.team("Search", [*vision.members[:3], *newcomers], pulse_id=other)
    assert rosters(acme, DAY_ONE + PERIOD, other) == {(search.team_id,): set(newcomers)}
    acme.close(round_id)
    third = acme.pulse("A third pulse")
    platform = acme.team("Platform", vision.members[:3], pulse_id=third)
    assert rosters(acme, DAY_ONE + PERIOD, third) == {(platform.team_id,): set(platform.members)}


def test_a_merged_unit_keeps_together_until_a_team_has_been_large_for_two_periods(acme: Organisation) -> None:
    vision = acme.team("Vision", 5, department="Research")
    search = acme.team("Search", 9, department="Research")
    together, apart = [(vision.team_id, search.team_id)], [(vision.team_id,), (search.team_id,)]
    assert list(rosters(acme, DAY_ONE)) == together
    acme.join(vision, acme.people(5))
    assert list(rosters(acme, DAY_ONE + PERIOD)) == together
    assert list(rosters(acme, DAY_ONE + 2 * PERIOD)) == apart


def test_new_people_count_as_replaced_once_and_in_their_own_unit(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    acme.team("Search", 9)
    assert replaced(acme, DAY_ONE) == [0, 0]
    acme.join(vision, acme.people(2))
    acme.leave(vision.members[:1])
    assert replaced(acme, DAY_ONE + WEEK) == [0, 0]
    assert replaced(acme, DAY_ONE + PERIOD) == [2, 0]
    assert replaced(acme, DAY_ONE + 2 * PERIOD) == [0, 0]


def test_a_period_is_made_once(acme: Organisation) -> None:
    acme.team("Vision", 9)
    for week in range(4):
        rosters(acme, DAY_ONE + week * WEEK)
    with acme.database.reading() as session:
        (period,) = session.exec(select(RosterPeriod))
        assert period.starts_on == DAY_ONE
        assert len(session.exec(select(RosterEntry)).all()) == 9
        assert current_period(session, acme.pulse_id, DAY_ONE + PERIOD) is None


def test_a_member_is_in_one_unit_of_a_period_or_in_none(acme: Organisation) -> None:
    ids = acme.people(9)
    acme.team("Vision", ids, readers=[ids[0]])
    rosters(acme, DAY_ONE)
    with acme.database.reading() as session:
        period = current_period(session, acme.pulse_id, DAY_ONE)
        assert period is not None
        assert unit_of_member(session, period.id, ids[0]) is None
        unit = unit_of_member(session, period.id, ids[1])
        assert unit is not None
        assert unit.name == "Vision"


def test_a_unit_is_named_after_its_teams_in_alphabetical_order(acme: Organisation) -> None:
    acme.team("Vision", 4, department="Research")
    acme.team("Search", 4, department="Research")
    rosters(acme, DAY_ONE)
    with acme.database.reading() as session:
        assert session.exec(select(Unit.name)).all() == ["Search + Vision"]


def test_who_would_be_asked_is_known_before_a_period_begins(acme: Organisation) -> None:
    vision, small = acme.team("Vision", 9), acme.team("Small", 5)
    with acme.database.reading() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        roster = planned_unit(session, pulse, vision.members[0])
        assert roster is not None
        assert roster.members == tuple(vision.members)
        assert planned_unit(session, pulse, small.members[0]) is None
        assert planned_unit(session, pulse, acme.admin_id) is None


def test_a_joiner_is_counted_from_the_next_period_and_everybody_else_from_today(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    rosters(acme, DAY_ONE)
    (joiner,) = acme.people(1)
    acme.join(vision, [joiner])
    search = acme.team("Search", 9)
    wednesday = DAY_ONE + timedelta(days=1)
    with acme.database.reading() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        starts = [
            counted_from(session, pulse, group.team_id, member, wednesday)
            for group, member in ((vision, joiner), (vision, vision.members[0]), (search, search.members[0]))
        ]
    assert starts == [DAY_ONE + PERIOD, wednesday, wednesday]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_nobody_moves_into_a_second_roster_while_both_are_being_frozen(acme: Organisation) -> None:
    other = acme.pulse("Another pulse")
    vision, search = acme.team("Vision", 9), acme.team("Search", 9, pulse_id=other)
    moving = vision.members[0]
    with acme.database.transaction() as session:
        period_for(session, session.get_one(Pulse, acme.pulse_id), TUESDAY.date())
        acme.join(search, [moving])
        with pytest.raises(Busy), acme.database.transaction(0.1) as second:
            period_for(second, second.get_one(Pulse, other), TUESDAY.date())
    with acme.database.transaction() as session:
        period = period_for(session, session.get_one(Pulse, other), TUESDAY.date())
        entries = session.exec(select(RosterEntry.member_id).where(RosterEntry.period_id == period.id)).all()
    assert sorted(entries) == search.members
