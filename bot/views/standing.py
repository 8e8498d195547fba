"""Where pulses stand: what `/pulse` and Home tell an admin, and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.views.commands import typed
from bot.views.digest import key_warning
from bot.views.flag_settings import standing_line
from bot.views.schedule import frequency_words
from bot.views.setup import SET_UP, odds_sentence
from bot.views.vocabulary import (
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    Block,
    Post,
    actions,
    button,
    context,
    divider,
    fitting,
    listed,
    paragraphs,
    post,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.flagging import FlagSettings

_MOST_PULSES = 12  # told in full, as far as a message holds them
_SMALL_PRINT = 1500  # characters of a message that are kept for its end
_MOST_UNITS = 6  # of each pulse
_MOST_READERS = 3  # named with each unit


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStanding:
    """One unit of a pulse as its admins see it."""

    name: str
    people: int  # on its roster
    odds: float  # chance that a round has results, 0 to 1
    scored: bool  # False when it is too small to have any
    readers: tuple[str, ...] = ()  # names of the managers who read it


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseStanding:
    """Where one pulse stands."""

    name: str
    paused: bool
    frequency: Frequency
    question_set: str  # its name
    threshold: int  # answers a result needs
    units: tuple[UnitStanding, ...]  # by name
    readers: tuple[str, ...]  # names of the managers
    open_until: datetime | None  # when a round is open
    next_at: datetime | None  # when the next round opens, if one is planned
    troubles: tuple[str, ...] = ()  # what is wrong and what to do, in words: a deleted channel, a lost key
    called: str = ""  # what to type after a command that means this pulse; "" where there is only one
    first_team: str = ""  # the team to begin with where something is missing; "" for one named like the pulse


def standing_post(
    w: Wording, pulses: Sequence[PulseStanding], *, keys_apart: bool, flags: FlagSettings | None = None
) -> Post:
    """`/pulse` and `/pulse status`; `flags` is what holds for all pulses, None to leave it out."""
    if not pulses:
        return post(w.say("Murmur: no pulse yet"), nothing_yet(w))
    blocks: list[Block] = []
    told = 0
    for pulse in pulses[:_MOST_PULSES]:
        with_it = [*blocks, *paragraphs(standing_lines(w, pulse)), divider()]
        if blocks and len(fitting(with_it, MESSAGE_BLOCKS, MESSAGE_TEXT - _SMALL_PRINT)) < len(with_it):
            break
        blocks, told = with_it, told + 1
    blocks.pop()
    left_out = len(pulses) - told
    if left_out > 0:
        blocks.append(section(w.say_many("And {n} more pulse.", "And {n} more pulses.", left_out)))
    small = [] if keys_apart else [key_warning(w)]
    small += [standing_line(w, flags)] if flags is not None else []
    blocks.append(context(*small, w.say("Everything else: `/pulse help`")))
    return post(w.say("Murmur: where things stand"), blocks)


def nothing_yet(w: Wording) -> list[Block]:
    """What an admin sees before the first pulse: one button that starts."""
    return [
        section(
            w.say(
                "*Nothing is being asked yet.* Name a team and its manager, choose how often to ask, and"
                " look at a preview before anybody hears of it. It takes two minutes."
            )
        ),
        actions(button(w.plain("Set up a pulse"), SET_UP, style="primary")),
    ]


def standing_lines(w: Wording, pulse: PulseStanding) -> list[Mrkdwn]:
    """One pulse in a few lines: its state and next step first."""
    lines = [joined([w.say("*The {pulse} pulse*", pulse=pulse.name), _state(w, pulse)], " ")]
    lines += [w.say(":warning: {trouble}", trouble=trouble) for trouble in pulse.troubles]
    lines += [next_step] if (next_step := _next_step(w, pulse)) else []
    lines.append(
        w.say(
            "Asks {often}, from “{questions}”. A result needs {threshold} answers.",
            often=frequency_words(w, pulse.frequency),
            questions=pulse.question_set,
            threshold=pulse.threshold,
        )
    )
    if any(unit.scored for unit in pulse.units):
        lines.append(w.say("Who reads, and how often there are results if three of four people answer:"))
    shown, more = listed([_unit_line(w, unit) for unit in pulse.units], _MOST_UNITS)
    lines += shown
    lines += [w.say_many("And {n} more unit.", "And {n} more units.", more)] if more else []
    return lines


def _state(w: Wording, pulse: PulseStanding) -> Mrkdwn:
    closes = w.long_moment(pulse.open_until) if pulse.open_until else ""
    opens = w.long_moment(pulse.next_at) if pulse.next_at else ""
    if pulse.paused and closes:
        return w.say("is paused; the round that is open runs on until {closes}, your time.", closes=closes)
    if pulse.paused:
        return w.say("is paused.")
    if closes and opens:
        return w.say("is open until {closes}, your time. The next round opens on {opens}.", closes=closes, opens=opens)
    if closes:
        return w.say("is open until {closes}, your time.", closes=closes)
    if not any(unit.scored for unit in pulse.units):
        return w.say("asks nobody yet.")
    if opens:
        return w.say("is resting. The next round opens on {opens}.", opens=opens)
    return w.say("has no round planned.")


def _next_step(w: Wording, pulse: PulseStanding) -> Mrkdwn | None:
    if pulse.paused:
        return w.say("Next step: {command} when you want to go on.", command=typed(w, "resume", pulse.called))
    team = pulse.first_team or pulse.name
    if not pulse.readers:
        return w.say("Next step: nobody reads it yet. Name a manager with `/pulse setup {team}`.", team=team)
    if not any(unit.scored for unit in pulse.units):
        return w.say(
            "Next step: it is too small to have results. Add people with `/pulse setup {team}`, or make it part"
            " of a department, whose small teams are shown together.",
            team=team,
        )
    if pulse.open_until:
        return w.say("Next step: none. Results go to its readers on the Monday after it closes.")
    return None


def _unit_line(w: Wording, unit: UnitStanding) -> Mrkdwn:
    odds = odds_sentence(w, unit.people, unit.odds if unit.scored else 0.0)
    if not unit.readers:
        return w.say("• {unit}: {odds}", unit=unit.name, odds=odds)
    # One more is named as well: its name is hardly longer than "1 more".
    shown, more = listed(unit.readers, _MOST_READERS if len(unit.readers) > _MOST_READERS + 1 else len(unit.readers))
    names = [*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown
    return w.say("• {unit}, read by {readers}: {odds}", unit=unit.name, readers=w.names(names), odds=odds)
