"""The directory: workspaces and members, their roles, and what they prefer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import Management, Member, Membership, Pulse, Team, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as Slack describes them."""

    slack_id: str
    name: str
    timezone: str  # IANA name
    locale: str  # as Slack gives it, "en-US"
    is_slack_admin: bool = False
    active: bool = True


def insert_or_ignore(session: Session, table: Any, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Insert rows, leaving out those that are there already. Returns the primary keys that are new."""
    if not rows:
        return []
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    keys = list(table.__table__.primary_key.columns)
    statement = insert(table).on_conflict_do_nothing().returning(*keys)
    return list(session.execute(statement, rows))


def ensure_workspace(session: Session, slack_id: str, name: str) -> Workspace:
    """The workspace with this Slack id, made on first sight."""
    insert_or_ignore(session, Workspace, [{"slack_id": slack_id, "name": name}])
    workspace = session.exec(select(Workspace).where(Workspace.slack_id == slack_id)).one()
    if name and workspace.name != name:
        workspace.name = name
        session.add(workspace)
    return workspace


def save_people(session: Session, workspace_id: int, people: Iterable[Person]) -> list[Member]:
    """Write what Slack says about these people into the directory; preferences stay as they are."""
    people = list(people)
    session.flush()
    insert_or_ignore(
        session,
        Member,
        [
            {
                "workspace_id": workspace_id,
                "slack_id": person.slack_id,
                "name": person.name,
                "timezone": person.timezone,
                "locale": person.locale,
                "is_slack_admin": person.is_slack_admin,
                "active": person.active,
            }
            for person in people
        ],
    )
    members = members_by_slack_id(session, workspace_id, [person.slack_id for person in people])
    for person in people:
        member = members[person.slack_id]
        member.name, member.timezone, member.locale = person.name, person.timezone, person.locale
        member.is_slack_admin, member.active = person.is_slack_admin, person.active
        session.add(member)
    session.flush()
    return [members[person.slack_id] for person in people]


def members_by_slack_id(session: Session, workspace_id: int, slack_ids: Iterable[str]) -> dict[str, Member]:
    """Members of the workspace with these Slack ids, keyed by them; unknown ids are left out."""
    query = select(Member).where(Member.workspace_id == workspace_id, col(Member.slack_id).in_(list(slack_ids)))
    return {member.slack_id: member for member in session.exec(query)}


def find_member(session: Session, workspace_slack_id: str, member_slack_id: str) -> Member | None:
    """The member with this Slack id in the workspace with that one, if the directory knows them."""
    return session.exec(
        select(Member)
        .join(Workspace)
        .where(Workspace.slack_id == workspace_slack_id, Member.slack_id == member_slack_id)
    ).one_or_none()


def is_manager(session: Session, member_id: int) -> bool:
    """Whether the member reads any team's digest."""
    return session.exec(select(Management).where(Management.member_id == member_id).limit(1)).first() is not None


def team_of(session: Session, member_id: int) -> Team | None:
    """The one team the member is on, if any."""
    return session.exec(select(Team).join(Membership).where(Membership.member_id == member_id)).one_or_none()


def readers_of_team(session: Session, team: Team) -> list[Member]:
    """Who reads the results of `team`: its managers and those of its departments, in name order."""
    team_ids, parent_id = [team.id], team.parent_id
    while parent_id is not None:
        team_ids.append(parent_id)
        parent = session.get(Team, parent_id)
        parent_id = parent.parent_id if parent else None
    return managers_of(session, team_ids)


def managers_of(session: Session, team_ids: Iterable[int]) -> list[Member]:
    """Who manages any of these teams directly and has not left, in name order."""
    query = (
        select(Member)
        .join(Management)
        .where(col(Management.team_id).in_(list(team_ids)), col(Member.active))
        .distinct()
        .order_by(Member.name)
    )
    return list(session.exec(query))


def teams_managed_by(session: Session, member_id: int) -> list[int]:
    """Ids of the teams and departments that the member manages directly, ascending."""
    query = select(Management.team_id).where(Management.member_id == member_id)
    return sorted(session.exec(query))


def members_of_pulse(session: Session, pulse_id: int) -> list[Member]:
    """Everybody on a team of the pulse, in id order."""
    return list(
        session.exec(
            select(Member).join(Membership).join(Team).where(Team.pulse_id == pulse_id).order_by(col(Member.id))
        )
    )


def replace_membership(session: Session, team: Team, member_ids: Iterable[int]) -> None:
    """Make these members, and nobody else, the team's; who was on another team leaves it."""
    wanted = list(dict.fromkeys(member_ids))
    session.execute(delete(Membership).where(col(Membership.team_id) == team.id))
    session.execute(delete(Membership).where(col(Membership.member_id).in_(wanted)))
    session.add_all(Membership(member_id=member_id, team_id=team.id) for member_id in wanted)
    session.flush()


def replace_managers(session: Session, team: Team, member_ids: Iterable[int]) -> None:
    """Make these members, and nobody else, the readers of the team's digest."""
    session.execute(delete(Management).where(col(Management.team_id) == team.id))
    session.add_all(Management(member_id=member_id, team_id=team.id) for member_id in dict.fromkeys(member_ids))
    session.flush()


def pulse_of_member(session: Session, member_id: int) -> Pulse | None:
    """The pulse whose questions the member is asked, if any."""
    return session.exec(
        select(Pulse)
        .join(Team, col(Team.pulse_id) == Pulse.id)
        .join(Membership)
        .where(Membership.member_id == member_id)
    ).one_or_none()


def is_away(member: Member, now: datetime) -> bool:
    """Whether the member is not to be asked or reminded today: gone, opted out, or on a pause of their own."""
    return not member.active or member.opted_out_on is not None or _on_pause(member, local_date(member, now))


def local_date(member: Member, now: datetime) -> date:
    """Today, where the member is."""
    return now.astimezone(ZoneInfo(member.timezone)).date()


def _on_pause(member: Member, today: date) -> bool:
    return member.paused_until is not None and today <= member.paused_until
