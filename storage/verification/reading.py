"""Opening a database so that nothing can be written to it, neither on purpose nor by mistake."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from storage.database import DatabaseUrlError, parse_url
from storage.verification.pages import MAGIC, NoDatabase, Pages, read_pages

_IN_A_LOG = b"\x02"  # byte 18 of a SQLite file that keeps a write-ahead log
_WAIT = 15  # seconds


class CannotLook(Exception):
    """The database cannot be looked at. The message is one sentence: why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A database that is open for reading, all of it at one moment."""

    session: Session
    file: Path | None  # the file of a SQLite database
    pages: Pages | None  # its bytes

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.file is not None

    def rows(self, query: str, **values: Any) -> Sequence[Any]:
        """The rows that a query finds."""
        return self.session.execute(text(query), values).all()


@contextmanager
def looking_at(address: str) -> Iterator[Stored]:
    """Open the database at `address`. Raises CannotLook.

    A SQLite file that nobody has open is read into memory, so that not even a lock or a log is left beside it;
    one that Murmur works on is opened read-only, and PostgreSQL is told that the transaction only reads.
    """
    try:
        url = parse_url(address)
    except DatabaseUrlError as error:
        raise CannotLook(f"The database cannot be looked at: {error}.") from None
    try:
        if url.drivername == "sqlite":
            yield from _sqlite(Path(url.database or ""))
        else:
            yield from _postgresql(url)
    except NoDatabase as error:
        raise CannotLook(f"{url.database} cannot be looked at: {error}.") from None
    except OSError as error:
        raise CannotLook(f"{url.database} cannot be read ({error.strerror}): check its name, and who may.") from None
    except (DBAPIError, sqlite3.Error) as error:
        where = url.render_as_string(hide_password=True)
        cause = type(getattr(error, "orig", None) or error).__name__
        raise CannotLook(
            f"{where} cannot be looked at ({cause}): check the address and what this account may read, or try again in"
            " a minute."
        ) from None


def _sqlite(file: Path) -> Iterator[Stored]:
    file = file.resolve()
    if in_use(file):
        engine = _engine(lambda: sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=_WAIT))
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # from here on it is one moment
            with Session(connection) as session:
                yield Stored(session=session, file=file, pages=read_pages(file))
        return
    pages = read_pages(file)
    with _engine(lambda: _in_memory(pages)).connect() as connection, Session(connection) as session:
        yield Stored(session=session, file=file, pages=pages)


def in_use(file: Path) -> bool:
    """Whether somebody may have the file open: it has an index of its log beside it, or keeps no log at all.

    Raises NoDatabase, OSError.
    """
    with file.open("rb") as opened:
        header = opened.read(20)
    if not header.startswith(MAGIC):
        raise NoDatabase("it is no SQLite database")
    keeps_a_log = header[18:19] == _IN_A_LOG
    return not keeps_a_log or file.with_name(f"{file.name}-shm").exists()


def _in_memory(pages: Pages) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(pages.image)
    return connection


def _engine(creator: Any) -> Engine:
    return create_engine("sqlite://", creator=creator, poolclass=NullPool, hide_parameters=True)


def _postgresql(url: URL) -> Iterator[Stored]:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": _WAIT})
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, Session(connection) as session:
        session.execute(select(func.set_config("lock_timeout", f"{_WAIT}s", True)))
        yield Stored(session=session, file=None, pages=None)
