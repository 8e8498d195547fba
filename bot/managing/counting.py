"""Who would be counted if a form were carried out: in which unit, beside which other teams, and read by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.managing.draft import Cast, Place
from bot.managing.overlaps import without
from storage.people import Person, readers_of_team
from storage.roster_plans import Roster, TeamPeople, plan_rosters, teams_of_pulse
from storage.tables import Member, Team

_NEW = 0  # stands for a team that has no id yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Who would be counted in the unit of a team, and who would read it."""

    asked: Sequence[Person]  # on the team itself
    readers: Sequence[Person]
    people: int  # in the unit
    merged_with: tuple[str, ...]  # names of the other teams of the unit
    rosters: Sequence[Roster]  # all units of the pulse, as they would be
    teams: Sequence[TeamPeople]  # all teams of the pulse, as they would be
    own: int  # what stands for the team among them


def counted_in(
    session: Session, place: Place, cast: Cast, free: Sequence[Person], known: Mapping[str, Member]
) -> Counted:
    """Who would be counted where. `free` are those of the team who would be on no other, `known` members by Slack id.

    Most people of a new team have no id yet: they get one that nobody has. Whoever asked to be left out is counted all
    the same, on every team: else an admin who tries a form with and without somebody would see who they are.
    """
    ids = {person.slack_id: -number for number, person in enumerate(cast.everybody, start=1)}
    leading = _leading(session, place, cast)
    ids |= {member.slack_id: member.id for member in (*known.values(), *leading)}
    readers = {ids[person.slack_id]: person for person in own_readers(session, place, cast)}
    own = place.existing.id if place.existing else _NEW
    mine = TeamPeople(
        team_id=own,
        parent_id=place.department.id if place.department else None,
        members=frozenset(ids[person.slack_id] for person in free),
        readers=frozenset(readers),
    )
    teams = teams_of_pulse(session, place.pulse.id, opted_out=True) if place.pulse else []
    others = [team for team in teams if team.team_id != own]
    planned = [*without(others, mine.members), mine]
    rosters = plan_rosters(planned)
    unit = next(roster for roster in rosters if own in roster.unit.team_ids)
    merged = [session.get_one(Team, team_id) for team_id in unit.unit.team_ids if team_id != own]
    for team in merged:
        readers |= {reader.id: _person(reader) for reader in readers_of_team(session, team)}
    return Counted(
        asked=[person for person in free if ids[person.slack_id] in unit.members],
        readers=list(readers.values()),
        people=len(unit.members),
        merged_with=tuple(sorted(team.name for team in merged)),
        rosters=rosters,
        teams=planned,
        own=own,
    )


def own_readers(session: Session, place: Place, cast: Cast) -> list[Person]:
    """Who would read the team itself: its managers, and whoever leads its department, now or by the form."""
    return [*cast.managers, *cast.leaders, *map(_person, _leading(session, place, cast))]


def _leading(session: Session, place: Place, cast: Cast) -> list[Member]:
    """Who leads the department of the form by now, if the form leaves it at that."""
    return [] if place.department is None or cast.leaders else readers_of_team(session, place.department)


def _person(member: Member) -> Person:
    return Person(slack_id=member.slack_id, name=member.name, timezone=member.timezone, locale=member.locale)
