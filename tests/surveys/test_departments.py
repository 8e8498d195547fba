"""What is told of a department: its units in their order, and flags only once their own managers have had them."""

from collections.abc import Sequence
from datetime import timedelta

from surveys.departments import ParentDigest, TeamLedger, assemble_parent
from surveys.questions import drivers
from surveys.release import Code, Published
from surveys.trends import Flag, Reading
from tests.support.rounds import FIRST, WEEKS, a_flag, a_reading, a_round, level


def department(*teams: TeamLedger, number: int = 0, visible_after: int = 0) -> ParentDigest:
    return assemble_parent(
        name="Research",
        on=FIRST + timedelta(weeks=number),
        round_id=number,
        teams=teams,
        drivers=drivers(),
        visible_from=lambda day: day + timedelta(days=visible_after),
        today=FIRST + timedelta(weeks=number, days=3),
        first=False,
        false_flag_months=6,
    )


def team(name: str, *codes: Code, roster: int = 9, flag: Flag | None = None) -> TeamLedger:
    readings = {"burnout": [a_reading(0, 2.0, flag)]} if flag else {}
    return TeamLedger(name=name, depth=0, history=a_round(0, *codes, roster=roster), readings=readings)


def test_units_keep_the_order_they_came_in() -> None:
    value = department(team("Zeta", level("burnout", 0)), team("Alpha", level("burnout", 5)))
    assert [row.name for row in value.rows] == ["Zeta", "Alpha"]


def test_a_parent_is_weighed_by_rosters_and_needs_two_units() -> None:
    low, high = level("burnout", 0), level("burnout", 5)
    assert department(team("A", low), team("B", level("burnout", None))).own[0].word is None
    small = department(team("A", low, roster=30), team("B", high, roster=6)).own[0]
    large = department(team("A", low, roster=6), team("B", high, roster=30)).own[0]
    assert (small.word, large.word) == ("very high", "very low")


def test_a_flag_reaches_the_department_only_when_its_own_manager_has_had_it() -> None:
    flagged = team("A", level("burnout", 1), flag=a_flag(0, 0))
    for days, seen in ((3, True), (4, False)):
        (row,) = department(flagged, visible_after=days).rows
        assert bool(row.notices) is seen


def test_the_day_of_which_flags_are_told_follows_from_the_calendar_alone() -> None:
    for flag in (None, a_flag(0, 0)):
        shown = team("A", level("burnout", 1), flag=flag)
        assert department(shown, visible_after=3).flags_on == FIRST
        assert department(shown, visible_after=4).flags_on is None


def test_the_words_of_the_round_say_nothing_of_flags_that_may_have_changed_since() -> None:
    plain, flagged = (department(team("A", level("burnout", 1), flag=flag)) for flag in (None, a_flag(0, 0)))
    assert flagged.rows[0].notices
    assert plain.rows[0].levels == flagged.rows[0].levels


def test_a_department_without_results_has_none() -> None:
    value = department(team("A", level("burnout", None)), team("B", level("burnout", None)))
    assert [one.word for one in value.own] == [None]
    assert department().rows == ()


def week_by_week(readings: Sequence[Reading], rounds: int) -> list[tuple[int, list[bool]]]:
    """What a department is told in each of its digests, three days after each round: how many flags stand of its
    one team, and which ends are told, True for a recovery. What a round made of flags may be seen on the fifth day.
    """
    history: list[Published] = []
    told = []
    for number in range(rounds):
        history += a_round(number, level("burnout", 2))
        today = FIRST + timedelta(weeks=number, days=3)
        known = [reading for reading in readings if reading.on <= FIRST + timedelta(weeks=number)]
        value = assemble_parent(
            name="Research",
            on=FIRST + timedelta(weeks=number),
            round_id=number,
            teams=[TeamLedger(name="A", depth=0, history=list(history), readings={"burnout": known})],
            drivers=drivers(),
            visible_from=lambda day: day + timedelta(days=5),
            today=today,
            first=False,
            false_flag_months=6,
            before=today - timedelta(weeks=1) if number else None,
        )
        (row,) = value.rows
        told.append((len(row.notices), [ending.recovered for ending in row.endings]))
    return told


def test_a_department_hears_that_a_flag_ended_as_late_as_that_it_was_raised_and_once() -> None:
    flag = a_flag(1, 0)
    readings = [a_reading(0), *(a_reading(n, 2.0, flag) for n in (1, 2, 3)), a_reading(4, 3.5, recovered=True)]
    readings += [a_reading(n, 3.5) for n in (5, 6)]
    assert week_by_week(readings, 7) == [(0, []), (0, []), (1, []), (1, []), (1, []), (0, [True]), (0, [])]


def test_a_department_hears_that_a_flag_has_stood_its_time() -> None:
    flag = a_flag(1, 0)
    readings = [a_reading(0), *(a_reading(n, 2.0, flag) for n in range(1, WEEKS + 1))]
    readings += [a_reading(n, 2.0) for n in range(WEEKS + 1, WEEKS + 4)]
    told = week_by_week(readings, WEEKS + 4)
    assert told[WEEKS + 1 :] == [(1, []), (0, [False]), (0, [])]
    assert [ends for _, ends in told].count([False]) == 1


def test_a_department_never_hears_of_the_end_of_a_flag_that_it_never_heard_of() -> None:
    readings = {"burnout": [a_reading(0), a_reading(1, 2.0, a_flag(1, 1)), a_reading(2, 3.5, recovered=True)]}
    history = [one for number in range(3) for one in a_round(number, level("burnout", 2))]
    value = assemble_parent(
        name="Research",
        on=FIRST + timedelta(weeks=2),
        round_id=2,
        teams=[TeamLedger(name="A", depth=0, history=history, readings=readings)],
        drivers=drivers(),
        visible_from=lambda day: day,
        today=FIRST + timedelta(weeks=2, days=3),
        first=False,
        false_flag_months=6,
        before=FIRST + timedelta(days=3),
    )
    assert value.rows[0].endings == ()
    assert value.rows[0].notices == ()
