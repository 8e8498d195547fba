"""What is asked, and when a question may be asked like that."""

import re
from collections import Counter
from dataclasses import replace
from importlib import resources

import pytest

from surveys.questions import (
    Item,
    Owner,
    QuestionSet,
    bank,
    drivers,
    load_question_sets,
    problems_of,
    scales,
    seconds_to_answer,
)

DRIVERS = [
    "burnout",
    "autonomy",
    "meaningful-work",
    "purpose",
    "experimentation",
    "ai-leadership",
    "open-dialogue",
    "collaboration",
    "growth",
    "flexibility",
    "balance",
    "reward",
    "morale",
    "intent-to-stay",
]
BAD_NEWS = {  # of the two drivers that are asked every round: agreeing with these means trouble
    "burnout.drained",
    "burnout.too-long",
    "burnout.no-break",
    "burnout.dread",
    "autonomy.approvals",
    "autonomy.without-me",
    "autonomy.checked-on",
    "autonomy.told-how",
}


@pytest.fixture(scope="module")
def weekly() -> QuestionSet:
    return load_question_sets()["ai-team-weekly"]


@pytest.fixture(scope="module")
def minimal() -> QuestionSet:
    return load_question_sets()["minimal"]


def everything_people_read() -> list[str]:
    sets = load_question_sets().values()
    named = [text for each in sets for text in (each.name, each.description)]
    levels = [word for driver in drivers().values() for word in (driver.worse, driver.better, *driver.level_words)]
    labels = [label for scale in scales().values() for label in scale.labels]
    return [*named, *levels, *labels, *(item.text for item in bank().values())]


RESTRICTED = re.compile(r"net promoter|\bnps\b|gallup|\bq12\b|\bmbi\b|maslach|copsoq", re.IGNORECASE)


class TestDrivers:
    def test_all_fourteen_drivers_are_there_in_order(self) -> None:
        assert list(drivers()) == DRIVERS

    def test_only_morale_and_intent_to_stay_are_outcomes(self) -> None:
        assert [driver.id for driver in drivers().values() if driver.outcome] == ["morale", "intent-to-stay"]

    def test_level_words_differ_and_begin_with_the_worst(self) -> None:
        for driver in drivers().values():
            assert len(set(driver.level_words)) == 6
        assert drivers()["burnout"].level_words[0] == "very high"
        assert drivers()["autonomy"].level_words[0] == "poor"

    def test_a_flag_says_something_different_for_every_driver(self) -> None:
        sentences = Counter(words for driver in drivers().values() for words in (driver.worse, driver.better))
        assert set(sentences.values()) == {1}

    def test_agreement_has_five_answers_intent_four_and_a_choice_its_own(self) -> None:
        assert {scale.id: (scale.kind, len(scale.labels)) for scale in scales().values()} == {
            "agreement": ("agreement", 5),
            "intent": ("ordered", 4),
            "choice": ("choice", 0),
            "comment": ("comment", 0),
        }
        assert scales()["agreement"].labels[0] == "Strongly disagree"


class TestShippedQuestions:
    def test_every_driver_has_three_questions_and_those_of_every_round_six(self, weekly: QuestionSet) -> None:
        count = Counter(item.driver for item in weekly.items)
        assert list(count) == DRIVERS
        assert all(number >= 3 for number in count.values())
        assert count["burnout"] == count["autonomy"] == 6

    def test_the_minimal_set_asks_only_of_burnout_and_autonomy_and_keeps_the_ids(
        self, weekly: QuestionSet, minimal: QuestionSet
    ) -> None:
        shared = {item.id for item in weekly.items if item.driver in {"burnout", "autonomy"}}
        assert {item.driver for item in minimal.items} == {"burnout", "autonomy"}
        assert shared < {item.id for item in minimal.items}

    def test_questions_are_under_fifteen_words(self) -> None:
        assert [item.text for item in bank().values() if len(item.text.split()) >= 15] == []

    def test_no_id_and_no_wording_stands_in_the_bank_twice(self) -> None:
        text = resources.files("surveys").joinpath("question_sets/bank.en.yaml").read_text(encoding="utf-8")
        assert len(re.findall(r"^  - id: ", text, re.MULTILINE)) == len(bank())
        assert len({item.text for item in bank().values()}) == len(bank())

    def test_an_id_begins_with_its_driver(self) -> None:
        assert all(item.id.startswith(f"{item.driver}.") for item in bank().values())

    @pytest.mark.parametrize("driver", ["burnout", "autonomy"])
    def test_questions_of_every_round_are_turned_the_right_way(self, driver: str) -> None:
        items = [item for item in bank().values() if item.driver == driver]
        assert {item.id for item in items if item.reverse} == {id_ for id_ in BAD_NEWS if id_.startswith(driver)}

    def test_pressing_the_same_button_throughout_gives_no_extreme_result_for_any_driver(
        self, weekly: QuestionSet
    ) -> None:
        for driver in set(DRIVERS) - {"intent-to-stay"}:
            assert {item.reverse for item in weekly.items if item.driver == driver} == {True, False}

    def test_what_is_about_the_last_days_says_so_at_the_start(self) -> None:
        for item in bank().values():
            assert "two weeks" not in item.text or item.text.startswith("In the last two weeks, ")
        states = sum(item.text.startswith("In the last two weeks, ") for item in bank().values())
        assert states > len(bank()) / 2

    def test_every_question_names_its_construct_and_the_work_that_describes_it(self) -> None:
        for item in bank().values():
            assert item.construct
            assert item.facet
            assert re.search(r"\b(19|20)\d\d\b|People Survey|DORA", item.informed_by), item.id

    def test_nothing_people_read_uses_a_trademark_or_shouts(self) -> None:
        for text in everything_people_read():
            assert not RESTRICTED.search(text), text
            assert "!" not in text, text

    def test_statements_end_with_a_full_stop_and_choices_with_a_question_mark(self) -> None:
        for item in bank().values():
            assert item.text[-1] == ("." if item.scale == "agreement" else "?"), item.id

    def test_intent_to_stay_is_a_choice_and_asked_of_thirty_or_more(self) -> None:
        for item in bank().values():
            intent = item.driver == "intent-to-stay"
            assert (item.scale == "intent") is intent
            assert (item.min_roster >= 30) is intent

    def test_the_sets_are_offered_from_the_fullest_purpose_to_none(self) -> None:
        assert list(load_question_sets()) == ["ai-team-weekly", "full-quarterly", "minimal", "blank"]
        assert not load_question_sets()["blank"].items

    def test_the_full_set_asks_about_every_driver_and_in_every_way(self) -> None:
        full = load_question_sets()["full-quarterly"]
        count = Counter(item.driver for item in full.items)
        assert set(count) == set(DRIVERS)
        assert min(count.values()) >= 3
        assert {item.scale for item in full.items} == set(scales())

    def test_the_weekly_set_is_answered_by_tapping_alone(self, weekly: QuestionSet) -> None:
        assert {item.scale for item in weekly.items} == {"agreement", "intent"}

    def test_four_questions_take_half_a_minute(self) -> None:
        assert [seconds_to_answer(number) for number in (1, 2, 4, 5, 8)] == [15, 15, 30, 45, 60]


