"""How many answers a result of a pulse needs: a small window, and the answers to `/pulse threshold 7`."""

from bot.views.commands import typed
from bot.views.inputs import Choice, field, menu
from bot.views.vocabulary import Post, View, context, modal, post, section
from bot.views.wording import Mrkdwn, Wording, joined
from surveys.release import FLOOR

THRESHOLD_FORM = "threshold.form"
"""callback_id of the window."""

THRESHOLD = "threshold"
"""block_id and action_id of its one field; the values are numbers."""

HIGHEST = 15

_TYPED = 20  # characters of what somebody typed that are said again


def threshold_form(w: Wording, *, pulse: str, current: int, smallest: int, private_metadata: str = "") -> View:
    """The window; `smallest` is the number of people in the smallest unit that can have results, 0 if none can."""
    choices = [Choice(text=w.plain("{n} answers", n=n), value=str(n)) for n in range(FLOOR, HIGHEST + 1)]
    hides = w.say(
        "A higher number protects people better, and fewer results are shown. A group needs at least one person more"
        " than this number, so that a result never shows that everybody answered."
    )
    size = w.say(
        "Your smallest group has {smallest} people: with a number above {most} it shows nothing.",
        smallest=smallest,
        most=smallest - 1,
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
            context(joined([hides, size], " ") if 0 < smallest <= HIGHEST else hides),
        ],
        callback_id=THRESHOLD_FORM,
        submit=w.plain("Save"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def threshold_set(
    w: Wording,
    *,
    pulse: str,
    threshold: int,
    before: int,
    called: str = "",
    silent: int = 0,
    now_open: int | None = None,
) -> Post:
    """After a new threshold was chosen. `silent`: how many units have too few people for it. `now_open`: what holds for
    the round that is open, None without one.
    """
    text = w.say(
        "*{pulse} needs {threshold} answers for a result* from the next round on; it was {before}.",
        pulse=pulse,
        threshold=threshold,
        before=before,
    )
    if now_open is not None:
        text = joined([text, w.say("The round that is open keeps {number}.", number=now_open)], " ")
    if silent:
        text = joined([text, _silent(w, silent)], " ")
    undo = w.say("To undo it: {command}.", command=typed(w, "threshold", called, str(before)))
    return post(text, [section(text), context(undo)])


def _silent(w: Wording, units: int) -> Mrkdwn:
    return w.say_many(
        "{n} unit has too few people for that and will show nothing.",
        "{n} units have too few people for that and will show nothing.",
        units,
    )


def threshold_as_it_is(w: Wording, *, pulse: str, threshold: int) -> Post:
    """When the number that was typed holds already."""
    text = w.say("{pulse} needs {threshold} answers for a result already.", pulse=pulse, threshold=threshold)
    return post(text, [section(text)])


def threshold_refused(w: Wording, *, pulse: str, number: str, current: int) -> Post:
    """When what was typed is no number that a threshold can be."""
    text = w.say(
        "“{number}” cannot be the threshold of {pulse}: it is a number from {floor} to {highest}, never fewer than"
        " {floor}, to protect people. Nothing was changed; it is {current}.",
        number=number[:_TYPED],
        pulse=pulse,
        floor=FLOOR,
        highest=HIGHEST,
        current=current,
    )
    return post(text, [section(text)])
