"""A member's way: hello, form, correction, close, what the team sees, and everything that can be declined."""

import json
from datetime import timedelta
from typing import Any

from bot.views.asking import NOT_FOR_ME
from storage.people import find_member
from tests.journeys.steps import answer_all, close, close_by_hand, invite, replay, rows_about, said, set_up, week
from tests.journeys.test_roles import give_button
from tests.support.running_murmur import FRIDAY, MONDAY, NEXT_MONDAY, OPENING, THURSDAY, TUESDAY, VISION, Stage

KEPT_AS = {
    "membership": "Team",
    "management": "Reads the results of",
    "rosterentry": "Counted in",
    "outboxmessage": "Messages to you",
    "pulse": "Named as the one who asks",
    "change": "Changes you made",
    "promise": "Promise you made",
    "request": "Request to a leader",
}
"""What Home calls the rows of each table about a person."""


def stored_and_told(stage: Stage, who: str) -> tuple[set[str], set[str]]:
    """What Home should list of somebody, going by the rows there are, and what it lists."""
    person = stage.person(who)
    person.open_home()
    stored = person.home().text.partition("What Murmur stores about you")[2]
    told = {line.split(":*")[0].lstrip("*") for line in stored.splitlines() if ":* " in line}
    with stage.murmur.database.reading() as session:
        member = find_member(session, "T0LANTERN", person.id)
        assert member is not None
        rows = rows_about(session, member)
        kept = {"Directory"} | {
            KEPT_AS[table] for table in rows
        }  # a KeyError here is a table that Home does not tell of
        dates = {"No reminders since": member.no_reminders_since, "Left out since": member.opted_out_on}
        kept |= {name for name, day in {**dates, "On a pause until": member.paused_until}.items() if day}
    return kept, told


