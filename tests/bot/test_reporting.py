"""The full report opens for those who read a digest, later for their team without what to do, and for nobody else."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.views.results import REPORT
from storage.tables import Round, RoundUnit
from surveys.rounds import State
from tests.journeys.steps import cast_quietly, week
from tests.journeys.test_roles import give_button
from tests.support.running_murmur import FRIDAY, TUESDAY, VISION, Stage

CALM, TIRED = 9, 5
LAST = CALM + TIRED - 1
MONDAY_AFTER = week(LAST, TUESDAY) + timedelta(days=6, hours=2)
FLAG = ":triangular_flag_on_post: *Burnout"
NOT_YOURS = "Only those who read a team's results find more about them here, and only once they have them."


def months_with_a_flag(stage: Stage) -> None:
    """Vision is well, then tired; its managers have not read of it yet."""
    ids = [stage.person(who).id for who in VISION]
    for number in range(CALM + TIRED):
        stage.at(week(number, TUESDAY))
        level = 4 if number < CALM else 2
        cast_quietly(stage, {name: level for place, name in enumerate(ids) if (place + number) % 5})
        stage.at(week(number, FRIDAY) + timedelta(minutes=1))


def place(stage: Stage) -> str:
    """The latest round and its unit, as the button carries them."""
    with stage.murmur.database.reading() as session:
        last = max(one.id for one in session.exec(select(Round).where(Round.state == State.PUBLISHED)))
        unit = session.exec(select(RoundUnit).where(RoundUnit.round_id == last)).one()
        return f"{last}:{unit.unit_id}"


def pressed(stage: Stage, who: str, value: str) -> str:
    """What opens for somebody who presses the button, whether or not they were ever given it."""
    person = stage.person(who)
    give_button(stage, who, REPORT, value)
    person.press("Forged")
    said = person.view.text
    person.close_view(everything=True)
    return said


def test_the_report_is_read_by_managers_at_once_by_the_team_on_wednesday_and_by_nobody_else(stage: Stage) -> None:
    stage.set_up_team()
    months_with_a_flag(stage)
    value = place(stage)
    for who in ("Dana", "Priya"):
        assert NOT_YOURS in pressed(stage, who, value)  # before the digest
    stage.at(MONDAY_AFTER)
    dana, priya = stage.person("Dana"), stage.person("Priya")
    digest = next(message for message in dana.dms() if FLAG in message.text)
    dana.press("Full report", digest)
    report = dana.wait_for_view("What it means:").text
    dana.close_view()
    assert FLAG in report
    assert "*Asked since then:*\n• “" in report
    assert "*Try:*" in report
    assert "or more people answered" in report
    assert not any(who in report for who in VISION)
    assert NOT_YOURS in pressed(stage, "Priya", value)
    assert NOT_YOURS in pressed(stage, "Ruth", value)  # who set it up, and reads nothing

    stage.at(MONDAY_AFTER + timedelta(days=3))
    priya.open_home()
    assert FLAG in priya.home().text
    priya.press("Full report", where="home")
    theirs = priya.wait_for_view("What it means:").text
    priya.close_view()
    assert "*Asked since then:*\n• “" in theirs
    assert "Try:" not in theirs
    assert "Ask:" not in theirs
    assert NOT_YOURS in pressed(stage, "Ruth", value)


def test_a_forged_place_opens_nothing(stage: Stage) -> None:
    stage.set_up_team()
    stage.at(datetime(2026, 3, 3, 15, tzinfo=UTC))
    cast_quietly(stage, {stage.person(who).id: 3 for who in VISION})
    stage.at(FRIDAY + timedelta(minutes=1))
    stage.at(FRIDAY + timedelta(days=6))
    for forged in ("1", "1:2:3", "0:0", "999999999:1", "1:999999999", "9999999999:1", "١:١", "x:y"):
        assert NOT_YOURS in pressed(stage, "Dana", forged)
    assert NOT_YOURS not in pressed(stage, "Dana", place(stage))
