"""What admins see of a pulse: where it stands, what commands change and how to undo it, and the threshold."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.views import closing, member, pulse, schedule, setup, threshold
from bot.views import standing as views_standing
from bot.views.wording import Wording
from surveys.cadence import Cadence, Frequency
from surveys.release import FLOOR
from tests.bot.views.contents import standing
from tests.bot.views.samples import CLOSES, MONDAY, elements, read_aloud

w = Wording(timezone="Europe/Berlin")


def test_standing_tells_state_next_step_units_and_readers() -> None:
    said = read_aloud(views_standing.standing_post(w, [standing("Vision")], keys_apart=True))
    assert "*The Vision pulse* is open until Friday 13 March, 18:00, your time." in said
    assert "Next step: none." in said
    assert "• Vision, read by Vision: With 9 people, results in about nine of ten rounds." in said
    assert said.count("if three of four people answer") == 1
    assert "• Vision: No results from 4 people: too few to protect anybody." in said
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
    told = said.count("*The A department of usual length pulse* is open")
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
    unknown = read_aloud(member.unknown_to_members(w, "blah"))
    assert unknown.startswith("There is no `/pulse blah`. Everything there is: `/pulse help`.")
    assert "*You* find in Murmur's Home" in unknown
    assert "admins" not in unknown
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
