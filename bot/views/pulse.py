"""What `/pulse` answers with: where things stand, what can be done, and what was done and how to undo it.

Every answer is shown only to whoever typed the command.
"""

import difflib
from collections.abc import Sequence
from datetime import datetime

from bot.views.standing import nothing_yet
from bot.views.vocabulary import (
    Block,
    Post,
    context,
    listed,
    paragraphs,
    post,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined

COMMANDS = ("setup", "status", "questions", "open", "close", "pause", "resume", "threshold", "help")
"""The words that may follow `/pulse`, in the order in which help lists them."""


def help_post(w: Wording) -> Post:
    """`/pulse help`."""
    return post(w.say("What /pulse can do"), _help_blocks(w))


def _help_blocks(w: Wording) -> list[Block]:
    lines = [
        w.say("`/pulse` shows where things stand, and the next step"),
        w.say("`/pulse setup` adds a team: people, managers, schedule, questions, and a preview"),
        w.say("`/pulse setup Vision` opens the same form filled in, to change the team Vision"),
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
            " Add people with `/pulse setup {pulse}`, or make it part of a department.",
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


def _said(text: Mrkdwn, small: Mrkdwn | None = None) -> Post:
    return post(text, [section(text)] if small is None else [section(text), context(small)])
