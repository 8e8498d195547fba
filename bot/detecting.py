"""`murmur detect`: which teams a table of answers flags, and since when."""

import csv
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Final, TypeVar

import click

from bot.drafts import written_whole
from bot.progress import bar, watched
from surveys.answers import Answers, parse_answers
from surveys.detection import Flagged, Spread
from surveys.detection import detect as find_flags
from surveys.tablefile import TableFileError

B = TypeVar("B")

COLUMNS: Final = ("week", "team", "driver", "since", "level", "lo90", "hi90")

_MANY: Final = 2_000_000  # bytes from which further processes are worth their start, about a second
_MEBIBYTE: Final = 1024 if sys.platform != "darwin" else 1024 * 1024  # in the units in which memory is told


class CannotDetect(click.ClickException):
    """The table cannot be read, or the flags not written. Each line says where and what to do."""

    exit_code = 2


def _above_one(_: click.Context, __: click.Parameter, value: float) -> float:
    if not 1 < value < float("inf"):
        raise click.BadParameter("must be above 1.")
    return value


@click.command()
@click.option(
    "--in",
    "source",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The table of answers.",
)
@click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the flags go; replaced if it is there.",
)
@click.option(
    "--arl",
    default=104.0,
    show_default=True,
    callback=_above_one,
    help="Mean number of observations of a stream until chance alone raises a flag.",
)
@click.option(
    "--min-n",
    default=4,
    show_default=True,
    type=click.IntRange(1),
    help="Fewest answers that count; weeks with fewer only tell who is new.",
)
def detect(source: Path, target: Path, arl: float, min_n: int) -> None:
    """Find the weeks in which a team's level is getting worse.

    FILE is a CSV file with the columns week, team, driver, team_size, replaced, n, and either answers (1 to 5,
    blanks between) or lo and hi, bounds of their mean; optionally item. Higher is better. week is a whole number, a
    day (2026-01-09) or an ISO week (2026-W02); replaced is how many members are new since the team's week before.

    The flags are a CSV file with the columns week, team, driver, since, level, lo90, hi90: a row for each week and
    stream (a team and a driver) on which a flag stands. It is one and the same flag as long as `since` is the same;
    it stands until the level has risen again, or for twelve weeks. level is where the last five observations put
    the level, lo90 to hi90 its 90 % interval. Only the past is used, and nothing but what the columns say: the
    order of rows and answers, and names, change nothing. How much answers scatter is learned from all streams of
    the file, so put the teams of one organisation into one file.

    A million rows of exact answers took 280 seconds of processor time, which all cores share, and some 600 MB; bounds
    take longer by two thirds.

    Exit status 2: a line cannot be used. All such lines are named with their column, and nothing is written.
    """
    began = time.monotonic()
    if target.exists() and target.samefile(source):
        raise CannotDetect("--out names the file of the answers; give the flags a file of their own.")
    with _spread(source.stat().st_size) as spread:
        answers = _read(source, min_n)
        for name in answers.unknown:
            click.echo(f"Column “{name}” means nothing here and is passed over.", err=True)
        flagged = find_flags(answers.rows, arl=arl, min_n=min_n, spread=spread)
    try:
        _write(flagged, answers.week_names, target)
    except OSError as error:
        raise CannotDetect(f"{target} cannot be written ({error.strerror}).") from None
    click.echo(_summary(answers, flagged, time.monotonic() - began), err=True)


def _read(source: Path, min_n: int) -> Answers:
    try:
        # Bytes that are no text are carried along, so that the line and column they stand in can be named.
        with source.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            return parse_answers(watched(file, source.stat().st_size), source.name, min_n=min_n)
    except TableFileError as error:
        raise CannotDetect(str(error)) from None
    except OSError as error:
        raise CannotDetect(f"{source.name} cannot be read ({error.strerror}).") from None


@contextmanager
def _spread(size: int) -> Iterator[Spread]:
    """Applies work to chunks with a progress bar, and on every core if the file has many bytes."""
    names = iter(("learning the noise", "looking for changes"))
    if size < _MANY:
        yield lambda work, chunks: _told(map(work, chunks), len(chunks), next(names))
        return
    # Started anew rather than forked: a fork copies whatever threads and locks there are.
    anew = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_cores(), anew, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:  # Ctrl-C ends us
        # Started before the table is read: what we hold by then would be counted as their memory, too.
        for _ in range(_cores()):
            pool.submit(int)
        yield lambda work, chunks: _told(pool.map(work, chunks), len(chunks), next(names))


def _told(results: Iterable[B], count: int, name: str) -> Iterator[B]:
    with bar(count, name) as done:
        for result in results:
            yield result
            done.update(1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _write(flagged: Sequence[Flagged], week_names: Mapping[date, str], target: Path) -> None:
    """All or nothing: the file appears, or is replaced, when it is complete."""
    with written_whole(target) as file:
        _write_rows(flagged, week_names, file)


def _write_rows(flagged: Sequence[Flagged], week_names: Mapping[date, str], file: IO[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in flagged:
        figures = (f"{figure:.3f}" for figure in (one.level, one.lo90, one.hi90))
        writer.writerow([week_names[one.week], one.team, one.driver, week_names[one.since], *figures])


def _summary(answers: Answers, flagged: Sequence[Flagged], seconds: float) -> str:
    streams = len({(row.team, row.driver) for row in answers.rows})
    flags = len({(one.team, one.driver, one.since) for one in flagged})
    ours, largest = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = ours + _cores() * largest  # nothing, where no other process was needed
    return (
        f"{len(answers.rows):,} rows of {streams:,} streams: {flags:,} flags, which stand in {len(flagged):,} weeks;"
        f" {seconds:.1f} s, {memory / _MEBIBYTE:,.0f} MB."
    )
