"""A manager promises something, the team hears of it, and hears what became of it; and nobody else can."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.sandbox.person import Person
from bot.views import promises, promising
from storage.tables import Promise
from tests.journeys.steps import answer_all, close, invite, replay, set_up, week, with_newcomers
from tests.journeys.test_member import stored_and_told
from tests.journeys.test_roles import give_button
from tests.support.running_murmur import NEXT_MONDAY, OPENING, TUESDAY, VISION, Stage, running_murmur

WORDS = "In your own words"
PROMISED = "Dana Ito promised “No deploys after Thursday noon”."
NOT_YOURS = "Only those who get a team's digest can promise it something"


def digest_of_vision(stage: Stage) -> None:
    """Vision has been asked once, and its managers have read what it said."""
    stage.set_up_team()
    invite(stage)
    answer_all(stage, VISION[:8])
    close(stage)


def promise(stage: Stage, who: str, words: str) -> str:
    """Promise something in one's own words, from the newest digest; the last page, as it reads."""
    person = stage.person(who)
    newest = person.dms()[-1]
    person.press("Promise something else" if "Promise something else" in newest.buttons else "Promise something")
    person.wait_for_view(WORDS)
    person.fill(WORDS, words)
    outcome = person.submit()
    assert outcome.acked
    assert not outcome.errors
    said = person.wait_for_view("Promised to").text
    person.close_view(everything=True)
    return said


def rows(stage: Stage) -> list[tuple[str, str]]:
    """Words and state of every promise there is."""
    with stage.murmur.database.reading() as session:
        return [(one.text, one.state) for one in session.exec(select(Promise).order_by(col(Promise.id)))]


def wait_for_home(person: Person, words: str) -> None:
    """Wait until Murmur has made somebody's Home anew, with these words on it."""
    person.wait_until(lambda: words in person.home().text or None, f"a Home with '{words}'")


def home_of(stage: Stage, who: str) -> str:
    """What somebody finds on Home."""
    person = stage.person(who)
    person.open_home()
    return person.home().text


def test_from_the_digest_to_the_team_and_back(stage: Stage) -> None:
    digest_of_vision(stage)
    dana, priya = stage.person("Dana"), stage.person("Priya")
    assert dana.dms()[-1].buttons == ("Promise something", "Full report")
    dana.press("Promise something")
    form = dana.wait_for_view("The digest suggests:")
    assert "Everybody who is asked in *Vision* reads it, and later what became of it." in form.text
    assert "Your team reads this word for word, with your name." in form.text
    assert dana.submit().errors == {WORDS: "Write what you promise, or choose the suggestion."}
    dana.fill(WORDS, "No deploys after Thursday noon.")
    dana.choose("What do you promise?", "This suggestion, word for word")
    assert "take one of the two" in dana.submit().errors[WORDS]
    assert "No deploys after Thursday noon." in dana.view.text  # nothing is lost
    dana.choose("What do you promise?", "My own words, below")
    assert dana.submit().errors == {}
    page = dana.wait_for_view("*Promised to Vision:* “No deploys after Thursday noon”.").text
    assert "on Murmur's Home now, and in its next invitation, on Tuesday 10 March." in page
    assert "Sam Okoye finds it in the next digest." in page
    dana.close_view()
    wait_for_home(dana, "*Your promise* (9 March): “No deploys after Thursday noon”.")

    assert "*Dana Ito* promised on 9 March: “No deploys after Thursday noon”. Still to be done." in home_of(
        stage, "Priya"
    )
    invite(stage, 1)
    invitations = {who: stage.person(who).dms()[-1] for who in VISION}
    assert all(f"Since last time: {PROMISED}" in one.text for one in invitations.values())
    assert invitations["Priya"].notification == "Murmur: 4 short questions"
    answer_all(stage, VISION[:7])
    close(stage, 1)
    since = "(9 March): “No deploys after Thursday noon”. One round since: too early to say; four to eight are usual."
    assert f"*Your promise* {since}" in dana.dms()[-1].text
    of_sam = stage.person("Sam").dms()[-1]
    assert f"*Dana Ito's promise* {since}" in of_sam.text
    assert of_sam.buttons == ("Promise something", "Full report")

    dana.press("Done", dana.dms()[-1])
    assert "Vision reads that on Murmur's Home, and in its next invitation." in dana.wait_for_view("Marked as").text
    dana.press("Undo")
    dana.wait_for_view("Still to be done.")
    dana.close_view()
    wait_for_home(dana, "[Done]")
    dana.press("Done", where="home")
    dana.wait_for_view("Marked as kept on 16 March.")
    dana.close_view()
    wait_for_home(dana, "Done 16 March.")
    assert "Marked as kept on 16 March." in home_of(stage, "Priya")
    invite(stage, 2)
    told = "Since last time: “No deploys after Thursday noon”, promised by Dana Ito, is marked as kept."
    assert all(told in stage.person(who).dms()[-1].text for who in VISION)
    dana.press("Undo", where="home")  # the team has been told
    dana.wait_for_view("This cannot be undone any more")
    dana.close_view()
    close(stage, 2)
    assert "Done 16 March. One round since: too early to say" in dana.dms()[-1].text
    invite(stage, 3)
    assert "Since last time" not in priya.dms()[-1].text
    assert "Marked as kept on 16 March." in home_of(stage, "Priya")
    assert "Marked as kept" not in home_of(stage, "Dana").split("What Murmur stores")[0]
    stage.at(week(11, NEXT_MONDAY))  # ten weeks after it was kept
    assert "Thursday noon" not in home_of(stage, "Priya")


