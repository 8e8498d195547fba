"""The preview of a pulse: what it would mean for people, before any of them hears of it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.asking import every_words, reader_names, time_words
from bot.views.questions import short_line
from bot.views.setup import PREVIEW, odds_sentence
from bot.views.vocabulary import Block, View, context, listed, modal, paragraphs, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.cadence import Frequency
from surveys.units import SMALLEST

_MOST_NAMES = 40


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
    asked_elsewhere: tuple[str, ...] = ()  # on another team already, so not asked in this one
    short_from: int | None = None  # the first round with too few questions: 0 without any, None where there are enough
    changes: bool = False  # the team is there already, and would be changed
    newcomers_from: date | None = None  # from when whoever joins a team that is there already is counted
    leavers: tuple[str, ...] = ()  # names of those who are on the team today, and would not be any more
    leaves: str | None = None  # the department that the team would not be part of any more


def preview(w: Wording, facts: Preview, *, private_metadata: str = "") -> View:
    """The page on which an admin decides. Without anybody to ask it cannot be sent."""
    blocks: list[Block] = [section(_asked(w, facts)), *paragraphs(_facts(w, facts))]
    blocks += paragraphs(_warnings(w, facts))
    if facts.people:
        blocks.append(
            context(
                w.say("Whoever asks to be left out is not asked; who that is, is not said."),
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
    shown, more = listed(facts.people, _MOST_NAMES)
    names = [*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown
    if not _large_enough(facts):
        return w.say_many(
            "*{team}: {n} person, too few to ask.* {names}.",
            "*{team}: {n} people, too few to ask.* {names}.",
            len(facts.people),
            team=facts.team,
            names=w.names(names),
        )
    return w.say_many(
        "*{team}: {n} person would be asked.* {names}.",
        "*{team}: {n} people would be asked.* {names}.",
        len(facts.people),
        team=facts.team,
        names=w.names(names),
    )


def _facts(w: Wording, facts: Preview) -> list[Mrkdwn]:
    sees = w.say("The team sees the same two working days later.")
    there = w.say("*{team} is there already.* Its people and readers change as shown.", team=facts.team)
    lines = [
        *([there] if facts.changes else []),
        joined([w.say("*Read by* {readers}.", readers=reader_names(w, facts.readers)), sees], " "),
        w.say(
            "*Asked:* {questions}, {time} a round, from “{name}”. The first round opens on {first}.",
            questions=every_words(w, facts.questions, facts.frequency),
            time=time_words(w, facts.questions),
            name=facts.question_set,
            first=w.long_moment(facts.first_at),
        ),
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
        shown, more = listed(facts.leavers, _MOST_NAMES)
        names = [*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown
        lines.append(w.say("*No longer on the team:* {names}.", names=w.names(names)))
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
    if facts.people:
        lines.append(
            w.say("*Odds, if three of four answer:* {odds}", odds=odds_sentence(w, facts.unit_people, facts.odds))
        )
    return lines


def _warnings(w: Wording, facts: Preview) -> list[Mrkdwn]:
    found = []
    if facts.people and (short := short_line(w, facts.short_from)):
        found.append(short)
    if facts.left_out_managers:
        found.append(
            w.say("Not asked here, because they read the results: {names}.", names=w.names(facts.left_out_managers))
        )
    if facts.asked_elsewhere:
        shown, more = listed(facts.asked_elsewhere, _MOST_NAMES)
        names = [*shown, w.plain_many("{n} more", "{n} more", more)] if more else shown
        found.append(w.say("On another team already, so not asked in this one: {names}.", names=w.names(names)))
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
