"""The app as a whole: whatever arrives gets a polite, private answer, and what is forged changes nothing."""

from typing import Any

import pytest

from bot import answering, app, home, preferences
from bot.managing import command, setup
from bot.views import home as home_views
from bot.views.asking import NO_REMINDERS
from bot.views.inputs import field as input_block
from bot.views.inputs import text_input
from bot.views.vocabulary import actions, button, modal, section
from bot.views.wording import Wording
from tests.support.running_murmur import TUESDAY, Stage, everything

Json = dict[str, Any]

GONE = "does nothing any more"
TROUBLE = (
    "Something went wrong. Nothing that Murmur has confirmed is lost. Type /pulse to see where things stand; if it was"
    " not done, try again in a minute."
)
NOT_ALLOWED = "Only Murmur's admins can do this"


def show(stage: Stage, who: str, action_id: str, value: str = "1") -> None:
    """Put a button before somebody that Murmur would not show them now."""
    blocks = [actions(button("Press me", action_id, value=value))]
    stage.murmur.client.chat_postMessage(channel=stage.person(who).id, text="-", blocks=blocks)


def open_window(stage: Stage, who: str, callback_id: str, *, with_field: bool) -> None:
    """Put a form before somebody that Murmur would not show them, with a button that no part knows."""
    person = stage.person(who)
    show(stage, who, NO_REMINDERS)
    person.press("Press me")
    trigger = stage.client.envelopes("interactive")[-1]["payload"]["trigger_id"]
    blocks = [section(Wording().say("Hello.")), actions(button("Or me", "of.an.earlier.version", value="1"))]
    if with_field:
        blocks.append(input_block("Name", text_input("name", max_length=50), block_id="name", optional=True))
    view = modal("Form", blocks, callback_id=callback_id, submit="Send", close="Close")
    stage.murmur.client.views_open(trigger_id=trigger, view=view)
    person.wait_for_view("Or me")


def fail(*_: object, **__: object) -> Any:
    """A part that is broken."""
    raise ConnectionError("broken")


def test_a_button_that_no_part_knows_gets_a_private_answer(stage: Stage) -> None:
    show(stage, "Priya", "of.an.earlier.version")
    before = everything(stage)
    priya = stage.person("Priya")
    outcome = priya.press("Press me")
    assert outcome.acked
    assert GONE in priya.wait_for_message(GONE).text
    assert [message.text for message in priya.ephemerals()] == [priya.wait_for_message(GONE).text]
    assert GONE not in "".join(message.text for message in priya.dms())
    assert everything(stage) == before


def test_a_button_in_a_window_that_no_part_knows_is_answered_in_a_window(stage: Stage) -> None:
    open_window(stage, "Ruth", "questionnaire", with_field=True)
    ruth = stage.person("Ruth")
    ruth.press("Or me")
    ruth.wait_for_view(GONE)


def test_a_button_at_home_that_no_part_knows_is_answered_in_a_window(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_views, "REMINDERS_OFF", "of.an.earlier.version")
    stage.set_up_team()
    priya = stage.person("Priya")
    priya.open_home()
    priya.press("Switch reminders off", where="home")
    priya.wait_for_view(GONE)


@pytest.mark.parametrize("with_field", [True, False])
def test_a_form_that_no_part_knows_is_answered_in_its_place(stage: Stage, with_field: bool) -> None:
    open_window(stage, "Ruth", "of an earlier version", with_field=with_field)
    before = everything(stage)
    ruth = stage.person("Ruth")
    outcome = ruth.submit()
    assert outcome.acked
    assert outcome.trouble == ""
    ruth.wait_for_view(GONE)
    assert everything(stage) == before


def test_a_command_that_breaks_is_answered_privately(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ruth = stage.person("Ruth")
    with monkeypatch.context() as patch:
        patch.setattr(command, "standings", fail)
        ruth.command("/pulse")
        assert TROUBLE in ruth.wait_for_message(TROUBLE).text
    assert ruth.trouble() == []
    ruth.command("/pulse")
    assert TROUBLE not in ruth.ephemerals()[-1].text


def test_a_button_that_breaks_is_answered_privately_and_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.set_up_team()
    stage.at(TUESDAY)
    before = everything(stage)
    priya = stage.person("Priya")
    with monkeypatch.context() as patch:
        patch.setattr(answering, "find_actor", fail)
        priya.press("Answer or change")
        assert priya.wait_for_message(TROUBLE).ephemeral
    assert everything(stage) == before
    stage.answer("Priya")


def test_a_button_at_home_that_breaks_is_answered_in_a_window(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.set_up_team()
    priya = stage.person("Priya")
    priya.open_home()
    with monkeypatch.context() as patch:
        patch.setattr(preferences, "find_actor", fail)
        priya.press("Switch reminders off", where="home")
        priya.wait_for_view(TROUBLE)


def test_a_form_that_breaks_stays_open_with_everything_in_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.set_up_team()
    stage.at(TUESDAY)
    priya = stage.open_form("Priya")
    question = priya.view.fields[0].block_id
    priya.choose(question, "Agree")
    priya.fill("A comment", "I would hate to type this again.")
    before = everything(stage)
    with monkeypatch.context() as patch:
        patch.setattr(answering, "find_actor", fail)
        outcome = priya.submit()
    assert outcome.acked
    assert outcome.trouble == ""
    assert list(outcome.errors.values()) == [TROUBLE]
    assert "I would hate to type this again." in priya.view.text
    assert everything(stage) == before
    assert priya.submit().errors == {}
    priya.wait_for_view("Thank you")


def test_a_form_without_fields_that_breaks_says_so_over_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ruth = stage.person("Ruth")
    ruth.command("/pulse setup", effect=False)
    ruth.wait_for_view("Team name")
    ruth.fill("Team name", "Vision")
    ruth.pick("Who is on the team: everybody in a channel", "vision")
    ruth.pick("Managers: who reads the results", "Dana Ito")
    ruth.submit()
    ruth.wait_for_view("would be asked")
    with monkeypatch.context() as patch:
        patch.setattr(setup, "form_of_admin", fail)
        assert ruth.submit().trouble == ""
        ruth.wait_for_view(TROUBLE)
    ruth.close_view()
    ruth.wait_for_view("would be asked")
    ruth.submit()
    ruth.wait_for_view("is set up")


def test_what_breaks_after_it_was_acknowledged_is_told_in_a_window(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruth = stage.person("Ruth")
    ruth.command("/pulse setup", effect=False)
    ruth.wait_for_view("Team name")
    ruth.fill("Team name", "Vision")
    ruth.pick("Who is on the team: everybody in a channel", "vision")
    ruth.pick("Managers: who reads the results", "Dana Ito")
    with monkeypatch.context() as patch:
        patch.setattr(setup, "preview_of", fail)
        outcome = ruth.submit()
        assert outcome.acked
        ruth.wait_for_view(TROUBLE)
    assert everything(stage)["pulse"] == []


def test_a_home_that_breaks_breaks_nothing_else(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    priya = stage.person("Priya")
    with monkeypatch.context() as patch:
        patch.setattr(home, "publish_home", fail)
        assert priya.open_home(effect=False).acked
    priya.open_home()
    assert "Murmur holds no answers" in priya.home().text


def test_murmur_goes_on_when_not_even_the_apology_arrives(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ruth = stage.person("Ruth")
    with monkeypatch.context() as patch:
        patch.setattr(command, "standings", fail)
        patch.setattr(app, "_say_privately", fail)
        assert ruth.command("/pulse", effect=False).acked
    ruth.command("/pulse")
    assert ruth.ephemerals() != []
