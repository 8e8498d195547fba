"""When rounds open, remind and close, and when what came of them is read: time zones, weekends, days off.

Every instant that goes in or comes out is an aware datetime, in UTC when it comes out. A date is a day on the
calendar of whoever is concerned. Working days are Monday to Friday without the days off.
"""

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo, available_timezones

FROM_HOUR, TO_HOUR = 9, 17
"""Working hours, on everybody's own clock: messages are sent from nine until before five."""

_DAY = timedelta(days=1)
_LONGEST_OPEN = {"weekly": 4, "fortnightly": 9, "monthly": 9}  # a round is closed everywhere before the next
_SHORTEST_OPEN = 3  # two days in Auckland are over when Honolulu has only had one morning
_LEAST = timedelta(days=2)  # what days off must leave between the opening day and the closing day


class UnknownTimeZoneError(ValueError):
    """There is no time zone of this name. The message names the nearest one."""


class Frequency(StrEnum):
    """How often a pulse asks."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"  # on the weekday's place in the month: every second Tuesday, say, or every last


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The rhythm of a pulse. Raises ValueError if it cannot be kept."""

    frequency: Frequency
    weekday: int  # on which rounds open: Monday 0 to Friday 4
    hour: int  # of invitations and reminders, on each member's own clock: 8 to 16
    timezone: str  # of the pulse; rounds close by its clock
    anchor: date  # rounds open on the first `weekday` from this day on, and are counted from there
    working_days_open: int = 4  # both ends counted: from Tuesday to Friday
    close_hour: int = 17  # on the closing day, by the clock of the pulse: 12 to 20
    days_off: frozenset[date] = frozenset()  # public holidays and company days off, the same for all

    def __post_init__(self) -> None:
        zone(self.timezone)
        longest = _LONGEST_OPEN[self.frequency]
        if not 0 <= self.weekday <= 4:
            raise ValueError("Rounds open on a working day: choose Monday (0) to Friday (4).")
        if not 8 <= self.hour <= 16:
            raise ValueError("Invitations go out in working hours: choose an hour from 8 to 16.")
        if not 12 <= self.close_hour <= 20:
            raise ValueError("Rounds close in the afternoon: choose an hour from 12 to 20.")
        if not _SHORTEST_OPEN <= self.working_days_open <= longest:
            allowed = f"{_SHORTEST_OPEN} to {longest}"
            raise ValueError(f"A {self.frequency} round stays open for {allowed} working days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTimes:
    """When one round happens."""

    opens_on: date  # the day of the invitation on everybody's own calendar
    opens_at: datetime  # the earliest instant at which any member is invited
    closes_at: datetime  # one instant for everybody
    reminds_on: date  # the day of the reminder on everybody's own calendar: the last working day before closing


def next_round(
    cadence: Cadence, after: datetime, timezones: Collection[str], *, last: date | None = None
) -> RoundTimes:
    """The first round of a cadence that opens later than `after`.

    `timezones` are those of the members; the earliest of them opens the round, and without any it is the
    pulse's own. Pass the `opens_on` of the round before as `last`: when members leave or move, the instant at
    which a day's round opens moves too, and the day alone tells that this round has already been.
    A round that opens on a day off opens on the next working day instead and closes when it would have; one
    that is left with less than two days is not held.
    Raises UnknownTimeZoneError, and ValueError if `after` has no time zone.
    """
    _aware(after)
    # Calendars differ from UTC's by a day, and days off move a round by less than a fortnight.
    for planned in _planned(cadence, after.astimezone(UTC).date() - timedelta(days=15)):
        opens_on = _on_or_after(planned, cadence.days_off)
        closes_on = _closing_day(planned, cadence)
        if closes_on - opens_on < _LEAST or (last is not None and opens_on <= last):
            continue
        opens_at = min(_instant(opens_on, cadence.hour, name) for name in timezones or [cadence.timezone])
        if opens_at > after:
            return _times(cadence, opens_on, opens_at, closes_on)
    raise AssertionError("a cadence has no end")  # pragma: no cover


def open_now(cadence: Cadence, now: datetime) -> RoundTimes:
    """The round that somebody opens by hand at `now`; it closes as if it had been planned for that day.

    At a weekend, or on a day off, the round counts from the next working day, when its invitations go out.
    It may overlap the next planned one: ask for `next_round(after=times.closes_at, ...)`.
    """
    _aware(now)
    opens_on = _on_or_after(now.astimezone(zone(cadence.timezone)).date(), cadence.days_off)
    return _times(cadence, opens_on, now.astimezone(UTC), _closing_day(opens_on, cadence))


def invitation_at(times: RoundTimes, cadence: Cadence, timezone: str, after: datetime | None = None) -> datetime | None:
    """When a member is invited: their own hour on the opening day, but not before the round is open.

    `after` is the present instant where that hour may be gone: a round opened by hand or late, a member in a
    time zone nobody was in before. Then it is the next moment of their working hours, or None if the round
    closes first.
    """
    from_instant = max(times.opens_at, _aware(after)) if after else times.opens_at
    moment = _instant(times.opens_on, cadence.hour, timezone)
    if moment < from_instant or _local(moment, timezone).date() != times.opens_on:
        moment = working_hours_moment(max(moment, from_instant), timezone, cadence.days_off)
    return moment if moment < times.closes_at else None


def reminder_at(times: RoundTimes, cadence: Cadence, timezone: str, after: datetime | None = None) -> datetime | None:
    """When a member is reminded: their own hour on the reminder day, whoever has answered.

    None if the member is invited on that day or later (`after` as for `invitation_at`) or the round is closed
    by then.
    """
    invited = invitation_at(times, cadence, timezone, after)
    if invited is None or _local(invited, timezone).date() >= times.reminds_on:
        return None
    moment = _instant(times.reminds_on, cadence.hour, timezone)
    return moment if invited < moment < times.closes_at else None


def digest_at(closes_at: datetime, timezone: str, hour: int = FROM_HOUR, days_off: Collection[date] = ()) -> datetime:
    """When a manager reads what came of a round: the first Monday at `hour` on their own clock after it closed.

    The next working day, if that Monday is a day off.
    """
    day = _local(_aware(closes_at), timezone).date()
    monday = day + timedelta(days=-day.weekday() % 7)
    while (moment := _instant(_on_or_after(monday, days_off), hour, timezone)) <= closes_at:
        monday += timedelta(days=7)
    return moment


def team_sees_at(digest: datetime, timezone: str, days_off: Collection[date] = ()) -> datetime:
    """When a member sees what the manager saw at `digest`: two working days later at nine on their own clock."""
    day = add_working_days(_local(_aware(digest), timezone).date(), 2, days_off)
    return _instant(day, FROM_HOUR, timezone)


def working_hours_moment(instant: datetime, timezone: str, days_off: Collection[date] = ()) -> datetime:
    """The same instant if it falls into working hours in that time zone, else the next one that does."""
    local = _local(_aware(instant), timezone)
    if _in_working_hours(local, days_off):
        return instant.astimezone(UTC)
    for ahead in count():
        moment = _instant(_on_or_after(local.date() + ahead * _DAY, days_off), FROM_HOUR, timezone)
        # A day can be missing from a calendar altogether: 30 December 2011 in Samoa.
        if moment > instant and _in_working_hours(_local(moment, timezone), days_off):
            return moment
    raise AssertionError("there is always another working day")  # pragma: no cover


def working_days_after(instant: datetime, days: int, timezone: str, days_off: Collection[date] = ()) -> datetime:
    """The instant so many working days later at the same time of day.

    At a weekend or on a day off, counting begins on the next working day.
    """
    local = _local(_aware(instant), timezone)
    return _at(add_working_days(local.date(), days, days_off), local.time(), timezone)


def add_working_days(day: date, days: int, days_off: Collection[date] = ()) -> date:
    """The working day so many working days after `day`, or after the next working day if `day` is none."""
    day = _on_or_after(day, days_off)
    for _ in range(days):
        day = _on_or_after(day + _DAY, days_off)
    return day


def is_working_day(day: date, days_off: Collection[date] = ()) -> bool:
    """Whether people work on that day."""
    return day.weekday() < 5 and day not in days_off


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as "Europe/Berlin". Raises UnknownTimeZoneError."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # not found; not a name; the name of a directory
        near = difflib.get_close_matches(name, _zone_names(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "names look like Europe/Berlin."
        raise UnknownTimeZoneError(f'There is no time zone called "{name}": {hint}') from error


@cache
def _zone_names() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _planned(cadence: Cadence, start: date) -> Iterator[date]:
    """The days from `start` on, on which rounds open if no day off is in the way."""
    first = cadence.anchor + timedelta(days=(cadence.weekday - cadence.anchor.weekday()) % 7)
    if cadence.frequency is Frequency.MONTHLY:
        place = (first.day - 1) // 7  # 0 to 4; the fifth means the last
        from_month = max((first.year, first.month), (start.year, start.month))
        months = count(from_month[0] * 12 + from_month[1] - 1)
        days = (_nth_weekday(month // 12, month % 12 + 1, cadence.weekday, place) for month in months)
    else:
        step = 7 if cadence.frequency is Frequency.WEEKLY else 14
        gone = max(0, (start - first).days // step)
        days = (first + timedelta(days=step * number) for number in count(gone))
    return (day for day in days if day >= max(first, start))


def _nth_weekday(year: int, month: int, weekday: int, place: int) -> date:
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * place)
    return day if day.month == month else day - timedelta(days=7)


def _closing_day(opens_on: date, cadence: Cadence) -> date:
    return add_working_days(opens_on, cadence.working_days_open - 1)


def _times(cadence: Cadence, opens_on: date, opens_at: datetime, closes_on: date) -> RoundTimes:
    reminds_on = closes_on - _DAY
    while not is_working_day(reminds_on, cadence.days_off):
        reminds_on -= _DAY
    return RoundTimes(
        opens_on=opens_on,
        opens_at=opens_at,
        closes_at=_instant(closes_on, cadence.close_hour, cadence.timezone),
        reminds_on=reminds_on,
    )


def _on_or_after(day: date, days_off: Collection[date]) -> date:
    while not is_working_day(day, days_off):
        day += _DAY
    return day


def _in_working_hours(local: datetime, days_off: Collection[date]) -> bool:
    return is_working_day(local.date(), days_off) and FROM_HOUR <= local.hour < TO_HOUR


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("An instant needs a time zone; pass UTC.")
    return instant


def _local(instant: datetime, timezone: str) -> datetime:
    return instant.astimezone(zone(timezone))


def _instant(day: date, hour: int, timezone: str) -> datetime:
    return _at(day, time(hour), timezone)


def _at(day: date, clock: time, timezone: str) -> datetime:
    """The instant at which a clock shows this; the first of two; if it never does, when it jumps past it."""
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=zone(timezone))
    before = wall.replace(fold=1).astimezone(UTC)
    instant = wall.astimezone(UTC)
    if before >= instant:  # the clock shows it once, or twice and `instant` is the first time
        return instant
    # The clock jumps between the two. Halve the gap until the jump is found.
    after_jump = instant.astimezone(wall.tzinfo).utcoffset()
    while instant - before > timedelta(seconds=1):
        middle = before + (instant - before) // 2
        if middle.astimezone(wall.tzinfo).utcoffset() == after_jump:
            instant = middle
        else:
            before = middle
    return instant.replace(microsecond=0)