def test_the_suggestion_is_promised_with_two_taps_and_taken_back_as_easily(stage: Stage) -> None:
    digest_of_vision(stage)
    dana = stage.person("Dana")
    dana.open_home()
    dana.press("Promise something", where="home")
    suggested = dana.wait_for_view("The digest suggests:").text.split("suggests:* ")[1].splitlines()[0]
    dana.choose("What do you promise?", "This suggestion, word for word")
    assert dana.submit().errors == {}
    dana.wait_for_view(f"*Promised to Vision:* “{suggested.rstrip('.')}”.")
    assert rows(stage) == [(suggested, "open")]
    dana.press("Take it back")
    assert "Vision sees nothing of it any more." in dana.wait_for_view("Taken back").text
    dana.close_view()
    assert "promised on" not in home_of(stage, "Priya")
    invite(stage, 1)
    assert "Since last time" not in stage.person("Priya").dms()[-1].text


def test_a_promise_is_replaced_by_a_new_one_and_the_team_reads_both(stage: Stage) -> None:
    digest_of_vision(stage)
    promise(stage, "Dana", "No deploys after Thursday noon.")
    invite(stage, 1)
    close(stage, 1)
    dana = stage.person("Dana")
    dana.press("Promise something else")
    dana.wait_for_view("It takes the place of what you promised on 9 March: “No deploys after Thursday noon”.")
    dana.close_view()
    promise(stage, "Dana", "No deploys on Fridays.")
    assert rows(stage) == [("No deploys after Thursday noon.", "replaced"), ("No deploys on Fridays.", "open")]
    invite(stage, 2)
    told = "Dana Ito promised “No deploys on Fridays”, instead of “No deploys after Thursday noon”."
    assert told in stage.person("Kofi").dms()[-1].text


def test_the_same_form_counts_once_and_the_same_words_do_too(stage: Stage) -> None:
    digest_of_vision(stage)
    first = promise(stage, "Dana", "No deploys after Thursday noon.")
    sent = stage.client.envelopes("interactive")[-1]
    again = json.dumps(replay(stage, sent), ensure_ascii=False)
    assert "You had promised this before; it counts once." in again
    assert "counts once" in promise(stage, "Dana", "No deploys after Thursday noon.")
    assert "counts once" not in first
    assert rows(stage) == [("No deploys after Thursday noon.", "open")]
    state = {"values": {promising.WORDS: {promising.WORDS: {"type": "plain_text_input", "value": "Other words."}}}}
    replay(stage, sent, view={**sent["payload"]["view"], "state": state})
    assert rows(stage) == [("No deploys after Thursday noon.", "open")]


