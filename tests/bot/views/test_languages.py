"""Members read German and Spanish: whole pages of it, with the same blanks filled in, compiled from what is kept."""

import inspect
import re
import string
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from bot import messages
from bot.views import flags, headline, home, questionnaire, stored
from bot.views.wording import DOMAIN, LOCALES, Wording
from surveys.levels import Level
from surveys.notices import Ending
from surveys.questions import drivers
from surveys.translations import drivers_in
from tests.bot.views import contents, surfaces
from tests.bot.views.samples import CLOSES, HOSTILE, LONG, read_aloud, refused
from tests.bot.views.test_wording import KEYWORDS, ROOM

LANGUAGES = {"de": "de-DE", "es": "es-ES"}
FOR_MEMBERS = ("asking.py", "questionnaire.py", "stored.py", "headline.py", "flags.py", "results.py", "report.py")
"""Views that members see. Parts of others are theirs too, and translated."""

FOR_MANAGERS = (flags.promise, flags.story_line, flags.story_label, flags._story_words)
"""What of these only managers see."""


def catalogue(language: str, ending: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def translations(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What is said instead of each message: one form, or one for each number."""
    with catalogue(language, "po").open("rb") as file:
        found = [message for message in read_po(file, locale=language) if message.id]
    return {_forms(message.id): _forms(message.string) for message in found}


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with catalogue(language, "mo").open("rb") as file:
        compiled = read_mo(file)
    assert {_forms(m.id): _forms(m.string) for m in compiled if m.id} == translations(language), "run make mo"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", FOR_MEMBERS)
def test_everything_in_the_views_for_members_is_translated(view: str, language: str) -> None:
    there = translations(language)
    source = (ROOM / "views" / view).read_text(encoding="utf-8")
    for part in FOR_MANAGERS:
        source = source.replace(inspect.getsource(part), "")
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    said = [message if isinstance(message, tuple) else (message,) for _, message, _, _ in found]
    assert said
    assert [message for message in said if message not in there] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", messages._RENDERERS)
def test_every_kind_of_message_is_named_in_the_readers_language(kind: str, language: str) -> None:
    english, spoken = stored._message(Wording(), kind), stored._message(Wording(LANGUAGES[language]), kind)
    assert (english,) in translations(language)
    assert spoken != english


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Burnout lässt nach, aber das Team ist knapp an Raum zur Entwicklung"),
        ("es", "El agotamiento cede, pero el equipo está con poco margen para crecer"),
    ],
)
def test_a_recovery_beside_trouble_is_said_in_one_language(language: str, said: str) -> None:
    w, spoken = Wording(LANGUAGES[language]), drivers_in(drivers(), LANGUAGES[language])
    day = date(2026, 3, 9)
    ending = Ending(driver=spoken["burnout"], raised_on=day, recovered=True, band=3, now="niedrig", then=1, rounds=5)
    low = Level(driver=spoken["growth"], on=day, band=1, height=2.0)
    assert headline._recovered(w, [ending], [low]) == said
    assert headline._recovered(w, [ending], []) == said.split(",")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_the_same_blanks_and_stresses_as_much(language: str) -> None:
    for message, instead in translations(language).items():
        assert all(instead), message
        assert len(instead) == len(message), message
        for english, spoken in zip(message, instead, strict=True):
            assert blanks(spoken) <= blanks(message[-1]), message
            assert blanks(english) - {"n"} <= blanks(spoken), message
            for mark in "*`_":
                assert spoken.count(mark) == english.count(mark), spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shouted_at_or_addressed_formally(language: str) -> None:
    formal = {
        "de": r"!|\b(können|haben|möchten|wollen|drücken) Sie\b|\bIhnen\b|\bIhre[rsmn]?\b",
        "es": r"!|\busted(es)?\b",
    }[language]
    for instead in translations(language).values():
        assert not [spoken for spoken in instead if re.search(formal, spoken)]


@pytest.mark.parametrize("name", ["Vision", HOSTILE, LONG])
@pytest.mark.parametrize("surface", surfaces.SURFACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_every_page_in_every_language(
    language: str, surface: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surfaces, "w", Wording(LANGUAGES[language], "Europe/Berlin"))
    shown = surfaces.SURFACES[surface](name, 2)
    assert refused(shown) == []
    assert not re.search(r"[{}]|None", read_aloud(shown).replace(HOSTILE, ""))


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("de", "Was dein Team zuletzt gesagt hat", "Freitag, 13. März, 18:00"),
        ("es", "Lo último que dijo tu equipo", "viernes 13 de marzo, 18:00"),
    ],
)
def test_a_member_finds_home_in_their_language(language: str, said: str, day: str) -> None:
    page = read_aloud(home.home_page(Wording(LANGUAGES[language], "Europe/Berlin"), member=contents.member("Vision")))
    assert said in page
    assert day in page
    for english in ("What your team", "Until", "Answer or change", "Switch reminders", "stores about you"):
        assert english not in page


def test_whoever_has_another_role_finds_one_page_in_one_language() -> None:
    def page(locale: str) -> dict[str, Any]:
        w = Wording(locale, "Europe/Berlin")
        return home.home_page(w, member=contents.member("Vision"), manager=contents.manager("Vision"))

    assert page("de-DE") == page("en-US")


def test_english_on_the_same_clock_is_english_in_its_dates_too() -> None:
    moment = datetime(2026, 3, 13, 17, tzinfo=UTC)
    german = Wording("de-DE", "Europe/Berlin")
    assert german.long_moment(moment) == "Freitag, 13. März, 18:00"
    assert german.english.long_moment(moment) == Wording("en-US", "Europe/Berlin").long_moment(moment)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_says_the_same_of_any_ballot(language: str) -> None:
    page = read_aloud(questionnaire.thanks(Wording(LANGUAGES[language]), closes_at=CLOSES))
    assert {"de": "versiegelt", "es": "sella"}[language] in page
