"""What rounds teach the detector about an organisation's noise: only the past, and the same whenever it is asked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from sqlmodel import Session, select

from storage import learning
from storage.database import Database
from storage.keys import KeyDirectory, new_name
from storage.learning import TEACHERS, noise_of
from storage.ledger import write_codes
from storage.rosters import ensure_unit
from storage.tables import Pulse, Round, RoundUnit
from surveys.noise import SHIPPED, Noise
from surveys.release import Code, Kind, PeopleClass
from surveys.rounds import State
from tests.support.organisation import FRIDAY, WEEK, Organisation

LATER = date(2030, 1, 1)
CALM, RESTLESS = 0.3, 1.3  # SD of a week's level, in bands


class Past:
    """Rounds of some units, written by hand."""

    def __init__(self, database: Database, keys: KeyDirectory, units: int = 6) -> None:
        self.acme = Organisation(database, keys)
        self.database = database
        teams = [self.acme.team(f"Team {number:02}", 2) for number in range(units)]
        with database.transaction() as session:
            self.pulse = session.get_one(Pulse, self.acme.pulse_id)
            self.units = [ensure_unit(session, self.pulse, [team.team_id]).id for team in teams]
        self.rng = np.random.default_rng(3)

    def live(self, weeks: Sequence[int], sd: float, *, within: int | None = None, loud: Sequence[int] = ()) -> None:
        """Rounds in these weeks, in which levels swing by `sd` bands; those of `loud` units by as much as they can."""
        with self.database.transaction() as session:
            for week in weeks:
                self._round(session, FRIDAY + week * WEEK, sd, within, loud)

    def _round(self, session: Session, closes: datetime, sd: float, within: int | None, loud: Sequence[int]) -> None:
        round_ = Round(
            pulse_id=self.pulse.id,
            state=State.PUBLISHED,
            opens_on=closes.date() - timedelta(days=3),
            opens_at=closes - timedelta(days=3),
            closes_at=closes,
            reminds_on=closes.date(),
            key_name=new_name(),
            within=within,
        )
        session.add(round_)
        session.flush()
        for unit_id in self.units:
            session.add(RoundUnit(round_id=round_.id, unit_id=unit_id, roster=20, replaced=0))
            session.flush()
            swing = RESTLESS if unit_id in loud else sd
            band = int(np.clip(round(2.5 + swing * self.rng.standard_normal()), 0, 5))
            code = Code(kind=Kind.LEVEL, subject="burnout.a", driver="burnout", people=PeopleClass.EIGHT, value=band)
            write_codes(session, round_id=round_.id, unit_id=unit_id, closed_on=closes.date(), codes=[code])

    def noise(self, on: date) -> Noise:
        with self.database.reading() as session:
            return noise_of(session, self.acme.workspace_id)(on)

    def day(self, week: int) -> date:
        return (FRIDAY + week * WEEK).date()


@pytest.fixture
def past(database: Database, keys: KeyDirectory) -> Past:
    return Past(database, keys)


def test_without_rounds_the_shipped_noise_is_nearly_what_is_believed(past: Past) -> None:
    assert past.noise(LATER).within == pytest.approx(SHIPPED.within)
    assert past.noise(LATER).week == pytest.approx(SHIPPED.week, abs=0.008)


def test_restless_weeks_are_learned_from_codes_eight_weeks_later(past: Past) -> None:
    past.live(range(30), RESTLESS)
    assert past.noise(past.day(7)) == past.noise(past.day(0))
    assert past.noise(past.day(29)).week > 3 * past.noise(past.day(0)).week


def test_later_rounds_change_nothing_of_what_was_known(past: Past) -> None:
    past.live(range(20), CALM, within=90)
    days = [past.day(week) for week in range(20)]
    known = [past.noise(on) for on in days]
    past.live(range(20, 32), RESTLESS, within=150)
    assert [past.noise(on) for on in days] == known
    learning._learned.clear()  # as in a process that has just started
    assert [past.noise(on) for on in days] == known
    assert past.noise(past.day(31)) != known[-1]


def test_how_widely_answers_scattered_counts_from_the_round_after(past: Past) -> None:
    past.live([0, 1], CALM, within=150)
    assert past.noise(past.day(0)).within == pytest.approx(SHIPPED.within)
    assert past.noise(past.day(1)).within == pytest.approx((SHIPPED.within + 1.5) / 2)
    assert past.noise(past.day(2)).within == pytest.approx((SHIPPED.within + 3) / 3)


def test_rounds_that_are_not_counted_yet_teach_nothing(past: Past) -> None:
    past.live([0], CALM, within=150)
    with past.database.transaction() as session:
        session.exec(select(Round)).one().state = State.CLOSING
    assert past.noise(LATER).within == pytest.approx(SHIPPED.within)


def test_another_workspace_teaches_nothing(past: Past, database: Database) -> None:
    past.live(range(20), RESTLESS, within=150)
    with database.reading() as session:
        alone = noise_of(session, past.acme.workspace_id + 1)(LATER)
    assert alone.within == pytest.approx(SHIPPED.within)
    assert alone.week < 0.02


def test_a_dozen_units_teach_and_always_the_same_ones(database: Database, keys: KeyDirectory) -> None:
    past = Past(database, keys, TEACHERS + 3)
    past.live(range(24), CALM, loud=past.units[TEACHERS:])
    beside = past.noise(LATER)
    assert beside.week < 0.03
    past.live(range(24, 44), CALM, loud=past.units[:TEACHERS])
    assert past.noise(LATER).week > 0.03
