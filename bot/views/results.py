"""How results are said, wherever they are shown: to managers in digests, to teams in Home.

Levels are words. A direction is named only together with a flag. What is withheld is said in one wording.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from bot.views.flags import (
    ending_line,
    grounds_line,
    meaning_line,
    notice_line,
    promise_to_managers,
    recovery_line,
    regrouped_line,
)
from bot.views.headline import in_front
from bot.views.vocabulary import Block, Element, View, button, modal, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.digests import Digest, Named
from surveys.levels import Change, Level
from surveys.notices import Notice
from surveys.questions import Driver

WHY = "results.why"
"""Button beside every refusal; it carries nothing, the answer is always the same."""

WHY_PAGE = "results.why_page"
"""callback_id of the page behind it."""

REPORT = "results.report"
"""Button that opens everything there is to say about a digest's flags; its value is a round and a unit, "12:3"."""


def dot_joined(parts: Iterable[Mrkdwn]) -> Mrkdwn:
    """Short facts on one line."""
    return joined(list(parts), " · ")


def level_line(w: Wording, level: Level) -> Mrkdwn:
    """ "Burnout: high (last five: some), flagged 3 weeks ago", what holds now; only for levels that are shown."""
    said = level_words(w, level)
    match level.change:
        case Change.WORSE:
            return w.say("{level}, worse than before", level=said)
        case Change.FLAGGED:
            return joined([said, _flagged_ago(w, level)], ", ")
        case Change.BETTER:
            return _better(w, level, said)
        case Change.UNCLEAR:
            return said


def _better(w: Wording, level: Level, said: Mrkdwn) -> Mrkdwn:
    """Better than at the flag, which need not be better than in the round before: so it says than what."""
    if level.flagged_word is None:
        return said
    return w.say("{level}, better than when flagged ({word})", level=said, word=level.flagged_word)


def level_words(w: Wording, level: Level) -> Mrkdwn:
    """ "Autonomy: good (last five: mixed)": the round's word, and where there is enough that over the last rounds."""
    if level.recent_word is None:
        return level_word(w, level)
    return w.say(
        "{driver}: {word} (last five: {recent})",
        driver=level.driver.name,
        word=level.word or "",
        recent=level.recent_word,
    )


def _flagged_ago(w: Wording, level: Level) -> Mrkdwn:
    weeks = (level.on - (level.flagged_on or level.on)).days // 7
    if weeks < 1:
        return w.say("flagged this week")
    return w.say_many("flagged a week ago", "flagged {n} weeks ago", weeks)


def level_word(w: Wording, level: Level) -> Mrkdwn:
    """ "Autonomy: good", a level without its direction."""
    return w.say("{driver}: {word}", driver=level.driver.name, word=level.word or "")


def named_line(w: Wording, named: Named) -> Mrkdwn:
    """What became of a question with choices; only for those that are shown."""
    if named.option is None:
        return w.say("{driver}: no answer stands out", driver=named.driver.name)
    return w.say("{driver}: six in ten or more answered “{option}”", driver=named.driver.name, option=named.option)


def participation(w: Wording, band: int) -> Mrkdwn:
    """How many answered, as a band."""
    match band:
        case 0:
            return w.say("Under half answered.")
        case 1:
            return w.say("Half to four fifths answered.")
        case _:
            return w.say("More than four fifths answered.")


def tone_line(w: Wording, digest: Digest) -> Mrkdwn:
    """How the comments sound, all together, and what several of them speak of; only where it is told."""
    match digest.tone:
        case 0:
            tone = w.say("more negative than positive")
        case 1:
            tone = w.say("mixed")
        case _:
            tone = w.say("more positive than negative")
    if not digest.themes:
        return w.say("*Comments:* {tone} in tone, all taken together. Nobody reads them.", tone=tone)
    names = w.names([_within(w, name) for name in driver_names(digest.themes)])
    return w.say(
        "*Comments:* {tone} in tone, all taken together. Several speak of {themes}. Nobody reads them.",
        tone=tone,
        themes=names,
    )


def _within(w: Wording, name: str) -> str:
    """A driver's name within a sentence. German writes nouns large everywhere, and "AI" is large in itself."""
    return name if w.locale.startswith("de") or name[1:2].isupper() else name[:1].lower() + name[1:]


