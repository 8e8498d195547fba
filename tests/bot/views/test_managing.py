"""What admins see: standing, set-up, preview, questions and threshold."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.managing.access import new_form_key
from bot.managing.draft import Draft
from bot.views import closing, member, preview, pulse, questions, schedule, setup, threshold
from bot.views import standing as views_standing
from bot.views.inputs import OPTIONS, Choice
from bot.views.problems import MOST_PEOPLE, of_set_up
from bot.views.wording import Wording
from surveys.cadence import Cadence, Frequency
from surveys.questions import drivers, load_question_sets, problems_of
from surveys.release import FLOOR
from surveys.units import odds
from tests.bot.views.samples import CLOSES, MONDAY, elements, read_aloud
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
    assert "*Vision* is open until Friday 13 March, 18:00, your time." in said
    assert "Next step: none." in said
    assert "• Vision, read by Vision: With 9 people, results in about nine of ten rounds." in said
    assert said.count("if three of four people answer") == 1
    assert "• Vision: With 4 people there are no results, to protect people." in said
    assert "A result needs 5 answers." in said
    assert "Protection is weaker" not in said


def test_each_unit_names_its_own_readers_and_no_message_is_too_long_for_many() -> None:
    units = tuple(
        views_standing.UnitStanding(name=name, people=9, odds=0.95, scored=True, readers=readers)
        for name, readers in {"Vision": ("Dana", "Sam"), "Speech": ("Mei",), "Core": tuple("ABCDE")}.items()
    )
    said = read_aloud(views_standing.standing_post(w, [standing("AI", units=units)], keys_apart=True))
    assert "• Vision, read by Dana and Sam: With 9" in said
    assert "• Speech, read by Mei: With 9" in said
    assert "• Core, read by A, B, C and 2 more: With 9" in said
    assert "Read by" not in said
    many = [standing("A department of usual length", 6)] * 20
    said = read_aloud(views_standing.standing_post(w, many, keys_apart=False))
    told = said.count("*A department of usual length* is open")
    assert f"And {20 - told} more pulses." in said
    assert "Protection is weaker here" in said
    assert said.endswith("Everything else: `/pulse help`")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paused": True, "open_until": None}, "Next step: `/pulse resume` when you want to go on."),
        ({"paused": True}, "is paused; the round that is open runs on until Friday"),
        ({"open_until": None}, "is resting. The next round opens on Friday"),
        ({"open_until": None, "next_at": None}, "has no round planned."),
        ({"readers": ()}, "Name a manager with `/pulse setup Vision`"),
        ({"readers": (), "first_team": "Speech"}, "Name a manager with `/pulse setup Speech`"),
        ({"paused": True, "called": "Vision"}, "Next step: `/pulse resume Vision` when"),
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


@pytest.mark.parametrize("called", ["", "V"])
def test_every_change_names_its_undo_with_the_name_where_there_are_several(called: str) -> None:
    name = f" {called}".rstrip()
    cadence = Cadence(frequency=Frequency.WEEKLY, weekday=1, hour=10, timezone="Europe/Berlin", anchor=MONDAY)
    undone_by = {
        f"`/pulse close{name}` within one working day": pulse.opened(
            w, pulse="V", people=9, closes_at=CLOSES, called=called
        ),
        f"`/pulse open{name}`": closing.discarded(w, pulse="V", called=called),
        f"`/pulse resume{name}`": pulse.paused(w, pulse="V", teams=["V"], open_until=None, called=called),
        f"`/pulse pause{name}`": pulse.resumed(w, pulse="V", next_at=CLOSES, called=called),
        f"`/pulse threshold{name} 5`": threshold.threshold_set(w, pulse="V", threshold=7, before=5, called=called),
        f"every week on Tuesday at 10:00, by the clock of Europe/Berlin. To undo it: `/pulse schedule{name}`": (
            schedule.schedule_set(
                w,
                pulse="V",
                before=cadence,
                after=replace(cadence, weekday=2),
                next_at=CLOSES,
                open_until=None,
                paused=False,
                called=called,
            )
        ),
        "cannot be undone": closing.closed(w, pulse="V", digests_at=CLOSES),
    }
    for words, post in undone_by.items():
        assert words in read_aloud(post)


def test_a_pulse_that_is_paused_says_which_teams_are_not_asked() -> None:
    teams = ["Vision", "Speech", "Robotics", "Fusion", "Core"]
    said = read_aloud(pulse.paused(w, pulse="AI", teams=teams, open_until=None, called="AI"))
    assert "*AI is paused.* Nobody in Vision, Speech, Robotics and 2 more is asked anything until you go on." in said
    still = read_aloud(pulse.paused(w, pulse="AI", teams=teams[:4], open_until=CLOSES))
    assert "after it nobody in Vision, Speech, Robotics and Fusion is asked until you go on." in still
    alone = read_aloud(pulse.paused(w, pulse="Vision", teams=["Vision"], open_until=None))
    assert "*Vision is paused.* Nobody in it is asked anything until you go on." in alone


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (closing.Ending.COUNTED, "the results go out on Friday 13 March, 18:00."),
        (closing.Ending.THROWN_AWAY, "the round is thrown away, unread"),
        (closing.Ending.CALLED_OFF, "calling it off deletes everything that was sent in it"),
    ],
)
def test_before_a_round_is_closed_what_happens_is_said_and_that_it_is_final(ending: closing.Ending, words: str) -> None:
    view = closing.question(w, pulse="AI", teams=["Vision", "Speech"], ending=ending, digests_at=CLOSES)
    said = read_aloud(view)
    assert words in said
    assert "This cannot be undone." in said
    assert "It asks Vision and Speech." in said
    assert view["close"]["text"] == "Leave it open"


def test_whoever_is_no_admin_reads_where_they_stand_and_where_the_rest_is() -> None:
    open_ = member.OwnStanding(
        asked=True, open_forms=(member.OpenForm(team="Vision", closes_at=CLOSES, round_id=7),), reads=True
    )
    said = read_aloud(member.own_standing(w, open_))
    assert "*You are asked in the Vision pulse.* It is open until Friday 13 March, 18:00, your time." in said
    assert "You read the results of a team" in said
    for own, words in {
        member.OwnStanding(asked=True, next_at=CLOSES): "You are asked next on Friday 13 March, 18:00.",
        member.OwnStanding(asked=True): "no round is planned",
        member.OwnStanding(asked=False): "Nothing is asked of you.",
        member.OwnStanding(asked=True, opted_out=True): "To be asked again, press *Ask me again*",
        member.OwnStanding(asked=True, next_at=CLOSES, paused_until=MONDAY): "You are on a pause until 9 March.",
    }.items():
        said = read_aloud(member.own_standing(w, own))
        assert words in said
        assert "Murmur's Home is under Apps in Slack." in said
        assert "read the results" not in said
        assert not re.search(r"answered|sent", said)


def test_help_for_whoever_is_no_admin_says_who_can_do_what() -> None:
    said = read_aloud(member.help_for_members(w, ["Ruth Meyer", "Sam Okoye"]))
    for words in ("*You* find in Murmur's Home", "*Managers* find there", "Ruth Meyer and Sam Okoye", "under Apps"):
        assert words in said
    for command in set(pulse.COMMANDS) - {"status", "help", "privacy"}:
        assert f"/pulse {command}" not in said
    refused = read_aloud(member.only_for_admins(w, pulse.not_allowed(w, ["Ruth Meyer"])))
    assert refused.startswith("Only Murmur's admins can do this: Ruth Meyer.")
    assert "*You* find in Murmur's Home" in refused
    assert "none here yet" in read_aloud(member.help_for_members(w, []))


def test_whoever_is_no_admin_reads_how_it_works_and_who_may_send_for_the_data_sheet() -> None:
    def aloud(*admins: str, keys_apart: bool = True) -> str:
        return read_aloud(
            member.privacy_for_members(w, threshold=7, contact="it", keys_apart=keys_apart, admins=admins)
        )

    said = aloud("Ruth Meyer", "Sam Okoye")
    for words in (
        "encrypted at once",
        "fewer than 7 people answered",
        "Not protected:",
        "Whoever controls our server (it)",
        "What Murmur stores about you",
        "Ruth Meyer and Sam Okoye",
    ):
        assert words in said
    assert "beside the database" not in said
    assert "beside the database" in aloud(keys_apart=False)
    assert "none here yet" in aloud()


def test_a_change_that_was_made_already_says_so() -> None:
    commands = ("open", "close", "pause", "resume")
    said = [read_aloud(pulse.nothing_to_do(w, pulse="Vision", command=command)) for command in commands]
    assert all("Vision" in text for text in said)
    assert len(set(said)) == 4


def test_the_set_up_has_a_field_for_each_error() -> None:
    view = setup.set_up_form(w, question_sets=SETS, pulses=[Choice(text="Research", value="1")], private_metadata="k")
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    fields = [block["block_id"] for block in inputs]
    assert fields == [
        setup.TEAM,
        setup.CHANNEL,
        setup.PEOPLE,
        setup.MANAGERS,
        setup.PART_OF,
        setup.LEADERS,
        setup.TOGETHER,
        schedule.FREQUENCY,
        schedule.WEEKDAY,
        schedule.HOUR,
        setup.QUESTIONS,
    ]
    assert all(block["element"]["action_id"] == block["block_id"] for block in inputs)
    assert view["private_metadata"] == "k"
    optional = {block["block_id"] for block in view["blocks"] if block.get("optional")}
    assert optional == {setup.CHANNEL, setup.PEOPLE, setup.PART_OF, setup.LEADERS}


def test_a_team_that_is_there_finds_its_own_pulse_among_more_than_a_menu_holds() -> None:
    pulses = [Choice(text=f"Pulse {number}", value=str(number)) for number in range(1, OPTIONS + 20)]
    own = pulses[-1].value
    belongs = setup.Belongs(pulse=pulses[-1].text, called="", question_set="Minimal")
    draft = setup.Draft(team="Vision", belongs=belongs, together=own)
    view = setup.set_up_form(w, question_sets=SETS, pulses=pulses, draft=draft)
    menu = next(e for e in elements(view) if e["action_id"] == setup.TOGETHER)
    assert menu["initial_option"]["value"] == own
    assert len(menu["options"]) == OPTIONS
    assert setup.ALONE not in {option["value"] for option in menu["options"]}


def test_no_more_readers_can_be_picked_than_a_window_carries() -> None:
    def mosts(draft: setup.Draft) -> dict[str, int]:
        view = setup.set_up_form(w, question_sets=SETS, draft=draft)
        return {e["action_id"]: e["max_selected_items"] for e in elements(view) if "max_selected_items" in e}

    assert mosts(setup.Draft()) == {setup.MANAGERS: 20, setup.LEADERS: 20}
    many = tuple(f"U{number}" for number in range(25))
    assert mosts(setup.Draft(managers=many)) == {setup.MANAGERS: 25, setup.LEADERS: 20}  # it opens all the same


@pytest.mark.parametrize(("readers", "fields"), [(20, set()), (21, {setup.MANAGERS, setup.LEADERS})])
def test_too_many_readers_are_a_problem_beside_their_field(readers: int, fields: set[str]) -> None:
    errors = of_set_up(
        w,
        team="Vision",
        has_channel=True,
        people=0,
        managers=readers,
        part_of="Research",
        leaders=readers,
        question_set_known=True,
    )
    assert errors == dict.fromkeys(fields, "Choose at most 20 people.")


def test_whatever_the_form_accepts_fits_what_a_window_carries() -> None:
    def ids(count: int) -> tuple[str, ...]:
        return tuple(f"U{number:010}" for number in range(count))  # the longest that Slack has

    draft = Draft(
        form_key=new_form_key(),
        team='"' * setup.NAME_LENGTH,
        people=ids(MOST_PEOPLE),
        managers=ids(setup.MOST_READERS),
        leaders=ids(setup.MOST_READERS),
        part_of='"' * setup.NAME_LENGTH,
        pulse_id=1_000_000,
        frequency=Frequency.FORTNIGHTLY,
        weekday=4,
        hour=16,
        question_set=max(load_question_sets(), key=len),
        is_new=True,
        moving="0" * 16,
    )
    assert len(draft.model_dump_json()) <= 3000


def test_only_channels_can_be_chosen_as_a_team() -> None:
    view = setup.set_up_form(w, question_sets=SETS)
    channel = next(e for e in elements(view) if e["action_id"] == setup.CHANNEL)
    assert channel["filter"]["include"] == ["public", "private"]


def test_a_team_that_is_there_shows_the_schedule_it_follows_and_no_fields_that_would_be_ignored() -> None:
    belongs = setup.Belongs(pulse="AI", called="AI", question_set="AI team, weekly")
    draft = setup.Draft(team="Vision", together="1", belongs=belongs)
    view = setup.set_up_form(w, question_sets=SETS, pulses=[Choice(text="AI", value="1")], draft=draft)
    said = read_aloud(view)
    assert "*Asked with AI:* every week on Tuesday at 10:00, from “AI team, weekly”." in said
    assert "`/pulse schedule AI` and `/pulse questions AI`" in said
    fields = {block.get("block_id") for block in view["blocks"]}
    assert not fields & {schedule.FREQUENCY, schedule.WEEKDAY, schedule.HOUR, setup.QUESTIONS}
    together = next(e for e in elements(view) if e["action_id"] == setup.TOGETHER)
    assert [option["value"] for option in together["options"]] == ["1"]
    assert "yet" not in said


def test_a_new_team_is_told_when_the_schedule_in_the_form_holds() -> None:
    pulses = [Choice(text="AI", value="1")]
    assert "Only if the team is on its own" in read_aloud(setup.set_up_form(w, question_sets=SETS, pulses=pulses))
    assert "Only if" not in read_aloud(setup.set_up_form(w, question_sets=SETS))


def test_a_name_that_nothing_has_is_said_to_be_new_or_a_slip() -> None:
    new = read_aloud(setup.set_up_form(w, question_sets=SETS, draft=setup.Draft(team="Speech")))
    assert "There is no team “Speech” yet: this form makes a new one." in new
    assert "Did you mean" not in new
    slip = setup.set_up_form(w, question_sets=SETS, draft=setup.Draft(team="Visoin", near=("Vision",)))
    assert "Did you mean `/pulse setup Vision`?" in read_aloud(slip)
    assert "yet" not in read_aloud(setup.set_up_form(w, question_sets=SETS))


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
    assert by_id[schedule.FREQUENCY]["initial_option"]["value"] == "monthly"
    assert by_id[schedule.WEEKDAY]["initial_option"]["text"]["text"] == "Friday"
    assert by_id[schedule.HOUR]["initial_option"]["value"] == "16"
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
    assert "Your smallest group has 9 people: with a number above 8 it shows nothing." in said
    for none in (0, 16):  # with sixteen people every number that can be chosen shows something
        assert "smallest" not in read_aloud(threshold.threshold_form(w, pulse="V", current=6, smallest=none))
