"""Cadences, time zones and days for tests, and what a clock on a wall shows."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from surveys.cadence import (
    Cadence,
    Frequency,
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


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(instant: datetime, name: str) -> datetime:
    return instant.astimezone(ZoneInfo(name))


def shown(instant: datetime, name: str) -> str:
    return f"{local(instant, name):%a %d %b %Y %H:%M}"


def exists(day: date, hour: int, name: str) -> bool:
    wall = datetime.combine(day, time(hour), tzinfo=ZoneInfo(name))
    return wall.astimezone(UTC).astimezone(ZoneInfo(name)).replace(tzinfo=None) == wall.replace(tzinfo=None)
