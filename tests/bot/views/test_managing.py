"""What admins see: standing, set-up, preview, questions and threshold."""

from datetime import date
from typing import Any

import pytest

from bot.views import preview, pulse, questions, setup, threshold
from bot.views import standing as views_standing
from bot.views.inputs import Choice
from bot.views.wording import Wording
from surveys.cadence import Frequency
from surveys.questions import drivers, load_question_sets, problems_of
from surveys.release import FLOOR
from surveys.units import odds
from tests.bot.views.samples import CLOSES, elements, read_aloud
from tests.bot.views.surfaces import WEEKLY, facts, standing

w = Wording(timezone="Europe/Berlin")
SETS = list(load_question_sets().values())


@pytest.mark.parametrize(
    ("people", "share"),
    [
        (6, "results in about half of the rounds"),
        (7, "results in about three of four rounds"),
        (8, "results in about nine of ten rounds"),
        (12, "results in nearly every round"),
        (5, "no results, to protect people"),
    ],
)
def test_the_odds_are_said_in_words(people: int, share: str) -> None:
    assert share in setup.odds_sentence(w, people, odds(people))
    assert f"With {people} people" in setup.odds_sentence(w, people, odds(people))


def test_standing_tells_state_next_step_units_and_readers() -> None:
    said = read_aloud(views_standing.standing_post(w, [standing("Vision")], keys_apart=True))
    assert "*Vision* is open until Friday 13 March, 18:00." in said
    assert "Next step: none." in said
    assert "• Vision: With 9 people, results in about nine of ten rounds." in said
    assert "• Vision: With 4 people there are no results, to protect people." in said
    assert "Read by Vision, from 5 answers on." in said
    assert "Protection is weaker" not in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paused": True, "open_until": None}, "Next step: `/pulse resume` when you want to go on."),
        ({"paused": True}, "is paused; the round that is open runs on until Friday"),
        ({"open_until": None}, "is resting. The next round opens on Friday"),
        ({"open_until": None, "next_at": None}, "has no round planned."),
        ({"readers": ()}, "Name a manager with `/pulse setup Vision`"),
        ({"units": ()}, "Add people with `/pulse setup Vision`, or"),
        ({"troubles": ("The channel #vision was deleted.",)}, ":warning: The channel #vision was deleted."),
    ],
)
def test_every_state_has_its_words(changes: dict[str, Any], words: str) -> None:
    said = read_aloud(views_standing.standing_post(w, [standing("Vision", **changes)], keys_apart=True))
    assert words in said.replace("\n", " ")


def test_the_weaker_key_mode_is_part_of_standing() -> None:
    assert "Protection is weaker here" in read_aloud(
        views_standing.standing_post(w, [standing("Vision")], keys_apart=False)
    )


def test_without_a_pulse_one_button_begins_the_set_up() -> None:
    for post in (views_standing.standing_post(w, [], keys_apart=True), pulse.no_pulse(w)):
        assert [element["action_id"] for element in elements(post)] == [setup.SET_UP]


def test_a_wrong_command_answers_with_the_nearest_right_one_and_help() -> None:
    assert "Did you mean `/pulse status`?" in read_aloud(pulse.unknown(w, "Stauts"))
    assert "Did you mean" not in read_aloud(pulse.unknown(w, "xyzzy"))
    for typed in ("Stauts", "xyzzy"):
        assert "`/pulse setup` adds a team" in read_aloud(pulse.unknown(w, typed))


def test_help_lists_every_command() -> None:
    said = read_aloud(pulse.help_post(w))
    for command in set(pulse.COMMANDS) - {"status"}:  # the same as /pulse alone
        assert f"`/pulse {command}`" in said


def test_whoever_may_not_is_told_who_may() -> None:
    assert "Only Murmur's admins can do this: Ruth Meyer." in read_aloud(pulse.not_allowed(w, ["Ruth Meyer"]))
    assert "none here yet" in read_aloud(pulse.not_allowed(w, []))