def test_what_is_promised_while_invitations_go_out_waits_for_the_next_so_that_all_read_the_same(stage: Stage) -> None:
    digest_of_vision(stage)
    stage.at(week(1, OPENING) + timedelta(minutes=1))  # ten in Auckland, early afternoon in Los Angeles
    will = stage.person("Will").dms()[-1]
    assert "Vision pulse: 4 questions" in will.text
    assert "in its next invitation, on Tuesday 17 March." in promise(stage, "Dana", "No deploys after Thursday noon.")
    stage.at(week(1, TUESDAY))
    assert not any("Since last time" in stage.person(who).dms()[-1].text for who in VISION)
    assert PROMISED.rstrip(".") not in home_of(stage, "Dana")  # she reads her own words elsewhere
    assert "Dana Ito* promised on 9 March" in home_of(stage, "Priya")
    close(stage, 1)
    invite(stage, 2)
    assert all(PROMISED in stage.person(who).dms()[-1].text for who in VISION)


def test_nobody_promises_or_ends_anything_for_a_team_they_do_not_read(database_url: str, tmp_path: Path) -> None:
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(8)) as stage:
        ruth, dana = stage.person("Ruth"), stage.person("Dana")
        extras = [f"Extra {number}" for number in range(1, 9)]
        people = [stage.person(who).name for who in VISION]
        set_up(ruth, "Vision", people=people, part_of="Research", leaders=["Sam Okoye"])
        set_up(ruth, "Speech", people=extras, managers=["Mei Tanaka"], part_of="Research")
        invite(stage)
        answer_all(stage, VISION[:7])
        close(stage)
        dana.press("Promise something")
        dana.wait_for_view(WORDS)
        pressed = stage.client.envelopes("interactive")[-1]["payload"]["actions"][0]
        dana.fill(WORDS, "No deploys after Thursday noon.")
        dana.submit()
        sent = stage.client.envelopes("interactive")[-1]
        dana.close_view(everything=True)
        before = rows(stage)
        assert before == [("No deploys after Thursday noon.", "open")]
        for who in ("Priya", "Mei", "Sam", "Ruth", "Extra 1"):
            intruder = stage.person(who)
            assert NOT_YOURS in json.dumps(replay(stage, _forged(sent), user=_as(intruder.id)))
            for action, value in (
                (promises.MAKE, pressed["value"]),
                (promises.DONE, "1"),
                (promises.TAKE_BACK, "1"),
                (promises.UNDO, "1"),
            ):
                give_button(stage, who, action, value)
                intruder.press("Forged")
                intruder.wait_for_view(NOT_YOURS)
                intruder.close_view()
        for value in ("", "1", "1:", "99:1", "1:99", "-1:1", "1:1:1", "１:１", "9" * 40, "'; --"):
            give_button(stage, "Dana", promises.MAKE, value or "-")
            dana.press("Forged")
            dana.wait_for_view(NOT_YOURS)
            dana.close_view()
        for metadata in ("", "{}", "[]", '{"unit_id": 99, "form_key": "f", "suggestion": ""}'):
            view = {**sent["payload"]["view"], "private_metadata": metadata}
            assert NOT_YOURS in json.dumps(replay(stage, sent, view=view))
        assert rows(stage) == before
        assert "Dana Ito* promised" in home_of(stage, "Priya")
        assert "Dana Ito" not in home_of(stage, "Extra 1")
        invite(stage, 1)
        assert PROMISED in stage.person("Priya").dms()[-1].text
        assert "Since last time" not in stage.person("Extra 1").dms()[-1].text


def _as(slack_id: str) -> dict[str, str]:
    return {"id": slack_id, "team_id": "T0LANTERN"}


