"""From a row of the outbox to what is posted: every kind of message, made when it is delivered."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.follow_up import answerable, asked_of, invitation_news, promises_for
from bot.murmur import Murmur
from bot.results import department_digest, gets, unit_digest
from bot.standing import first_asked
from bot.views.asked import asked_post
from bot.views.asking import Moved, invitation, reminder, welcome
from bot.views.digest import digest_post
from bot.views.parent import parent_post
from bot.views.rounds import called_off, kept_back, not_opened
from bot.views.vocabulary import Post
from bot.views.wording import Wording
from storage import outbox
from storage.moves import standing_of_member
from storage.people import is_away, local_date, readers_of_team, team_of
from storage.questions import questions_of
from storage.requests import find_request
from storage.roster_plans import planned_unit
from storage.rosters import team_ids_of, unit_name
from storage.rounds import unit_asked
from storage.tables import Member, OutboxMessage, Pulse, Round, Team, Unit
from storage.workspaces import flag_settings
from surveys.cadence import Frequency
from surveys.questions import load_question_sets
from surveys.requests import Outcome
from surveys.rounds import State

WELCOME, INVITATION, REMINDER = "welcome", "invitation", "reminder"
DIGEST, DEPARTMENT_DIGEST = "digest", "department-digest"
CALLED_OFF, REFUSED = "called-off", "refused"
REQUEST = "request"

ONCE_AT_MOST = frozenset({REMINDER})
"""Kinds that are not sent again when Slack did not say whether it posted them: a rare second invitation or
digest does no harm, a second reminder nags."""

AGAIN_WHEN_WANTED = frozenset({WELCOME})
"""Kinds that are forgotten, not dropped, when they are not wanted now: nobody is asked without having been greeted."""

FORGOTTEN = frozenset({CALLED_OFF, REFUSED})
"""Kinds that are deleted as soon as they are posted, or are given up: nothing about a person outlives a round that was
called off or not opened, and nothing else would ever delete them."""

Versions = Sequence[Post]
"""The same message, best first: a workspace may refuse a block that is too new for it. Empty: send nothing."""


def render(murmur: Murmur, session: Session, message: OutboxMessage, now: datetime) -> Versions:
    """What to post for `message`, or nothing when it is not wanted any more."""
    if message.expires_at is not None and now >= message.expires_at:
        return ()
    member = session.get_one(Member, message.member_id)
    return _RENDERERS[message.kind](murmur, session, message, member, now)


def wording_of(member: Member) -> Wording:
    """How Murmur speaks to a member: in their language. What managers get is English until it is translated."""
    return Wording(member.locale, member.timezone)


def _welcome(murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime) -> Versions:
    pulse = session.get_one(Pulse, message.pulse_id)
    team = team_of(session, member.id)
    planned = planned_unit(session, pulse, member.id)
    if is_away(member, now) or pulse.paused_on is not None or planned is None:
        return ()
    if team is None or team.pulse_id != pulse.id:
        return ()
    return (
        welcome(
            wording_of(member),
            name=member.name,
            asked_by=session.get_one(Member, pulse.admin_id).name,
            unit=unit_name(session, planned.unit.team_ids),
            people=len(planned.members),
            questions=load_question_sets()[pulse.question_set].per_round,
            frequency=Frequency(pulse.frequency),
            first_at=first_asked(session, pulse, member, now),
            readers=reader_names_of(session, planned.unit.team_ids),
            threshold=pulse.threshold,
            contact=murmur.settings.operator_contact,
            keys_apart=murmur.keys_apart,
            merged=len(planned.unit.team_ids) > 1,
            moved=_moved(session, pulse, member, now),
        ),
    )


def _moved(session: Session, pulse: Pulse, member: Member, now: datetime) -> Moved | None:
    """Where the member is still asked who came to a pulse from another one, if they are."""
    stands = standing_of_member(session, member.id, local_date(member, now))
    if stands is None or stands.pulse_id == pulse.id or stands.until <= local_date(member, now):
        return None
    return Moved(old=stands.unit.name, until=stands.until)


def _invitation(_murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime) -> Versions:
    round_, unit = _open_round(session, message, member)
    if round_ is None or unit is None or is_away(member, now):
        return ()
    return (
        invitation(
            wording_of(member),
            team=unit.name,
            questions=questions_of(session, round_),
            closes_at=round_.closes_at,
            readers=reader_names_of(session, team_ids_of(unit)),
            round_id=round_.id,
            news=invitation_news(session, round_, unit),
        ),
    )


def _reminder(_murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime) -> Versions:
    round_, unit = _open_round(session, message, member)
    if round_ is None or unit is None or is_away(member, now) or member.no_reminders_since is not None:
        return ()
    return (reminder(wording_of(member), team=unit.name, closes_at=round_.closes_at, round_id=round_.id),)


def _digest(murmur: Murmur, session: Session, message: OutboxMessage, member: Member, _now: datetime) -> Versions:
    round_, unit = session.get_one(Round, message.round_id), session.get_one(Unit, message.unit_id)
    if unit.id not in {receiver.unit_id for receiver in gets(session, round_, member)}:
        return ()
    pulse = session.get_one(Pulse, round_.pulse_id)
    first = not outbox.was_sent_before(session, message)
    salary = flag_settings(session, pulse.workspace_id).salary
    digest = unit_digest(session, pulse, round_, unit, first=first, reader=member, salary=salary)
    promises = promises_for(session, round_, unit, member, digest)
    return [
        digest_post(
            wording_of(member).english, digest, with_chart=with_chart, keys_apart=murmur.keys_apart, promises=promises
        )
        for with_chart in (True, False)
    ]


def _department_digest(
    murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime
) -> Versions:
    round_, team = session.get_one(Round, message.round_id), session.get_one(Team, message.team_id)
    if team.id not in {receiver.team_id for receiver in gets(session, round_, member)}:
        return ()
    pulse = session.get_one(Pulse, round_.pulse_id)
    first = not outbox.was_sent_before(session, message)
    digest = department_digest(session, pulse, round_, team, now=now, first=first)
    asked = asked_of(session, member, now, team.id)
    return (parent_post(wording_of(member).english, digest, keys_apart=murmur.keys_apart, asked=asked),)


def _request(_murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime) -> Versions:
    """What a manager asks of a leader, with the flag by the manager's own digest of today."""
    request = find_request(session, outbox.request_of(message) or 0)
    if request is None or request.leader_id != member.id or request.outcome is not Outcome.OPEN:
        return ()
    reading = answerable(session, request, now)
    if reading is None:
        return ()
    digest = unit_digest(session, reading.pulse, reading.round, reading.unit, first=False)
    notice = next((one for one in digest.notices if one.driver.id == request.driver), None)
    return (
        asked_post(
            wording_of(member).english, request, notice, on=digest.on, false_flag_months=digest.false_flag_months
        ),
    )


