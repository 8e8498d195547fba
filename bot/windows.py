"""Windows that people act in: what they carry, how they open, and how what somebody entered is kept.

A payload can hold what it likes. What comes of a press or a form is decided in one transaction, and shown after it.
"""

import logging
from collections.abc import Callable
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_bolt import Ack
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.actors import Actor
from bot.home import publish_home
from bot.logs import class_and_place
from bot.murmur import Murmur
from bot.payloads import Press
from bot.views.vocabulary import View
from storage.database import Busy

log = logging.getLogger(__name__)

_WAIT = 2.0
"""Seconds to wait for the database, so that Slack is answered within three."""


class NotTheirs(Exception):
    """Somebody acts on a unit whose digest they do not get, or on a promise that is not theirs."""


class NotYet(Exception):
    """A form holds nothing that could be kept yet; `errors` say why, by block."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("this cannot be kept yet")
        self.errors = errors


class Carried(BaseModel):
    """What a form carries."""

    model_config = ConfigDict(hide_input_in_errors=True)

    @classmethod
    def read(cls, metadata: str) -> Self:
        """Parse it. Raises NotTheirs for what Murmur has not written."""
        try:
            return cls.model_validate_json(metadata)
        except ValidationError:
            raise NotTheirs from None


def open_window(murmur: Murmur, press: Press, make: Callable[[Session], View], not_yours: View) -> None:
    """Show what `make` reads; `not_yours` when it raises NotTheirs."""
    try:
        with murmur.database.reading() as session:
            page = make(session)
    except NotTheirs:
        page = not_yours
    _show(murmur, press, page)


def act(murmur: Murmur, press: Press, actor: Actor, change: Callable[[Session], View], not_yours: View) -> None:
    """Change something and show what came of it; `not_yours` when that raises NotTheirs."""
    try:
        with murmur.database.transaction(_WAIT) as session:
            page = change(session)
    except NotTheirs:
        _show(murmur, press, not_yours)
        return
    _show(murmur, press, page)
    publish_home(murmur, actor)


def keep(
    murmur: Murmur,
    ack: Ack,
    actor: Actor,
    change: Callable[[Session], View],
    *,
    not_yours: View,
    not_stored: dict[str, str],
) -> None:
    """Store what a form holds and show the page after it; or say what is wrong, and leave the form as it is."""
    try:
        with murmur.database.transaction(_WAIT) as session:
            page = change(session)
    except NotTheirs:
        ack(response_action="update", view=not_yours)
    except NotYet as not_yet:
        ack(response_action="errors", errors=not_yet.errors)
    except (Busy, SQLAlchemyError, OSError) as error:
        log.error("what a form holds could not be stored", extra={"error": class_and_place(error)})
        ack(response_action="errors", errors=not_stored)
    else:
        ack(response_action="update", view=page)
        publish_home(murmur, actor)


def _show(murmur: Murmur, press: Press, page: View) -> None:
    """Show a page where somebody pressed: in the window they are in, or in a new one."""
    if press.in_modal:
        murmur.client.views_update(view_id=press.view_id, view=page)
    else:
        murmur.client.views_open(trigger_id=press.trigger_id, view=page)


def ids_in(value: str, count: int) -> list[int]:
    """The ids that a button carries. Raises NotTheirs for anything else: a payload can hold what it likes."""
    parts = value.split(":")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in parts):
        raise NotTheirs
    return [int(part) for part in parts]
