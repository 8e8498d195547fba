"""Promises of managers, from the button to the last page, and the buttons that say what became of them.

Whoever presses or sends may do so only about a unit whose digest they get now: that is looked up each time,
whatever a payload says. What somebody typed is stored and shown, and never logged.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor, find_actor
from bot.follow_up import Reading, may_end, promises_for, reading_of
from bot.managing.access import new_form_key
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.results import gets, unit_digest
from bot.standing import next_times
from bot.views import promises as told
from bot.views import promising as pages
from bot.views import raising as requests
from bot.views.vocabulary import View
from bot.views.wording import cleaned
from bot.windows import Carried, NotTheirs, NotYet, act, ids_in, keep, open_window
from storage.people import local_date
from storage.promises import end_promise, find_promise, latest_opened, make_promise, reopen_promise
from storage.requests import end_request, find_request
from storage.tables import Round, Unit
from surveys.cadence import digest_at
from surveys.digests import Digest
from surveys.promises import Fate, Problem, Promised, may_be_undone, settle
from surveys.requests import Outcome, Requested
from surveys.rounds import State

End = Callable[[Session, Promised, date], bool]
"""Changes what became of a promise; False when that cannot be."""


class About(Carried):
    """What a form is about."""

    unit_id: int
    form_key: str
    suggestion: str  # what the digest suggested when the form was opened
    request_id: int | None = None  # what the promise answers, where a leader was asked


class Promising:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def open_form(self, ack: Ack, body: dict[str, Any]) -> None:
        """Open the form, with the suggestion of the digest it was asked for from."""
        ack()
        press = Press.model_validate(body)
        actor = find_actor(self._murmur, press)
        now = self._murmur.clock()
        open_window(
            self._murmur, press, lambda session: _form(session, actor, press.value, now), pages.not_yours(actor.wording)
        )

    def send(self, ack: Ack, body: dict[str, Any]) -> None:
        """Store what was promised; or say what is wrong, and leave the form as it is."""
        submission = Submission.model_validate(body)
        actor = find_actor(self._murmur, submission)
        w = actor.wording

        def promise(session: Session) -> View:
            return self._promise(session, actor, About.read(submission.private_metadata), submission)

        keep(self._murmur, ack, actor, promise, not_yours=pages.not_yours(w), not_stored=pages.not_stored(w))

    def ending(self, change: End) -> Callable[..., None]:
        """A listener that changes what became of a promise, and shows it."""

        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            press = Press.model_validate(body)
            actor = find_actor(self._murmur, press)
            act(
                self._murmur,
                press,
                actor,
                lambda session: self._end(session, actor, press.value, change),
                pages.not_yours(actor.wording),
            )

        return pressed

    def _promise(self, session: Session, actor: Actor, about: About, form: Submission) -> View:
        """Store the promise in a form. Raises NotTheirs, and NotYet for words that are none."""
        w, now = actor.wording, self._murmur.clock()
        request = None if about.request_id is None else asked_request(session, actor, about.request_id)
        if request is not None and request.outcome in {Outcome.TAKEN_BACK, Outcome.DECLINED}:
            return requests.became_page(w, request)
        reading = reading_now(session, actor, about.unit_id, now)
        words = settle(
            cleaned(form.field(pages.WORDS).text),
            suggested=form.field(pages.CHOICE).text == pages.SUGGESTED,
            suggestion=cleaned(about.suggestion),
        )
        if isinstance(words, Problem):
            raise NotYet(pages.errors(w, words, suggestion=about.suggestion))
        today = local_date(actor.member, now)
        promise, new = make_promise(session, reading.unit, actor.member.id, words, form_key=about.form_key, on=today)
        if promise.maker_id != actor.member.id:  # a form key of somebody else
            raise NotTheirs
        if request is not None:
            end_request(session, request.id, Outcome.PROMISED, on=today, promise_id=promise.id)
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
        (promise_id,) = ids_in(value, 1)
        promise = find_promise(session, promise_id)
        if promise is None:
            raise NotTheirs
        reading = reading_now(session, actor, promise.unit_id, now)
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


def digest_read(session: Session, actor: Actor, round_id: int, unit_id: int, now: datetime) -> tuple[Reading, Digest]:
    """A unit as `actor` reads it now, and the digest of it they had of a round. Raises NotTheirs."""
    reading = reading_now(session, actor, unit_id, now)
    round_, unit = session.get(Round, round_id), session.get_one(Unit, unit_id)
    if round_ is None or round_.state != State.PUBLISHED or digest_at(round_.closes_at, actor.member.timezone) > now:
        raise NotTheirs
    if unit.id not in {receiver.unit_id for receiver in gets(session, round_, actor.member)}:
        raise NotTheirs
    return reading, unit_digest(session, reading.pulse, round_, unit, first=False)


def asked_request(session: Session, actor: Actor, request_id: int, *, hold: bool = True) -> Requested:
    """The request with this id, of which `actor` is the leader. hold: nobody changes it meanwhile. Raises NotTheirs."""
    request = find_request(session, request_id, hold=hold)
    if request is None or request.leader_id != actor.member.id:
        raise NotTheirs
    return request


def _form(session: Session, actor: Actor, value: str, now: datetime) -> View:
    """The form about a unit, with the action of the digest in which the button was pressed. Raises NotTheirs."""
    round_id, unit_id = ids_in(value, 2)
    reading, digest = digest_read(session, actor, round_id, unit_id, now)
    return promise_form(session, actor, reading, suggestion=digest.action.text if digest.action else "")


def promise_form(
    session: Session, actor: Actor, reading: Reading, *, suggestion: str, request: Requested | None = None
) -> View:
    """The form about a unit; `request` is what the promise answers, where a leader was asked."""
    own = promises_for(session, reading.round, reading.unit, actor.member).own
    about = About(
        unit_id=reading.unit.id,
        form_key=new_form_key(),
        suggestion=suggestion,
        request_id=request.id if request is not None else None,
    )
    return pages.form(
        actor.wording,
        unit=reading.unit.name,
        suggestion=suggestion,
        replaces=own.promise if own else None,
        private_metadata=about.model_dump_json(),
        request=request,
    )


def reading_now(session: Session, actor: Actor, unit_id: int, now: datetime) -> Reading:
    """What `actor` reads of a unit now. Raises NotTheirs."""
    reading = reading_of(session, unit_id, actor.member, now)
    if reading is None:
        raise NotTheirs
    return reading


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
