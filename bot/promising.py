"""Promises of managers, from the button to the last page, and the buttons that say what became of them.

Whoever presses or sends may do so only about a unit whose digest they get now: that is looked up each time,
whatever a payload says. What somebody typed is stored and shown, and never logged.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_bolt import Ack, App
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.actors import Actor, find_actor
from bot.follow_up import Reading, may_end, promises_for, reading_of
from bot.home import publish_home
from bot.logs import class_and_place
from bot.managing.access import new_form_key
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.results import gets, unit_digest
from bot.standing import next_times
from bot.views import promises as told
from bot.views import promising as pages
from bot.views.vocabulary import View
from bot.views.wording import cleaned
from storage.database import Busy
from storage.people import local_date
from storage.promises import end_promise, find_promise, latest_opened, make_promise, reopen_promise
from storage.tables import Round, Unit
from surveys.cadence import digest_at
from surveys.promises import Fate, Problem, Promised, may_be_undone, settle
from surveys.rounds import State

log = logging.getLogger(__name__)

_WAIT = 2.0
"""Seconds to wait for the database, so that Slack is answered within three."""

End = Callable[[Session, Promised, date], bool]
"""Changes what became of a promise; False when that cannot be."""


class NotTheirs(Exception):
    """Somebody acts on a unit whose digest they do not get, or on a promise that is not theirs."""


class _About(BaseModel):
    """What a form is about."""

    model_config = ConfigDict(hide_input_in_errors=True)

    unit_id: int
    form_key: str
    suggestion: str  # what the digest suggested when the form was opened

    @classmethod
    def read(cls, metadata: str) -> Self:
        """Parse what a form carries. Raises NotTheirs for what Murmur has not written."""
        try:
            return cls.model_validate_json(metadata)
        except ValidationError:
            raise NotTheirs from None


class Promising:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def open_form(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form, with the suggestion of the digest it was asked for from."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        try:
            with self._murmur.database.reading() as session:
                page = _form(session, actor, press.value, self._murmur.clock())
        except NotTheirs:
            page = pages.not_yours(actor.wording)
        self._show(press, page)

    def send(self, ack: Ack, body: dict[str, Any]) -> None:
        """Store what was promised; or say what is wrong, and leave the form as it is."""
        submission = Submission.model_validate(body)
        actor = find_actor(self._murmur, submission)
        w = actor.wording
        try:
            about = _About.read(submission.private_metadata)
            with self._murmur.database.transaction(_WAIT) as session:
                page = self._promise(session, actor, about, submission)
        except NotTheirs:
            ack(response_action="update", view=pages.not_yours(w))
        except _NotYet as not_yet:
            ack(response_action="errors", errors=not_yet.errors)
        except (Busy, SQLAlchemyError, OSError) as error:
            log.error("a promise could not be stored", extra={"error": class_and_place(error)})
            ack(response_action="errors", errors=pages.not_stored(w))
        else:
            ack(response_action="update", view=page)
            publish_home(self._murmur, actor)

    def ending(self, change: End) -> Callable[..., None]:
        """A listener that changes what became of a promise, and shows it."""

        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            press = Press.model_validate(body)
            actor = find_actor(self._murmur, press)
            try:
                with self._murmur.database.transaction(_WAIT) as session:
                    page = self._end(session, actor, press.value, change)
            except NotTheirs:
                self._show(press, pages.not_yours(actor.wording))
                return
            self._show(press, page)
            publish_home(self._murmur, actor)

        return pressed

    def _promise(self, session: Session, actor: Actor, about: _About, form: Submission) -> View:
        """Store the promise in a form. Raises NotTheirs, and _NotYet for words that are none."""
        w, now = actor.wording, self._murmur.clock()
        reading = _reading(session, actor, about.unit_id, now)
        words = settle(
            cleaned(form.field(pages.WORDS).text),
            suggested=form.field(pages.CHOICE).text == pages.SUGGESTED,
            suggestion=cleaned(about.suggestion),
        )
        if isinstance(words, Problem):
            raise _NotYet(pages.errors(w, words, suggestion=about.suggestion))
        today = local_date(actor.member, now)
        promise, new = make_promise(session, reading.unit, actor.member.id, words, form_key=about.form_key, on=today)
        if promise.maker_id != actor.member.id:  # a form key of somebody else
            raise NotTheirs
        if promise.fate is not Fate.OPEN:
            return self._became(session, actor, promise, reading)
        return pages.promised_page(
            w,
            promise,
            unit=reading.unit.name,
            readers=[reader.name for reader in reading.readers if reader.id != actor.member.id],
            asked_on=_next_invitation(session, reading, now),
            again=not new,
        )

    def _end(self, session: Session, actor: Actor, value: str, change: End) -> View:
        """Change what became of the promise with this id. Raises NotTheirs."""
        now = self._murmur.clock()
        (promise_id,) = _ids(value, 1)
        promise = find_promise(session, promise_id)
        if promise is None:
            raise NotTheirs
        reading = _reading(session, actor, promise.unit_id, now)
        if not may_end(session, promise, actor.member):
            raise NotTheirs
        done = change(session, promise, local_date(actor.member, now))
        after = find_promise(session, promise_id)
        assert after is not None
        if not done and change is _undo and after.fate is not Fate.OPEN:
            return pages.too_late(actor.wording, unit=reading.unit.name)
        return self._became(session, actor, after, reading)

    def _became(self, session: Session, actor: Actor, promise: Promised, reading: Reading) -> View:
        undoable = may_be_undone(promise, latest_opened(session, reading.pulse.id))
        return pages.became_page(actor.wording, promise, unit=reading.unit.name, undoable=undoable)

    def _show(self, press: Press, page: View) -> None:
        """Show a page where somebody pressed: in the window they are in, or in a new one."""
        if press.in_modal:
            self._murmur.client.views_update(view_id=press.view_id, view=page)
        else:
            self._murmur.client.views_open(trigger_id=press.trigger_id, view=page)


class _NotYet(Exception):
    """A form holds no promise yet; `errors` say why, by block."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("this is no promise yet")
        self.errors = errors


