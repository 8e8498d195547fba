"""The digest of a manager of managers: teams by drivers, in the order of their names, never by result.

Its reader hears of flags later than each team's own manager. So everything it says of them is said of the day on which
they were so, in words that are the same whether or not something has changed since.
"""

from collections.abc import Mapping, Sequence
from datetime import date

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
from surveys.notices import Notice

_MOST_ROWS = 40
_FEWER_ROWS = (20, 10, 0)  # where flags and requests leave less room in a message
_MOST_FLAGS = 10
_MOST_REFUSED = 12  # names in one refusal, so that its text fits a section


def parent_post(w: Wording, digest: ParentDigest, *, keys_apart: bool = True, asked: ToLeader | None = None) -> Post:
    """The message: flags first, what managers asked of the reader, the parent's own words, then one line a team."""
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
        "Teams stand in alphabetical order. Of a team's flag, and of its end, you hear two working days after its"
        " own manager: on Murmur's Home, and here in the digest after that."
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
    return joined([title, w.say("*This round, all teams together:* {levels}", levels=results.dot_joined(shown))])


def _flags(w: Wording, digest: ParentDigest) -> list[Block]:
    on = digest.flags_on
    lines = [_flag(w, row.name, notice, on) for row in digest.rows for notice in row.notices] if on is not None else []
    over = [
        w.say("*{unit}.* {ending}", unit=row.name, ending=flags.ending_line(w, ending, digest.on))
        for row in digest.rows
        for ending in row.endings
    ]
    chance = [context(_promise(w, digest.false_flag_months, len(digest.rows)))] if lines else []
    return [section(_as_of(w, on, flagged=bool(lines))), *_most(w, lines), *chance, *_most(w, over)]


def _as_of(w: Wording, on: date | None, *, flagged: bool) -> Mrkdwn:
    """Of which day flags are told: always the same words, whatever has come since."""
    if on is None:
        return w.say("*Flags:* none is told here yet. Each team's own manager hears first.")
    day = w.date(on)
    title = w.say("*Flags as of {day}.*", day=day) if flagged else w.say("*Flags as of {day}:* none.", day=day)
    first = w.say("Each team's own manager hears first; news since then, if there is any, is told here later.")
    return joined([title, first], " ")


def _flag(w: Wording, team: str, notice: Notice, on: date) -> Mrkdwn:
    """A flag as it stood on a day. That it was raised stays true, whatever became of it since."""
    flag = w.say(
        "*{team}.* :triangular_flag_on_post: *{driver}: flagged on {day}.* It began probably around {since}.",
        team=team,
        driver=notice.driver.name,
        day=w.date(notice.raised_on),
        since=w.date(notice.since),
    )
    return flag if notice.worse else joined([flag, w.say("By {day} it looked better.", day=w.date(on))], " ")


def _promise(w: Wording, months: int, teams: int) -> Mrkdwn:
    """How often chance alone raises a flag: the promise holds for each manager below; together they may have as many
    as there are teams.
    """
    if months == 6:
        each = w.say("For each team's manager, chance alone raises at most one flag in half a year, on average.")
    else:
        each = w.say_many(
            "For each team's manager, chance alone raises at most one flag in {n} month, on average.",
            "For each team's manager, chance alone raises at most one flag in {n} months, on average.",
            months,
        )
    if teams < 2:
        return each
    return joined([each, w.say("Over {teams} teams that can be up to {teams}.", teams=teams)], " ")


def _most(w: Wording, lines: Sequence[Mrkdwn]) -> list[Block]:
    shown, more = listed(lines, _MOST_FLAGS)
    return paragraphs([*shown, *([w.say_many("And {n} more flag.", "And {n} more flags.", more)] if more else [])])


def _units(w: Wording, digest: ParentDigest, most: int = _MOST_ROWS) -> list[Block]:
    shown, more = listed(digest.rows, most)
    lines = [_row(w, row) for row in shown if any(level.word is not None for level in row.levels)]
    lines += [w.say_many("And {n} more team.", "And {n} more teams.", more)] if more else []
    refused = [_refused(w, w.plain("All teams together"), digest.own)]
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
    flagged_on = {notice.driver.id: notice.raised_on for notice in row.notices}
    words = results.dot_joined(_words(w, row.levels, flagged_on))
    return joined([Mrkdwn(indent), w.say("*{unit}* · {words}", unit=row.name, words=words)], "")


def _words(w: Wording, levels: tuple[Level, ...], flagged_on: Mapping[str, date]) -> list[Mrkdwn]:
    """This round in words, with the day of the flag on a driver, by its id."""
    return [_word(w, level, flagged_on.get(level.driver.id)) for level in levels if level.word is not None]


def _word(w: Wording, level: Level, flagged_on: date | None) -> Mrkdwn:
    said = results.level_words(w, level)
    if flagged_on is None:
        return said
    return joined([said, w.say("(flagged on {day})", day=w.date(flagged_on))], " ")
