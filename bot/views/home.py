"""Murmur's Home, for member, manager and admin: one page, a part for each role that a person has.

Nothing on it tells whether its owner has answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest

from bot.views.asked import ToLeader, asked_blocks
from bot.views.asking import HOW_IT_WORKS, NOT_FOR_ME, leave_question, open_form_button, reader_names
from bot.views.digest import key_warning, title_line
from bot.views.flags import notice_sentence, promise
from bot.views.parent import summary
from bot.views.promises import Promises, home_blocks, team_lines
from bot.views.results import (
    driver_names,
    earlier_line,
    ending_lines,
    refusal,
    report_button,
    result_lines,
    why_button,
    words_lines,
)
from bot.views.standing import PulseStanding, nothing_yet, standing_lines
from bot.views.vocabulary import (
    VIEW_BLOCKS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    fitting,
    header,
    home,
    listed,
    paragraphs,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.departments import ParentDigest
from surveys.digests import Digest
from surveys.promises import Promised

HOME = "home"
"""callback_id of the page."""

REMINDERS_ON = "home.reminders_on"
REMINDERS_OFF = "home.reminders_off"
PAUSE_ME = "home.pause_me"
RESUME_ME = "home.resume_me"
ASK_ME_AGAIN = "home.ask_me_again"

PAUSE_WEEKS = 4
"""How long the button for a pause stops invitations and reminders."""

_MOST_OPEN = 5
_MOST_SEEN = 5
_MOST_UNITS = 30
_MOST_OF_PROMISES = 24  # blocks beside units; who reads many units finds the rest in each unit's digest
_MOST_PULSES = 10
_MOST_TEXT = 60_000  # characters; a view holds 250,000 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    """A round that asks the person."""

    team: str
    questions: int
    closes_at: datetime
    round_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHome:
    """What a member finds."""

    asked: bool  # whether any pulse asks this person
    open_rounds: tuple[OpenRound, ...] = ()
    readers: tuple[str, ...] = ()  # names of those who read the person's unit
    next_at: datetime | None = None  # when the next round opens
    seen: tuple[Digest, ...] = ()  # what the team may see by now, the latest of each unit
    promises: tuple[Promised, ...] = ()  # of managers to the unit in which the person is counted
    stored: tuple[tuple[str, str], ...] = ()  # everything kept about the person: what, and its content
    reminders: bool = True
    paused_until: date | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerHome:
    """What a manager finds."""

    digests: tuple[Digest, ...] = ()  # the latest of each unit, in tree order
    promises: tuple[Promises, ...] = ()  # to the same units, in the same order
    waiting: tuple[str, ...] = field(default=())  # units without a digest so far
    departments: tuple[ParentDigest, ...] = ()  # the latest of each department
    asked: ToLeader = field(default_factory=ToLeader)  # what managers asked of them as a leader


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminHome:
    """What an admin finds."""

    pulses: tuple[PulseStanding, ...]
    keys_apart: bool


def home_page(
    w: Wording,
    *,
    member: MemberHome,
    manager: ManagerHome | None = None,
    admin: AdminHome | None = None,
) -> View:
    """The page. What is being asked comes first, then results, then standing, then what is stored."""
    if manager is not None or admin is not None:
        w = w.english  # their parts are not translated yet, and a page speaks one language
    blocks = _open(w, member, has_a_role=manager is not None or admin is not None)
    if manager is not None:
        blocks += _manager(w, manager)
    if admin is not None:
        blocks += _admin(w, admin)
    blocks += _seen(w, member.seen)
    blocks += _promises(w, member.promises)
    yours = _yours(w, member, has_a_role=manager is not None or admin is not None)
    return home([*fitting(blocks, VIEW_BLOCKS - len(yours), _MOST_TEXT), *yours], callback_id=HOME)


def _open(w: Wording, member: MemberHome, *, has_a_role: bool) -> list[Block]:
    if member.opted_out:
        return [
            section(w.say("You asked Murmur to leave you out. Nothing is asked of you here.")),
            actions(button(w.plain("Ask me again"), ASK_ME_AGAIN)),
        ]
    if not member.asked and has_a_role:
        return [section(w.say("No pulse is open for you."))]
    if not member.asked:
        return [section(w.say("Nothing is being asked here. Murmur holds no answers."))]
    blocks: list[Block] = []
    for one in member.open_rounds[:_MOST_OPEN]:
        text = w.say_many(
            "*{team} pulse: {n} question.* Until {closes}, your time.",
            "*{team} pulse: {n} questions.* Until {closes}, your time.",
            one.questions,
            team=one.team,
            closes=w.long_moment(one.closes_at),
        )
        blocks.append(section(text, accessory=open_form_button(w, one.round_id, team=one.team)))
    if not blocks:
        blocks.append(section(_between_rounds(w, member.next_at)))
    blocks.append(context(w.say("Read as a group by {readers}.", readers=reader_names(w, member.readers))))
    return blocks


def _between_rounds(w: Wording, next_at: datetime | None) -> Mrkdwn:
    if next_at is None:
        return w.say("Nothing is being asked at the moment.")
    return w.say("Nothing is being asked at the moment. Next: {opens}.", opens=w.long_moment(next_at))


def _seen(w: Wording, digests: Sequence[Digest]) -> list[Block]:
    """What the team sees, in the words its manager saw two working days before."""
    if not digests:
        return []
    blocks = [header(w.plain("What your team last said"))]
    for digest in digests[:_MOST_SEEN]:
        blocks += paragraphs([title_line(w, digest), *result_lines(w, digest)])
        buttons = [report_button(w, digest)] if digest.has_results else []
        buttons += [why_button(w)] if digest.withheld else []
        blocks += [actions(*buttons)] if buttons else []
    return blocks


def _promises(w: Wording, promises: Sequence[Promised]) -> list[Block]:
    """What managers promised, and what became of it."""
    return [header(w.plain("Promises")), *paragraphs(team_lines(w, promises))] if promises else []


def _manager(w: Wording, manager: ManagerHome) -> list[Block]:
    blocks = [] if manager.asked.is_empty else [header(w.plain("Requests")), *asked_blocks(w, manager.asked)]
    room = _MOST_OF_PROMISES - len(blocks)  # what leaders are asked is of the same kind
    blocks.append(header(w.plain("Your teams")))
    shown, more = listed(manager.digests, _MOST_UNITS)
    said: set[int] = set()  # promises about flags: the first flag speaks for all
    for digest, promises in zip_longest(shown, manager.promises[: len(shown)]):
        chance = {digest.false_flag_months} - said if digest.notices else set()
        said |= chance
        lines = brief(w, digest, with_chance=bool(chance))
        beside_words = [why_button(w)] if digest.withheld else []
        beside_words += [report_button(w, digest)] if digest.has_results else []
        blocks.append(section(lines, accessory=beside_words[0] if beside_words else None))
        room -= len(beside_words[1:])
        blocks += [actions(one) for one in beside_words[1:]] if room >= 0 else []
        beside = home_blocks(w, promises) if promises is not None else []
        room -= len(beside)
        blocks += beside if room >= 0 else []
    if more:
        blocks.append(section(w.say_many("And {n} more team.", "And {n} more teams.", more)))
    waiting, unnamed = listed(manager.waiting, _MOST_UNITS)
    if waiting:
        names = [*waiting, w.plain_many("{n} more", "{n} more", unnamed)] if unnamed else waiting
        blocks.append(section(w.say("No results yet: {teams}.", teams=w.names(names))))
    for department in manager.departments:
        blocks += summary(w, department)
    if not (manager.digests or manager.waiting or manager.departments):
        blocks.append(section(w.say("You read no team's results yet.")))
    return blocks


def brief(w: Wording, digest: Digest, *, with_chance: bool) -> Mrkdwn:
    """A digest in a few lines: the sentence, the flags, how often chance raises one, this round's words, and earlier
    ones.
    """
    lines = [title_line(w, digest)]
    lines += [notice_sentence(w, notice, digest.on) for notice in digest.notices]
    lines += [promise(w, digest.false_flag_months)] if with_chance else []
    lines += ending_lines(w, digest)
    lines += words_lines(w, digest)
    lines += [refusal(w, driver_names(digest.withheld))] if digest.withheld else []
    lines += [earlier_line(w, digest.earlier)] if digest.earlier else []
    return joined(lines)


def _admin(w: Wording, admin: AdminHome) -> list[Block]:
    blocks = [header(w.plain("Where things stand"))]
    if not admin.pulses:
        return [*blocks, *nothing_yet(w)]
    shown, more = listed(admin.pulses, _MOST_PULSES)
    for pulse in shown:
        blocks += paragraphs(standing_lines(w, pulse))
    if more:
        blocks.append(section(w.say_many("And {n} more pulse.", "And {n} more pulses.", more)))
    small = [w.say("Everything else: `/pulse help`")]
    return [*blocks, context(*([] if admin.keys_apart else [key_warning(w)]), *small)]


def _yours(w: Wording, member: MemberHome, *, has_a_role: bool) -> list[Block]:
    blocks = [divider(), header(w.plain("What Murmur stores about you"))]
    rows = [w.say("*{what}:* {content}", what=what, content=content) for what, content in member.stored]
    blocks += paragraphs(rows or [w.say("Nothing.")])
    if member.asked or member.opted_out or not has_a_role:  # who only reads or only runs it gives no answers
        answers = w.say("Your answers are not listed: while a round is open they lie sealed, afterwards they are gone.")
        blocks.append(context(answers))
    if member.paused_until is not None:
        blocks.append(section(w.say("You are on a pause until {day}.", day=w.date(member.paused_until))))
    buttons = [button(w.plain("How it works"), HOW_IT_WORKS)]
    if member.asked and not member.opted_out:
        buttons += [
            button(w.plain("Switch reminders off"), REMINDERS_OFF)
            if member.reminders
            else button(w.plain("Switch reminders on"), REMINDERS_ON),
            button(w.plain("End the pause"), RESUME_ME)
            if member.paused_until is not None
            else button(w.plain("Pause for {weeks} weeks", weeks=PAUSE_WEEKS), PAUSE_ME),
            button(w.plain("Do not ask me"), NOT_FOR_ME, confirm=leave_question(w)),
        ]
    return [*blocks, actions(*buttons)]
