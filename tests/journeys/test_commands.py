"""What is typed after `/pulse`: which pulse is meant, what happens at once, and what is asked first."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.jobs import open_and_invite
from bot.managing import command
from bot.murmur import Murmur
from bot.sandbox.person import Person
from storage import closing
from storage.pulses import changes, pulses_of_workspace
from storage.tables import Pulse, Round
from surveys.rounds import State
from tests.journeys.steps import answer_all, close, close_by_hand, invite, page_after, replay, said, week
from tests.support.running_murmur import OPENING, TUESDAY, VISION, Stage

AI = ("Vision", "Speech")


@pytest.fixture
def several(stage: Stage) -> Stage:
    """Two pulses: AI with Vision and Speech, and Biz with the team Sales, which is too small to be asked."""
    stage.put_team("Vision", part_of="AI", leaders=["Sam Okoye"], managers=["Dana Ito"])
    stage.put_team("Speech", people=["Mei Tanaka"], part_of="AI", managers=["Ingrid Solberg"])
    stage.put_team("Biz", people=["Rafael Costa"], managers=["Ingrid Solberg"])
    return stage


def pulse_named(stage: Stage, name: str) -> Pulse:
    """The pulse of this name as it is now."""
    with stage.murmur.database.reading() as session:
        return next(pulse for pulse in pulses_of_workspace(session, 1) if pulse.name == name)


def log_of(stage: Stage) -> list[str]:
    """The audit log, oldest first."""
    with stage.murmur.database.reading() as session:
        return [change.what for change in changes(session, 1)]


def save_schedule(ruth: Person, line: str, **choices: str) -> str:
    """Type the command, choose in the window, and save; the page that comes."""
    ruth.command(line)
    ruth.wait_for_view("How often")
    for label, choice in choices.items():
        if label == "Time_zone":
            ruth.fill("Time zone", choice)
        else:
            ruth.choose(label.replace("_", " "), choice)
    done = page_after(ruth).text
    ruth.close_view(everything=True)
    return done


def test_the_name_of_a_team_finds_its_pulse_and_what_else_is_paused_is_said(several: Stage) -> None:
    ruth = several.person("Ruth")
    paused = said(ruth, "/pulse pause Vision")
    assert "AI is paused.* Nobody in Speech and Vision is asked anything until you go on." in paused
    assert "To undo it: `/pulse resume AI`." in paused
    assert "Biz" not in paused
    assert pulse_named(several, "Biz").paused_on is None
    assert "Next step: `/pulse resume AI` when you want to go on." in said(ruth, "/pulse")
    for line in (
        "/pulse resume  speech",
        '/pulse PAUSE "vision"',
        "/pulse resume “AI”",
        "/pulse pause Speech + Vision",
    ):
        assert "AI " in said(ruth, line)
    assert pulse_named(several, "AI").paused_on is not None
    assert "To undo it: `/pulse pause AI`." in said(ruth, "/pulse resume ai")


def test_a_command_without_a_known_name_lists_the_pulses_with_their_teams(several: Stage) -> None:
    ruth = several.person("Ruth")
    listed = "One of these:\n`/pulse pause AI`: Speech and Vision\n`/pulse pause Biz`"
    assert f"Which pulse? {listed}" in said(ruth, "/pulse pause")
    for name in ("Fusion", ":tada:", "🎉", "x" * 3000, "<@U0DANA>", "''"):
        answer = said(ruth, f"/pulse pause {name}")
        assert listed in answer
        assert len(answer) < 400
    assert pulse_named(several, "AI").paused_on is pulse_named(several, "Biz").paused_on is None
    assert "“Fusion” is not the name of one pulse, or of a team." in said(ruth, "/pulse close Fusion")


def test_ten_thousand_characters_are_answered_like_any_other_line(several: Stage) -> None:
    ruth = several.person("Ruth")
    before = log_of(several)
    for line in ("", "pause ", "threshold AI ", "close ", "schedule ", "🎉 "):
        assert len(said(ruth, f"/pulse {line}{'9' * 10_000}")) < 3000
        assert "Something went wrong" not in ruth.ephemerals()[-1].text
    ruth.command(f"/pulse setup {'9' * 10_000}", effect=False)
    assert len(ruth.wait_for_view("There is no team").text) < 3000
    assert log_of(several) == before


def test_a_threshold_can_be_typed_and_what_cannot_be_one_is_refused(several: Stage) -> None:
    ruth = several.person("Ruth")
    done = said(ruth, "/pulse threshold AI 7")
    assert "AI needs 7 answers for a result* from the next round on; it was 5." in done
    assert "To undo it: `/pulse threshold AI 5`." in done
    assert pulse_named(several, "AI").threshold == 7
    assert pulse_named(several, "Biz").threshold == 5
    assert "AI needs 7 answers for a result already." in said(ruth, "/pulse threshold vision 7")
    for number in ("4", "0", "-7", "16", "7.5", "99999", "seven", "٣"):
        refused = said(ruth, f"/pulse threshold AI {number}")
        assert "cannot be the threshold of AI: it is a number from 5 to 15, never fewer than 5" in refused
        assert "it is 7" in refused
    assert "Which pulse?" in said(ruth, "/pulse threshold 7")
    assert "Which pulse?" in said(ruth, "/pulse threshold Fusion 7")
    assert pulse_named(several, "AI").threshold == 7
    assert "it was 7." in said(ruth, "/pulse threshold AI 5")
    assert [line for line in log_of(several) if "threshold" in line] == [
        "set the threshold of AI to 7",
        "set the threshold of AI to 5",
    ]
    ruth.command("/pulse threshold Vision")
    assert "AI: how many answers" in ruth.wait_for_view("how many answers does a result need?").text


def test_with_one_pulse_its_name_may_be_left_out_and_a_high_threshold_is_warned_of(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.put_team()
    done = said(ruth, "/pulse threshold 9")
    assert "Vision needs 9 answers" in done
    assert "1 unit has too few people for that and will show nothing." in done
    assert "To undo it: `/pulse threshold 5`." in done
    invite(stage)
    open_ = said(ruth, "/pulse threshold 6")
    assert "The round that is open keeps 9." in open_
    assert "too few people" not in open_
    assert "it was 6. The round that is open keeps 9." in said(ruth, "/pulse threshold 7")


def test_closing_is_asked_first_and_does_what_was_agreed_to(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.put_team()
    invite(stage)
    ruth.command("/pulse close")
    question = ruth.wait_for_view("Close Vision now?").text
    assert "the round is thrown away, unread" in question
    assert "To let it end as planned, and ask no more after it: `/pulse pause`." in question
    answer_all(stage, ["Priya", "Tomás", "Amara", "Jonas", "Fatima", "Kofi"])
    stage.at(TUESDAY + timedelta(days=1))
    ruth.submit()  # by now the round would count: that is something else, and is asked again
    again = ruth.wait_for_view("the results go out on Monday 9 March, 09:00").text
    assert "This cannot be undone." in again
    assert stage.states() == [State.OPEN]
    agreed = page_after(ruth)
    assert "Vision is closed.* Its results go out on Monday 9 March" in agreed.text
    sent = stage.client.envelopes("interactive")[-1]
    ruth.close_view(everything=True)
    assert stage.states()[0] is State.CLOSING
    assert "No round of Vision is open." in json.dumps(replay(stage, sent))
    close(stage)
    assert stage.states()[0] is State.PUBLISHED


def test_a_question_that_is_not_an_admins_or_about_another_round_closes_nothing(several: Stage) -> None:
    ruth = several.person("Ruth")
    invite(several)
    close_by_hand(ruth, "/pulse close vision")
    sent = several.client.envelopes("interactive")[-1]
    assert several.states()[0] is State.DISCARDED
    said(ruth, "/pulse open AI")
    open_ = several.rounds()[-1]
    assert open_.state == State.OPEN
    metadata = json.loads(sent["payload"]["view"]["private_metadata"])
    for changed in ({}, {"round_id": 999}, {"pulse_id": 999}, {"ending": "counted", "round_id": open_.id}):
        view = {**sent["payload"]["view"], "private_metadata": json.dumps(metadata | changed)}
        replay(several, sent, view=view)
    by_dana = replay(several, sent, user={"id": "U0DANA", "team_id": "T0LANTERN"})
    assert "Only Murmur's admins can do this" in json.dumps(by_dana)
    assert several.rounds()[-1].state == State.OPEN


def test_a_schedule_is_changed_from_the_next_round_on(several: Stage) -> None:
    ruth = several.person("Ruth")
    invite(several)
    closes = several.rounds()[0].closes_at
    done = save_schedule(ruth, "/pulse schedule vision", Day="Thursday", Time="14:00")
    assert "AI asks every week on Thursday at 14:00* from the next round on." in done
    assert "The round that is open runs on until Friday 6 March, 17:00." in done
    assert "The next round opens on Thursday 12 March, 14:00." in done
    assert "It was: every week on Tuesday at 10:00, by the clock of Europe/Berlin." in done
    assert "To undo it: `/pulse schedule AI`, and choose that again." in done
    assert several.rounds()[0].closes_at == closes
    assert pulse_named(several, "Biz").weekday == 1
    assert log_of(several)[-1] == "set the schedule of AI to weekly, Thursday, 14:00, Europe/Berlin"
    several.person("Priya").open_home()
    close(several)
    assert "The next round opens on Thursday 12 March, 14:00." in said(ruth, "/pulse")
    invited = len(several.sent("short questions"))
    thursday = week(1, OPENING) + timedelta(days=2, hours=4)  # at two in Auckland
    for hours in range(24):
        several.at(thursday + timedelta(hours=hours))
    assert len(several.sent("short questions")) == invited + len(VISION) + 1  # and Mei
    undone = save_schedule(ruth, "/pulse schedule AI", Day="Tuesday", Time="10:00")
    assert "AI asks every week on Tuesday at 10:00* from the next round on." in undone
    assert "The next round opens on Tuesday 24 March, 10:00." in undone  # the open one closes on Tuesday evening


def test_a_schedule_that_stays_the_same_is_no_change_and_a_time_zone_must_exist(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.put_team()
    before = log_of(stage)
    assert "Vision asks every week on Tuesday at 10:00 already. Nothing was changed." in save_schedule(
        ruth, "/pulse schedule"
    )
    assert log_of(stage) == before
    ruth.command("/pulse schedule")
    ruth.wait_for_view("How often")
    ruth.fill("Time zone", "Berlin")
    (wrong,) = ruth.submit().errors.values()
    assert wrong == "There is no time zone of this name. They look like Europe/Berlin or Asia/Tokyo."
    ruth.fill("Time zone", "Asia/Tokyo")
    ruth.choose("How often", "Every two weeks")
    done = page_after(ruth).text
    assert "Vision asks every two weeks on Tuesday at 10:00* from the next round on." in done
    assert "Rounds close by the clock of Asia/Tokyo." in done
    ruth.close_view(everything=True)
    invite(stage)
    assert "Until Friday 6 March, 09:00, your time." in stage.person("Priya").dms()[-1].text
    said(ruth, "/pulse pause")
    paused = save_schedule(ruth, "/pulse schedule", Day="Monday")
    assert "It is paused: nobody is asked until you type `/pulse resume`." in paused


def test_a_forged_schedule_changes_nothing(several: Stage) -> None:
    ruth = several.person("Ruth")
    save_schedule(ruth, "/pulse schedule AI", Day="Wednesday")
    sent = several.client.envelopes("interactive")[-1]
    view = json.dumps(sent["payload"]["view"])
    metadata = json.loads(sent["payload"]["view"]["private_metadata"])
    before = pulse_named(several, "AI")
    forged: list[dict[str, Any]] = [
        {"view": json.loads(view.replace('"value": "2"', '"value": "6"'))},
        {"view": json.loads(view.replace('"value": "10"', '"value": "3"'))},
        {"view": json.loads(view.replace('"value": "weekly"', '"value": "hourly"'))},
        {"view": {**sent["payload"]["view"], "private_metadata": json.dumps(metadata | {"pulse_id": 999})}},
        {"user": {"id": "U0DANA", "team_id": "T0LANTERN"}},
        {"team": {"id": "T0OTHER"}, "user": {"id": "U0RUTH", "team_id": "T0OTHER"}},
    ]
    for changed in forged:
        replay(several, sent, **changed)
        assert pulse_named(several, "AI") == before


def test_help_and_standing_of_whoever_is_no_admin(several: Stage) -> None:
    priya, dana, mei = several.person("Priya"), several.person("Dana"), several.person("Mei")
    help_ = said(priya, "/pulse help")
    assert "*You* find in Murmur's Home: what your team said, who reads it" in help_
    assert "*Managers* find there the results of their teams" in help_
    assert "*Admins* set pulses up and change them: Ruth Meyer." in help_
    assert "`/pulse threshold`" not in help_
    for line in ("open", "pause Vision", "threshold AI 7", "setup", "schedule"):
        refused = said(dana, f"/pulse {line}")
        assert refused.startswith("Only Murmur's admins can do this: Ruth Meyer.")
        assert "*You* find in Murmur's Home" in refused
    for line in ("hlep", "blah Vision"):
        unknown = said(dana, f"/pulse {line}")
        assert unknown.startswith(f"There is no `/pulse {line.split()[0]}`. Everything there is: `/pulse help`.")
        assert "admins" not in unknown
    assert dana.views == []
    assert "You are asked next on Tuesday 3 March, 10:00." in said(priya, "/pulse")
    assert "Nothing is asked of you at the moment, and no round is planned." in said(several.person("Rafael"), "/pulse")
    assert "Nothing is asked of you.\n" in said(several.person("Ingrid"), "/pulse")
    assert "You read the results of a team" in said(dana, "/pulse status")
    invite(several)
    open_ = said(priya, "/pulse")
    assert "You are asked in the" in open_
    assert "It is open until Friday 6 March, 17:00, your time." in open_
    assert several.answer("Priya").acked
    assert said(priya, "/pulse") == open_  # it does not know who answered
    assert "Murmur's Home is under Apps in Slack." in open_
    assert "asked in" in said(mei, "/pulse")
    assert log_of(several) == ["set up Vision", "set up Speech", "set up Biz"]


def test_a_name_that_nothing_has_is_said_to_be_new_or_a_slip(several: Stage) -> None:
    ruth = several.person("Ruth")
    ruth.command("/pulse setup Visoin", effect=False)
    assert "Did you mean `/pulse setup Vision`?" in ruth.wait_for_view("There is no team “Visoin” yet").text
    ruth.close_view()
    ruth.command("/pulse setup ai", effect=False)
    assert "There is no team" not in ruth.wait_for_view("Team name").text
    ruth.close_view()
    ruth.command('/pulse setup "Speech"', effect=False)
    form = ruth.wait_for_view("Asked with AI:")
    assert "every week on Tuesday at 10:00" in form.text
    assert "How often" not in form.text
    preview = page_after(ruth).text
    assert "Schedule and questions* stay as they are" in preview
    assert "Speech is changed" in page_after(ruth).text
    ruth.close_view(everything=True)
    assert pulse_named(several, "AI").frequency == "weekly"


def test_the_hints_name_a_team_that_is_there(stage: Stage) -> None:
    ruth = stage.person("Ruth")
    stage.put_team("Sales", people=["Rafael Costa"], part_of="Biz", managers=["Ingrid Solberg"])
    assert "Add people with `/pulse setup Sales`" in said(ruth, "/pulse open")
    assert "Add people with `/pulse setup Sales`" in said(ruth, "/pulse")
    ruth.command("/pulse setup Sales", effect=False)
    assert "There is no team" not in ruth.wait_for_view("Team name").text


@pytest.mark.parametrize("how", ["thrown away", "withdrawn"])
def test_a_round_that_somebody_else_throws_away_as_it_opens_is_not_said_to_be_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stage.put_team()

    def just_too_late(murmur: Murmur, round_id: int, now: datetime) -> object:
        if how == "thrown away":
            assert closing.discard(murmur.database, murmur.keys, round_id)
        else:
            with murmur.database.transaction() as session:
                session.delete(session.get_one(Round, round_id))
        return open_and_invite(murmur, round_id, now)

    monkeypatch.setattr(command, "open_and_invite", just_too_late)
    answer = said(stage.person("Ruth"), "/pulse open")
    assert "so no round was opened and nobody was asked. To open one: `/pulse open`." in answer
    assert "is open" not in answer
    assert State.OPEN not in stage.states()
    assert stage.states()[-1] == State.SCHEDULED
    monkeypatch.undo()
    assert "Vision is open* until" in said(stage.person("Ruth"), "/pulse open")
