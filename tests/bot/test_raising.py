"""Raising something with a leader when things go wrong."""

import pytest

from bot import raising, windows
from bot.views.raising import WORDS
from tests.journeys.steps import let_leases_run_out, replay
from tests.support.flagged import purpose_was_lost
from tests.support.raised import FIELD, MONDAY, TUESDAY_MORNING, filled_in, flagged, letters, stored
from tests.support.running_murmur import Stage
from tests.support.trouble import SECRET, Logged, broken, busy, careless

NOT_STORED = "This could not be kept. It is still in this window: press Raise it again in a minute."


def test_when_the_database_is_in_trouble_the_form_keeps_what_was_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    flagged(stage)
    dana = filled_in(stage)
    for trouble in (broken, busy):
        with monkeypatch.context() as patch:
            patch.setattr(raising, "make_request", trouble)
            outcome = dana.submit()
        assert outcome.acked
        assert outcome.errors == {FIELD: NOT_STORED}
        assert "Please come by." in dana.view.text
        assert stored(stage) == []
        assert letters(stage) == []
    assert dana.submit().errors == {}
    dana.wait_for_view("Raised with Ruth Meyer")
    assert stored(stage) == [("Please come by.", "open")]
    assert letters(stage) == ["waiting"]


def test_no_word_of_a_request_is_logged_whatever_goes_wrong(
    stage: Stage, logged: Logged, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = logged("DEBUG", "json")
    flagged(stage)
    dana, ruth = filled_in(stage, f"I ask for {SECRET}."), stage.person("Ruth")
    for module, name, with_ in (
        (raising, "make_request", broken), (raising, "settle", careless), (windows, "publish_home", careless),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(module, name, with_)
            dana.submit()
    dana.close_view(everything=True)
    assert len(stored(stage)) == 1
    stage.at(TUESDAY_MORNING)
    ruth.press("Not possible now")
    ruth.wait_for_view("Why not?")
    ruth.fill("Why not?", SECRET)
    for name, failing in (("end_request", broken), ("end_request", careless)):
        with monkeypatch.context() as patch:
            patch.setattr(raising, name, failing)
            ruth.submit()
    assert stored(stage)[0][1] == "open"
    for output in (stream.getvalue(), "".join(capfd.readouterr())):
        for kept in (SECRET, "U0DANA", "Dana", "U0RUTH", "Ruth", stage.sandbox.bot_token):
            assert kept not in output
    assert "a step was taken" in stream.getvalue()


@pytest.mark.parametrize("words", ["x" * 301, "   ", "…", "\u200b"])
def test_what_slack_would_not_let_through_is_refused_beside_the_field(stage: Stage, words: str) -> None:
    flagged(stage)
    filled_in(stage, "…").submit()
    sent = stage.client.envelopes("interactive")[-1]
    state = {"values": {WORDS: {WORDS: {"type": "plain_text_input", "value": words}}}}
    answer = replay(stage, sent, view={**sent["payload"]["view"], "state": state})
    assert answer is not None
    assert set(answer["errors"]) == {WORDS}
    assert stored(stage) == []


def test_while_slack_is_down_the_message_waits_and_then_comes_once(stage: Stage) -> None:
    flagged(stage)
    dana, ruth = filled_in(stage), stage.person("Ruth")
    dana.submit()
    dana.wait_for_view("Raised with")
    before = len(ruth.dms())
    stage.client.fault("error", method="chat.postMessage", error="internal_error")
    stage.at(TUESDAY_MORNING)
    assert letters(stage) == ["waiting"]
    stage.client.clear_faults()
    let_leases_run_out(stage)
    stage.tick()
    stage.tick()
    assert letters(stage) == ["sent"]
    assert [message.text for message in ruth.dms()[before:]].count(ruth.dms()[-1].text) == 1
    assert "Dana Ito asks for your help" in ruth.dms()[-1].text


def test_with_several_leaders_whoever_is_chosen_is_asked_and_nobody_else(stage: Stage) -> None:
    flagged(stage, "Ruth Meyer", "Mei Tanaka")
    dana = filled_in(stage, button="Raise purpose with a leader")
    assert dana.submit().errors == {"With whom?": "Please complete this required field."}
    dana.choose("With whom?", "Mei Tanaka")
    assert dana.submit().errors == {}
    dana.wait_for_view("Raised with Mei Tanaka")
    stage.at(TUESDAY_MORNING)
    assert "Dana Ito asks for your help with purpose in Vision" in stage.person("Mei").dms()[-1].text
    assert not any("asks for your help" in message.text for message in stage.person("Ruth").dms())
    sent = stage.client.envelopes("interactive")[-1]
    view = sent["payload"]["view"]
    for chosen in ("99", "x", "１", "9" * 30):
        state = view["state"]["values"] | {
            "request_leader": {"request_leader": {"type": "radio_buttons", "selected_option": {"value": chosen}}}
        }
        answer = replay(stage, sent, view={**view, "state": {"values": state}})
        assert answer is not None
        assert set(answer["errors"]) == {"request_leader"}
    assert len(stored(stage)) == 1


def test_where_nobody_is_above_nothing_is_offered(backstage: Stage) -> None:
    backstage.put_team()
    purpose_was_lost(backstage)
    backstage.at(MONDAY)
    message = backstage.person("Dana").dms()[-1]
    assert ":triangular_flag_on_post: *Purpose" in message.text
    assert "What you cannot change yourself is in the leaders' hands" in message.text
    assert not any("Raise" in button for button in message.buttons)


def test_a_manager_who_leads_the_department_alone_is_not_offered_to_ask_themselves(backstage: Stage) -> None:
    flagged(backstage, "Dana Ito")
    dana, sam = ([m for m in backstage.person(who).dms() if "*Try:*" in m.text][-1] for who in ("Dana", "Sam"))
    assert not any("Raise" in button for button in dana.buttons)
    assert "Raise purpose with Dana Ito" in sam.buttons
