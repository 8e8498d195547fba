"""The letters that jobs put into the outbox: to whom each kind goes, and when it is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.messages import CALLED_OFF, DEPARTMENT_DIGEST, DIGEST, INVITATION, REFUSED, REMINDER, WELCOME
from bot.results import receivers
from storage import outbox
from storage.outbox import Letter
from storage.people import is_away
from storage.pulses import cadence_of
from storage.roster_plans import plan_rosters, teams_of_pulse
from storage.rounds import times_of
from storage.tables import Member, Pulse, RosterEntry, Round, RoundUnit
from surveys.cadence import digest_at, invitation_at, reminder_at, working_hours_moment

_WORTH_TELLING = timedelta(weeks=1)
"""For so long after a round was called off."""


def welcome(session: Session, pulse: Pulse, now: datetime) -> None:
    """Put the first message into the outbox of everybody who would be asked and has not had it, for their own
    working hours. A team that has grown, or that was joined by another, may have become large enough only now.
    """
    asked = [
        member_id
        for roster in plan_rosters(teams_of_pulse(session, pulse.id))
        if roster.unit.scored
        for member_id in roster.members
    ]
    members = session.exec(select(Member).where(col(Member.id).in_(asked)).order_by(col(Member.id)))
    letters = [
        Letter(
            kind=WELCOME,
            member_id=member.id,
            pulse_id=pulse.id,
            due_at=working_hours_moment(now, member.timezone),
        )
        for member in members
        if not is_away(member, now)
    ]
    outbox.put(session, pulse.workspace_id, letters)


def asking(session: Session, pulse: Pulse, round_: Round, now: datetime) -> list[Letter]:
    """Invitations and reminders of a round: the same two for everybody on its roster who can be asked."""
    cadence = cadence_of(pulse)
    times = times_of(round_)
    letters = []
    for member in _asked(session, round_):
        if is_away(member, now):
            continue
        moments = {
            INVITATION: invitation_at(times, cadence, member.timezone, after=now),
            REMINDER: reminder_at(times, cadence, member.timezone, after=now),
        }
        letters += [
            Letter(kind=kind, member_id=member.id, round_id=round_.id, due_at=due, expires_at=round_.closes_at)
            for kind, due in moments.items()
            if due is not None
        ]
    return letters


def calling_off(session: Session, round_: Round, now: datetime) -> list[Letter]:
    """Word that a round was called off, for everybody whom it asks, in their own working hours, and all the same."""
    return [
        Letter(
            kind=CALLED_OFF,
            member_id=member.id,
            round_id=round_.id,
            due_at=working_hours_moment(now, member.timezone),
            expires_at=now + _WORTH_TELLING,
        )
        for member in _asked(session, round_)
        if not is_away(member, now)
    ]


def digests(session: Session, round_: Round) -> list[Letter]:
    """The digests of a round, each for its reader's own Monday morning."""
    return [
        Letter(
            kind=DIGEST if receiver.unit_id else DEPARTMENT_DIGEST,
            member_id=receiver.member.id,
            round_id=round_.id,
            unit_id=receiver.unit_id,
            team_id=receiver.team_id,
            due_at=digest_at(round_.closes_at, receiver.member.timezone),
        )
        for receiver in receivers(session, round_)
    ]


def refusal(round_: Round, admins: Iterable[Member], now: datetime) -> list[Letter]:
    """Word of what the auditor refused of a round, for every admin."""
    return [
        Letter(
            kind=REFUSED,
            member_id=admin.id,
            round_id=round_.id,
            due_at=working_hours_moment(now, admin.timezone),
        )
        for admin in admins
    ]


def _asked(session: Session, round_: Round) -> list[Member]:
    """Everybody whom a round asks, in id order: all on its frozen roster, also who is on another team by now.

    Nobody can change who is asked by taking people off a team; only who has left, or opted out, is not asked.
    """
    query = (
        select(Member)
        .join(RosterEntry)
        .join(RoundUnit, col(RoundUnit.unit_id) == RosterEntry.unit_id)
        .where(RosterEntry.period_id == round_.period_id, RoundUnit.round_id == round_.id)
        .order_by(col(Member.id))
    )
    return list(session.exec(query))
