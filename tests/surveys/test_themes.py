"""What comments speak of: the words of each theme, in three languages, and comments that say nothing."""

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.datafile import DataFileError
from surveys.items import drivers
from surveys.themes import UNTOLD, Lexicon, lexicon, parse_themes, says_something, subject_of, themes, themes_of

PHRASES = (
    "I was micromanaged all week",
    "Endlich keine Überstunden mehr",
    "Nadie nos escucha",
    "our pay",
    "no word about anything in here",
)

lexicon()  # read at once: it takes longer than Hypothesis has patience with a single example


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Every change waits for three approvals.", {"autonomy"}),
        ("So much red tape, so much bureaucracy", {"autonomy"}),
        ("I am burnt out.", {"burnout"}),
        ("Burn-out is near", {"burnout"}),
        ("No work-life balance, on-call every weekend", {"balance"}),
        ("The salary is fair, the bonus is not", {"reward"}),
        ("My mentor left", {"growth"}),
        ("Nobody listens, and pay is low", {"open-dialogue", "reward"}),
        ("Wir haben zu viel Arbeit und ständig Überstunden.", {"burnout", "balance"}),
        ("Mikromanagement und Freigaben ohne Ende", {"autonomy"}),
        ("Das Gehalt stimmt nicht", {"reward"}),
        ("Mucha burocracia y poca autonomía", {"autonomy"}),
        ("Estoy agotada, trabajo los fines de semana", {"burnout", "balance"}),
        ("Un salario justo", {"reward"}),
        ("We shipped on Tuesday.", set()),
        ("A good week.", set()),  # tells how it was, which is the tone, and not what it was about
        ("", set()),
        ("日本語のコメント", set()),
    ],
)
def test_a_comment_speaks_of_what_its_words_say(text: str, expected: set[str]) -> None:
    assert themes_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "micromanaged",
        "no longer micromanaged",
        "I am not micromanaged anymore, which is great",
        "There's no micro-management here",
        "less MICROMANAGEMENT than before",
    ],
)
def test_a_theme_is_what_it_is_about_whether_good_or_bad(text: str) -> None:
    assert themes_of(text) == {"autonomy"}


@pytest.mark.parametrize(
    ("text", "not_about"),
    [
        ("Pay attention to the logs", "reward"),
        ("The refactoring paid off", "reward"),
        ("We raise an exception there", "reward"),
        ("Our speech recognition got better", "reward"),
        ("Of course", "growth"),
        ("The machine learning pipeline broke", "growth"),
        ("I did it on purpose", "purpose"),
        ("A familiar bug", "balance"),
        ("Critical bugs", "open-dialogue"),
        ("I have no time. Off we go", "balance"),
        ("The payload is too large", "reward"),
        ("A prepaid card", "reward"),
    ],
)
def test_what_only_looks_like_a_theme_is_none(text: str, not_about: str) -> None:
    assert not_about not in themes_of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("überstunden", "ÜBERSTUNDEN"),
        ("überstunden", "ueberstunden"),
        ("überstunden", "u\u0308berstunden"),
        ("estrés", "estres"),
        ("don’t micro-manage", "dont micro manage"),
        ("work–life balance", "work life balance"),
        ("*micromanaged*", "micromanaged"),
        ("big strain, großraumbüro", "big strain, GROSSRAUMBÜRO"),
    ],
)
def test_case_accents_quotes_and_hyphens_make_no_difference(one: str, other: str) -> None:
    assert themes_of(one) == themes_of(other) != frozenset()


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "—", "...", "/", "n/a", "N/A", "n.a.", "None", "none.", "NOTHING!", "Nothing to add, thanks."),
        *("nope", "All good", "all good 👍", "No comments", "I don’t know", "nothing, nothing"),
        *("Nichts.", "nix", "k.A.", "alles gut, danke", "Keine Anmerkungen", "Weiß nicht"),
        *("Nada", "ninguno", "Todo bien, gracias.", "Sin comentarios", "No sé"),
    ],
)
def test_an_answer_that_says_nothing_is_no_comment(text: str) -> None:
    assert not says_something(text)
    assert themes_of(text) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        *("Nothing works here", "no good", "nothing about pay", "Great", "All good except the pay", "Not good"),
        *(
            "Nichts klappt",
            "Alles gut, nur zu viele Meetings",
            "Nada funciona",
            "Todo bien salvo el sueldo",
            "日本語",
            "Tuesday",
        ),
    ],
)
def test_whatever_says_more_is_a_comment(text: str) -> None:
    assert says_something(text)


