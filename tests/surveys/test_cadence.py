"""When rounds open, remind and close, and when results are read, on every clock there is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
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

ZONES = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Asia/Tehran",
    "Asia/Gaza",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kiritimati",  # fourteen hours ahead
    "Pacific/Honolulu",
    "Etc/GMT+12",  # twelve hours behind
    "UTC",
]

HOUR = timedelta(hours=1)
WEEKLY = Cadence(frequency=Frequency.WEEKLY, weekday=1, hour=9, timezone="Europe/Berlin", anchor=date(2026, 1, 5))

zones = st.sampled_from(ZONES)
days = st.dates(date(2005, 1, 1), date(2045, 12, 31))
instants = st.datetimes(datetime(2005, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def cadences(draw: st.DrawFn, days_off: st.SearchStrategy[frozenset[date]] = st.just(frozenset())) -> Cadence:  # noqa: B008
    frequency = draw(st.sampled_from(Frequency))
    return Cadence(
        frequency=frequency,
        weekday=draw(st.integers(0, 4)),
        hour=draw(st.integers(8, 16)),
        timezone=draw(zones),
        anchor=draw(days),
        working_days_open=draw(st.integers(3, 4 if frequency is Frequency.WEEKLY else 9)),
        close_hour=draw(st.integers(12, 20)),
        days_off=draw(days_off),
    )


@st.composite
def holidays_near_2026(draw: st.DrawFn) -> frozenset[date]:
    offsets = draw(st.lists(st.integers(0, 90), max_size=40))
    return frozenset(date(2026, 1, 1) + timedelta(days=offset) for offset in offsets)


members = st.lists(zones, min_size=1, max_size=4)


def rounds(cadence: Cadence, after: datetime, timezones: Sequence[str], number: int) -> list[RoundTimes]:
    found: list[RoundTimes] = []
    for _ in range(number):
        found.append(next_round(cadence, after, timezones))
        after = found[-1].opens_at
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(instant: datetime, name: str) -> datetime:
    return instant.astimezone(ZoneInfo(name))


def shown(instant: datetime, name: str) -> str:
    return f"{local(instant, name):%a %d %b %Y %H:%M}"


def exists(day: date, hour: int, name: str) -> bool:
    wall = datetime.combine(day, time(hour), tzinfo=ZoneInfo(name))
    return wall.astimezone(UTC).astimezone(ZoneInfo(name)).replace(tzinfo=None) == wall.replace(tzinfo=None)


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


class TestInvitations:
    @given(cadence=cadences(), after=instants, timezones=members)
    def test_everybody_is_invited_at_their_own_hour_and_the_first_when_the_round_opens(
        self, cadence: Cadence, after: datetime, timezones: list[str]
    ) -> None:
        times = next_round(cadence, after, timezones)
        assume(all(exists(times.opens_on, cadence.hour, name) for name in timezones))
        invited = [invitation_at(times, cadence, name) for name in timezones]
        for instant, name in zip(invited, timezones, strict=True):
            assert instant is not None
            assert (local(instant, name).date(), local(instant, name).hour) == (times.opens_on, cadence.hour)
        assert min(instant for instant in invited if instant) == times.opens_at

    @given(cadence=cadences(), now=instants, name=zones)
    def test_a_round_opened_by_hand_invites_in_working_hours_or_not_at_all(
        self, cadence: Cadence, now: datetime, name: str
    ) -> None:
        times = open_now(cadence, now)
        invited = invitation_at(times, cadence, name)
        assert times.opens_at == now < times.closes_at
        assert is_working_day(times.opens_on)
        if invited is None:
            assert working_hours_moment(now, name) >= times.closes_at
        else:
            assert now <= invited < times.closes_at
            assert is_working_day(local(invited, name).date())
            assert 8 <= local(invited, name).hour < 17

    @given(cadence=cadences(), after=instants, timezones=members, late=st.integers(0, 200), name=zones)
    def test_an_invitation_that_is_late_goes_out_in_the_next_working_hour_before_the_close(
        self, cadence: Cadence, after: datetime, timezones: list[str], late: int, name: str
    ) -> None:
        times = next_round(cadence, after, timezones)
        now = times.opens_at + late * HOUR
        on_time, invited = invitation_at(times, cadence, name), invitation_at(times, cadence, name, now)
        if on_time is not None and on_time >= now:
            assert invited == on_time
        elif (moment := working_hours_moment(now, name)) < times.closes_at:
            assert invited == moment
        else:
            assert invited is None

    def test_a_member_for_whom_the_morning_is_over_when_a_round_is_opened_hears_next_morning(self) -> None:
        times = open_now(WEEKLY, utc("2026-03-03T15:00"))
        invited = invitation_at(times, WEEKLY, "Asia/Tokyo")
        assert invited is not None
        assert shown(invited, "Asia/Tokyo") == "Wed 04 Mar 2026 09:00"
        assert invitation_at(times, WEEKLY, "America/New_York") == times.opens_at

    def test_a_round_opened_by_hand_closes_as_if_planned_for_that_day(self) -> None:
        planned = next_round(WEEKLY, utc("2026-03-01T00:00"), [])
        assert open_now(WEEKLY, utc("2026-03-03T15:00")).closes_at == planned.closes_at
        saturday = open_now(WEEKLY, utc("2026-02-28T10:00"))
        assert saturday.opens_on == date(2026, 3, 2)
        assert shown(saturday.closes_at, "Europe/Berlin") == "Thu 05 Mar 2026 17:00"

    def test_somebody_in_a_zone_nobody_was_in_before_is_not_invited_before_the_round_opens(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), ["America/New_York"])
        invited = invitation_at(times, WEEKLY, "Pacific/Auckland")
        assert invited is not None
        assert shown(invited, "Pacific/Auckland") == "Wed 04 Mar 2026 09:00"


class TestReminders:
    @given(
        cadence=cadences(holidays_near_2026()),
        now=instants,
        timezones=members,
        name=zones,
        late=st.integers(0, 99),
    )
    def test_a_reminder_comes_on_a_later_day_than_the_invitation_and_before_the_close(
        self, cadence: Cadence, now: datetime, timezones: list[str], name: str, late: int
    ) -> None:
        for times in (next_round(cadence, now, timezones), open_now(cadence, now)):
            after = times.opens_at + late * HOUR
            reminded, invited = (
                reminder_at(times, cadence, name, after),
                invitation_at(times, cadence, name, after),
            )
            if reminded is None:
                continue
            assert invited is not None
            assert invited < reminded < times.closes_at
            assert local(invited, name).date() < local(reminded, name).date()
            if exists(times.reminds_on, cadence.hour, name):
                assert local(reminded, name).date() == times.reminds_on
                assert local(reminded, name).hour == cadence.hour

    def test_everybody_on_time_is_reminded_on_thursday_morning(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), ["Europe/Berlin"])
        for name in ("Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles"):
            reminded = reminder_at(times, WEEKLY, name)
            assert reminded is not None
            assert shown(reminded, name) == "Thu 05 Mar 2026 09:00"

    def test_nobody_is_reminded_of_a_round_that_is_closed(self) -> None:
        # On the far side of the date line it is still Thursday afternoon.
        cadence = replace(WEEKLY, timezone="Pacific/Kiritimati", close_hour=12, hour=16)
        times = next_round(cadence, utc("2026-03-01T00:00"), ["Etc/GMT+12"])
        assert invitation_at(times, cadence, "Etc/GMT+12") == times.opens_at
        assert reminder_at(times, cadence, "Etc/GMT+12") is None

    def test_a_round_that_closes_on_monday_reminds_on_friday(self) -> None:
        wednesday = replace(WEEKLY, weekday=2)
        times = next_round(wednesday, utc("2026-03-01T00:00"), [])
        assert shown(times.closes_at, "Europe/Berlin") == "Mon 09 Mar 2026 17:00"
        assert times.reminds_on == date(2026, 3, 6)

    def test_nobody_is_reminded_on_the_day_they_were_invited_or_without_an_invitation(self) -> None:
        times = next_round(WEEKLY, utc("2026-03-01T00:00"), [])
        assert reminder_at(times, WEEKLY, "Europe/Berlin", utc("2026-03-04T15:59")) is not None
        assert reminder_at(times, WEEKLY, "Europe/Berlin", utc("2026-03-04T16:00")) is None
        assert reminder_at(times, WEEKLY, "Europe/Berlin", utc("2026-03-06T16:00")) is None


class TestReading:
    @given(closes_at=instants, name=zones)
    def test_a_digest_is_read_on_the_first_monday_morning_after_the_close(self, closes_at: datetime, name: str) -> None:
        digest = digest_at(closes_at, name)
        assert closes_at < digest <= closes_at + timedelta(days=7, hours=25)
        assert f"{local(digest, name):%a %H:%M}" == "Mon 09:00"
        assert closes_at >= digest_at(digest - timedelta(days=7, hours=2), name) - timedelta(days=7)

    def test_a_round_that_closes_on_monday_at_nine_is_read_a_week_later(self) -> None:
        assert digest_at(utc("2026-03-09T07:59:59"), "Europe/Berlin") == utc("2026-03-09T08:00")
        assert digest_at(utc("2026-03-09T08:00"), "Europe/Berlin") == utc("2026-03-16T08:00")

    def test_a_monday_off_is_followed_by_tuesday(self) -> None:
        easter = date(2026, 4, 6)
        digest = digest_at(utc("2026-04-03T15:00"), "Europe/Berlin", days_off={easter})
        assert shown(digest, "Europe/Berlin") == "Tue 07 Apr 2026 09:00"

    @given(closes_at=instants, manager=zones, member=zones)
    def test_the_team_sees_it_two_working_days_after_the_manager(
        self, closes_at: datetime, manager: str, member: str
    ) -> None:
        digest = digest_at(closes_at, manager)
        seen = team_sees_at(digest, member)
        assert seen - digest > timedelta(hours=24)
        assert (local(seen, member).hour, local(seen, member).minute) == (9, 0)
        assert local(seen, member).date() == add_working_days(local(digest, member).date(), 2)

    def test_a_team_sees_on_wednesday_what_its_manager_read_on_monday(self) -> None:
        digest = digest_at(utc("2026-03-06T16:00"), "Europe/Berlin")
        assert shown(team_sees_at(digest, "Europe/Berlin"), "Europe/Berlin") == "Wed 11 Mar 2026 09:00"
        # Monday nine o'clock in Auckland is Sunday in Honolulu, where Monday is the first working day.
        far = digest_at(utc("2026-03-06T16:00"), "Pacific/Auckland")
        assert shown(team_sees_at(far, "Pacific/Honolulu"), "Pacific/Honolulu") == "Wed 11 Mar 2026 09:00"


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
