"""`murmur questions`: the question sets there are, and a check of one's own before Murmur is started with it."""

from pathlib import Path

import click

from surveys.cadence import Frequency
from surveys.questions import (
    QuestionFileError,
    QuestionSet,
    load_question_sets,
    parse_question_set,
    seconds_to_answer,
    write_question_set,
)
from surveys.rotation import EVERY, first_short_round

_ROSTER = 30  # a unit that every question may be asked of


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
    """Print the set NAME as a file, to begin one of your own with."""
    try:
        found = load_question_sets()[name]
    except KeyError:
        known = ", ".join(load_question_sets())
        raise CannotUse(f"There is no question set “{name}”. There are {known}.") from None
    click.echo(write_question_set(found), nl=False)


@questions.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check FILE, line by line, and how often it can be asked."""
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
        return "long enough."
    if short == 0:
        return "there is nothing to ask yet."
    return f"too short: round {short} could not fill its places, because a question rests for four weeks."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
