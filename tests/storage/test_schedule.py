"""Another schedule changes when a pulse asks, and nothing of what protects people."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Database
from storage.keys import KeyDirectory
from storage.pulses import cadence_of, set_schedule
from storage.rosters import PERIOD
from storage.rounds import open_round, reschedule, schedule_next, unfinished_round
from storage.tables import Pulse, RosterPeriod, Round
from surveys.cadence import Frequency, UnknownTimeZoneError
from surveys.rotation import REST
from surveys.rounds import State
from tests.support.organisation import MONDAY, SECRET, TUESDAY, WEEK, Organisation


@pytest.fixture
def acme(database_url: str, tmp_path: Path) -> Iterator[Organisation]:
    """An organisation that asks every Tuesday at ten, with one team."""
    database = Database(database_url)
    organisation = Organisation(database, KeyDirectory(tmp_path / "keys"), question_set="ai-team-weekly")
    organisation.team("Vision", 9)
    yield organisation
    database.dispose()


def change(
    acme: Organisation,
    now: datetime,
    *,
    frequency: Frequency = Frequency.WEEKLY,
    weekday: int = 1,
    timezone: str = "UTC",
) -> None:
    """Change the schedule at `now`, as the window does."""
    with acme.database.transaction() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        set_schedule(session, pulse, frequency=frequency, weekday=weekday, hour=10, timezone=timezone, now=now)
        reschedule(session, pulse, now)


def planned(acme: Organisation) -> date:
    """The day on which the next round opens."""
    with acme.database.reading() as session:
        round_ = unfinished_round(session, acme.pulse_id)
        assert round_ is not None
        assert round_.state == State.SCHEDULED
        return round_.opens_on


def test_the_next_round_moves_and_the_ones_before_stay(acme: Organisation) -> None:
    first = acme.open()
    acme.close(first)
    change(acme, TUESDAY + timedelta(days=4), weekday=3)
    assert planned(acme) == date(2026, 3, 12)
    assert acme.round(first).opens_on == date(2026, 3, 3)
    change(acme, TUESDAY + timedelta(days=4))
    assert planned(acme) == date(2026, 3, 10)


def test_a_round_that_is_open_runs_on_as_it_began(acme: Organisation) -> None:
    first = acme.open()
    before = acme.round(first)
    change(acme, TUESDAY, frequency=Frequency.MONTHLY, weekday=4, timezone="Asia/Tokyo")
    assert acme.round(first) == before
    with acme.database.reading() as session:
        assert [round_.id for round_ in session.exec(select(Round))] == [first]


@pytest.mark.parametrize(
    ("frequency", "day"),
    [(Frequency.FORTNIGHTLY, date(2026, 3, 17)), (Frequency.MONTHLY, date(2026, 4, 7))],
)
def test_another_frequency_is_counted_from_the_last_round(acme: Organisation, frequency: Frequency, day: date) -> None:
    acme.close(acme.open())
    change(acme, TUESDAY + timedelta(days=6), frequency=frequency)
    assert planned(acme) == day
    change(acme, TUESDAY + timedelta(days=6), frequency=frequency, weekday=1)
    assert planned(acme) == day  # sent again, it is the same
    change(acme, TUESDAY + timedelta(days=6))
    assert planned(acme) == date(2026, 3, 10)


def test_a_pulse_that_has_not_asked_yet_counts_from_today(acme: Organisation) -> None:
    change(acme, MONDAY + 3 * WEEK, frequency=Frequency.MONTHLY, weekday=2)
    assert planned(acme) == date(2026, 3, 25)


def test_a_schedule_that_cannot_be_kept_is_refused_and_changes_nothing(acme: Organisation) -> None:
    with acme.database.reading() as session:
        before = cadence_of(session.get_one(Pulse, acme.pulse_id))
    with pytest.raises(UnknownTimeZoneError):
        change(acme, MONDAY, timezone="Mars/Olympus")
    with pytest.raises(ValueError, match="Monday"):
        change(acme, MONDAY, weekday=6)
    with acme.database.reading() as session:
        assert cadence_of(session.get_one(Pulse, acme.pulse_id)) == before


def test_however_often_the_schedule_changes_no_question_comes_back_and_no_roster_is_settled_within_four_weeks(
    acme: Organisation,
) -> None:
    """An admin who wants to ask as often as possible: another day every week, and another frequency."""
    asked: dict[str, date] = {}
    now = MONDAY
    frequencies = [Frequency.WEEKLY, Frequency.MONTHLY, Frequency.WEEKLY, Frequency.FORTNIGHTLY, Frequency.WEEKLY]
    for number in range(15):
        change(acme, now, frequency=frequencies[number % 5], weekday=(1, 0, 4, 2, 3)[number % 5])
        change(acme, now, weekday=(3, 0, 4, 2, 1)[number % 5])
        with acme.database.transaction() as session:
            round_ = unfinished_round(session, acme.pulse_id)
            assert round_ is not None
            assert round_.opens_at > now
            opened = open_round(session, acme.keys, SECRET, round_.id)
            assert opened is not None
            for item in opened.item_ids:
                assert item not in asked or opened.opens_on - asked[item] >= REST
                asked[item] = opened.opens_on
            round_id, now = opened.id, opened.closes_at
        acme.close(round_id)
        with acme.database.transaction() as session:
            schedule_next(session, session.get_one(Pulse, acme.pulse_id), now)
    with acme.database.reading() as session:
        days = sorted(period.starts_on for period in session.exec(select(RosterPeriod)))
    assert len(days) > 2
    assert all(later - earlier >= PERIOD for earlier, later in pairwise(days))
