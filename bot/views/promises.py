"""Promises as they are told: to the team in invitations and on Home, to its managers in digests and on theirs.

The words of a promise are what a person typed. They are shown between quotation marks that they cannot end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views.fates import what_became as what_became
from bot.views.requests import Raise, asker_line, raise_button, take_back_button_of, why_raise
from bot.views.vocabulary import Block, Element, actions, button, context, listed, paragraphs, section
from bot.views.vocabulary import quoted as quoted
from bot.views.wording import Mrkdwn, Wording, escaped, joined
from surveys.promises import Fate, Followed, News, Progress, Promised, asks_whether_done, progress
from surveys.requests import Followed as FollowedRequest
from surveys.requests import Outcome

MAKE = "promises.make"
"""Button that opens the form; its value is a round and a unit, see `Promises.place`."""

DONE = "promises.done"
"""Button that marks a promise as kept; its value is the promise's id, as for those that follow."""

TAKE_BACK = "promises.take_back"
UNDO = "promises.undo"

_MOST_NEWS = 3
_MOST_TO_TEAM = 5
_MOST_OF_OTHERS = 3
_MOST_REQUESTS = 4
_SHORT = 10  # words of a promise beside a flag, so that what to do stands within the first hundred words


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What one reader of a unit's digest follows, and what they can do about it."""

    unit: str  # the unit's name
    place: str  # round and unit, "12:3": what a new promise would be about
    reader_id: int  # their member id
    followed: tuple[Followed, ...] = ()  # the reader's own first
    theirs_to_end: frozenset[int] = frozenset()  # ids of promises that this reader may mark as kept or take back
    theirs_to_undo: tuple[Promised, ...] = ()  # ended by now, which can still be undone
    requests: tuple[FollowedRequest, ...] = ()  # what the reader asked of leaders, and is told of
    to_raise: Raise | None = None  # what the reader can ask of one

    @property
    def own(self) -> Followed | None:
        """What the reader promised and still stands."""
        mine = (one for one in self.followed if one.promise.maker_id == self.reader_id)
        return next((one for one in mine if one.promise.fate is Fate.OPEN), None)


# To the team


def news_line(w: Wording, told: Sequence[News]) -> Mrkdwn | None:
    """What became of promises since the invitation before, None if nothing did; the same for everybody in a unit."""
    shown, more = listed(told, _MOST_NEWS)
    if not shown:
        return None
    sentences = [w.say("Since last time:"), *(_news(w, one) for one in shown)]
    sentences += [w.say("More is in Murmur's Home.")] if more else []
    return joined(sentences, " ")


def _news(w: Wording, one: News) -> Mrkdwn:
    name, text = one.promise.maker, quoted(one.promise.text)
    if one.new and one.instead_of is not None:
        said = w.say(
            "{name} promised “{text}”, instead of “{older}”.", name=name, text=text, older=quoted(one.instead_of.text)
        )
        return joined([said, w.say("It is marked as kept.")], " ") if one.fate is Fate.KEPT else said
    if one.new and one.fate is Fate.KEPT:
        return w.say("{name} promised “{text}”; it is marked as kept.", name=name, text=text)
    if one.new:
        return w.say("{name} promised “{text}”.", name=name, text=text)
    if one.fate is Fate.KEPT:
        return w.say("“{text}”, promised by {name}, is marked as kept.", name=name, text=text)
    return w.say("“{text}”, promised by {name}, was taken back.", name=name, text=text)


def team_lines(w: Wording, promises: Sequence[Promised]) -> list[Mrkdwn]:
    """Promises as a team finds them on Home, with what became of each."""
    shown, more = listed(promises, _MOST_TO_TEAM)
    lines = [
        joined(
            [
                w.say(
                    "*{name}* promised on {day}: “{text}”.",
                    name=promise.maker,
                    day=w.date(promise.made_on),
                    text=quoted(promise.text),
                ),
                escaped(what_became(w, promise)),
            ],
            " ",
        )
        for promise in shown
    ]
    return lines + ([w.say_many("And {n} more promise.", "And {n} more promises.", more)] if more else [])


# To its managers


def first_line(w: Wording, promises: Promises | None, *, short: bool) -> list[Mrkdwn]:
    """The promise that a digest tells of before what to do. `short`: beside a flag, where there is room for few words
    only.
    """
    return [_line(w, promises, one, short=short) for one in promises.followed[:1]] if promises else []


def other_lines(w: Wording, promises: Promises | None) -> list[Mrkdwn]:
    """The promises that a digest tells of further down, and what its reader asked of leaders."""
    if promises is None:
        return []
    lines = [_line(w, promises, one) for one in promises.followed[1 : 1 + _MOST_OF_OTHERS]]
    return lines + [asker_line(w, one) for one in promises.requests[:_MOST_REQUESTS]]


def foot(w: Wording, promises: Promises, *more: Element) -> list[Block]:
    """The buttons at the foot of a digest, `more` of them last, and why there is one that raises something."""
    return [*_why_raise(w, promises), actions(*_foot_buttons(w, promises), *more)]


