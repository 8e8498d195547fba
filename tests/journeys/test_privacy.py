"""An admin sends for the data sheet, to hand it to the works council; everybody else reads what concerns them."""

from bot.manifest import BOT_SCOPES
from bot.sandbox.person import Person
from tests.journeys.steps import answer_all, close, invite
from tests.support.running_murmur import VISION, Stage


def said(person: Person) -> str:
    """Ask for the data sheet; what Murmur answers, to this person alone, once the sheet has come."""
    before = len(person.ephemerals())
    person.command("/pulse privacy")
    answers = person.wait_until(lambda: [m.text for m in person.ephemerals()[before:]] or None, "an answer", 120)
    return answers[-1]


def test_an_admin_gets_the_whole_data_sheet_as_messages(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    answer_all(stage, VISION)
    close(stage)
    ruth = stage.person("Ruth")
    before = len(ruth.dms())
    assert "The data sheet is in your messages from Murmur." in said(ruth)
    sheet = "\n".join(message.text for message in ruth.dms()[before:])
    assert "Data sheet: Murmur at Lantern Labs" in sheet
    assert "Vision, 9 people, read by Dana Ito" in sheet
    beside = "NOT place: " in sheet  # this stage keeps its keys beside its SQLite file
    assert beside == ("SQLite database" in sheet) == ("Everything is as promised" not in sheet)
    assert all(scope in sheet for scope in BOT_SCOPES)
    for word in ("Burnout", "Autonomy", "strong", "mixed"):
        assert word not in sheet, "the sheet names no result"


def test_the_sheet_is_the_same_whether_or_not_anybody_has_answered(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    ruth = stage.person("Ruth")
    sheets = []
    for who in ("", "Priya"):
        if who:
            stage.answer(who, "Agree")
        before = len(ruth.dms())
        said(ruth)
        sheets.append([message.text for message in ruth.dms()[before:]])
    assert sheets[0] == sheets[1]


def test_members_and_managers_read_what_concerns_them_and_who_may_send_for_the_sheet(stage: Stage) -> None:
    stage.set_up_team()
    for who in ("Priya", "Dana", "Ingrid"):
        person = stage.person(who)
        before = len(person.dms())
        told = said(person)
        for words in (
            "How Murmur works",
            "the database does not show who answered, or when",
            "Not protected:",
            "What Murmur stores about you",
            "Murmur's admins can send for the full data sheet with `/pulse privacy`. They are Ruth Meyer.",
        ):
            assert words in told
        assert "Only Murmur's admins" not in told
        assert "Data sheet: Murmur at" not in told
        assert len(person.dms()) == before


def test_what_a_member_is_told_is_the_same_whether_or_not_they_have_answered(stage: Stage) -> None:
    stage.set_up_team()
    invite(stage)
    priya = stage.person("Priya")
    before = said(priya)
    assert stage.answer("Priya", "Agree").acked
    assert said(priya) == before


def test_when_slack_is_down_the_admin_is_asked_to_try_again(stage: Stage) -> None:
    stage.set_up_team()
    ruth = stage.person("Ruth")
    before = len(ruth.dms())
    stage.client.fault("error", method="chat.postMessage", error="internal_error", times=1)
    assert "type `/pulse privacy` again" in said(ruth)
    assert len(ruth.dms()) == before
