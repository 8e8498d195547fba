"""What managers ask of leaders: one request that waits for each manager, unit and driver, and what became of all."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.people import insert_or_ignore
from storage.promises import find_promise, kindred, one_at_a_time
from storage.tables import Member, Request, Unit
from surveys.requests import Outcome, Requested


def make_request(
    session: Session,
    unit: Unit,
    *,
    driver: str,
    member_id: int,
    leader_id: int,
    text: str,
    form_key: str,
    on: date,
    unanswerable: Collection[int] = (),
) -> tuple[Requested, bool]:
    """Store what a member asks of a leader. Returns it, and whether it is new.

    A form that was counted before brings back what it made; and while the member waits for an answer about the same
    driver and teams, that request. `unanswerable` are ids of those whose leader is not there any more: the new one
    takes their place.
    """
    one_at_a_time(session, member_id)
    sent_before = session.exec(select(Request).where(Request.form_key == form_key)).one_or_none()
    if sent_before is not None:
        return _value(session, sent_before), False
    for request_id in unanswerable:
        end_request(session, request_id, Outcome.TAKEN_BACK, on=on)
    asked = requests_about(session, unit, member_id)
    waiting = next((one for one in asked if one.driver == driver and one.outcome is Outcome.OPEN), None)
    if waiting is not None:
        return waiting, False
    row = {
        "unit_id": unit.id,
        "driver": driver,
        "member_id": member_id,
        "leader_id": leader_id,
        "form_key": form_key,
        "text": text,
        "state": Outcome.OPEN,
        "made_on": on,
    }
    insert_or_ignore(session, Request, [row])
    made = session.exec(select(Request).where(Request.form_key == form_key)).one()
    return _value(session, made), True


def end_request(
    session: Session,
    request_id: int,
    outcome: Outcome,
    *,
    on: date,
    reply: str | None = None,
    promise_id: int | None = None,
) -> bool:
    """Take a request back, or answer it: `reply` says why not, `promise_id` is what was promised. False when it does
    not wait any more: what became of it first holds.
    """
    changed = session.execute(
        update(Request)
        .where(col(Request.id) == request_id, col(Request.state) == Outcome.OPEN)
        .values(state=outcome, ended_on=on, reply=reply, promise_id=promise_id)
        .returning(col(Request.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def find_request(session: Session, request_id: int, *, hold: bool = False) -> Requested | None:
    """The request with this id. hold: let nobody change it until the transaction ends; on SQLite that is so anyway."""
    if hold:
        session.execute(select(Request.id).where(Request.id == request_id).with_for_update())
    request = session.get(Request, request_id, populate_existing=True)
    return None if request is None else _value(session, request)


def requests_about(session: Session, unit: Unit, member_id: int) -> list[Requested]:
    """Everything that a member asked about a unit, oldest first; also about units that had a team of it."""
    query = select(Request).where(col(Request.unit_id).in_(kindred(session, unit)), Request.member_id == member_id)
    return _read(session, query.order_by(col(Request.id)))


def requests_by(session: Session, member_id: int) -> list[Requested]:
    """Everything that a member asked, newest first."""
    query = select(Request).where(Request.member_id == member_id).order_by(col(Request.id).desc())
    return _read(session, query)


def requests_to(session: Session, member_id: int) -> list[Requested]:
    """Everything that was asked of a member, newest first."""
    query = select(Request).where(Request.leader_id == member_id).order_by(col(Request.id).desc())
    return _read(session, query)


def was_asked(session: Session, unit: Unit, member_id: int) -> bool:
    """Whether a member was asked something about a unit, or one that had a team of it, which waits for an answer or
    brought a promise.
    """
    query = select(Request.id).where(
        col(Request.unit_id).in_(kindred(session, unit)),
        Request.leader_id == member_id,
        col(Request.state).in_([Outcome.OPEN, Outcome.PROMISED]),
    )
    return session.exec(query.limit(1)).first() is not None


def _read(session: Session, query: SelectOfScalar[Request]) -> list[Requested]:
    found = session.exec(query.execution_options(populate_existing=True))
    return [_value(session, request) for request in found]


def _value(session: Session, request: Request) -> Requested:
    return Requested(
        id=request.id,
        unit_id=request.unit_id,
        unit=session.get_one(Unit, request.unit_id).name,
        driver=request.driver,
        asker_id=request.member_id,
        asker=session.get_one(Member, request.member_id).name,
        leader_id=request.leader_id,
        leader=session.get_one(Member, request.leader_id).name,
        text=request.text,
        made_on=request.made_on,
        outcome=Outcome(request.state),
        reply=request.reply,
        promise=None if request.promise_id is None else find_promise(session, request.promise_id),
        ended_on=request.ended_on,
    )
