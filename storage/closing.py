"""Closing a round in durable steps. Each can be taken again after a crash, by any process that holds the key."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from storage.ballots import NotInRound, WrongKey, empty_box, open_box, refuse_ballots, with_slots
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import write_codes
from storage.outbox import purge_round
from storage.questions import known_items
from storage.rosters import roster_of
from storage.rounds import advance, round_units
from storage.tables import Pulse, Round, RoundUnit
from surveys.release import FLOOR, Code
from surveys.rounds import State
from surveys.scoring import code_unit
from surveys.sealing import Ballot, RoundKey, round_key

PERSONAL_KINDS = ("invitation", "reminder")
"""Messages about an open round, one for everybody eligible; they are deleted when the round is scrubbed."""


def begin_closing(database: Database, round_id: int) -> None:
    """Take no more ballots. Ballots being cast are waited for and count."""
    with database.transaction() as session:
        refuse_ballots(session, round_id)
        advance(session, round_id, State.OPEN, State.CLOSING)


def code_round(database: Database, keys: KeyDirectory, secret: str, round_id: int) -> None:
    """Open the ballots in memory, write the codes of every unit to the ledger and delete the slots.

    Raises KeyLost or WrongKey when this process does not hold the round's key, SealBroken when a ballot was
    tampered with; the round then stays sealed.
    """
    coded = _code(database, keys, secret, round_id)
    if coded is None:
        return
    closed_on, codes_by_unit = coded
    with database.transaction() as session:
        if not advance(session, round_id, State.CLOSING, State.CLOSED):
            return
        for unit_id, codes in codes_by_unit.items():
            write_codes(session, round_id=round_id, unit_id=unit_id, closed_on=closed_on, codes=codes)
        empty_box(session, round_id)


def scrub(database: Database, keys: KeyDirectory, round_id: int) -> bool:
    """Destroy the round's key and wipe what its rows left in the file. False: something was busy, try again."""
    with database.transaction() as session:
        round_ = session.get_one(Round, round_id)
        if round_.state != State.CLOSED:
            return True
        purge_round(session, round_id, PERSONAL_KINDS)
    keys.destroy(round_.key_name)
    if not wipe_leftovers(database):
        return False
    with database.transaction() as session:
        advance(session, round_id, State.CLOSED, State.SCRUBBED)
    return True


def discard(database: Database, keys: KeyDirectory, round_id: int) -> bool:
    """Throw a round away that is not coded yet: its ballots are never read. False when it was too late."""
    with database.transaction() as session:
        refuse_ballots(session, round_id)
        round_ = session.get_one(Round, round_id)
        if not any(
            advance(session, round_id, before, State.DISCARDED)
            for before in (State.OPEN, State.SCHEDULED, State.CLOSING)
        ):
            return False
        purge_round(session, round_id, PERSONAL_KINDS)
        empty_box(session, round_id)
    keys.destroy(round_.key_name)
    wipe_leftovers(database)
    return True


def finish_discarding(database: Database, keys: KeyDirectory) -> None:
    """Destroy the keys of rounds that were thrown away by a process that died before it came to that."""
    with database.reading() as session:
        names = session.exec(select(Round.key_name).where(Round.state == State.DISCARDED)).all()
    if sum(keys.destroy(name) for name in names):  # every one of them
        wipe_leftovers(database)


def wipe_leftovers(database: Database) -> bool:
    """On SQLite, rewrite the file and empty its write-ahead log; False when a reader kept the log busy.

    With a reader, SQLite reports busy without an error and leaves the bytes where they are. On PostgreSQL
    there is nothing to do: what is left in the heap and the log is sealed, and its key is gone.
    """
    if not database.is_sqlite:
        return True
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=2000")
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except database.engine.dialect.loaded_dbapi.OperationalError:
        return False
    finally:
        connection.close()


def _code(
    database: Database, keys: KeyDirectory, secret: str, round_id: int
) -> tuple[date, dict[int, tuple[Code, ...]]] | None:
    """The day a round closed and the codes of its units, computed outside of any write transaction."""
    with database.reading() as session:
        found = session.exec(select(Round, Pulse).join(Pulse).where(Round.id == round_id)).one()
        round_, pulse = found
        if round_.state != State.CLOSING:
            return None
        key = round_key(secret, keys.read(round_.key_name), round_id)
        if key.fingerprint != round_.key_fingerprint:
            raise WrongKey("this round was opened with another key")
        known = known_items(session, pulse.id)
        items = [known[item_id] for item_id in round_.item_ids]
        codes = {
            unit.unit_id: code_unit(
                items=items,
                ballots=_ballots_of(session, round_, unit, key),
                roster=unit.roster,
                threshold=round_.threshold or FLOOR,
            )
            for unit in round_units(session, round_id)
        }
    return round_.closes_at.astimezone(ZoneInfo(pulse.timezone)).date(), codes


def _ballots_of(session: Session, round_: Round, unit: RoundUnit, key: RoundKey) -> list[Ballot]:
    """The ballots of everybody whom the round asked in this unit. Raises NotInRound when one is missing."""
    assert round_.period_id is not None
    asked = with_slots(session, round_.id, key, roster_of(session, round_.period_id, unit.unit_id))
    if len(asked) != unit.roster:
        raise NotInRound("a ballot is missing from the box")
    return open_box(session, round_.id, key, asked)
