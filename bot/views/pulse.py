"""What `/pulse` answers with: where things stand, what can be done, and what was done and how to undo it.

Every answer is shown only to whoever typed the command.
"""

import difflib
from collections.abc import Sequence
from datetime import datetime

from bot.views.commands import typed
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

COMMANDS = (
    "setup",
    "status",
    "questions",
    "open",
    "close",
    "pause",
    "resume",
    "schedule",
    "threshold",
    "flags",
    "privacy",
    "help",
)
"""The words that may follow `/pulse`, in the order in which help lists them."""

_MOST_TEAMS = 6  # named where a pulse is told apart from others by its teams
_TEAMS_IN_A_SENTENCE = 3
_TYPED = 40  # characters of what somebody typed that are said again


def help_post(w: Wording) -> Post:
    """`/pulse help` for admins."""
    return post(w.say("What /pulse can do"), _help_blocks(w))


def _help_blocks(w: Wording) -> list[Block]:
    lines = [
        w.say("`/pulse` shows where things stand, and the next step"),
        w.say("`/pulse setup` adds a team: people, managers, schedule, questions, and a preview"),
        w.say("`/pulse setup Vision` opens the same form filled in, to change the team Vision"),
        w.say("`/pulse questions` shows the questions; add, change or retire your own, or take another set"),
        w.say("`/pulse open` opens a round now"),
        w.say(
            "`/pulse close` closes the open round (it asks first); on its first working day the round is thrown away"
            " instead"
        ),
        w.say("`/pulse pause` and `/pulse resume` stop asking, and go on"),
        w.say("`/pulse schedule` changes the day, the time and how often people are asked"),
        w.say("`/pulse threshold` sets how many answers a result needs; never fewer than five"),
        w.say("`/pulse flags` sets how often chance may raise a flag, and a typical salary, for the whole workspace"),
        w.say("`/pulse privacy` sends you the data sheet of this installation, for a works council, say"),
        w.say("`/pulse help` shows this"),
    ]
    return [
        *paragraphs(lines),
        context(
            w.say(
                "With several pulses, add the name of a pulse, or of a team in it: `/pulse pause Vision`,"
                " `/pulse threshold Vision 7`."
            ),
            w.say("Your own settings, and what is stored about you, are in Murmur's Home, under Apps in Slack."),
        ),
    ]


def unknown(w: Wording, word: str) -> Post:
    """For a word after `/pulse` that is none: the nearest one that is, and help."""
    near = difflib.get_close_matches(word[:_TYPED].casefold(), COMMANDS, n=1, cutoff=0.5)
    text = (
        w.say("There is no `/pulse {typed}`. Did you mean `/pulse {near}`?", typed=word[:_TYPED], near=near[0])
        if near
        else w.say("There is no `/pulse {typed}`. This is what there is:", typed=word[:_TYPED])
    )
    return post(text, [section(text), *_help_blocks(w)])


def not_allowed(w: Wording, admins: Sequence[str]) -> Post:
    """For whoever is not an admin. Names who is, at most five."""
    if not admins:
        return _said(w.say("Only admins can do this, and Murmur has none here yet."))
    return _said(w.say("Only Murmur's admins can do this: {admins}.", admins=w.names(list(admins)[:5])))


def opened(w: Wording, *, pulse: str, people: int, closes_at: datetime, called: str = "") -> Post:
    """After `/pulse open`; `called` here and below: the name to type after a command, "" with one pulse."""
    return _said(
        w.say_many(
            "*{pulse} is open* until {closes}, your time, for {n} person. Invitations go out in working hours.",
            "*{pulse} is open* until {closes}, your time, for {n} people. Invitations go out in working hours.",
            people,
            pulse=pulse,
            closes=w.long_moment(closes_at),
        ),
        w.say(
            "To undo it: {command} within one working day. The round is then thrown away, unread.",
            command=typed(w, "close", called),
        ),
    )


