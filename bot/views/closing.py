"""Closing a round by hand: what will happen, asked before it does, and what happened."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bot.views.commands import typed
from bot.views.pulse import teams_in_short
from bot.views.vocabulary import Post, View, context, modal, post, section
from bot.views.wording import Mrkdwn, Wording

CLOSE_FORM = "close.form"
"""callback_id of the question; sending it closes the round."""

CLOSING = "close.closing"
"""callback_id of the page that is shown while it is done."""


class Ending(StrEnum):
    """What closing a round by hand does to it."""

    COUNTED = "counted"
    THROWN_AWAY = "thrown away"  # within one working day of opening
    CALLED_OFF = "called off"  # no key that fits it is here: lost, or APP_SECRET was changed


def question(
    w: Wording,
    *,
    pulse: str,
    teams: Sequence[str],
    ending: Ending,
    digests_at: datetime,
    called: str = "",
    private_metadata: str = "",
) -> View:
    """The question. `digests_at` is when the results of a round that counts go out."""
    match ending:
        case Ending.COUNTED:
            what = w.say(
                "*Close {pulse} now?* Nobody can answer any more, and the results go out on {moment}.",
                pulse=pulse,
                moment=w.long_moment(digests_at),
            )
        case Ending.THROWN_AWAY:
            what = w.say(
                "*Close {pulse} now?* It has not yet been open for one working day in every time zone, so the round is"
                " thrown away, unread: its results could show who had answered by now. Whoever has answered has done so"
                " for nothing.",
                pulse=pulse,
            )
        case Ending.CALLED_OFF:
            what = w.say(
                "*Call the round of {pulse} off?* No key that fits this round is here. If whoever runs Murmur brings"
                " the right key, or the old APP_SECRET, back, it can go on; calling it off deletes everything that was"
                " sent in it.",
                pulse=pulse,
            )
    blocks = [section(what)]
    if [team.casefold() for team in teams] not in ([], [pulse.casefold()]):
        blocks.append(section(w.say("It asks {teams}.", teams=teams_in_short(w, teams))))
    blocks.append(section(w.say(":warning: *This cannot be undone.*")))
    blocks += [context(instead) for instead in _instead(w, ending, called)]
    return modal(
        w.plain("Close a round"),
        blocks,
        callback_id=CLOSE_FORM,
        submit=_submit(w, ending),
        close=w.plain("Leave it open"),
        private_metadata=private_metadata,
    )


def _submit(w: Wording, ending: Ending) -> str:
    """What the button says: what happens. Slack lets no window colour it."""
    match ending:
        case Ending.COUNTED:
            return w.plain("Close it now")
        case Ending.THROWN_AWAY:
            return w.plain("Throw it away")
        case Ending.CALLED_OFF:
            return w.plain("Call it off")


def _instead(w: Wording, ending: Ending, called: str) -> list[Mrkdwn]:
    """What may be wanted instead."""
    if ending is Ending.CALLED_OFF:
        return []
    pause = typed(w, "pause", called)
    return [w.say("To let it end as planned, and ask no more after it: {command}.", command=pause)]


def closing(w: Wording) -> View:
    """Shown at once, while the round is closed."""
    return modal(
        w.plain("One moment"),
        [section(w.say("Closing the round."))],
        callback_id=CLOSING,
        close=w.plain("Close"),
    )


def closed(w: Wording, *, pulse: str, digests_at: datetime) -> Post:
    """After a round was closed whose results count."""
    return _said(
        w.say(
            "*{pulse} is closed.* Its results go out on {moment}.",
            pulse=pulse,
            moment=w.long_moment(digests_at),
        ),
        w.say("This cannot be undone: the answers are added up and the key is destroyed."),
    )


def discarded(w: Wording, *, pulse: str, called: str = "") -> Post:
    """After a round was closed within one working day of opening."""
    return _said(
        w.say("*{pulse} is closed, and the round is thrown away*, unread.", pulse=pulse),
        w.say(
            "Within one working day of opening, results could show who had answered by then. To ask again: {command}.",
            command=typed(w, "open", called),
        ),
    )


def called_off(w: Wording, *, pulse: str, called: str = "") -> Post:
    """After a round was closed of which no fitting key is here."""
    return _said(
        w.say(
            "*The round of {pulse} is called off.* Nobody can read what was sent in it; it is deleted.",
            pulse=pulse,
        ),
        w.say("Whoever opens its form is told so. To ask again: {command}.", command=typed(w, "open", called)),
    )


def _said(text: Mrkdwn, small: Mrkdwn) -> Post:
    return post(text, [section(text), context(small)])
