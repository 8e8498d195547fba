"""Wording: translated, escaped, in the reader's own time; and the catalogue holds every message."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.views.wording import LOCALES, Mrkdwn, Wording, cleaned, escaped, joined

KEYWORDS = {"say": None, "plain": None, "say_many": (1, 2), "plain_many": (1, 2)}
ROOM = Path(__file__).parents[3] / "bot"


def of_murmur(directory: str) -> bool:
    """Whether a folder holds what Murmur says; people of the demonstration say things too."""
    return Path(directory).name not in {"demo", "sandbox", "__pycache__"}


@given(st.text())
def test_nothing_typed_can_form_a_mention_a_link_or_a_new_line(text: str) -> None:
    shown = escaped(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "\n" not in shown
    assert "://" not in shown
    assert all(entity in {"&amp;", "&lt;", "&gt;"} for entity in re.findall("&[^;]*;?", shown))


@given(st.text())
def test_a_value_stays_harmless_in_whatever_sentence_it_is_put(text: str) -> None:
    said = Wording().say("Hello {name}, *welcome*", name=text)
    assert "<" not in said
    assert said.count("*") == 2
    assert said.startswith("Hello ")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> & *bold* <@U1>", "&lt;!channel&gt; &amp; ∗bold∗ &lt;@U1&gt;"),
        ("ml_infra", "ml_infra"),
        ("_whisper_", "＿whisper＿"),
        ("Ada\n> quoted", "Ada &gt; quoted"),
        ("\u202eoluZ", "oluZ"),
        ("R&D {team}", "R&amp;D {team}"),
    ],
)
def test_names_are_shown_as_they_were_typed(typed: str, shown: str) -> None:
    assert escaped(typed) == shown


def test_safe_text_is_not_escaped_again() -> None:
    inner = Wording().say("*{name}*", name="R&D")
    assert Wording().say("Part of {unit}.", unit=inner) == "Part of *R&amp;D*."
    assert isinstance(joined([inner, inner]), Mrkdwn)


def test_plain_text_shows_what_was_typed_and_refuses_escaped_text() -> None:
    assert Wording().plain("{team} pulse", team="R&D <1>") == "R&D <1> pulse"
    with pytest.raises(TypeError):
        Wording().plain("{team} pulse", team=escaped("R&D"))


def test_numbers_choose_the_form_of_the_sentence() -> None:
    w = Wording()
    assert w.say_many("{n} person", "{n} people", 1) == "1 person"
    assert w.plain_many("{n} person of {team}", "{n} people of {team}", 7, team="Q&A") == "7 people of Q&A"


def test_a_moment_is_told_on_the_clock_of_whoever_reads() -> None:
    closes = datetime(2026, 3, 13, 16, 30, tzinfo=UTC)
    assert Wording(timezone="Europe/Berlin").moment(closes) == "Friday 17:30"
    assert Wording(timezone="Asia/Tokyo").moment(closes) == "Saturday 01:30"
    assert Wording(timezone="Asia/Tokyo").day_of(closes) == "Saturday"
    assert Wording(timezone="America/New_York").time(closes) == "12:30"
    assert Wording(timezone="Nowhere/At_All").long_moment(closes) == "Friday 13 March, 16:30"


def test_days_and_names_read_as_in_a_sentence() -> None:
    w = Wording(locale="en-GB")
    assert w.day(date(2026, 3, 9)) == "Monday"
    assert w.date(date(2026, 3, 9)) == "9 March"
    assert w.names(["Dana Ito"]) == "Dana Ito"
    assert w.names(["Dana Ito", "Sam Okoye"]) == "Dana Ito and Sam Okoye"


def test_a_language_without_a_catalogue_is_english_dates_included() -> None:
    w = Wording(locale="xx-YY")
    assert w.say("Thank you") == "Thank you"
    assert w.day(date(2026, 3, 9)) == "Monday"


def test_the_catalogue_holds_every_message_and_no_other() -> None:
    said = {
        message if isinstance(message, tuple) else (message,)
        for _, _, message, _, _ in extract_from_dir(ROOM, keywords=KEYWORDS, directory_filter=of_murmur)
    }
    with (LOCALES / "murmur.pot").open("rb") as file:
        catalogue = {m.id if isinstance(m.id, tuple) else (m.id,) for m in read_po(file) if m.id}
    assert said == catalogue, "run make pot"


def test_no_message_shouts_or_claims_too_much() -> None:
    catalogue = (LOCALES / "murmur.pot").read_text(encoding="utf-8").replace('"\n"', "")
    claims = r"!|truly anonymous|100 ?% anonymous|value your feedback|everyone who answered|\busers?\b"
    assert "Answer or change" in catalogue
    assert not re.findall(claims, catalogue, re.IGNORECASE)