def paused(w: Wording, *, pulse: str, teams: Sequence[str], open_until: datetime | None, called: str = "") -> Post:
    """After `/pulse pause`. Says whom it concerns: a pulse may ask more teams than the one that was thought of."""
    whom = {"pulse": pulse, "teams": teams_in_short(w, teams)}
    alone = [team.casefold() for team in teams] in ([], [pulse.casefold()])
    if open_until is not None:
        closes = w.long_moment(open_until)
        text = (
            w.say("*{pulse} is paused.* The round that is open runs on until {closes}.", pulse=pulse, closes=closes)
            if alone
            else w.say(
                "*{pulse} is paused.* The round that is open runs on until {closes}; after it nobody in {teams} is"
                " asked until you go on.",
                closes=closes,
                **whom,
            )
        )
    elif alone:
        text = w.say("*{pulse} is paused.* Nobody in it is asked anything until you go on.", pulse=pulse)
    else:
        text = w.say("*{pulse} is paused.* Nobody in {teams} is asked anything until you go on.", **whom)
    return _said(text, w.say("To undo it: {command}.", command=typed(w, "resume", called)))


def resumed(w: Wording, *, pulse: str, next_at: datetime, open_until: datetime | None = None, called: str = "") -> Post:
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
    return _said(on, w.say("To undo it: {command}.", command=typed(w, "pause", called)))


def teams_in_short(w: Wording, teams: Sequence[str], most: int = _TEAMS_IN_A_SENTENCE) -> str:
    """Names of teams as a sentence has them, the first ones and how many more: "Vision, Speech and 3 more"."""
    # One more is named as well: its name is hardly longer than "1 more".
    shown, more = listed(teams, most) if len(teams) > most + 1 else (list(teams), 0)
    return w.names([*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown)


def which_pulse(w: Wording, *, command: str, pulses: Sequence[tuple[str, Sequence[str]]], name: str = "") -> Post:
    """When a command needs a pulse and there are several, or `name` is none of them, or several.

    `pulses` are pairs of what to type for a pulse, and the names of its teams.
    """
    shown, more = listed([_choice(w, command, called, teams) for called, teams in pulses], 20)
    which = w.say("Which pulse? One of these:")
    if name:
        none = w.say("“{name}” is not the name of one pulse, or of a team.", name=name[:_TYPED])
        which = joined([none, which], " ")
    lines = [which, *shown]
    lines += [w.say_many("and {n} more", "and {n} more", more)] if more else []
    return post(lines[0], paragraphs(lines))


def _choice(w: Wording, command: str, called: str, teams: Sequence[str]) -> Mrkdwn:
    line = typed(w, command, called)
    if [team.casefold() for team in teams] == [called.casefold()]:
        return line
    return w.say("{command}: {teams}", command=line, teams=teams_in_short(w, teams, _MOST_TEAMS))


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


def too_small_to_open(w: Wording, *, pulse: str, team: str) -> Post:
    """When a round would ask people and could never show anything; `team` is the one to begin with."""
    return _said(
        w.say(
            "{pulse} is too small: with fewer than six people no result could be shown, so nobody is asked."
            " Add people with `/pulse setup {team}`, or make it part of a department.",
            pulse=pulse,
            team=team,
        )
    )


def nothing_to_ask(w: Wording, *, pulse: str, called: str = "") -> Post:
    """When every question is resting."""
    return _said(
        w.say(
            "Every question of {pulse} was asked in the last four weeks, and none is asked twice in that time."
            " Wait, or add your own with {command}.",
            pulse=pulse,
            command=typed(w, "questions", called),
        )
    )


def thrown_away(w: Wording, *, pulse: str, called: str = "") -> Post:
    """When a round was taken back, or called off, by somebody else while `/pulse open` opened it."""
    return _said(
        w.say(
            "Somebody changed {pulse}, or called its round off, in the same moment, so no round was opened and nobody"
            " was asked. To open one: {command}.",
            pulse=pulse,
            command=typed(w, "open", called),
        )
    )


def no_pulse(w: Wording) -> Post:
    """When a command needs a pulse and there is none."""
    return post(w.say("Murmur: no pulse yet"), nothing_yet(w))


def _said(text: Mrkdwn, small: Mrkdwn | None = None) -> Post:
    return post(text, [section(text)] if small is None else [section(text), context(small)])
