"""`murmur import`: take over what another survey tool told of the same teams, so that the detector starts warm."""

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlmodel import Session

from bot.progress import watched
from bot.stored import CannotUse, chosen_workspace, opened, which_database
from storage.database import Database
from storage.imported import departments, forget, imported_history, imported_units, keep, places
from storage.tables import Unit
from surveys.history import History, Told, parse_history
from surveys.imports import Place, Sorted, sort_out
from surveys.questions import drivers
from surveys.tablefile import TableFileError


class CannotImport(CannotUse):
    """The file cannot be taken over. Each line says where and what to do."""


def _known_drivers(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in drivers():
            near = difflib.get_close_matches(name, list(drivers()), n=1)
            hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(drivers())}."
            raise click.BadParameter(f"“{name}” is not a driver here; {hint}")
    return names


@click.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--higher-is-worse",
    "turned",
    metavar="DRIVER",
    multiple=True,
    callback=_known_drivers,
    help="A driver of which a high mean is bad in FILE, often burnout; its means are turned around. May be repeated.",
)
@click.option("--undo", is_flag=True, help="Remove all that was imported, from whatever file.")
@click.option("--yes", is_flag=True, help="With --undo: do not ask.")
@which_database
def import_(
    file: Path | None,
    dry_run: bool,
    turned: tuple[str, ...],
    undo: bool,
    yes: bool,
    address: str | None,
    workspace: str | None,
) -> None:
    """Take over what another survey tool told of your teams, so that flags are ready from the first round on.

    FILE is a CSV file with the columns unit, driver, week, n and mean; optionally team_size. unit is a team, as it is
    called in Murmur; teams that are counted together are one unit, "Speech + Vision". week is an ISO week (2026-W02) or
    a day of it; n is how many answered. mean is on the scale from 1 to 5, higher is better, unless --higher-is-worse
    says otherwise of a driver.

    Each mean is turned into the band that Murmur itself would have published, and forgotten; so is n. Means of fewer
    than five answers, and any column that may be about a person, are refused. Nobody is shown what was imported: only
    the detector reads it. It ends where Murmur's own rounds begin; a unit that has results already takes none.

    Exit status 2: something stands against it. All such lines are named with their column, and nothing is stored.
    """
    if undo:
        _undo(address, workspace, dry_run=dry_run, yes=yes)
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE': the history to import.")
    with opened(address) as database:
        history = _read(file, turned)
        with _looking(database, only=dry_run) as session:
            workspace_id = chosen_workspace(session, workspace).id
            sorted_ = _sorted(session, workspace_id, history, file, datetime.now(UTC))
            if not dry_run:
                keep(session, workspace_id, sorted_.new)
    for line in _report(sorted_, file.name, turned, dry_run=dry_run):
        click.echo(line)


def _looking(database: Database, *, only: bool) -> AbstractContextManager[Session]:
    """A transaction, in which `only` to look, or to change something as well."""
    return database.reading() if only else database.transaction()


def _read(file: Path, turned: Collection[str]) -> History:
    try:
        # Bytes that are no text are carried along, so that the line and column they stand in can be named.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            return parse_history(watched(lines, file.stat().st_size), file.name, drivers=drivers(), turned=turned)
    except TableFileError as error:
        raise CannotImport(str(error)) from None
    except OSError as error:
        raise CannotImport(f"{file.name} cannot be read ({error.strerror}).") from None


def _sorted(session: Session, workspace_id: int, history: History, file: Path, now: datetime) -> Sorted:
    units = places(session, workspace_id, now)
    if not units:
        raise CannotImport("Murmur knows no team yet: set your teams up in Slack first, with /pulse setup.")
    try:
        return sort_out(history, file.name, units, departments(session, workspace_id))
    except TableFileError as error:
        raise CannotImport(str(error)) from None


