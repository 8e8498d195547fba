"""How many answers a result of a pulse needs: a small window."""

from bot.views.inputs import Choice, field, menu
from bot.views.vocabulary import View, context, modal
from bot.views.wording import Wording, joined
from surveys.release import FLOOR

THRESHOLD_FORM = "threshold.form"
"""callback_id of the window."""

THRESHOLD = "threshold"
"""block_id and action_id of its one field; the values are numbers."""

HIGHEST = 15


def threshold_form(w: Wording, *, pulse: str, current: int, smallest: int, private_metadata: str = "") -> View:
    """The window; `smallest` is the number of people in the smallest unit that can have results, 0 if none can."""
    choices = [Choice(text=w.plain("{n} answers", n=n), value=str(n)) for n in range(FLOOR, HIGHEST + 1)]
    hides = w.say("A higher number hides people better and shows less. Full turnout is never told.")
    size = w.say(
        "The smallest unit has {smallest} people; it needs one person more than this number.", smallest=smallest
    )
    return modal(
        w.plain("Answers a result needs"),
        [
            field(
                w.plain("{pulse}: how many answers does a result need?", pulse=pulse),
                menu(THRESHOLD, choices, initial=str(min(max(current, FLOOR), HIGHEST))),
                block_id=THRESHOLD,
                hint=w.plain("It counts from the next round on. It is never fewer than {floor}.", floor=FLOOR),
            ),
            context(joined([hides, size], " ") if smallest else hides),
        ],
        callback_id=THRESHOLD_FORM,
        submit=w.plain("Save"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )
