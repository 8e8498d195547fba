"""The table that `murmur detect` reads."""

from datetime import date, timedelta

import pytest

from surveys.answers import Answers, parse_answers
from surveys.tablefile import TableFileError

HEADER = "week,team,driver,team_size,replaced,n,answers,lo,hi,item"
GOOD = "3,Vision,burnout,9,1,4,2 3 4 4,,,tired"


def parsed(*lines: str, min_n: float = 4) -> Answers:
    return parse_answers([f"{line}\n" for line in lines], "answers.csv", min_n=min_n)


def refused(*lines: str, header: str = HEADER) -> list[str]:
    """The lines of the message with which these are refused."""
    with pytest.raises(TableFileError) as caught:
        parsed(header, *lines)
    return str(caught.value).splitlines()


def test_a_row_of_answers_is_their_mean_their_scatter_and_whose_they_are() -> None:
    (row,) = parsed(HEADER, GOOD).rows
    assert (row.team, row.driver, row.item) == ("Vision", "burnout", "tired")
    assert (row.roster, row.replaced, row.n) == (9, 1, 4)
    assert row.lo == row.hi == 3.25
    assert row.squares == 2.75
    assert row.line == 2


def test_a_row_of_bounds_tells_no_scatter() -> None:
    (row,) = parsed("week,team,driver,team_size,replaced,n,lo,hi", "3,Vision,burnout,9,1,6.5,2.75,3.25").rows
    assert (row.n, row.lo, row.hi, row.squares, row.item) == (6.5, 2.75, 3.25, None, None)


def test_columns_that_are_not_separated_by_commas_are_told_to_be_so() -> None:
    (message,) = refused("2026-W02;Vision;burnout", header="week;team;driver")
    assert message.endswith("line 1: columns must be separated by commas; here they are by semicolons.")


def test_columns_may_stand_in_any_order_and_others_are_passed_over() -> None:
    answers = parsed("answers,n,team,mood,driver,replaced,Week,team_size", "1 2 3 4,4,A,sunny,d,0,7,5")
    assert answers.rows[0].lo == 2.5
    assert answers.unknown == ("mood",)


@pytest.mark.parametrize(
    ("first", "second", "weeks"), [("3", "5", 2), ("2026-01-09", "2026-01-23", 2), ("2025-W52", "2026W02", 2)]
)
def test_weeks_are_numbers_or_days_or_iso_weeks_and_keep_their_names(first: str, second: str, weeks: int) -> None:
    answers = parsed(HEADER, GOOD.replace("3", first, 1), GOOD.replace("3", second, 1))
    before, after = (row.on for row in answers.rows)
    assert (after - before).days == 7 * weeks
    assert answers.week_names == {before: first, after: second}


def test_rows_stand_by_stream_then_time_whatever_order_they_came_in() -> None:
    lines = [f"{week},{team},d,9,0,4,3 3 3 3,,," for week in (10, 9, 11) for team in ("b", "a")]
    rows = parsed(HEADER, *lines).rows
    assert rows == sorted(rows, key=lambda row: (row.team, row.on))
    assert [row.on for row in rows[:3]] == [date(1900, 1, 1) + timedelta(weeks=week) for week in (9, 10, 11)]


def test_a_week_with_too_few_answers_may_keep_them_to_itself() -> None:
    (row,) = parsed(HEADER, "3,Vision,burnout,9,2,3,,,,").rows
    assert row.replaced == 2
    assert row.lo is None


def test_blank_lines_a_mark_of_the_encoding_and_quotes_are_no_obstacle() -> None:
    answers = parsed(HEADER, "", '3,"Vision, Berlin",d,9,0,4,3 3 3 3,,,', "")
    assert answers.rows[0].team == "Vision, Berlin"
    assert answers.rows[0].line == 3


