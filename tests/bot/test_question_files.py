"""`murmur questions`, as somebody types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.question_files import questions
from surveys.questions import load_question_sets, parse_question_set

GOOD = """\
id: our-questions
version: 1
name: Our questions
description: What we ask besides.
locale: en
per_round: 2
items:
  - burnout.drained
  - id: own.demo-day
    driver: growth
    text: In the last two weeks, I showed my work to somebody new.
    reverse: false
"""


def typed(*words: object) -> Result:
    """What `murmur questions` answers."""
    result = CliRunner().invoke(questions, [str(word) for word in words])
    assert "Traceback" not in result.output
    return result


def test_every_set_is_listed_with_its_length() -> None:
    result = typed()
    assert result.exit_code == 0
    assert [line.partition(":")[0] for line in result.output.splitlines()] == list(load_question_sets())
    assert "4 a round, 30 seconds to answer" in result.output


@pytest.mark.parametrize("name", sorted(load_question_sets()))
def test_a_set_that_is_shown_is_a_file_that_can_be_used(name: str) -> None:
    result = typed("show", name)
    assert result.exit_code == 0
    assert parse_question_set(result.output, "shown.yaml") == load_question_sets()[name]


@pytest.mark.parametrize("name", sorted(load_question_sets()))
def test_the_example_at_the_end_becomes_a_question_when_its_marks_are_taken_away(name: str) -> None:
    begin, mark, end = typed("show", name).output.partition("# - id: own.demo-day\n")
    example, blank, rest = end.partition("#\n")
    with_it = begin + "\n".join(line.removeprefix("# ") for line in (mark + example).splitlines()) + "\n" + blank + rest
    shipped = load_question_sets()[name]
    assert ('Delete the "[]"' in with_it) is ("items: []" in with_it)
    with_it = with_it.replace("items: []", "items:").replace(f"id: {name}\n", "id: ours\n", 1)
    found = parse_question_set(with_it, "ours.yaml")
    assert found.items[:-1] == shipped.items
    assert (found.items[-1].id, found.items[-1].driver) == ("own.demo-day", "growth")


def test_help_says_that_the_first_mistake_is_named() -> None:
    assert "The first mistake is named" in " ".join(typed("check", "--help").output.split())


def test_a_set_that_is_not_there_is_told_with_those_that_are() -> None:
    result = typed("show", "weakly")
    assert result.exit_code == 1
    assert "no question set “weakly”" in result.output
    assert "ai-team-weekly" in result.output


def test_a_file_that_can_be_used_is_told_for_which_rhythms_it_is_long_enough(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(GOOD, "utf-8")
    result = typed("check", tmp_path / "ours.yaml")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "ours.yaml can be used. “Our questions”, 2 questions, 2 a round, 15 seconds to answer.",
        "  weekly: too few questions: round 2 could not fill its places, because a question rests for four weeks.",
        "  fortnightly: too few questions: round 2 could not fill its places, because a question rests for four weeks.",
        "  monthly: can be asked.",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("growth", "grwoth"), "line 10"),
        (GOOD.replace("burnout.drained", "burnout.draned"), 'did you mean "burnout.drained"?'),
        ("\N{DEGREE SIGN}", "ours.yaml"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, wrong: str, told: str) -> None:
    (tmp_path / "ours.yaml").write_text(wrong, "utf-8")
    result = typed("check", tmp_path / "ours.yaml")
    assert result.exit_code == 1
    assert told in result.output


def test_a_file_that_is_not_text_is_told_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(b"\xff\xfe\x00")
    result = typed("check", tmp_path / "ours.yaml")
    assert result.exit_code == 1
    assert "not text in UTF-8" in result.output
