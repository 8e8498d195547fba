"""People on a form who are on another team already: who they are, and what moving them would do."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from bot.views.preview import Elsewhere, Left
from storage.moves import held_until, stands_until
from storage.people import readers_of_team
from storage.roster_plans import Roster, TeamPeople, plan_rosters, teams_of_pulse
from storage.tables import Member, Membership, Pulse, Team
from surveys.units import odds


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Who of a form is counted in another team, and in which."""

    teams: Mapping[str, Team]  # by Slack id
    movable: Mapping[int, str]  # Slack ids by member id: those who would be counted in the team of the form

    @property
    def seal(self) -> str:
        """The same as long as the same people are on the same other teams: what an admin saw, and agrees to."""
        pairs = sorted((slack_id, self.teams[slack_id].id) for slack_id in self.movable.values())
        return hashlib.sha256(repr(pairs).encode()).hexdigest()[:16] if pairs else ""

    @property
    def left(self) -> list[Team]:
        """The teams that whoever can be moved would leave, by name."""
        teams = {team.id: team for team in map(self.teams.__getitem__, self.movable.values())}
        return sorted(teams.values(), key=lambda team: team.name)


def overlap_of(session: Session, own: Team | None, members: Iterable[Member], readers: Collection[str]) -> Overlap:
    """Who of `members` is counted in another team than `own`: nobody is asked twice.

    Whoever reads the results of a team is not counted in it, and is free for another. `readers` are Slack ids of
    those who read the team of the form: they would be counted nowhere if they moved there, so they stay.
    """
    by_id = {member.id: member.slack_id for member in members}
    query = select(Membership.member_id, Team).join(Team).where(col(Membership.member_id).in_(by_id))
    teams = {
        member_id: team
        for member_id, team in session.exec(query)
        if (own is None or team.id != own.id)
        and member_id not in {reader.id for reader in readers_of_team(session, team)}
    }
    return Overlap(
        teams={by_id[member_id]: team for member_id, team in teams.items()},
        movable={member_id: by_id[member_id] for member_id in sorted(teams) if by_id[member_id] not in readers},
    )


def elsewhere(overlap: Overlap, names: Mapping[str, str]) -> tuple[Elsewhere, ...]:
    """Whoever can be moved, with the team they are on, in name order. `names` by Slack id."""
    found = [
        Elsewhere(name=names[slack_id], team=overlap.teams[slack_id].name) for slack_id in overlap.movable.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.team)))


def without(teams: Iterable[TeamPeople], moving: Collection[int]) -> list[TeamPeople]:
    """The teams as they are when these members have left them."""
    return [replace(team, members=team.members - frozenset(moving)) for team in teams]


def teams_left(
    session: Session, overlap: Overlap, name: str, joined: Pulse | None, rosters: Sequence[Roster]
) -> tuple[Left, ...]:
    """What becomes of each team that people would leave. `name` is that of the team on the form, `joined` the pulse
    it is in, if there is one already, and `rosters` are those of that pulse as they would be. Whoever asked to be left
    out is counted all the same, so that nothing tells who they are.
    """
    planned = {joined.id: rosters} if joined is not None else {}
    found = []
    for team in overlap.left:
        if team.pulse_id not in planned:
            planned[team.pulse_id] = plan_rosters(without(_everybody(session, team.pulse_id), overlap.movable))
        roster = next(one for one in planned[team.pulse_id] if team.id in one.unit.team_ids)
        others = [session.get(Team, team_id) for team_id in roster.unit.team_ids if team_id != team.id]
        names = [other.name if other is not None else name for other in others]  # one that is new has no id yet
        people = len(roster.members)
        found.append(
            Left(
                team=team.name,
                people=people,
                odds=odds(people, session.get_one(Pulse, team.pulse_id).threshold) if roster.unit.scored else 0.0,
                with_teams=tuple(sorted(names)),
            )
        )
    return tuple(found)


def stay_until(session: Session, overlap: Overlap, on: date) -> date | None:
    """Until when those who would move are still counted where they are, if a round opens on `on`.

    That of a whole team counts for each of its people: who of them is not on its roster may have asked to be left out.
    """
    ends = [held_until(session, list(overlap.movable), on), *(stands_until(session, team, on) for team in overlap.left)]
    return max((end for end in ends if end is not None), default=None)


def held_by(session: Session, overlap: Overlap, on: date) -> dict[int, date]:
    """Until when each of those who would move is counted where they are, by member id: that of their whole team."""
    ends = {}
    for member_id, slack_id in overlap.movable.items():
        team = overlap.teams[slack_id]
        found = [held_until(session, [member_id], on), stands_until(session, team, on)]
        ends[member_id] = max((end for end in found if end is not None), default=on)
    return ends


def _everybody(session: Session, pulse_id: int) -> list[TeamPeople]:
    return teams_of_pulse(session, pulse_id, opted_out=True)
