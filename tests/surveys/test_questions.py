"""What is asked, and what happens to whoever writes a file of questions with a slip in it."""

import re
from collections import Counter
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.datafile import MOST_CHARACTERS
from surveys.questions import (
    Item,
    Owner,
    QuestionFileError,
    QuestionSet,
    bank,
    drivers,
    load_question_sets,
    parse_question_set,
    problems_of,
    scales,
    seconds_to_answer,
    write_question_set,
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

GOOD = """\
id: our-questions
version: 3
name: Our questions
description: What we ask besides.
locale: en
per_round: 4
items:
  - burnout.drained
  - autonomy.approvals
  - id: own.demo-day
    driver: growth
    text: In the last two weeks, I showed my work to somebody new.
    reverse: false
    facet: showing
    owner: team lead
    scale: agreement
    min_roster: 8
  - id: own.lunch
    driver: balance
    text: In the last two weeks, lunch was often cancelled.
    reverse: true
    scale: agreement
    facet: breaks
    owner: team lead
    min_roster: 0
"""
ENTRIES = {"own.demo-day": 10, "own.lunch": 18}  # the line on which each begins


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


def fails(text: str) -> QuestionFileError:
    with pytest.raises(QuestionFileError) as caught:
        parse_question_set(text, "ours.yaml")
    return caught.value


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


class TestFiles:
    def test_a_file_may_mix_shipped_questions_with_its_own(self) -> None:
        ours = parse_question_set(GOOD, "ours.yaml")
        assert [item.id for item in ours.items] == [
            "burnout.drained",
            "autonomy.approvals",
            "own.demo-day",
            "own.lunch",
        ]
        assert ours.items[0] == bank()["burnout.drained"]
        assert ours.version == 3

    def test_an_own_question_needs_four_fields_and_takes_the_rest_from_its_driver(self) -> None:
        short = GOOD[: GOOD.index("  - burnout")] + (
            "  - {id: own.one, driver: reward, text: I know how raises are decided., reverse: false}\n"
        )
        item = parse_question_set(short, "ours.yaml").items[0]
        assert (item.scale, item.owner, item.min_roster, item.claim) == ("agreement", Owner.COMPANY, 0, None)

    def test_a_shipped_set_can_be_written_and_read_again(self) -> None:
        for shipped in load_question_sets().values():
            assert parse_question_set(write_question_set(shipped), "copy.yaml") == shipped

    @given(st.data())
    def test_any_set_survives_being_written_and_read(self, data: st.DataObject) -> None:
        words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
        own = st.builds(
            Item,
            id=st.from_regex(r"own\.[a-z0-9]{1,20}", fullmatch=True),
            driver=st.sampled_from(DRIVERS[:-1]),
            text=st.lists(words, min_size=1, max_size=14).map(" ".join),
            scale=st.just("agreement"),
            reverse=st.booleans(),
            facet=words | st.just(""),
            owner=st.sampled_from(Owner),
            construct=words | st.just(""),
            informed_by=words | st.just(""),
            claim=st.none() | words,
            min_roster=st.integers(0, 99),
        )
        plain = st.builds(replace, own, reverse=st.just(False), scale=st.just("comment"))
        options = st.lists(words, min_size=2, max_size=9, unique_by=str.casefold).map(tuple)
        choice = st.builds(replace, plain, scale=st.just("choice"), options=options)
        items = st.lists(
            own | plain | choice | st.sampled_from(list(bank().values())), min_size=1, unique_by=lambda item: item.id
        )
        ours = replace(load_question_sets()["minimal"], items=tuple(data.draw(items)), name=data.draw(words))
        assert parse_question_set(write_question_set(ours), "copy.yaml") == ours

    @pytest.mark.parametrize(
        ("field", "value", "problem"),
        [
            ("text", "", "must be text; put it in quotes"),
            ("text", "'  '", "must be one line of plain text"),
            ("text", "a b c d e f g h i j k l m n o", "has 15 words; 14 is the most people read"),
            ("driver", "grwoth", 'says "grwoth"; did you mean "growth"?'),
            ("scale", "stars", 'says "stars"; it can be agreement, intent, choice or comment'),
            ("scale", "intent", "for intent-to-stay, and for nothing else"),
            ("reverse", "maybe", "must be true or false"),
            ("owner", "the boss", "must be 'team lead', 'leadership' or 'company'"),
            ("min_roster", "eight", "must be a whole number"),
            ("min_roster", "-1", "must be 0 or more"),
            ("min_roster", "2.5", "must be a whole number"),
            ("min_roster", "99999999999999999999", "must be a whole number"),
            ("facet", "[a, b]", "must be text"),
            ("id", "Own Question", "may hold small letters"),
            ("id", "burnout.pace", "belongs to a question that asks something else"),
        ],
    )
    @pytest.mark.parametrize("entry", list(ENTRIES))
    def test_a_bad_value_is_named_with_its_line_question_and_field(
        self, entry: str, field: str, value: str, problem: str
    ) -> None:
        lines = GOOD.splitlines()
        line = next(number for number, text in enumerate(lines, 1) if number >= ENTRIES[entry] and f"{field}: " in text)
        lines[line - 1] = lines[line - 1].partition(": ")[0] + ": " + value
        error = fails("\n".join(lines))
        assert (error.line, error.field) == (line, field)
        assert problem in error.problem
        assert field == "id" or error.entry == entry
        assert str(error).startswith(f"ours.yaml, line {line}, ")

    @pytest.mark.parametrize("field", ["driver", "text", "reverse"])
    @pytest.mark.parametrize("entry", list(ENTRIES))
    def test_a_missing_field_is_named_with_the_line_of_its_question(self, entry: str, field: str) -> None:
        lines = GOOD.splitlines()
        line = next(n for n, text in enumerate(lines) if n >= ENTRIES[entry] and f"{field}: " in text)
        error = fails("\n".join(lines[:line] + lines[line + 1 :]))
        assert (error.line, error.entry, error.field) == (ENTRIES[entry], entry, field)
        assert error.problem == "is missing"

    def test_a_misspelt_field_is_pointed_out_before_the_one_it_was_meant_to_be(self) -> None:
        error = fails(GOOD.replace("    facet: breaks", "    fecet: breaks"))
        assert (error.line, error.field) == (23, "fecet")
        assert error.problem == 'is not a field here; did you mean "facet"?'

    @pytest.mark.parametrize(
        ("good", "bad", "line", "words"),
        [
            ("id: our-questions", "id: Our questions", 1, "may hold small letters"),
            ("version: 3", "version: 0", 2, "must be 1 or more"),
            ("version: 3", "version: '3'", 2, "must be a whole number"),
            ("per_round: 4", "per_round: 40", 6, "must be 15 or less"),
            ("name: Our questions", f"name: {'x' * 76}", 3, "longer than 75 characters"),
            ("name: Our questions", "name: Our questions: ours", 3, "must stand in quotes"),
            ("locale: en", "locale: ../en", 5, ""),
            ("  - burnout.drained", "  - burnout.drainde", 8, 'did you mean "burnout.drained"?'),
            ("  - burnout.drained", "  - autonomy.approvals", 9, "stands in this set twice"),
            ("  - burnout.drained", "  - 7", 8, "must be the id of a question or a group of fields"),
            ("  - id: own.lunch", "  - id: own.demo-day", 18, "stands in this set twice"),
            ("    reverse: true", "    driver: growth", 21, "stands here twice"),
            ("    reverse: true", "    reverse: &a true", 21, "references"),
            ("    reverse: true", "    reverse: *a", 21, "references"),
            ("    reverse: true", "    reverse: !!bool true", 21, "tags"),
            ("    reverse: true", "\treverse: true", 21, "not valid YAML"),
            ("    reverse: true", "    reverse: \u0007", 21, "cannot be read"),
            ("facet: breaks", r'facet: "\Uffffffff"', 23, "stands for no character"),
            ("facet: breaks", r'facet: "\ud800"', 23, "half a character"),
            ("facet: breaks", "facet: [[[[[[[[]]]]]]]]", 23, "nested too deeply"),
            ("facet: breaks", "? [a]\n    : b", 23, "must be a word"),
        ],
    )
    def test_a_slip_is_found_on_its_line(self, good: str, bad: str, line: int, words: str) -> None:
        assert GOOD.count(good) == 1 or good in {"id: our-questions", "name: Our questions"}
        error = fails(GOOD.replace(good, bad, 1))
        assert error.line == line
        assert words in error.problem

    def test_of_several_slips_the_first_in_the_file_is_named(self) -> None:
        error = fails(GOOD.replace("name: Our questions", "name: 7").replace("per_round: 4", "per_round: 40"))
        assert (error.line, error.field) == (3, "name")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "empty"),
            ("# nothing yet\n", "empty"),
            ("just words", "must be a group of fields"),
            ("a: 1\n---\nb: 2\n", "not valid YAML"),
            ("x" * (MOST_CHARACTERS + 1), "longer than"),
            (GOOD[: GOOD.index("  - burnout")] + "  none", "must be a list"),
        ],
    )
    def test_what_is_no_question_set_at_all_is_refused_in_words(self, text: str, words: str) -> None:
        assert words in fails(text).problem

    @given(st.data())
    def test_whatever_happens_to_a_file_it_is_read_or_an_existing_line_is_named(self, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(GOOD)))
        end = data.draw(st.integers(start, min(len(GOOD), start + 30)))
        signs = st.text(st.sampled_from("&*!?|>%@`{}[]:,-#'\"\\ \n\tUux0"), max_size=8)
        damaged = GOOD[:start] + data.draw(st.text(max_size=8) | signs) + GOOD[end:]
        error = None
        try:
            parsed = parse_question_set(damaged, "ours.yaml")
        except QuestionFileError as caught:
            error = caught
        if error is None:
            assert all(not problems_of(item, {}) for item in parsed.items)
        else:
            assert 1 <= error.line <= len(re.split(r"\r\n|[\r\n\x85\u2028\u2029]", damaged))
            assert str(error).startswith("ours.yaml, line ")
            assert str(error).encode("utf-8")


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
