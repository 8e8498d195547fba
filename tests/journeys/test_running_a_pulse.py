"""An admin's weeks with a pulse: open, close, pause, how many answers, which questions."""

import json
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from storage.pulses import changes
from storage.questions import add_question
from storage.tables import Pulse
from surveys.rounds import State
from tests.journeys.steps import answer_all, close, close_by_hand, invite, replay, said, set_up
from tests.support.running_murmur import MONDAY, VISION, Stage


def questions_of(stage: Stage, who: str) -> list[str]:
    """What the open form asks somebody."""
    person = stage.open_form(who)
    asked = [field.label for field in person.view.fields if field.type == "radio_buttons"]
    person.close_view()
    return asked


def test_a_round_opened_by_hand_can_be_undone_within_a_day_and_counts_after_it(stage: Stage) -> None:
    ruth, priya = stage.person("Ruth"), stage.person("Priya")
    stage.set_up_team()
    assert "No round of Vision is open." in said(ruth, "/pulse close")
    opened = said(ruth, "/pulse open")
    assert "Vision is open* until Thursday 5 March, 17:00, your time, for 9 people" in opened
    assert "To undo it: `/pulse close` within one working day" in opened
    assert "A round of Vision is open already." in said(ruth, "/pulse open Vision")
    assert "is open until Thursday 5 March, 17:00" in said(ruth, "/pulse status")
    stage.at(MONDAY + timedelta(hours=2))
    answer_all(stage, ["Priya"])
    assert "paused.* The round that is open runs on until Thursday 5 March" in said(ruth, "/pulse pause")
    assert "goes on.* A round is open until Thursday 5 March" in said(ruth, "/pulse resume")
    ruth.command("/pulse close")
    asked = ruth.wait_for_view("Close Vision now?").text
    assert "the round is thrown away, unread" in asked
    ruth.close_view()
    assert "is open until" in said(ruth, "/pulse")
    discarded = close_by_hand(ruth)
    assert "the round is thrown away*, unread" in discarded
    assert "results could show who had answered by then" in discarded
    priya.press("Answer or change")
    assert "This round was called off" in priya.wait_for_view("called off").text
    priya.close_view()

    stage.at(MONDAY + timedelta(hours=3))
    said(ruth, "/pulse open")
    stage.at(MONDAY + timedelta(hours=24))
    answer_all(stage, VISION[:6])
    stage.at(MONDAY + timedelta(hours=28))
    ruth.command("/pulse close")
    assert "the results go out on Monday 9 March, 09:00" in ruth.wait_for_view("Close Vision now?").text
    ruth.close_view()
    closed = close_by_hand(ruth)
    assert "Its results go out on Monday 9 March, 09:00" in closed
    assert "This cannot be undone" in closed
    assert "No round of Vision is open." in said(ruth, "/pulse close")
    close(stage)
    assert stage.states()[:2] == [State.DISCARDED, State.PUBLISHED]
    assert "Vision, 3 March" in stage.person("Dana").dms()[-1].text
    assert len(stage.sent("Your Murmur digest is ready")) == 2


