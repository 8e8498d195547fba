"""Promising something when things go wrong: nothing is lost, nothing is logged, nobody is let in too early."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import promising, windows
from bot.follow_up import may_end, promises_for, reading_of
from bot.results import unit_readers
from bot.views.promises import MAKE
from bot.views.promising import WORDS
from bot.views.vocabulary import actions, button
from storage.people import replace_managers
from storage.promises import make_promise
from storage.pulses import pause
from storage.tables import Management, Promise, Pulse, Round, Team, Unit
from tests.journeys.steps import cast_quietly, replay, week
from tests.support.company import member
from tests.support.running_murmur import FRIDAY, NEXT_MONDAY, TUESDAY, VISION, Stage
from tests.support.trouble import SECRET, Logged, broken, busy, careless

FIELD = "In your own words"
NOT_STORED = "This could not be kept. It is still in this window: press Promise again in a minute."


def a_week(stage: Stage, number: int = 0) -> None:
    """Vision is asked, answers, and its managers have the digest."""
    stage.at(week(number, TUESDAY))
    cast_quietly(stage, {stage.person(who).id: 3 for who in VISION})
    stage.at(week(number, FRIDAY))
    stage.at(week(number, NEXT_MONDAY))


def filled_in(stage: Stage, words: str = "No deploys after Thursday noon.") -> Any:
    """Dana with the form before her, filled in."""
    dana = stage.person("Dana")
    dana.press("Promise something", dana.dms()[-1])
    dana.wait_for_view(FIELD)
    dana.fill(FIELD, words)
    return dana


def stored(stage: Stage) -> list[str]:
    """The words of every promise there is."""
    with stage.murmur.database.reading() as session:
        return list(session.exec(select(Promise.text)))


@pytest.mark.parametrize("trouble", [broken, busy])
def test_when_the_database_is_in_trouble_the_form_keeps_what_was_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, trouble: Callable[..., Any]
) -> None:
    stage.set_up_team()
    a_week(stage)
    dana = filled_in(stage)
    with monkeypatch.context() as patch:
        patch.setattr(promising, "make_promise", trouble)
        outcome = dana.submit()
    assert outcome.acked
    assert outcome.errors == {FIELD: NOT_STORED}
    assert "No deploys after Thursday noon." in dana.view.text
    assert stored(stage) == []
    assert dana.submit().errors == {}
    dana.wait_for_view("Promised to Vision")
    assert stored(stage) == ["No deploys after Thursday noon."]


@pytest.mark.parametrize(
    ("where", "name", "with_"),
    [
        (None, None, None),
        (promising, "make_promise", broken),
        (promising, "make_promise", busy),
        (promising, "settle", careless),
        (windows, "publish_home", careless),
    ],
)
def test_no_word_of_a_promise_is_logged_whatever_goes_wrong(
    stage: Stage,
    logged: Logged,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    where: Any,
    name: str | None,
    with_: Any,
) -> None:
    stream = logged("DEBUG", "json")
    stage.set_up_team()
    a_week(stage)
    dana = filled_in(stage, f"I promise {SECRET}.")
    with monkeypatch.context() as patch:
        if name is not None:
            patch.setattr(where, name, with_)
        dana.submit()
    dana.close_view(everything=True)
    for number in (1, 2):
        stage.at(week(number, TUESDAY))
        stage.at(week(number, FRIDAY))
        stage.at(week(number, NEXT_MONDAY))
        dana.open_home()
    if name in {None, "publish_home"}:
        assert SECRET in dana.home().text
        dana.press("Done", where="home")
        dana.wait_for_view("Marked as kept")
    for output in (stream.getvalue(), "".join(capfd.readouterr())):
        for kept in (SECRET, "U0DANA", "Dana", stage.sandbox.bot_token):
            assert kept not in output
    assert "a step was taken" in stream.getvalue()


@pytest.mark.parametrize("words", ["x" * 201, "   ", "…", "\u200b"])
def test_what_slack_would_not_let_through_is_refused_beside_the_field(stage: Stage, words: str) -> None:
    stage.set_up_team()
    a_week(stage)
    dana = filled_in(stage, "-")
    assert dana.submit().errors == {FIELD: "Write what you promise, or choose the suggestion."}
    sent = stage.client.envelopes("interactive")[-1]
    state = {"values": {WORDS: {WORDS: {"type": "plain_text_input", "value": words}}}}
    answer = replay(stage, sent, view={**sent["payload"]["view"], "state": state})
    assert answer is not None
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {WORDS}
    assert stored(stage) == []


def test_nobody_promises_anything_before_they_have_the_digest(stage: Stage) -> None:
    stage.set_up_team()
    stage.at(TUESDAY)
    stage.at(FRIDAY)
    stage.at(NEXT_MONDAY - timedelta(hours=6))  # noon in London, early morning in Los Angeles
    sam, dana = stage.person("Sam"), stage.person("Dana")
    assert sam.dms()[-1].buttons == ("Why?", "Promise something")
    give(stage, dana.id, "1:1")
    dana.press("Forged")
    dana.wait_for_view("Only those who get a team's digest")
    dana.close_view()
    stage.at(NEXT_MONDAY)
    dana.press("Promise something", dana.dms()[-1])
    dana.wait_for_view(FIELD)


def give(stage: Stage, slack_id: str, value: str) -> None:
    """Put the button before somebody that Murmur would not show them now."""
    blocks = [actions(button("Forged", MAKE, value=value))]
    stage.murmur.client.chat_postMessage(channel=slack_id, text="-", blocks=blocks)


def test_an_old_digest_suggests_what_it_said_then(stage: Stage) -> None:
    stage.set_up_team()
    a_week(stage)
    dana = stage.person("Dana")
    (first,) = dana.dms()
    question = first.text.split("“")[1].split("”")[0]
    a_week(stage, 1)
    assert question not in dana.dms()[-1].text
    dana.press("Promise something", first)
    old = dana.wait_for_view("The digest suggests").text
    dana.close_view()
    dana.press("Promise something", dana.dms()[-1])
    assert dana.wait_for_view("The digest suggests").text != old


def test_while_a_pulse_rests_the_last_page_names_no_day(stage: Stage) -> None:
    stage.set_up_team()
    a_week(stage)
    with stage.murmur.database.transaction() as session:
        pause(session, session.exec(select(Pulse)).one(), NEXT_MONDAY.date())
    dana = filled_in(stage)
    dana.submit()
    assert "in its next invitation, once the pulse goes on." in dana.wait_for_view("Promised to").text


def test_who_is_counted_in_a_unit_reads_no_promise_form_of_it(backstage: Stage) -> None:
    stage = backstage
    stage.put_team()
    a_week(stage)
    with stage.murmur.database.transaction() as session:
        priya, dana = member(session, "Priya"), member(session, "Dana")
        team = session.exec(select(Team)).one()
        unit, now = session.exec(select(Unit)).one(), stage.murmur.clock()
        round_ = session.exec(select(Round).where(Round.state == "published")).one()
        replace_managers(session, team, [dana.id, priya.id])  # in the middle of a period
        assert reading_of(session, unit.id, priya, now) is None
        reading = reading_of(session, unit.id, dana, now)
        assert reading is not None
        assert [reader.id for reader in reading.readers] == [dana.id]
        assert unit_readers(session, round_, unit) == list(reading.readers)
        assert reading_of(session, 99, dana, now) is None
        assert len(session.exec(select(Management)).all()) == 2
        assert promises_for(session, round_, unit, dana).place == f"{round_.id}:{unit.id}"


def test_a_promise_to_two_teams_is_its_makers_to_end_as_long_as_they_manage_one_of_them(backstage: Stage) -> None:
    stage = backstage
    stage.put_team()
    a_week(stage)
    with stage.murmur.database.transaction() as session:
        dana, ruth = member(session, "Dana"), member(session, "Ruth")
        vision = session.exec(select(Team)).one()
        speech = Team(workspace_id=dana.workspace_id, pulse_id=vision.pulse_id, name="Speech")
        session.add(speech)
        session.flush()
        both = Unit(pulse_id=vision.pulse_id, team_key=f"{vision.id},{speech.id}", name="Speech + Vision")
        session.add(both)
        session.flush()
        replace_managers(session, speech, [ruth.id])
        promise, _ = make_promise(session, both, ruth.id, "Fewer meetings.", form_key="both", on=date(2026, 3, 9))
        assert may_end(session, promise, ruth)
        assert not may_end(session, promise, dana)
        replace_managers(session, speech, [])
        assert may_end(session, promise, dana)
