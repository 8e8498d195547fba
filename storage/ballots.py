"""The ballot box. Only this module touches the slots, and no slot says whose it is, what it holds, or since when.

A slot is there for every member of the roster from the moment a round opens until it is coded. Casting
seals all slots of a group again, in id order, so that two copies of the database, one before and one after,
do not show whose ballot changed.
"""

import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Index, LargeBinary, bindparam, delete, func, insert, select, update
from sqlmodel import Field, Session, SQLModel, col

from storage.database import advisory_lock
from storage.tables import Round
from surveys.rounds import State
from surveys.sealing import BLANK, Ballot, RoundKey, seal, slot_id, unseal

LARGEST_UNSPLIT = 30
"""Up to this many slots are sealed together; sealing more at every submission would cost too much."""

SMALLEST_GROUP = 15
"""Smallest group that a larger unit is split into, at random: the crowd in which a submission hides."""

_ROUND_LOCK, _GROUP_LOCK = 0x6D75_0001, 0x6D75_0002  # name spaces of advisory locks


class RoundNotOpen(Exception):
    """The round does not take ballots, or no longer."""


class NotInRound(Exception):
    """This member is not in the roster of the round."""


class WrongKey(Exception):
    """The key directory or the secret is not the one this round was opened with."""


class Slot(SQLModel, table=True):
    """One member's place in the ballot box."""

    __table_args__ = (Index("ix_slot_group", "round_id", "group_number"), {"sqlite_with_rowid": False})

    round_id: int = Field(primary_key=True, foreign_key="round.id")
    id: bytes = Field(primary_key=True, sa_type=LargeBinary)
    group_number: int
    sealed: bytes = Field(sa_type=LargeBinary)


def create_slots(session: Session, round_id: int, key: RoundKey, units: Iterable[Sequence[int]]) -> None:
    """Put a blank ballot into the box for every member; `units` are the member ids of each unit."""
    groups = [group for unit in units for group in _split(unit)]
    slots = sorted((slot_id(key, member_id), number) for number, group in enumerate(groups) for member_id in group)
    rows = [
        {"round_id": round_id, "id": slot, "group_number": number, "sealed": _sealed(key, slot, BLANK)}
        for slot, number in slots
    ]
    if rows:
        session.execute(insert(Slot), rows)


def cast(session: Session, *, round_id: int, member_id: int, key: RoundKey, ballot: Ballot, now: datetime) -> None:
    """Put `ballot` in the member's slot, over whatever was there, and seal the whole group again.

    The caller commits, and acknowledges only after that. Raises RoundNotOpen, NotInRound, WrongKey.
    """
    advisory_lock(session, _ROUND_LOCK, round_id, shared=True)  # closing waits for casts under way
    round_ = session.get(Round, round_id, populate_existing=True)
    if round_ is None or round_.state != State.OPEN or round_.closes_at <= now:
        raise RoundNotOpen("this round takes no ballots")
    if round_.key_fingerprint != key.fingerprint:
        raise WrongKey("this round was opened with another key")
    mine = slot_id(key, member_id)
    group = session.execute(
        select(col(Slot.group_number)).where(col(Slot.round_id) == round_id, col(Slot.id) == mine)
    ).scalar_one_or_none()
    if group is None:
        raise NotInRound("this member is not asked in this round")
    # Round and group share one 32-bit lock name; a clash with another round only makes somebody wait.
    advisory_lock(session, _GROUP_LOCK, (round_id * 1009 + group) % 2**31)
    box = _read(session, round_id, group)
    ballots = {slot: unseal(key, slot, sealed) for slot, sealed in box}
    ballots[mine] = ballot
    _write(session, round_id, {slot: _sealed(key, slot, kept) for slot, kept in ballots.items()})


def refuse_ballots(session: Session, round_id: int) -> None:
    """Wait until no ballot of the round is being cast, and hold off new ones until the transaction ends."""
    advisory_lock(session, _ROUND_LOCK, round_id)


def open_box(session: Session, round_id: int, key: RoundKey, member_ids: Iterable[int]) -> list[Ballot]:
    """The ballots of these members, in random order. For coding a closed round, in memory only.

    Raises NotInRound when a member has no slot, SealBroken when the key is wrong.
    """
    sealed = dict(_read(session, round_id))
    slots = [slot_id(key, member_id) for member_id in member_ids]
    if any(slot not in sealed for slot in slots):
        raise NotInRound("a member of the roster has no slot")
    random.SystemRandom().shuffle(slots)
    return [unseal(key, slot, sealed[slot]) for slot in slots]


def with_slots(session: Session, round_id: int, key: RoundKey, member_ids: Iterable[int]) -> list[int]:
    """Those of the members who have a slot: who had left, or opted out, when the round opened has none."""
    slots = set(session.execute(select(col(Slot.id)).where(col(Slot.round_id) == round_id)).scalars())
    return [member_id for member_id in member_ids if slot_id(key, member_id) in slots]


def empty_box(session: Session, round_id: int) -> None:
    """Delete the slots of one round, and of no other."""
    session.execute(delete(Slot).where(col(Slot.round_id) == round_id))


def slots_left(session: Session) -> int:
    """How many ballots lie in the box, of all rounds together."""
    count: int = session.execute(select(func.count()).select_from(Slot)).scalar_one()
    return count


def _split(unit: Sequence[int]) -> Iterator[Sequence[int]]:
    """Sealing groups of a unit: itself, or random groups of 15 to 30."""
    if len(unit) <= LARGEST_UNSPLIT:
        yield unit
        return
    shuffled = list(unit)
    random.SystemRandom().shuffle(shuffled)
    count = max(len(unit) // (2 * SMALLEST_GROUP), 1) + bool(len(unit) % (2 * SMALLEST_GROUP))
    for start in range(count):
        yield shuffled[start::count]


def _read(session: Session, round_id: int, group: int | None = None) -> list[tuple[bytes, bytes]]:
    query = select(col(Slot.id), col(Slot.sealed)).where(col(Slot.round_id) == round_id).order_by(col(Slot.id))
    if group is not None:
        query = query.where(col(Slot.group_number) == group)
    return [(bytes(slot), bytes(sealed)) for slot, sealed in session.execute(query)]


def _write(session: Session, round_id: int, sealed: Mapping[bytes, bytes]) -> None:
    table = SQLModel.metadata.tables["slot"]
    change = (
        update(table)
        .where(table.c.round_id == bindparam("of_round"), table.c.id == bindparam("of_slot"))
        .values(sealed=bindparam("new_seal"))
    )
    rows = [{"of_round": round_id, "of_slot": slot, "new_seal": seal_} for slot, seal_ in sorted(sealed.items())]
    session.connection().execute(change, rows)


def _sealed(key: RoundKey, slot: bytes, ballot: Ballot) -> bytes:
    return seal(key, slot, ballot, os.urandom(12))