def refusal(w: Wording, names: Sequence[str]) -> Mrkdwn:
    """The one wording for everything that may not be shown, whatever the cause."""
    return w.say("{names}: Not shown, to protect people. This says nothing about the answers.", names=w.names(names))


def refusal_block(w: Wording, names: Sequence[str]) -> Block:
    """The refusal, with the button that tells why."""
    return section(refusal(w, names), accessory=why_button(w))


def why_button(w: Wording) -> Element:
    """The button beside a refusal."""
    return button(w.plain("Why?"), WHY, label=w.plain("Why is this not shown?"))


def report_button(w: Wording, digest: Digest) -> Element:
    """The button that opens the full report of a digest; for digests that have results."""
    label = w.plain("Full report: {unit}", unit=digest.unit)
    return button(w.plain("Full report"), REPORT, value=f"{digest.round_id}:{digest.unit_id}", label=label)


def why_page(w: Wording) -> View:
    """The page behind it, always the same: what was missing could itself give someone away."""
    text = w.say(
        "A result needs five answers, or more where your admin has asked for more, and must not let anyone"
        " be worked out, alone or beside other results. Which of these was missing is not said; that too"
        " could give someone away. It never depends on what was answered."
    )
    return modal(w.plain("Why is it not shown?"), [section(text)], callback_id=WHY_PAGE, close=w.plain("Close"))


def earlier_line(w: Wording, earlier: Sequence[Level]) -> Mrkdwn:
    """The latest levels of drivers that were not asked about this time, with their days."""
    days = [
        w.say("{levels} ({day})", levels=joined([level_word(w, n) for n in levels], ", "), day=w.date(day))
        for day, levels in ((d, list(run)) for d, run in groupby(earlier, key=lambda level: level.on))
    ]
    return w.say("*Earlier:* {days}.", days=joined(days, ", "))


def result_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """Everything a digest tells about its unit, without what only its manager gets: the team's view of it."""
    chance = promise_to_managers(w, digest.false_flag_months)
    lines = [regrouped_line(w, digest.regrouped)] if digest.regrouped is not None else []
    for number, notice in enumerate(digest.notices):
        lines.append(notice_line(w, notice, digest.on, None if number else chance))
        lines += behind_lines(w, notice, digest.on)
    return lines + ending_lines(w, digest) + round_lines(w, digest)


def ending_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """The flags that ended, and why; what the headline says of one is not said again."""
    front = in_front(digest)
    return [recovery_line(w, one) if one is front else ending_line(w, one, digest.on) for one in digest.endings]


def round_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """What a digest tells of its round, flags apart, and the latest of what it did not ask."""
    lines = words_lines(w, digest)
    lines += [refusal(w, driver_names(digest.withheld))] if digest.withheld else []
    lines += [participation(w, digest.participation)] if digest.participation is not None else []
    lines += [tone_line(w, digest)] if digest.tone is not None else []
    lines += [earlier_line(w, digest.earlier)] if digest.earlier else []
    return lines


def behind_lines(w: Wording, notice: Notice, on: date) -> list[Mrkdwn]:
    """What a flag means and what it rests on, a line each; the rest is in the full report."""
    lines = meaning_line(w, notice, on), grounds_line(w, notice.grounds)
    return [line for line in lines if line is not None]


def words_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """What was asked this round and may be shown, a short phrase each; what a flag speaks of stands apart."""
    shown = [level for level in digest.levels if level.word is not None]
    named = [named_line(w, one) for one in digest.named if one.shown]
    calm = [level_line(w, level) for level in shown if level.change is Change.UNCLEAR]
    moved = [level_line(w, level) for level in shown if level.change is not Change.UNCLEAR]
    first = moved + named if moved else calm + named
    lines = [w.say("*This round:* {words}", words=dot_joined(first))] if first else []
    return lines + ([w.say("*No clear change:* {words}", words=dot_joined(calm))] if moved and calm else [])


def driver_names(drivers: Iterable[Driver]) -> list[str]:
    """Names to list in a sentence, none twice."""
    return list(dict.fromkeys(driver.name for driver in drivers))
