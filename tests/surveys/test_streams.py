"""From the ledger to what the detector reads."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.release import EDGES, Code, Kind, PeopleClass, Published, level_band
from surveys.streams import means_behind, people_behind, read_streams, streams

START = date(2026, 3, 6)


def published(
    week: int, driver: str, band: int | None, *, item: str = "", replaced: int = 0, kind: Kind = Kind.LEVEL
) -> Published:
    people = None if band is None else PeopleClass.EIGHT
    code = Code(kind=kind, subject=item or f"{driver}.one", driver=driver, people=people, value=band)
    closed_on = START + timedelta(weeks=week)
    return Published(unit_id=1, round_id=week, closed_on=closed_on, roster=10, replaced=replaced, code=code)


def test_each_driver_has_a_stream_of_its_own_in_order_of_time() -> None:
    ledger = [published(week, driver, 2) for week in range(3) for driver in ("burnout", "autonomy")]
    found = streams(ledger)
    assert set(found) == {"burnout", "autonomy"}
    assert [observation.on for observation in found["burnout"]] == [START + timedelta(weeks=w) for w in range(3)]


def test_a_band_becomes_the_interval_it_stands_for() -> None:
    [observation] = streams([published(0, "burnout", 2)])["burnout"]
    assert (observation.lo, observation.hi) == (2.75, 3.25)


@pytest.mark.parametrize(
    ("n", "people"), [(5, PeopleClass.FIVE), (6, PeopleClass.SIX_SEVEN), (7, PeopleClass.SIX_SEVEN)]
)
def test_every_mean_that_few_answers_can_have_lies_well_inside_the_interval_of_its_band(
    n: int, people: PeopleClass
) -> None:
    for total in range(n, 5 * n + 1):
        answers = [total // n + (i < total % n) for i in range(n)]
        low, high = means_behind(level_band(answers, people), people)
        off = 0.3 / n  # the next mean is 1/n away; a class of two counts has edges that suit neither quite
        assert low + off < total / n or low == 1
        assert total / n < high - off or high == 5


@pytest.mark.parametrize("people", PeopleClass)
def test_the_intervals_of_bands_leave_no_gap_and_reach_from_end_to_end(people: PeopleClass) -> None:
    intervals = [means_behind(band, people) for band in range(len(EDGES[people]) + 1)]
    assert intervals[0][0] == 1
    assert intervals[-1][1] == 5
    assert all(before[1] == after[0] for before, after in pairwise(intervals))


def test_withheld_codes_choices_tone_and_participation_are_not_observed() -> None:
    assert streams([published(0, "burnout", None)]) == {}
    assert streams([published(0, "intent-to-stay", 1, kind=Kind.CHOICE)]) == {}
    assert streams([published(0, "", 1, kind=Kind.TONE), published(0, "", 1, kind=Kind.PARTICIPATION)]) == {}


def test_two_items_of_a_driver_in_one_round_are_one_observation_halfway() -> None:
    ledger = [published(0, "burnout", 1, item="burnout.a"), published(0, "burnout", 3, item="burnout.b")]
    [observation] = streams(ledger)["burnout"]
    assert (observation.lo, observation.hi) == (2.75, 3.25)
    assert observation.item == "burnout.a+burnout.b"


def test_two_rounds_that_close_on_one_day_are_one_observation() -> None:
    first, second = published(0, "burnout", 1), published(0, "burnout", 3)
    later = Published(unit_id=1, round_id=9, closed_on=first.closed_on, roster=10, replaced=0, code=second.code)
    [observation] = streams([first, later])["burnout"]
    assert observation.lo == 3.25


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
def test_every_member_replaced_counts_once_however_often_a_driver_is_asked(weeks: list[tuple[int, bool]]) -> None:
    ledger = []
    for week, (replaced, asked) in enumerate(weeks):
        ledger.append(published(week, "autonomy", 2, replaced=replaced))
        if asked:
            ledger.append(published(week, "burnout", 2, replaced=replaced))
    found = streams(ledger)
    assert sum(observation.replaced for observation in found["autonomy"]) == sum(replaced for replaced, _ in weeks)
    last_asked = max((week for week, (_, asked) in enumerate(weeks) if asked), default=-1)
    until_then = sum(replaced for replaced, _ in weeks[: last_asked + 1])
    assert sum(observation.replaced for observation in found.get("burnout", ())) == until_then


def test_how_many_stand_behind_a_class_is_typical_of_it() -> None:
    assert people_behind(PeopleClass.FIVE, 8) == 5
    assert people_behind(PeopleClass.SIX_SEVEN, 8) == 6.5
    assert people_behind(PeopleClass.EIGHT, 9) == 8
    assert people_behind(PeopleClass.EIGHT, 40) == 30


def test_there_is_one_reading_for_each_observation() -> None:
    ledger = [published(week, "burnout", 3 if week < 8 else 0) for week in range(16)]
    readings = read_streams(ledger, limit=104)["burnout"]
    assert len(readings) == 16
    assert readings[7].flag is None
    assert readings[-1].flag is not None