def test_from_hello_to_the_results_of_the_team(stage: Stage) -> None:
    stage.set_up_team()
    stage.at(MONDAY + timedelta(hours=6))
    priya = stage.person("Priya")
    (hello,) = priya.dms()
    assert hello.notification == "Hello from Murmur: who asks, who reads, and what is protected"
    for words in (
        "Ruth Meyer has me ask Vision",
        "4 questions a week, one tap each, half a minute. Skip any or all. First: Tuesday 3 March, 10:00.",
        "Vision (9 people) is read as a group by Dana Ito and Sam Okoye, only if 5 or more answer.",
        "You see the same two working days later, on Murmur's Home.",
        "No list of who answered is kept.",
        "Whoever controls our server (it@lantern.example) could read an open round.",
    ):
        assert words in hello.text
    priya.press("How it works")
    assert "At the close they are opened, added up and deleted, and the key is destroyed." in priya.view.text
    priya.close_view()

    stage.at(week(0, OPENING))
    assert len(priya.dms()) == 1  # it is night where she is
    stage.at(TUESDAY)
    invitation = priya.dms()[-1]
    assert invitation.notification == "Murmur: 4 short questions"
    assert "Until Friday 6 March, 17:00, your time." in invitation.text
    assert "Until Friday 6 March, 11:00, your time." in stage.person("Tomás").dms()[-1].text
    assert invitation.buttons == ("Answer or change",)

    form = stage.open_form("Priya").view
    questions = [field for field in form.fields if field.type == "radio_buttons"]
    assert len(questions) == 4
    for field in questions:
        assert field.options[-1] == "Skip"
        assert len(field.options) == 6
    assert all(not (field.state or {}).get("selected_option") for field in questions)
    assert (
        "Sending again replaces everything you sent before in this round, questions left blank included." in form.text
    )
    assert "Read as a group by Dana Ito and Sam Okoye, only if 5 or more answer." in form.text
    outcome = priya.submit()  # blank
    assert outcome.acked
    blank = priya.wait_for_view("What you sent is sealed;").text
    priya.close_view()
    priya.press("Answer or change", invitation)
    for field in priya.wait_for_view("Sending again").fields[:3]:
        priya.choose(field.block_id, "Strongly agree")
    priya.fill("A comment", "x" * 501)
    assert priya.submit().errors == {"A comment, if you like": "Please use at most 500 characters."}
    priya.fill("A comment", "the on-call week was long")
    priya.submit()
    last = priya.wait_for_view("What you sent is sealed;").text
    assert last.split("Until then")[1] == blank.split("Until then")[1]
    assert "nothing in your history says that you answered" in last
    priya.close_view()
    again = stage.open_form("Priya").view
    assert again.text == form.text
    priya.close_view()

    answer_all(stage, VISION[1:6], "Disagree")
    answer_all(stage, ["Priya"], "Disagree")  # which replaces the rest
    stage.at(THURSDAY)
    reminder = "The Vision pulse closes on Friday at {}, your time. Everybody who wants reminders gets this"
    assert reminder.format("17:00") in priya.dms()[-1].text
    assert reminder.format("16:00") in stage.person("Kofi").dms()[-1].text
    stage.open_form("Priya")
    stage.at(FRIDAY)
    assert priya.submit().acked
    assert "This round has closed" in priya.wait_for_view("has closed").text
    priya.close_view()
    priya.press("Answer or change")
    assert "What you sent before the close counts" in priya.wait_for_view("has closed").text
    priya.close_view()

    stage.at(NEXT_MONDAY)
    priya.open_home()
    assert "What your team last said" not in priya.home().text
    assert "Next: Tuesday 10 March, 10:00." in priya.home().text
    stage.at(NEXT_MONDAY + timedelta(days=1, hours=13))
    priya.open_home()
    assert "What your team last said" not in priya.home().text
    stage.at(NEXT_MONDAY + timedelta(days=1, hours=16))  # Wednesday at nine, where the pulse is
    priya.open_home()
    assert "## What your team last said\n*Vision, 6 March: " in priya.home().text
    digest = stage.person("Dana").dms()[-1].text
    (words,) = [line for line in digest.splitlines() if line.startswith("*This round:* ")]
    assert words in priya.home().text
    assert "Half to four fifths answered." in priya.home().text


