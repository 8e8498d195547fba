"""How results are said, wherever they are shown: to managers in digests, to teams in Home.

Levels are words. A direction is named only together with a flag. What is withheld is said in one wording.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from bot.views.vocabulary import Block, Element, View, button, modal, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.digests import Digest, Named
from surveys.levels import Change, Level
from surveys.notices import Notice, Recovery
from surveys.questions import Driver

WHY = "results.why"
"""Button beside every refusal; it carries nothing, the answer is always the same."""

WHY_PAGE = "results.why_page"
"""callback_id of the page behind it."""

_BARS = "▁▂▄▅▇█"
_GAP = "·"

_HARMS = frozenset({"burnout"})
"""Drivers named after what goes wrong: a taller bar shows more of it, as its name makes people expect."""


def dot_joined(parts: Iterable[Mrkdwn]) -> Mrkdwn:
    """Short facts on one line."""
    return joined(list(parts), " · ")


def level_line(w: Wording, level: Level) -> Mrkdwn:
    """ "Burnout: high, worse"; only for levels that are shown."""
    match level.change:
        case Change.WORSE:
            return w.say("{driver}: {word}, worse", driver=level.driver.name, word=level.word or "")
        case Change.BETTER:
            return w.say("{driver}: {word}, better", driver=level.driver.name, word=level.word or "")
        case Change.UNCLEAR:
            return w.say("{driver}: {word}, no clear change", driver=level.driver.name, word=level.word or "")


def level_word(w: Wording, level: Level) -> Mrkdwn:
    """ "Autonomy: good", a level without its direction."""
    return w.say("{driver}: {word}", driver=level.driver.name, word=level.word or "")


def named_line(w: Wording, named: Named) -> Mrkdwn:
    """What became of a question with choices; only for those that are shown."""
    if named.option is None:
        return w.say("{driver}: no answer stands out", driver=named.driver.name)
    return w.say("{driver}: six in ten or more answered “{option}”", driver=named.driver.name, option=named.option)


def notice_line(w: Wording, notice: Notice, on: date, months: int) -> Mrkdwn:
    """A flag with its evidence: since when, how sure, and how often chance alone would do this."""
    return joined(
        [
            w.say(":triangular_flag_on_post: *{worse}.*", worse=notice.driver.worse),
            _flagged(w, notice, on),
            _before_and_now(w, notice),
            _strength(w, notice.strength),
            promise(w, months),
        ],
        " ",
    )


def notice_sentence(w: Wording, notice: Notice, on: date) -> Mrkdwn:
    """A flag in a sentence or two, where the evidence stands elsewhere."""
    flag = w.say(":triangular_flag_on_post: *{worse}.*", worse=notice.driver.worse)
    return joined([flag, _flagged(w, notice, on)], " ")


def _flagged(w: Wording, notice: Notice, on: date) -> Mrkdwn:
    weeks = (on - notice.raised_on).days // 7
    since = w.date(notice.since)
    if notice.raised_on >= on:
        return w.say("Flagged now; began probably around {since}.", since=since)
    if weeks < 1:
        return w.say("Flagged this week, still standing; began probably around {since}.", since=since)
    return w.say_many(
        "Flagged a week ago, still standing; began probably around {since}.",
        "Flagged {n} weeks ago, still standing; began probably around {since}.",
        weeks,
        since=since,
    )


def _before_and_now(w: Wording, notice: Notice) -> Mrkdwn:
    if notice.before is None:
        return w.say_many("Last time asked: {now}.", "Last {n} times asked: {now}.", notice.rounds, now=notice.now)
    if notice.before == notice.now:
        return w.say("Then and now the word is {now}; it changed within that word.", now=notice.now)
    return w.say_many(
        "Last time asked: {now}; before: {before}.",
        "Last {n} times asked: {now}; before: {before}.",
        notice.rounds,
        now=notice.now,
        before=notice.before,
    )


def _strength(w: Wording, strength: str) -> Mrkdwn:
    match strength:
        case "very strong":
            return w.say("Evidence: very strong.")
        case "strong":
            return w.say("Evidence: strong.")
        case _:
            return w.say("Evidence: some.")


def promise(w: Wording, months: int) -> Mrkdwn:
    """How often a flag is raised by chance, as every flag says."""
    if months == 6:
        return w.say("Chance alone raises at most one flag in half a year, on average.")
    return w.say_many(
        "Chance alone raises at most one flag in {n} month, on average.",
        "Chance alone raises at most one flag in {n} months, on average.",
        months,
    )


def recovery_line(w: Wording, recovery: Recovery) -> Mrkdwn:
    """That a flag is over."""
    return w.say(
        ":seedling: *{better}.* The flag of {day} no longer stands.",
        better=recovery.driver.better,
        day=w.date(recovery.raised_on),
    )


def story_line(w: Wording, notice: Notice) -> Mrkdwn:
    """The last rounds as a small picture, and the same in words for whoever cannot see it."""
    meaning = w.say("taller is more") if notice.driver.id in _HARMS else w.say("taller is better")
    picture = Mrkdwn("".join(_bar(level) for level in notice.story))
    return w.say_many(
        "`{picture}` the last round: {words}",
        "`{picture}` {n} rounds, oldest first, {meaning}: {words}",
        len(notice.story),
        picture=picture,
        meaning=meaning,
        words=_story_words(w, notice.story),
    )


def _bar(level: Level) -> str:
    if level.band is None:
        return _GAP
    return _BARS[-1 - level.band if level.driver.id in _HARMS else level.band]


def _story_words(w: Wording, story: Sequence[Level]) -> Mrkdwn:
    """ "some 3 times, high twice": equal neighbours told together."""
    runs = [(word, len(list(run))) for word, run in groupby(story, key=lambda level: level.word)]
    told = [
        w.say_many("{word}", "{word} {n} times", n, word=word)
        if word is not None
        else w.say_many("not shown", "not shown {n} times", n)
        for word, n in runs
    ]
    return joined(told, ", ")


def participation(w: Wording, band: int) -> Mrkdwn:
    """How many answered, as a band."""
    match band:
        case 0:
            return w.say("Under half answered.")
        case 1:
            return w.say("Half to four fifths answered.")
        case _:
            return w.say("More than four fifths answered.")


def tone_line(w: Wording, band: int) -> Mrkdwn:
    """How the comments sound, all together."""
    match band:
        case 0:
            tone = w.say("more negative than positive")
        case 1:
            tone = w.say("mixed")
        case _:
            tone = w.say("more positive than negative")
    return w.say("*Comments:* {tone} in tone. Only the tone is counted; nobody reads them.", tone=tone)


def refusal(w: Wording, names: Sequence[str]) -> Mrkdwn:
    """The one wording for everything that may not be shown, whatever the cause."""
    return w.say("{names}: Not shown, to protect people. This says nothing about the answers.", names=w.names(names))


def refusal_block(w: Wording, names: Sequence[str]) -> Block:
    """The refusal, with the button that tells why."""
    return section(refusal(w, names), accessory=why_button(w))


def why_button(w: Wording) -> Element:
    """The button beside a refusal."""
    return button(w.plain("Why?"), WHY, label=w.plain("Why is this not shown?"))


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
    lines = [notice_line(w, notice, digest.on, digest.false_flag_months) for notice in digest.notices]
    lines += [recovery_line(w, recovery) for recovery in digest.recoveries]
    shown = dot_joined(shown_lines(w, digest))
    lines += [shown] if shown else []
    lines += [refusal(w, driver_names(digest.withheld))] if digest.withheld else []
    lines += [participation(w, digest.participation)] if digest.participation is not None else []
    lines += [tone_line(w, digest.tone)] if digest.tone is not None else []
    lines += [earlier_line(w, digest.earlier)] if digest.earlier else []
    return lines


def shown_lines(w: Wording, digest: Digest) -> list[Mrkdwn]:
    """What was asked this round and may be shown, a short phrase each; in a quiet week without directions."""
    told = level_word if digest.quiet else level_line
    levels = [told(w, level) for level in digest.levels if level.word is not None]
    return levels + [named_line(w, named) for named in digest.named if named.shown]


def driver_names(drivers: Iterable[Driver]) -> list[str]:
    """Names to list in a sentence, none twice."""
    return list(dict.fromkeys(driver.name for driver in drivers))
