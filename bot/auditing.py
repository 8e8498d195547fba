"""`murmur audit`: whether what a survey tool published of a round pins anybody down."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from surveys.audit import LEAST
from surveys.audit_releases import parse_releases
from surveys.audit_search import Undecided
from surveys.audit_solver import Contradiction, Exposure, solve
from surveys.datafile import DataFileError
from surveys.exports import COLUMNS


class CannotAudit(click.ClickException):
    """A file cannot be audited. The message is one line that says where and what to do."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@click.pass_context
def audit(context: click.Context, file: Path, as_json: bool) -> None:
    """Work out what published figures leave open about each person's answers.

    FILE lists units with their sizes, questions, and every figure that was published of one round, as JSON or YAML;
    tests/examples/releases.json shows how. It holds no answers. For each group of people in the same units, and each
    question, one line tells which answers are possible to an outsider, who knows the file, and to one insider, who
    knows their own answer besides; the insider is whoever learns most. Dozens of nested units take a second; groups
    that overlap in many small parts can take a minute.

    FILE may be a folder, such as murmur export --format json writes: then there is a line for each of its .json files.

    Exit status 0: everybody is left with at least 3 possible answers, or all that a question with fewer has. 1:
    somebody is not. 2: a file cannot be read.
    """
    if file.is_dir():
        context.exit(_audit_folder(file, as_json=as_json))
    exposures = _solved(file)
    if as_json:
        click.echo(json.dumps({"safe": _safe(exposures), "exposures": [_plain(one) for one in exposures]}))
    else:
        for exposure in exposures:
            click.echo(f"{'ok  ' if exposure.safe else 'NOT '} {_line(exposure)}")
        click.echo(_summary(exposures))
    context.exit(0 if _safe(exposures) else 1)


def _audit_folder(folder: Path, *, as_json: bool) -> int:
    """Audit each file of a folder by its name; the exit status. One that cannot be read does not stop the others."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise CannotAudit(f"{folder} holds no .json file: audit reads what murmur export --format json writes.")
    found: dict[str, tuple[Exposure, ...]] = {}
    unread: dict[str, str] = {}
    for file in files:
        try:
            found[file.name] = _solved(file)
        except CannotAudit as problem:
            unread[file.name] = problem.message
        if not as_json:
            click.echo(_file_line(file.name, found.get(file.name), unread.get(file.name, "")))
    exposed = [name for name, exposures in found.items() if not _safe(exposures)]
    if as_json:
        told = [
            {"file": name, "safe": _safe(of), "exposures": [_plain(one) for one in of]} for name, of in found.items()
        ]
        click.echo(json.dumps({"safe": not exposed and not unread, "files": told, "unread": unread}))
    else:
        click.echo(_folder_summary(folder, len(files), exposed, len(unread)))
    return 2 if unread else 1 if exposed else 0


def _file_line(name: str, exposures: tuple[Exposure, ...] | None, problem: str) -> str:
    if exposures is None:
        return f"?    {problem}"
    if not exposures:
        return f"ok   {name}: nothing is told in it."
    groups = f"{len(exposures)} line{'s' * (len(exposures) != 1)}"
    exposed = sum(not exposure.safe for exposure in exposures)
    return f"NOT  {name}: {exposed} of {groups} not safe." if exposed else f"ok   {name}: {groups}, all safe."


def _folder_summary(folder: Path, files: int, exposed: Sequence[str], unread: int) -> str:
    words = []
    if unread:
        words.append(f"{unread} of {files} files could not be audited.")
    if exposed:
        some = f"{len(exposed)} of {files} files leave{'s' * (len(exposed) == 1)}"
        words.append(
            f"{some} somebody with fewer than {LEAST} possible answers. Which: murmur audit {folder / exposed[0]}"
        )
    elif not unread:
        what = "The file leaves" if files == 1 else f"All {files} files leave"
        words.append(f"{what} everybody with at least {LEAST} possible answers, or all that a question with fewer has.")
    return " ".join(words)


def _solved(file: Path) -> tuple[Exposure, ...]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".csv" or text.startswith(",".join(COLUMNS)):
            raise CannotAudit(f"{file.name} is a table; audit reads what murmur export --format json writes.")
        return solve(parse_releases(text, file.name))
    except DataFileError as error:
        raise CannotAudit(str(error)) from None
    except Contradiction as error:
        raise CannotAudit(f"{file.name}: {error} Compare its figures with what was published.") from None
    except Undecided:
        words = f"{file.name} could not be decided: its numbers are too large; give `answered`, or audit it in parts."
        raise CannotAudit(words) from None
    except UnicodeDecodeError:
        raise CannotAudit(f"{file.name} is not text in UTF-8: save it again as UTF-8.") from None
    except OSError as error:
        raise CannotAudit(f"{file.name} cannot be read ({error.strerror}).") from None


def _safe(exposures: tuple[Exposure, ...]) -> bool:
    return all(exposure.safe for exposure in exposures)


def _line(exposure: Exposure) -> str:
    who = f"{exposure.question}, {exposure.cell} ({_people(exposure.people)})"
    if not exposure.outsider:
        return f"{who}: nobody answered."
    outsider = f"{who}: {_values(exposure.outsider, exposure)} possible to an outsider"
    if exposure.insider is None:
        return f"{outsider} and to anybody inside."
    own = exposure.insider.own
    insider = f"somebody in {exposure.insider.cell} who {'did not answer' if own is None else f'answered {own}'}"
    return f"{outsider}; {_values(exposure.insider.values, exposure)} to {insider}."


def _summary(exposures: tuple[Exposure, ...]) -> str:
    exposed = sum(not exposure.safe for exposure in exposures)
    if not exposed:
        return f"Everybody is left with at least {LEAST} possible answers, or all that a question with fewer has."
    return f"{exposed} of {len(exposures)} lines leave somebody with fewer than {LEAST} possible answers."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _values(values: tuple[int, ...], exposure: Exposure) -> str:
    if values == exposure.answers:
        return f"all {len(values)} answers"
    if len(values) == 1:
        return f"only {values[0]}"
    return f"only {', '.join(map(str, values[:-1]))} or {values[-1]}"


def _plain(exposure: Exposure) -> dict[str, object]:
    return {**asdict(exposure), "safe": exposure.safe}