def _report(sorted_: Sorted, source: str, turned: Collection[str], *, dry_run: bool) -> Iterator[str]:
    if sorted_.new:
        yield "This would be imported; nothing was stored:" if dry_run else "Imported:"
        yield from _by_unit(_figures(sorted_.new))
    else:
        yield f"There is nothing new in {source}; nothing was changed."
    if sorted_.there:
        yield f"There already, and left as it is: {_count(len(sorted_.there), 'figure')}."
    if sorted_.withheld:
        yield "Left out, because all five of a team of five answered, which Murmur would not show either:"
        yield from _by_unit(_figures(sorted_.withheld))
    if sorted_.new:
        yield from _how_it_was_read({told.code.driver for _, told in sorted_.new}, turned, dry_run=dry_run)


def _how_it_was_read(of: Collection[str], turned: Collection[str], *, dry_run: bool) -> Iterator[str]:
    """What became of the means, so that a scale which was taken the wrong way round is noticed."""
    for id_, driver in drivers().items():
        if id_ in of:
            best, worst = (1, 5) if id_ in turned else (5, 1)
            words = driver.level_words
            yield f"{driver.name}: a mean of {best} was read as “{words[-1]}”, one of {worst} as “{words[0]}”."
    undo = "" if dry_run else "run murmur import --undo, and "
    yield (
        f"If one of them is the wrong way round, {undo}import again with its name after --higher-is-worse, or without"
        " that."
    )
    if not dry_run:
        yield (
            "Each mean was turned into a band and dropped; the file is not kept. Only the detector reads the bands; no"
            " digest shows them."
        )


def _undo(address: str | None, workspace: str | None, *, dry_run: bool, yes: bool) -> None:
    with opened(address) as database:
        with database.reading() as session:
            removable, kept = _imported(session, chosen_workspace(session, workspace).id)
            rows = imported_history(session, [unit.id for unit in removable])
        names = {unit.id: unit.name for unit in removable}
        if kept and not removable:
            raise CannotImport(_stays(kept))
        if kept:
            click.echo(_stays(kept))
        if not removable:
            click.echo("There is nothing to remove.")
            return
        click.echo("This would be removed; nothing was changed:" if dry_run else "To be removed, from whatever file:")
        for line in _by_unit((names[row.unit_id], row.code.driver, row.closed_on) for row in rows):
            click.echo(line)
        if dry_run:
            return
        if not (yes or click.confirm("Remove it?")):
            click.echo("Nothing was removed.")
            return
        with database.transaction() as session:
            removable, _ = _imported(session, chosen_workspace(session, workspace).id)
            forget(session, [unit.id for unit in removable])
    click.echo("Removed.")


def _stays(kept: Sequence[Unit]) -> str:
    has = "has" if len(kept) == 1 else "have"
    return (
        f"{_and([unit.name for unit in kept])} {has} results by now. What was imported stays, for flags that were told"
        " would change without it."
    )


def _imported(session: Session, workspace_id: int) -> tuple[list[Unit], list[Unit]]:
    """The units of which something was imported: those of which it can be removed, and those that have results."""
    units = imported_units(session, workspace_id)
    return [unit for unit, told in units if not told], [unit for unit, told in units if told]


def _by_unit(figures: Iterable[tuple[str, str, date]]) -> Iterator[str]:
    """A line for each unit, from its name, the driver and the last day of the week of each figure."""
    units: dict[str, list[tuple[str, date]]] = {}
    for unit, driver, on in figures:
        units.setdefault(unit, []).append((driver, on))
    for unit, of_unit in sorted(units.items()):
        weeks = Counter(driver for driver, _ in of_unit)
        each = [f"{drivers()[driver].name} {_count(weeks[driver], 'week')}" for driver in drivers() if driver in weeks]
        first, last = min(on for _, on in of_unit), max(on for _, on in of_unit)
        when = _week(first) if first == last else f"{_week(first)} to {_week(last)}"
        yield f"  {unit}, {when}: {', '.join(each)}"


def _week(on: date) -> str:
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _figures(rows: Iterable[tuple[Place, Told]]) -> Iterator[tuple[str, str, date]]:
    return ((place.name, told.code.driver, told.on) for place, told in rows)