@given(st.text(max_size=500))
def test_no_text_is_any_trouble(text: str) -> None:
    assert themes_of(text) <= set(themes())
    assert says_something(text) in (True, False)


@given(st.lists(st.sampled_from(PHRASES), max_size=4), st.sampled_from(["nothing", "n/a", "alles gut", "Nada.", "..."]))
def test_adding_nothing_changes_nothing(parts: list[str], nothing: str) -> None:
    text = ". ".join(parts)
    assert themes_of(f"{text}. {nothing}") == themes_of(text) == themes_of(f"{nothing}. {text}")
    assert says_something(f"{text}. {nothing}") == says_something(text)


@given(st.permutations(PHRASES))
def test_the_order_of_sentences_and_their_case_do_not_matter(parts: list[str]) -> None:
    text = ". ".join(parts)
    assert themes_of(text) == {"autonomy", "balance", "open-dialogue", "reward"}
    assert themes_of(text.upper()) == themes_of(text)


def test_repeating_nothing_says_no_more() -> None:
    assert not says_something("no thanks, nothing to add " * 20)
    assert says_something("no thanks, nothing to add " * 20 + "but pay")


def test_every_driver_is_a_theme_but_intent_to_stay() -> None:
    assert themes() == tuple(driver for driver in drivers() if driver != UNTOLD)
    assert UNTOLD == "intent-to-stay"
    assert [subject_of(theme) for theme in themes()][:2] == ["theme.burnout", "theme.autonomy"]


# The file


def written(**words: str) -> str:
    """A file with a word for each theme, and these lists in place of some."""
    listed = {driver: f"[{driver.replace('-', '')}]" for driver in themes()} | {
        driver.replace("_", "-"): given for driver, given in words.items() if driver not in ("nothing", "out")
    }
    lines = [f"says_nothing: {{en: {words.get('nothing', '[none]')}}}", f"taken_out: {{en: {words.get('out', '[]')}}}"]
    lines += ["themes:", *(f"  - {{driver: {driver}, words: {{en: {given}}}}}" for driver, given in listed.items())]
    return "\n".join(lines)


def read(text: str) -> Lexicon:
    return parse_themes(text, "mine.yaml")


def test_a_phrase_that_is_added_is_found() -> None:
    found = read(written(reward="[peanuts, per diem*]")).themes["reward"]
    assert all(found.search(text) for text in ("peanuts", "they pay peanuts", "per diems"))
    assert not any(found.search(text) for text in ("peanut", "per day", "peanutsauce"))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"reward": "['pa*']"}, '"pa*", field "en": may have a star only where a word begins or ends, and 3 letters'),
        ({"reward": "['p*ay']"}, "may have a star only where a word begins or ends"),
        ({"reward": "['...']"}, "must be words, without commas, slashes or full stops"),
        ({"reward": "['and/or']"}, "must be words, without commas, slashes or full stops"),
        ({"reward": "[pay, PAY]"}, '"PAY", field "en": stands here already, on line 15'),
        ({"morale": "[pay]", "reward": "[pay]"}, "stands here already, on line"),
        ({"morale": "[none]"}, "stands here already, on line 1"),
        ({"nothing": "['none*']"}, "must be written out: what a star stands for may say something"),
        ({"rewards": "[pay]"}, 'field "driver": says "rewards"; did you mean "reward"?'),
        ({"intent_to_stay": "[quit]"}, "is never told of a small unit, and no theme"),
        ({"reward": "pay"}, "must be a list"),
        ({"reward": "['']"}, "must not be empty"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(words: dict[str, str], problem: str) -> None:
    with pytest.raises(DataFileError) as refused:
        read(written(**words))
    assert problem in str(refused.value)
    assert str(refused.value).startswith("mine.yaml, line ")


def test_a_theme_that_is_missing_or_stands_there_twice_is_refused() -> None:
    lines = written().splitlines()
    with pytest.raises(DataFileError, match=r"line 4.*has no words for burnout"):
        read("\n".join(lines[:3] + lines[4:]))
    with pytest.raises(DataFileError, match=r'"burnout", field "driver": stands here twice'):
        read("\n".join([*lines, lines[3]]))


def test_languages_may_share_a_word_within_a_theme() -> None:
    text = written().replace(
        "driver: burnout, words: {en: [burnout]}", "driver: burnout, words: {en: [stress], de: [Stress]}"
    )
    assert read(text).themes["burnout"].search("stress")


def test_the_file_that_ships_speaks_three_languages_of_every_theme() -> None:
    text = resources.files("surveys").joinpath("themes.yaml").read_text(encoding="utf-8")
    assert text.count("\n      en: [") == text.count("\n      de: [") == text.count("\n      es: [") == len(themes())
