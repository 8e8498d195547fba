"""A manager raises with a leader what the manager cannot change, and hears what came of it; so does the team, of a
promise alone.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.sandbox.person import Person
from bot.views import requests
from storage.tables import Request
from tests.bot.views.samples import mrkdwn
from tests.journeys.steps import close, invite, replay, week
from tests.journeys.test_member import stored_and_told
from tests.journeys.test_roles import give_button
from tests.support.flagged import LAST, purpose_was_lost
from tests.support.running_murmur import NEXT_MONDAY, VISION, Stage

MONDAY = week(LAST, NEXT_MONDAY)
TUESDAY_MORNING = MONDAY + timedelta(hours=14)
"""Nine in Berlin, where Ruth is."""

WORDS = "In your own words"
RAISE = "Raise purpose with Ruth Meyer"
NOT_YOURS = "Only those who get a team's digest can raise something for it"


@pytest.fixture
def flagged(stage: Stage) -> Stage:
    """Dana and Sam read a digest of Vision that flags purpose; Ruth leads the department above."""
    stage.put_team(part_of="Research", leaders=["Ruth Meyer"])
    purpose_was_lost(stage)
    stage.at(MONDAY)
    return stage


def rows(stage: Stage) -> list[tuple[str, str]]:
    """Words and state of every request there is."""
    with stage.murmur.database.reading() as session:
        return [(one.text, one.state) for one in session.exec(select(Request).order_by(col(Request.id)))]


def raise_it(stage: Stage, words: str) -> str:
    """Let Dana raise purpose with Ruth from her newest digest; the last page, as it reads."""
    dana = stage.person("Dana")
    dana.press(RAISE, dana.dms()[-1])
    dana.wait_for_view(WORDS)
    dana.fill(WORDS, words)
    outcome = dana.submit()
    assert outcome.acked
    assert not outcome.errors
    page = dana.wait_for_view("Raised with").text
    dana.close_view(everything=True)
    return page


def home_of(stage: Stage, who: str) -> str:
    """What somebody finds on Home above what is stored about them."""
    person = stage.person(who)
    person.open_home()
    return person.home().text.split("What Murmur stores about you")[0]


def promise_to_vision(ruth: Person, words: str) -> str:
    """Let Ruth answer with a promise; the last page, as it reads."""
    ruth.press("Promise something to Vision")
    ruth.wait_for_view(WORDS)
    ruth.fill(WORDS, words)
    assert ruth.submit().errors == {}
    page = ruth.wait_for_view("Promised to Vision").text
    ruth.close_view(everything=True)
    return page


def test_from_a_flag_to_the_leader_and_back_to_the_team(flagged: Stage) -> None:
    stage = flagged
    dana, ruth = stage.person("Dana"), stage.person("Ruth")
    assert ":triangular_flag_on_post: *Purpose is getting less clear.*" in dana.dms()[-1].text
    assert dana.dms()[-1].buttons[-2:] == ("Promise something", RAISE)
    assert ":triangular_flag_on_post:" not in ruth.dms()[-1].text
    assert "Purpose is mostly in the leaders' hands." in dana.dms()[-1].text
    dana.press(RAISE)
    form = dana.wait_for_view("*To Ruth Meyer, about purpose in Vision.*").text
    assert ":triangular_flag_on_post: *Purpose is getting less clear.* Flagged now;" in form
    assert "Ruth Meyer reads this now, or when their working day begins, with the flag." in form
    assert "Departments otherwise see a team's flag two working days after you." in form
    assert "*What could help:* " in form
    assert "What would help is with you" not in form
    assert dana.submit().errors == {WORDS: "Please complete this required field."}  # nothing stands there at first
    dana.fill(WORDS, "Vision cannot tell what we are building this for. Could you come and say?")
    assert dana.submit().errors == {}
    page = dana.wait_for_view("*Raised with Ruth Meyer:* “Vision cannot tell what").text
    assert "Ruth Meyer gets a direct message from Murmur in working hours" in page
    dana.close_view()
    dana.wait_until(lambda: "no answer yet" in dana.home().text or None, "the request on Home")
    assert "You raised purpose with Ruth Meyer on 13 April: no answer yet." in home_of(stage, "Dana")
    assert RAISE not in dana.home().buttons

    before = len(ruth.dms())
    stage.tick()
    assert len(ruth.dms()) == before  # it is evening in Berlin
    stage.at(TUESDAY_MORNING)
    stage.tick()
    asked = ruth.dms()[-1]
    assert len(ruth.dms()) == before + 1
    assert asked.notification == "A manager asks for your help"
    assert "*Dana Ito asks for your help with purpose in Vision.*" in asked.text
    assert ":triangular_flag_on_post: *Purpose is getting less clear.*" in asked.text
    assert "“Vision cannot tell what we are building this for. Could you come and say?”" in asked.text
    assert asked.buttons == ("Promise something to Vision", "Not possible now")
    assert "*Dana Ito asked you on 13 April, about purpose in Vision:*" in home_of(stage, "Ruth")
    assert "Dana Ito asked" not in home_of(stage, "Priya") + home_of(stage, "Sam")

    ruth.press("Promise something to Vision", asked)
    form = ruth.wait_for_view("*Dana Ito asks, for Vision:* “Vision cannot tell").text
    assert "The team reads this word for word, with your name." in form
    assert "*What could help:*" in form
    ruth.fill(WORDS, "I come on Thursday and say what we bet on.")
    assert ruth.submit().errors == {}
    page = ruth.wait_for_view("*Promised to Vision:* “I come on Thursday and say what we bet on”.").text
    assert "Dana Ito and Sam Okoye find it in the next digest." in page
    ruth.close_view(everything=True)
    assert rows(stage)[0][1] == "promised"
    for button in asked.buttons:  # of the message, which stays
        ruth.press(button, asked)
        answer = ruth.wait_for_view("Ruth Meyer promised Vision: “I come on Thursday and say what we bet on”.").text
        assert WORDS not in answer
        ruth.close_view()
    assert "asked you on" not in home_of(stage, "Ruth")
    assert "*Vision.* *Your promise* (14 April): “I come on Thursday and say what we bet on”." in home_of(stage, "Ruth")
    assert "*Ruth Meyer* promised on 14 April: “I come on Thursday" in home_of(stage, "Priya")

    invite(stage, LAST + 1)
    close(stage, LAST + 1)
    told = (
        "You raised purpose with Ruth Meyer on 13 April."
        " Ruth Meyer promised Vision: “I come on Thursday and say what we bet on”."
    )
    assert told in dana.dms()[-1].text
    assert "*Ruth Meyer's promise*" not in dana.dms()[-1].text  # it is told once
    assert "*Ruth Meyer's promise* (14 April)" in stage.person("Sam").dms()[-1].text
    assert "You raised" not in stage.person("Sam").dms()[-1].text
    assert "Done" not in stage.person("Sam").dms()[-1].buttons
    ruth.press("Done", ruth.dms()[-1])
    ruth.wait_for_view("Marked as kept on 20 April.")
    ruth.close_view()
    invite(stage, LAST + 2)
    assert all(
        "Ruth Meyer promised “I come on Thursday and say what we bet on”" in stage.person(who).dms()[-1].text
        for who in VISION
    )
    assert all("Dana Ito" not in stage.person(who).dms()[-1].text.split("Read as a group")[0] for who in VISION)


def test_a_leader_says_why_not_and_the_manager_alone_reads_it(flagged: Stage) -> None:
    stage = flagged
    raise_it(stage, "Please come by.")
    stage.at(TUESDAY_MORNING)
    ruth, dana = stage.person("Ruth"), stage.person("Dana")
    ruth.press("Not possible now")
    ruth.wait_for_view("*Dana Ito asked, for Vision:* “Please come by”.")
    ruth.fill("Why not?", "…")
    assert ruth.submit().errors == {"Why not?": "Write why not, in a sentence."}
    ruth.fill("Why not?", "The board decides in May; I come then.")
    assert ruth.submit().errors == {}
    page = ruth.wait_for_view("*Not possible now:* “The board decides in May; I come then”.").text
    assert "The team does not see it." in page
    ruth.close_view(everything=True)
    for button in ("Promise something to Vision", "Not possible now"):  # of the message, which stays
        ruth.press(button, ruth.dms()[-1])
        ruth.wait_for_view("Not possible now: “The board decides in May; I come then”.")
        ruth.close_view()
    home_of(stage, "Dana")
    assert not any("Raise purpose" in button for button in dana.home().buttons)
    invite(stage, LAST + 1)
    close(stage, LAST + 1)
    assert not any("Raise purpose" in button for button in dana.dms()[-1].buttons)
    told = "You raised purpose with Ruth Meyer on 13 April. Not possible now: “The board decides in May; I come then”."
    assert told in dana.dms()[-1].text
    invite(stage, LAST + 2)
    everything = json.dumps([[m.raw for m in stage.person(who).dms()] for who in (*VISION, "Sam")], ensure_ascii=False)
    assert "The board decides" not in everything + home_of(stage, "Priya") + home_of(stage, "Sam")
    assert "Please come by" not in everything


def test_silence_is_told_with_how_long_it_has_been_until_the_request_is_taken_back(flagged: Stage) -> None:
    stage = flagged
    dana, ruth = stage.person("Dana"), stage.person("Ruth")
    raise_it(stage, "Please come by.")
    stage.at(TUESDAY_MORNING)
    for number, said in ((1, "on 13 April: no answer yet."), (2, "on 13 April. 2 rounds since, and no answer yet.")):
        invite(stage, LAST + number)
        close(stage, LAST + number)
        assert f"You raised purpose with Ruth Meyer {said}" in dana.dms()[-1].text
        assert "*Dana Ito asked you on 13 April, about purpose in Vision:* “Please come by”." in ruth.dms()[-1].text
        assert "Not possible now" in ruth.dms()[-1].buttons
    assert "“Please come by”. 2 rounds since, and no answer yet." in ruth.dms()[-1].text
    dana.open_home()
    dana.press("Take it back", where="home")
    dana.wait_for_view("Taken back on 27 April.")
    dana.close_view()
    ruth.press("Promise something to Vision", ruth.dms()[-1])
    ruth.wait_for_view("Taken back on 27 April.")
    ruth.close_view()
    assert "asked you on" not in home_of(stage, "Ruth")
    assert "You raised" not in home_of(stage, "Dana")
    assert rows(stage) == [("Please come by.", "taken back")]


def test_the_same_form_counts_once_and_an_old_button_shows_what_waits(flagged: Stage) -> None:
    stage = flagged
    dana = stage.person("Dana")
    raise_it(stage, "Please come by.")
    sent = stage.client.envelopes("interactive")[-1]
    assert "it counts once." in json.dumps(replay(stage, sent), ensure_ascii=False)
    dana.press(RAISE, dana.dms()[-1])
    assert "You raised purpose on 13 April; it counts once." in dana.wait_for_view("Raised with Ruth").text
    dana.press("Take it back")
    dana.wait_for_view("Taken back on 13 April.")
    dana.close_view()
    assert rows(stage) == [("Please come by.", "taken back")]
    before = len(stage.person("Ruth").dms())
    stage.at(TUESDAY_MORNING)
    assert len(stage.person("Ruth").dms()) == before  # nothing is asked of anybody any more


def test_nobody_else_raises_answers_or_takes_back(flagged: Stage) -> None:
    stage = flagged
    dana = stage.person("Dana")
    raise_it(stage, "Please come by.")
    sent = stage.client.envelopes("interactive")[-1]
    stage.at(TUESDAY_MORNING)
    place = json.loads(sent["payload"]["view"]["private_metadata"])["place"]
    with_this = json.loads(sent["payload"]["view"]["private_metadata"])
    for who in ("Priya", "Sam", "Mei", "Ruth"):
        person = stage.person(who)
        actions = [requests.TAKE_BACK, requests.PROMISE, requests.DECLINE] if who != "Ruth" else [requests.TAKE_BACK]
        forged = [(action, "1") for action in actions]
        forged += [(requests.RAISE, place)] if who != "Sam" else []
        for action, value in forged:
            give_button(stage, who, action, value)
            person.press("Forged")
            person.wait_for_view("Only those who get a team's digest")
            person.close_view()
    for value in (
        "-",
        "1",
        f"{place}:1",
        place.replace("purpose", "burnout"),
        place.replace("purpose", "'; --"),
        "9:9:purpose",
    ):
        give_button(stage, "Dana", requests.RAISE, value)
        dana.press("Forged")
        dana.wait_for_view(NOT_YOURS)
        dana.close_view()
    for changed in ({"leader_id": 2}, {"leader_id": 999_999}):
        answer = _replayed(stage, sent, with_this | changed | {"form_key": "forged"})
        assert "Who leads there has changed meanwhile" in answer
    for metadata in ("", "[]", "{}"):
        assert NOT_YOURS in _replayed(stage, sent, metadata)
    assert rows(stage) == [("Please come by.", "open")]


def _replayed(stage: Stage, sent: dict[str, Any], metadata: Any) -> str:
    written = metadata if isinstance(metadata, str) else json.dumps(metadata)
    view = {**sent["payload"]["view"], "private_metadata": written}
    return json.dumps(replay(stage, sent, view=view), ensure_ascii=False)


def test_what_is_typed_can_do_nothing_but_be_read(flagged: Stage) -> None:
    stage = flagged
    typed = "<!channel> <@U0PRIYA> *loud* https://evil.example “ended” `code`"
    raise_it(stage, typed)
    stage.at(TUESDAY_MORNING)
    posted = "\n".join(mrkdwn(stage.person("Ruth").dms()[-1].raw["blocks"]))
    assert "&lt;!channel&gt; &lt;@U0PRIYA&gt;" in posted
    for harmful in ("<!channel>", "https://evil", "*loud*", "“ended”"):
        assert harmful not in posted
    assert rows(stage) == [(typed, "open")]


def test_both_find_the_request_among_what_is_stored_about_them(flagged: Stage) -> None:
    stage = flagged
    raise_it(stage, "Please come by.")
    stage.at(TUESDAY_MORNING)
    for who in ("Dana", "Ruth"):
        kept, told = stored_and_told(stage, who)
        assert "Request to a leader" in kept
        assert told >= kept
    stage.person("Ruth").open_home()
    assert "“Please come by”, about Purpose, by Dana Ito for Vision on 13 April. No answer yet." in (
        stage.person("Ruth").home().text
    )