def _forged(sent: dict[str, Any]) -> dict[str, Any]:
    """The same envelope with a form key that was never counted."""
    view = sent["payload"]["view"]
    about = json.loads(view["private_metadata"]) | {"form_key": "forged"}
    return {**sent, "payload": {**sent["payload"], "view": {**view, "private_metadata": json.dumps(about)}}}


def test_who_is_no_manager_any_more_leaves_a_promise_that_others_may_end(stage: Stage) -> None:
    digest_of_vision(stage)
    promise(stage, "Dana", "No deploys after Thursday noon.")
    dana, sam, ruth = stage.person("Dana"), stage.person("Sam"), stage.person("Ruth")
    assert "Done" not in _home_buttons(stage, "Sam")
    dana.press("Promise something")
    dana.wait_for_view(WORDS)
    dana.fill(WORDS, "Something else altogether.")
    people = [stage.person(who).name for who in VISION]
    set_up(ruth, "Vision", people=people, managers=["Sam Okoye"])
    dana.submit()
    dana.wait_for_view(NOT_YOURS)
    dana.close_view()
    give_button(stage, "Dana", promises.DONE, "1")
    dana.press("Forged")
    dana.wait_for_view(NOT_YOURS)
    dana.close_view()
    assert rows(stage) == [("No deploys after Thursday noon.", "open")]

    invite(stage, 1)
    assert PROMISED in stage.person("Priya").dms()[-1].text  # it is still hers
    close(stage, 1)
    assert "*Dana Ito's promise* (9 March): “No deploys after Thursday noon”. One round since" in sam.dms()[-1].text
    assert "Done" in _home_buttons(stage, "Sam")
    sam.press("Done", where="home")
    sam.wait_for_view("Marked as kept on 16 March.")
    sam.close_view()
    invite(stage, 2)
    assert "promised by Dana Ito, is marked as kept." in stage.person("Priya").dms()[-1].text
    kept, told = stored_and_told(stage, "Dana")
    assert "Promise you made" in kept
    assert told == kept


def _home_buttons(stage: Stage, who: str) -> tuple[str, ...]:
    person = stage.person(who)
    person.open_home()
    return person.home().buttons


def test_teams_that_are_asked_together_all_read_what_one_of_their_managers_promises(
    database_url: str, tmp_path: Path
) -> None:
    with running_murmur(database_url, tmp_path, workspace=with_newcomers(4)) as stage:
        ruth = stage.person("Ruth")
        few = (*VISION[:4], "Will")
        people = [stage.person(who).name for who in few]
        extras = [f"Extra {number}" for number in range(1, 5)]
        set_up(ruth, "Vision", people=people, part_of="Research")
        set_up(ruth, "Speech", people=extras, managers=["Mei Tanaka"], part_of="Research")
        invite(stage)
        answer_all(stage, few)
        close(stage)
        said = promise(stage, "Dana", "No deploys after Thursday noon.")
        assert "*Promised to Speech + Vision:*" in said
        assert "Mei Tanaka finds it in the next digest." in said
        invite(stage, 1)
        for who in (*few, *extras):
            assert PROMISED in stage.person(who).dms()[-1].text
            assert "Dana Ito* promised on 9 March" in home_of(stage, who)
        close(stage, 1)
        assert "*Dana Ito's promise*" in stage.person("Mei").dms()[-1].text


def test_what_is_typed_can_do_nothing_but_be_read(stage: Stage) -> None:
    digest_of_vision(stage)
    typed = "<!channel> <@U0PRIYA> *loud* https://evil.example “ended” `code`"
    promise(stage, "Dana", typed)
    invite(stage, 1)
    shown = stage.person("Priya").dms()[-1]
    posted = json.dumps(shown.raw["blocks"], ensure_ascii=False)
    assert "&lt;!channel&gt; &lt;@U0PRIYA&gt;" in posted
    assert "<!channel>" not in posted
    assert "https://evil" not in posted
    assert "*loud*" not in posted
    assert "“ended”" not in posted
    assert rows(stage) == [(typed, "open")]
