"""The database, for commands that work on it beside a Murmur that may be running."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from bot.settings import SettingsError, read_settings
from storage.database import Busy, Database, DatabaseUrlError, check_connection
from storage.migrations import is_ahead, is_current
from storage.tables import Workspace


class CannotUse(click.ClickException):
    """The database, or what is in it, cannot be used. The message is one sentence: why, and what to do."""

    exit_code = 2


def which_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a command is told which database, and which workspace in it."""
    database = click.option(
        "--database",
        "address",
        metavar="ADDRESS",
        help="A database other than DATABASE_URL's, such as a copy: sqlite:///copy.db.",
    )
    workspace = click.option(
        "--workspace", "workspace", metavar="NAME", help="Which one, where the database holds several."
    )
    return database(workspace(command))


@contextmanager
def opened(address: str | None) -> Iterator[Database]:
    """The database at `address`, or else the one of the settings. Raises CannotUse, also for what fails inside."""
    try:
        database = Database(address or read_settings().database_url)
    except SettingsError as error:
        raise CannotUse(f"{error} Or name the database with --database.") from None
    except DatabaseUrlError as error:
        raise CannotUse(f"The database cannot be used: {error}.") from None
    try:
        _check(database)
        yield database
    except Busy:
        raise CannotUse("The database is busy: try again in a minute. Nothing was changed.") from None
    except (DBAPIError, OSError, sqlite3.Error) as error:
        where = database.url.render_as_string(hide_password=True)
        raise CannotUse(
            f"{where} cannot be used ({type(error).__name__}): check the address, and try again in a minute."
        ) from None
    finally:
        database.dispose()


def chosen_workspace(session: Session, name: str | None) -> Workspace:
    """The workspace that `name` means, or the only one there is. Raises CannotUse."""
    there = session.exec(select(Workspace).order_by(col(Workspace.id))).all()
    if not there:
        raise CannotUse("There is no workspace in this database yet: start Murmur, and set a team up in Slack.")
    if name is None and len(there) == 1:
        return there[0]
    meant = [
        one for one in there if name is not None and name.casefold() in (one.name.casefold(), one.slack_id.casefold())
    ]
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(f"{one.name} ({one.slack_id})" for one in there)
    if name is None or meant:
        raise CannotUse(f"Which workspace is meant? Name it with --workspace: {known}.")
    raise CannotUse(f"There is no workspace “{name}” in this database; there is {known}.")


def _check(database: Database) -> None:
    """Whether what is stored there can be read. Raises CannotUse."""
    where = database.url.render_as_string(hide_password=True)
    if database.is_sqlite and not Path(database.url.database or "").is_file():
        raise CannotUse(f"{where} is not there: check the address.")
    check_connection(database)
    if is_ahead(database):
        raise CannotUse(f"{where} was written by a later version of Murmur: use that one.")
    if not is_current(database):
        raise CannotUse(f"{where} was not brought up to date yet: murmur run or murmur tick does that.")
