"""An organisation with a past, and somebody who has got hold of its database and does what Murmur never would."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from copy import copy
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from storage.database import Database
from storage.keys import KeyDirectory
from storage.outbox import Letter, put
from storage.tables import Pulse, RosterEntry, Round
from storage.verification import verify
from storage.verification.findings import Finding, Verdict
from tests.support.organisation import SECRET, TUESDAY, WEEK, Organisation
from tests.support.thief import StolenSlot, slots

SEALED_BYTES = 4124
"""Size of a sealed ballot, as measured: what a vandal has to imitate."""


class Scene:
    """Three units, one of which is split into groups; a round that was published, and one in which ten people answered.

    `kept` is a copy that somebody made of the closed round's key.
    """

    def __init__(self, database: Database, keys: Path) -> None:
        self.database, self.keys = database, KeyDirectory(keys)
        self.acme = acme = Organisation(database, self.keys)
        self.reader, self.guest = acme.people(2)
        self.vision = acme.team("Vision", 9, readers=[self.reader])
        self.platform = acme.team("Platform", 34)
        self.search = acme.team("Search", 6)
        self.closed = acme.open()
        self.kept = self.keys.read(acme.round(self.closed).key_name)
        for place, member in enumerate([*self.vision.members, *self.platform.members[:9], *self.search.members[:5]]):
            acme.answer(self.closed, member, place % 5 + 1, "somebody wrote this")
        acme.close(self.closed)
        with database.transaction() as session:
            digest = Letter(kind="digest", member_id=self.reader, round_id=self.closed, unit_id=1, due_at=TUESDAY)
            put(session, acme.workspace_id, [digest])
        self.open = self.open_another()
        self.answered = self.vision.members[:3] + self.platform.members[:7]
        for member in self.answered:
            acme.cast(self.open, member, acme.ballot(self.open, 4, "and this"), TUESDAY + WEEK)

    def copied(self, database: Database, keys: Path) -> "Scene":
        """The same past in a copy of its database, with a copy of its keys."""
        other = copy(self)
        other.database, other.keys, other.acme = database, KeyDirectory(keys), copy(self.acme)
        other.acme.database, other.acme.keys = database, other.keys
        return other

    def open_another(self) -> int:
        """Open a round a week after the first, with invitations and reminders for everybody it asks."""
        round_id = self.acme.open(TUESDAY + WEEK)
        with self.database.transaction() as session:
            round_ = session.get_one(Round, round_id)
            asked = session.exec(select(RosterEntry.member_id).where(RosterEntry.period_id == round_.period_id)).all()
            letters = [
                Letter(kind=kind, member_id=member, round_id=round_id, due_at=due, expires_at=round_.closes_at)
                for member in asked
                for kind, due in (("invitation", round_.opens_at), ("reminder", round_.opens_at + WEEK / 4))
            ]
            put(session, self.acme.workspace_id, letters)
        return round_id

    def findings(self, *, secret: str | None = SECRET, weaker: bool = False) -> list[Finding]:
        """What is found."""
        return verify(address(self.database), key_dir=self.keys.path, secret=secret, weaker=weaker)

    def failed(self, *, secret: str | None = SECRET, weaker: bool = False) -> dict[str, str]:
        """The checks that fail, and what is said about them."""
        found: dict[str, str] = {}
        for one in self.findings(secret=secret, weaker=weaker):
            if one.verdict is Verdict.NOT:
                assert one.remedy
                found[one.check] = f"{found.get(one.check, '')} {one.words}"
        return found

    def noted(self) -> dict[str, str]:
        """What is only noted."""
        return {one.check: one.words for one in self.findings() if one.verdict is Verdict.NOTE}

    def run(self, *statements: str | Mapping[str, str], **values: object) -> None:
        """Run statements in one transaction; a mapping has one for each dialect, and may leave one out."""
        with self.database.transaction() as session:
            for statement in statements:
                for one in statement_for(self.database, statement):
                    session.execute(text(one), {name: v for name, v in values.items() if f":{name}" in one})

    def in_ledger(self, statement: str, **values: object) -> None:
        """Run a statement that the ledger's triggers refuse, and leave no trace but what it did."""
        if not self.database.is_sqlite:
            off = "ALTER TABLE ledgerentry DISABLE TRIGGER USER"
            self.run(off, statement, "ALTER TABLE ledgerentry ENABLE TRIGGER USER", **values)
            return
        with self.database.reading() as session:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = [tuple(row) for row in session.execute(text(query))]
        self.run(*(f"DROP TRIGGER {name}" for name, _ in triggers), statement, **values)
        self.run(*(sql for _, sql in triggers))

    def slot(self, group: int = 0) -> StolenSlot:
        """A slot of the open round."""
        return next(slot for slot in slots(self.database) if slot.round_id == self.open and slot.group == group)

    def reseal(self, change: Callable[[StolenSlot], tuple[bytes, bytes]]) -> None:
        """Write all slots of one slot's group again, in id order as Murmur does; `change` gives id and value of one."""
        mine = self.slot()
        group = [slot for slot in slots(self.database) if (slot.round_id, slot.group) == (mine.round_id, mine.group)]
        new = [change(slot) if slot.id == mine.id else (slot.id, slot.sealed) for slot in group]
        self.run("DELETE FROM slot WHERE round_id = :round AND group_number = :group", round=mine.round_id, group=0)
        with self.database.transaction() as session:
            for slot_id, sealed in sorted(new):
                statement = "INSERT INTO slot (round_id, id, group_number, sealed) VALUES (:round, :id, 0, :sealed)"
                session.execute(text(statement), {"round": mine.round_id, "id": slot_id, "sealed": sealed})

    def leave_behind(self, content: bytes) -> None:
        """Write something into a table and drop it, without Murmur's care to overwrite what is deleted."""
        raw = sqlite3.connect(str(self.database.url.database))
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("CREATE TABLE scratch (content BLOB)")
        raw.executemany("INSERT INTO scratch VALUES (?)", [(content,)] * 20)
        raw.commit()
        raw.execute("DROP TABLE scratch")
        raw.commit()
        raw.close()

    def threshold(self, threshold: int) -> None:
        """Set the pulse's threshold past the function that refuses."""
        with self.database.transaction() as session:
            session.get_one(Pulse, self.acme.pulse_id).threshold = threshold


def statement_for(database: Database, statement: str | Mapping[str, str]) -> list[str]:
    """The statement for this database, if there is one."""
    if isinstance(statement, str):
        return [statement]
    return [statement[database.engine.dialect.name]] if database.engine.dialect.name in statement else []


def noise() -> bytes:
    """What a sealed ballot looks like."""
    return os.urandom(SEALED_BYTES)


def address(database: Database) -> str:
    """The address of a database, password and all."""
    return database.url.render_as_string(hide_password=False)


def plain_ballot() -> bytes:
    """A ballot that somebody forgot to seal."""
    return b'{"answers": {"burnout.drained": 4}, "comment": "It is too much."}'.ljust(4124)
