"""The preview of a pulse: what it would mean for people, before any of them hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.views.asking import every_words, reader_names, time_words
from bot.views.commands import typed
from bot.views.questions import short_line
from bot.views.setup import PREVIEW, odds_sentence
from bot.views.vocabulary import Block, View, actions, button, context, listed, modal, paragraphs, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.units import SMALLEST

_MOST_NAMES = 40
_MOST_TEAMS = 10


MOVE = "setup.move"
"""Button that has whoever is on another team moved to this one, or left there, by its value."""

MOVE_HERE, LEAVE_THERE = "here", "there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Somebody on the form who is counted in another team."""

    name: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What becomes of a team that people are moved from."""

    team: str
    people: int  # then in its unit
    odds: float  # chance that a round of that unit has results, 0 to 1; 0 when it is too small to be asked
    with_teams: tuple[str, ...] = ()  # the other teams of its unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would happen."""

    team: str
    people: tuple[str, ...]  # names of those who would be asked
    readers: tuple[str, ...]  # names of the managers
    frequency: Frequency
    questions: int  # a round
    question_set: str  # its name
    first_at: datetime  # when the first round opens
    unit: str  # the unit in which the team's answers would be counted, usually the team
    unit_people: int  # people in that unit
    odds: float  # chance that a round of the unit has results, 0 to 1
    merged_with: tuple[str, ...] = ()  # teams it would be shown together with
    pulse: str | None = None  # the existing pulse it would join
    left_out_managers: tuple[str, ...] = ()  # on the team, but they read its results
    elsewhere: tuple[Elsewhere, ...] = ()  # on another team already: asked there, unless they are moved
    moving: bool = False  # whether they are moved here
    left: tuple[Left, ...] = ()  # the teams they would leave, by name
    stay_until: date | None = None  # until when whoever is moved is counted where they were; None: they are nowhere
    anew: bool = False  # shown again, because people changed teams after it was shown first
    short_from: int | None = None  # the first round with too few questions: 0 without any, None where there are enough
    changes: bool = False  # the team is there already, and would be changed
    newcomers_from: date | None = None  # from when whoever joins a team that is there already is counted
    leavers: tuple[str, ...] = ()  # names of those who are on the team today, and would not be any more
    leaves: str | None = None  # the department that the team would not be part of any more


def preview(w: Wording, facts: Preview, *, private_metadata: str = "") -> View:
    """The page on which an admin decides. Without anybody to ask it cannot be sent."""
    blocks: list[Block] = [*_anew(w, facts), section(_asked(w, facts)), *paragraphs(_facts(w, facts))]
    blocks += paragraphs(_warnings(w, facts))
    blocks += _move(w, facts)
    if facts.people:
        blocks.append(
            context(
                w.say("Whoever asks to be left out is not asked; who that is, is not said."),
                w.say("They count in the figures here, so that these do not tell either: fewer may be asked."),
                w.say("Nobody has been told anything yet. You can pause or change it later."),
            )
        )
    return modal(
        w.plain("Preview"),
        blocks,
        callback_id=PREVIEW,
        submit=_submit(w, facts) if facts.people else None,
        close=w.plain("Back"),
        private_metadata=private_metadata,
    )


def _submit(w: Wording, facts: Preview) -> str:
    if facts.changes:
        return w.plain("Change the team")
    return w.plain("Start asking") if _large_enough(facts) else w.plain("Set up, ask later")


def _large_enough(facts: Preview) -> bool:
    return facts.unit_people >= SMALLEST


def _asked(w: Wording, facts: Preview) -> Mrkdwn:
    if not facts.people:
        return w.say("*{team}: nobody to ask.*", team=facts.team)
    if not _large_enough(facts):
        return w.say_many(
            "*{team}: {n} person, too few to ask.* {names}.",
            "*{team}: {n} people, too few to ask.* {names}.",
            len(facts.people),
            team=facts.team,
            names=_names(w, facts.people),
        )
    return w.say_many(
        "*{team}: {n} person would be asked.* {names}.",
        "*{team}: {n} people would be asked.* {names}.",
        len(facts.people),
        team=facts.team,
        names=_names(w, facts.people),
    )


