"""What stands behind a flag: a line in the message, everything in the full report, and no action for the team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views import flags
from bot.views.digest import digest_post
from bot.views.home import ManagerHome, MemberHome, home_page
from bot.views.report import report_page
from bot.views.results import REPORT
from bot.views.wording import Wording
from surveys.actions import action_for
from surveys.digests import Digest
from surveys.questions import Owner, bank, drivers
from surveys.regrouping import Ended, Move, Regrouping
from surveys.release import PeopleClass, Published
from surveys.translations import drivers_in
from tests.bot.views.samples import (
    MONDAY,
    codes,
    digest,
    elements,
    flag,
    flagged_history,
    flagged_readings,
    promises,
    quiet_digest,
    read_aloud,
    reading,
    refused,
)

w = Wording(timezone="Europe/Berlin")
ITEMS = [item for item in bank().values() if item.driver == "burnout" and item.scale == "agreement"]
MEANS = "*What it means:* The team is more worn out by its work than before; "


def asked(rotation: Sequence[int] = range(8), *, replaced: int = 0, hidden: int | None = None) -> list[Published]:
    """The flagged history, from 19 January to 9 March, with real questions about burnout."""
    found = []
    for one in flagged_history():
        code = one.code
        if code.driver == "burnout":
            code = replace(code, subject=ITEMS[rotation[one.round_id - 3] % len(ITEMS)].id)
            if one.round_id == hidden:
                code = replace(code, people=None, value=None)
        found.append(replace(one, code=code, replaced=replaced if one.round_id == 6 else 0))
    return found


def of(history: Sequence[Published] | None = None) -> Digest:
    return digest(asked() if history is None else history, flagged_readings())


def message(value: Digest) -> str:
    return read_aloud(digest_post(w, value, with_chart=False).blocks)


def report(value: Digest, reader: Owner | None = Owner.TEAM_LEAD) -> str:
    return read_aloud(report_page(w, value, reader=reader))


def test_the_message_says_what_a_flag_means_and_on_one_line_what_it_rests_on() -> None:
    lines = message(of()).splitlines()
    (line,) = [line for line in lines if "people answered" in line]
    question = ITEMS[1].text.rstrip(".")
    assert line == f"8 or more people answered each time. Asked: “{question}” and 6 other questions."
    assert lines[lines.index(line) - 1].startswith(MEANS)
    assert message(of()).count("Asked: “") == 1


@pytest.mark.parametrize(
    ("people", "said"), [(PeopleClass.FIVE, "5"), (PeopleClass.SIX_SEVEN, "6"), (PeopleClass.EIGHT, "8")]
)
def test_how_many_answered_is_said_as_the_smallest_class_alone(people: PeopleClass, said: str) -> None:
    history = [
        replace(one, code=replace(one.code, people=people)) if one.round_id == 8 and one.code.people else one
        for one in asked()
    ]
    assert f"{said} or more people answered each time." in message(of(history))


def test_a_flag_of_one_round_says_so() -> None:
    readings = {"burnout": (reading(9, 3.0), reading(10, 2.4, flag=flag(raised=10, since=10)))}
    value = digest(asked(), readings)
    question = ITEMS[7 % len(ITEMS)].text.rstrip(".")
    assert f"8 or more people answered. Asked: “{question}”." in message(value)
    assert "*Since 9 March:* asked in this round. 8 or more people answered." in report(value)


def test_while_things_ease_nothing_is_said_of_what_the_flag_meant() -> None:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 2.9, flag=flag(raised=7, since=4)))
    value = digest(asked(), readings)
    for said in (message(value), report(value), report(value, None)):
        assert "What it means" not in said
        assert "8 or more people answered each time." in said


def buttons(surface: object) -> list[str]:
    """What the buttons to full reports carry."""
    return [one["value"] for one in elements(surface) if one["action_id"] == REPORT]


def silent() -> Digest:
    return digest(codes(10, {"burnout": None}))


def ended() -> Digest:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 3.4, recovered=True))
    return digest(asked(), readings)


def test_every_digest_with_results_has_the_button_once_and_one_without_any_has_none() -> None:
    for value in (of(), quiet_digest(), ended()):
        post = digest_post(w, value, with_chart=False, promises=promises())
        assert buttons(post) == ["10:1"]
    assert buttons(digest_post(w, silent(), with_chart=False, promises=promises())) == []


def test_managers_and_members_find_the_same_reports_on_home() -> None:
    values = (of(), quiet_digest(), ended(), silent())
    nobody = MemberHome(asked=False)
    assert buttons(home_page(w, member=nobody, manager=ManagerHome(digests=values))) == ["10:1"] * 3
    assert buttons(home_page(w, member=MemberHome(asked=True, seen=values))) == ["10:1"] * 3
    crowded = home_page(w, member=nobody, manager=ManagerHome(digests=values * 20))
    assert refused(crowded) == []
    page = home_page(w, member=nobody, manager=ManagerHome(digests=(of(),)))
    assert "Why?" in read_aloud(page)


def test_the_report_tells_the_words_of_each_driver_in_their_order_and_each_order_once() -> None:
    for reader in (Owner.TEAM_LEAD, None):
        for value in (of(), quiet_digest()):
            said = report(value, reader)
            assert said.count("Burnout, worst word first: very high, high, some, low, very low; where eight") == 1
            assert said.count("worst word first: poor, weak, mixed, good, strong; where eight or more") == 1
            assert "answered also hardly any." in said
        assert "worst word first" not in report(silent(), reader)


def test_the_report_lists_every_question_once_and_what_changed_meanwhile() -> None:
    said = report(of(asked(replaced=3, hidden=9)))
    assert "*Since 26 January:* asked in each of 7 rounds. 8 or more people answered each time." in said
    assert "One of these: Not shown, to protect people. This says nothing about the answers." in said
    assert "If people have joined since then, the detector allows for that." in said
    assert "other questions since" not in said
    for number in {one % len(ITEMS) for one in range(1, 8)}:
        assert said.count(f"• “{ITEMS[number].text.rstrip('.')}”") == 1
    assert said.count(MEANS) == 1


def test_rounds_that_did_not_ask_are_counted_beside_those_that_did() -> None:
    seldom = [one for one in asked() if one.code.driver != "burnout" or one.round_id in (3, 5, 8)]
    said = report(of(seldom))
    assert "*Since 26 January:* asked in 2 of 7 rounds. 8 or more people answered each time." in said
    once = [one for one in seldom if one.code.driver != "burnout" or one.round_id == 8]
    assert "*Since 26 January:* asked in one of 7 rounds. 8 or more people answered." in report(of(once))


def test_a_flag_that_ended_keeps_its_name_where_the_headline_has_another() -> None:
    readings = flagged_readings()
    readings["burnout"] = (*readings["burnout"][:-1], reading(10, 3.4, recovered=True))
    alone = digest(asked(), readings)
    easing = "*Burnout is easing.* The flag of 16 February no longer stands."
    readings["autonomy"] = (reading(9, 3.6), reading(10, 2.6, flag=flag(raised=10, since=9)))
    beside = digest(asked(), readings)
    for said in (message, report):
        assert easing not in said(alone)
        assert ":seedling: The flag of 16 February no longer stands. The last 5 times asked: low." in said(alone)
        assert easing in said(beside)


def test_the_report_is_the_same_however_many_came_new_to_the_roster() -> None:
    """A team knows who joined it: beside that, a number would tell who asked to be left out."""
    assert report(of(asked(replaced=3))) == report(of(asked())) == report(of(asked(replaced=1)))


def test_the_report_says_nothing_of_what_did_not_happen() -> None:
    said = report(of())
    assert "One of these" not in said
    assert "other questions since" not in said


def test_questions_that_changed_are_told_with_their_day_and_that_the_detector_allows_for_it() -> None:
    said = report(of(asked([0, 1, 0, 1, 0, 2, 3, 2])))
    assert "Asked with other questions since 23 February; the detector allows for that." in said


def test_every_flag_has_its_own_action_in_the_report_and_the_first_the_one_of_the_message() -> None:
    readings = flagged_readings()
    readings["autonomy"] = (reading(9, 3.6), reading(10, 2.6, flag=flag(raised=10, since=9, evidence=3.0)))
    value = digest(asked(), readings)
    said = report(value)
    assert value.action is not None
    assert value.action.driver == "autonomy"
    assert value.action.text in said
    assert action_for("burnout", Owner.TEAM_LEAD, MONDAY).text in said
    assert said.count("*Try:*") == 2
    assert said.count("Chance alone raises at most one flag for you") == 1


def test_the_teams_own_copy_has_the_flag_and_never_the_managers_action() -> None:
    value = of(asked(replaced=1))
    mine, theirs = report(value), report(value, None)
    assert "*Try:*" in mine
    home = read_aloud(home_page(w, member=MemberHome(asked=True, seen=(value,))))
    for said in (theirs, home):
        assert "*Burnout: worse than before.*" in said
        assert "8 or more people answered each time." in said
        assert MEANS in said
        assert "Chance alone raises at most one flag for a manager" in said
        assert "Try:" not in said
        assert "Ask:" not in said
        assert "yourself" not in said
    assert "If people have joined since then, the detector allows for that." in theirs
    page = elements(home_page(w, member=MemberHome(asked=True, seen=(value,))))
    assert [one["value"] for one in page if one["action_id"] == REPORT] == ["10:1"]


def test_a_report_of_many_flags_is_taken_by_slack() -> None:
    raised = flag(raised=10, since=4)
    readings = {id_: (reading(9, 3.6), reading(10, 2.4, flag=raised)) for id_ in drivers()}
    value = digest(asked(), readings)
    assert len(value.notices) == len(drivers())
    for reader in (None, *Owner):
        assert refused(report_page(w, value, reader=reader)) == []


def regrouping(move: Move, *ended: str, without: tuple[str, ...] = ()) -> str:
    """How the coming about of a unit is said, in which these drivers were flagged before."""
    teams = ("Vision",) if move is Move.ALONE else ("Data", "Vision")
    flags_ = tuple(Ended(driver=drivers()[id_], raised_on=MONDAY - timedelta(days=6)) for id_ in ended)
    return flags.regrouped_line(w, Regrouping(move=move, teams=teams, without=without, ended=flags_))


def test_teams_that_are_counted_otherwise_are_told_with_the_flags_that_ended() -> None:
    together = (
        "*Data and Vision are counted together from this round on*, because alone one of them would be too small."
    )
    assert regrouping(Move.TOGETHER, "burnout") == f"{together} The flag on Burnout (3 March) ended with that."
    assert regrouping(Move.TOGETHER) == f"{together} Flags from before do not carry over."
    assert regrouping(Move.ALONE, "burnout", "growth") == (
        "*Vision is counted alone from this round on.* The flags on Burnout (3 March) and"
        " Growth (3 March) ended with that."
    )
    assert regrouping(Move.WITHOUT, without=("Audio",)) == (
        "*Data and Vision are counted without Audio from this round on.* Flags from before do not carry over."
    )


def test_it_is_said_in_quiet_weeks_and_beside_flags_to_managers_and_teams() -> None:
    value = Regrouping(move=Move.ALONE, teams=("Vision",), without=("Data",), ended=())
    line = "*Vision is counted alone from this round on.*"
    for one in (quiet_digest(), of()):
        assert line not in message(one)
        told = replace(one, regrouped=value)
        home = read_aloud(home_page(w, member=MemberHome(asked=True, seen=(told,))))
        for said in (message(told), report(told), home):
            assert said.count(line) == 1
    quiet = message(replace(quiet_digest(), regrouped=value)).splitlines()
    assert quiet[1].startswith(line)
    assert len(quiet) == 4


def test_a_report_in_another_language_takes_driver_and_questions_from_there() -> None:
    readings = flagged_readings()
    value = digest(asked(), readings)
    german = replace(
        value, notices=tuple(replace(n, driver=drivers_in(drivers(), "de")[n.driver.id]) for n in value.notices)
    )
    assert "Das Team ist von seiner Arbeit erschöpfter als vorher" in report(german, None)
