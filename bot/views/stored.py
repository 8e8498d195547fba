"""What Murmur stores about a person, row by row, in words."""

from collections.abc import Sequence
from datetime import date

from bot.views.promises import quoted, what_became
from bot.views.vocabulary import listed
from bot.views.wording import Wording
from surveys.promises import Promised
from surveys.questions import drivers
from surveys.requests import Outcome, Requested
from surveys.translations import drivers_in

_MOST_PROMISES = 30


def stored_rows(
    w: Wording,
    *,
    directory: Sequence[str],
    no_reminders_since: date | None,
    opted_out_on: date | None,
    paused_until: date | None,
    team: str | None,
    managed: Sequence[tuple[str, str]],
    rosters: Sequence[tuple[str, date]],
    messages: Sequence[str],
    changes: Sequence[str],
    is_slack_admin: bool = False,
    asks_in: Sequence[str] = (),
    ballot_boxes: Sequence[str] = (),
    promises: Sequence[tuple[Promised, str]] = (),
    asked: Sequence[Requested] = (),
    received: Sequence[Requested] = (),
) -> list[tuple[str, str]]:
    """Pairs of what a row is and what is in it, for everything there is.

    `managed` are teams by name, each with what is read of it: a unit that may hold another team as well;
    `rosters` are units and the days on which the periods began in which the person is counted; `messages` are
    kinds of message in the outbox; `changes` are entries of the admins' log; `asks_in` are pulses that name the
    person as the one who asks; `ballot_boxes` are units with a round that is open or being closed; `promises` are
    those that the person made, newest first, each with the name of its unit; `asked` and `received` are requests that
    the person made of leaders, and was asked as a leader, newest first.
    """
    role = [w.plain("admin of the Slack workspace")] if is_slack_admin else []
    rows = [(w.plain("Directory"), w.names([*directory, *role]))]
    rows += [(w.plain("Team"), team)] if team else []
    read = [
        name if unit == name else w.plain("{unit}, as a manager of {team}", unit=unit, team=name)
        for name, unit in managed
    ]
    rows += [(w.plain("Reads the results of"), w.names(read))] if read else []
    periods: dict[str, list[str]] = {}
    for unit, day in rosters:
        periods.setdefault(unit, []).append(w.date(day))
    rows += [
        (w.plain("Counted in"), w.plain("{unit}, in the rosters of {days}", unit=unit, days=w.names(days)))
        for unit, days in periods.items()
    ]
    rows += [
        (w.plain("Ballot box"), w.plain("a sealed place in {unit}, like everybody who is asked", unit=unit))
        for unit in ballot_boxes
    ]
    dates = [
        (w.plain("No reminders since"), no_reminders_since),
        (w.plain("Left out since"), opted_out_on),
        (w.plain("On a pause until"), paused_until),
    ]
    rows += [(what, w.date(day)) for what, day in dates if day is not None]
    rows += [(w.plain("Messages to you"), w.names(sorted(_message(w, kind) for kind in messages)))] if messages else []
    rows += [(w.plain("Named as the one who asks"), w.names(asks_in))] if asks_in else []
    rows += [(w.plain("Changes you made"), "; ".join(changes))] if changes else []
    return rows + _promises(w, promises) + _asked(w, asked) + _received(w, received)


def _message(w: Wording, kind: str) -> str:
    """A kind of message as whoever gets it would call it."""
    match kind:
        case "welcome":
            return w.plain("welcome")
        case "invitation":
            return w.plain("invitation")
        case "reminder":
            return w.plain("reminder")
        case "digest":
            return w.plain("digest")
        case "department-digest":
            return w.plain("department digest")
        case "called-off":
            return w.plain("notice of a round called off")
        case "refused":
            return w.plain("notice of results held back")
        case "request":
            return w.plain("request from a manager")
        case _:  # of another version of Murmur: it is told all the same
            return kind.replace("-", " ")


def _promises(w: Wording, promises: Sequence[tuple[Promised, str]]) -> list[tuple[str, str]]:
    shown, more = listed(promises, _MOST_PROMISES)
    what = w.plain("Promise you made")
    rows = [
        (
            what,
            w.plain(
                "“{text}”, to {unit} on {day}. {became}",
                text=quoted(promise.text),
                unit=unit,
                day=w.date(promise.made_on),
                became=what_became(w, promise),
            ),
        )
        for promise, unit in shown
    ]
    return rows + _earlier(w, what, more)


def _asked(w: Wording, requests: Sequence[Requested]) -> list[tuple[str, str]]:
    """What a manager asked of leaders, as far as there is room, with what became of it."""
    shown, more = listed(requests, _MOST_PROMISES)
    what = w.plain("Request to a leader")
    rows = [
        (
            what,
            w.plain(
                "“{text}”, about {driver}, to {name} for {unit} on {day}. {became}",
                text=quoted(request.text),
                driver=_driver(w, request),
                name=request.leader,
                unit=request.unit,
                day=w.date(request.made_on),
                became=_answer(w, request),
            ),
        )
        for request in shown
    ]
    return rows + _earlier(w, what, more)


def _received(w: Wording, requests: Sequence[Requested]) -> list[tuple[str, str]]:
    """The same of what a leader was asked."""
    shown, more = listed(requests, _MOST_PROMISES)
    what = w.plain("Request to a leader")
    rows = [
        (
            what,
            w.plain(
                "“{text}”, about {driver}, by {name} for {unit} on {day}. {became}",
                text=quoted(request.text),
                driver=_driver(w, request),
                name=request.asker,
                unit=request.unit,
                day=w.date(request.made_on),
                became=_answer(w, request),
            ),
        )
        for request in shown
    ]
    return rows + _earlier(w, what, more)


def _driver(w: Wording, request: Requested) -> str:
    driver = drivers_in(drivers(), w.locale).get(request.driver)
    return driver.name if driver is not None else request.driver


def _answer(w: Wording, request: Requested) -> str:
    match request.outcome:
        case Outcome.OPEN:
            return w.plain("No answer yet.")
        case Outcome.TAKEN_BACK:
            return w.plain("Taken back on {day}.", day=w.date(request.ended_on or request.made_on))
        case Outcome.DECLINED:
            return w.plain("Not possible now: “{text}”.", text=quoted(request.reply or ""))
        case Outcome.PROMISED:
            text = request.promise.text if request.promise is not None else ""
            return w.plain("Answered with a promise: “{text}”.", text=quoted(text))


def _earlier(w: Wording, what: str, more: int) -> list[tuple[str, str]]:
    return [(what, w.plain_many("and {n} earlier one", "and {n} earlier ones", more))] if more else []
