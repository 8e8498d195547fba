"""What lies in the files of a SQLite database besides its rows: bytes of what was deleted, copies, rights."""

import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.database import Database
from storage.verification.findings import Check, Finding, Group, counted
from storage.verification.pages import BESIDE, Pages
from storage.verification.records import HOLDING, Records
from surveys.rounds import State

_BALLOT = rb'"answers"\s*:\s*\{|"comment"\s*:\s*"'
_OURS = {*BESIDE, "-shm", ".running.lock", ".migrating.lock"}

_PLAIN = Check(
    group=Group.FILES,
    name="plain ballots",
    fine="no byte of the database file, of its log or of its journal reads as a ballot that is not sealed.",
    remedy="Find out what wrote it: Murmur never stores an answer unsealed. Then stop Murmur and run VACUUM.",
)
_WIPED = Check(
    group=Group.FILES,
    name="wiped",
    fine="pages that are not in use hold nothing but zeros.",
    remedy="Stop Murmur, run VACUUM and PRAGMA wal_checkpoint(TRUNCATE) on the file, and find out which other"
    " program deletes rows in it.",
)
_SEALED_LEFT = Check(
    group=Group.FILES,
    name="sealed leftovers",
    fine="no round is open, and nothing in the files looks like a sealed ballot any more.",
    remedy="Stop Murmur, and run VACUUM and PRAGMA wal_checkpoint(TRUNCATE) on the file. Nobody can open what is left,"
    " unless a copy of its key was made.",
)
_SETTINGS = Check(
    group=Group.FILES,
    name="as Murmur opens it",
    fine="this version of Murmur overwrites what it deletes (secure_delete), writes before it says so"
    " (synchronous), and cannot replace what is in the ledger (recursive_triggers).",
    remedy="Install Murmur again from its source: its storage/database.py was changed.",
)
_ACCESS = Check(
    group=Group.FILES, name="rights", fine="only the account that runs Murmur can read the file.", remedy=""
)
_COPIES = Check(group=Group.FILES, name="copies", fine="no copy of the database lies beside it.", remedy="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The folder of a SQLite file."""

    mode: int  # the rights of the database file
    beside: tuple[str, ...]  # files whose names begin like the database's


def read_folder(file: Path) -> Folder:
    """What lies beside a database file. Raises OSError."""
    return Folder(
        mode=stat.S_IMODE(file.stat().st_mode),
        beside=tuple(sorted(one.name for one in file.parent.iterdir() if one.name.startswith(file.name))),
    )


def check_files(pages: Pages, folder: Folder, file: Path, records: Records | None) -> Iterator[Finding]:
    """What is wrong with the files, or that nothing is."""
    yield from _PLAIN.judge(list(_plain(pages, _questions(records))))
    yield from _WIPED.judge([
        f"page {number}, which is not in use, still holds something." for number, page in pages.free() if any(page)
    ])  # fmt: skip
    if records is not None:
        yield from _sealed_leftovers(pages, records)
    yield from check_opening()
    others = folder.mode & 0o077
    if others:
        words = (
            f"others on this machine may read {file.name} (its rights are {folder.mode:o}); chmod 600 takes that away."
        )
        yield _ACCESS.note(words)
    else:
        yield from _ACCESS.judge([])
    copies = [name for name in folder.beside if name.removeprefix(file.name) not in _OURS]
    if copies:
        yield _COPIES.note(
            f"{', '.join(copies[:3])} may be {'a copy' if len(copies) == 1 else 'copies'} of the database, and"
            f" {'was' if len(copies) == 1 else 'were'} not looked at: run murmur verify on each, or delete it."
        )
    else:
        yield from _COPIES.judge([])


def check_opening() -> list[Finding]:
    """How this version of Murmur opens a SQLite file, tried on one in memory."""
    database = Database("sqlite:///file::memory:?uri=true")
    expected = {"secure_delete": 1, "recursive_triggers": 1, "synchronous": 2}
    with database.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected}
    database.dispose()
    return _SETTINGS.judge(
        [f"it opens files with {name} switched off." for name in expected if found[name] != expected[name]]
    )


def _questions(records: Records | None) -> Collection[str]:
    if records is None:
        return ()
    return {item_id for round_ in records.rounds.values() for item_id in round_.item_ids}


def _plain(pages: Pages, questions: Collection[str]) -> Iterator[str]:
    """Marks of a ballot: its field names as JSON, or a question with a number beside it."""
    names = "|".join(re.escape(name) for name in sorted(questions))
    answered = rb"|(?:" + names.encode() + rb")[\"']?\s*[:=]\s*\d" if names else b""
    mark = re.compile(_BALLOT + answered)
    for suffix, content in pages.raw.items():
        if found := len(mark.findall(content)):
            where = {"": "the database file", "-wal": "its log", "-journal": "its journal"}[suffix]
            yield f"{where} holds {counted(found, 'place')} that read{'s' if found == 1 else ''} as an answer."


def _sealed_leftovers(pages: Pages, records: Records) -> Iterator[Finding]:
    if records.box or records.in_state(HOLDING):
        yield _SEALED_LEFT.note(
            "a round is open, and its sealed ballots lie in the files, as they must until it closes."
        )
        return
    noise = pages.noise()
    if noise and records.in_state(frozenset({State.CLOSED})):
        yield _SEALED_LEFT.note(
            "a round has just been counted; its sealed ballots are about to be wiped from the files."
        )
        return
    if noise and records.in_state(frozenset({State.DISCARDING})):
        yield _SEALED_LEFT.note(
            "a round has just been thrown away; its sealed ballots are about to be wiped from the files."
        )
        return
    about = f"about {-(-noise // 1024)} KB in the files look like sealed ballots of rounds that are over."
    yield from _SEALED_LEFT.judge([about] if noise else [])
