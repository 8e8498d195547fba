"""Teams that are there already: the form filled in for one, and what a form would take away from it."""

from collections.abc import Collection, Iterable

from sqlmodel import Session, col, select

from bot.views.setup import ALONE, Draft
from storage.people import managers_of
from storage.pulses import find_team, teams_with_people
from storage.tables import Member, Membership, Pulse, Team
from surveys.cadence import Frequency


def filled_form(session: Session, workspace_id: int, name: str) -> Draft:
    """What the form opens with for the name of a team: everything about it. For that of a department: its leaders,
    and room for another team. For any other: the name.
    """
    team = find_team(session, workspace_id, name) if name else None
    if team is None:
        return Draft(team=name)
    pulse = session.get_one(Pulse, team.pulse_id)
    teams = [one.id for one in teams_with_people(session, pulse.id)]
    is_department = team.id not in teams
    parent = session.get_one(Team, team.parent_id) if team.parent_id is not None else None
    department = team if is_department else parent
    return Draft(
        team="" if is_department else team.name,
        channel=team.channel_id,
        people=_slack_ids([] if team.channel_id else _people_on(session, team)),
        managers=_slack_ids([] if is_department else managers_of(session, [team.id])),
        part_of=department.name if department else "",
        leaders=_slack_ids(managers_of(session, [department.id]) if department else []),
        together=ALONE if teams == [team.id] else str(pulse.id),
        frequency=Frequency(pulse.frequency),
        weekday=pulse.weekday,
        hour=pulse.hour,
        questions=pulse.question_set,
    )


def leavers(session: Session, team: Team | None, staying: Collection[str]) -> tuple[str, ...]:
    """Names of those on the team today whose Slack ids are not among `staying`; of a new team nobody."""
    today = _people_on(session, team) if team is not None else []
    return tuple(sorted(member.name for member in today if member.active and member.slack_id not in staying))


def department_left(session: Session, team: Team | None, department: Team | None) -> str | None:
    """Name of the department that the team is part of today, unless it stays in it."""
    before = team.parent_id if team is not None else None
    if before is None or (department is not None and department.id == before):
        return None
    return session.get_one(Team, before).name


def _people_on(session: Session, team: Team) -> list[Member]:
    query = select(Member).join(Membership).where(Membership.team_id == team.id)
    return list(session.exec(query.order_by(col(Member.id))))


def _slack_ids(members: Iterable[Member]) -> tuple[str, ...]:
    """Those of members who are still there; a picker in Slack shows no others."""
    return tuple(member.slack_id for member in members if member.active)