def _why_raise(w: Wording, promises: Promises) -> list[Block]:
    return [] if promises.to_raise is None else [context(why_raise(w, promises.to_raise))]


def _foot_buttons(w: Wording, promises: Promises) -> list[Element]:
    own = promises.own
    buttons = [*([] if own is None else ending_buttons(w, own.promise)), _make(w, promises)]
    return [*buttons, *([] if promises.to_raise is None else [raise_button(w, promises.to_raise)])]


def home_blocks(w: Wording, promises: Promises) -> list[Block]:
    """What a manager finds beside a unit on Home: each promise in full, with the buttons that end it; and each request,
    with one that takes it back while it waits.
    """
    blocks: list[Block] = []
    lines: list[Mrkdwn] = []
    for one in promises.followed[: 1 + _MOST_OF_OTHERS]:
        line = _line(w, promises, one)
        if one.promise.id in promises.theirs_to_end and one != promises.own:
            blocks += [section(line), actions(*ending_buttons(w, one.promise))]
        else:
            lines.append(line)
    buttons = _foot_buttons(w, promises)
    for promise in promises.theirs_to_undo[:1]:
        if promise.id not in {one.promise.id for one in promises.followed}:
            whose = _whose(w, promises, promise, quoted(promise.text))
            lines.append(joined([whose, escaped(what_became(w, promise))], " "))
        buttons = [undo_button(w, promise), *buttons]
    for request in promises.requests[:_MOST_REQUESTS]:
        waits = request.request.outcome is Outcome.OPEN
        button_ = take_back_button_of(w, request.request) if waits else None
        blocks.append(section(asker_line(w, request), accessory=button_))
    return [*paragraphs(lines), *_why_raise(w, promises), actions(*buttons), *blocks]


def undo_button(w: Wording, promise: Promised) -> Element:
    """The button that makes a promise stand again."""
    return button(w.plain("Undo"), UNDO, value=str(promise.id), label=w.plain("Undo: {text}", text=promise.text))


def take_back_button(w: Wording, promise: Promised) -> Element:
    """The button that takes a promise back."""
    label = w.plain("Take it back: {text}", text=promise.text)
    return button(w.plain("Take it back"), TAKE_BACK, value=str(promise.id), label=label)


def own_line(w: Wording, promises: Promises, one: Followed) -> Mrkdwn:
    """A promise of the reader's own where several units stand together."""
    return joined([w.say("*{unit}.*", unit=promises.unit), _line(w, promises, one)], " ")


def _line(w: Wording, promises: Promises, one: Followed, *, short: bool = False) -> Mrkdwn:
    promise = one.promise
    text = quoted(_shortened(promise.text) if short else promise.text)
    parts = [_whose(w, promises, promise, text)]
    if promise.fate is Fate.KEPT and promise.ended_on is not None:
        parts.append(w.say("Done {day}.", day=w.date(promise.ended_on)))
    # Only who can end it is asked whether it is done.
    asked = promise.maker_id == promises.reader_id or promise.id in promises.theirs_to_end
    return joined([*parts, *_since(w, one, asked=asked)], " ")


def _whose(w: Wording, promises: Promises, promise: Promised, text: str) -> Mrkdwn:
    day = w.date(promise.made_on)
    if promise.maker_id == promises.reader_id:
        return w.say("*Your promise* ({day}): “{text}”.", day=day, text=text)
    return w.say("*{name}'s promise* ({day}): “{text}”.", name=promise.maker, day=day, text=text)


def _since(w: Wording, one: Followed, *, asked: bool) -> list[Mrkdwn]:
    match progress(one):
        case Progress.NOTHING_YET:
            return []
        case Progress.TOO_EARLY:
            return [
                w.say_many(
                    "One round since: too early to say; four to eight are usual.",
                    "{n} rounds since: too early to say; four to eight are usual.",
                    one.rounds,
                )
            ]
        case Progress.COULD_SHOW:
            return [
                w.say_many(
                    "One round since: what it changed could show by now.",
                    "{n} rounds since: what it changed could show by now.",
                    one.rounds,
                )
            ]
        case Progress.OVERDUE if asked and asks_whether_done(one):
            return [w.say_many("One round since. Is it done?", "{n} rounds since. Is it done?", one.rounds)]
        case Progress.OVERDUE:
            return [w.say_many("One round since.", "{n} rounds since.", one.rounds)]


def _shortened(text: str) -> str:
    words = text.split()
    return text if len(words) <= _SHORT else " ".join(words[:_SHORT]) + "…"


def _make(w: Wording, promises: Promises) -> Element:
    other = w.plain("Promise something else")
    text = w.plain("Promise something") if promises.own is None else other
    return button(text, MAKE, value=promises.place, label=w.plain("{text}: {unit}", text=text, unit=promises.unit))


def ending_buttons(w: Wording, promise: Promised) -> list[Element]:
    """The buttons that say what became of a promise."""
    label = w.plain("Done: {text}", text=promise.text)
    return [
        button(w.plain("Done"), DONE, value=str(promise.id), label=label),
        take_back_button(w, promise),
    ]