@pytest.mark.parametrize(
    ("line", "place", "problem"),
    [
        ("x,Vision,d,9,0,4,3 3 3 3,,,", "column week", "nor a week's number"),
        ("202603,Vision,d,9,0,4,3 3 3 3,,,", "column week", "nor a week's number"),
        ("2026-02-30,Vision,d,9,0,4,3 3 3 3,,,", "column week", "does not exist"),
        ("2026-W54,Vision,d,9,0,4,3 3 3 3,,,", "column week", "does not exist"),
        ("0001-01-05,Vision,d,9,0,4,3 3 3 3,,,", "column week", "not between 1900 and 2199"),
        ("9999-W52,Vision,d,9,0,4,3 3 3 3,,,", "column week", "not between 1900 and 2199"),
        ("-1,Vision,d,9,0,4,3 3 3 3,,,", "column week", "neither"),
        ("3,,d,9,0,4,3 3 3 3,,,", "column team", "is empty"),
        ("3,Vision, ,9,0,4,3 3 3 3,,,", "column driver", "is empty"),
        ("3,Visi\udcffon,d,9,0,4,3 3 3 3,,,", "column team", "is not UTF-8"),
        ("3,Vision,d,0,0,4,3 3 3 3,,,", "column team_size", "must be 1 or more"),
        ("3,Vision,d,nine,0,4,3 3 3 3,,,", "column team_size", "“nine” is not a whole number"),
        ("3,Vision,d,9,-1,4,3 3 3 3,,,", "column replaced", "not a whole number"),
        ("3,Vision,d,9,0,,3 3 3 3,,,", "column n", "not a whole number"),
        ("3,Vision,d,9,0,5,3 3 3 3,,,", "column n", "says 5, but there are 4 answers"),
        ("3,Vision,d,3,0,4,3 3 3 3,,,", "column n", "4 answered in a team of 3"),
        ("3,Vision,d,9,0,nan,,3,3,", "column n", "not a number"),
        ("3,Vision,d,9,0,-2,,3,3,", "column n", "must be 0 or more"),
        ("3,Vision,d,9,0,4,3 3 3 6,,,", "column answers", "“6” is no answer from 1 to 5"),
        ("3,Vision,d,9,0,4,3 3 3 3.5,,,", "column answers", "no answer"),
        ("3,Vision,d,9,0,4,,,,", "column answers", "nothing of the 4 who answered"),
        ("3,Vision,d,9,0,4,3 3 3 3,3,3,", "column answers", "one or the other"),
        ("3,Vision,d,9,0,4,,3,,", "column hi", "is empty"),
        ("3,Vision,d,9,0,4,,0.5,3,", "column lo", "between 1 and 5"),
        ("3,Vision,d,9,0,4,,3,inf,", "column hi", "not a number"),
        ("3,Vision,d,9,0,4,,3.5,3,", "column lo", "is above hi"),
        ("3,Vision,d,9,0,4,3 3 3 3", "column lo", "7 values for 10 columns"),
        ("3,Vision,d,9,0,4,3 3 3 3,,,,", "line 3", "11 values for 10 columns"),
        (GOOD, "column week", "line 2 tells the same week, team, driver and item already"),
        ('3,"Vision,d,9,0,4,3 3 3 3,,,', "line 3", "not a CSV line"),
    ],
)
def test_what_cannot_be_used_is_named_by_line_and_column(line: str, place: str, problem: str) -> None:
    (message,) = refused(GOOD, line)
    assert message.startswith("answers.csv, line 3")
    assert place in message
    assert problem in message
    message.encode()


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert [line.split(":")[0] for line in refused("3,,d,0,0,4,3 3 3,,,", GOOD, "3,,d,9,0,4,7,,,", GOOD)] == [
        "answers.csv, line 2, column n",
        "answers.csv, line 2, column team",
        "answers.csv, line 2, column team_size",
        "answers.csv, line 4, column answers",
        "answers.csv, line 4, column team",
        "answers.csv, line 5, column week",
    ]


def test_a_file_that_is_all_wrong_does_not_fill_the_screen() -> None:
    lines = refused(*["x" + GOOD] * 100)
    assert len(lines) == 41
    assert lines[-1] == "... and 60 more."


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("week,team,driver,n,answers", ["replaced", "team_size"]),
        ("week,team,driver,team_size,replaced,n,lo", ["answers"]),
        ("week,team,team,driver,team_size,replaced,n,answers", ["team"]),
        ("", ["answers", "driver", "n", "replaced", "team", "team_size", "week"]),
    ],
)
def test_columns_that_are_missing_or_stand_twice_are_named(header: str, columns: list[str]) -> None:
    found = refused(GOOD, header=header)
    assert [line.split(":")[0] for line in found] == [f"answers.csv, line 1, column {column}" for column in columns]


def test_weeks_of_two_kinds_are_refused() -> None:
    (message,) = refused(GOOD, GOOD.replace("3", "2026-W03", 1))
    assert "is an ISO week, but the lines above give a number" in message