def test_every_change_names_its_undo_or_says_that_there_is_none() -> None:
    undone_by = {
        "`/pulse close` within one working day": pulse.opened(w, pulse="V", people=9, closes_at=CLOSES),
        "`/pulse open`": pulse.discarded(w, pulse="V"),
        "`/pulse resume`": pulse.paused(w, pulse="V", open_until=None),
        "`/pulse pause`": pulse.resumed(w, pulse="V", next_at=CLOSES),
        "`/pulse threshold`": pulse.threshold_set(w, pulse="V", threshold=7, before=5),
        "cannot be undone": pulse.closed(w, pulse="V", digests_at=CLOSES),
    }
    for words, post in undone_by.items():
        assert words in read_aloud(post)


def test_a_change_that_was_made_already_says_so() -> None:
    commands = ("open", "close", "pause", "resume")
    said = [read_aloud(pulse.nothing_to_do(w, pulse="Vision", command=command)) for command in commands]
    assert all("Vision" in text for text in said)
    assert len(set(said)) == 4


def test_the_set_up_has_a_field_for_each_error() -> None:
    view = setup.set_up_form(w, question_sets=SETS, pulses=[Choice(text="Research", value="1")], private_metadata="k")
    fields = [block["block_id"] for block in view["blocks"]]
    assert fields == [
        setup.TEAM,
        setup.CHANNEL,
        setup.PEOPLE,
        setup.MANAGERS,
        setup.PART_OF,
        setup.LEADERS,
        setup.TOGETHER,
        setup.FREQUENCY,
        setup.WEEKDAY,
        setup.HOUR,
        setup.QUESTIONS,
    ]
    assert all(block["element"]["action_id"] == block["block_id"] for block in view["blocks"])
    assert view["private_metadata"] == "k"
    optional = {block["block_id"] for block in view["blocks"] if block.get("optional")}
    assert optional == {setup.CHANNEL, setup.PEOPLE, setup.PART_OF, setup.LEADERS}


def test_only_channels_can_be_chosen_as_a_team() -> None:
    view = setup.set_up_form(w, question_sets=SETS)
    channel = next(e for e in elements(view) if e["action_id"] == setup.CHANNEL)
    assert channel["filter"]["include"] == ["public", "private"]


def test_joining_another_pulse_is_offered_only_when_there_is_one() -> None:
    assert setup.TOGETHER not in {e["action_id"] for e in elements(setup.set_up_form(w, question_sets=SETS))}


def test_the_set_up_comes_back_as_it_was_filled_in() -> None:
    draft = setup.Draft(
        team="Vision",
        people=("U1",),
        managers=("U2",),
        part_of="Research",
        together="gone",
        frequency=Frequency.MONTHLY,
        weekday=4,
        hour=16,
        questions=SETS[-1].id,
    )
    view = setup.set_up_form(w, question_sets=SETS, pulses=[Choice(text="R", value="1")], draft=draft)
    by_id = {element["action_id"]: element for element in elements(view)}
    assert by_id[setup.TEAM]["initial_value"] == "Vision"
    assert by_id[setup.PEOPLE]["initial_users"] == ["U1"]
    assert by_id[setup.FREQUENCY]["initial_option"]["value"] == "monthly"
    assert by_id[setup.WEEKDAY]["initial_option"]["text"]["text"] == "Friday"
    assert by_id[setup.HOUR]["initial_option"]["value"] == "16"
    assert by_id[setup.QUESTIONS]["initial_option"]["value"] == SETS[-1].id
    assert by_id[setup.TOGETHER]["initial_option"]["value"] == setup.ALONE


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
        asked_elsewhere=("Zoe",),
        merged_with=("Speech",),
        odds=0.0,
        pulse="Research",
    )
    said = read_aloud(preview.preview(w, crowd))
    assert ":warning: Not asked here, because they read the results: Dana Ito." in said
    assert ":warning: On another team already, so not asked in this one: Zoe." in said
    assert "Whoever asks to be left out is not asked; who that is, is not said." in said
    assert ":warning: The threshold of this pulse is too high for so few people" in said
    assert "*Shown together with* Speech" in said
    assert "*Together with* Research, on its schedule." in said


