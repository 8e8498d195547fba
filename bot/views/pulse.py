"""What `/pulse` answers with: where things stand, what can be done, and what was done and how to undo it.

Every answer is shown only to whoever typed the command.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.views.asking import reader_names
from bot.views.digest import key_warning
from bot.views.setup import SET_UP, frequency_words, odds_sentence
from bot.views.vocabulary import (
    Block,
    Post,
    actions,
    button,
    context,
    divider,
    listed,
    paragraphs,
    post,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency

COMMANDS = ("setup", "status", "questions", "open", "close", "pause", "resume", "threshold", "help")
"""The words that may follow `/pulse`, in the order in which help lists them."""

_MOST_PULSES = 12  # told in full; a message holds 12,000 characters
_MOST_UNITS = 6  # of each pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStanding:
    """One unit of a pulse as its admins see it."""

    name: str
    people: int  # on its roster
    odds: float  # chance that a round has results, 0 to 1
    scored: bool  # False when it is too small to have any


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseStanding:
    """Where one pulse stands."""

    name: str
    paused: bool
    frequency: Frequency
    question_set: str  # its name
    threshold: int  # answers a result needs
    units: tuple[UnitStanding, ...]  # in tree order
    readers: tuple[str, ...]  # names of the managers
    open_until: datetime | None  # when a round is open
    next_at: datetime | None  # when the next round opens, if one is planned
    troubles: tuple[str, ...] = ()  # what is wrong and what to do, in words: a deleted channel, a lost key


def standing(w: Wording, pulses: Sequence[PulseStanding], *, keys_apart: bool) -> Post:
    """`/pulse` and `/pulse status`."""
    if not pulses:
        return post(w.say("Murmur: no pulse yet"), nothing_yet(w))
    blocks: list[Block] = []
    for pulse in pulses[:_MOST_PULSES]:
        blocks += [*paragraphs(standing_lines(w, pulse)), divider()]
    blocks.pop()
    left_out = len(pulses) - _MOST_PULSES
    if left_out > 0:
        blocks.append(section(w.say_many("And {n} more pulse.", "And {n} more pulses.", left_out)))
    blocks.append(context(*([] if keys_apart else [key_warning(w)]), w.say("Everything else: `/pulse help`")))
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
    lines = [joined([w.say("*{name}*", name=pulse.name), _state(w, pulse)], " ")]
    lines += [w.say(":warning: {trouble}", trouble=trouble) for trouble in pulse.troubles]
    lines += [next_step] if (next_step := _next_step(w, pulse)) else []
    lines.append(
        w.say(
            "Asks {often}, from “{questions}”. Read by {readers}, from {threshold} answers on.",
            often=frequency_words(w, pulse.frequency),
            questions=pulse.question_set,
            readers=reader_names(w, pulse.readers),
            threshold=pulse.threshold,
        )
    )
    shown, more = listed([_unit_line(w, unit) for unit in pulse.units], _MOST_UNITS)
    lines += shown
    lines += [w.say_many("And {n} more unit.", "And {n} more units.", more)] if more else []
    return lines


def _state(w: Wording, pulse: PulseStanding) -> Mrkdwn:
    closes = w.long_moment(pulse.open_until) if pulse.open_until else ""
    opens = w.long_moment(pulse.next_at) if pulse.next_at else ""
    if pulse.paused and closes:
        return w.say("is paused; the round that is open runs on until {closes}.", closes=closes)
    if pulse.paused:
        return w.say("is paused.")
    if closes and opens:
        return w.say("is open until {closes}. The next round opens on {opens}.", closes=closes, opens=opens)
    if closes:
        return w.say("is open until {closes}.", closes=closes)
    if not any(unit.scored for unit in pulse.units):
        return w.say("asks nobody yet.")
    if opens:
        return w.say("is resting. The next round opens on {opens}.", opens=opens)
    return w.say("has no round planned.")


def _next_step(w: Wording, pulse: PulseStanding) -> Mrkdwn | None:
    if pulse.paused:
        return w.say("Next step: `/pulse resume` when you want to go on.")
    if not pulse.readers:
        return w.say("Next step: nobody reads it yet. Name a manager with `/pulse setup`.")
    if not any(unit.scored for unit in pulse.units):
        return w.say(
            "Next step: it is too small to have results. Add people with `/pulse setup` and the same team name,"
            " or make it part of a department, whose small teams are shown together."
        )
    if pulse.open_until:
        return w.say("Next step: none. Results go to its readers on the Monday after it closes.")
    return None


def _unit_line(w: Wording, unit: UnitStanding) -> Mrkdwn:
    odds = odds_sentence(w, unit.people, unit.odds if unit.scored else 0.0)
    return w.say("• {unit}: {odds}", unit=unit.name, odds=odds)


def help_post(w: Wording) -> Post:
    """`/pulse help`."""
    return post(w.say("What /pulse can do"), _help_blocks(w))


def _help_blocks(w: Wording) -> list[Block]:
    lines = [
        w.say("`/pulse` shows where things stand, and the next step"),
        w.say("`/pulse setup` adds a team, or changes it: people, managers, schedule, questions, and a preview"),
        w.say("`/pulse questions` shows the questions; add, change or retire your own, or take another set"),
        w.say("`/pulse open` opens a round now"),
        w.say("`/pulse close` closes the open round; within a working day of opening it is thrown away"),
        w.say("`/pulse pause` and `/pulse resume` stop asking, and go on"),
        w.say("`/pulse threshold` sets how many answers a result needs; never fewer than five"),
        w.say("`/pulse help` shows this"),
    ]
    return [
        *paragraphs(lines),
        context(w.say("With several pulses, add the name: `/pulse pause Vision`.")),
    ]


def unknown(w: Wording, typed: str) -> Post:
    """For a word after `/pulse` that is none: the nearest one that is, and help."""
    near = difflib.get_close_matches(typed.casefold(), COMMANDS, n=1, cutoff=0.5)
    text = (
        w.say("There is no `/pulse {typed}`. Did you mean `/pulse {near}`?", typed=typed[:40], near=near[0])
        if near
        else w.say("There is no `/pulse {typed}`. This is what there is:", typed=typed[:40])
    )
    return post(text, [section(text), *_help_blocks(w)])


def not_allowed(w: Wording, admins: Sequence[str]) -> Post:
    """For whoever is not an admin. Names who is, at most five."""
    if not admins:
        return _said(w.say("Only admins can do this, and Murmur has none here yet."))
    return _said(w.say("Only Murmur's admins can do this: {admins}.", admins=w.names(list(admins)[:5])))


def opened(w: Wording, *, pulse: str, people: int, closes_at: datetime) -> Post:
    """After `/pulse open`."""
    return _said(
        w.say_many(
            "*{pulse} is open* until {closes}, for {n} person. Invitations go out in working hours.",
            "*{pulse} is open* until {closes}, for {n} people. Invitations go out in working hours.",
            people,
            pulse=pulse,
            closes=w.long_moment(closes_at),
        ),
        w.say("To undo it: `/pulse close` within one working day. The round is then thrown away, unread."),
    )


def closed(w: Wording, *, pulse: str, digests_at: datetime) -> Post:
    """After `/pulse close` of a round whose results count."""
    return _said(
        w.say(
            "*{pulse} is closed.* Its results go out on {moment}.",
            pulse=pulse,
            moment=w.long_moment(digests_at),
        ),
        w.say("This cannot be undone: the answers are added up and the key is destroyed."),
    )


def discarded(w: Wording, *, pulse: str) -> Post:
    """After `/pulse close` within one working day of opening."""
    return _said(
        w.say("*{pulse} is closed, and the round is thrown away*, unread.", pulse=pulse),
        w.say(
            "Within one working day of opening, results could show who had answered by then. To ask again:"
            " `/pulse open`."
        ),
    )


def paused(w: Wording, *, pulse: str, open_until: datetime | None) -> Post:
    """After `/pulse pause`."""
    still = (
        w.say("The round that is open runs on until {closes}.", closes=w.long_moment(open_until))
        if open_until
        else w.say("Nobody is asked anything until you go on.")
    )
    return _said(
        joined([w.say("*{pulse} is paused.*", pulse=pulse), still], " "),
        w.say("To undo it: `/pulse resume`."),
    )


def resumed(w: Wording, *, pulse: str, next_at: datetime, open_until: datetime | None = None) -> Post:
    """After `/pulse resume`; `open_until` when a round was open all the while."""
    on = (
        w.say(
            "*{pulse} goes on.* A round is open until {closes}; after it they follow each other as before.",
            pulse=pulse,
            closes=w.long_moment(open_until),
        )
        if open_until
        else w.say("*{pulse} goes on.* The next round opens on {opens}.", pulse=pulse, opens=w.long_moment(next_at))
    )
    return _said(on, w.say("To undo it: `/pulse pause`."))


def threshold_set(w: Wording, *, pulse: str, threshold: int, before: int) -> Post:
    """After a new threshold was chosen."""
    return _said(
        w.say(
            "*{pulse} needs {threshold} answers for a result* from the next round on; it was {before}.",
            pulse=pulse,
            threshold=threshold,
            before=before,
        ),
        w.say("To undo it: `/pulse threshold`."),
    )


def which_pulse(w: Wording, *, command: str, pulses: Sequence[str]) -> Post:
    """When a command needs a pulse and there are several, or the name is none of them."""
    shown, more = listed([w.say("`/pulse {c} {name}`", c=command, name=name) for name in pulses], 20)
    lines = [w.say("Which pulse? One of these:"), *shown]
    lines += [w.say_many("and {n} more", "and {n} more", more)] if more else []
    return post(lines[0], paragraphs(lines))


def nothing_to_do(w: Wording, *, pulse: str, command: str) -> Post:
    """When `command` (open, close, pause or resume) finds things as it would have left them."""
    match command:
        case "open":
            return _said(w.say("A round of {pulse} is open already.", pulse=pulse))
        case "close":
            return _said(w.say("No round of {pulse} is open.", pulse=pulse))
        case "pause":
            return _said(w.say("{pulse} is paused already.", pulse=pulse))
        case _:
            return _said(w.say("{pulse} is not paused.", pulse=pulse))


def too_small_to_open(w: Wording, *, pulse: str) -> Post:
    """When a round would ask people and could never show anything."""
    return _said(
        w.say(
            "{pulse} is too small: with fewer than six people no result could be shown, so nobody is asked."
            " Add people with `/pulse setup`, or make it part of a department.",
            pulse=pulse,
        )
    )


def nothing_to_ask(w: Wording, *, pulse: str) -> Post:
    """When every question is resting."""
    return _said(
        w.say(
            "Every question of {pulse} was asked in the last four weeks, and none is asked twice in that time."
            " Wait, or add your own with `/pulse questions`.",
            pulse=pulse,
        )
    )


def called_off(w: Wording, *, pulse: str) -> Post:
    """After `/pulse close` of a round whose key is lost."""
    return _said(
        w.say(
            "*The round of {pulse} is called off.* Its key is lost, so nobody can ever read what was sent in it;"
            " it is deleted.",
            pulse=pulse,
        ),
        w.say("Whoever opens its form is told so. To ask again: `/pulse open`."),
    )


def no_pulse(w: Wording) -> Post:
    """When a command needs a pulse and there is none."""
    return post(w.say("Murmur: no pulse yet"), nothing_yet(w))


def failed(w: Wording) -> Post:
    """When something broke. Says what became of the request; details are in the log."""
    return _said(
        w.say("That did not work, and nothing was changed. Please try again in a minute."),
        w.say("If it goes on: whoever runs Murmur finds out why with `murmur doctor`."),
    )


def _said(text: Mrkdwn, small: Mrkdwn | None = None) -> Post:
    return post(text, [section(text)] if small is None else [section(text), context(small)])
