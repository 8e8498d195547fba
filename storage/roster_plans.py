"""Rosters as they would be if a period began today: planned from the teams as they are, with nothing frozen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from storage.people import readers_of_team
from storage.tables import Member, Membership, Pulse, Team
from surveys.units import PlannedUnit, TeamSize, plan_units


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPeople:
    """A team as it is today."""

    team_id: int
    parent_id: int | None
    members: frozenset[int]  # ids of members who can be asked
    readers: frozenset[int]  # ids of members who read its results


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who would be counted in a unit."""

    unit: PlannedUnit
    members: tuple[int, ...]  # ascending ids


def plan_rosters(
    teams: Sequence[TeamPeople],
    together_before: Collection[frozenset[int]] = (),
    large_before: Collection[int] = (),
) -> list[Roster]:
    """Units and who is counted in each: nobody in a unit whose results they read.

    Merging two teams makes the readers of one the readers of both, which can take people out of the count and
    so change the sizes that the merging was based on; the plan is made again until nobody has to go.
    """
    members = {team.team_id: team.members - team.readers for team in teams}
    readers = {team.team_id: team.readers for team in teams}
    while True:
        sizes = [TeamSize(team_id=t.team_id, parent_id=t.parent_id, roster=len(members[t.team_id])) for t in teams]
        units = plan_units(sizes, together_before=together_before, large_before=large_before)
        counted = {
            team_id: members[team_id] - frozenset().union(*(readers[sibling] for sibling in unit.team_ids))
            for unit in units
            for team_id in unit.team_ids
        }
        if counted == members:
            return [
                Roster(unit=unit, members=tuple(sorted(frozenset().union(*(members[t] for t in unit.team_ids)))))
                for unit in units
            ]
        members = counted


def teams_of_pulse(session: Session, pulse_id: int, *, opted_out: bool = False) -> list[TeamPeople]:
    """The teams of a pulse that have members, as they are today; people who left or opted out are left out.

    opted_out: count those who opted out all the same, where figures must not tell who they are.
    """
    teams = session.exec(select(Team).where(Team.pulse_id == pulse_id).order_by(col(Team.id))).all()
    parents = {team.parent_id for team in teams}
    return [team_people(session, team, opted_out=opted_out) for team in teams if team.id not in parents]


def team_people(session: Session, team: Team, *, opted_out: bool = False) -> TeamPeople:
    """One team as it is today; with `opted_out`, also those who asked to be left out."""
    query = select(Member.id).join(Membership).where(Membership.team_id == team.id, col(Member.active))
    if not opted_out:
        query = query.where(col(Member.opted_out_on).is_(None))
    return TeamPeople(
        team_id=team.id,
        parent_id=team.parent_id,
        members=frozenset(member_id for member_id in session.exec(query)),
        readers=frozenset(reader.id for reader in readers_of_team(session, team)),
    )


def planned_unit(session: Session, pulse: Pulse, member_id: int) -> Roster | None:
    """The unit in which a member would be asked if a period began today, if any."""
    rosters = plan_rosters(teams_of_pulse(session, pulse.id))
    return next((roster for roster in rosters if roster.unit.scored and member_id in roster.members), None)


def without(team: TeamPeople, members: Collection[int]) -> TeamPeople:
    """The team as if these members were not on it."""
    return replace(team, members=team.members - frozenset(members))
