"""What the scheduler runs: take the step that is due for every round, deliver, keep the directory fresh."""

import logging
from datetime import datetime

from sqlmodel import Session, col, select

from bot import letters
from bot.actors import admins_of
from bot.directory import ChannelNotReadable, channel_members, find_people
from bot.logs import class_and_place
from bot.messages import INVITATION
from bot.murmur import Murmur
from bot.results import limit_today
from storage import closing, outbox
from storage.people import replace_membership, save_people
from storage.rounds import (
    NobodyToAsk,
    PlanRefused,
    advance,
    due_steps,
    freeze_limits,
    keep_refused,
    open_round,
    round_units,
    schedule_next,
)
from storage.tables import Member, Membership, Pulse, Round, Team, Unit
from surveys.rounds import State, Step

log = logging.getLogger(__name__)

_MOST_STEPS = 50
"""Steps of one tick; a round needs six in all, so more than this means that something goes in circles."""

_NOT_OPENED = (State.SCHEDULED,)
"""What does not open is thrown away from this state only: another process may have opened it meanwhile."""


class ThrownAway(Exception):
    """Another process threw a round away in the moment in which it was to open."""


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
            closing.discard(murmur.database, murmur.keys, round_id, _NOT_OPENED)
        case Step.BEGIN_CLOSING:
            closing.begin_closing(murmur.database, round_id)
        case Step.CODE:
            code(murmur, round_id, now)
        case Step.SCRUB:
            _insist(closing.scrub(murmur.database, murmur.keys, round_id))
        case Step.WIPE:
            _insist(closing.finish_discarding(murmur.database, murmur.keys, round_id))
        case Step.PUBLISH:
            publish(murmur, round_id, now)
    log.info("a step was taken", extra={"round": round_id, "step": str(step)})


def _insist(wiped: bool) -> None:
    """Come back with the next tick to what could not be wiped from the files."""
    if not wiped:
        raise TimeoutError("a reader keeps the write-ahead log busy")


def open_and_invite(murmur: Murmur, round_id: int, now: datetime) -> NobodyToAsk | PlanRefused | ThrownAway | None:
    """Open a round and put its invitations and reminders into the outbox, in one transaction.

    When there is nobody to ask, or nothing, or the auditor refuses the plan, the round is thrown away and the reason
    returned; of a refused plan the admins are told. None when it is open, also when another process opened it.
    """
    try:
        with murmur.database.transaction() as session:
            round_ = open_round(session, murmur.keys, murmur.settings.app_secret, round_id)
            if round_ is not None:
                round_.opens_at = max(round_.opens_at, now)  # after an outage it opens later than planned
                session.add(round_)
                pulse = session.get_one(Pulse, round_.pulse_id)
                freeze_limits(session, round_id, _limits(session, pulse, round_))
                letters.welcome(session, pulse, now)
                outbox.put(session, pulse.workspace_id, letters.asking(session, pulse, round_, now))
    except NobodyToAsk as nobody:
        closing.discard(murmur.database, murmur.keys, round_id, _NOT_OPENED)
        return nobody if _was_thrown_away(murmur, round_id) else None
    except PlanRefused as refused:
        with murmur.database.transaction() as session:
            if thrown_away := closing.throw_away(session, round_id, _NOT_OPENED):
                keep_refused(session, round_id, refused.refused)
                _tell_admins(murmur, session, session.get_one(Round, round_id), now)
        if thrown_away:
            log.error("a round was not opened: the auditor refused its plan", extra={"round": round_id})
            closing.finish_discarding(murmur.database, murmur.keys, round_id)
        return refused if _was_thrown_away(murmur, round_id) else None
    return ThrownAway() if _was_thrown_away(murmur, round_id) else None


def _was_thrown_away(murmur: Murmur, round_id: int) -> bool:
    """Whether a round that was to open never will, whichever process saw to that: one to come may also be withdrawn,
    when its pulse is set up anew.
    """
    with murmur.database.reading() as session:
        round_ = session.get(Round, round_id)
    return round_ is None or round_.state in {State.DISCARDING, State.DISCARDED}


def code(murmur: Murmur, round_id: int, now: datetime) -> None:
    """Code a round. When something came out that its plan had not foreseen, it is kept back and admins are told."""

    def kept_back(session: Session, round_: Round) -> None:
        log.error("codes were kept back: the plan had not foreseen them", extra={"round": round_.id})
        _tell_admins(murmur, session, round_, now)

    closing.code_round(murmur.database, murmur.keys, murmur.settings.app_secret, round_id, kept_back)


def call_off(murmur: Murmur, round_id: int, now: datetime) -> bool:
    """Throw a round away that is open, or whose key is lost. If anybody was invited already, everybody whom it asks is
    told so once, in their own working hours, and all the same. False when it was too late.
    """
    with murmur.database.transaction() as session:
        round_ = session.get_one(Round, round_id)
        pulse = session.get_one(Pulse, round_.pulse_id)
        was_invited = outbox.any_sent(session, round_id, INVITATION)
        if not closing.throw_away(session, round_id):
            return False
        if was_invited:
            outbox.put(session, pulse.workspace_id, letters.calling_off(session, round_, now))
    closing.finish_discarding(murmur.database, murmur.keys, round_id)
    return True


def publish(murmur: Murmur, round_id: int, now: datetime) -> None:
    """Put the digests of a round into the outbox, each for its reader's own Monday morning, and plan the next."""
    with murmur.database.transaction() as session:
        if not advance(session, round_id, State.SCRUBBED, State.PUBLISHED):
            return
        round_ = session.get_one(Round, round_id, populate_existing=True)
        pulse = session.get_one(Pulse, round_.pulse_id)
        outbox.put(session, pulse.workspace_id, letters.digests(session, round_))
        if pulse.paused_on is None:
            schedule_next(session, pulse, now)


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
    letters.welcome(session, session.get_one(Pulse, team.pulse_id), now)


def _limits(session: Session, pulse: Pulse, round_: Round) -> dict[int, float]:
    """Of each unit of a round, the limit of flags that its managers were promised."""
    units = [session.get_one(Unit, size.unit_id) for size in round_units(session, round_.id)]
    return {unit.id: limit_today(session, pulse, round_, unit) for unit in units}


def _tell_admins(murmur: Murmur, session: Session, round_: Round, now: datetime) -> None:
    """Put into the outbox of every admin what the auditor refused of a round."""
    workspace_id = session.get_one(Pulse, round_.pulse_id).workspace_id
    outbox.put(session, workspace_id, letters.refusal(round_, admins_of(murmur, session, workspace_id), now))


def _by_workspace(session: Session) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = {}
    for member in session.exec(select(Member).order_by(col(Member.id))):
        found.setdefault(member.workspace_id, []).append(member)
    return found