class TestWritingAQuestion:
    GOOD = Item(
        id="own.one",
        driver="growth",
        text="In the last two weeks, I taught somebody something.",
        scale="agreement",
        reverse=False,
        facet="",
        owner=Owner.TEAM_LEAD,
        construct="",
        informed_by="",
    )

    def test_a_sound_question_has_no_problems(self) -> None:
        assert not problems_of(self.GOOD, bank())

    def test_each_problem_stands_at_its_field(self) -> None:
        bad = replace(self.GOOD, id="Own", driver="luck", text="two\nlines", scale="smileys")
        assert set(problems_of(bad, bank())) == {"id", "driver", "text", "scale"}

    def test_an_id_keeps_its_wording(self) -> None:
        reworded = replace(self.GOOD, text="In the last two weeks, I taught nobody.")
        assert set(problems_of(reworded, {"own.one": self.GOOD})) == {"id"}
        assert not problems_of(replace(self.GOOD, facet="teaching"), {"own.one": self.GOOD})

    def test_intent_to_stay_can_be_neither_averaged_nor_asked_of_a_small_team(self) -> None:
        averaged = replace(self.GOOD, driver="intent-to-stay")
        assert "not averaged" in problems_of(averaged, {})["scale"]
        small = replace(averaged, scale="intent", min_roster=29, reverse=True)
        assert set(problems_of(small, {})) == {"reverse", "min_roster"}
        assert not problems_of(replace(small, min_roster=30, reverse=False), {})
        assert set(problems_of(replace(small, min_roster=30, reverse=False, scale="comment"), {})) == {"scale"}

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ((), "must list the answers one can choose from, two or more"),
            (("Yes",), "must list the answers one can choose from, two or more"),
            (("Yes", " yes "), "must differ from each other"),
            (("Yes", " "), "must each be one line of plain text"),
            (("Yes", "No\nway"), "must each be one line of plain text"),
        ],
    )
    def test_a_choice_has_answers_that_one_can_tell_apart(self, options: tuple[str, ...], problem: str) -> None:
        choice = replace(self.GOOD, scale="choice", options=options)
        assert problems_of(choice, {}) == {"options": problem}
        assert not problems_of(replace(choice, options=("Yes", "No")), {})

    @pytest.mark.parametrize("scale", ["agreement", "comment"])
    def test_only_a_choice_brings_answers_of_its_own(self, scale: str) -> None:
        assert set(problems_of(replace(self.GOOD, scale=scale, options=("Yes", "No")), {})) == {"options"}

    def test_only_a_statement_can_be_turned_around(self) -> None:
        turned = replace(self.GOOD, reverse=True)
        assert not problems_of(turned, {})
        assert set(problems_of(replace(turned, scale="comment"), {})) == {"reverse"}
        assert set(problems_of(replace(turned, scale="choice", options=("Yes", "No")), {})) == {"reverse"}

    def test_other_answers_make_another_question(self) -> None:
        choice = replace(self.GOOD, scale="choice", options=("Yes", "No"))
        assert set(problems_of(replace(choice, options=("Yes", "Never")), {"own.one": choice})) == {"id"}
