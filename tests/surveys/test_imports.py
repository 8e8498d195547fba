"""Into which unit another tool's figures go, and what stands against them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from surveys.history import parse_history
from surveys.imports import Kept, Place, Sorted, sort_out
from surveys.questions import drivers
from surveys.release import PeopleClass
from surveys.tablefile import TableFileError

TODAY = date(2026, 3, 3)

VISION = Place(
    pulse_id=1,
    team_ids=(1,),
    name="Vision",
    teams=("Vision",),
    people=9,
    scored=True,
    today=TODAY,
    first_round=None,
    has_results=False,
    imported={},
)
TOGETHER = replace(VISION, team_ids=(2, 3), name="Search + Speech", teams=("Search", "Speech"))
TINY = replace(VISION, team_ids=(4,), name="Tiny", teams=("Tiny",), scored=False)
SUNDAY = date(2025, 10, 5)
THE_SAME: Kept = (PeopleClass.EIGHT, 3, 11)


def sorted_(*lines: str, places: Sequence[Place] = (TOGETHER, TINY, VISION)) -> Sorted:
    written = ["unit,driver,week,n,mean,team_size\n", *(f"{line}\n" for line in lines)]
    history = parse_history(written, "history.csv", drivers=drivers())
    return sort_out(history, "history.csv", places, ["Research"])


def refused(*lines: str, places: Sequence[Place] = (TOGETHER, TINY, VISION)) -> list[str]:
    with pytest.raises(TableFileError) as caught:
        sorted_(*lines, places=places)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", ["Vision", "vision", "VISION", "  Vision  "])
def test_case_and_blanks_of_a_name_make_no_difference(name: str) -> None:
    ((place, told),) = sorted_(f"{name},burnout,2025-W40,8,3.4,").new
    assert place == VISION
    assert told.on == SUNDAY


@pytest.mark.parametrize("name", ["Search + Speech", "speech + SEARCH", "Search  +  Speech"])
def test_teams_that_are_counted_together_are_one_unit_in_any_order(name: str) -> None:
    ((place, _),) = sorted_(f"{name},burnout,2025-W40,8,3.4,").new
    assert place == TOGETHER


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Visoin", "“Visoin” is no team here; did you mean Vision?"),
        ("speach", "“speach” is no team here; did you mean Search + Speech?"),
        ("Zebra", "“Zebra” is no team here; there is Search + Speech, Tiny, Vision."),
        ("speech", "“speech” is counted together with others; give one mean for all of them, under “Search + Speech”."),
        ("research", "“research” is a department, and its figures come from those of its teams; give these."),
        ("Tiny", "“Tiny” has no results, for it needs 6 people who are asked; leave it out."),
    ],
)
def test_a_name_that_is_no_unit_says_which_is(name: str, says: str) -> None:
    assert refused(f"{name},burnout,2025-W40,8,3.4,") == [f"history.csv, line 2, column unit: {says}"]


def test_a_name_that_stands_in_many_lines_is_refused_once() -> None:
    lines = [f"Zebra,burnout,2025-W{week},8,3.4," for week in (40, 41, 42)]
    (message,) = refused(*lines)
    assert message.startswith("history.csv, line 2, column unit: ")
    assert message.endswith(" (2 more lines of it).")


def test_one_unit_under_two_spellings_still_has_one_mean_a_week() -> None:
    (message,) = refused("Vision,burnout,2025-W40,8,3.4,", "vision,burnout,2025-W40,8,3.4,")
    assert message == (
        "history.csv, line 3, column week: line 2 tells the same unit, driver and week already; a week has one mean."
    )


def test_history_is_what_came_before_the_units_first_round() -> None:
    asked = replace(VISION, first_round=date(2025, 10, 6))
    assert len(sorted_("Vision,burnout,2025-W40,8,3.4,", places=[asked]).new) == 1
    (message,) = refused("Vision,burnout,2025-W41,8,3.4,", places=[asked])
    assert message == (
        "history.csv, line 2, column week: Murmur's own first round of Vision opened on 2025-10-06; history is what"
        " came before."
    )


@pytest.mark.parametrize("week", ["2026-W10", "2026-03-02", "2030-W01"])
def test_a_week_that_is_not_over_is_refused(week: str) -> None:
    (message,) = refused(f"Vision,burnout,{week},8,3.4,")
    assert message == "history.csv, line 2, column week: this week is not over yet."


def test_the_week_before_this_one_is_taken() -> None:
    assert len(sorted_("Vision,burnout,2026-W09,8,3.4,").new) == 1


def test_what_was_imported_before_is_left_as_it_is() -> None:
    before = replace(VISION, imported={("burnout", SUNDAY): THE_SAME})
    found = sorted_("Vision,burnout,2025-W40,8,3.4,", "Vision,autonomy,2025-W40,8,3.4,", places=[before])
    assert [told.code.driver for _, told in found.there] == ["burnout"]
    assert [told.code.driver for _, told in found.new] == ["autonomy"]


@pytest.mark.parametrize("changed", [(PeopleClass.EIGHT, 2, 11), (PeopleClass.FIVE, 3, 11), (PeopleClass.EIGHT, 3, 12)])
def test_what_was_imported_with_another_level_is_refused(changed: Kept) -> None:
    before = replace(VISION, imported={("burnout", SUNDAY): changed})
    (message,) = refused("Vision,burnout,2025-W40,8,3.4,", places=[before])
    assert message == (
        "history.csv, line 2, column mean: this week was imported before with another level; run murmur import --undo"
        " first."
    )


def test_a_unit_with_results_of_its_own_takes_nothing_new_and_keeps_what_it_has() -> None:
    told = replace(VISION, first_round=TODAY, has_results=True, imported={("burnout", SUNDAY): THE_SAME})
    assert len(sorted_("Vision,burnout,2025-W40,8,3.4,", places=[told]).there) == 1
    (message,) = refused("Vision,burnout,2025-W40,8,3.4,", "Vision,burnout,2025-W41,8,3.4,", places=[told])
    assert message == (
        "history.csv, line 3, column unit: “Vision” has results of its own already, and flags that were told would"
        " change; leave it out."
    )


def test_a_week_in_which_all_five_of_five_answered_is_withheld() -> None:
    found = sorted_("Vision,burnout,2025-W40,5,3.4,5")
    assert found.new == []
    assert len(found.withheld) == 1


def test_all_that_stands_against_a_file_is_said_at_once_in_the_order_of_its_lines() -> None:
    messages = refused("Vision,burnout,2030-W40,8,3.4,", "Zebra,burnout,2025-W40,8,3.4,", "Tiny,burnout,2025-W40,8,3,")
    assert [message.split(", ")[1] for message in messages] == ["line 2", "line 3", "line 4"]


def test_an_unknown_unit_is_named_beside_what_else_is_wrong_even_in_its_own_line() -> None:
    messages = refused(
        "Vision,burnout,2025-W40,8,68,",
        "Visoin,burnuot,2025-W40,8,3.4,",
        "Vision,autonomy,2025-W40,8,3.4,",
        "Vision,autonomy,2025-W40,8,3.4,",
    )
    assert messages == [
        "history.csv, line 2, column mean: must lie between 1 and 5.",
        "history.csv, line 3, column driver: “burnuot” is not a driver here; did you mean burnout?",
        "history.csv, line 3, column unit: “Visoin” is no team here; did you mean Vision?",
        ("history.csv, line 5, column week: line 4 tells the same unit, driver and week already; a week has one mean."),
    ]


def test_more_answers_than_a_team_can_ever_have_given_are_refused() -> None:
    (message,) = refused("Vision,burnout,2025-W40,28,3.4,", "Vision,burnout,2025-W41,27,3.4,")
    assert message == (
        "history.csv, line 2, column n: 28 answers are too many for “Vision”, which has 9 people; if it was that large"
        " then, say so in a column team_size."
    )


def test_a_team_that_the_file_says_was_larger_is_believed() -> None:
    ((_, told),) = sorted_("Vision,burnout,2025-W40,28,3.4,40").new
    assert told.roster == 40
