"""When a pulse asks: the fields for it, in words, a small window to change it, and what is said after that."""

from datetime import date, datetime, timedelta

from bot.views.commands import typed
from bot.views.inputs import Choice, field, menu, radio, text_input
from bot.views.vocabulary import Block, Post, View, context, modal, post, section
from bot.views.wording import Wording, joined
from surveys.cadence import Cadence, Frequency

SCHEDULE_FORM = "schedule.form"
"""callback_id of the window."""

# Block_id and action_id of its fields; the first three stand in the set-up as well.
FREQUENCY = "frequency"
WEEKDAY = "weekday"
HOUR = "hour"
TIMEZONE = "timezone"

_HOURS = range(8, 17)
_A_MONDAY = date(2024, 1, 1)
_LONGEST_ZONE = 64


def schedule_form(w: Wording, *, pulse: str, cadence: Cadence, private_metadata: str = "") -> View:
    """The window, filled with the schedule as it is."""
    return modal(
        w.plain("When people are asked"),
        [
            section(
                w.say(
                    "*{pulse}* asks {schedule}. A change counts from the next round on; one that is open runs on as"
                    " it began.",
                    pulse=pulse,
                    schedule=schedule_words(w, cadence.frequency, cadence.weekday, cadence.hour),
                )
            ),
            *when_fields(w, cadence.frequency, cadence.weekday, cadence.hour),
            field(
                w.plain("Time zone"),
                text_input(TIMEZONE, max_length=_LONGEST_ZONE, initial=cadence.timezone, placeholder="Europe/Berlin"),
                block_id=TIMEZONE,
                hint=w.plain(
                    "Rounds close by this clock, at {hour}:00. People are asked by their own.", hour=cadence.close_hour
                ),
            ),
            context(
                w.say("A round is open for {days} working days.", days=cadence.working_days_open),
                w.say(
                    "Whatever you choose, no question comes twice within four weeks, and who is counted in a team"
                    " changes every four weeks at most."
                ),
            ),
        ],
        callback_id=SCHEDULE_FORM,
        submit=w.plain("Save"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def schedule_set(
    w: Wording,
    *,
    pulse: str,
    before: Cadence,
    after: Cadence,
    next_at: datetime,
    open_until: datetime | None,
    paused: bool,
    called: str = "",
) -> Post:
    """After a schedule was saved. `next_at` is when the next round opens, unless the pulse is paused; `open_until`
    when a round is open that runs on as it began.
    """
    was = schedule_words(w, before.frequency, before.weekday, before.hour)
    now = schedule_words(w, after.frequency, after.weekday, after.hour)
    if now == was and before.timezone == after.timezone:
        text = w.say("{pulse} asks {schedule} already. Nothing was changed.", pulse=pulse, schedule=now)
        return post(text, [section(text)])
    lines = [w.say("*{pulse} asks {schedule}* from the next round on.", pulse=pulse, schedule=now)]
    if before.timezone != after.timezone:
        lines.append(w.say("Rounds close by the clock of {zone}.", zone=after.timezone))
    if open_until is not None:
        lines.append(w.say("The round that is open runs on until {closes}.", closes=w.long_moment(open_until)))
    if paused:
        lines.append(
            w.say("It is paused: nobody is asked until you type {command}.", command=typed(w, "resume", called))
        )
    else:
        lines.append(w.say("The next round opens on {opens}.", opens=w.long_moment(next_at)))
    undo = w.say(
        "It was: {schedule}, by the clock of {zone}. To undo it: {command}, and choose that again.",
        schedule=was,
        zone=before.timezone,
        command=typed(w, "schedule", called),
    )
    return post(lines[0], [section(joined(lines, " ")), context(undo)])


def when_fields(w: Wording, frequency: Frequency, weekday: int, hour: int) -> list[Block]:
    """The fields of a schedule, filled in: how often, the day (Monday is 0) and the hour."""
    frequencies = [
        Choice(text=w.plain("Every week"), value=Frequency.WEEKLY, description=w.plain("Earliest flags")),
        Choice(text=w.plain("Every two weeks"), value=Frequency.FORTNIGHTLY),
        Choice(text=w.plain("Every month"), value=Frequency.MONTHLY, description=w.plain("Late flags")),
    ]
    weekdays = [Choice(text=_day(w, number), value=str(number)) for number in range(5)]
    hours = [Choice(text=f"{hour:02}:00", value=str(hour)) for hour in _HOURS]
    return [
        field(
            w.plain("How often"),
            radio(FREQUENCY, frequencies, initial=frequency),
            block_id=FREQUENCY,
        ),
        field(w.plain("Day"), menu(WEEKDAY, weekdays, initial=str(weekday)), block_id=WEEKDAY),
        field(
            w.plain("Time"),
            menu(HOUR, hours, initial=str(hour)),
            block_id=HOUR,
            hint=w.plain("On everybody's own clock."),
        ),
    ]


def frequency_words(w: Wording, frequency: Frequency) -> str:
    """How often, in a sentence: "every week"."""
    match frequency:
        case Frequency.WEEKLY:
            return w.plain("every week")
        case Frequency.FORTNIGHTLY:
            return w.plain("every two weeks")
        case Frequency.MONTHLY:
            return w.plain("every month")


def schedule_words(w: Wording, frequency: Frequency, weekday: int, hour: int) -> str:
    """A schedule in a sentence: "every week on Tuesday at 10:00"."""
    day, time = _day(w, weekday), f"{hour:02}:00"
    match frequency:
        case Frequency.WEEKLY:
            return w.plain("every week on {day} at {time}", day=day, time=time)
        case Frequency.FORTNIGHTLY:
            return w.plain("every two weeks on {day} at {time}", day=day, time=time)
        case Frequency.MONTHLY:
            return w.plain("every month on a {day} at {time}", day=day, time=time)


def _day(w: Wording, weekday: int) -> str:
    return w.day(_A_MONDAY + timedelta(days=weekday))