def _form(session: Session, actor: Actor, value: str, now: datetime) -> View:
    """The form about a unit, with the action of the digest in which the button was pressed. Raises NotTheirs."""
    round_id, unit_id = _ids(value, 2)
    reading = _reading(session, actor, unit_id, now)
    round_, unit = session.get(Round, round_id), session.get_one(Unit, unit_id)
    if round_ is None or round_.state != State.PUBLISHED or digest_at(round_.closes_at, actor.member.timezone) > now:
        raise NotTheirs
    if unit.id not in {receiver.unit_id for receiver in gets(session, round_, actor.member)}:
        raise NotTheirs
    action = unit_digest(session, reading.pulse, round_, unit, first=False).action
    own = promises_for(session, reading.round, reading.unit, actor.member).own
    about = _About(unit_id=unit.id, form_key=new_form_key(), suggestion=action.text if action else "")
    return pages.form(
        actor.wording,
        unit=reading.unit.name,
        suggestion=about.suggestion,
        replaces=own.promise if own else None,
        private_metadata=about.model_dump_json(),
    )


def _reading(session: Session, actor: Actor, unit_id: int, now: datetime) -> Reading:
    """What `actor` reads of a unit now. Raises NotTheirs."""
    reading = reading_of(session, unit_id, actor.member, now)
    if reading is None:
        raise NotTheirs
    return reading


def _ids(value: str, count: int) -> list[int]:
    """The ids that a button carries. Raises NotTheirs for anything else: a payload can hold what it likes."""
    parts = value.split(":")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in parts):
        raise NotTheirs
    return [int(part) for part in parts]


def _next_invitation(session: Session, reading: Reading, now: datetime) -> date | None:
    """The day of the next invitation, None while the pulse rests."""
    if reading.pulse.paused_on is not None:
        return None
    return next_times(session, reading.pulse, now).opens_on


def _done(session: Session, promise: Promised, on: date) -> bool:
    return end_promise(session, promise.id, Fate.KEPT, on=on)


def _take_back(session: Session, promise: Promised, on: date) -> bool:
    return end_promise(session, promise.id, Fate.TAKEN_BACK, on=on)


def _undo(session: Session, promise: Promised, _on: date) -> bool:
    return reopen_promise(session, promise.id)


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    promising = Promising(murmur)
    app.action(told.MAKE)(promising.open_form)
    app.action(told.DONE)(promising.ending(_done))
    app.action(told.TAKE_BACK)(promising.ending(_take_back))
    app.action(told.UNDO)(promising.ending(_undo))
    app.view(pages.FORM)(promising.send)
