"""What managers ask of leaders: from the button beside a flag to the leader's answer.

Whoever presses or sends may do so only about a unit whose digest they get now, or as the leader who was asked: that
is looked up each time, whatever a payload says. What somebody typed is stored and shown, and never logged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from slack_bolt import Ack, App
from sqlmodel import Session

from bot.actors import Actor, find_actor
from bot.follow_up import Reading, answerable, requests_of
from bot.managing.access import new_form_key
from bot.messages import REQUEST
from bot.murmur import Murmur
from bot.payloads import Press, Submission
from bot.promising import asked_request, digest_read, promise_form, reading_now
from bot.results import unit_digest, unit_leaders
from bot.views import raising as pages
from bot.views import requests as told
from bot.views.flags import notice_sentence
from bot.views.inputs import Choice
from bot.views.vocabulary import View
from bot.views.wording import cleaned
from bot.windows import Carried, NotTheirs, NotYet, act, ids_in, keep, open_window
from storage import outbox
from storage.outbox import Letter
from storage.people import local_date
from storage.requests import end_request, find_request, make_request
from storage.tables import Member
from surveys.actions import action_for
from surveys.cadence import working_hours_moment
from surveys.notices import Notice
from surveys.promises import Problem, settle
from surveys.questions import Driver, drivers
from surveys.requests import LONGEST, LONGEST_ANSWER, Followed, Outcome, Requested, raisable


class _About(Carried):
    """What is raised."""

    place: str  # round, unit and driver, as the button had them
    leader_id: int | None  # whom to ask, unless there is a choice
    form_key: str


class _Declined(Carried):
    """What is declined."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matter:
    """What somebody can raise, as things are now."""

    reading: Reading
    driver: Driver
    leaders: tuple[Member, ...]  # who can be asked
    before: tuple[Followed, ...]  # what the same person asked about the same driver
    notice: Notice | None  # the flag on the driver, if one stands
    on: date  # the day of the digest that says so

    @property
    def waiting(self) -> Requested | None:
        """What waits for an answer that can come."""
        open_ = (one for one in self.before if one.request.outcome is Outcome.OPEN and one.leader_there)
        return next((one.request for one in open_), None)


class Raising:
    """The listeners."""

    def __init__(self, murmur: Murmur) -> None:
        self._murmur = murmur

    def opening(self, make: Callable[[Session, Actor, str, datetime], View]) -> Callable[..., None]:
        """A listener that opens a window which `make` makes of a button's value."""

        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            press = Press.model_validate(body)
            actor, now = find_actor(self._murmur, press), self._murmur.clock()
            not_yours = pages.not_yours(actor.wording)
            open_window(self._murmur, press, lambda session: make(session, actor, press.value, now), not_yours)

        return pressed

    def send(self, ack: Ack, body: dict[str, Any]) -> None:
        """Store what was raised and write to the leader; or say what is wrong, and leave the form as it is."""
        form = Submission.model_validate(body)
        actor, now = find_actor(self._murmur, form), self._murmur.clock()
        w = actor.wording
        keep(
            self._murmur,
            ack,
            actor,
            lambda session: _raise(session, actor, form, now),
            not_yours=pages.not_yours(w),
            not_stored=pages.not_stored(w),
        )

    def take_back(self, ack: Ack, body: dict[str, Any]) -> None:
        """Take a request back, unless it has been answered; show what became of it."""
        ack()
        press = Press.model_validate(body)
        actor, now = find_actor(self._murmur, press), self._murmur.clock()
        not_yours = pages.not_yours(actor.wording)
        act(self._murmur, press, actor, lambda session: _take_back(session, actor, press.value, now), not_yours)

    def decline(self, ack: Ack, body: dict[str, Any]) -> None:
        """Store why something is not possible now."""
        form = Submission.model_validate(body)
        actor, now = find_actor(self._murmur, form), self._murmur.clock()
        w = actor.wording
        keep(
            self._murmur,
            ack,
            actor,
            lambda session: _decline(session, actor, form, now),
            not_yours=pages.not_yours(w),
            not_stored=pages.decline_not_stored(w),
        )


def _form(session: Session, actor: Actor, value: str, now: datetime) -> View:
    """The form, or the request that waits already. Raises NotTheirs."""
    w, matter = actor.wording, _matter(session, actor, value, now)
    if matter.waiting is not None:
        return pages.raised_page(w, matter.waiting, again=True)
    if not matter.leaders:
        return pages.leaders_changed(w)
    alone = matter.leaders[0].id if len(matter.leaders) == 1 else None
    about = _About(place=value, leader_id=alone, form_key=new_form_key())
    driver, notice, unit = matter.driver, matter.notice, matter.reading.unit.name
    action = action_for(driver.id, driver.owner, matter.on).text
    return pages.form(
        w,
        unit=unit,
        driver=driver,
        leaders=[Choice(text=leader.name, value=str(leader.id)) for leader in matter.leaders],
        flag=None if notice is None else notice_sentence(w, notice, matter.on),
        suggestion=action,
        private_metadata=about.model_dump_json(),
    )


