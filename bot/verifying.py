"""`murmur verify`: whether a database, its files and its keys are as Murmur promises, for anybody to read."""

import json
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from time import sleep

import click

from bot.settings import SLACK, Settings, SettingsError, read_settings
from storage.verification import CannotLook, in_order
from storage.verification import verify as verify_stored
from storage.verification.findings import Finding, Group, Verdict, counted, failed, unseen

SECOND_LOOK = 2.0
"""Seconds after which everything is looked at again where something was wrong: a round that was being opened or closed
at the first look, or a key that was being tried, is no trouble."""

_MARKS = {Verdict.OK: "ok  ", Verdict.NOT: "NOT ", Verdict.NOTE: "note"}


class CannotVerify(click.ClickException):
    """There is nothing to verify. The message is one line that says why and what to do."""

    exit_code = 2


@click.command()
@click.option(
    "--database",
    "address",
    metavar="ADDRESS",
    help="A database other than DATABASE_URL's, such as a copy: sqlite:///copy.db.",
)
@click.option(
    "--key-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A key directory other than ROUND_KEY_DIR; with --database, none is looked into unless it is named here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@click.pass_context
def verify(context: click.Context, address: str | None, key_dir: Path | None, as_json: bool) -> None:
    """Check that what is stored keeps the promise: nobody can tell what anybody answered, or whether.

    Looks at every table, at the files of the database and at the key directory, and says in plain words, line by line,
    what is as promised (ok), what is not (NOT, with what to do), and what is worth knowing (note). Nothing is written
    and no ballot is opened; Murmur can go on running. Settings are read as for `murmur run`; with --database they are
    not needed.

    It tells what is stored. Whoever controls the server could still run something else than Murmur.

    Exit status 0: all is as promised. 1: something is not. 2: the database could not be looked at.
    """
    settings, trouble = _settings(address)
    where = address or (settings.database_url if settings else "")
    keys = key_dir or (settings.round_key_dir if settings and address is None else None)
    findings = _looked_at_twice(where, keys, settings)
    if trouble:
        findings.append(unseen("settings", trouble))
    if as_json:
        told = {
            "as_promised": as_promised(findings),
            "verdict": _verdict(findings),
            "findings": [asdict(one) for one in findings],
        }
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for line in report(findings):
            click.echo(line)
    context.exit(0 if as_promised(findings) else 1)


def look(settings: Settings) -> list[Finding]:
    """What is found in the database and the key directory that the settings name. Raises CannotVerify.

    It looks from a process of its own: one that reads the bytes of a SQLite file and closes it loses every lock that
    its connections hold on that file, and so what protects its log (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    try:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as apart:
            where = settings.database_url, settings.round_key_dir, settings
            return apart.submit(_looked_at_twice, *where).result()
    except BrokenProcessPool:
        raise CannotVerify("The process that looked at the database was ended: try again in a minute.") from None


def as_promised(findings: Sequence[Finding]) -> bool:
    """Whether nothing was found that breaks a promise."""
    return not failed(findings)


def worth_knowing(findings: Sequence[Finding]) -> int:
    """How many notes there are about what was looked at: no promise is broken, and somebody should know of it."""
    return sum(one.verdict is Verdict.NOTE and one.group is not Group.UNSEEN for one in findings)


def _settings(address: str | None) -> tuple[Settings | None, str]:
    """The settings, or why there are none, which is no trouble where the database is named."""
    try:
        return read_settings(), ""
    except SettingsError as error:
        if address is None:
            raise CannotVerify(f"{error} Or name the database to look at with --database.") from None
        return None, "the settings, and whether the keys fit them: none are given, or not all that Murmur runs with."


def _looked_at_twice(address: str, keys: Path | None, settings: Settings | None) -> list[Finding]:
    """What is found, twice in a row if something was wrong at first."""
    findings = _looked_at(address, keys, settings)
    if not as_promised(findings):
        sleep(SECOND_LOOK)
        findings = _looked_at(address, keys, settings)
    return findings


def _looked_at(address: str, keys: Path | None, settings: Settings | None) -> list[Finding]:
    secret = settings.app_secret if settings else None
    weaker = bool(settings and settings.weaker_key_mode)
    try:
        findings = verify_stored(address, key_dir=keys, secret=secret, weaker=weaker)
    except CannotLook as error:
        raise CannotVerify(str(error)) from None
    return in_order([*findings, *(_of_settings(settings) if settings else ())])


def _of_settings(settings: Settings) -> Iterator[Finding]:
    """Settings that leave the promise as it is, and that people should know of."""
    if settings.slack_api_base_url != SLACK:
        yield _note("Slack", f"answers travel by way of {settings.slack_api_base_url}, and not to Slack itself.")
    if not settings.operator_contact:
        yield _note("contact", "OPERATOR_CONTACT is empty: nobody is told whom to ask about the server.")
    if settings.admins:
        people = counted(len(settings.admins), "person administers", "people administer")
        yield _note("admins", f"besides the admins of the Slack workspace, {people} Murmur.")
    rights = _rights(Path(".env"))
    if rights & 0o077:
        yield _note("secrets", f"others on this machine may read .env (its rights are {rights:o}): chmod 600 .env.")


def _rights(file: Path) -> int:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return 0


def _note(check: str, words: str) -> Finding:
    return Finding(group=Group.SETTINGS, check=check, verdict=Verdict.NOTE, words=words)


def report(findings: Sequence[Finding]) -> Iterator[str]:
    """The report, line by line."""
    for group, of_group in groupby(in_order(findings), key=lambda finding: finding.group):
        yield str(group)
        for _, of_check in groupby(of_group, key=lambda finding: (finding.check, finding.remedy)):
            lines = list(of_check)
            for finding in lines:
                yield f"  {_MARKS[finding.verdict]} {finding.check}: {finding.words}"
            if lines[0].remedy:
                yield f"       To do: {lines[0].remedy}"
        yield ""
    yield _verdict(findings)


def _verdict(findings: Sequence[Finding]) -> str:
    """The report in one sentence."""
    looked_at = {(one.group, one.check) for one in findings if one.verdict is not Verdict.NOTE}
    checks = counted(len(looked_at), "check")
    if wrong := list(dict.fromkeys(one.check for one in failed(findings))):
        which = f"{len(wrong)} of {checks} failed ({', '.join(wrong)})"
        return f"NOT as promised: {which}; what to do stands beneath each."
    missed = sum(one.group is Group.UNSEEN for one in findings)
    besides = f"; {counted(missed, 'thing was', 'things were')} not looked at" if missed else ""
    if known := worth_knowing(findings):
        besides = f"; {counted(known, 'thing is', 'things are')} worth knowing{besides}"
    promise = "nothing in this database tells what anybody answered, or whether"
    return f"As promised: all {checks} hold, and {promise}{besides}."
