"""The digest of a manager of managers: units by drivers, in the order of their names, never by result."""

from collections.abc import Sequence

from bot.views import flags, results
from bot.views.asked import ToLeader, asked_blocks
from bot.views.digest import how_to_read, key_warning
from bot.views.vocabulary import (
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    Block,
    Post,
    context,
    divider,
    fitting,
    listed,
    paragraphs,
    post,
    section,
)
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.departments import ParentDigest, TeamRow
from surveys.levels import Level

_MOST_ROWS = 40
_FEWER_ROWS = (20, 10, 0)  # where flags and requests leave less room in a message
_MOST_FLAGS = 10
_MOST_REFUSED = 12  # names in one refusal, so that its text fits a section


def parent_post(w: Wording, digest: ParentDigest, *, keys_apart: bool = True, asked: ToLeader | None = None) -> Post:
    """The message: flags first, what managers asked of the reader, the parent's own words, then one line a unit."""
    blocks: list[Block] = [section(_first_words(w))] if digest.first else []
    blocks += [section(_title(w, digest)), *_flags(w, digest)]
    blocks += [*(asked_blocks(w, asked) if asked is not None else []), divider()]
    last = [] if keys_apart else [context(key_warning(w))]
    for most in (_MOST_ROWS, *_FEWER_ROWS):
        whole = [*blocks, *_units(w, digest, most), *last]
        if len(fitting(whole, MESSAGE_BLOCKS, MESSAGE_TEXT)) == len(whole):
            break  # else a part of the units would be cut off, and nothing would say so
    return post(w.say("Your Murmur digest is ready"), whole)


def _first_words(w: Wording) -> Mrkdwn:
    order = w.say(
        "Units stand in alphabetical order. Of a unit's flag, and of its end, you hear two working days after its"
        " own manager."
    )
    return joined([how_to_read(w), order], " ")


def summary(w: Wording, digest: ParentDigest) -> list[Block]:
    """The same for Home, without what stands around it."""
    return [section(_title(w, digest)), *_flags(w, digest), *_units(w, digest)]


def _title(w: Wording, digest: ParentDigest) -> Mrkdwn:
    shown = [results.level_word(w, level) for level in digest.own if level.word is not None]
    title = w.say("*{name}, {day}*", name=digest.name, day=w.date(digest.on))
    if not shown:
        return title
    return joined([title, w.say("*This round, all units together:* {levels}", levels=results.dot_joined(shown))])


def _flags(w: Wording, digest: ParentDigest) -> list[Block]:
    lines = [
        w.say("*{unit}.* {flag}", unit=row.name, flag=flags.notice_sentence(w, notice, digest.on))
        for row in digest.rows
        for notice in row.notices
    ]
    over = [
        w.say("*{unit}.* {ending}", unit=row.name, ending=flags.ending_line(w, ending, digest.on))
        for row in digest.rows
        for ending in row.endings
    ]
    chance = [context(_promise(w, digest.false_flag_months))] if lines else []
    return [*_most(w, lines or [w.say("No flag stands.")]), *chance, *_most(w, over)]


def _promise(w: Wording, months: int) -> Mrkdwn:
    """How often chance alone raises a flag: the promise holds for each manager below, not for all of them together."""
    if months == 6:
        return w.say(
            "For the manager of a unit, chance alone raises at most one flag in half a year, on average; in all units"
            " together it raises more."
        )
    return w.say_many(
        "For the manager of a unit, chance alone raises at most one flag in {n} month, on average; in all units"
        " together it raises more.",
        "For the manager of a unit, chance alone raises at most one flag in {n} months, on average; in all units"
        " together it raises more.",
        months,
    )


def _most(w: Wording, lines: Sequence[Mrkdwn]) -> list[Block]:
    shown, more = listed(lines, _MOST_FLAGS)
    return paragraphs([*shown, *([w.say_many("And {n} more flag.", "And {n} more flags.", more)] if more else [])])


def _units(w: Wording, digest: ParentDigest, most: int = _MOST_ROWS) -> list[Block]:
    shown, more = listed(digest.rows, most)
    lines = [_row(w, row) for row in shown if _words(w, row.levels)]
    lines += [w.say_many("And {n} more unit.", "And {n} more units.", more)] if more else []
    refused = [_refused(w, w.plain("The units together"), digest.own)]
    refused += [_refused(w, row.name, row.levels) for row in shown]
    names = [name for name in refused if name]
    parts = [names[first : first + _MOST_REFUSED] for first in range(0, len(names), _MOST_REFUSED)]
    return [*paragraphs(lines), *(results.refusal_block(w, part) for part in parts)]


def _refused(w: Wording, name: str, levels: Sequence[Level]) -> str:
    """What is withheld of a unit, as a refusal names it: "Vision", or "Vision (Growth)"; "" if nothing is."""
    withheld = [level.driver for level in levels if level.word is None]
    if len(withheld) == len(levels):
        return name
    return w.plain("{unit} ({drivers})", unit=name, drivers=w.names(results.driver_names(withheld))) if withheld else ""


def _row(w: Wording, row: TeamRow) -> Mrkdwn:
    # Slack drops leading spaces; an en space is kept and shows the tree.
    indent = "\u2002" * 2 * min(row.depth, 5)
    words = results.dot_joined(_words(w, row.levels))
    return joined([Mrkdwn(indent), w.say("*{unit}* · {words}", unit=row.name, words=words)], "")


def _words(w: Wording, levels: tuple[Level, ...]) -> list[Mrkdwn]:
    return [results.level_line(w, level) for level in levels if level.word is not None]