def test_a_paused_pulse_asks_nobody_until_it_goes_on(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.set_up_team()
    paused = said(ruth, "/pulse pause")
    assert "Vision is paused.* Nobody in it is asked anything until you go on." in paused
    assert "To undo it: `/pulse resume`." in paused
    assert "Vision is paused already." in said(ruth, "/pulse pause")
    assert "is paused.\nNext step: `/pulse resume` when you want to go on." in said(ruth, "/pulse")
    for number in range(2):
        invite(stage, number)
    assert stage.sent("short questions") == []
    stage.person("Priya").open_home()
    assert "Nothing is being asked at the moment.\n" in stage.person("Priya").home().text
    assert "goes on.* The next round opens on Tuesday 17 March, 10:00" in said(ruth, "/pulse resume")
    assert "Vision is not paused." in said(ruth, "/pulse resume")
    invite(stage, 2)
    assert len(stage.sent("short questions")) == len(VISION)


def test_a_threshold_can_be_raised_and_never_falls_below_five_whatever_is_sent(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.set_up_team()
    ruth.command("/pulse threshold")
    window = ruth.wait_for_view("how many answers does a result need?")
    assert "Your smallest group has 9 people: with a number above 8 it shows nothing." in window.text
    assert window.fields[0].options[0] == "5 answers"
    ruth.pick("how many answers", "8 answers")
    ruth.submit()
    assert "Vision needs 8 answers for a result* from the next round on; it was 5" in ruth.wait_for_view("needs").text
    ruth.close_view()
    assert ": With 9 people, results in about one of three rounds." in said(ruth, "/pulse")

    sent = next(e for e in stage.client.envelopes("interactive") if "threshold.form" in json.dumps(e["payload"]))
    for forged in ("4", "-9", "0", "nonsense", ""):
        view = json.loads(json.dumps(sent["payload"]["view"]).replace('"value": "8"', f'"value": "{forged}"'))
        answer = replay(stage, sent, view=view)
        assert answer is not None
        assert answer["errors"] == {"threshold": "Never fewer than 5, to protect people."}
    view = json.loads(json.dumps(sent["payload"]["view"]).replace('"value": "8"', '"value": "5"'))
    by_dana = replay(stage, sent, view=view, user={"id": "U0DANA", "team_id": "T0LANTERN"})
    assert by_dana is not None
    assert "Only Murmur's admins can do this: Ruth Meyer." in json.dumps(by_dana)
    assert "A result needs 8 answers." in said(ruth, "/pulse")

    invite(stage)
    answer_all(stage, VISION[:7])
    close(stage)
    assert "Not shown, to protect people. This says nothing about the answers." in stage.person("Dana").dms()[-1].text


def test_questions_are_written_changed_retired_and_asked_accordingly(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.set_up_team()
    ruth.command("/pulse questions")
    used = "Vision* uses “AI team, weekly”: 4 questions a week, half a minute a round, out of 48."
    assert used in ruth.wait_for_view("uses").text
    ruth.press("Add a question")
    ruth.wait_for_view("A statement that people")
    ruth.fill("A statement", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
    ruth.pick("What it is about", "Burnout")
    ruth.choose("What agreeing means", "Agreeing is bad news")
    (wrong,) = ruth.submit().errors.values()
    assert wrong == "This has 15 words; 14 is the most people read."
    ruth.fill("A statement", "  ")
    (wrong,) = ruth.submit().errors.values()
    assert wrong == "This must be one line of plain text."
    ruth.fill("A statement", "On-call <!here> & *pages* wake me.")
    stage.client.fault("duplicate envelope", method="interactive")
    ruth.submit()
    assert "• On-call <!here> & ∗pages∗ wake me. _(your own)_" in ruth.wait_for_view("your own").text
    ruth.press("Edit")
    ruth.wait_for_view("A statement that people")
    ruth.fill("A statement", "On-call pages wake me.")
    ruth.submit()
    listed = ruth.wait_for_view("• On-call pages wake me. _(your own)_").text
    assert listed.count("your own") == 1
    ruth.press("Choose another set")
    ruth.wait_for_view("Question set")
    ruth.pick("Question set", "Burnout and autonomy only")
    ruth.submit()
    assert "uses “Burnout and autonomy only”" in ruth.wait_for_view("out of 17").text
    ruth.close_view()

    seen = []
    for number in range(5):
        invite(stage, number)
        seen += questions_of(stage, "Priya")
        close(stage, number)
    assert len(set(seen[:16])) == 16  # none comes back within four weeks
    assert "On-call pages wake me." in seen

    ruth.command("/pulse questions")
    ruth.wait_for_view("your own")
    ruth.press("Edit")
    ruth.wait_for_view("A statement that people")
    ruth.press("Retire this question")
    assert "will not be asked again" in ruth.wait_for_view("retired").text
    ruth.close_view()
    assert "your own" not in ruth.wait_for_view("out of 16").text
    ruth.close_view()
    for number in range(5, 10):
        invite(stage, number)
        assert "On-call pages wake me." not in questions_of(stage, "Priya")
        close(stage, number)
    with stage.murmur.database.reading() as session:
        log = [change.what for change in changes(session, 1)]
    own = ["wrote a question for Vision"] * 2
    assert log == ["set up Vision", *own, "chose a question set for Vision", "retired a question of Vision"]


def test_a_pulse_that_has_asked_everything_lately_says_so(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.set_up_team(Questions="Burnout and autonomy only")
    for minute in range(4):
        stage.sandbox.clock.move_to(MONDAY + timedelta(minutes=minute))
        assert "is open*" in said(ruth, "/pulse open")
        assert "thrown away" in close_by_hand(ruth)
    stage.sandbox.clock.move_to(MONDAY + timedelta(hours=1))
    refused = said(ruth, "/pulse open")
    assert "Every question of Vision was asked in the last four weeks" in refused
    assert "is open*" not in refused
    assert "The next round opens on Tuesday 3 March, 10:00" in said(ruth, "/pulse")


def test_a_round_whose_plan_is_refused_says_why_at_once(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.set_up_team(Questions="Burnout and autonomy only")
    with stage.murmur.database.transaction() as session:  # questions that no form would take of nine people
        pulse = session.exec(select(Pulse)).one()
        for number in range(4):
            text = f"I will be here in {number + 2} years."
            add_question(session, pulse.id, driver="intent-to-stay", text=text, reverse=False, on=MONDAY.date())
    minutes = iter(range(20))
    while "is open*" in (refused := said(ruth, "/pulse open")):
        assert "thrown away" in close_by_hand(ruth)
        stage.sandbox.clock.move_to(MONDAY + timedelta(minutes=next(minutes)))
    assert "*The round of Vision was not opened.*" in refused
    assert "One of the questions may not be asked like this" in refused
    assert "Nobody was asked anything." in refused
    assert State.OPEN not in stage.states()


def test_a_pulse_is_meant_by_its_name_as_it_is_written(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    nine = [stage.person(who).name for who in VISION]
    set_up(ruth, "R&D <core>", people=nine[:8])
    set_up(ruth, "Platform", channel="platform", managers=["Sam Okoye"])
    assert "`/pulse pause R&D <core>`" in said(ruth, "/pulse pause")
    assert "R&D <core> is paused." in said(ruth, "/pulse pause r&d <core>")
    assert "R&D <core> goes on." in said(ruth, "/pulse resume R&D <core>")


def test_a_round_that_opens_and_closes_follows_the_clock_of_summer(stage: Stage) -> None:
    stage.set_up_team()
    for number in range(4):
        invite(stage, number)
        close(stage, number)
    invite(stage, 4)
    assert "Until Friday 3 April, 17:00, your time." in stage.person("Priya").dms()[-1].text
    stage.at(datetime(2026, 4, 3, 14, 59, tzinfo=UTC))
    assert stage.states()[-1] is State.OPEN
    stage.at(datetime(2026, 4, 3, 15, 0, tzinfo=UTC))
    assert State.PUBLISHED in stage.states()
