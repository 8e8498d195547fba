"""Other languages: complete, marked as not validated, and English where something is missing."""

from dataclasses import replace

import pytest

from surveys.questions import Item, answers_of, bank, drivers, scales
from surveys.translations import (
    driver_in,
    drivers_in,
    item_in,
    language_of,
    languages,
    questions_in,
    scale_in,
    words_in,
)

LANGUAGES = ["de", "es"]
FORMAL = {"de": ("Sie", "Ihre", "Ihr", "Ihnen", "Ihren"), "es": ("usted", "ustedes")}
LONGEST = 15  # words; a word more than in English


def words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def test_there_are_german_and_spanish() -> None:
    assert list(languages()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_that_nobody_has_validated_it(language: str) -> None:
    questions, others = questions_in(language), words_in(language)
    assert questions is not None
    assert others is not None
    assert (questions.locale, others.locale) == (language, language)
    assert not questions.validated
    assert not others.validated


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_driver_and_scale_is_translated_and_nothing_else(language: str) -> None:
    questions, others = questions_in(language), words_in(language)
    assert questions is not None
    assert others is not None
    assert set(questions.items) == set(bank())
    assert {id_: len(options) for id_, options in questions.options.items()} == {
        item.id: len(item.options) for item in bank().values() if item.options
    }
    assert list(others.drivers) == list(drivers())
    assert {id_: len(labels) for id_, labels in others.scales.items()} == {
        scale.id: len(scale.labels) for scale in scales().values() if scale.labels
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_short_informal_and_asked_in_the_same_way(language: str) -> None:
    opening = {"de": "In den letzten zwei Wochen ", "es": "En las últimas dos semanas, "}[language]
    for item in bank().values():
        text = item_in(item, language).text
        assert text != item.text
        assert text[-1] == item.text[-1], text
        assert len(words(text)) <= LONGEST, text
        assert not set(words(text)) & set(FORMAL[language]), text
        assert "!" not in text
        if item.scale == "agreement":
            assert text.startswith(opening) == item.text.startswith("In the last two weeks, "), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_questions_answers_or_words_of_a_level_are_said_alike(language: str) -> None:
    texts = [item_in(item, language).text for item in bank().values()]
    assert len(set(texts)) == len(texts)
    for item in bank().values():
        spoken = answers_of(item_in(item, language))
        assert len(set(spoken)) == len(spoken)
    there = drivers_in(drivers(), language)
    for driver in there.values():
        assert len(set(driver.level_words)) == 6
    assert len({said for driver in there.values() for said in (driver.name, driver.worse, driver.better)}) == 42


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_what_a_flag_means_is_one_short_sentence_for_each_driver(language: str) -> None:
    said = [driver.means for driver in drivers_in(drivers(), language).values()]
    assert len(set(said)) == len(drivers())
    for sentence in said:
        assert sentence[0].isupper(), sentence
        assert sentence.count(".") == 1, sentence
        assert sentence[-1] == ".", sentence
        assert "!" not in sentence
        assert len(words(sentence)) <= 25, sentence
        assert not set(words(sentence)) & set(FORMAL.get(language, ())), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_changes_words_alone(language: str) -> None:
    for item in bank().values():
        spoken = item_in(item, language)
        assert replace(spoken, text=item.text, options=item.options) == item
        assert len(answers_of(spoken)) == len(answers_of(item))


def test_a_locale_of_slack_finds_its_language() -> None:
    assert [language_of(locale) for locale in ("de-DE", "de_AT", "es-LA", "en-GB", "DE")] == [
        "de",
        "de",
        "es",
        "en",
        "de",
    ]
    item = bank()["growth.would-help"]
    assert item_in(item, "de-CH") == item_in(item, "de") != item


@pytest.mark.parametrize("locale", ["en-US", "fr-FR", "xx", "", "../de"])
def test_a_language_without_a_translation_is_english(locale: str) -> None:
    for item in bank().values():
        assert item_in(item, locale) is item
    for scale in scales().values():
        assert scale_in(scale, locale) is scale
    for driver in drivers().values():
        assert driver_in(driver, locale) is driver


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_no_translation_is_asked_in_english_beside_what_has_one(language: str) -> None:
    own = replace(bank()["growth.mentor"], id="own.one", text="I know how raises are decided.")
    assert item_in(own, language) is own
    longer: Item = replace(bank()["growth.would-help"], options=("One", "Two"))
    assert item_in(longer, language) is longer, "an answer would have changed its place"


def test_intent_to_stay_brings_its_answers_in_order() -> None:
    stay = bank()["intent-to-stay.here"]
    assert answers_of(item_in(stay, "de"))[0] == "Weniger als sechs Monate"
    assert answers_of(item_in(stay, "es"))[-1] == "Más de dos años"
    assert scale_in(scales()["agreement"], "es-ES").labels[0] == "Muy en desacuerdo"


def test_a_driver_speaks_the_language_and_keeps_its_owner() -> None:
    burnout = driver_in(drivers()["burnout"], "de-DE")
    assert (burnout.id, burnout.owner) == ("burnout", drivers()["burnout"].owner)
    assert burnout.level_words[0] == "sehr hoch"
    assert driver_in(drivers()["growth"], "de").level_words[0] == "schlecht"
    assert burnout.means.startswith("Das Team ist von seiner Arbeit erschöpfter")
