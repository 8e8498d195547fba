"""Simulated people who answer: planned when a round opens, cast one by one when their moment has come.

They cast by the function that a sent form ends in, and tell a plain bot the same. Whoever has sent the
form by hand in a round is left alone in it, which is known in memory only.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.demo.moods import Moods
from bot.murmur import Murmur
from storage.ballots import NotInRound, RoundNotOpen, cast
from storage.people import is_away
from storage.pulses import cadence_of
from storage.questions import known_items
from storage.rounds import times_of
from storage.tables import Member, Membership, Pulse, RosterEntry, Round, RoundUnit, Team
from surveys.cadence import invitation_at
from surveys.questions import Item
from surveys.rounds import State
from surveys.sealing import Ballot, RoundKey, round_key

_LAST_CALL = timedelta(minutes=10)
"""Nobody answers later than this before the close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody answered, as a plain bot hears of it."""

    member: Member
    round: Round
    answers: Mapping[str, int]
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answering:
    """Somebody who is going to answer."""

    at: datetime
    member_id: int
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """An open round, and who answers it when, soonest first."""

    round: Round
    week: int
    items: Sequence[Item]
    key: RoundKey
    moods: Moods
    answering: Sequence[_Answering]


class Colleagues:
    """Everybody who answers by themselves.

    first_week: the Monday from which weeks are counted, the first being 1.
    since: when they begin; who would have answered earlier has done so.
    relieved_in: the week in which what they are promised begins to count, if any by now.
    hear: called with everything they answer.
    """

    def __init__(
        self,
        murmur: Murmur,
        moods: Moods,
        *,
        first_week: date,
        since: datetime,
        relieved_in: Callable[[Session], int | None] = lambda _: None,
        hear: Callable[[Given], object] = lambda _: None,
    ) -> None:
        self._murmur = murmur
        self._moods = moods
        self._first_week = first_week
        self._until = since
        self._relieved_in = relieved_in
        self._hear = hear
        self._plans: dict[int, _Plan] = {}
        self._by_hand: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    def leave_alone(self, round_id: int, person: str) -> None:
        """Somebody, by Slack id, has sent the form themselves."""
        with self._lock:
            self._by_hand.add((round_id, person))

    def plan(self) -> None:
        """Look which rounds are open now, and who is going to answer in them."""
        with self._murmur.database.reading() as session:
            rounds = session.exec(select(Round).where(Round.state == State.OPEN).order_by(col(Round.id))).all()
            fresh = {round_.id: self._plan(session, round_) for round_ in rounds if round_.id not in self._plans}
        still_open = {round_.id for round_ in rounds}
        self._plans = {number: plan for number, plan in (self._plans | fresh).items() if number in still_open}

    def next_at(self) -> datetime | None:
        """When somebody answers next, if anybody does."""
        coming = (one.at for plan in self._plans.values() for one in plan.answering if one.at > self._until)
        return min(coming, default=None)

    def answer_until(self, now: datetime) -> int:
        """Let everybody answer whose moment has come. Returns how many did."""
        due = [(one, plan) for plan in self._plans.values() for one in plan.answering if self._until < one.at <= now]
        self._until = max(self._until, now)
        return sum(self._answer(one, plan) for one, plan in sorted(due, key=lambda pair: pair[0].at))

    def _plan(self, session: Session, round_: Round) -> _Plan:
        pulse = session.get_one(Pulse, round_.pulse_id)
        week = (round_.opens_on - self._first_week).days // 7 + 1
        relieved_in = self._relieved_in(session)
        known = known_items(session, pulse.id)
        query = (
            select(Member, Team.name)
            .join(RosterEntry, col(RosterEntry.member_id) == Member.id)
            .join(RoundUnit, col(RoundUnit.unit_id) == RosterEntry.unit_id)
            .join(Membership, col(Membership.member_id) == Member.id)
            .join(Team, col(Team.id) == Membership.team_id)
            .where(RosterEntry.period_id == round_.period_id, RoundUnit.round_id == round_.id)
        )
        return _Plan(
            round=round_,
            week=week,
            items=[known[item_id] for item_id in round_.item_ids],
            key=round_key(self._murmur.settings.app_secret, self._murmur.keys.read(round_.key_name), round_.id),
            moods=self._moods if relieved_in is None else self._moods.with_relief(relieved_in),
            answering=[
                _Answering(at=at, member_id=member.id, team=team)
                for member, team in session.exec(query)
                if (at := self._moment(pulse, round_, member, week)) is not None
            ],
        )

    def _moment(self, pulse: Pulse, round_: Round, member: Member, week: int) -> datetime | None:
        """When somebody answers a round, if they do."""
        invited = invitation_at(times_of(round_), cadence_of(pulse), member.timezone, after=round_.opens_at)
        latest = round_.closes_at - _LAST_CALL
        if invited is None or invited >= latest or not self._moods.takes_part(member.slack_id, week):
            return None
        return min(invited + self._moods.waits(member.slack_id, week), latest)

    def _answer(self, one: _Answering, plan: _Plan) -> bool:
        """Cast the ballot of somebody, unless they are away or have sent the form by hand."""
        database = self._murmur.database
        with database.reading() as session:
            member = session.get_one(Member, one.member_id)
        with self._lock:
            by_hand = (plan.round.id, member.slack_id) in self._by_hand
        if by_hand or is_away(member, one.at):
            return False
        answers = plan.moods.answers(member.slack_id, one.team, plan.week, plan.items)
        comment = plan.moods.remark(member.slack_id, plan.week, plan.items, answers)
        ballot = Ballot(answers=answers, comment=comment)
        try:
            with database.transaction() as session:
                cast(session, round_id=plan.round.id, member_id=member.id, key=plan.key, ballot=ballot, now=one.at)
        except (RoundNotOpen, NotInRound):  # closed by hand meanwhile, or a newcomer
            return False
        self._hear(Given(member=member, round=plan.round, answers=answers, comment=comment, at=one.at))
        return True
