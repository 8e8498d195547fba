"""Promises of managers: one that stands for each unit and manager, and what became of all of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import literal, or_, update
from sqlmodel import Session, col, select

from storage.people import insert_or_ignore
from storage.rosters import team_ids_of
from storage.tables import Member, Promise, Round, RoundUnit, Unit
from surveys.promises import Fate, Promised, may_be_undone
from surveys.rounds import State


def make_promise(
    session: Session, unit: Unit, member_id: int, text: str, *, form_key: str, on: date
) -> tuple[Promised, bool]:
    """Store a promise in place of what the member promised these teams before. Returns it, and whether it is new.

    A promise to more teams than this unit has stays: to the others nothing took its place. A form that was counted
    before, and the words of a promise that stands, bring back the promise there is.
    """
    one_at_a_time(session, member_id)
    after = latest_opened(session, unit.pulse_id, hold=True)
    sent_before = session.exec(select(Promise).where(Promise.form_key == form_key)).one_or_none()
    standing = _standing(session, unit, member_id)
    same = sent_before or next((promise for promise in standing if promise.text == text), None)
    if same is not None:
        return _promised(session, same), False
    teams = set(team_ids_of(unit))
    for promise in standing:
        if teams.issuperset(team_ids_of(session.get_one(Unit, promise.unit_id))):
            _end(session, promise.id, Fate.REPLACED, on, after)
    row = {
        "unit_id": unit.id,
        "member_id": member_id,
        "form_key": form_key,
        "text": text,
        "state": Fate.OPEN,
        "made_on": on,
        "made_after": after or None,
    }
    insert_or_ignore(session, Promise, [row])
    made = session.exec(select(Promise).where(Promise.form_key == form_key)).one()
    return _promised(session, made), True


def end_promise(session: Session, promise_id: int, fate: Fate, *, on: date) -> bool:
    """Mark a promise as kept or taken back. False when it does not stand any more: what became of it first holds."""
    promise = session.get_one(Promise, promise_id)
    one_at_a_time(session, promise.member_id)
    after = latest_opened(session, session.get_one(Unit, promise.unit_id).pulse_id, hold=True)
    return _end(session, promise_id, fate, on, after)


def reopen_promise(session: Session, promise_id: int) -> bool:
    """Undo the end of a promise. False when it is too late, or when its maker has promised something else since."""
    promise = session.get_one(Promise, promise_id)
    one_at_a_time(session, promise.member_id)
    session.refresh(promise)
    unit = session.get_one(Unit, promise.unit_id)
    opened = latest_opened(session, unit.pulse_id, hold=True)
    if not may_be_undone(_promised(session, promise), opened) or _standing(session, unit, promise.member_id):
        return False
    promise.state, promise.ended_on, promise.ended_after = Fate.OPEN, None, None
    session.add(promise)
    session.flush()
    return True


def find_promise(session: Session, promise_id: int) -> Promised | None:
    """The promise with this id."""
    promise = session.get(Promise, promise_id, populate_existing=True)
    return None if promise is None else _promised(session, promise)


def promises_about(session: Session, unit: Unit) -> list[Promised]:
    """Every promise to a unit, oldest first; also those to units that had a team of it, before teams were merged or
    split: what was promised to a team stays with it.
    """
    return _read(session, col(Promise.unit_id).in_(kindred(session, unit)))


def promises_by(session: Session, member_id: int) -> list[tuple[Promised, str]]:
    """Every promise that a member made, newest first, with the name of the unit."""
    found = _read(session, col(Promise.member_id) == member_id)
    return [(promise, session.get_one(Unit, promise.unit_id).name) for promise in reversed(found)]


def latest_opened(session: Session, pulse_id: int, *, hold: bool = False) -> int:
    """The id of the pulse's latest round that has opened, whatever became of it; 0 when none has.

    hold: keep the round to come from opening until this transaction ends, so that either all of its invitations
    tell of what changes here, or none. On SQLite the write transaction does.
    """
    if hold:
        coming = select(Round.id).where(Round.pulse_id == pulse_id, Round.state == State.SCHEDULED)
        session.exec(coming.with_for_update(read=True)).all()
    query = (
        select(Round.id)
        .where(Round.pulse_id == pulse_id, col(Round.period_id).is_not(None))
        .order_by(col(Round.id).desc())
        .limit(1)
    )
    return session.exec(query).first() or 0


def rounds_asked(session: Session, unit: Unit) -> list[int]:
    """Ids of the rounds whose invitations went to a team of the unit, ascending; those called off are among them."""
    query = select(RoundUnit.round_id).where(col(RoundUnit.unit_id).in_(kindred(session, unit))).distinct()
    return sorted(session.exec(query))


def rounds_published(session: Session, unit: Unit) -> list[int]:
    """Ids of the rounds that asked a team of the unit and were published, ascending."""
    asked = rounds_asked(session, unit)
    query = select(Round.id).where(col(Round.id).in_(asked), Round.state == State.PUBLISHED)
    return sorted(session.exec(query))


def _read(session: Session, which: object) -> list[Promised]:
    query = (
        select(Promise, Member)
        .join(Member, col(Member.id) == Promise.member_id)
        .where(which)  # type: ignore[arg-type]
        .order_by(col(Promise.id))
    )
    return [_value(promise, maker) for promise, maker in session.exec(query)]


def kindred(session: Session, unit: Unit) -> list[int]:
    """Ids of the units that share a team with this one, itself among them."""
    key = literal(",") + col(Unit.team_key) + ","
    shares = or_(*(key.contains(f",{team_id},") for team_id in team_ids_of(unit)))
    return list(session.exec(select(Unit.id).where(shares)))


def _standing(session: Session, unit: Unit, member_id: int) -> Sequence[Promise]:
    """What the member promised to teams of this unit, whomever else it was promised to, and still stands."""
    query = select(Promise).where(
        col(Promise.unit_id).in_(kindred(session, unit)), Promise.member_id == member_id, Promise.state == Fate.OPEN
    )
    return session.exec(query.order_by(col(Promise.id))).all()


def one_at_a_time(session: Session, member_id: int) -> None:
    """Hold off other forms of the same member; on SQLite the write transaction does."""
    session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))


def _end(session: Session, promise_id: int, fate: Fate, on: date, after: int) -> bool:
    changed = session.execute(
        update(Promise)
        .where(col(Promise.id) == promise_id, col(Promise.state) == Fate.OPEN)
        .values(state=fate, ended_on=on, ended_after=after or None)
        .returning(col(Promise.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def _promised(session: Session, promise: Promise) -> Promised:
    return _value(promise, session.get_one(Member, promise.member_id))


def _value(promise: Promise, maker: Member) -> Promised:
    fate = Fate(promise.state)
    return Promised(
        id=promise.id,
        unit_id=promise.unit_id,
        maker_id=maker.id,
        maker=maker.name,
        text=promise.text,
        made_on=promise.made_on,
        made_after=promise.made_after or 0,
        fate=fate,
        ended_on=promise.ended_on,
        ended_after=None if fate is Fate.OPEN else promise.ended_after or 0,
    )
