"""Whoever forges a payload is nobody else than before, and a button that leads nowhere says so."""

import json

from bot.views import questions, setup
from bot.views.asking import OPEN_FORM
from bot.views.vocabulary import actions, button
from storage.pulses import changes
from tests.journeys.steps import fill_in_set_up, invite, page_after, replay, said
from tests.support.running_murmur import Stage

NOT_ALLOWED = "Only Murmur's admins can do this: Ruth Meyer."


def give_button(stage: Stage, who: str, action_id: str, value: str = "1") -> None:
    """Put a button before somebody that Murmur would never show them."""
    stage.murmur.client.chat_postMessage(
        channel=stage.person(who).id, text="-", blocks=[actions(button("Forged", action_id, value=value))]
    )


def test_an_admins_buttons_do_nothing_for_anybody_else(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    for who in ("Priya", "Dana", "Mei"):
        person = stage.person(who)
        assert said(person, "/pulse pause").startswith(NOT_ALLOWED)
        for action in (setup.SET_UP, questions.ADD, questions.CHOOSE_SET, questions.EDIT, questions.RETIRE):
            give_button(stage, who, action)
            person.press("Forged")
            if person.views:
                assert NOT_ALLOWED in person.view.text
                person.close_view(everything=True)
            else:
                assert "Something went wrong" in person.ephemerals()[-1].text

    ruth = stage.person("Ruth")
    fill_in_set_up(ruth, "Mine", channel="vision", managers=["Priya Raman"])
    page_after(ruth)
    filled_in = stage.client.envelopes("interactive")[-1]
    ruth.submit()
    ruth.wait_for_view("Mine")
    previewed = stage.client.envelopes("interactive")[-1]
    ruth.close_view(everything=True)
    with stage.murmur.database.reading() as session:
        before = len(changes(session, 1))
    for sent in (filled_in, previewed):
        for forger in ("U0PRIYA", "U0DANA", "U0MEI"):
            answer = replay(stage, sent, user={"id": forger, "team_id": "T0LANTERN"})
            assert NOT_ALLOWED in json.dumps(answer)
    with stage.murmur.database.reading() as session:
        assert len(changes(session, 1)) == before


def test_a_button_that_leads_nowhere_gets_a_polite_private_answer(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    priya = stage.person("Priya")
    give_button(stage, "Priya", "promise.make", value="17")
    priya.press("Forged")
    assert "does nothing any more. Nothing was changed." in priya.ephemerals()[-1].text
    for value in ("0", "99999999999", "abc"):
        give_button(stage, "Priya", OPEN_FORM, value=value)
        priya.press("Forged")
        assert "You are not part of this round." in priya.wait_for_view("not part of this round").text
        priya.close_view()
    assert priya.trouble() == []
