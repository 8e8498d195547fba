"""The preview: who would be asked and what would change, before anybody hears of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.views import preview
from bot.views.wording import Wording
from surveys.units import odds
from tests.bot.views.contents import facts
from tests.bot.views.samples import MONDAY, elements, read_aloud

w = Wording(timezone="Europe/Berlin")


def test_the_preview_says_who_is_asked_who_reads_when_and_the_odds() -> None:
    view = preview.preview(w, facts("Vision", 7), private_metadata="k")
    said = read_aloud(view)
    assert "*Vision: 7 people would be asked.*" in said
    assert "*Read by* Vision. The team sees the same two working days later." in said
    assert (
        "4 questions a week, half a minute a round, from “AI team, weekly”. The first round opens on Friday 13 March,"
        " 18:00." in said
    )
    assert "With 7 people, results in about three of four rounds." in said
    assert ":warning:" not in said
    assert view["submit"]["text"] == "Start asking"
    assert view["private_metadata"] == "k"


def test_the_preview_warns_before_anybody_hears_of_it() -> None:
    crowd = facts(
        "Vision",
        left_out_managers=("Dana Ito",),
        elsewhere=(preview.Elsewhere(name="Zoe", team="Speech"),),
        merged_with=("Speech",),
        odds=0.0,
        pulse="Research",
    )
    said = read_aloud(preview.preview(w, crowd))
    assert ":warning: Not asked here, because they read the results: Dana Ito." in said
    assert ":warning: On another team already, so not asked in this one: Zoe (Speech)." in said
    assert "Whoever asks to be left out is not asked; who that is, is not said." in said
    assert ":warning: The threshold of this pulse is too high for so few people" in said
    assert "*Shown together with* Speech" in said
    assert "*Together with* Research, on its schedule." in said


ZOE = preview.Elsewhere(name="Zoe", team="Speech")


def test_those_on_another_team_stay_there_unless_the_admin_chooses_otherwise() -> None:
    view = preview.preview(w, facts("Vision", elsewhere=(ZOE,)))
    said = read_aloud(view)
    assert ":warning: On another team already, so not asked in this one: Zoe (Speech)." in said
    assert "Moved here" not in said
    assert [(button["text"]["text"], button["value"]) for button in elements(view)] == [("Move them here", "here")]
    assert elements(preview.preview(w, facts("Vision"))) == []
    nobody = preview.preview(w, facts("Vision", people=0, elsewhere=(ZOE,)))
    assert "submit" not in nobody
    assert [button["value"] for button in elements(nobody)] == ["here"]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"people": 0}, "*Speech* would have nobody left, and would not be asked any more."),
        ({"people": 1}, "*Speech* would be left with 1 person, too few to have results: nobody there would be asked"),
        ({"people": 4, "with_teams": ("Core",)}, "*Core + Speech* would be left with 4 people, too few"),
        ({"people": 8, "odds": odds(8)}, "*Speech* would go on without them. With 8 people, results in about nine"),
        (
            {"people": 9, "odds": odds(9), "with_teams": ("Core", "Vision")},
            "*Speech* would be shown together with Core and Vision. With 9 people, results in",
        ),
    ],
)
def test_the_preview_of_a_move_says_what_becomes_of_the_team_that_is_left(left: dict[str, Any], words: str) -> None:
    team = replace(preview.Left(team="Speech", people=0, odds=0.0), **left)
    view = preview.preview(w, facts("Vision", elsewhere=(ZOE,), moving=True, left=(team,), stay_until=MONDAY))
    said = read_aloud(view)
    assert words in said
    assert "*Moved here from another team:* Zoe (Speech)." in said
    assert "*Until 9 March* they are still asked and counted where they were" in said
    assert "pick them again in the team that they were on: `/pulse setup Speech`." in said
    assert "not asked in this one" not in said
    assert "have changed teams" not in said
    assert [(button["text"]["text"], button["value"]) for button in elements(view)] == [("Leave them there", "there")]


def test_the_preview_of_a_move_names_no_day_where_no_roster_stands_still() -> None:
    said = read_aloud(preview.preview(w, facts("Vision", elsewhere=(ZOE,), moving=True)))
    assert "still asked and counted" not in said


def test_a_preview_that_is_shown_anew_says_why() -> None:
    said = read_aloud(preview.preview(w, facts("Vision", anew=True)))
    assert ":warning: *People have changed teams since you looked.* Nothing is changed yet" in said
    assert said.index("since you looked") < said.index("7 people would be asked")


def test_the_preview_of_a_team_that_is_too_small_does_not_promise_to_ask() -> None:
    view = preview.preview(w, facts("Vision", people=5, odds=0.0))
    said = read_aloud(view)
    assert "*Vision: 5 people, too few to ask.*" in said
    assert ":warning: The team is too small" in said
    assert "would be asked" not in said
    assert "first round opens" not in said
    assert "Odds" not in said
    assert view["submit"]["text"] == "Set up, ask later"


def test_the_preview_of_a_team_that_is_there_says_what_changes_and_what_stays() -> None:
    changed = facts("Vision", changes=True, newcomers_from=date(2026, 3, 31), leavers=("Zoe",), leaves="Research")
    view = preview.preview(w, changed)
    said = read_aloud(view)
    assert "*Vision is there already.* Its people and readers change as shown." in said
    assert "*Whoever joins* is counted from 31 March on" in said
    assert "*Schedule and questions* stay as they are, whatever the form says." in said
    assert "*No longer on the team:* Zoe." in said
    assert "*No longer part of* Research." in said
    assert "No longer" not in read_aloud(preview.preview(w, facts("Vision")))
    assert view["submit"]["text"] == "Change the team"


def test_a_long_list_of_people_is_cut_and_counted() -> None:
    said = read_aloud(preview.preview(w, facts("Vision", people=200)))
    assert "200 people would be asked" in said
    assert "and 160 more" in said


def test_a_pulse_that_would_ask_nobody_cannot_be_started() -> None:
    view = preview.preview(w, facts("Vision", people=0))
    assert "submit" not in view
    assert "nobody to ask" in read_aloud(view)


def test_the_preview_says_when_there_are_too_few_questions_or_none() -> None:
    assert "too few questions" not in read_aloud(preview.preview(w, facts("Vision", 7)))
    short = read_aloud(preview.preview(w, facts("Vision", 7, short_from=3)))
    assert "too few questions to ask so often" in short
    assert "round 3 would be the first" in short
    none = read_aloud(preview.preview(w, facts("Vision", 7, short_from=0)))
    assert "There are no questions yet. Nobody is asked until you add one with `/pulse questions`." in none
