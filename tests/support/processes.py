"""Other processes that work on the same database, some of which are killed at a chosen moment.

They are forked from a server that has imported this module already, so that each costs milliseconds.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from storage import closing
from storage.ballots import cast
from storage.database import Database
from storage.keys import KeyDirectory
from storage.outbox import claim
from storage.tables import Round
from surveys.sealing import Ballot, round_key
from tests.support.organisation import SECRET

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["__main__", __name__])

KILLED = -signal.SIGKILL
"""Exit code of a process that killed itself."""

MOMENTS: dict[str, tuple[Any, str]] = {
    "ballots refused, not committed": (closing, "advance"),
    "decrypted": (closing, "_code"),
    "coded and emptied, not committed": (closing, "empty_box"),
    "coded": (closing, "code_round"),
    "outbox being purged": (closing, "purge_round"),
    "key overwritten but not removed": (os, "fsync"),
    "key destroyed": (KeyDirectory, "destroy"),
    "wiped": (closing, "wipe_leftovers"),
}
"""Moments at which closing can be cut short: right after each of these calls."""


def run_together(work: Callable[..., None], calls: Iterable[tuple[Any, ...]]) -> list[int | None]:
    """Call `work` in as many processes as there are `calls`, all let go at once. Returns their exit codes."""
    jobs = list(calls)
    barrier = _CONTEXT.Barrier(len(jobs))
    processes = [_CONTEXT.Process(target=_wait_and_work, args=(barrier, work, job)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.close()
    return codes


def cast_one(url: str, keys: Path, round_id: int, member_id: int, answer: int, now: datetime) -> None:
    """Answer every question of the round alike."""
    database = Database(url)
    with database.reading() as session:
        round_ = session.get_one(Round, round_id)
        name, item_ids = round_.key_name, round_.item_ids
    key = round_key(SECRET, KeyDirectory(keys).read(name), round_id)
    with database.transaction() as session:
        ballot = Ballot(answers=dict.fromkeys(item_ids, answer))
        cast(session, round_id=round_id, member_id=member_id, key=key, ballot=ballot, now=now)


def code(url: str, keys: Path, round_id: int) -> None:
    """Code a round that is closing."""
    closing.code_round(Database(url), KeyDirectory(keys), SECRET, round_id)


def close(url: str, keys: Path, round_id: int, killed_after: str | None = None) -> None:
    """Take every step of closing; `killed_after` names the moment at which the power fails."""
    if killed_after is not None:
        _die_after(*MOMENTS[killed_after])
    database, directory = Database(url), KeyDirectory(keys)
    closing.begin_closing(database, round_id)
    closing.code_round(database, directory, SECRET, round_id)
    assert closing.scrub(database, directory, round_id)


def claim_all(url: str, results: Path, now: datetime) -> None:
    """Claim messages one at a time until none is free, and write their ids into a file of this process."""
    database = Database(url)
    claimed: list[int] = []
    while True:
        with database.transaction() as session:
            messages = claim(session, now, 1)
        if not messages:
            break
        claimed += [message.id for message in messages]
    (results / str(os.getpid())).write_text(" ".join(map(str, claimed)))


def _wait_and_work(barrier: Barrier, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    barrier.wait(60)
    work(*arguments)
    os._exit(0)  # tearing the interpreter down takes longer than the work


def _die_after(owner: Any, name: str) -> None:
    """Kill this process right after the first call of `owner.name`."""
    original = getattr(owner, name)

    def once(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, once)
