"""The one sentence on top of a digest: how the team is, in words."""

from collections.abc import Sequence

from bot.views.wording import Mrkdwn, Wording
from surveys.digests import Digest
from surveys.levels import Level
from surveys.notices import Ending, Notice
from surveys.questions import Driver

_LOW = 1  # up to this band a level is told as trouble ("weak"; burnout: "high")
_HIGH = 3  # from this band a level is told as strength ("good"; burnout: "low")


def headline(w: Wording, digest: Digest) -> Mrkdwn | None:
    """How `digest.unit` is; None when nothing of the round may be shown.

    While a flag stands, its driver leads and nothing is praised; in the week in which a flag is put down nothing is
    praised either. In that of a recovery the recovered driver leads. Else the lowest level and the highest. Levels
    are those of the last rounds where there are enough: a single round follows the item that was asked.
    """
    shown = [level for level in digest.levels if level.steady is not None]
    if digest.notices:
        return _flagged(w, digest.notices)
    if not shown:
        return None
    if digest.put_down:
        ended = min(digest.put_down, key=lambda one: one.band)
        return _phrase(w, ended.driver, ended.band, ended.now) if ended.band <= _LOW else w.say("no clear change")
    if digest.recoveries:
        return _recovered(w, digest.recoveries, shown)
    low, high = min(shown, key=_place), max(shown, key=_place)
    if _place(low)[0] <= _LOW and _place(high)[0] >= _HIGH:
        return w.say("{low}, but {high}", low=_of_level(w, low), high=_of_level(w, high))
    if _place(low)[0] <= _LOW:
        return _of_level(w, low)
    return _of_level(w, high) if _place(high)[0] >= _HIGH else w.say("nothing stands out")


def in_front(digest: Digest) -> Ending | None:
    """The recovery that the headline tells of, if it does."""
    shown = any(level.steady is not None for level in digest.levels)
    if digest.notices or digest.put_down or not shown or not digest.recoveries:
        return None
    return _furthest(digest.recoveries)


def _furthest(recoveries: Sequence[Ending]) -> Ending:
    return max(recoveries, key=lambda ending: ending.band)


def _place(level: Level) -> tuple[int, float]:
    """The band that tells most of a level that is shown; where it is alike, the round's own decides."""
    return level.steady or 0, level.height or 0.0


def _flagged(w: Wording, notices: Sequence[Notice]) -> Mrkdwn:
    """The newest flag leads; a second is named where there is a phrase for it."""
    newest = notices[0]
    if newest.band > _LOW:
        return w.say("{driver} needs a look", driver=newest.driver.name)
    lead = _phrase(w, newest.driver, newest.band, newest.now)
    second = next((one for one in notices[1:] if one.band <= _LOW), None)
    if second is None:
        return lead
    return w.say("{first}, and {second}", first=lead, second=_phrase(w, second.driver, second.band, second.now))


def _recovered(w: Wording, recoveries: Sequence[Ending], shown: Sequence[Level]) -> Mrkdwn:
    """The driver that has recovered furthest, and the lowest of the others if that is trouble."""
    better = _furthest(recoveries).driver.better
    over = {ending.driver.id for ending in recoveries}
    low = min((level for level in shown if level.driver.id not in over), key=_place, default=None)
    if low is None or _place(low)[0] > _LOW:
        return w.say("{better}", better=better)
    return w.say("{better}, but the team is {low}", better=better, low=_of_level(w, low))


def _of_level(w: Wording, level: Level) -> Mrkdwn:
    recent = level.recent_word
    return _phrase(w, level.driver, level.steady or 0, level.word or "" if recent is None else recent)


def _phrase(w: Wording, driver: Driver, band: int, word: str) -> Mrkdwn:
    phrases = _phrases(w).get(driver.id)
    if phrases is None:
        return w.say("{driver} {word}", driver=driver.name, word=word)
    return phrases[0] if band <= _LOW else phrases[1]


def _phrases(w: Wording) -> dict[str, tuple[Mrkdwn, Mrkdwn]]:
    """By driver, how a team is that is low in it, and one that is high; each fits "the team is ..."."""
    return {
        "burnout": (w.say("tired"), w.say("rested")),
        "autonomy": (w.say("with little say in its work"), w.say("in charge of its work")),
        "meaningful-work": (w.say("in doubt that its work matters"), w.say("doing work that matters to it")),
        "purpose": (w.say("unsure where things are heading"), w.say("clear about where things are heading")),
        "experimentation": (w.say("short of room to experiment"), w.say("free to try things")),
        "ai-leadership": (w.say("not understood by its leaders"), w.say("understood by its leaders")),
        "open-dialogue": (w.say("careful about speaking up"), w.say("at ease speaking up")),
        "collaboration": (w.say("cut off from other teams"), w.say("working well with other teams")),
        "growth": (w.say("short of room to grow"), w.say("learning")),
        "flexibility": (w.say("tied to place and hours"), w.say("free in when and where it works")),
        "balance": (w.say("short of time for the rest of life"), w.say("keeping work in its place")),
        "reward": (w.say("feeling its work is not rewarded fairly"), w.say("feeling fairly rewarded")),
        "morale": (w.say("low in spirits"), w.say("in good spirits")),
    }
