"""`murmur export`: everything that was ever published, as the ledger has it."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from sqlmodel import Session, col, select

from bot.drafts import written_whole
from bot.stored import CannotUse, chosen_workspace, opened, which_database
from storage.ledger import history
from storage.questions import known_items
from storage.tables import Pulse, Unit
from surveys.exports import COLUMNS, Entry, in_order, release_files, rows


class CannotExport(CannotUse):
    """Nothing can be written there. The message is one line that says why."""


@click.command()
@click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where it goes; replaced if it is there. With json, a folder, which is made.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="A table of all codes, or a file for each round that murmur audit reads.",
)
@which_database
def export(target: Path, kind: str, address: str | None, workspace: str | None) -> None:
    """Write down everything that was ever published: the codes in the ledger, and nothing besides.

    The table is a CSV file with the columns closed_on, pulse, unit, question, driver, kind, people, band and word: a
    row for each unit, question and round, and besides for tone and themes of the comments and for how many took part.
    band counts from 0, the worst; of a question with choices it is the answer's number, 0 if none stands out; of a
    theme 1 if several speak of it. word says the same in words, and withheld for what may not be shown, whatever the
    cause. Names of teams that a spreadsheet could take for a formula begin with an apostrophe.

    With --format json there is a file for each round, with every figure and the sizes of the units, but no names of
    people. murmur audit takes the folder, and works out what each leaves open about anybody's answers.

    Nothing finer than this is kept: there are no answers to export. Exit status 2: nothing was written.
    """
    with opened(address) as database, database.reading() as session:
        entries = in_order(everything(session, chosen_workspace(session, workspace).id))
    try:
        if kind == "csv":
            _write_table(entries, target)
        else:
            _write_releases(entries, target)
    except OSError as error:
        raise CannotExport(f"{target} cannot be written ({error.strerror}).") from None


def everything(session: Session, workspace_id: int) -> Iterator[Entry]:
    """Every code in the ledger of a workspace, with the names of what it is about."""
    pulses = session.exec(select(Pulse).where(Pulse.workspace_id == workspace_id).order_by(col(Pulse.id))).all()
    for pulse in pulses:
        names = dict(session.exec(select(Unit.id, Unit.name).where(Unit.pulse_id == pulse.id)).all())
        items = known_items(session, pulse.id)
        for one in history(session, list(names)):
            yield Entry(pulse=pulse.name, unit=names[one.unit_id], published=one, item=items.get(one.code.subject))


def _write_table(entries: Sequence[Entry], target: Path) -> None:
    with written_whole(target) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(entries))
    if not entries:
        click.echo(f"Nothing has been published yet; {target} has its columns and no rows.", err=True)
        return
    withheld = sum(entry.published.code.value is None for entry in entries)
    click.echo(f"{_codes(entries)}; {withheld:,} of them are withheld. They are in {target}.", err=True)


def _write_releases(entries: Sequence[Entry], target: Path) -> None:
    files = list(release_files(entries))
    if not files:
        click.echo("Nothing has been published yet; no file was written.", err=True)
        return
    target.mkdir(parents=True, exist_ok=True)
    for one in files:
        with written_whole(target / one.name) as file:
            file.write(one.text)
    click.echo(f"{_codes(entries)}, in {len(files):,} file{'s' * (len(files) != 1)} in {target}.", err=True)
    click.echo(f"What they leave open about anybody: murmur audit {target}", err=True)


def _codes(entries: Sequence[Entry]) -> str:
    rounds = len({entry.published.round_id for entry in entries})
    return f"{len(entries):,} code{'s' * (len(entries) != 1)} of {rounds:,} round{'s' * (rounds != 1)}"
