"""What the scheduler runs: take the step that is due for every round, deliver, keep the directory fresh."""

import logging
from datetime import datetime

from sqlmodel import Session, col, select

from bot.directory import ChannelNotReadable, channel_members, find_people
from bot.logs import class_and_place
from bot.messages import DEPARTMENT_DIGEST, DIGEST, INVITATION, REMINDER, WELCOME
from bot.murmur import Murmur
from bot.results import receivers
from storage import closing, outbox
from storage.outbox import Letter
from storage.people import is_away, replace_membership, save_people
from storage.pulses import cadence_of
from storage.rosters import plan_rosters, teams_of_pulse
from storage.rounds import NobodyToAsk, advance, due_steps, open_round, schedule_next, times_of
from storage.tables import Member, Membership, Pulse, RosterEntry, Round, RoundUnit, Team
from surveys.cadence import digest_at, invitation_at, reminder_at, working_hours_moment
from surveys.rounds import State, Step

log = logging.getLogger(__name__)

_MOST_STEPS = 50
"""Steps of one tick; a round needs six in all, so more than this means that something goes in circles."""


def tick(murmur: Murmur) -> None:
    """Plan, open, close, code, scrub and publish whatever is due, each in its own transaction.

    The trouble of one pulse or round holds up no other; it is logged and tried again with the next tick.
    """
    now = murmur.clock()
    with murmur.database.reading() as session:
        asking = session.exec(select(Pulse.id).where(col(Pulse.paused_on).is_(None)).order_by(col(Pulse.id))).all()
    for pulse_id in asking:
        try:
            with murmur.database.transaction() as session:
                schedule_next(session, session.get_one(Pulse, pulse_id), now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other pulses must go on
            log.error("a pulse cannot be planned", extra={"error": class_and_place(error)})
    closing.finish_discarding(murmur.database, murmur.keys)
    stuck: set[int] = set()
    for _ in range(_MOST_STEPS):
        with murmur.database.reading() as session:
            steps = [(round_id, step) for round_id, step in due_steps(session, now) if round_id not in stuck]
        if not steps:
            break
        for round_id, step in steps:
            try:
                take(murmur, round_id, step, now)
            except Exception as error:  # noqa: BLE001 - whatever it is, the other rounds must go on
                stuck.add(round_id)
                log.error(
                    "a round is stuck",
                    extra={"round": round_id, "step": str(step), "error": class_and_place(error)},
                )


def take(murmur: Murmur, round_id: int, step: Step, now: datetime) -> None:
    """Take one step of one round."""
    match step:
        case Step.OPEN:
            open_and_invite(murmur, round_id, now)
        case Step.SKIP:
            closing.discard(murmur.database, murmur.keys, round_id)
        case Step.BEGIN_CLOSING:
            closing.begin_closing(murmur.database, round_id)
        case Step.CODE:
            closing.code_round(murmur.database, murmur.keys, murmur.settings.app_secret, round_id)
        case Step.SCRUB:
            if not closing.scrub(murmur.database, murmur.keys, round_id):
                raise TimeoutError("a reader keeps the write-ahead log busy")
        case Step.PUBLISH:
            publish(murmur, round_id, now)
    log.info("a step was taken", extra={"round": round_id, "step": str(step)})


def open_and_invite(murmur: Murmur, round_id: int, now: datetime) -> NobodyToAsk | None:
    """Open a round and put its invitations and reminders into the outbox, in one transaction.

    When there is nobody to ask, or nothing, the round is thrown away and the reason returned.
    """
    try:
        with murmur.database.transaction() as session:
            round_ = open_round(session, murmur.keys, murmur.settings.app_secret, round_id)
            if round_ is not None:
                round_.opens_at = max(round_.opens_at, now)  # after an outage it opens later than planned
                session.add(round_)
                pulse = session.get_one(Pulse, round_.pulse_id)
                welcome(session, pulse, now)
                outbox.put(session, pulse.workspace_id, _asking(session, pulse, round_, now))
    except NobodyToAsk as nobody:
        closing.discard(murmur.database, murmur.keys, round_id)
        return nobody
    return None


def publish(murmur: Murmur, round_id: int, now: datetime) -> None:
    """Put the digests of a round into the outbox, each for its reader's own Monday morning, and plan the next."""
    with murmur.database.transaction() as session:
        if not advance(session, round_id, State.SCRUBBED, State.PUBLISHED):
            return
        round_ = session.get_one(Round, round_id, populate_existing=True)
        pulse = session.get_one(Pulse, round_.pulse_id)
        letters = [
            Letter(
                kind=DIGEST if receiver.unit_id else DEPARTMENT_DIGEST,
                member_id=receiver.member.id,
                round_id=round_id,
                unit_id=receiver.unit_id,
                team_id=receiver.team_id,
                due_at=digest_at(round_.closes_at, receiver.member.timezone),
            )
            for receiver in receivers(session, round_)
        ]
        outbox.put(session, pulse.workspace_id, letters)
        if pulse.paused_on is None:
            schedule_next(session, pulse, now)


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


def refresh_directory(murmur: Murmur) -> None:
    """Take over what changed in Slack: names, time zones, people who left, and who is in a team's channel."""
    with murmur.database.reading() as session:
        known = {
            workspace_id: [member.slack_id for member in members]
            for workspace_id, members in _by_workspace(session).items()
        }
        channels = [
            (team.id, team.workspace_id, team.channel_id)
            for team in session.exec(select(Team).order_by(col(Team.id)))
            if team.channel_id
        ]
    inside: dict[int, list[str]] = {}
    for team_id, workspace_id, channel_id in channels:
        try:
            inside[team_id] = channel_members(murmur.client, channel_id)
        except ChannelNotReadable:
            log.warning("a team's channel cannot be read", extra={"error": "channel_not_found"})
            continue
        known.setdefault(workspace_id, []).extend(inside[team_id])
    for workspace_id, slack_ids in known.items():
        people = find_people(murmur.client, slack_ids)
        with murmur.database.transaction() as session:
            members = {member.slack_id: member for member in save_people(session, workspace_id, people)}
            for team_id in [team_id for team_id, workspace, _ in channels if workspace == workspace_id]:
                if team_id in inside:
                    present = [members[slack_id] for slack_id in inside[team_id] if slack_id in members]
                    follow_channel(session, session.get_one(Team, team_id), present, murmur.clock())


def follow_channel(session: Session, team: Team, members: list[Member], now: datetime) -> None:
    """Make the people of its channel the team's, less those who are on another team, and greet the new ones."""
    others = set(
        session.exec(
            select(Membership.member_id).where(
                col(Membership.member_id).in_([member.id for member in members]), Membership.team_id != team.id
            )
        )
    )
    joining = [member for member in members if member.id not in others]
    replace_membership(session, team, [member.id for member in joining])
    welcome(session, session.get_one(Pulse, team.pulse_id), now)


def _asking(session: Session, pulse: Pulse, round_: Round, now: datetime) -> list[Letter]:
    """Invitations and reminders of a round: the same two for everybody on its roster who can be asked."""
    cadence = cadence_of(pulse)
    times = times_of(round_)
    query = (
        select(Member)
        .join(RosterEntry)
        .join(Membership, col(Membership.member_id) == Member.id)
        .join(RoundUnit, col(RoundUnit.unit_id) == RosterEntry.unit_id)
        .where(RosterEntry.period_id == round_.period_id, RoundUnit.round_id == round_.id)
        .order_by(col(Member.id))
    )
    letters = []
    for member in session.exec(query):
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


def _by_workspace(session: Session) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    for member in session.exec(select(Member).order_by(col(Member.id))):
        found.setdefault(member.workspace_id, []).append(member)
    return found
