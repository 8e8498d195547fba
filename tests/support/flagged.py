"""A past in which purpose was good and then was not, so that the next digest of Vision flags it.

What is put into the ledger stands beside what the rounds themselves published.
"""

from datetime import timedelta

from sqlmodel import Session, col, select

from bot.results import closed_on
from storage.tables import LedgerEntry, Pulse, Round, Unit
from surveys.release import Kind, PeopleClass
from surveys.rounds import State
from tests.journeys.steps import week
from tests.support.running_murmur import FRIDAY, TUESDAY, Stage

GOOD, POOR = 4, 0
"""Bands of purpose, of the words for eight answers."""

CALM, BAD = 5, 1
"""Weeks of each."""

LAST = CALM + BAD - 1
"""The week whose digest flags purpose."""


def purpose_was_lost(stage: Stage) -> None:
    """Let weeks go by until the round of week `LAST` is published, and its digests wait for Monday."""
    for number in range(CALM + BAD):
        stage.at(week(number, TUESDAY))
        stage.at(week(number, FRIDAY) + timedelta(minutes=1))
    with stage.murmur.database.transaction() as session:
        published = session.exec(select(Round).where(Round.state == State.PUBLISHED).order_by(col(Round.id))).all()
        for number, round_ in enumerate(published):
            _put(session, round_, GOOD if number < CALM else POOR)


def _put(session: Session, round_: Round, band: int) -> None:
    pulse = session.get_one(Pulse, round_.pulse_id)
    for unit in session.exec(select(Unit).where(Unit.pulse_id == pulse.id)):
        row = LedgerEntry(
            round_id=round_.id,
            unit_id=unit.id,
            subject="purpose.shown",
            kind=Kind.LEVEL,
            driver="purpose",
            people=PeopleClass.EIGHT,
            value=band,
            closed_on=closed_on(pulse, round_),
        )
        session.add(row)
