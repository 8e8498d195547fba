"""The data sheet says everything that a works council asks for, and only what is true of this installation."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.manifest import BOT_SCOPES
from bot.views.privacy import AskedPulse, data_sheet
from bot.views.wording import Wording
from storage import retention
from surveys.cadence import Frequency
from surveys.noise import LEAST_ANSWERS, LEAST_UNITS
from tests.bot.views import contents
from tests.bot.views.samples import read_aloud

w = Wording(timezone="Europe/Berlin")


def aloud(**changes: Any) -> str:
    return "\n".join(read_aloud(page) for page in data_sheet(w, contents.data_sheet("Vision", **changes)))


def test_it_names_purposes_readers_retention_settings_scopes_and_the_last_check() -> None:
    said = aloud(report=("Tables", "  ok   tables: as they should be."), as_promised=True)
    for words in (
        "What it is for",
        "What is kept, and for how long",
        "What is not protected",
        "What Slack lets Murmur do",
        "Federal Labour Court",
        "• Vision, 9 people, read by Vision.",
        "• Vision, 4 people: too small to have results, so nobody is asked.",
        "A result needs 5 answers.",
        "Everything is as promised.",
        "*Tables*",
        "• ok tables: as they should be.",
    ):
        assert words in said
    assert "Something is not as promised" not in said
    assert "No manager is counted in results that they read." in said  # members are, in those of their own team
    assert "reminders go to everybody who wants them, answered or not" in said


def test_what_is_worth_knowing_is_named_with_the_verdict() -> None:
    noted = aloud(as_promised=True, worth_knowing=2, report=("note kept for its time: 4 rosters.",))
    assert "*Everything is as promised; 2 things are worth knowing.* They say “note” below." in noted
    assert "Everything is as promised." not in noted
    assert "worth knowing" not in aloud(as_promised=True, report=("ok rows: fine.",))
    assert "Everything is as promised" not in aloud(as_promised=False, worth_knowing=2, report=("NOT rows: one.",))


def test_it_names_the_one_figure_that_is_kept_beside_words() -> None:
    said = aloud()
    assert f"round with {LEAST_ANSWERS} answers of {LEAST_UNITS} groups" in said
    assert "how widely answers lay apart. It is shown to nobody" in said


def test_every_permission_has_its_own_reason() -> None:
    said = aloud()
    for scope in BOT_SCOPES:
        assert re.search(rf"• `{scope}`: (?!see the manifest)\S", said)
    assert "`files:read`: see the manifest" in aloud(scopes=("files:read",))


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_it_says_where_the_data_lies(database: str) -> None:
    assert f"in a {database} database of yours" in aloud(database=database)


def test_weaker_protection_is_said_where_it_is_chosen_and_nowhere_else() -> None:
    weaker, apart = aloud(keys_apart=False), aloud(keys_apart=True)
    assert "Here the keys lie beside the database" in weaker
    assert "a copy made before that can be read" in weaker
    assert "No backup holds them in readable form" not in weaker
    assert "No backup holds them in readable form" in apart
    assert "beside the database" not in apart


def test_what_is_wrong_and_what_could_not_be_looked_at_is_not_called_fine() -> None:
    wrong = aloud(as_promised=False, report=("NOT rows: one too many.",))
    assert "*Something is not as promised.*" in wrong
    assert "NOT rows: one too many." in wrong
    unseen = aloud(as_promised=False, report=())
    assert "It could not be made just now." in unseen
    assert "as promised.*" not in wrong.replace("not as promised.*", "") + unseen


def test_an_unknown_contact_leaves_no_empty_brackets() -> None:
    assert "Whoever controls the server could record an open round." in aloud(contact="")
    assert "()" not in aloud(contact="")


def test_before_the_first_pulse_it_says_so() -> None:
    assert "Nothing is being asked here yet." in aloud(pulses=(), admins=())


def test_a_large_company_is_told_in_full_over_several_messages() -> None:
    unit = contents.data_sheet("Vision").pulses[0].units[0]
    pulses = tuple(
        AskedPulse(
            name=f"Pulse {number}",
            admin="Ruth Meyer",
            question_set="AI team, weekly",
            questions=4,
            frequency=Frequency.WEEKLY,
            threshold=5,
            paused=False,
            units=(unit,) * 50,
        )
        for number in range(30)
    )
    pages = data_sheet(w, contents.data_sheet("Vision", pulses=pulses))
    said = "\n".join(read_aloud(page) for page in pages)
    assert len(pages) > 3
    assert all(f"*Pulse {number}*" in said for number in range(30))
    assert "*Admins* choose" in said
    assert [page.text for page in pages][-1] == f"Murmur's data sheet, {len(pages)} of {len(pages)}"


def test_the_times_after_which_rows_are_deleted_are_those_that_are_told() -> None:
    said, docs = aloud(), Path(__file__).parents[3] / "docs"
    page = (docs / "privacy.md").read_text(encoding="utf-8").replace("\n", " ")
    table = (docs / "anonymity.md").read_text(encoding="utf-8")
    rosters, messages = f"{retention.ROSTERS.days // 7} weeks", f"{retention.MESSAGES.days // 7} weeks"
    months = f"{retention.RECORDS.days * 12 // 365} months"
    assert (rosters, messages, months) == ("13 weeks", "8 weeks", "24 months")
    assert f"Deleted {rosters} after these four weeks, but for the latest two" in said
    assert f"deleted after {messages}, the latest digest about a group after {months} at most" in said
    assert f"Deleted {months} after they were made, or have ended" in said
    assert f"{rosters} after the four weeks it was for; the latest two stay" in page
    assert f"{messages}, the latest digest about a group {months} at most" in page
    assert f"| {rosters} after their four weeks" in table
    assert f"| {messages} after they were due |" in table
    assert retention.LATEST_PERIODS == 2