def test_who_is_not_asked_reads_why_and_a_manager_is_not_counted(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    priya, dana, mei = stage.person("Priya"), stage.person("Dana"), stage.person("Mei")
    priya.press("Answer or change")
    pressed = stage.client.envelopes("interactive")[-1]
    priya.wait_for_view("Sending again")
    priya.submit()
    submitted = stage.client.envelopes("interactive")[-1]
    for outsider in (dana, mei):
        page = replay(stage, submitted, user={"id": outsider.id, "team_id": "T0LANTERN"})
        assert "You are not part of this round." in json.dumps(page)
        assert "or reads its results" in json.dumps(page)
    for round_id in ("99", "-1", "1e3", "1" * 5000, "<@U0DANA>"):
        view = {**submitted["payload"]["view"], "private_metadata": round_id}
        assert "You are not part of this round." in json.dumps(replay(stage, submitted, view=view))
    values = submitted["payload"]["view"]["state"]["values"]
    (block, first), *_ = values.items()
    for forged in ({"selected_option": {"value": "6"}}, {"selected_option": {"value": "drop table"}}):
        state = {"values": {**values, block: {"answer": {**first["answer"], **forged}}}}
        refused = replay(stage, submitted, view={**submitted["payload"]["view"], "state": state})
        assert "What you sent is sealed" not in json.dumps(refused)
    assert pressed["acked"]
    dana.open_home()
    assert "No pulse is open for you." in dana.home().text
    assert "Answer or change" not in dana.home().buttons
    mei.open_home()
    assert mei.home().text.startswith("Nothing is being asked here. Murmur holds no answers.")


def test_everything_can_be_declined_and_taken_up_again(stage: Stage) -> None:
    stage.set_up_team()
    stage.at(MONDAY + timedelta(hours=6))
    kofi, elif_, amara = stage.person("Kofi"), stage.person("Elif"), stage.person("Amara")
    kofi.press("Not for me")
    assert "Murmur will not ask you again." in kofi.ephemerals()[-1].text
    elif_.open_home()
    elif_.press("Switch reminders off", where="home")
    amara.open_home()
    amara.press("Pause for 4 weeks", where="home")
    assert "You are on a pause until 30 March." in amara.home().text
    assert amara.home().buttons == ("How it works", "Switch reminders off", "End the pause", "Do not ask me")
    invite(stage)
    stage.at(THURSDAY)
    invited = {receiver for receiver, _ in stage.sent("short questions")}
    reminded = {receiver for receiver, _ in stage.sent("the pulse closes")}
    everybody = {stage.person(who).id for who in VISION}
    assert invited == everybody - {"U0KOFI", "U0AMARA"}
    assert reminded == invited - {"U0ELIF"}
    priya = stage.person("Priya")
    priya.press("No reminders")
    assert "No more reminders." in priya.ephemerals()[-1].text

    kofi.open_home()
    assert kofi.home().text.startswith("You asked Murmur to leave you out. Nothing is asked of you here.")
    kofi.press("Ask me again", where="home")
    assert "You asked Murmur" not in kofi.home().text
    amara.press("End the pause", where="home")
    elif_.press("Switch reminders on", where="home")
    close(stage)
    kofi.open_home()
    assert "Next: Tuesday 31 March, 10:00." in kofi.home().text  # he left before the roster was settled
    invite(stage, 1)
    stage.at(week(1, THURSDAY))
    assert "Vision pulse: 4 questions" in amara.dms()[-2].text
    assert "closes on Friday" in elif_.dms()[-1].text
    assert "closes on Friday" not in priya.dms()[-1].text
    priya.open_home()
    assert "Switch reminders on" in priya.home().buttons


def test_home_lists_every_row_that_is_kept_about_a_person(stage: Stage) -> None:
    stage.set_up_team(part_of="Research", leaders=["Sam Okoye"], managers=["Dana Ito"])
    for who in ("Priya", "Dana", "Sam", "Ruth"):
        kept, told = stored_and_told(stage, who)
        assert told == kept, who
    invite(stage)
    kept, told = stored_and_told(stage, "Priya")
    assert told == kept | {"Ballot box"}
    assert "Messages to you" in told
    priya = stage.person("Priya")
    assert "Priya Raman, U0PRIYA, Europe/Berlin and en-GB" in priya.home().text
    answered = stage.answer("Priya")
    assert answered.acked
    before = priya.home().text
    priya.open_home()
    assert priya.home().text == before  # Home does not know who answered
    priya.press("Switch reminders off", where="home")
    priya.press("Pause for 4 weeks", where="home")
    kept, told = stored_and_told(stage, "Priya")
    assert told == kept | {"Ballot box"}
    close(stage)
    for who in ("Priya", "Dana", "Sam", "Ruth", "Kofi"):
        kept, told = stored_and_told(stage, who)
        assert told == kept, who
    assert "Messages to you:* digest" in stage.person("Dana").home().text
    assert "Messages to you:* department digest" in stage.person("Sam").home().text
    assert "invitation" not in stage.person("Kofi").home().text  # deleted with the round


def test_who_joins_a_team_waits_for_its_next_roster_and_is_told_so(stage: Stage) -> None:
    ruth, mei = stage.person("Ruth"), stage.person("Mei")
    stage.set_up_team()
    invite(stage)
    names = [stage.person(who).name for who in VISION]
    set_up(ruth, "Vision", people=[*names, "Mei Tanaka"])
    stage.at(week(0, THURSDAY))
    assert "First: Tuesday 31 March, 10:00." in mei.wait_for_message("Hello Mei Tanaka").text
    stage.client.person("Mei").open_home()
    assert "Answer or change" not in mei.home().buttons
    assert "Next: Tuesday 31 March, 10:00." in mei.home().text
    for number in range(1, 5):
        close(stage, number - 1)
        invite(stage, number)
        assert ("Vision pulse: 4 questions" in mei.dms()[-1].text) is (number == 4)
    assert "With 10 people" in said(ruth, "/pulse")


def test_a_button_of_a_round_that_is_over_opens_the_form_of_the_one_that_asks_now(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    priya, ruth = stage.person("Priya"), stage.person("Ruth")
    first = priya.wait_for_message("pulse: 4 questions")
    priya.press("Answer or change", first)
    priya.wait_for_view("Sending again")
    priya.submit()
    sent = stage.client.envelopes("interactive")[-1]
    priya.close_view(everything=True)
    stage.open_form("Kofi")
    close(stage)
    invite(stage, 1)

    priya.press("Answer or change", first)
    form = priya.wait_for_view("That round is closed and counts")
    assert "That round is closed and counts; this is the form of the one that is open now." in form.text
    assert "Until Friday 13 March, 17:00, your time." in form.text
    newest = stage.rounds()[-1]
    assert {f.block_id for f in form.fields} == {"comment", *(f"question:{name}" for name in newest.item_ids)}
    assert priya.submit().acked
    priya.wait_for_view("What you sent is sealed")
    priya.close_view(everything=True)
    stage.answer("Priya", "Agree")
    priya.press("Answer or change", first)
    assert priya.wait_for_view("That round is closed").text == form.text  # it does not know who answered
    priya.close_view()

    kofi = stage.person("Kofi")  # he has had the form of the first round before him all the while
    assert kofi.submit().acked
    over = kofi.wait_for_view("This form is of a round that is over, so nothing in it was sent.")
    assert "Murmur writes to you" not in over.text
    kofi.press("Answer or change")
    assert "Until Friday 13 March" in kofi.wait_for_view("Sending again replaces everything").text
    assert "round that is over" not in kofi.view.text
    kofi.close_view(everything=True)
    by_mei = json.dumps(replay(stage, sent, user={"id": "U0MEI", "team_id": "T0LANTERN"}))
    assert "You are not part of this round." in by_mei
    assert "Answer or change" not in by_mei

    close_by_hand(ruth)
    second = priya.wait_for_message("Until Friday 13 March")
    priya.press("Answer or change", second)
    assert "This round was called off" in priya.wait_for_view("called off").text
    priya.close_view()
    said(ruth, "/pulse open")
    priya.press("Answer or change", second)
    reopened = priya.wait_for_view("Sending again replaces everything").text
    assert "That round was called off and deleted, unread; this is the form" in reopened
    priya.close_view()
    give_button(stage, "Priya", NOT_FOR_ME)
    priya.press("Forged")
    priya.press("Answer or change", second)
    assert "called off" in priya.wait_for_view("called off").text
    assert "Sending again" not in priya.view.text


def test_the_last_page_is_the_same_whatever_was_sent_or_left_blank(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    priya = stage.person("Priya")

    def acknowledged(choice: str, comment: str = "") -> dict[str, Any]:
        stage.open_form("Priya")
        for field in priya.view.fields:
            if field.type == "radio_buttons" and choice:
                priya.choose(field.block_id, choice)
        if comment:
            priya.fill("A comment", comment)
        sent = priya.submit()
        assert sent.acked
        answer = replay(stage, stage.client.envelopes("interactive")[-1])
        priya.close_view(everything=True)
        assert answer is not None
        return answer

    pages = {
        what: acknowledged(*what) for what in (("", ""), ("Skip", ""), ("Agree", ""), ("Disagree", ""), ("", "Hm."))
    }
    first, *others = pages.values()
    assert "What you sent is sealed; what you left out is not counted." in json.dumps(first)
    assert all(page == first for page in others)
