"""What the detector reads in the product: frozen limits, the promise of the day, and what another tool left."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from bot.results import limit_today, unit_digest
from storage.database import Database
from storage.keys import KeyDirectory, new_name
from storage.ledger import write_codes
from storage.rosters import ensure_unit
from storage.tables import ImportedCode, Pulse, Round, RoundUnit, Unit, Workspace
from surveys.digests import Digest
from surveys.release import Code, Kind, PeopleClass
from surveys.rounds import State
from tests.support.organisation import FRIDAY, TUESDAY, WEEK, Organisation

CALM = 10
"""Rounds until burnout gets worse."""


class Vision:
    """A team whose rounds are written by hand."""

    def __init__(self, database: Database, keys: KeyDirectory) -> None:
        self.acme = Organisation(database, keys)
        self.database = database
        team = self.acme.team("Vision", 9)
        with database.transaction() as session:
            pulse = session.get_one(Pulse, self.acme.pulse_id)
            self.unit_id = ensure_unit(session, pulse, [team.team_id]).id
        self.rounds: list[int] = []

    def asked(self, band: int, *, limit: int | None = 130, months: int | None = 6) -> None:
        """A round a week after the one before."""
        closes = FRIDAY + len(self.rounds) * WEEK
        with self.database.transaction() as session:
            round_ = Round(
                pulse_id=self.acme.pulse_id,
                state=State.PUBLISHED,
                opens_on=closes.date() - timedelta(days=3),
                opens_at=closes - timedelta(days=3),
                closes_at=closes,
                reminds_on=closes.date(),
                key_name=new_name(),
                false_flag_months=months,
            )
            session.add(round_)
            session.flush()
            code = Code(
                kind=Kind.LEVEL, subject="burnout.drained", driver="burnout", people=PeopleClass.EIGHT, value=band
            )
            session.add(RoundUnit(round_id=round_.id, unit_id=self.unit_id, roster=12, replaced=0, flag_limit=limit))
            session.flush()
            write_codes(session, round_id=round_.id, unit_id=self.unit_id, closed_on=closes.date(), codes=[code])
            self.rounds.append(round_.id)

    def digests(self) -> list[Digest]:
        """Of every round, as it is told now."""
        with self.database.reading() as session:
            return [self._digest(session, round_id) for round_id in self.rounds]

    def _digest(self, session: Session, round_id: int) -> Digest:
        pulse, unit = session.get_one(Pulse, self.acme.pulse_id), session.get_one(Unit, self.unit_id)
        return unit_digest(session, pulse, session.get_one(Round, round_id), unit, first=False)


@pytest.fixture
def vision(database: Database, keys: KeyDirectory) -> Vision:
    return Vision(database, keys)


def live(vision: Vision, weeks: int, limit: int | None = 130) -> None:
    for _ in range(weeks):
        vision.asked(4 if len(vision.rounds) < CALM else 1, limit=limit)


@pytest.mark.parametrize("limit", [None, 2, 100_000_000])
def test_what_was_told_stays_told_when_later_rounds_have_another_limit(vision: Vision, limit: int | None) -> None:
    live(vision, CALM + 4)
    told = vision.digests()
    assert [bool(digest.notices) for digest in told].count(True) in range(1, 5)
    live(vision, 3, limit)
    assert vision.digests()[: len(told)] == told


def test_a_flag_that_was_not_told_does_not_appear_when_later_rounds_have_a_lower_limit(vision: Vision) -> None:
    live(vision, CALM + 2, 2_000_000_000)
    live(vision, 1, 60)
    digests = vision.digests()
    assert not any(digest.notices for digest in digests[:-1])
    (flag,) = digests[-1].notices
    assert flag.raised_on == (FRIDAY + (CALM + 2) * WEEK).date()


def test_rounds_of_older_versions_are_read_with_the_first_limit_that_was_kept(vision: Vision) -> None:
    live(vision, CALM + 2, None)
    live(vision, 1, 130)
    before = vision.digests()[-1]
    live(vision, 3, 5000)
    assert vision.digests()[CALM + 2] == before


def test_a_digest_tells_the_promise_that_held_when_its_round_opened(vision: Vision) -> None:
    vision.asked(3, months=None)  # as an older version left it
    vision.asked(3, months=3)
    vision.asked(3, months=12)
    with vision.database.transaction() as session:
        session.execute(update(Workspace).values(false_flag_months=24))
    assert [digest.false_flag_months for digest in vision.digests()] == [6, 3, 12]


def test_the_promise_is_settled_when_a_round_opens_and_its_limit_follows(vision: Vision) -> None:
    limits = []
    for week, months in enumerate((6, 12)):
        with vision.database.transaction() as session:
            session.execute(update(Workspace).values(false_flag_months=months))
        round_id = vision.acme.open(TUESDAY + week * WEEK)
        with vision.database.transaction() as session:
            session.execute(update(Workspace).values(false_flag_months=1))
        assert vision.acme.round(round_id).false_flag_months == months
        with vision.database.reading() as session:
            pulse, unit = session.get_one(Pulse, vision.acme.pulse_id), session.exec(select(Unit)).one()
            limits.append(limit_today(session, pulse, session.get_one(Round, round_id), unit))
        vision.acme.close(round_id)
    assert limits[1] == pytest.approx(2 * limits[0])


def test_the_detector_starts_from_what_was_imported_and_nothing_else_changes(vision: Vision) -> None:
    for week in range(9):
        vision.asked(3 if week < 3 else 1)
    alone = vision.digests()
    with vision.database.transaction() as session:
        session.add_all(
            ImportedCode(
                unit_id=vision.unit_id,
                driver="burnout",
                closed_on=(FRIDAY - week * WEEK).date(),
                people=PeopleClass.EIGHT,
                value=3,
                roster=9,
            )
            for week in range(1, 31)
        )
    both = vision.digests()
    flagged = [[bool(digest.notices) for digest in some].index(True) for some in (alone, both)]
    assert flagged[1] < flagged[0]
    calm = slice(0, flagged[1])
    assert both[calm] == alone[calm]
    assert [digest.earlier for digest in both] == [digest.earlier for digest in alone]
    assert [digest.compared for digest in both] == [digest.compared for digest in alone]
    assert not both[0].compared
    days = {digest.on for digest in both}
    for digest in both:
        assert {level.on for notice in digest.notices for level in notice.story} <= days
        assert all(notice.raised_on in days for notice in digest.notices)
