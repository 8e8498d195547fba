"""Pulses and teams as admins set them up, and the audit log of what they changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.people import insert_or_ignore, members_of_pulse, replace_managers, replace_membership
from storage.tables import Change, Member, Membership, Pulse, Round, Team, Workspace
from surveys.cadence import Cadence, Frequency, zone
from surveys.release import FLOOR
from surveys.rounds import State


class NameTaken(Exception):
    """A team of the workspace has this name, or a department that it cannot share it with."""


class ThresholdTooLow(Exception):
    """A threshold may be raised, never lowered below the floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTeam:
    """A team as it comes out of the set-up form."""

    name: str
    department: str  # "" for none
    channel_id: str | None
    member_ids: Sequence[int]
    manager_ids: Sequence[int]
    leader_ids: Sequence[int] = ()  # who reads the department; none leaves its readers as they are


def create_pulse(
    session: Session, *, workspace_id: int, admin_id: int, name: str, question_set: str, cadence: Cadence
) -> Pulse:
    """Make a pulse without teams."""
    pulse = Pulse(
        workspace_id=workspace_id,
        admin_id=admin_id,
        name=name,
        question_set=question_set,
        frequency=str(cadence.frequency),
        weekday=cadence.weekday,
        hour=cadence.hour,
        timezone=cadence.timezone,
        anchor=cadence.anchor,
        threshold=FLOOR,
    )
    session.add(pulse)
    session.flush()
    return pulse


def add_team(session: Session, pulse: Pulse, new: NewTeam) -> Team:
    """Add a team to the pulse; its members leave the team they were on. Raises NameTaken."""
    if find_team(session, pulse.workspace_id, new.name) is not None:
        raise NameTaken(new.name)
    team = Team(workspace_id=pulse.workspace_id, pulse_id=pulse.id, name=new.name)
    return _fill(session, team, new)


def change_team(session: Session, pulse: Pulse, team: Team, new: NewTeam, on: date) -> Team:
    """Make an existing team what the form says, and part of `pulse`. A pulse that is left without teams is paused
    from `on`, for good. Raises NameTaken.
    """
    before = team.pulse_id
    team.pulse_id = pulse.id
    team = _fill(session, team, new)
    if before != pulse.id and session.exec(select(Team).where(Team.pulse_id == before).limit(1)).first() is None:
        pause(session, session.get_one(Pulse, before), on)
    return team


def check_names(session: Session, team: Team | None, department: Team | None) -> None:
    """Whether an existing team and an existing department can be what their names say. Raises NameTaken."""
    if team is not None and _has_teams(session, team):
        raise NameTaken(team.name)
    if department is not None and (department.parent_id is not None or _has_members(session, department)):
        raise NameTaken(department.name)


def _fill(session: Session, team: Team, new: NewTeam) -> Team:
    if team.id is not None:
        check_names(session, team, None)
    if new.department.casefold() == team.name.casefold():
        raise NameTaken(team.name)
    department = _department(session, team, new.department) if new.department else None
    team.parent_id = department.id if department else None
    team.channel_id = new.channel_id
    session.add(team)
    session.flush()
    replace_membership(session, team, new.member_ids)
    replace_managers(session, team, new.manager_ids)
    if department is not None and new.leader_ids:
        replace_managers(session, department, new.leader_ids)
    return team


def find_team(session: Session, workspace_id: int, name: str) -> Team | None:
    """The team or department of the workspace with this name, whatever its case."""
    teams = session.exec(select(Team).where(Team.workspace_id == workspace_id))
    return next((team for team in teams if team.name.casefold() == name.casefold()), None)


def pulses_of_workspace(session: Session, workspace_id: int) -> list[Pulse]:
    """The pulses of a workspace, oldest first; those that all teams have left are not told of."""
    query = (
        select(Pulse)
        .where(Pulse.workspace_id == workspace_id, col(Pulse.id).in_(select(Team.pulse_id)))
        .order_by(col(Pulse.id))
    )
    return list(session.exec(query))


