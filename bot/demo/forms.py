"""The questionnaires that people send by hand: each is read once, and only when Murmur has thanked for it."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.naive import Sent, read_form
from bot.views.questionnaire import THANKS

Json = Mapping[str, Any]

Hear = Callable[[str, Sent], object]
"""Is told who sent a questionnaire, by Slack id, and what stands in it."""


def taken(view: Json, ack: Json | None) -> Sent | None:
    """What stands in a form that was sent. None unless it is a questionnaire, and was answered with thanks: whatever
    else Murmur answers, it has kept nothing. Nor is anything read in what no page can send.
    """
    try:
        thanked = ((ack or {}).get("view") or {}).get("callback_id") == THANKS
        return read_form(view) if thanked else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def to_each(*hear: Hear) -> Callable[[str, Json, Json | None], None]:
    """Listens to the submissions of a sandbox, and tells each of these."""

    def listen(person: str, view: Json, ack: Json | None) -> None:
        if (sent := taken(view, ack)) is not None:
            for one in hear:
                one(person, sent)

    return listen
