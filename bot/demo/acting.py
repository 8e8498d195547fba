"""What each step of the guide does, as the person who would do it: tap by tap, through the stand-in Slack."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.demo.company import DANA, PRIYA
from bot.demo.guide import ANSWER, DIGEST, LATER, PROMISE, STEAL, Direction
from bot.demo.promised import easing_told_at, standing, untold
from bot.demo.show import NotPossible, Order, Show
from bot.demo.stage import Stage
from bot.demo.travel import Travel
from bot.sandbox.person import Person
from bot.sandbox.shown import Message
from bot.standing import next_times
from storage.people import pulse_of_member
from storage.pulses import cadence_of
from storage.rounds import times_of, unfinished_round
from storage.tables import Member
from surveys.cadence import invitation_at
from surveys.promises import Promised
from surveys.rounds import State

COMMENT: Final = "Jonas has had the pager three weekends in a row, and nobody says a word about it."
PROMISED: Final = "No deploys after Thursday noon."
PROMISED_NEXT: Final = "Nobody has the pager two weekends in a row."  # where the other stands already, and was told

_DIGEST: Final = "digest"  # stands in the notification of every digest
_NO_DIGEST: Final = (
    "No digest has come this Monday, for no round closed last week. If the pulse is paused, type /pulse resume as Ruth."
)
_TAP: Final = 0.4  # real seconds between two taps, so that one can follow
_LOOK: Final = 1.2  # and to look at a page
_PICKS: Final = (3, 1, 2, 3)  # which of the five labels Priya presses
_ARRIVED: Final = timedelta(minutes=5)


class Acting:
    """The steps, by the ids of the guide."""

    def __init__(self, stage: Stage, show: Show, travel: Travel) -> None:
        self._stage = stage
        self._show = show
        self._travel = travel
        self.steps: Mapping[str, Callable[[Order], None]] = {
            ANSWER: self.answer,
            STEAL: self.steal,
            DIGEST: self.digest,
            PROMISE: self.promise,
            LATER: self.later,
        }

    def answer(self, order: Order) -> None:
        """Priya answers the newest round, with a comment."""
        if not self._asked(PRIYA):
            self._travel.to(self._next_invitation(PRIYA), "To the next round")
        priya, invitation = self._person(PRIYA), self._newest(PRIYA, "short question")
        there = Direction(person=PRIYA, place=invitation.channel, message=invitation.ts)
        self._show.look(there)
        self._pause(_LOOK)
        priya.press("Answer or change", invitation)
        priya.wait_for_view("Sending again replaces everything")
        questions = [field for field in priya.view.fields if field.type == "radio_buttons"]
        for question, pick in zip(questions, _PICKS, strict=False):
            self._pause(_TAP)
            priya.choose(question.block_id, question.options[pick])
        self._pause(_TAP)
        priya.fill("A comment, if you like", COMMENT)
        self._pause(_LOOK)
        priya.submit()
        priya.wait_for_view("What you sent is sealed")
        self._pause(2 * _LOOK)
        priya.close_view(everything=True)
        self._show.look(there, ends=order)

    def steal(self, order: Order) -> None:
        """The thief comes; what is found, the page asks for itself."""
        self._person(PRIYA)
        place = self._newest(PRIYA, "").channel
        self._show.look(Direction(person=PRIYA, place=place, panel="theft"), ends=order)

    def digest(self, order: Order) -> None:
        """Dana reads on Monday what came of the round: today, if it is Monday, or else on the next."""
        self._person(DANA)
        if not self._came_today():
            self._travel.jump("next-monday")
        if not self._came_today():
            raise NotPossible(_NO_DIGEST)
        self._show.look(self._digest_of_dana(), ends=order)

    def promise(self, order: Order) -> None:
        """Dana promises something, and Priya's next invitation tells of it."""
        self._person(PRIYA)
        if self._untold() is None:
            self._promise_something()
        promise = self._untold()
        if promise is None:
            raise LookupError("nothing was promised")
        self._travel.to(self._next_invitation(PRIYA, after=promise.made_after), "To the next invitation")
        invitation = self._newest(PRIYA, "short question")
        self._show.look(Direction(person=PRIYA, place=invitation.channel, message=invitation.ts), ends=order)

    def later(self, order: Order) -> None:
        """Two months go by, and Dana reads what came of them; the thief comes again when asked to."""
        self._person(DANA)
        since = self._stage.sandbox.clock.now()
        self._travel.jump("two-months")
        outcome, eased = self.outcome(since)
        with self._show.changing(LATER) as step:
            step.after = self._show.guide.written[LATER]["after" if eased else "otherwise"]
        self._show.look(outcome, ends=order, again=self.thief_again())

    def outcome(self, since: datetime) -> tuple[Direction, bool]:
        """Look at the first of Dana's digests since then which tells that a flag has ended, or else at her newest; and
        whether there was such a one.
        """
        with self._stage.murmur.database.reading() as session:
            told_at = easing_told_at(session, _member(session, DANA), since)
        digests = [one for one in self._digests() if told_at and float(one.ts) >= told_at.timestamp()]
        return (self._at_digest(digests[0]), True) if digests else (self._digest_of_dana(), False)

    def thief_again(self) -> Direction:
        """Let the thief come while one looks at Dana's newest digest."""
        return replace(self._digest_of_dana(), panel="theft")

    def _promise_something(self) -> None:
        """Dana promises something, under her digest."""
        with self._stage.murmur.database.reading() as session:
            stand = {promise.text for promise in standing(session, _member(session, DANA))}
        dana, digest = self._person(DANA), self._newest(DANA, _DIGEST)
        self._show.look(self._digest_of_dana())
        self._pause(_LOOK)
        dana.press("Promise something", digest)
        form = dana.wait_for_view("In your own words")
        if any(field.label == "What do you promise?" for field in form.fields):
            self._pause(_TAP)
            dana.choose("What do you promise?", "My own words, below")
        self._pause(_TAP)
        dana.fill("In your own words", PROMISED_NEXT if PROMISED in stand else PROMISED)
        self._pause(_LOOK)
        dana.submit()
        dana.wait_for_view("Promised to")
        self._pause(2 * _LOOK)
        dana.close_view(everything=True)

    def _untold(self) -> Promised | None:
        """What Dana promised that stands, and that Priya is still to be told."""
        now = self._stage.sandbox.clock.now()
        with self._stage.murmur.database.reading() as session:
            return untold(session, _member(session, DANA), _member(session, PRIYA), now)

    def _asked(self, who: str) -> bool:
        """Whether a round is open to somebody who has been invited to it."""
        now = self._stage.sandbox.clock.now()
        with self._stage.murmur.database.reading() as session:
            member = _member(session, who)
            pulse = pulse_of_member(session, member.id)
            round_ = unfinished_round(session, pulse.id) if pulse else None
            if pulse is None or round_ is None or round_.state != State.OPEN or round_.closes_at <= now:
                return False
            invited = invitation_at(times_of(round_), cadence_of(pulse), member.timezone)
        return invited is not None and invited <= now

    def _next_invitation(self, who: str, *, after: int = 0) -> datetime:
        """When somebody's next invitation has arrived, of a round later than the one with the id `after`."""
        now = self._stage.sandbox.clock.now()
        with self._stage.murmur.database.reading() as session:
            member = _member(session, who)
            pulse = pulse_of_member(session, member.id)
            if pulse is None or pulse.paused_on is not None:
                raise NotPossible("The pulse is paused, so nobody is asked: as Ruth, type /pulse resume.")
            cadence, round_ = cadence_of(pulse), unfinished_round(session, pulse.id)
            coming = [times_of(round_)] if round_ is not None and round_.id > after else []
            coming.append(next_times(session, pulse, now))
        moments = [invitation_at(times, cadence, member.timezone) or times.opens_at for times in coming]
        return min(moment for moment in moments if moment > now) + _ARRIVED

    def _came_today(self) -> bool:
        """Whether Dana's newest digest is of today, by her clock."""
        zone = ZoneInfo(self._stage.sandbox.workspace.find(DANA).tz)
        came = datetime.fromtimestamp(float(self._newest(DANA, _DIGEST).ts), zone)
        return came.date() == self._stage.sandbox.clock.now().astimezone(zone).date()

    def _digest_of_dana(self) -> Direction:
        """Look at Dana's newest digest, on a phone."""
        return self._at_digest(self._newest(DANA, _DIGEST))

    def _at_digest(self, digest: Message) -> Direction:
        return Direction(person=DANA, place=digest.channel, message=digest.ts, phone=True)

    def _digests(self) -> list[Message]:
        """All of Dana's, oldest first."""
        return [one for one in self._stage.slack.person(DANA).dms() if _DIGEST in one.notification]

    def _newest(self, who: str, notification: str) -> Message:
        """Somebody's newest direct message whose notification says this."""
        found = [message for message in self._stage.slack.person(who).dms() if notification in message.notification]
        if not found:
            raise LookupError("the message is not there")
        return found[-1]

    def _person(self, who: str) -> Person:
        """Somebody to act as, with no window open."""
        person = self._stage.slack.person(who)
        if person.views:
            person.close_view(everything=True)
        return person

    def _pause(self, seconds: float) -> None:
        """Let whoever watches follow."""
        self._show.stopping.wait(seconds)
        self._show.check()


def _member(session: Session, who: str) -> Member:
    return session.exec(select(Member).where(Member.slack_id == who)).one()
