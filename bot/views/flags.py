"""How flags are said, wherever they are shown: what stands, on what evidence, what ended and why.

All pictures of a driver's rounds run the same way, under the same label.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from bot.views.promises import quoted
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.grounds import Grounds
from surveys.levels import Level
from surveys.notices import Ending, Notice
from surveys.questions import Driver
from surveys.regrouping import Move, Regrouping
from surveys.release import PeopleClass

_BARS = "▁▂▄▅▇█"
_HARMS = frozenset({"burnout"})
"""Drivers named after what goes wrong: a taller bar shows more of it, as its name makes people expect."""
_FEWEST = {PeopleClass.FIVE: 5, PeopleClass.SIX_SEVEN: 6, PeopleClass.EIGHT: 8}
"""How many people a class stands for at least."""


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
    are averages of several rounds: the picture beside them shows single ones, and need not reach back so far.
    """
    last, now, then = _last_times(w, notice.rounds), notice.now, notice.then
    if then == now and notice.before == now:
        return w.say("{last}: {now}, as before: the change is smaller than one word.", last=last, now=now)
    parts = [w.say("{last}: {now}", last=last, now=now)]
    parts += [w.say("when flagged: {word}", word=then)] if then != now else []
    parts += [w.say("before the change: {word}", word=notice.before)] if notice.before is not None else []
    return w.say("{words}.", words=joined(parts, "; "))


def _last_times(w: Wording, rounds: int) -> Mrkdwn:
    return w.say_many("The last time asked", "The last {n} times asked", rounds)


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


def meaning_line(w: Wording, notice: Notice, on: date) -> Mrkdwn | None:
    """What a flag means; None while things ease, when that may not hold any more."""
    if notice.raised_on < on and not notice.worse:
        return None
    return w.say("*What it means:* {sentence}", sentence=notice.driver.means)


def grounds_line(w: Wording, grounds: Grounds) -> Mrkdwn | None:
    """What a flag rests on, in one line: how many people, and what they were asked; None where nothing is known."""
    people = people_sentence(w, grounds)
    parts = [people] if people is not None else []
    if grounds.questions:
        parts.append(_asked(w, quoted(grounds.questions[0]), len(grounds.questions) - 1))
    return joined(parts, " ") if parts else None


def people_sentence(w: Wording, grounds: Grounds) -> Mrkdwn | None:
    """How many people stand behind every round of a flag, as their class tells it; None where none was shown."""
    if grounds.people is None:
        return None
    fewest = _FEWEST[grounds.people]
    if grounds.asked - grounds.withheld > 1:
        return w.say("{n} or more people answered each time.", n=fewest)
    return w.say("{n} or more people answered.", n=fewest)


def _asked(w: Wording, question: str, others: int) -> Mrkdwn:
    if not others:
        return w.say("Asked: “{question}”.", question=question)
    return w.say_many(
        "Asked: “{question}” and {n} other question.",
        "Asked: “{question}” and {n} other questions.",
        others,
        question=question,
    )


def regrouped_line(w: Wording, regrouping: Regrouping) -> Mrkdwn:
    """That a unit's teams were counted otherwise before, and what became of the flags; said once."""
    teams = w.names(regrouping.teams)
    match regrouping.move:
        case Move.TOGETHER:
            counted = w.say(
                "*{teams} are counted together from this round on*, because alone one of them would be too small.",
                teams=teams,
            )
        case Move.ALONE:
            counted = w.say("*{teams} is counted alone from this round on.*", teams=teams)
        case Move.WITHOUT:
            without = w.names(regrouping.without)
            counted = w.say("*{teams} are counted without {others} from this round on.*", teams=teams, others=without)
    if not regrouping.ended:
        return joined([counted, w.say("Flags from before do not carry over.")], " ")
    ended = [w.plain("{driver} ({day})", driver=one.driver.name, day=w.date(one.raised_on)) for one in regrouping.ended]
    told = w.say_many(
        "The flag on {flags} ended with that.",
        "The flags on {flags} ended with that.",
        len(ended),
        flags=w.names(ended),
    )
    return joined([counted, told], " ")


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


def recovery_line(w: Wording, ending: Ending) -> Mrkdwn:
    """That a flag is over, under a headline that says what has recovered."""
    return w.say(
        ":seedling: The flag of {day} no longer stands. {last}: {now}.",
        day=w.date(ending.raised_on),
        last=_last_times(w, ending.rounds),
        now=ending.now,
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
