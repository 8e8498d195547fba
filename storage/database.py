"""The engine, transactions that behave alike on SQLite and PostgreSQL, and aware timestamps."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    create_engine,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

USUAL_WAIT = 15.0
"""Seconds a transaction waits for its turn before it gives up."""

_BEGIN = "murmur_begin"
_WAIT = "murmur_wait"
_READ, _WRITE = "BEGIN", "BEGIN IMMEDIATE"  # what SQLite is told; PostgreSQL begins by itself


class DatabaseUrlError(Exception):
    """The database address cannot be used; the message says why, in one sentence."""


class Busy(Exception):
    """Another transaction held the lock for too long; trying again is safe."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC. SQLite would hand back naive datetimes, and would silently store local ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand back aware datetimes in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One SQLite file or one PostgreSQL database."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is connected yet. Raises DatabaseUrlError for an unusable address."""
        self.url = parse_url(url)
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file, where one writer works at a time."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, wait: float = USUAL_WAIT) -> Iterator[Session]:
        """A write transaction, committed at the end of the block and rolled back by any exception.

        Waits up to `wait` seconds for locks, then raises Busy.
        """
        with self._session(_WRITE, wait) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, all of it at one moment; on SQLite it never waits for writers."""
        with self._session(_READ, USUAL_WAIT) as session:
            yield session

    @contextmanager
    def _session(self, begin: str, wait: float) -> Iterator[Session]:
        engine = self.engine.execution_options(**{_BEGIN: begin, _WAIT: wait})
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                if self.is_sqlite:
                    session.connection()  # begins here and not with the first statement: a writer has its turn
                else:
                    if begin == _READ:
                        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                    # To PostgreSQL a wait of 0 means for ever.
                    session.execute(select(func.set_config("lock_timeout", f"{max(1, int(wait * 1000))}ms", True)))
                yield session
        except OperationalError as error:
            if _lost_patience(error):
                raise Busy("the database is busy") from None
            raise

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction on a connection of its own, for migrations.

        SQLite changes a table by replacing it, which with foreign keys on would empty the tables that refer to
        it; they are off here, and checked before the commit.
        """
        engine = _engine(self.url, foreign_keys=False)
        try:
            with engine.begin() as connection:
                yield connection
                if self.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise AssertionError("a migration broke a foreign key")
        finally:
            engine.dispose()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def parse_url(url: str) -> URL:
    """Read a database address; `postgresql://` means psycopg 3. Raises DatabaseUrlError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError("it is not a database address; sqlite:///murmur.db is one") from None
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise DatabaseUrlError(f"{parsed.drivername} is not supported; use sqlite:/// or postgresql://")
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUrlError("it names no file; sqlite:///murmur.db does")
    return parsed


def database_time(session: Session) -> datetime:
    """The database's own clock, which all replicas share; for leases only."""
    if session.get_bind().dialect.name == "sqlite":
        now = session.execute(select(func.strftime("%Y-%m-%d %H:%M:%f", "now"))).scalar_one()
        return datetime.fromisoformat(now).replace(tzinfo=UTC)
    instant: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return instant.astimezone(UTC)


def advisory_lock(session: Session, key: int, number: int, *, shared: bool = False) -> None:
    """Hold lock (`key`, `number`) until the transaction ends. On SQLite the write transaction is the lock."""
    if session.get_bind().dialect.name == "sqlite":
        return
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    session.execute(select(lock(literal(key), literal(number))))


def _engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    # hide_parameters: an IntegrityError would otherwise print what it tried to insert.
    engine = create_engine(url, hide_parameters=True, pool_size=10, max_overflow=30, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", partial(_prepare_sqlite, foreign_keys=foreign_keys))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(_dialect: Dialect, _record: object, arguments: Sequence[Any], _options: object) -> None:
    """Make a database file that is not there yet readable by its owner only: SQLite would leave that to the umask.
    The log and its index get the rights of the file.
    """
    path = str(arguments[0])
    if path.startswith("file:"):
        return
    with suppress(OSError):  # it is there, or cannot be made, of which SQLite has more to say
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, _record: object, *, foreign_keys: bool) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; _begin_sqlite says it instead
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged ballot survives a power cut
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        "recursive_triggers=ON",  # so that INSERT OR REPLACE cannot get round the ledger's
        "secure_delete=ON",  # deleted rows are overwritten with zeros
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    wait = int(float(options.get(_WAIT, USUAL_WAIT)) * 1000)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
    connection.exec_driver_sql(options.get(_BEGIN, _WRITE))


def _lost_patience(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return True
    return getattr(error.orig, "sqlstate", None) in {
        "55P03",
        "40P01",
    }  # lock_not_available, deadlock_detected


def check_connection(database: Database) -> None:
    """Ask the database a question. Raises sqlalchemy.exc.OperationalError when it does not answer."""
    with database.reading() as session:  # a writer at work is no sign of trouble
        session.execute(text("SELECT 1"))
