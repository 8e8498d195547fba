"""What became of a promise, in words."""

from bot.views.wording import Wording
from surveys.promises import Fate, Promised


def what_became(w: Wording, promise: Promised) -> str:
    """What became of a promise, in a sentence; still to be escaped."""
    day = w.date(promise.ended_on or promise.made_on)
    match promise.fate:
        case Fate.OPEN:
            return w.plain("Still to be done.")
        case Fate.KEPT:
            return w.plain("Marked as kept on {day}.", day=day)
        case Fate.TAKEN_BACK:
            return w.plain("Taken back on {day}.", day=day)
        case Fate.REPLACED:
            return w.plain("Replaced by another on {day}.", day=day)
