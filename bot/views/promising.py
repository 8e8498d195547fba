"""The form in which a manager promises something, and the pages after it."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.views.inputs import Choice, field, radio, text_input
from bot.views.pages import paragraph_page
from bot.views.promises import quoted, take_back_button, undo_button, what_became
from bot.views.vocabulary import Block, Element, View, actions, context, modal, paragraphs, section
from bot.views.wording import Mrkdwn, Wording, escaped
from surveys.promises import LONGEST, Fate, Problem, Promised
from surveys.requests import Requested

FORM = "promising.form"
"""callback_id of the form."""

PAGE = "promising.page"
"""callback_id of the pages after it."""

# Every field's block_id and its element's action_id are the same.
CHOICE = "promise_choice"
WORDS = "promise_words"

SUGGESTED, OWN = "suggested", "own"
"""Values of CHOICE."""


def form(
    w: Wording,
    *,
    unit: str,
    suggestion: str,
    replaces: Promised | None,
    private_metadata: str,
    request: Requested | None = None,
) -> View:
    """The form. `suggestion` is the action of the digest, "" if it has none; `replaces` is what stands by now;
    `request` is what the promise answers, where a leader was asked.

    One's own words are chosen at first: a promise is the manager's, not Murmur's.
    """
    who = w.say("Everybody who is asked in *{unit}* reads it, and later what became of it.", unit=unit)
    blocks: list[Block] = [] if request is None else [section(_asked(w, request))]
    blocks.append(section(who))
    if replaces is not None:
        instead = w.say(
            "It takes the place of what you promised on {day}: “{text}”.",
            day=w.date(replaces.made_on),
            text=quoted(replaces.text),
        )
        blocks.append(section(instead))
    if suggestion:
        suggested = (
            w.say("*The digest suggests:* {suggestion}", suggestion=suggestion)
            if request is None
            else w.say("*What could help:* {suggestion}", suggestion=suggestion)
        )
        blocks.append(section(suggested))
        choices = [
            Choice(text=w.plain("This suggestion, word for word"), value=SUGGESTED),
            Choice(text=w.plain("My own words, below"), value=OWN),
        ]
        what = w.plain("What do you promise?")
        blocks.append(field(what, radio(CHOICE, choices, initial=OWN), block_id=CHOICE))
    hint = (
        w.plain("Your team reads this word for word, with your name. Promise what you will do, not who asked for it.")
        if request is None
        else w.plain("The team reads this word for word, with your name. Promise what you will do.")
    )
    if suggestion:
        hint = f"{w.plain('Needed unless you take the suggestion.')} {hint}"
    words = text_input(WORDS, max_length=LONGEST, placeholder=w.plain("One thing you will do, and by when."))
    blocks.append(
        field(w.plain("In your own words"), words, block_id=WORDS, hint=hint, optional=bool(suggestion)),
    )
    return modal(
        w.plain("Promise something"),
        blocks,
        callback_id=FORM,
        submit=w.plain("Promise"),
        close=w.plain("Cancel"),
        private_metadata=private_metadata,
    )


def _asked(w: Wording, request: Requested) -> Mrkdwn:
    return w.say(
        "*{name} asks, for {unit}:* “{text}”.", name=request.asker, unit=request.unit, text=quoted(request.text)
    )


def errors(w: Wording, problem: Problem, *, suggestion: str) -> dict[str, str]:
    """What is wrong in the form, beside its field."""
    match problem:
        case Problem.TOO_LONG:
            return {WORDS: w.plain("Please use at most {n} characters.", n=LONGEST)}
        case Problem.BOTH:
            return {WORDS: w.plain("You chose the suggestion and wrote words of your own: take one of the two.")}
        case Problem.NOTHING if suggestion:
            return {WORDS: w.plain("Write what you promise, or choose the suggestion.")}
        case Problem.NOTHING:
            return {WORDS: w.plain("Write what you promise.")}


def not_stored(w: Wording) -> dict[str, str]:
    """When the database cannot take it now."""
    return {WORDS: w.plain("This could not be kept. It is still in this window: press Promise again in a minute.")}


def promised_page(
    w: Wording, promise: Promised, *, unit: str, readers: Sequence[str], asked_on: date | None, again: bool
) -> View:
    """The last page: who sees the promise, and when. `readers` are the other managers of the unit; `asked_on` is the
    day of the next invitation, None while the pulse rests; `again` that it had been stored before.
    """
    when = (
        w.say("in its next invitation, once the pulse goes on")
        if asked_on is None
        else w.say("in its next invitation, on {weekday} {day}", weekday=w.day(asked_on), day=w.date(asked_on))
    )
    lines = [
        w.say("*Promised to {unit}:* “{text}”.", unit=unit, text=quoted(promise.text)),
        w.say("Everybody who is asked in {unit} finds it on Murmur's Home now, and {when}.", unit=unit, when=when),
    ]
    if readers:
        names = w.names(readers)
        lines.append(
            w.say_many(
                "{names} finds it in the next digest.", "{names} find it in the next digest.", len(readers), names=names
            )
        )
    lines.append(
        w.say(
            "You find it on Murmur's Home now and in your next digest; the digest before stays as it was posted."
            " When it is done, press Done there."
        )
    )
    lines += [w.say("You had promised this before; it counts once.")] if again else []
    return _page(w, lines, take_back_button(w, promise))


def became_page(w: Wording, promise: Promised, *, unit: str, undoable: bool) -> View:
    """What became of a promise, after a button was pressed. `undoable`: until the team is told in an invitation."""
    lines = [w.say("“{text}”", text=quoted(promise.text)), escaped(what_became(w, promise))]
    told_before = promise.ended_after is not None and promise.made_after < promise.ended_after
    if promise.fate is Fate.OPEN:
        lines.append(w.say("{unit} finds it on Murmur's Home as before.", unit=unit))
    elif promise.is_slip:
        lines.append(w.say("That was on the day it was made, so {unit} sees nothing of it any more.", unit=unit))
    elif undoable and (told_before or promise.fate is Fate.KEPT):
        lines.append(w.say("{unit} reads that on Murmur's Home, and in its next invitation.", unit=unit))
    elif undoable:
        lines.append(w.say("{unit} reads that on Murmur's Home.", unit=unit))
    if not undoable:
        return _page(w, lines)
    return _page(w, lines, undo_button(w, promise), small=w.say("This can be undone until the next round opens."))


def too_late(w: Wording, *, unit: str) -> View:
    """When the end of a promise cannot be undone."""
    return paragraph_page(
        w,
        w.say(
            "This cannot be undone any more: {unit} has been told, or something else was promised since. Nothing was"
            " changed. You can promise it again.",
            unit=unit,
        ),
    )


def not_yours(w: Wording) -> View:
    """For whoever does not read the digest of the unit, or would end what somebody else promised."""
    return paragraph_page(
        w,
        w.say(
            "Only those who get a team's digest can promise it something, and what became of a promise is for"
            " whoever made it to say. Nothing was changed."
        ),
    )


def _page(w: Wording, lines: Iterable[Mrkdwn], *buttons: Element, small: Mrkdwn | None = None) -> View:
    blocks = paragraphs(lines)
    blocks += [actions(*buttons)] if buttons else []
    blocks += [context(small)] if small is not None else []
    return modal(w.plain("A promise"), blocks, callback_id=PAGE, close=w.plain("Close"))
