"""The one sentence on top of a digest: how the team is, in words."""

from bot.views.wording import Mrkdwn, Wording
from surveys.digests import Digest
from surveys.levels import Level

_LOW = 1  # up to this band a level is told as trouble ("weak"; burnout: "high")
_HIGH = 3  # from this band a level is told as strength ("good"; burnout: "low")


def headline(w: Wording, digest: Digest) -> Mrkdwn | None:
    """How `digest.unit` is: its lowest level, flagged drivers before others, and its highest, recovered ones first;
    None when nothing of the round may be shown.
    """
    flagged = {notice.driver.id for notice in digest.notices}
    shown = sorted((n for n in digest.levels if n.height is not None), key=lambda n: n.height or 0)
    low = [level for level in shown if level.band is not None and level.band <= _LOW]
    low.sort(key=lambda level: level.driver.id not in flagged)
    high = [n for n in shown if n.band is not None and n.band >= _HIGH and n.driver.id not in flagged]
    high.sort(key=lambda level: level.driver.id in {recovery.driver.id for recovery in digest.recoveries})
    if low and high:
        return w.say("{low}, but {high}", low=_phrase(w, low[0]), high=_phrase(w, high[-1]))
    if low:
        return w.say("{low}", low=_phrase(w, low[0]))
    if digest.notices:
        return w.say("{driver} needs a look", driver=digest.notices[0].driver.name)
    if high:
        return w.say("{high}", high=_phrase(w, high[-1]))
    return w.say("nothing stands out") if shown else None


def _phrase(w: Wording, level: Level) -> Mrkdwn:
    phrases = _phrases(w).get(level.driver.id)
    if phrases is None or level.band is None:
        return w.say("{driver} {word}", driver=level.driver.name, word=level.word or "")
    return phrases[0] if level.band <= _LOW else phrases[1]


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