def _raise(session: Session, actor: Actor, form: Submission, now: datetime) -> View:
    """Store what a form asks, and put the message to the leader into the outbox. Raises NotTheirs and NotYet."""
    w, about = actor.wording, _About.read(form.private_metadata)
    matter = _matter(session, actor, about.place, now)
    chosen = about.leader_id if about.leader_id is not None else _number(form.field(pages.LEADER).text)
    leader = next((one for one in matter.leaders if one.id == chosen), None)
    words = settle(cleaned(form.field(pages.WORDS).text), longest=LONGEST)
    if isinstance(words, Problem):
        raise NotYet(pages.errors(w, words))
    if leader is None and about.leader_id is None and matter.leaders:
        raise NotYet(pages.errors(w, None))
    if leader is None:
        return pages.leaders_changed(w)
    request, new = make_request(
        session,
        matter.reading.unit,
        driver=matter.driver.id,
        member_id=actor.member.id,
        leader_id=leader.id,
        text=words,
        form_key=about.form_key,
        on=local_date(actor.member, now),
        unanswerable=[one.request.id for one in matter.before if not one.leader_there],
    )
    if request.asker_id != actor.member.id:  # a form key of somebody else
        raise NotTheirs
    if request.outcome is not Outcome.OPEN:
        return pages.became_page(w, request)
    if new:
        letter = Letter(
            kind=REQUEST,
            member_id=leader.id,
            unit_id=request.unit_id,
            request_id=request.id,
            due_at=working_hours_moment(now, leader.timezone),
        )
        outbox.put(session, actor.member.workspace_id, [letter])
    return pages.raised_page(w, request, again=not new)


def _matter(session: Session, actor: Actor, place: str, now: datetime) -> _Matter:
    """What a button is about: a driver of a digest that `actor` had, which somebody above can change. Raises
    NotTheirs.
    """
    where, _, driver_id = place.rpartition(":")
    round_id, unit_id = ids_in(where, 2)
    reading, digest = digest_read(session, actor, round_id, unit_id, now)
    driver = next((one for one in raisable(digest) if one.id == driver_id), None)
    if driver is None or actor.member.id not in {reader.id for reader in reading.readers}:
        raise NotTheirs
    latest = unit_digest(session, reading.pulse, reading.round, reading.unit, first=False)
    leaders = unit_leaders(session, reading.round, reading.unit)
    before = requests_of(session, reading.round, reading.unit, actor.member)
    return _Matter(
        reading=reading,
        driver=driver,
        leaders=tuple(leader for leader in leaders if leader.id != actor.member.id),
        before=tuple(one for one in before if one.request.driver == driver_id),
        notice=next((notice for notice in latest.notices if notice.driver.id == driver_id), None),
        on=latest.on,
    )


def _take_back(session: Session, actor: Actor, value: str, now: datetime) -> View:
    (request_id,) = ids_in(value, 1)
    request = find_request(session, request_id, hold=True)
    if request is None or request.asker_id != actor.member.id:
        raise NotTheirs
    end_request(session, request.id, Outcome.TAKEN_BACK, on=local_date(actor.member, now))
    return pages.became_page(actor.wording, _as_it_is(session, request))


def _promise_form(session: Session, actor: Actor, value: str, now: datetime) -> View:
    """The promise form in a leader's name, or what became of the request. Raises NotTheirs."""
    (request_id,) = ids_in(value, 1)
    request = asked_request(session, actor, request_id, hold=False)
    if request.outcome is not Outcome.OPEN:
        return pages.became_page(actor.wording, request)
    reading = reading_now(session, actor, request.unit_id, now)
    driver = drivers().get(request.driver)
    today = local_date(actor.member, now)
    suggestion = action_for(driver.id, driver.owner, today).text if driver is not None else ""
    return promise_form(session, actor, reading, suggestion=suggestion, request=request)


def _declining_form(session: Session, actor: Actor, value: str, now: datetime) -> View:
    """The form that asks why not, or what became of the request. Raises NotTheirs."""
    (request_id,) = ids_in(value, 1)
    request = asked_request(session, actor, request_id, hold=False)
    if request.outcome is not Outcome.OPEN:
        return pages.became_page(actor.wording, request)
    reading_now(session, actor, request.unit_id, now)
    carried = _Declined(request_id=request.id)
    return pages.declining_form(actor.wording, request, private_metadata=carried.model_dump_json())


def _decline(session: Session, actor: Actor, form: Submission, now: datetime) -> View:
    """Store a leader's reason. Raises NotTheirs and NotYet."""
    w = actor.wording
    request = asked_request(session, actor, _Declined.read(form.private_metadata).request_id)
    words = settle(cleaned(form.field(pages.WHY).text), longest=LONGEST_ANSWER)
    if isinstance(words, Problem):
        raise NotYet(pages.declining_errors(w, words))
    if request.outcome is Outcome.OPEN:
        reading_now(session, actor, request.unit_id, now)
        end_request(session, request.id, Outcome.DECLINED, on=local_date(actor.member, now), reply=words)
    after = _as_it_is(session, request)
    if after.reply != words:
        return pages.became_page(w, after)
    return pages.declined_page(w, after, heard=answerable(session, after, now) is not None)


def _as_it_is(session: Session, request: Requested) -> Requested:
    found = find_request(session, request.id)
    assert found is not None
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def register(app: App, murmur: Murmur) -> None:
    """Connect the listeners."""
    raising = Raising(murmur)
    app.action(told.RAISE)(raising.opening(_form))
    app.action(told.TAKE_BACK)(raising.take_back)
    app.action(told.PROMISE)(raising.opening(_promise_form))
    app.action(told.DECLINE)(raising.opening(_declining_form))
    app.view(pages.FORM)(raising.send)
    app.view(pages.DECLINING)(raising.decline)
