"""Slack, the network, the database or the key in trouble: nothing is lost, nothing counts twice, nobody is left
without a word.
"""

import shutil

import pytest
from sqlalchemy import text

from bot.doctor import examine
from storage.ballots import refuse_ballots
from surveys.rounds import State
from tests.journeys.steps import (
    answer_all,
    at_once,
    ballots_in_the_box,
    close,
    close_by_hand,
    invite,
    let_leases_run_out,
    said,
)
from tests.support.running_murmur import OPENING, TUESDAY, VISION, Stage


@pytest.fixture
def open_stage(stage: Stage) -> Stage:
    """Vision, asked and invited."""
    stage.set_up_team()
    invite(stage)
    return stage


def fill_in(stage: Stage, who: str, choice: str = "Agree") -> None:
    """Fill the form in, and leave it in front."""
    person = stage.open_form(who)
    for field in person.view.fields:
        if field.type == "radio_buttons":
            person.choose(field.block_id, choice)


def test_everybody_is_invited_once_whatever_slack_does(stage: Stage) -> None:
    stage.set_up_team()
    stage.at(OPENING)
    for kind, details in (
        ("500", {}),
        ("error", {"error": "service_unavailable"}),
        ("429", {"seconds": 30}),
        ("500", {}),
        ("slow", {"seconds": 0.3}),
    ):
        stage.client.fault(kind, method="chat.postMessage", **details)
        stage.at(TUESDAY)
        let_leases_run_out(stage)
    stage.tick()
    everybody = sorted(stage.person(who).id for who in VISION)
    assert sorted(receiver for receiver, _ in stage.sent("short questions")) == everybody
    assert sorted(receiver for receiver, _ in stage.sent("Hello from Murmur")) == everybody
    stage.client.fault("hang up after acting", method="chat.postMessage", times=2)
    close(stage)
    let_leases_run_out(stage)
    stage.tick()
    for reader in ("Dana", "Sam"):  # a second digest does no harm, a lost one does
        assert {message.notification for message in stage.person(reader).dms()} == {"Your Murmur digest is ready"}


def test_lost_doubled_and_overtaken_envelopes_count_as_one_answer(open_stage: Stage) -> None:
    stage = open_stage
    priya, kofi = stage.person("Priya"), stage.person("Kofi")
    fill_in(stage, "Priya", "Disagree")
    stage.client.fault("lose ack", method="interactive")
    assert priya.submit().trouble == "We had some trouble connecting. Try again?"
    assert "(x) Disagree" in priya.view.text
    stage.client.fault("duplicate envelope", method="interactive", times=2)
    assert not priya.submit().trouble
    assert "What you sent is sealed;" in priya.wait_for_view("sealed").text
    priya.close_view()
    assert len(ballots_in_the_box(stage)) == 1

    fill_in(stage, "Kofi")
    stage.client.drop_sockets()
    kofi.submit()  # whether it arrived or not, the window says
    stage.client.wait_for_connection()
    if "What you sent is sealed;" not in kofi.view.text:
        assert "(x) Agree" in kofi.view.text
        assert not kofi.submit().trouble
    assert "What you sent is sealed;" in kofi.wait_for_view("sealed").text
    kofi.close_view()

    late = ["Elif", "Linh"]
    for who in late:
        fill_in(stage, who)
    stage.client.fault("reorder envelopes", method="interactive", seconds=1)
    outcomes = at_once(lambda who: stage.person(who).submit(), late)
    assert [outcome.trouble for outcome in outcomes] == ["", ""]
    stage.client.fault("slow", method="views.open", seconds=0.5)
    answer_all(stage, ["Priya", "Will"])
    assert len(ballots_in_the_box(stage)) == 5
    close(stage)
    assert "Half to four fifths answered." in stage.person("Dana").dms()[-1].text


