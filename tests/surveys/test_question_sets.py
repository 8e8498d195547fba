"""What happens to whoever writes a file of questions with a slip in it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.datafile import MOST_CHARACTERS
from surveys.questions import (
    Item,
    Owner,
    QuestionFileError,
    bank,
    drivers,
    load_question_sets,
    parse_question_set,
    problems_of,
    write_question_set,
)

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


def fails(text: str) -> QuestionFileError:
    with pytest.raises(QuestionFileError) as caught:
        parse_question_set(text, "ours.yaml")
    return caught.value


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
            driver=st.sampled_from(list(drivers())[:-1]),
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
