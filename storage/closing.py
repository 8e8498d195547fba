"""Closing a round in durable steps. Each can be taken again after a crash, by any process that holds the key."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.ballots import NotInRound, WrongKey, empty_box, open_box, refuse_ballots, with_slots
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import write_codes
from storage.outbox import purge_round
from storage.plans import Refusal, foreseen_only, plan_of
from storage.questions import known_items
from storage.rosters import roster_of
from storage.rounds import advance, keep_refused, round_units
from storage.tables import Pulse, Round, RoundUnit, Unit
from surveys.audit_plans import UnitPlan
from surveys.release import FLOOR, Code
from surveys.rounds import State
from surveys.scatter import scatter
from surveys.scoring import code_unit
from surveys.sealing import RoundKey, round_key

PERSONAL_KINDS = ("invitation", "reminder")
"""Messages about an open round, one for everybody eligible; they are deleted when the round is scrubbed."""


NOT_CODED = (State.OPEN, State.SCHEDULED, State.CLOSING)
"""States from which a round may be thrown away."""


def begin_closing(database: Database, round_id: int) -> None:
    """Take no more ballots. Ballots being cast are waited for and count."""
    with database.transaction() as session:
        refuse_ballots(session, round_id)
        advance(session, round_id, State.OPEN, State.CLOSING)


def code_round(
    database: Database,
    keys: KeyDirectory,
    secret: str,
    round_id: int,
    refused: Callable[[Session, Round], object] = lambda _session, _round: None,
) -> None:
    """Open the ballots in memory, write the codes of every unit to the ledger and delete the slots.

    Codes that the plan of the round did not foresee are withheld, and `refused` is called in the same transaction.
    Raises KeyLost or WrongKey when this process does not hold the round's key, SealBroken when a ballot was
    tampered with; the round then stays sealed.
    """
    coded = _code(database, keys, secret, round_id)
    if coded is None:
        return
    closed_on, codes_by_unit, kept_back, within = coded
    with database.transaction() as session:
        if not advance(session, round_id, State.CLOSING, State.CLOSED):
            return
        if kept_back:
            keep_refused(session, round_id, kept_back)
            refused(session, session.get_one(Round, round_id, populate_existing=True))
        for unit_id, codes in codes_by_unit.items():
            write_codes(session, round_id=round_id, unit_id=unit_id, closed_on=closed_on, codes=codes)
        session.execute(update(Round).where(col(Round.id) == round_id).values(within=within))
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


def discard(database: Database, keys: KeyDirectory, round_id: int, before: Sequence[State] = NOT_CODED) -> bool:
    """Throw a round away that is not coded yet: its ballots are never read. False when it was too late, or when the
    round is in none of the states `before`.

    What could not be destroyed at once, because something was busy, is due as the round's next step.
    """
    with database.transaction() as session:
        thrown_away = throw_away(session, round_id, before)
    if thrown_away:
        finish_discarding(database, keys, round_id)
    return thrown_away


def throw_away(session: Session, round_id: int, before: Sequence[State] = NOT_CODED) -> bool:
    """The durable part of `discard`: from here on nobody can cast, count or open anything of the round."""
    refuse_ballots(session, round_id)
    if not any(advance(session, round_id, state, State.DISCARDING) for state in before):
        return False
    purge_round(session, round_id, PERSONAL_KINDS)
    empty_box(session, round_id)
    return True


def finish_discarding(database: Database, keys: KeyDirectory, round_id: int) -> bool:
    """Destroy the key of a round that was thrown away and wipe what its rows left. False: busy, try again."""
    with database.reading() as session:
        round_ = session.get_one(Round, round_id)
    if round_.state != State.DISCARDING:
        return True
    keys.destroy(round_.key_name)
    if not wipe_leftovers(database):
        return False
    with database.transaction() as session:
        advance(session, round_id, State.DISCARDING, State.DISCARDED)
    return True


def wipe_leftovers(database: Database) -> bool:
    """On SQLite, rewrite the file and empty its write-ahead log; False when a reader kept the log busy.

    With a reader, SQLite reports busy without an error and leaves the bytes where they are. The log and its index
    also count what was written, and so how many ballots were sent; they begin anew when the last connection is
    closed, so all that are idle are. On PostgreSQL there is nothing to do: what is left in the heap and the log is
    sealed, and its key is gone.
    """
    if not database.is_sqlite:
        return True
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=2000")
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except database.engine.dialect.loaded_dbapi.OperationalError:
        return False
    finally:
        connection.close()
    if busy:
        return False
    database.dispose()
    return True


def _code(
    database: Database, keys: KeyDirectory, secret: str, round_id: int
) -> tuple[date, Mapping[int, tuple[Code, ...]], list[Refusal], int | None] | None:
    """The day a round closed, the codes of its units, computed outside of any write transaction, what of them was
    kept back because the plan did not foresee it, and how widely answers scattered where codes were not.
    """
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
        codes, planned, ballots = {}, [], {}
        for size in round_units(session, round_id):
            asked = _asked(session, round_, size, key)
            ballots[size.unit_id] = open_box(session, round_id, key, asked)
            codes[size.unit_id] = code_unit(
                items=items,
                ballots=ballots[size.unit_id],
                roster=size.roster,
                threshold=round_.threshold or FLOOR,
            )
            name = session.get_one(Unit, size.unit_id).name
            planned.append(UnitPlan(unit_id=size.unit_id, name=name, members=frozenset(asked)))
    allowed, kept_back = foreseen_only(plan_of(planned, items, round_.threshold), codes)
    within = scatter((ballots[unit_id], of_unit) for unit_id, of_unit in allowed.items())
    return round_.closes_at.astimezone(ZoneInfo(pulse.timezone)).date(), allowed, kept_back, within


def _asked(session: Session, round_: Round, unit: RoundUnit, key: RoundKey) -> list[int]:
    """Ids of everybody whom the round asked in this unit. Raises NotInRound when somebody's ballot is missing."""
    assert round_.period_id is not None
    asked = with_slots(session, round_.id, key, roster_of(session, round_.period_id, unit.unit_id))
    if len(asked) != unit.roster:
        raise NotInRound("a ballot is missing from the box")
    return asked
