"""When people are invited and reminded, and when results are read, on every clock there is."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.cadence import (
    Cadence,
    add_working_days,
    digest_at,
    invitation_at,
    is_working_day,
    next_round,
    open_now,
    reminder_at,
    team_sees_at,
    working_hours_moment,
)
from tests.support.clocks import (
    HOUR,
    WEEKLY,
    cadences,
    exists,
    holidays_near_2026,
    instants,
    local,
    members,
    shown,
    utc,
    zones,
)


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
