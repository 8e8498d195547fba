"""Where the clock can be taken, and how its days are told: pure functions of the time and of where people live."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from surveys.cadence import is_working_day

_MORNING: Final = time(10, 5)  # invitations and reminders of most pulses have just arrived
_MONDAY: Final = time(9, 5)  # digests have just arrived
_TWO_MONTHS: Final = timedelta(days=60)
_DAY: Final = timedelta(days=1)


def next_working_day(now: datetime, timezone: str) -> datetime:
    """The morning of the next working day in a time zone."""
    days = _days_from(now.astimezone(ZoneInfo(timezone)).date() + _DAY)
    return next(_at(day, _MORNING, timezone) for day in days if is_working_day(day))


def next_monday(now: datetime, timezones: Collection[str]) -> datetime:
    """When it has become morning in all of these time zones on the next Monday."""
    mondays = (day for day in _days_from(now.astimezone(UTC).date() - 2 * _DAY) if day.weekday() == 0)
    mornings = (max(_at(day, _MONDAY, timezone) for timezone in timezones) for day in mondays)
    return next(morning for morning in mornings if morning > now)


def two_months_on(now: datetime, timezones: Collection[str]) -> datetime:
    """The same on the first Monday that is two months away or more."""
    return next_monday(now + _TWO_MONTHS, timezones)


def day_words(moment: datetime, timezone: str) -> str:
    """A day as people say it: "Tuesday 23 June"."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{local:%A} {local.day} {local:%B}"


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


def _at(day: date, clock: time, timezone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC)
