"""What `/pulse` answers to whoever is not an admin: where they stand, and who can do what.

Nothing of it depends on whether somebody has answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.views.asking import how_it_works, open_form_button
from bot.views.vocabulary import Block, Post, context, header, post, section
from bot.views.wording import Mrkdwn, Wording, joined

_MOST_NAMES = 5
_TYPED = 40  # characters of what somebody typed that are said again


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """A round that is open and asks the person."""

    team: str
    closes_at: datetime
    round_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """How somebody stands to the pulses: whether they are asked, and when."""

    asked: bool  # whether any pulse asks this person
    open_forms: tuple[OpenForm, ...] = ()
    next_at: datetime | None = None  # when they are asked next, if a round is planned
    opted_out: bool = False
    paused_until: date | None = None
    reads: bool = False  # whether they read the results of a team


def own_standing(w: Wording, own: OwnStanding) -> Post:
    """`/pulse` of a member or a manager."""
    blocks: list[Block] = []
    for form in own.open_forms:
        text = w.say(
            "*You are asked in the {team} pulse.* It is open until {closes}, your time.",
            team=form.team,
            closes=w.long_moment(form.closes_at),
        )
        blocks.append(section(text, accessory=open_form_button(w, form.round_id, team=form.team)))
    if not blocks:
        blocks.append(section(_not_now(w, own)))
    if own.paused_until is not None and own.asked and not own.opted_out:
        blocks.append(section(w.say("You are on a pause until {day}.", day=w.date(own.paused_until))))
    if own.reads:
        blocks.append(section(w.say("You read the results of a team: they are in Murmur's Home.")))
    blocks.append(context(_home(w), w.say("Everything else: `/pulse help`")))
    return post(w.say("Murmur: where you stand"), blocks)


def _not_now(w: Wording, own: OwnStanding) -> Mrkdwn:
    if own.opted_out:
        return w.say("You asked Murmur to leave you out. To be asked again, press *Ask me again* in Murmur's Home.")
    if not own.asked:
        return w.say("Nothing is asked of you.")
    if own.next_at is None:
        return w.say("Nothing is asked of you at the moment, and no round is planned.")
    return w.say(
        "Nothing is asked of you at the moment. You are asked next on {opens}.", opens=w.long_moment(own.next_at)
    )


def help_for_members(w: Wording, admins: Sequence[str]) -> Post:
    """`/pulse help` of a member or a manager."""
    who = (
        w.say("*Admins* set pulses up and change them: {names}.", names=w.names(list(admins)[:_MOST_NAMES]))
        if admins
        else w.say("*Admins* set pulses up and change them; Murmur has none here yet.")
    )
    return post(w.say("What Murmur does for you"), [section(joined([*_help_lines(w), who])), context(_home(w))])


def privacy_for_members(w: Wording, *, threshold: int, contact: str, keys_apart: bool, admins: Sequence[str]) -> Post:
    """`/pulse privacy` of a member or a manager: the page "How Murmur works", and where there is more."""
    page = how_it_works(w, threshold=threshold, contact=contact, keys_apart=keys_apart)
    stored = w.say("*About you:* Murmur's Home, under Apps in Slack, shows *What Murmur stores about you*, row by row.")
    sheet = (
        w.say(
            "*For a works council:* Murmur's admins can send for the full data sheet with `/pulse privacy`. They are"
            " {names}.",
            names=w.names(list(admins)[:_MOST_NAMES]),
        )
        if admins
        else w.say("*For a works council:* admins can send for the full data sheet; Murmur has none here yet.")
    )
    title = w.plain("How Murmur works")
    return post(w.say("How Murmur works"), [header(title), *page["blocks"], section(joined([stored, sheet]))])


def only_for_admins(w: Wording, refusal: Post) -> Post:
    """For a command that is an admin's: `refusal`, which says so, and what there is instead."""
    return post(refusal.text, [*refusal.blocks, section(joined(_help_lines(w))), context(_home(w))])


def unknown_to_members(w: Wording, word: str) -> Post:
    """For a word after `/pulse` that is no command at all: that there is none, and what there is."""
    text = w.say("There is no `/pulse {typed}`. Everything there is: `/pulse help`.", typed=word[:_TYPED])
    return post(text, [section(text), section(joined(_help_lines(w))), context(_home(w))])


def _help_lines(w: Wording) -> list[Mrkdwn]:
    return [
        w.say("`/pulse` shows whether you are asked, and when"),
        w.say("`/pulse privacy` tells what becomes of answers, and what is not protected"),
        w.say(
            "*You* find in Murmur's Home: what your team said, who reads it, what is stored about you, and how to"
            " switch reminders off, pause, or be left out."
        ),
        w.say("*Managers* find there the results of their teams, and can promise their team something."),
    ]


def _home(w: Wording) -> Mrkdwn:
    return w.say("Murmur's Home is under Apps in Slack.")
