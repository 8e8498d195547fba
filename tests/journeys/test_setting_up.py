"""An admin's way from an empty workspace to a pulse: what the form refuses, what the preview promises."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from bot.sandbox.client import View
from storage.people import find_member, members_of_pulse
from storage.pulses import find_team, pulses_of_workspace
from storage.tables import Change, Membership, Pulse, RosterEntry, Team
from tests.journeys.steps import fill_in_set_up, invite, page_after, said, set_up
from tests.support.organisation import count
from tests.support.running_murmur import MONDAY, VISION, Stage


def test_an_admin_begins_with_one_button_and_nobody_else_may(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    nothing = said(ruth, "/pulse")
    assert "Nothing is being asked yet" in nothing
    assert "[Set up a pulse]" in nothing
    for word in ("open", "close", "pause", "resume", "questions", "schedule", "threshold", "threshold 7", "status"):
        assert said(ruth, f"/pulse {word}") == nothing
    assert "Did you mean `/pulse pause`?" in said(ruth, "/pulse paus")
    nonsense = said(ruth, "/pulse <!channel> xyzzy")
    assert "There is no `/pulse <!channel>`. This is what there is:" in nonsense
    for word in ("setup", "questions", "open", "close", "pause", "resume", "schedule", "threshold", "help"):
        assert f"`/pulse {word}`" in said(ruth, "/pulse help")

    assert said(stage.person("Dana"), "/pulse setup").startswith("Only Murmur's admins can do this: Ruth Meyer.")
    assert stage.person("Dana").views == []
    ruth.press("Set up a pulse")
    assert ruth.wait_for_view("Team name").title == "Set up a pulse"


def test_the_form_says_what_is_wrong_beside_the_field_and_keeps_what_was_entered(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    fill_in_set_up(ruth, " ", managers=())
    assert set(ruth.submit().errors) == {"Managers: who reads the results"}  # Slack itself sees that it is empty
    ruth.check("Managers", "Dana Ito")
    assert ruth.submit().errors == {
        "Team name": "The team needs a name.",
        "Who is on the team: everybody in a channel": "Choose a channel, or people below.",
    }
    ruth.fill("Team name", "Vision")
    ruth.pick("everybody in a channel", "vision")
    ruth.check("Or: these people", "Priya Raman", "Kofi Mensah")
    ruth.fill("Part of", " vision ")
    assert ruth.submit().errors == {
        "Or: these people": "Choose either a channel or people, not both.",
        "Part of": "A team cannot be part of itself.",
    }
    ruth.clear("Part of")
    ruth.check("Who leads", "Sam Okoye")
    assert "Who leads that department" in ruth.submit().errors
    ruth.clear("Who leads")

    ruth.clear("Or: these people")
    ruth.pick("everybody in a channel", "leads")
    assert "type `/invite @Murmur` in it" in page_after(ruth).text
    ruth.close_view()
    assert "<Vision>" in ruth.view.text
    ruth.pick("everybody in a channel", "old-project")  # archived, but its people are known
    assert "Priya Raman and Tomás Herrera" in page_after(ruth).text
    ruth.close_view()
    with stage.murmur.database.reading() as session:
        assert count(session, Team) == count(session, Pulse) == count(session, Change) == 0
    assert stage.sent() == []


def test_a_preview_says_what_will_happen_and_then_that_happens(stage: Stage) -> None:
    ruth, priya = stage.person("Ruth"), stage.person("Priya")
    fill_in_set_up(ruth, "Vision", channel="vision", managers=["Dana Ito", "Sam Okoye"])
    preview = page_after(ruth).text
    assert "Vision: 9 people would be asked.* Amara Diallo, Elif Yılmaz" in preview
    assert "Read by* Dana Ito and Sam Okoye" in preview
    assert "Not asked here, because they read the results: Dana Ito." in preview
    asked = (
        "4 questions a week, half a minute a round, from “AI team, weekly”. The first round opens on Tuesday 3 March,"
    )
    assert f"{asked} 10:00" in preview
    assert "With 9 people, results in about nine of ten rounds" in preview
    assert "Nobody has been told anything yet" in preview
    stage.tick()
    assert stage.sent() == []

    stage.client.fault("duplicate envelope", method="interactive")
    done = page_after(ruth).text
    assert "Vision is set up.*" in done
    assert "The first round opens on Tuesday 3 March, 10:00" in done
    ruth.close_view()
    assert ruth.views == []
    with stage.murmur.database.reading() as session:
        assert count(session, Pulse) == count(session, Team) == count(session, Change) == 1
    assert "The next round opens on Tuesday 3 March, 10:00." in said(ruth, "/pulse")

    stage.at(MONDAY + timedelta(hours=6))
    assert "Hello Priya Raman" in priya.dms()[-1].text
    assert "Ruth Meyer has me ask Vision" in priya.dms()[-1].text
    assert "First: Tuesday 3 March, 10:00." in priya.dms()[-1].text
    invite(stage)
    invited = [receiver for receiver, text in stage.sent("short questions")]
    assert sorted(invited) == sorted(stage.person(who).id for who in VISION)
    assert len([receiver for receiver, text in stage.sent("Hello from Murmur")]) == len(VISION)


def test_small_teams_wait_until_a_department_brings_them_together(stage: Stage) -> None:
    ruth, mei = stage.person("Ruth"), stage.person("Mei")
    preview, done = set_up(ruth, "Platform", people=["Mei Tanaka", "Rafael Costa"], managers=["Ingrid Solberg"])
    assert "Platform: 2 people, too few to ask.*" in preview
    assert "nobody is asked, or told anything, until six people are in it" in preview
    assert "first round opens" not in preview
    assert "nobody is asked or told anything yet" in done
    assert "asks nobody yet.\nNext step: it is too small" in said(ruth, "/pulse")
    assert "Platform is too small" in said(ruth, "/pulse open")
    invite(stage)
    assert stage.sent() == []

    set_up(ruth, "Vision", channel="vision", part_of="Research", leaders=["Sam Okoye"])
    which = "Which pulse? One of these:\n`/pulse pause Platform`\n`/pulse pause Research`: Vision"
    assert which in said(ruth, "/pulse pause")
    assert "No round of Research is open." in said(ruth, "/pulse close research")
    fill_in_set_up(ruth, "Research", people=["Mei Tanaka"])
    assert "A team and a department cannot share a name, and “Research” is taken" in page_after(ruth).text
    ruth.close_view(everything=True)
    fill_in_set_up(ruth, "Fusion", people=["Mei Tanaka", "Priya Raman"], part_of="Vision")
    assert "“Vision” is taken" in page_after(ruth).text
    ruth.close_view(everything=True)

    preview, done = set_up(
        ruth, "platform", people=["Mei Tanaka", "Rafael Costa"], managers=["Ingrid Solberg"], part_of="Research"
    )
    assert "Together with* Research, on its schedule." in preview
    assert "Shown together with* Vision, as Vision + platform, because fewer than eight" in preview
    assert "Read by* Dana Ito, Ingrid Solberg and Sam Okoye" in preview
    assert "With 11 people" in preview
    assert "platform is changed.*" in done.replace("Platform", "platform")
    with stage.murmur.database.reading() as session:
        (pulse,) = pulses_of_workspace(session, 1)
        assert pulse.name == "Research"
        assert len(members_of_pulse(session, pulse.id)) == 12  # Dana is on the team she reads
    stage.at(stage.murmur.clock() + timedelta(hours=18))
    hello = mei.wait_for_message("Hello Mei Tanaka").text
    assert "Platform + Vision (11 people) is read as a group by Dana Ito, Ingrid Solberg and Sam Okoye" in hello
    invite(stage, 1)
    assert "Platform + Vision pulse: 4 questions" in mei.dms()[-1].text


def test_a_team_that_is_there_is_changed_and_people_are_asked_in_one_place_only(stage: Stage) -> None:
    ruth, mei = stage.person("Ruth"), stage.person("Mei")
    nine = [stage.person(who).name for who in VISION]
    set_up(ruth, "Vision", people=nine[:8])
    invite(stage)
    stage.person("Kofi").press("Not for me")
    preview, done = set_up(ruth, "VISION", people=[*nine[:8], "Mei Tanaka"], managers=["Sam Okoye"])
    assert "is there already.* Its people and readers change as shown." in preview
    assert "Read by* Sam Okoye" in preview
    assert "Whoever joins* is counted from 31 March on" in preview
    assert "Schedule and questions* stay as they are" in preview
    assert "Kofi Mensah" in preview
    assert "Whoever asks to be left out is not asked; who that is, is not said." in preview
    assert "[Change the team]" in preview
    assert "The next round opens on Tuesday 10 March, 10:00" in done
    stage.at(stage.murmur.clock() + timedelta(hours=20))
    assert "First: Tuesday 31 March, 10:00." in mei.wait_for_message("Hello Mei Tanaka").text
    mei.open_home()
    assert "Next: Tuesday 31 March, 10:00." in mei.home().text

    fill_in_set_up(ruth, "Speech", people=["Priya Raman", "Will Whetu", "Dana Ito"], managers=["Ingrid Solberg"])
    preview = page_after(ruth).text
    assert "Speech: 2 people, too few to ask.* Dana Ito and Will Whetu." in preview
    assert "On another team already, so not asked in this one: Priya Raman (Vision)." in preview
    ruth.close_view(everything=True)
    with stage.murmur.database.reading() as session:
        team = find_team(session, 1, "vision")
        kofi = find_member(session, "T0LANTERN", "U0KOFI")
        assert team is not None
        assert kofi is not None
        assert count(session, Team) == 1


def test_an_admin_moves_people_from_another_team_and_takes_it_back(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    nine = [stage.person(who).name for who in VISION]
    set_up(ruth, "Vision", people=nine)
    invite(stage)
    fill_in_set_up(ruth, "Speech", people=["Mei Tanaka", *nine[:5]], managers=["Ingrid Solberg"])
    stays = page_after(ruth).text
    assert "Speech: 1 person, too few to ask.* Mei Tanaka." in stays
    assert "not asked in this one: Amara Diallo (Vision)" in stays
    assert "Moved here" not in stays
    ruth.press("Move them here")
    moved = ruth.wait_for_view("Moved here from another team").text
    assert "Speech: 6 people would be asked.* Amara Diallo" in moved
    assert "Until 31 March* they are still asked and counted where they were" in moved
    assert "Vision* would be left with 4 people, too few to have results" in moved
    assert "To undo a move*, pick them again in the team that they were on: `/pulse setup Vision`." in moved
    ruth.press("Leave them there")
    assert ruth.wait_for_view("too few to ask").text == stays
    ruth.press("Move them here")
    ruth.wait_for_view("Moved here from another team")
    with stage.murmur.database.transaction() as session:  # meanwhile somebody leaves the other team
        priya = find_member(session, "T0LANTERN", "U0PRIYA")
        assert priya is not None
        session.execute(delete(Membership).where(col(Membership.member_id) == priya.id))
    ruth.submit()
    anew = ruth.wait_for_view("since you looked").text
    assert "People have changed teams since you looked.* Nothing is changed yet" in anew
    assert "Priya Raman (Vision)" not in anew
    assert "[Leave them there]" in anew
    assert "Speech is set up.*" in page_after(ruth).text
    ruth.close_view(everything=True)
    with stage.murmur.database.reading() as session:
        log = [change.what for change in session.exec(select(Change).order_by(col(Change.id)))]
        assert log == ["set up Vision", "set up Speech, and moved 4 people there from Vision"]
        assert len(session.exec(select(RosterEntry)).all()) == 9  # the roster of Vision stands still

    fill_in_set_up(ruth, "Vision", people=nine)
    page_after(ruth)
    ruth.press("Move them here")
    back = ruth.wait_for_view("Moved here from another team").text
    assert "Vision: 9 people would be asked" in back
    assert "Speech* would be left with 1 person, too few" in back
    assert "Vision is changed" in page_after(ruth).text


def entries(form: View) -> dict[str, Any]:
    """What is entered in the fields of a form, placeholders left out."""
    return {
        field.block_id: next((value for key, value in (field.state or {}).items() if key != "type"), None)
        for field in form.fields
    }


def test_the_name_of_a_team_opens_the_form_as_it_is_and_the_preview_says_what_it_would_lose(stage: Stage) -> None:
    ruth, dana, sam = stage.person("Ruth"), stage.person("Dana").id, stage.person("Sam").id
    people = [stage.person(who) for who in VISION]
    set_up(ruth, "Vision", people=[p.name for p in people], part_of="Research", leaders=["Sam Okoye"])
    ruth.command("/pulse setup vision", effect=False)
    form = entries(ruth.wait_for_view("Team name"))
    assert (form["team"], form["part_of"], form["channel"]) == ("Vision", "Research", None)
    assert sorted(form["people"]) == sorted(p.id for p in people)
    assert (form["managers"], form["leaders"]) == ([dana], [sam])
    unchanged = page_after(ruth).text
    assert "Vision: 9 people would be asked" in unchanged
    assert "No longer" not in unchanged
    ruth.close_view()
    ruth.check("Or: these people", *(p.name for p in people[1:]))
    ruth.clear("Who leads")
    ruth.clear("Part of")
    lost = page_after(ruth).text
    assert f"No longer on the team:* {people[0].name}." in lost
    assert "No longer part of* Research." in lost
    ruth.close_view()
    ruth.clear("Or: these people")
    ruth.pick("everybody in a channel", "vision")
    ruth.fill("Part of", "Research")
    page_after(ruth)
    assert "Vision is changed" in page_after(ruth).text
    ruth.close_view(everything=True)

    ruth.command("/pulse setup Vision", effect=False)
    followed = entries(ruth.wait_for_view("Team name"))
    assert followed["channel"]
    assert not followed["people"]
    ruth.close_view()
    ruth.command("/pulse setup Research", effect=False)
    department = entries(ruth.wait_for_view("Team name"))
    assert (department["team"], department["part_of"]) == (None, "Research")
    assert (department["managers"], department["leaders"]) == ([], [sam])
    ruth.close_view()
    ruth.command("/pulse setup Speech  Lab", effect=False)
    unknown = entries(ruth.wait_for_view("Team name"))
    assert unknown["team"] == "Speech Lab"
    assert not unknown["managers"]


def test_slack_in_trouble_during_set_up_changes_nothing_and_says_so(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    fill_in_set_up(ruth, "Vision", channel="vision")
    stage.client.fault("500", method="conversations.members")
    assert "Slack did not say who is on the team" in page_after(ruth).text
    ruth.close_view()
    stage.client.fault("429", method="users.info", seconds=1)
    assert "Vision: 9 people would be asked." in page_after(ruth).text  # a second later
    stage.client.fault("error", method="conversations.members", error="channel_not_found")  # deleted meanwhile
    assert "Murmur cannot see who is in this channel" in page_after(ruth).text
    with stage.murmur.database.reading() as session:
        assert count(session, Team) == 0