def test_a_busy_or_broken_database_leaves_the_form_as_it_is(open_stage: Stage) -> None:
    stage = open_stage
    database = stage.murmur.database
    priya = stage.person("Priya")
    fill_in(stage, "Priya")
    priya.fill("A comment", "a word")
    with database.transaction() as session:
        refuse_ballots(session, stage.rounds()[0].id)
        (busy,) = priya.submit().errors.values()
    assert "Your answers are still in this window: press Send again in a few seconds." in busy
    assert "(x) Agree" in priya.view.text
    assert "<a word>" in priya.view.text

    with database.transaction() as session:
        session.execute(text("ALTER TABLE slot RENAME TO elsewhere"))
    (broken,) = priya.submit().errors.values()
    assert broken == "Your answers could not be kept. They are still in this window: press Send again in a minute."
    with database.transaction() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO slot"))
    priya.submit()
    assert "What you sent is sealed;" in priya.wait_for_view("sealed").text
    assert [ballot.comment for ballot in ballots_in_the_box(stage)] == ["a word"]

    ruth = stage.person("Ruth")
    with database.transaction() as session:
        session.execute(text("ALTER TABLE pulse RENAME TO elsewhere"))
    assert said(ruth, "/pulse").startswith("Something went wrong. Nothing that Murmur has confirmed is lost.")
    assert ruth.trouble() == []
    with database.transaction() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO pulse"))
    assert "Vision pulse* is open until" in said(ruth, "/pulse")


def test_without_the_key_nobody_answers_and_the_round_can_be_called_off(open_stage: Stage) -> None:
    stage = open_stage
    ruth, priya, kofi = stage.person("Ruth"), stage.person("Priya"), stage.person("Kofi")
    answer_all(stage, VISION[2:])
    fill_in(stage, "Kofi")
    keys = stage.murmur.keys.path
    shutil.move(keys, keys.with_name("elsewhere"))
    priya.press("Answer or change")
    assert "Murmur cannot take answers at the moment." in priya.wait_for_view("cannot take").text
    priya.close_view()
    (lost,) = kofi.submit().errors.values()
    assert lost.startswith("Your answers could not be kept.")
    status = said(ruth, "/pulse")
    assert ":warning: The key of the open round is not where this Murmur looks for it" in status
    assert "/pulse close calls the round off" in status
    (finding,) = [f for f in examine(stage.murmur.settings) if f.what == "open rounds"]
    assert "1 of 1 cannot be answered" in finding.words

    shutil.rmtree(keys, ignore_errors=True)
    shutil.move(keys.with_name("elsewhere"), keys)
    kofi.submit()
    assert "What you sent is sealed;" in kofi.wait_for_view("sealed").text
    kofi.close_view()
    assert ":warning:" not in said(ruth, "/pulse")

    shutil.rmtree(keys)
    close(stage)
    assert stage.states() == [State.CLOSING]
    assert stage.sent("digest") == []
    assert ":warning: The key of the open round" in said(ruth, "/pulse")
    assert "The round of Vision is called off.* Nobody can read what was sent in it" in close_by_hand(ruth)
    assert stage.states()[0] is State.DISCARDED
    priya.press("Answer or change")
    assert "Whatever was sent in it has been deleted; nobody has read it." in priya.wait_for_view("called off").text
    invite(stage, 1)
    assert "Until Friday 13 March" in priya.dms()[-1].text


def test_a_key_that_is_not_the_rounds_own_is_as_good_as_none(open_stage: Stage) -> None:
    stage = open_stage
    (nonce,) = stage.murmur.keys.path.glob("*.nonce")
    kept = nonce.read_bytes()
    nonce.write_bytes(bytes(len(kept)))
    priya = stage.person("Priya")
    priya.press("Answer or change")
    assert "Murmur cannot take answers at the moment." in priya.wait_for_view("cannot take").text
    assert ":warning: The key of the open round" in said(stage.person("Ruth"), "/pulse")
    nonce.write_bytes(kept)
    assert ":warning:" not in said(stage.person("Ruth"), "/pulse")