def test_the_preview_of_a_team_that_is_too_small_does_not_promise_to_ask() -> None:
    view = preview.preview(w, facts("Vision", people=5, odds=0.0))
    said = read_aloud(view)
    assert "*Vision: 5 people, too few to ask.*" in said
    assert ":warning: The team is too small" in said
    assert "would be asked" not in said
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


def test_the_list_of_a_blank_set_says_that_nobody_is_asked() -> None:
    blank = load_question_sets()["blank"]
    view = questions.question_list(
        w,
        pulse="Research",
        question_set=blank,
        drivers=drivers(),
        own=[],
        frequency=Frequency.WEEKLY,
        short_from=0,
    )
    assert "There are no questions yet." in read_aloud(view)


def test_the_question_list_holds_every_question_and_edits_only_own_ones() -> None:
    own = WEEKLY.items[0].id
    view = questions.question_list(
        w, pulse="Research", question_set=WEEKLY, drivers=drivers(), own={own}, frequency=Frequency.WEEKLY
    )
    said = read_aloud(view)
    for item in WEEKLY.items:
        assert item.text in said
    assert [e["value"] for e in elements(view) if e["action_id"] == questions.EDIT] == [own]
    assert said.count("(your own)") == 1
    assert "(only in units of 30 or more)" in said


def test_an_own_question_is_edited_as_it_stands_and_retired_after_a_question() -> None:
    item = next(item for item in WEEKLY.items if item.reverse)
    view = questions.question_form(w, drivers=drivers(), item=item)
    by_id = {element["action_id"]: element for element in elements(view)}
    assert by_id[questions.TEXT]["initial_value"] == item.text
    assert by_id[questions.DRIVER]["initial_option"]["value"] == item.driver
    assert by_id[questions.REVERSE]["initial_option"]["value"] == questions.BAD_NEWS
    assert by_id[questions.RETIRE]["value"] == item.id
    assert "confirm" in by_id[questions.RETIRE]
    assert questions.RETIRE not in {e["action_id"] for e in elements(questions.question_form(w, drivers=drivers()))}


def test_problems_with_a_question_stand_beside_their_fields() -> None:
    item = WEEKLY.items[0]
    problems = {
        "id": "belongs to another",
        "text": "has 20 words",
        "driver": "says no",
        "reverse": "must be false",
    }
    errors = questions.field_errors(w, problems)
    assert set(errors) == {questions.TEXT, questions.DRIVER, questions.REVERSE}
    assert errors[questions.DRIVER] == "This says no."
    assert questions.field_errors(w, problems_of(item, {})) == {}


def test_choosing_a_set_marks_the_one_in_use() -> None:
    menu = elements(questions.set_form(w, question_sets=SETS, current=WEEKLY.id))[0]
    assert menu["initial_option"]["value"] == WEEKLY.id
    for one in SETS:
        assert one.description.strip() in read_aloud(questions.set_form(w, question_sets=SETS, current=""))


def test_the_threshold_is_never_below_the_floor() -> None:
    menu = elements(threshold.threshold_form(w, pulse="V", current=1, smallest=9))[0]
    values = [int(option["value"]) for option in menu["options"]]
    assert min(values) == FLOOR
    assert menu["initial_option"]["value"] == str(FLOOR)
    assert "never fewer than 5" in read_aloud(threshold.threshold_form(w, pulse="V", current=6, smallest=9))


def test_the_threshold_speaks_of_the_smallest_unit_only_when_one_can_have_results() -> None:
    said = read_aloud(threshold.threshold_form(w, pulse="V", current=6, smallest=9))
    assert "The smallest unit has 9 people; it needs one person more than this number." in said
    assert "smallest unit" not in read_aloud(threshold.threshold_form(w, pulse="V", current=6, smallest=0))
