"""Whether a database keeps what Murmur promises: read once, without writing, and judged line by line.

It tells what is stored. What a running process, or whoever controls its server, does besides, nobody can see there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy.exc import DBAPIError, StatementError

from storage.verification.box import check_box
from storage.verification.catalog import Catalog, read_catalog
from storage.verification.codes import check_codes
from storage.verification.custody import Custody, check_custody, read_custody
from storage.verification.files import Folder, check_files, read_folder
from storage.verification.findings import Check, Finding, Group, unseen
from storage.verification.imported import check_imported
from storage.verification.outbox import check_outbox
from storage.verification.pages import Pages
from storage.verification.reading import CannotLook as CannotLook
from storage.verification.reading import Stored, looking_at
from storage.verification.records import Records, read_records
from storage.verification.requests import check_requests
from storage.verification.retention import check_retention
from storage.verification.rosters import check_rosters
from storage.verification.schema import check_schema, is_readable
from storage.verification.server import Server, check_server, read_server

_ROWS = Check(
    group=Group.PEOPLE,
    name="rows",
    fine="every row can be read.",
    remedy="Mend what is said above first; the checks that look into rows were left out.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything that was read of a database, before any of it is judged."""

    catalog: Catalog
    records: Records | None  # None when rows could not be read
    file: Path | None
    pages: Pages | None
    folder: Folder | None
    server: Server | None


def verify(
    address: str, *, key_dir: Path | None = None, secret: str | None = None, weaker: bool = False
) -> list[Finding]:
    """Look at the database at `address`, and at its key directory where one is named, and judge all of it.

    secret: APP_SECRET, with which keys can be told to fit. weaker: keys beside the database are accepted by name.
    Nothing is written, and nothing is held back from Murmur while it runs. Raises CannotLook.
    """
    with looking_at(address) as stored:
        seen = _look(stored)
    custody = read_custody(key_dir, seen.file) if key_dir else None
    findings = [*check_schema(seen.catalog)]
    if seen.records is None:
        findings += _ROWS.judge(["some rows could not be read, so that most checks were left out."])
    else:
        findings += chain(
            check_outbox(seen.records),
            check_requests(seen.records),
            check_retention(seen.records),
            check_box(seen.records, seen.catalog),
            _keys(custody, seen.records, secret, weaker=weaker),
            check_codes(seen.records),
            check_imported(seen.records),
            check_rosters(seen.records),
        )
    if seen.pages and seen.folder and seen.file:
        findings += check_files(seen.pages, seen.folder, seen.file, seen.records)
    if seen.server:
        findings += check_server(seen.server)
    return in_order(findings)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """The findings by heading."""
    groups = list(Group)
    return sorted(findings, key=lambda finding: groups.index(finding.group))


def _look(stored: Stored) -> _Seen:
    catalog = read_catalog(stored)
    if "alembic_version" not in catalog.columns and "slot" not in catalog.columns:
        raise CannotLook("There are no tables of Murmur in this database: check its address.")
    return _Seen(
        catalog=catalog,
        records=_records(stored) if is_readable(catalog) else None,
        file=stored.file,
        pages=stored.pages,
        folder=read_folder(stored.file) if stored.file else None,
        server=None if stored.is_sqlite else read_server(stored),
    )


def _records(stored: Stored) -> Records | None:
    try:
        return read_records(stored)
    except DBAPIError:
        raise  # the database itself is in trouble, or does not let this account read
    except (StatementError, ValueError, TypeError, LookupError):
        return None  # a value is not what its column is for; the checks of the tables say which


def _keys(custody: Custody | None, records: Records, secret: str | None, *, weaker: bool) -> Sequence[Finding]:
    if custody is None:
        return [unseen("keys", "the key directory: none was named.")]
    return list(check_custody(custody, records, secret, weaker=weaker))
