"""From when on somebody who moved is counted: never before the roster that holds them is over."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from storage.moves import held_until, outlook, standing_of_member
from storage.rosters import PERIOD, period_for, unit_of_member
from storage.tables import Pulse
from tests.support.organisation import TUESDAY, WEEK, Organisation

DAY_ONE = TUESDAY.date()


def joins(session: Session, pulse_id: int, member_id: int, on: date) -> date:
    """The first day from `on`, by a round a week, whose round asks a member."""
    days = [on + week * WEEK for week in range(13)]
    counts = outlook(session, session.get_one(Pulse, pulse_id), days)
    return next(day for day, rosters in counts if any(r.unit.scored and member_id in r.members for r in rosters))


def test_a_roster_holds_its_people_for_four_weeks_and_nobody_else(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    (stranger,) = acme.people(1)
    acme.close(acme.open())
    with acme.database.reading() as session:
        assert held_until(session, vision.members[:1], DAY_ONE) == DAY_ONE + PERIOD
        assert held_until(session, [stranger, vision.members[0]], DAY_ONE + PERIOD - timedelta(days=1)) is not None
        assert held_until(session, vision.members, DAY_ONE + PERIOD) is None
        assert held_until(session, [stranger], DAY_ONE) is None
        assert held_until(session, [], DAY_ONE) is None
        assert held_until(session, vision.members, DAY_ONE, besides=acme.pulse_id) is None


@pytest.mark.parametrize("weeks_later", [0, 1, 2, 3])
def test_whoever_moves_to_another_pulse_joins_with_its_first_roster_after_the_one_that_holds_them(
    acme: Organisation, weeks_later: int
) -> None:
    vision = acme.team("Vision", 9)
    other = acme.pulse("Another pulse")
    speech = acme.team("Speech", 8, pulse_id=other)
    acme.close(acme.open())
    begins = TUESDAY + weeks_later * WEEK + timedelta(hours=1)
    acme.close(acme.open(begins, other))
    moved = vision.members[0]
    acme.join(speech, [moved])
    on = begins.date() + WEEK
    with acme.database.reading() as session:
        told = joins(session, other, moved, on)
    assert told == begins.date() + PERIOD
    counted = {}
    for number in range(12):
        day = on + number * WEEK
        for pulse_id in (acme.pulse_id, other):
            with acme.database.transaction() as session:
                period = period_for(session, session.get_one(Pulse, pulse_id), day)
                counted[pulse_id, day] = unit_of_member(session, period.id, moved) is not None
    assert not any(counted[acme.pulse_id, day] and counted[other, day] for _, day in counted)
    assert min(day for (pulse_id, day), there in counted.items() if pulse_id == other and there) == told


def test_a_pulse_that_begins_while_another_roster_holds_somebody_counts_them_from_its_second_roster_on(
    acme: Organisation,
) -> None:
    vision = acme.team("Vision", 9)
    other = acme.pulse("Another pulse")
    acme.close(acme.open())
    picked = acme.team("Picked", [vision.members[0], *acme.people(7)], pulse_id=other)
    on = DAY_ONE + WEEK
    with acme.database.reading() as session:
        assert joins(session, other, vision.members[0], on) == on + PERIOD
        assert joins(session, other, picked.members[1], on) == on
        assert joins(session, other, vision.members[0], DAY_ONE + PERIOD) == DAY_ONE + PERIOD


def test_a_pulse_of_people_whom_another_roster_holds_begins_when_it_is_over(acme: Organisation) -> None:
    vision = acme.team("Vision", 13)
    other = acme.pulse("Another pulse")
    acme.close(acme.open())
    atlas = acme.team("Atlas", vision.members[:7], pulse_id=other)
    days = [DAY_ONE + week * WEEK for week in range(1, 7)]
    with acme.database.reading() as session:
        counts = dict(outlook(session, session.get_one(Pulse, other), days))
        assert [day for day in days if counts[day]] == [day for day in days if day >= DAY_ONE + PERIOD]
        assert [list(r.members) for r in counts[DAY_ONE + PERIOD]] == [sorted(atlas.members)]
        # Those who stay are asked as before, and nobody is in both.
        before = dict(outlook(session, session.get_one(Pulse, acme.pulse_id), days))
        assert set(before[days[0]][0].members) == set(vision.members)
        assert set(before[DAY_ONE + PERIOD][0].members) == set(vision.members[7:])


def test_a_member_stands_where_their_roster_is_until_it_ends(acme: Organisation) -> None:
    vision = acme.team("Vision", 13)
    other = acme.pulse("Another pulse")
    acme.close(acme.open())
    acme.team("Atlas", vision.members[:7], pulse_id=other)
    with acme.database.reading() as session:
        stands = standing_of_member(session, vision.members[0], DAY_ONE + PERIOD - timedelta(days=1))
        assert stands is not None
        assert (stands.pulse_id, stands.unit.name, stands.until) == (acme.pulse_id, "Vision", DAY_ONE + PERIOD)
        assert standing_of_member(session, vision.members[0], DAY_ONE + PERIOD) is None
        assert standing_of_member(session, acme.people(1)[0], DAY_ONE) is None
