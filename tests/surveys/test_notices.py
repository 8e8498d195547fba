"""What is told of flags: what holds now, beside what held when they were raised; and why they ended."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest

from surveys.notices import STORY, Ending, Notice, endings, standing
from surveys.questions import drivers
from surveys.release import Code, Kind, PeopleClass, Published
from surveys.trends import STANDING, Flag, Reading

FIRST = date(2026, 1, 2)
WEEKS = STANDING // timedelta(weeks=1)


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def flag(raised: int, since: int = 0) -> Flag:
    return Flag(raised_on=week(raised), since=week(since), evidence=1.0)


def reading(number: int, level: float, raised: Flag | None = None, *, recovered: bool = False) -> Reading:
    return Reading(on=week(number), level=level, lo90=1.0, hi90=5.0, flag=raised, recovered=recovered)


def history(*bands: int | None) -> list[Published]:
    """Burnout in these bands, None where it was withheld, one a week."""
    return [
        Published(
            unit_id=1,
            round_id=number,
            closed_on=week(number),
            roster=9,
            replaced=0,
            code=Code(
                kind=Kind.LEVEL,
                subject="burnout.one",
                driver="burnout",
                people=None if band is None else PeopleClass.EIGHT,
                value=band,
            ),
        )
        for number, band in enumerate(bands)
    ]


def told(*levels: float, raised: int = 3, since: int = 2) -> Notice:
    """The notice after these levels over the last rounds, of which the one at `raised` brought the flag."""
    one = flag(raised, since)
    readings = [reading(n, level, one if n >= raised else None) for n, level in enumerate(levels)]
    last = len(levels) - 1
    (notice,) = standing(history(*[2] * len(levels)), {"burnout": readings}, drivers(), week(last))
    return notice


def test_a_notice_knows_the_level_before_at_the_flag_and_now() -> None:
    notice = told(3.5, 3.5, 3.0, 2.5, 2.0, 2.8)
    assert (notice.before, notice.then, notice.now) == ("low", "high", "some")
    assert notice.band == 2


@pytest.mark.parametrize(
    ("now", "worse"),
    [(2.0, True), (2.5, True), (2.6, False), (3.5, False), (4.0, False)],
)
def test_only_a_level_that_is_no_better_than_at_the_flag_is_worse_than_before(now: float, worse: bool) -> None:
    assert told(3.5, 3.5, 3.0, 2.5, now).worse is worse


def test_a_flag_with_nothing_before_it_is_worse_until_the_level_rises() -> None:
    assert told(2.5, raised=0, since=0).worse
    assert not told(2.5, 2.6, raised=0, since=0).worse


def test_the_picture_leaves_out_rounds_that_were_withheld() -> None:
    shown = history(*[2] * 5, None, *[1] * 5)
    readings = {"burnout": [reading(10, 2.0, flag(10, 6))]}
    (notice,) = standing(shown, readings, drivers(), week(10))
    assert len(notice.story) == STORY
    assert all(level.band is not None for level in notice.story)
    assert [level.on for level in notice.story] == [week(n) for n in (2, 3, 4, 6, 7, 8, 9, 10)]


def ends(readings: Sequence[Reading], *, after: int, on: int) -> tuple[Ending, ...]:
    by_driver: Mapping[str, Sequence[Reading]] = {"burnout": readings}
    return endings(history(*[2] * (on + 1)), by_driver, drivers(), after=week(after), on=week(on))


def test_a_recovery_and_a_flag_put_down_are_told_apart() -> None:
    one = flag(1)
    (recovery,) = ends([reading(1, 2.0, one), reading(2, 3.5, recovered=True)], after=1, on=2)
    assert (recovery.recovered, recovery.now, recovery.still) == (True, "low", False)
    stood = [*(reading(n, 2.4, one) for n in range(1, WEEKS + 1)), reading(WEEKS + 1, 2.4)]
    (put_down,) = ends(stood, after=WEEKS, on=WEEKS + 1)
    assert (put_down.recovered, put_down.now, put_down.still) == (False, "high", True)
    assert put_down.raised_on == week(1)
    assert put_down.rounds == 5


def test_an_end_is_told_between_the_two_days_only() -> None:
    readings = [reading(1, 2.0, flag(1)), reading(2, 3.5, recovered=True), reading(3, 3.5)]
    assert [len(ends(readings, after=on - 1, on=on)) for on in (1, 2, 3)] == [0, 1, 0]
    assert len(ends(readings, after=1, on=3)) == 1


def test_a_flag_that_is_raised_again_has_not_ended() -> None:
    again = [reading(1, 2.4, flag(1)), reading(2, 2.0, flag(2)), reading(3, 2.0, flag(2))]
    assert ends(again, after=0, on=3) == ()
    later = [reading(1, 2.4, flag(1)), reading(WEEKS + 1, 2.0, flag(WEEKS + 1))]
    assert ends(later, after=WEEKS, on=WEEKS + 1) == ()  # the new flag is told instead


def test_a_flag_whose_driver_was_not_asked_since_is_put_down_in_its_time() -> None:
    readings = [reading(1, 2.0, flag(1))]
    assert [len(ends(readings, after=on - 1, on=on)) for on in (WEEKS, WEEKS + 1, WEEKS + 2)] == [0, 1, 0]
