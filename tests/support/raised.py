"""A digest that flags purpose, and what Dana raises with the leader above her."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bot.messages import REQUEST
from bot.sandbox.person import Person as Acting
from storage.outbox import Letter, put
from storage.requests import make_request
from storage.tables import OutboxMessage, Request, Unit
from tests.journeys.steps import week
from tests.support.company import member
from tests.support.flagged import LAST, purpose_was_lost
from tests.support.running_murmur import NEXT_MONDAY, Stage

MONDAY = week(LAST, NEXT_MONDAY)
TUESDAY_MORNING = MONDAY + timedelta(hours=14)
FIELD = "In your own words"


def flagged(stage: Stage, *leaders: str) -> Stage:
    """Dana and Sam read a digest of Vision that flags purpose; by default Ruth leads the department above."""
    stage.put_team(part_of="Research", leaders=leaders or ["Ruth Meyer"])
    purpose_was_lost(stage)
    stage.at(MONDAY)
    return stage


def filled_in(stage: Stage, words: str = "Please come by.", button: str = "Raise purpose with Ruth Meyer") -> Acting:
    """Dana with the form before her, filled in."""
    dana = stage.person("Dana")
    dana.press(button, dana.dms()[-1])
    dana.wait_for_view(FIELD)
    dana.fill(FIELD, words)
    return dana


def stored(stage: Stage) -> list[tuple[str, str]]:
    """Words and state of every request there is."""
    with stage.murmur.database.reading() as session:
        return [(one.text, one.state) for one in session.exec(select(Request).order_by(col(Request.id)))]


def letters(stage: Stage) -> list[str]:
    """States of the messages to leaders."""
    with stage.murmur.database.reading() as session:
        return list(session.exec(select(OutboxMessage.state).where(OutboxMessage.kind == REQUEST)))


def ask(session: Session, stage: Stage, *, form: str = "form") -> int:
    """Let Dana raise purpose with Ruth without Slack; the id of the request."""
    unit, dana, ruth = session.exec(select(Unit)).one(), member(session, "Dana"), member(session, "Ruth")
    request, _ = make_request(
        session, unit, driver="purpose", member_id=dana.id, leader_id=ruth.id, text="Please come by.", form_key=form,
        on=MONDAY.date(),
    )  # fmt: skip
    letter = Letter(
        kind=REQUEST, member_id=ruth.id, unit_id=unit.id, request_id=request.id, due_at=stage.murmur.clock()
    )
    put(session, dana.workspace_id, [letter])
    return request.id
