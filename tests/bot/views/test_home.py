"""Home: a part for each role, and nothing that tells whether its owner has answered."""

from dataclasses import replace
from datetime import date

from bot.views import asking, home, setup
from bot.views.wording import Wording
from tests.bot.views.contents import admin, manager, member, standing
from tests.bot.views.samples import CLOSES, codes, digest, elements, read_aloud, refused

w = Wording(timezone="Europe/Berlin")
LISTED = "Your answers are not listed: while a round is open they lie sealed, afterwards they are gone."


def actions(**parts: object) -> list[str]:
    return [element["action_id"] for element in elements(home.home_page(w, **parts))]  # type: ignore[arg-type]


def test_without_a_pulse_it_says_that_nothing_is_held() -> None:
    said = read_aloud(home.home_page(w, member=home.MemberHome(asked=False)))
    assert "Nothing is being asked here. Murmur holds no answers." in said
    assert actions(member=home.MemberHome(asked=False)) == [asking.HOW_IT_WORKS]


def test_an_open_pulse_comes_first_with_its_button() -> None:
    view = home.home_page(w, member=member("Vision"))
    assert view["blocks"][0]["accessory"]["action_id"] == asking.OPEN_FORM
    assert view["blocks"][0]["accessory"]["value"] == "10"
    assert "*Vision pulse: 4 questions.* Until Friday 13 March, 18:00, your time." in read_aloud(view)


def test_between_rounds_the_next_one_is_named() -> None:
    resting = home.MemberHome(asked=True, readers=("Dana Ito",), next_at=CLOSES)
    assert "Next: Friday 13 March, 18:00." in read_aloud(home.home_page(w, member=resting))
    unplanned = replace(resting, next_at=None)
    assert "Nothing is being asked at the moment." in read_aloud(home.home_page(w, member=unplanned))


def test_the_team_sees_its_words_flags_and_evidence_but_not_its_managers_action() -> None:
    said = read_aloud(home.home_page(w, member=member("Vision")))
    assert "What your team last said" in said
    assert "Burnout: worse than before." in said
    assert "Chance alone raises at most one flag for a manager in half a year" in said
    assert "for you" not in said
    assert "Experimentation: Not shown, to protect people." in said
    assert "Try:" not in said


def test_what_is_stored_is_listed_row_by_row() -> None:
    said = read_aloud(home.home_page(w, member=member("Vision")))
    assert "*Name:* Vision" in said
    assert LISTED in said
    gone = home.MemberHome(asked=False, opted_out=True)
    assert LISTED in read_aloud(home.home_page(w, member=gone, manager=manager("Vision")))
    assert LISTED in read_aloud(home.home_page(w, member=member("Vision"), manager=manager("Vision")))


def test_who_only_reads_is_told_nothing_of_answers_they_never_give() -> None:
    view = home.home_page(w, member=home.MemberHome(asked=False), manager=manager("Vision"))
    assert "What Murmur stores about you" in read_aloud(view)
    assert "Your answers" not in read_aloud(view)


def test_reminders_pause_and_leaving_can_be_switched_both_ways() -> None:
    usual = home.MemberHome(asked=True)
    assert actions(member=usual)[1:] == [home.REMINDERS_OFF, home.PAUSE_ME, asking.NOT_FOR_ME]
    resting = replace(usual, reminders=False, paused_until=date(2026, 4, 1))
    assert actions(member=resting)[1:] == [home.REMINDERS_ON, home.RESUME_ME, asking.NOT_FOR_ME]
    assert "You are on a pause until 1 April." in read_aloud(home.home_page(w, member=resting))
    gone = replace(usual, opted_out=True)
    assert actions(member=gone) == [home.ASK_ME_AGAIN, asking.HOW_IT_WORKS]


def test_a_manager_finds_each_unit_in_a_few_lines_and_those_still_waiting() -> None:
    said = read_aloud(home.home_page(w, member=home.MemberHome(asked=False), manager=manager("Vision")))
    assert "*Vision, 9 March: first results.*" in said
    assert "*Vision, 9 March: tired.*" in said
    assert "*Earlier:* Collaboration: good (2 March), Purpose: good (23 February)." in said
    assert "No results yet: Vision." in said
    empty = read_aloud(home.home_page(w, member=home.MemberHome(asked=False), manager=home.ManagerHome()))
    assert "You read no team's results yet." in empty


def test_a_unit_without_results_is_refused_in_the_one_wording() -> None:
    silent = home.ManagerHome(digests=(digest(codes(10, {"burnout": None})),))
    said = read_aloud(home.home_page(w, member=home.MemberHome(asked=False), manager=silent))
    assert "Burnout: Not shown, to protect people. This says nothing about the answers." in said


def test_an_admin_without_a_pulse_finds_one_button_that_begins() -> None:
    empty = home.AdminHome(pulses=(), keys_apart=True)
    assert setup.SET_UP in actions(member=home.MemberHome(asked=False), admin=empty)


def test_an_admin_finds_where_things_stand() -> None:
    said = read_aloud(home.home_page(w, member=home.MemberHome(asked=False), admin=admin("Vision")))
    assert "*The Vision pulse* is open until" in said
    assert "Protection is weaker here" in said


def test_a_crowded_home_keeps_the_buttons_at_its_end() -> None:
    many = home.AdminHome(pulses=(standing("Vision", 40),) * 40, keys_apart=True)
    view = home.home_page(w, member=member("V" * 80, 40), manager=manager("V" * 80, 40), admin=many)
    assert refused(view) == []
    assert view["blocks"][-1]["elements"][-1]["action_id"] == asking.NOT_FOR_ME
    assert "And 50 more teams." in read_aloud(view)
    assert "And 30 more pulses." in read_aloud(view)
