"""How flags are said, wherever they are shown: what stands, on what evidence, what ended and why.

All pictures of a driver's rounds run the same way, under the same label.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from bot.views.wording import Mrkdwn, Wording, joined
from surveys.levels import Level
from surveys.notices import Ending, Notice
from surveys.questions import Driver

_BARS = "▁▂▄▅▇█"
_HARMS = frozenset({"burnout"})
"""Drivers named after what goes wrong: a taller bar shows more of it, as its name makes people expect."""


def notice_line(w: Wording, notice: Notice, on: date, chance: Mrkdwn | None = None) -> Mrkdwn:
    """A flag with its evidence: since when, how sure, and how often `chance` alone would do this, which is said of
    the first flag for all of them.
    """
    parts = [notice_sentence(w, notice, on), _levels(w, notice), _strength(w, notice, on)]
    return joined([*parts, chance] if chance is not None else parts, " ")


def notice_sentence(w: Wording, notice: Notice, on: date) -> Mrkdwn:
    """A flag in a sentence or two, where the evidence stands elsewhere. That something is getting worse is news on
    the day of the flag only; later it says what holds by then.
    """
    since = w.date(notice.since)
    if notice.raised_on >= on:
        flag = w.say(":triangular_flag_on_post: *{worse}.*", worse=notice.driver.worse)
        return joined([flag, w.say("Flagged now; began probably around {since}.", since=since)], " ")
    weeks = (on - notice.raised_on).days // 7
    if notice.worse:
        flag = w.say(":triangular_flag_on_post: *{driver}: worse than before.*", driver=notice.driver.name)
        return joined([flag, _flagged(w, weeks, since)], " ")
    flag = w.say(":triangular_flag_on_post: *{driver}: still flagged.*", driver=notice.driver.name)
    return joined([flag, _raised(w, weeks, since)], " ")


def _flagged(w: Wording, weeks: int, since: str) -> Mrkdwn:
    if weeks < 1:
        return w.say("Flagged this week, still standing; began probably around {since}.", since=since)
    return w.say_many(
        "Flagged a week ago, still standing; began probably around {since}.",
        "Flagged {n} weeks ago, still standing; began probably around {since}.",
        weeks,
        since=since,
    )


def _raised(w: Wording, weeks: int, since: str) -> Mrkdwn:
    if weeks < 1:
        return w.say("The flag is from this week; the change began probably around {since}.", since=since)
    return w.say_many(
        "The flag is a week old; the change began probably around {since}.",
        "The flag is {n} weeks old; the change began probably around {since}.",
        weeks,
        since=since,
    )


def _levels(w: Wording, notice: Notice) -> Mrkdwn:
    """The level over the last rounds; what it was when it was flagged, if that differs; and before the change. All
    are averages, and say so: the picture beside them shows single rounds, and need not reach back so far.
    """
    last, now, then = _last_times(w, notice.rounds), notice.now, notice.then
    if then == now and notice.before == now:
        return w.say("{last}: {now}, as before: the change is smaller than one word.", last=last, now=now)
    parts = [w.say("{last}: {now}", last=last, now=now)]
    parts += [w.say("when flagged: {word}", word=then)] if then != now else []
    parts += [w.say("before the change: {word}", word=notice.before)] if notice.before is not None else []
    return w.say("{words}.", words=joined(parts, "; "))


def _last_times(w: Wording, rounds: int) -> Mrkdwn:
    return w.say_many("Last time asked", "On average over the last {n} times asked", rounds)


def _strength(w: Wording, notice: Notice, on: date) -> Mrkdwn:
    """How strong the evidence was on the day of the flag, which no later round changes; while things ease, why the
    flag stands all the same.
    """
    strength = _strength_word(w, notice.strength)
    if notice.raised_on >= on:
        return w.say("Evidence: {strength}.", strength=strength)
    if notice.worse:
        return w.say("Evidence when flagged: {strength}.", strength=strength)
    return w.say("It looks better by now; the flag stands until the recovery is clear.")


def _strength_word(w: Wording, strength: str) -> Mrkdwn:
    match strength:
        case "very strong":
            return w.say("very strong")
        case "strong":
            return w.say("strong")
        case _:
            return w.say("some")


def promise(w: Wording, months: int) -> Mrkdwn:
    """To a manager: how often chance alone raises a flag for them."""
    if months == 6:
        return w.say("Chance alone raises at most one flag for you in half a year, on average.")
    return w.say_many(
        "Chance alone raises at most one flag for you in {n} month, on average.",
        "Chance alone raises at most one flag for you in {n} months, on average.",
        months,
    )


def promise_to_managers(w: Wording, months: int) -> Mrkdwn:
    """The same to a team, which reads what was promised to its managers."""
    if months == 6:
        return w.say("Chance alone raises at most one flag for a manager in half a year, on average.")
    return w.say_many(
        "Chance alone raises at most one flag for a manager in {n} month, on average.",
        "Chance alone raises at most one flag for a manager in {n} months, on average.",
        months,
    )


def ending_line(w: Wording, ending: Ending, on: date) -> Mrkdwn:
    """That a flag is over, and why; said once."""
    if ending.recovered:
        return w.say(
            ":seedling: *{better}.* The flag of {day} no longer stands.",
            better=ending.driver.better,
            day=w.date(ending.raised_on),
        )
    what = w.say_many(
        "*{driver}: the flag is put down.* Flagged {n} week ago and no longer shown: by now acted on, or the new"
        " normal.",
        "*{driver}: the flag is put down.* Flagged {n} weeks ago and no longer shown: by now acted on, or the new"
        " normal.",
        (on - ending.raised_on).days // 7,
        driver=ending.driver.name,
    )
    last = _last_times(w, ending.rounds)
    level = (
        w.say("{last}: still {now}.", last=last, now=ending.now)
        if ending.still
        else w.say("{last}: {now}.", last=last, now=ending.now)
    )
    return joined([what, level], " ")


def story_line(w: Wording, notice: Notice, *, with_picture: bool) -> Mrkdwn:
    """The last rounds in words, for whoever cannot see a picture of them; before it a small one, if wanted."""
    story = notice.story
    days = [w.date(level.on) for level in (story[:1] + story[-1:])]
    words = w.say_many(
        "{label}. {last}: {words}",
        "{label}. {n} rounds one by one, {first} to {last}: {words}",
        len(story),
        label=story_label(w, notice.driver),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        words=_story_words(w, story),
    )
    if not with_picture:
        return words
    picture = Mrkdwn("".join(_BARS[height(level) - 1] for level in story))
    return w.say("`{picture}` {words}", picture=picture, words=words)


def story_label(w: Wording, driver: Driver) -> str:
    """What stands on every picture of a driver's rounds, still to be escaped: all of them run the same way."""
    if driver.id in _HARMS:
        return w.plain("{driver}, higher is worse", driver=driver.name)
    return w.plain("{driver}, higher is better", driver=driver.name)


def height(level: Level) -> int:
    """How high a level that is shown stands in every picture: from 1 on, more of what its driver is named after."""
    return height_of(level.driver, level.band or 0)


def height_of(driver: Driver, band: int) -> int:
    """How high a band of a driver stands in every picture."""
    return len(driver.level_words) - band if driver.id in _HARMS else band + 1


def _story_words(w: Wording, story: Sequence[Level]) -> Mrkdwn:
    """ "some for 3 rounds, high": equal neighbours told together."""
    runs = [(word, len(list(run))) for word, run in groupby(story, key=lambda level: level.word)]
    return joined([w.say_many("{word}", "{word} for {n} rounds", n, word=word or "") for word, n in runs], ", ")
