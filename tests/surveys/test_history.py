"""Another tool's history, coded."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.history import Told, parse_history
from surveys.questions import drivers
from surveys.release import Kind, PeopleClass, Published, level_band
from surveys.streams import read_streams
from surveys.tablefile import TableFileError

HEADER = "unit,driver,week,n,mean"


def coded(*lines: str, header: str = HEADER, turned: Sequence[str] = ()) -> list[Told]:
    written = [f"{line}\n" for line in (header, *lines)]
    history = parse_history(written, "history.csv", drivers=drivers(), turned=turned)
    if history.problems:
        raise TableFileError("history.csv", history.problems)
    return history.told


def refused(*lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(TableFileError) as caught:
        coded(*lines, header=header)
    return str(caught.value).splitlines()


def test_a_mean_becomes_the_code_that_murmur_would_have_published_and_nothing_finer_is_kept() -> None:
    (told,) = coded("Vision,burnout,2025-W40,8,3.4")
    assert (told.unit, told.on, told.roster) == ("Vision", date(2025, 10, 5), 11)
    code = told.code
    assert (code.kind, code.driver, code.subject) == (Kind.LEVEL, "burnout", "burnout.history")
    assert (code.people, code.value) == (PeopleClass.EIGHT, 3)
    assert "3.4" not in repr(told)
    assert "8," not in repr(told)


@given(st.lists(st.integers(1, 5), min_size=5, max_size=12))
def test_the_code_of_a_mean_is_that_of_its_answers(answers: list[int]) -> None:
    mean = sum(answers) / len(answers)
    (told,) = coded(f"Vision,burnout,2025-10-03,{len(answers)},{mean!r}")
    assert told.on == date(2025, 10, 5)
    assert told.code.people is not None
    assert told.code.value == level_band(answers, told.code.people)


def test_a_unit_in_which_everybody_answered_counts_as_one_fewer_as_it_does_here() -> None:
    header = f"{HEADER},team_size"
    (withheld,) = coded("Vision,burnout,2025-W40,5,3.4,5", header=header)
    assert (withheld.code.people, withheld.code.value) == (None, None)
    (told,) = coded("Vision,burnout,2025-W40,8,3.4,8", header=header)
    assert told.code.people is PeopleClass.SIX_SEVEN


def test_a_driver_of_which_more_is_worse_is_turned_around_and_no_other() -> None:
    lines = ("Vision,burnout,2025-W40,8,4.9", "Vision,autonomy,2025-W40,8,4.9")
    assert [told.code.value for told in coded(*lines)] == [5, 5]
    assert {told.code.driver: told.code.value for told in coded(*lines, turned=["burnout"])} == {
        "burnout": 0,
        "autonomy": 5,
    }


def test_a_week_is_the_same_by_its_number_and_by_any_of_its_days() -> None:
    days = ("2025-W40", "2025-09-29", "2025-10-01", "2025-10-05")
    assert {told.on for day in days for told in coded(f"Vision,burnout,{day},8,3.4")} == {date(2025, 10, 5)}
    (message,) = refused("Vision,burnout,2025-09-29,8,3.4", "Vision,burnout,2025-10-01,8,3.4")
    assert "line 2 tells the same unit, driver and week already" in message


@pytest.mark.parametrize("n", [0, 1, 4])
def test_means_of_fewer_than_five_are_refused(n: int) -> None:
    (message,) = refused(f"Vision,burnout,2025-W40,{n},3.4")
    assert message == (
        "history.csv, line 2, column n: a mean of fewer than 5 answers says too much about each; leave the line out."
    )


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_columns_that_are_not_separated_by_commas_are_told_to_be_so(mark: str, name: str) -> None:
    (message,) = refused("Vision;burnout;2025-W40;8;3,4", header=HEADER.replace(",", mark))
    assert message == f"history.csv, line 1: columns must be separated by commas; here they are by {name}."


@pytest.mark.parametrize("column", ["name", "email", "employee_id", "answer", "comment", "manager"])
def test_columns_that_may_be_about_a_person_are_refused(column: str) -> None:
    (message,) = refused("Vision,burnout,2025-W40,8,3.4,x", header=f"{HEADER},{column}")
    assert message.startswith(f"history.csv, line 1, column {column}: is not read")


def test_several_lines_for_one_week_may_be_persons_and_are_refused() -> None:
    (message,) = refused("Vision,burnout,2025-W40,8,3.4", "Vision,burnout,2025-W40,8,5")
    assert message.startswith("history.csv, line 3, column week: line 2 tells the same unit, driver and week already")


@pytest.mark.parametrize(
    ("line", "place", "problem"),
    [
        (",burnout,2025-W40,8,3.4", "unit", "is empty"),
        ("Vision,zzz,2025-W40,8,3.4", "driver", "“zzz” is not a driver here; there is ai-leadership, "),
        ("Vision,burnuot,2025-W40,8,3.4", "driver", "did you mean burnout?"),
        ("Vision,burnout,40,8,3.4", "week", "neither a day (2026-01-09), nor an ISO week (2026-W02)"),
        ("Vision,burnout,2025-W40,8.5,3.4", "n", "not a whole number"),
        ("Vision,burnout,2025-W40,8,68", "mean", "between 1 and 5"),
        ("Vision,burnout,2025-W40,8,", "mean", "is empty"),
    ],
)
def test_what_cannot_be_used_is_named_by_line_and_column(line: str, place: str, problem: str) -> None:
    (message,) = refused(line)
    assert message.startswith(f"history.csv, line 2, column {place}: ")
    assert problem in message


def test_a_team_smaller_than_its_answers_is_refused() -> None:
    (message,) = refused("Vision,burnout,2025-W40,8,3.4,7", header=f"{HEADER},team_size")
    assert "8 answered in a unit of 7" in message


def test_with_a_history_a_fall_is_found_that_comes_with_the_first_rounds() -> None:
    weeks = [
        f"Vision,burnout,{date(2025, 1, 3) + timedelta(weeks=week)},8,{3.6 + week % 2 * 0.3}" for week in range(40)
    ]
    fallen = [f"Vision,burnout,{date(2025, 1, 3) + timedelta(weeks=week)},8,2.6" for week in range(40, 46)]
    warm, cold = (
        read_streams(
            [
                Published(unit_id=1, round_id=i, closed_on=one.on, roster=one.roster, replaced=0, code=one.code)
                for i, one in enumerate(coded(*lines))
            ],
            104,
        )["burnout"]
        for lines in (weeks + fallen, fallen)
    )
    assert warm[-1].flag is not None
    assert warm[-1].flag.since >= date(2025, 10, 3)
    assert cold[-1].flag is None
