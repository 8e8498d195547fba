"""What somebody who takes a database away finds in it: rows in stored order, slots, raw bytes."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class StolenSlot:
    """A slot as it stands in a copy of the database."""

    round_id: int
    id: bytes
    group: int
    sealed: bytes


def slots(database: Database) -> list[StolenSlot]:
    """All slots, in the order in which they are stored."""
    query = "SELECT round_id, id, group_number, sealed FROM slot" + ("" if database.is_sqlite else " ORDER BY ctid")
    with database.reading() as session:
        return [
            StolenSlot(round_id=row[0], id=bytes(row[1]), group=row[2], sealed=bytes(row[3]))
            for row in session.execute(text(query))
        ]


def sealed(database: Database) -> dict[bytes, bytes]:
    """The sealed ballots by slot id."""
    return {slot.id: slot.sealed for slot in slots(database)}


def files(database: Database) -> list[Path]:
    """Every file that holds the database: with SQLite its log beside it, with PostgreSQL its folder and `pg_wal`."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        return [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))  # write what is still in memory, the thief's best moment
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    base = folder / "base" / str(number)
    made = (base / "PG_VERSION").stat().st_mtime  # what the log held before is about other databases
    log = [file for file in (folder / "pg_wal").iterdir() if _changed_at(file) >= made]
    return [*(file for file in base.iterdir() if file.is_file()), *log]


def _changed_at(file: Path) -> float:
    """When a file was last written to; never, for a folder and for what is gone already."""
    try:
        return file.stat().st_mtime if file.is_file() else 0.0
    except FileNotFoundError:
        return 0.0


def found_in_files(database: Database, secrets: list[bytes]) -> set[bytes]:
    """Which of these byte strings stand anywhere in the files of the database."""
    found: set[bytes] = set()
    for file in files(database):
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # the server puts files of its own away at any time
            continue
        found |= {secret for secret in secrets if secret in content}
    return found


def table_contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.reading() as session:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if database.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return {
            name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))]
            for name in sorted(session.execute(text(names)).scalars())
        }
