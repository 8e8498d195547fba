"""`murmur questions`: the question sets there are, and a check of one's own before Murmur is started with it."""

from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap

import click

from surveys.cadence import Frequency
from surveys.questions import (
    QuestionFileError,
    QuestionSet,
    drivers,
    load_question_sets,
    parse_question_set,
    seconds_to_answer,
    write_question_set,
)
from surveys.rotation import EVERY, first_short_round

_ROSTER = 30  # a unit that every question may be asked of

_OWN_QUESTION = """\
#
# A question of your own is a line of "items" like the others. Without the "# " before each line, this is one:{empty}
#
# - id: own.demo-day
#   driver: growth
#   text: In the last two weeks, I showed my work to somebody new.
#   reverse: false
#
# driver is one of {drivers}.
# reverse: true where agreeing is bad news, as with "I felt drained". People answer from "Strongly disagree" to
# "Strongly agree". Give the file an id and a name of its own, and check it: murmur questions check FILE
"""


class CannotUse(click.ClickException):
    """A file is no question set. The message names its line, the question and the field."""


@click.group(invoke_without_command=True)
@click.pass_context
def questions(context: click.Context) -> None:
    """List the question sets; show one as a file, or check a file of your own."""
    if context.invoked_subcommand is None:
        for question_set in load_question_sets().values():
            click.echo(f"{question_set.id}: {_summary(question_set)}")


@questions.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the set NAME as a file, to begin one of your own with; its end shows how a question is written."""
    try:
        found = load_question_sets()[name]
    except KeyError:
        known = ", ".join(load_question_sets())
        raise CannotUse(f"There is no question set “{name}”. There are {known}.") from None
    empty = "" if found.items else '\n# (Delete the "[]" behind "items:" first.)'
    click.echo(write_question_set(found) + _OWN_QUESTION.format(drivers=_in_lines(drivers()), empty=empty), nl=False)


@questions.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check FILE, and how often it can be asked. The first mistake is named; mend it, and check again."""
    try:
        found = parse_question_set(file.read_text(encoding="utf-8-sig"), file.name)
    except QuestionFileError as problem:
        raise CannotUse(str(problem)) from None
    except UnicodeDecodeError:
        raise CannotUse(f"{file.name} is not text in UTF-8: save it again as UTF-8.") from None
    click.echo(f"{file.name} can be used. {_summary(found)}")
    for frequency in Frequency:
        click.echo(f"  {frequency}: {_length(found, frequency)}")


def _summary(question_set: QuestionSet) -> str:
    if not question_set.items:
        return f"“{question_set.name}”, {question_set.per_round} a round, no questions yet."
    seconds = seconds_to_answer(question_set.per_round)
    return (
        f"“{question_set.name}”, {_many(len(question_set.items), 'question')}, {question_set.per_round} a round,"
        f" {seconds} seconds to answer."
    )


def _length(question_set: QuestionSet, frequency: Frequency) -> str:
    short = first_short_round(question_set.items, every=EVERY[frequency], count=question_set.per_round, roster=_ROSTER)
    if short is None:
        return "can be asked."
    if short == 0:
        return "there is nothing to ask yet."
    return f"too few questions: round {short} could not fill its places, because a question rests for four weeks."


def _in_lines(names: Iterable[str]) -> str:
    """Names one after another, in lines of a comment."""
    return "\n# ".join(wrap(", ".join(names), 100, break_on_hyphens=False))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
