"""The set-up form: a team's people, its readers, its schedule and what is wrong with them."""

import pytest

from bot.managing.access import new_form_key
from bot.managing.draft import Draft
from bot.views import schedule, setup
from bot.views.inputs import OPTIONS, Choice
from bot.views.problems import MOST_PEOPLE, of_set_up
from bot.views.wording import Wording
from surveys.cadence import Frequency
from surveys.questions import load_question_sets
from surveys.units import odds
from tests.bot.views.contents import SETS
from tests.bot.views.samples import elements, read_aloud

w = Wording(timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("people", "share"),
    [
        (6, "results in about half of the rounds"),
        (7, "results in about three of four rounds"),
        (8, "results in about nine of ten rounds"),
        (12, "results in nearly every round"),
        (5, "No results from 5 people: too few to protect anybody."),
    ],
)
def test_the_odds_are_said_in_words(people: int, share: str) -> None:
    assert share in setup.odds_sentence(w, people, odds(people))
    assert f"{people} people" in setup.odds_sentence(w, people, odds(people))


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
