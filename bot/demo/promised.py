"""What Lantern Labs has been promised, as far as the demonstration goes by it."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.demo.company import FIRST_WEEK
from bot.demo.moods import PROMISED_TO
from bot.results import unit_digest
from storage.people import pulse_of_member, teams_managed_by
from storage.promises import promises_about, promises_by
from storage.pulses import cadence_of
from storage.rosters import team_ids_of
from storage.rounds import published_rounds, round_units, times_of
from storage.tables import Member, Pulse, Round, Team, Unit
from surveys.cadence import digest_at, invitation_at
from surveys.promises import Fate, Promised

_GONE = frozenset({Fate.TAKEN_BACK, Fate.REPLACED})


def relieved_in(session: Session) -> int | None:
    """The week in which the team that goes by promises was first promised something that it was, or will be, told."""
    team = session.exec(select(Team).where(Team.name == PROMISED_TO)).first()
    if team is None:
        return None
    units = [unit for unit in session.exec(select(Unit).order_by(col(Unit.id))) if team.id in team_ids_of(unit)]
    made = [one.made_on for unit in units for one in promises_about(session, unit) if not _came_and_went(one)]
    return (min(made) - FIRST_WEEK).days // 7 + 1 if made else None


def standing(session: Session, maker: Member) -> list[Promised]:
    """What somebody has promised and still stands, newest first."""
    return [promise for promise, _ in promises_by(session, maker.id) if promise.fate is Fate.OPEN]


def untold(session: Session, maker: Member, reader: Member, now: datetime) -> Promised | None:
    """What somebody has promised, still stands, and is told by an invitation that a reader has yet to get."""
    return next((one for one in standing(session, maker) if not _was_told(session, one, reader, now)), None)


def easing_told_at(session: Session, reader: Member, since: datetime) -> datetime | None:
    """When a reader's first digest since then that tells of a flag's end was due; None when none does."""
    for team in (session.get_one(Team, number) for number in teams_managed_by(session, reader.id)):
        pulse = session.get_one(Pulse, team.pulse_id)
        for round_ in reversed(published_rounds(session, pulse.id)):
            at = digest_at(round_.closes_at, reader.timezone)
            if at <= since:
                continue
            units = [session.get_one(Unit, size.unit_id) for size in round_units(session, round_.id)]
            mine = [unit for unit in units if team.id in team_ids_of(unit)]
            if any(unit_digest(session, pulse, round_, unit, first=False).recoveries for unit in mine):
                return at
    return None


def _came_and_went(promise: Promised) -> bool:
    """Whether it was gone again on the same day, or before any invitation could tell of it."""
    gone_soon = promise.ended_on == promise.made_on or promise.ended_after == promise.made_after
    return promise.fate in _GONE and gone_soon


def _was_told(session: Session, promise: Promised, reader: Member, now: datetime) -> bool:
    """Whether the invitation of the first round that opened after a promise has come to a reader."""
    pulse = pulse_of_member(session, reader.id)
    if pulse is None:
        return False
    query = (
        select(Round)
        .where(Round.pulse_id == pulse.id, col(Round.id) > promise.made_after, col(Round.period_id).is_not(None))
        .order_by(col(Round.id))
    )
    first = session.exec(query).first()
    invited = invitation_at(times_of(first), cadence_of(pulse), reader.timezone) if first is not None else None
    return invited is not None and invited <= now