def _called_off(_murmur: Murmur, session: Session, message: OutboxMessage, member: Member, now: datetime) -> Versions:
    if is_away(member, now):
        return ()
    pulse = session.get_one(Pulse, session.get_one(Round, message.round_id).pulse_id)
    return (called_off(wording_of(member), pulse=pulse.name),)


def _refused(_murmur: Murmur, session: Session, message: OutboxMessage, member: Member, _now: datetime) -> Versions:
    round_ = session.get_one(Round, message.round_id)
    if not member.active or not round_.refused:
        return ()
    pulse = session.get_one(Pulse, round_.pulse_id)
    coded = round_.state not in {State.SCHEDULED, State.DISCARDING, State.DISCARDED}
    told = kept_back if coded else not_opened
    return (told(wording_of(member).english, pulse=pulse.name, refused=round_.refused),)


def reader_names_of(session: Session, team_ids: Iterable[int]) -> list[str]:
    """Names of everybody who reads the results of a unit of these teams, in name order."""
    readers = {
        reader.id: reader.name
        for team_id in team_ids
        for reader in readers_of_team(session, session.get_one(Team, team_id))
    }
    return sorted(readers.values())


def _open_round(session: Session, message: OutboxMessage, member: Member) -> tuple[Round | None, Unit | None]:
    round_ = session.get_one(Round, message.round_id)
    if round_.state != State.OPEN:
        return None, None
    return round_, unit_asked(session, round_, member.id)


_RENDERERS: dict[str, Callable[[Murmur, Session, OutboxMessage, Member, datetime], Versions]] = {
    WELCOME: _welcome,
    INVITATION: _invitation,
    REMINDER: _reminder,
    DIGEST: _digest,
    DEPARTMENT_DIGEST: _department_digest,
    CALLED_OFF: _called_off,
    REFUSED: _refused,
    REQUEST: _request,
}
