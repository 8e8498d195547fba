"""From the ledger to what the detector reads."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.noise import SHIPPED, Noise
from surveys.release import EDGES, Code, Kind, PeopleClass, Published, level_band
from surveys.streams import means_behind, people_behind, read_streams, streams

START = date(2026, 3, 6)


def published(
    week: int,
    driver: str,
    band: int | None,
    *,
    item: str = "",
    replaced: int = 0,
    kind: Kind = Kind.LEVEL,
    limit: float | None = None,
) -> Published:
    people = None if band is None else PeopleClass.EIGHT
    code = Code(kind=kind, subject=item or f"{driver}.one", driver=driver, people=people, value=band)
    closed_on = START + timedelta(weeks=week)
    return Published(
        unit_id=1,
        round_id=week,
        closed_on=closed_on,
        roster=10,
        replaced=replaced,
        code=code,
        flag_limit=limit,
    )


def imported(week: int, driver: str, band: int) -> Published:
    """What another tool counted so many weeks before the first round, which is week 0."""
    return published(-week, driver, band, item=f"{driver}.history")


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


@given(
    bands=st.lists(st.integers(0, 5), min_size=1, max_size=20),
    limits=st.lists(st.none() | st.integers(2, 500), min_size=20, max_size=20),
    later=st.lists(st.none() | st.integers(2, 500), min_size=20, max_size=20),
    cut=st.integers(1, 20),
)
@settings(max_examples=60)
def test_whatever_the_limits_of_later_rounds_what_was_said_stays_said(
    bands: list[int], limits: list[int | None], later: list[int | None], cut: int
) -> None:
    def ledger(limits: list[int | None]) -> list[Published]:
        return [published(week, "burnout", band, limit=limits[week]) for week, band in enumerate(bands)]

    limits[0] = limits[0] or 130  # from here on, rounds have one
    readings = read_streams(ledger(limits), limit=50)["burnout"]
    others = read_streams(ledger([*limits[:cut], *later[cut:]]), limit=70)["burnout"]
    assert others[:cut] == readings[:cut]
    assert read_streams(ledger(limits)[:cut], limit=90)["burnout"] == readings[:cut]


def test_each_round_is_read_with_its_own_limit() -> None:
    def flags(limit: Callable[[int], float | None], otherwise: float) -> list[date]:
        bands = [3] * 8 + [1] * 12
        ledger = [published(week, "burnout", band, limit=limit(week)) for week, band in enumerate(bands)]
        readings = read_streams(ledger, limit=otherwise)["burnout"]
        return [r.on for r in readings if r.flag is not None and r.flag.raised_on == r.on]

    (raised,) = flags(lambda _: 104, 1e9)
    week = (raised - START).days // 7
    assert flags(lambda _: None, 104) == [raised]  # older versions kept none
    assert flags(lambda _: 1e9, 104) == []
    assert flags(lambda at: 104 if at <= week else 1e9, 104) == [raised]  # a flag that was told is not taken back
    assert flags(lambda at: 1e9 if at <= week else 104, 104) == [raised + timedelta(weeks=1)]
    assert flags(lambda at: None if at < 5 else 104, 1e9) == [raised]  # they take the first one that was kept


def test_noise_is_taken_as_it_was_known_on_each_day() -> None:
    ledger = [published(week, "burnout", 3 if week < 8 else 1) for week in range(16)]
    asked: list[date] = []

    def noise(on: date) -> Noise:
        asked.append(on)
        return replace(SHIPPED, week=1.0)

    loud = read_streams(ledger, 104, noise)["burnout"]
    assert asked == [one.closed_on for one in ledger]
    assert not any(reading.flag for reading in loud)
    assert any(reading.flag for reading in read_streams(ledger, 104)["burnout"])


def test_the_detector_starts_from_what_was_imported_and_says_nothing_of_it() -> None:
    before = [imported(week, "burnout", 3) for week in range(30, 0, -1)]
    ledger = [published(week, "burnout", 3 if week < 3 else 1) for week in range(9)]
    alone, readings = (read_streams(ledger, 130, imported=some)["burnout"] for some in ([], before))
    assert [reading.on for reading in readings] == [one.closed_on for one in ledger]
    assert [reading.flag is not None for reading in readings] == [False] * 4 + [True] * 5
    assert [reading.flag is not None for reading in alone] == [False] * 5 + [True] * 4
    levels = [[(one.level, one.lo90, one.hi90) for one in some] for some in (alone, readings)]
    assert levels[0] == levels[1]


def test_no_flag_of_imported_weeks_is_ever_told_nor_its_end() -> None:
    before = [imported(week, "burnout", 4 if week > 8 else 0) for week in range(30, 0, -1)]
    told_then = read_streams(before, 104)["burnout"]
    assert told_then[-1].flag is not None
    ledger = [published(week, "burnout", 0 if week < 2 else 4) for week in range(10)]
    readings = read_streams(ledger, 104, imported=before)["burnout"]
    assert len(readings) == 10
    assert not any(reading.flag or reading.recovered for reading in readings)


def test_what_was_imported_of_a_day_on_which_there_was_a_round_or_of_later_does_not_count() -> None:
    ledger = [published(week, "burnout", 2) for week in range(6)]
    same = [published(week, "burnout", 0, item="burnout.history") for week in range(3)]
    assert read_streams(ledger, 104, imported=same) == read_streams(ledger, 104)


def test_of_a_driver_that_only_another_tool_asked_nothing_is_said() -> None:
    before = [imported(week, "growth", 2) for week in (2, 1)]
    assert set(read_streams([published(0, "burnout", 2)], 104, imported=before)) == {"burnout"}
    assert read_streams([], 104, imported=before) == {}