def teams_with_people(session: Session, pulse_id: int) -> list[Team]:
    """The teams of a pulse in tree order: by department, then by name; departments themselves left out."""
    teams = session.exec(select(Team).where(Team.pulse_id == pulse_id)).all()
    names = {team.id: team.name for team in teams}
    parents = {team.parent_id for team in teams}
    leaves = [team for team in teams if team.id not in parents]
    return sorted(leaves, key=lambda team: (names.get(team.parent_id or 0, ""), team.name))


def cadence_of(pulse: Pulse) -> Cadence:
    """The cadence that a pulse keeps."""
    return Cadence(
        frequency=Frequency(pulse.frequency),
        weekday=pulse.weekday,
        hour=pulse.hour,
        timezone=pulse.timezone,
        anchor=pulse.anchor,
    )


def timezones_of(session: Session, pulse_id: int) -> list[str]:
    """The time zones of everybody on a team of the pulse, each once."""
    return sorted({member.timezone for member in members_of_pulse(session, pulse_id)})


def set_threshold(session: Session, pulse: Pulse, threshold: int) -> None:
    """Change how many answers a result needs, from the next round on. Raises ThresholdTooLow."""
    if threshold < FLOOR:
        raise ThresholdTooLow(f"a result needs at least {FLOOR} answers")
    pulse.threshold = threshold
    session.add(pulse)


def pause(session: Session, pulse: Pulse, on: date | None) -> None:
    """Pause the pulse from `on`, or let it go on again with None."""
    pulse.paused_on = on
    session.add(pulse)


def record_change(session: Session, *, workspace_id: int, admin: Member, form_key: str, on: date, what: str) -> bool:
    """Enter a change into the audit log. False when the form it came from was counted before: change nothing."""
    row = {
        "workspace_id": workspace_id,
        "member_id": admin.id,
        "form_key": form_key,
        "made_on": on,
        "what": what,
    }
    return bool(insert_or_ignore(session, Change, [row]))


def changes(session: Session, workspace_id: int) -> list[Change]:
    """The audit log of a workspace, oldest first."""
    return list(session.exec(select(Change).where(Change.workspace_id == workspace_id).order_by(col(Change.id))))


def _department(session: Session, team: Team, name: str) -> Team:
    department = find_team(session, team.workspace_id, name)
    if department is None:
        department = Team(workspace_id=team.workspace_id, pulse_id=team.pulse_id, name=name)
        session.add(department)
        session.flush()
    elif department.pulse_id != team.pulse_id:
        raise NameTaken(name)
    check_names(session, None, department)
    return department


def _has_members(session: Session, team: Team) -> bool:
    query = select(Membership.member_id).where(Membership.team_id == team.id).limit(1)
    return session.exec(query).first() is not None


def _has_teams(session: Session, department: Team) -> bool:
    return session.exec(select(Team.id).where(Team.parent_id == department.id).limit(1)).first() is not None


def set_schedule(
    session: Session, pulse: Pulse, *, frequency: Frequency, weekday: int, hour: int, timezone: str, now: datetime
) -> Cadence:
    """Change when the pulse asks, from the next round on; the caller has that one worked out again.

    Fortnights and months go on being counted from where they were, and with another frequency from the last round,
    so that a change brings no round forward that a schedule kept back. Returns the cadence that holds. Raises
    ValueError, UnknownTimeZoneError among them, for one that cannot be kept.
    """
    anchor = pulse.anchor
    if frequency != pulse.frequency:
        query = select(Round).where(Round.pulse_id == pulse.id, Round.state != State.SCHEDULED)
        last = session.exec(query.order_by(col(Round.opens_on).desc()).limit(1)).first()
        anchor = last.opens_on if last is not None else now.astimezone(zone(timezone)).date()
    cadence = Cadence(frequency=frequency, weekday=weekday, hour=hour, timezone=timezone, anchor=anchor)
    pulse.frequency, pulse.anchor = str(frequency), anchor
    pulse.weekday, pulse.hour, pulse.timezone = weekday, hour, timezone
    session.add(pulse)
    session.flush()
    return cadence


def one_at_a_time(session: Session, workspace_id: int) -> None:
    """Hold off everybody else who sets up teams of the workspace until the transaction ends: two teams of one name
    must not come about at once. On SQLite the write transaction does.
    """
    # key_share: what else refers to the workspace meanwhile must not have to wait.
    session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True))
