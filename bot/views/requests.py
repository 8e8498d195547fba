"""Requests to leaders as whoever asked follows them, and the buttons that begin and end them.

What somebody typed is shown between quotation marks that it cannot end.
"""

from dataclasses import dataclass

from bot.views.fates import what_became
from bot.views.vocabulary import Element, button, quoted
from bot.views.wording import Mrkdwn, Wording, escaped, joined
from surveys.promises import Fate
from surveys.questions import Driver, Owner
from surveys.requests import Followed, Outcome, Requested

RAISE = "requests.raise"
"""Button that opens the form; its value is a round, a unit and a driver, see `Raise.place`."""

TAKE_BACK = "requests.take_back"
"""Button that takes a request back; its value is the request's id, as for those that follow."""

PROMISE = "requests.promise"
DECLINE = "requests.decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """What a reader of a unit's digest can ask of a leader."""

    driver: Driver
    unit: str  # the unit's name
    leaders: tuple[str, ...]  # names of those who can be asked, one at least
    place: str  # round, unit and driver, "12:3:purpose"


def in_sentence(name: str) -> str:
    """A driver's name within a sentence: "purpose", "AI leadership"."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def raise_button(w: Wording, raising: Raise) -> Element:
    """The button that opens the form."""
    driver, leaders = in_sentence(raising.driver.name), raising.leaders
    label = w.plain("Raise {driver} with a leader: {unit}", driver=driver, unit=raising.unit)
    if len(leaders) == 1:
        text = w.plain("Raise {driver} with {leader}", driver=driver, leader=leaders[0])
    else:
        text = w.plain("Raise {driver} with a leader", driver=driver)
    return button(text, RAISE, value=raising.place, label=label)


def why_raise(w: Wording, raising: Raise) -> Mrkdwn:
    """Why the button is there: who can change what its reader cannot."""
    driver = raising.driver.name
    if raising.driver.owner is Owner.LEADERSHIP:
        return w.say("{driver} is mostly in the leaders' hands.", driver=driver)
    if len(raising.leaders) == 1:
        leader = raising.leaders[0]
        return w.say(
            "{driver} is mostly up to the company; {leader} can take it further.", driver=driver, leader=leader
        )
    return w.say("{driver} is mostly up to the company; a leader can take it further.", driver=driver)


def take_back_button_of(w: Wording, request: Requested) -> Element:
    """The button that takes a request back."""
    label = w.plain("Take it back: {text}", text=request.text)
    return button(w.plain("Take it back"), TAKE_BACK, value=str(request.id), label=label)


def asker_line(w: Wording, one: Followed) -> Mrkdwn:
    """A request as whoever asked follows it: what waits, and for how long, or what was answered."""
    request = one.request
    about, leader, day = in_sentence(request.driver_name), request.leader, w.date(request.made_on)
    if request.outcome is Outcome.OPEN and one.leader_there and not one.is_overdue:
        return w.say("You raised {driver} with {leader} on {day}: no answer yet.", driver=about, leader=leader, day=day)
    said = w.say("You raised {driver} with {leader} on {day}.", driver=about, leader=leader, day=day)
    return joined([said, *_since(w, one)], " ")


def _since(w: Wording, one: Followed) -> list[Mrkdwn]:
    request = one.request
    match request.outcome:
        case Outcome.OPEN if not one.leader_there:
            return [w.say("{leader} no longer leads there: raise it with somebody else.", leader=request.leader)]
        case Outcome.OPEN:
            return [waiting(w, one.rounds)]
        case _:
            return answered(w, request)


def waiting(w: Wording, rounds: int) -> Mrkdwn:
    """For how long a request has been waiting."""
    return w.say_many("One round since, and no answer yet.", "{n} rounds since, and no answer yet.", rounds)


def answered(w: Wording, request: Requested) -> list[Mrkdwn]:
    """What became of a request that waits no more, in sentences."""
    match request.outcome:
        case Outcome.OPEN:
            return []
        case Outcome.TAKEN_BACK:
            return [w.say("Taken back on {day}.", day=w.date(request.ended_on or request.made_on))]
        case Outcome.DECLINED:
            return [w.say("Not possible now: “{text}”.", text=quoted(request.reply or ""))]
        case Outcome.PROMISED:
            return _promised(w, request)


def _promised(w: Wording, request: Requested) -> list[Mrkdwn]:
    promise = request.promise
    if promise is None:
        return []
    said = w.say(
        "{leader} promised {unit}: “{text}”.", leader=request.leader, unit=request.unit, text=quoted(promise.text)
    )
    return [said] if promise.fate is Fate.OPEN else [said, escaped(what_became(w, promise))]
