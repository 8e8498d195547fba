"""When rounds open and close, and what working time is, on every clock there is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cadence import (
    Cadence,
    Frequency,
    RoundTimes,
    UnknownTimeZoneError,
    add_working_days,
    digest_at,
    invitation_at,
    is_working_day,
    next_round,
    open_now,
    reminder_at,
    team_sees_at,
    working_days_after,
    working_hours_moment,
)
from tests.support.clocks import (
    HOUR,
    WEEKLY,
    cadences,
    days,
    exists,
    holidays_near_2026,
    instants,
    local,
    members,
    shown,
    utc,
    zones,
)


def rounds(cadence: Cadence, after: datetime, timezones: Sequence[str], number: int) -> list[RoundTimes]:
    found: list[RoundTimes] = []
    for _ in range(number):
        found.append(next_round(cadence, after, timezones))
        after = found[-1].opens_at
    return found


class TestRounds:
    @given(cadence=cadences(), after=instants, timezones=members)
    def test_rounds_follow_one_another_and_never_overlap(
        self, cadence: Cadence, after: datetime, timezones: list[str]
    ) -> None:
        found = rounds(cadence, after, timezones, 8)
        assert found[0].opens_at > after
        for times in found:
            assert times.closes_at - times.opens_at >= timedelta(hours=22)
            assert times.opens_at.tzinfo is times.closes_at.tzinfo is UTC
        for one, following in pairwise(found):
            assert one.closes_at < following.opens_at

    @given(cadence=cadences(), after=instants, timezones=members)
    def test_rounds_open_on_their_weekday_from_the_anchor_on_and_at_even_steps(
        self, cadence: Cadence, after: datetime, timezones: list[str]
    ) -> None:
        dates = [times.opens_on for times in rounds(cadence, after, timezones, 8)]
        assert all(day.weekday() == cadence.weekday and day >= cadence.anchor for day in dates)
        steps = {(following - one).days for one, following in pairwise(dates)}
        assert steps <= {"weekly": {7}, "fortnightly": {14}, "monthly": {28, 35}}[cadence.frequency]

    @given(cadence=cadences(), after=instants, timezones=members)
    def test_a_monthly_pulse_opens_once_in_every_month_in_the_same_place(
        self, cadence: Cadence, after: datetime, timezones: list[str]
    ) -> None:
        monthly = replace(cadence, frequency=Frequency.MONTHLY)
        first = cadence.anchor
        while first.weekday() != cadence.weekday:
            first += timedelta(days=1)
        dates = [times.opens_on for times in rounds(monthly, after, timezones, 13)]
        months = [day.year * 12 + day.month for day in dates]
        assert months == list(range(months[0], months[0] + 13))
        if first.day <= 28:
            assert {(day.day - 1) // 7 for day in dates} == {(first.day - 1) // 7}
        else:
            assert all((day + timedelta(days=7)).month != day.month for day in dates)

    @given(cadence=cadences(), timezones=members, after=instants)
    def test_no_round_is_skipped_whenever_one_asks(
        self, cadence: Cadence, timezones: list[str], after: datetime
    ) -> None:
        found = rounds(cadence, after, timezones, 3)
        for one, following in pairwise(found):
            for moment in (one.opens_at, one.opens_at + HOUR, one.closes_at, following.opens_at - HOUR / 60):
                assert next_round(cadence, moment, timezones) == following

    @given(cadence=cadences(), after=instants, data=st.data())
    def test_a_team_that_moves_round_the_world_is_asked_once_a_round(
        self, cadence: Cadence, after: datetime, data: st.DataObject
    ) -> None:
        times = next_round(cadence, after, data.draw(members))
        dates = [times.opens_on]
        for _ in range(6):
            times = next_round(cadence, times.opens_at, data.draw(members), last=times.opens_on)
            dates.append(times.opens_on)
        steps = {(following - one).days for one, following in pairwise(dates)}
        assert steps <= {"weekly": {7}, "fortnightly": {14}, "monthly": {28, 35}}[cadence.frequency]

    @given(cadence=cadences(), after=instants, timezones=members)
    def test_a_round_opens_with_its_earliest_member_and_closes_by_the_clock_of_the_pulse(
        self, cadence: Cadence, after: datetime, timezones: list[str]
    ) -> None:
        times = next_round(cadence, after, timezones)
        assert times.opens_at == min(
            next_round(cadence, times.opens_at - timedelta(days=3), [name]).opens_at for name in timezones
        )
        last_day = add_working_days(times.opens_on, cadence.working_days_open - 1)
        if exists(last_day, cadence.close_hour, cadence.timezone):
            closing = local(times.closes_at, cadence.timezone)
            assert (closing.date(), closing.time()) == (last_day, time(cadence.close_hour))

    def test_by_default_a_tuesday_round_is_open_until_friday_at_five(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), ["Europe/Berlin", "America/New_York"])
        assert shown(times.opens_at, "Europe/Berlin") == "Tue 03 Mar 2026 09:00"
        assert shown(times.closes_at, "Europe/Berlin") == "Fri 06 Mar 2026 17:00"
        assert times.reminds_on == date(2026, 3, 5)

    def test_a_round_keeps_its_hour_when_the_clocks_change(self) -> None:
        friday = replace(WEEKLY, weekday=4)  # open from Friday to Wednesday, over the last Sunday of March
        times = next_round(friday, utc("2026-03-26T12:00"), ["Europe/Berlin"])
        assert times.opens_at == utc("2026-03-27T08:00")
        assert times.closes_at == utc("2026-04-01T15:00")

    def test_a_team_in_auckland_opens_a_berlin_round_the_evening_before(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), ["Europe/Berlin", "Pacific/Auckland"])
        assert shown(times.opens_at, "Europe/Berlin") == "Mon 02 Mar 2026 21:00"
        assert times.opens_on == date(2026, 3, 3)

    def test_a_pulse_without_members_opens_by_its_own_clock(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), [])
        assert times == next_round(WEEKLY, utc("2026-03-01T00:00"), ["Europe/Berlin"])

    def test_a_day_that_a_calendar_leaves_out_opens_the_round_when_the_clock_jumps(self) -> None:
        friday = replace(WEEKLY, weekday=4, timezone="Pacific/Apia", anchor=date(2011, 12, 30))
        times = next_round(friday, utc("2011-12-20T00:00"), ["Pacific/Apia"])
        assert times.opens_at == utc("2011-12-30T10:00")  # midnight, when Saturday began
        invited = invitation_at(times, friday, "Pacific/Apia")
        assert invited is not None
        assert shown(invited, "Pacific/Apia") == "Mon 02 Jan 2012 09:00"

    def test_the_last_weekday_of_a_month_stays_the_last(self) -> None:
        monthly = replace(WEEKLY, frequency=Frequency.MONTHLY, anchor=date(2026, 3, 31))
        found = rounds(monthly, utc("2026-03-01T00:00"), [], 3)
        assert [times.opens_on for times in found] == [date(2026, 3, 31), date(2026, 4, 28), date(2026, 5, 26)]


class TestDaysOff:
    def test_a_round_on_a_day_off_opens_on_the_next_and_closes_when_it_would_have(self) -> None:
        cadence = replace(WEEKLY, days_off=frozenset({date(2026, 3, 3)}))
        times = next_round(cadence, utc("2026-03-01T00:00"), [])
        assert times.opens_on == date(2026, 3, 4)
        assert shown(times.closes_at, "Europe/Berlin") == "Fri 06 Mar 2026 17:00"

    def test_a_round_that_days_off_leave_too_little_of_is_not_held(self) -> None:
        cadence = replace(WEEKLY, days_off=frozenset({date(2026, 3, 3), date(2026, 3, 4)}))
        assert next_round(cadence, utc("2026-03-01T00:00"), []).opens_on == date(2026, 3, 10)

    def test_nobody_is_reminded_on_a_day_off(self) -> None:
        cadence = replace(WEEKLY, days_off=frozenset({date(2026, 3, 5)}))
        assert next_round(cadence, utc("2026-03-01T00:00"), []).reminds_on == date(2026, 3, 4)

    def test_a_round_that_days_off_have_moved_is_found_on_the_eve_of_its_new_day(self) -> None:
        off = frozenset(date(2026, 3, day) for day in (3, 4, 5))
        cadence = replace(WEEKLY, frequency=Frequency.FORTNIGHTLY, working_days_open=9, days_off=off)
        assert next_round(cadence, utc("2026-03-05T20:00"), []).opens_on == date(2026, 3, 6)

    @given(cadence=cadences(holidays_near_2026()), timezones=members)
    def test_days_off_move_and_drop_rounds_but_never_double_or_overlap_them(
        self, cadence: Cadence, timezones: list[str]
    ) -> None:
        cadence = replace(cadence, anchor=date(2025, 12, 1))
        without = replace(cadence, days_off=frozenset())
        planned = {times.closes_at for times in rounds(without, utc("2025-12-01T00:00"), timezones, 20)}
        found = rounds(cadence, utc("2025-12-01T00:00"), timezones, 8)
        for times in found:
            assert is_working_day(times.opens_on, cadence.days_off)
            assert is_working_day(times.reminds_on, cadence.days_off)
            assert times.closes_at in planned
            assert times.closes_at > times.opens_at
        for one, following in pairwise(found):
            assert one.closes_at < following.opens_at


class TestWorkingTime:
    @given(instant=instants, name=zones, days_off=holidays_near_2026())
    def test_a_working_moment_is_the_first_that_is_not_too_early(
        self, instant: datetime, name: str, days_off: frozenset[date]
    ) -> None:
        moment = working_hours_moment(instant, name, days_off)
        assert moment >= instant
        assert at_work(moment, name, days_off)
        assert working_hours_moment(moment, name, days_off) == moment
        before = moment - HOUR / 4
        while before >= instant:
            assert not at_work(before, name, days_off)
            before -= HOUR / 4

    @pytest.mark.parametrize(
        ("instant", "moment"),
        [
            ("2026-03-03T07:59:59", "2026-03-03T08:00"),
            ("2026-03-03T08:00", "2026-03-03T08:00"),
            ("2026-03-03T15:59:59", "2026-03-03T15:59:59"),
            ("2026-03-03T16:00", "2026-03-04T08:00"),
            ("2026-03-06T16:00", "2026-03-09T08:00"),
            ("2026-03-28T12:00", "2026-03-30T07:00"),  # the clocks change on that Sunday
        ],
    )
    def test_working_hours_in_berlin_are_nine_to_five(self, instant: str, moment: str) -> None:
        assert working_hours_moment(utc(instant), "Europe/Berlin") == utc(moment)

    @given(day=days, number=st.integers(0, 30), days_off=holidays_near_2026())
    def test_working_days_are_counted_one_by_one(self, day: date, number: int, days_off: frozenset[date]) -> None:
        reached = add_working_days(day, number, days_off)
        between = [day + timedelta(days=ahead) for ahead in range((reached - day).days)]
        assert is_working_day(reached, days_off)
        assert sum(is_working_day(each, days_off) for each in between) == number

    def test_one_working_day_after_friday_afternoon_is_monday_afternoon(self) -> None:
        friday = utc("2026-03-27T14:00")
        assert working_days_after(friday, 1, "Europe/Berlin") == utc("2026-03-30T13:00")
        assert working_days_after(utc("2026-03-28T14:00"), 1, "Europe/Berlin") == utc("2026-03-31T13:00")

    def test_a_time_of_day_that_the_clock_jumps_over_becomes_the_end_of_the_jump(self) -> None:
        # In Cairo, Friday 28 April 2023 began at one o'clock.
        assert working_days_after(utc("2023-04-26T22:30"), 1, "Africa/Cairo") == utc("2023-04-27T22:00")

    def test_a_time_of_day_that_the_clock_shows_twice_is_the_first(self) -> None:
        # In Cairo, Thursday 26 October 2023 had two hours from eleven to midnight.
        assert working_days_after(utc("2023-10-25T20:30"), 1, "Africa/Cairo") == utc("2023-10-26T20:30")


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"weekday": 5}, "Monday"),
            ({"weekday": -1}, "Monday"),
            ({"hour": 7}, "from 8 to 16"),
            ({"hour": 17}, "from 8 to 16"),
            ({"close_hour": 21}, "from 12 to 20"),
            ({"close_hour": 11}, "from 12 to 20"),
            ({"working_days_open": 2}, "3 to 4 working days"),
            ({"working_days_open": 5}, "A weekly round stays open for 3 to 4 working days"),
            ({"timezone": "Europe/Berln"}, "did you mean Europe/Berlin?"),
        ],
    )
    def test_a_cadence_that_cannot_be_kept_says_what_can(self, change: dict[str, int], words: str) -> None:
        with pytest.raises(ValueError, match=words.replace("?", r"\?")):
            replace(WEEKLY, **change)  # type: ignore[arg-type]

    @pytest.mark.parametrize("name", ["Europe/Berln", "", "Mars/Olympus", "../etc/passwd", "Europe", "a\0b", "x" * 300])
    def test_an_unknown_time_zone_is_called_by_its_name(self, name: str) -> None:
        now = utc("2026-03-01T00:00")
        times = next_round(WEEKLY, now, [])
        for ask in (
            lambda: next_round(WEEKLY, now, [name]),
            lambda: invitation_at(times, WEEKLY, name),
            lambda: reminder_at(times, WEEKLY, name),
            lambda: digest_at(now, name),
            lambda: team_sees_at(now, name),
            lambda: working_hours_moment(now, name),
            lambda: working_days_after(now, 1, name),
        ):
            with pytest.raises(UnknownTimeZoneError) as caught:
                ask()
            assert str(caught.value).startswith(f'There is no time zone called "{name}": ')

    def test_an_instant_without_a_time_zone_is_refused(self) -> None:
        naive = datetime(2026, 3, 1)  # noqa: DTZ001
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), [])
        for ask in (
            lambda: next_round(WEEKLY, naive, []),
            lambda: open_now(WEEKLY, naive),
            lambda: invitation_at(times, WEEKLY, "UTC", naive),
            lambda: digest_at(naive, "UTC"),
            lambda: team_sees_at(naive, "UTC"),
            lambda: working_hours_moment(naive, "UTC"),
            lambda: working_days_after(naive, 1, "UTC"),
        ):
            with pytest.raises(ValueError, match="needs a time zone"):
                ask()

    def test_instants_may_come_in_any_zone_and_leave_in_utc(self) -> None:
        tokyo = utc("2026-03-03T15:00").astimezone(timezone(9 * HOUR))
        assert open_now(WEEKLY, tokyo).opens_at.tzinfo is UTC
        assert working_hours_moment(tokyo, "Europe/Berlin").tzinfo is UTC


def at_work(instant: datetime, name: str, days_off: frozenset[date]) -> bool:
    moment = local(instant, name)
    return moment.weekday() < 5 and moment.date() not in days_off and 9 <= moment.hour < 17
