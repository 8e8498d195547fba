"""Rounds to close: answered and commented on, with messages waiting, and what came of them."""

from sqlmodel import select

from storage import closing
from storage.database import Database
from storage.ledger import history
from storage.outbox import Letter, put
from storage.tables import RoundUnit
from surveys.release import Code
from tests.support.organisation import TUESDAY, Organisation

SENTENCE = "The quick brown fox of the training cluster."


def answered(acme: Organisation, members: list[int]) -> int:
    """An open round in which these members have answered and commented."""
    round_id = acme.open()
    for place, member in enumerate(members):
        acme.answer(round_id, member, place % 4 + 1, SENTENCE)
    return round_id


def ledger(database: Database, round_id: int) -> dict[tuple[int, str], Code]:
    """The codes of a round by unit and subject."""
    with database.reading() as session:
        units = session.exec(select(RoundUnit.unit_id).where(RoundUnit.round_id == round_id)).all()
        published = [p for p in history(session, list(units)) if p.round_id == round_id]
    return {(p.unit_id, p.code.subject): p.code for p in published}


def invite(acme: Organisation, round_id: int, members: list[int]) -> None:
    """Put an invitation and a reminder for everybody into the outbox."""
    with acme.database.transaction() as session:
        letters = [
            Letter(kind=kind, member_id=member, due_at=TUESDAY, round_id=round_id)
            for member in members
            for kind in closing.PERSONAL_KINDS
        ]
        put(session, acme.workspace_id, letters)
