"""Commands as somebody would type them."""

from bot.views.wording import Mrkdwn, Wording


def typed(w: Wording, command: str, called: str = "", *more: str) -> Mrkdwn:
    """A command to type: `/pulse resume AI`.

    `called` is the name of the pulse that is meant, "" where there is only one; `more` follows it.
    """
    return w.say("`/pulse {line}`", line=" ".join(word for word in (command, called, *more) if word))