def _names(w: Wording, people: Sequence[str]) -> str:
    """The first of `people`, and how many more."""
    shown, more = listed(people, _MOST_NAMES)
    return w.names([*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown)


def _elsewhere(w: Wording, facts: Preview) -> str:
    """Whoever is on another team, each with its name."""
    return _names(w, [w.plain("{name} ({team})", name=one.name, team=one.team) for one in facts.elsewhere])


def _anew(w: Wording, facts: Preview) -> list[Block]:
    if not facts.anew:
        return []
    return [
        section(
            w.say(
                ":warning: *People have changed teams since you looked.* Nothing is changed yet: this is how it would"
                " be now."
            )
        )
    ]


def _move(w: Wording, facts: Preview) -> list[Block]:
    """The choice where those stay who are on another team; what it means stands above it."""
    if not facts.elsewhere:
        return []
    if facts.moving:
        label = w.plain("Leave those on another team where they are")
        return [actions(button(w.plain("Leave them there"), MOVE, value=LEAVE_THERE, label=label))]
    label = w.plain("Move those on another team to {team}", team=facts.team)
    return [actions(button(w.plain("Move them here"), MOVE, value=MOVE_HERE, label=label))]


def _facts(w: Wording, facts: Preview) -> list[Mrkdwn]:
    sees = w.say("The team sees the same two working days later.")
    there = w.say("*{team} is there already.* Its people and readers change as shown.", team=facts.team)
    lines = [
        *([there] if facts.changes else []),
        joined([w.say("*Read by* {readers}.", readers=reader_names(w, facts.readers)), sees], " "),
        *([_questions(w, facts)] if _large_enough(facts) else []),
    ]
    if facts.newcomers_from is not None:
        lines.append(
            w.say(
                "*Whoever joins* is counted from {day} on, because a roster stands still for four weeks."
                " Whoever leaves is not asked any more.",
                day=w.date(facts.newcomers_from),
            )
        )
    if facts.leavers:
        lines.append(w.say("*No longer on the team:* {names}.", names=_names(w, facts.leavers)))
    if facts.leaves is not None:
        lines.append(w.say("*No longer part of* {department}.", department=facts.leaves))
    if facts.pulse is not None:
        lines.append(w.say("*Together with* {pulse}, on its schedule.", pulse=facts.pulse))
    elif facts.changes:
        lines.append(w.say("*Schedule and questions* stay as they are, whatever the form says."))
    if facts.merged_with:
        lines.append(
            w.say(
                "*Shown together with* {teams}, as {unit}, because fewer than eight are on the team.",
                teams=w.names(facts.merged_with),
                unit=facts.unit,
            )
        )
    if _large_enough(facts):
        lines.append(
            w.say("*Odds, if three of four answer:* {odds}", odds=odds_sentence(w, facts.unit_people, facts.odds))
        )
    return lines + (_moved(w, facts) if facts.moving else [])


def _questions(w: Wording, facts: Preview) -> Mrkdwn:
    return w.say(
        "*Asked:* {questions}, {time} a round, from “{name}”. The first round opens on {first}.",
        questions=every_words(w, facts.questions, facts.frequency),
        time=time_words(w, facts.questions),
        name=facts.question_set,
        first=w.long_moment(facts.first_at),
    )


def _moved(w: Wording, facts: Preview) -> list[Mrkdwn]:
    """Who is moved, from when on, what becomes of the teams they leave, and how it is undone."""
    lines = [w.say("*Moved here from another team:* {names}.", names=_elsewhere(w, facts))]
    if facts.stay_until is not None:
        lines.append(
            w.say(
                "*Until {day}* they are still asked and counted where they were, because a roster stands still for four"
                " weeks; in {team} from its next roster after that.",
                day=w.date(facts.stay_until),
                team=facts.team,
            )
        )
    shown, more = listed(facts.left, _MOST_TEAMS)
    lines += [_left(w, left) for left in shown]
    if more:
        lines.append(w.say_many("And {n} more team loses people.", "And {n} more teams lose people.", more))
    command = typed(w, "setup", facts.left[0].team) if facts.left else typed(w, "setup")
    lines.append(w.say("*To undo a move*, pick them again in the team that they were on: {command}.", command=command))
    return lines


def _left(w: Wording, left: Left) -> Mrkdwn:
    if not left.people:
        return w.say("*{team}* would have nobody left, and would not be asked any more.", team=left.team)
    if left.people < SMALLEST:
        return w.say_many(
            "*{team}* would be left with {n} person, too few to have results: nobody there would be asked any more.",
            "*{team}* would be left with {n} people, too few to have results: nobody there would be asked any more.",
            left.people,
            team=" + ".join(sorted((left.team, *left.with_teams))),
        )
    odds = odds_sentence(w, left.people, left.odds)
    if left.with_teams:
        teams = w.names(left.with_teams)
        together = w.say("*{team}* would be shown together with {teams}.", team=left.team, teams=teams)
        return joined([together, odds], " ")
    return joined([w.say("*{team}* would go on without them.", team=left.team), odds], " ")


def _warnings(w: Wording, facts: Preview) -> list[Mrkdwn]:
    found = []
    if facts.people and (short := short_line(w, facts.short_from)):
        found.append(short)
    if facts.left_out_managers:
        found.append(
            w.say("Not asked here, because they read the results: {names}.", names=w.names(facts.left_out_managers))
        )
    if facts.elsewhere and not facts.moving:
        found.append(w.say("On another team already, so not asked in this one: {names}.", names=_elsewhere(w, facts)))
    if facts.people and not _large_enough(facts):
        found.append(
            w.say(
                "The team is too small to have results: nobody is asked, or told anything, until six people"
                " are in it, or until it is part of a department with another team."
            )
        )
    elif facts.people and facts.odds <= 0:
        found.append(
            w.say(
                "The threshold of this pulse is too high for so few people: no round would have results. Lower"
                " it with `/pulse threshold`."
            )
        )
    return [joined([w.say(":warning:"), line], " ") for line in found]
