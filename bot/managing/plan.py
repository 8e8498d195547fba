"""What a set-up form means: the people behind it, the preview of what would happen, and making it so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from slack_sdk import WebClient
from sqlmodel import Session, col, select

from bot.actors import Actor
from bot.directory import channel_members, find_people
from bot.jobs import welcome
from bot.managing.existing import department_left, leavers
from bot.naming import named_pulses
from bot.standing import next_times
from bot.views.preview import Preview
from storage.people import Person, members_by_slack_id, readers_of_team, save_people
from storage.pulses import (
    NewTeam,
    add_team,
    cadence_of,
    change_team,
    check_names,
    create_pulse,
    find_team,
    one_at_a_time,
    record_change,
    timezones_of,
)
from storage.questions import active_items
from storage.rosters import TeamPeople, counted_from, plan_rosters, teams_of_pulse
from storage.rounds import reschedule
from storage.tables import Member, Membership, Pulse, Team
from surveys.cadence import Cadence, Frequency, invitation_at, next_round, zone
from surveys.questions import load_question_sets
from surveys.release import FLOOR
from surveys.rotation import EVERY, first_short_round
from surveys.units import odds

_NEW = 0  # stands for a team that has no id yet


class Draft(BaseModel):
    """A set-up form as it was sent. Travels with the preview, so that what is started is what was previewed."""

    model_config = ConfigDict(frozen=True)

    form_key: str
    team: str
    channel: str | None = None
    people: tuple[str, ...] = ()
    managers: tuple[str, ...]
    leaders: tuple[str, ...] = ()  # who reads the department
    part_of: str = ""
    pulse_id: int | None = None  # the pulse to join, None for one of its own
    frequency: Frequency
    weekday: int
    hour: int
    question_set: str
    is_new: bool = False  # the preview said that it makes a new team, so it must not change one


class TeamThere(Exception):
    """Somebody else has set up a team of this name since the preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people behind a form, as Slack has them."""

    team: Sequence[Person]
    managers: Sequence[Person]
    leaders: Sequence[Person]

    @property
    def everybody(self) -> list[Person]:
        """All of them, whoever has two parts twice."""
        return [*self.team, *self.managers, *self.leaders]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the team of a form belongs."""

    existing: Team | None  # the team of that name, which the form changes
    department: Team | None  # the department of that name
    pulse: Pulse | None  # the pulse it joins or is in already


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a form."""

    team: str
    first_at: datetime | None  # when people in the admin's time zone are asked first; None when nobody is
    changed: bool  # the team was there before
    called: str  # what to type after a command that means its pulse; "" where there is only one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """Who would be counted in the unit of a team, and who would read it."""

    asked: Sequence[Person]  # on the team itself
    readers: Sequence[Person]
    people: int  # in the unit
    merged_with: tuple[str, ...]  # names of the other teams of the unit


def look_up(client: WebClient, draft: Draft) -> Cast:
    """Ask Slack for everybody in a form. Raises ChannelNotReadable."""
    team = channel_members(client, draft.channel) if draft.channel else draft.people
    return Cast(
        team=[person for person in find_people(client, team) if person.active],
        managers=[person for person in find_people(client, draft.managers) if person.active],
        leaders=[person for person in find_people(client, draft.leaders) if person.active],
    )


def place_of(session: Session, workspace_id: int, draft: Draft) -> Place:
    """Where the team of a form belongs: in the pulse of its department, in the one it is to join, or else where
    it is.
    """
    existing = find_team(session, workspace_id, draft.team)
    department = find_team(session, workspace_id, draft.part_of) if draft.part_of else None
    wished = (department.pulse_id if department else None, draft.pulse_id, existing.pulse_id if existing else None)
    pulse_id = next((pulse_id for pulse_id in wished if pulse_id is not None), None)
    pulse = session.get(Pulse, pulse_id) if pulse_id is not None else None
    if pulse is not None and pulse.workspace_id != workspace_id:
        pulse = None
    return Place(existing=existing, department=department, pulse=pulse)


def cadence_for(draft: Draft, place: Place, admin: Member, now: datetime) -> Cadence:
    """The cadence that will hold: that of the pulse it joins, or the form's own."""
    if place.pulse is not None:
        return cadence_of(place.pulse)
    timezone = admin.timezone
    return Cadence(
        frequency=draft.frequency,
        weekday=draft.weekday,
        hour=draft.hour,
        timezone=timezone,
        anchor=now.astimezone(zone(timezone)).date(),
    )


def preview_of(session: Session, draft: Draft, cast: Cast, actor: Actor, now: datetime) -> Preview:
    """What would happen if the form were carried out now. Changes nothing. Raises NameTaken."""
    place = place_of(session, actor.member.workspace_id, draft)
    check_names(session, place.existing, place.department)
    known = members_by_slack_id(session, actor.member.workspace_id, [p.slack_id for p in cast.everybody])
    elsewhere = _on_other_teams(session, place, known.values())
    opted_out = {slack_id for slack_id, member in known.items() if member.opted_out_on is not None}
    free = [p for p in cast.team if p.slack_id not in elsewhere | opted_out]
    counted = _counted(session, place, cast, free, known)
    readers = {reader.slack_id for reader in counted.readers}
    cadence = cadence_for(draft, place, actor.member, now)
    zones = {person.timezone for person in counted.asked} or {cadence.timezone}
    if place.pulse is not None:
        zones |= set(timezones_of(session, place.pulse.id))
    first = next_round(cadence, now, sorted(zones))
    question_set = load_question_sets()[place.pulse.question_set if place.pulse else draft.question_set]
    items = active_items(session, place.pulse) if place.pulse else question_set.items
    joins = place.pulse is not None and (place.existing is None or place.existing.pulse_id != place.pulse.id)
    return Preview(
        team=draft.team,
        # Whoever opted out is named like everybody else: a list without them would tell who they are.
        people=tuple(sorted(p.name for p in cast.team if p.slack_id not in elsewhere | readers)),
        readers=tuple(sorted(reader.name for reader in counted.readers)),
        frequency=cadence.frequency,
        questions=question_set.per_round,
        question_set=question_set.name,
        short_from=first_short_round(
            items, every=EVERY[cadence.frequency], count=question_set.per_round, roster=counted.people
        ),
        first_at=invitation_at(first, cadence, actor.member.timezone) or first.opens_at,
        unit=" + ".join(sorted((draft.team, *counted.merged_with))),
        unit_people=counted.people,
        odds=odds(counted.people, place.pulse.threshold if place.pulse else FLOOR),
        merged_with=counted.merged_with,
        pulse=place.pulse.name if place.pulse and joins else None,
        left_out_managers=tuple(sorted(p.name for p in cast.team if p.slack_id in readers)),
        asked_elsewhere=tuple(sorted(p.name for p in cast.team if p.slack_id in elsewhere - readers)),
        changes=place.existing is not None,
        newcomers_from=_newcomers_from(session, place, first.opens_on),
        leavers=leavers(session, place.existing, {person.slack_id for person in cast.team}),
        leaves=department_left(session, place.existing, place.department),
    )


def carry_out(session: Session, draft: Draft, cast: Cast, actor: Actor, now: datetime) -> Done:
    """Set the team up, greet its people and plan the first round.

    Carrying the same form out twice changes nothing the second time. Raises NameTaken and TeamThere.
    """
    workspace_id = actor.member.workspace_id
    one_at_a_time(session, workspace_id)
    fresh = record_change(
        session,
        workspace_id=workspace_id,
        admin=actor.member,
        form_key=draft.form_key,
        on=now.date(),
        what=f"set up {draft.team}",
    )
    place = place_of(session, workspace_id, draft)
    if not fresh and place.existing is not None and place.pulse is not None:
        return _done(session, place.pulse, place.existing, actor, now, changed=False)
    if draft.is_new and place.existing is not None:
        raise TeamThere(place.existing.name)
    check_names(session, place.existing, place.department)
    known = members_by_slack_id(session, workspace_id, [person.slack_id for person in cast.team])
    elsewhere = _on_other_teams(session, place, known.values())
    members = save_people(session, workspace_id, [p for p in cast.team if p.slack_id not in elsewhere])
    managers = save_people(session, workspace_id, cast.managers)
    leaders = save_people(session, workspace_id, cast.leaders)
    pulse = place.pulse or create_pulse(
        session,
        workspace_id=workspace_id,
        admin_id=actor.member.id,
        name=draft.part_of or draft.team,
        question_set=draft.question_set,
        cadence=cadence_for(draft, place, actor.member, now),
    )
    new = NewTeam(
        name=draft.team,
        department=draft.part_of,
        channel_id=draft.channel,
        member_ids=[member.id for member in members],
        manager_ids=[manager.id for manager in managers],
        leader_ids=[leader.id for leader in leaders],
    )
    team = (
        change_team(session, pulse, place.existing, new, now.date())
        if place.existing
        else add_team(session, pulse, new)
    )
    reschedule(session, pulse, now)
    welcome(session, pulse, now)
    return _done(session, pulse, team, actor, now, changed=place.existing is not None)


def _done(session: Session, pulse: Pulse, team: Team, actor: Actor, now: datetime, *, changed: bool) -> Done:
    unit = next(unit for unit in plan_rosters(teams_of_pulse(session, pulse.id)) if team.id in unit.unit.team_ids)
    times = next_times(session, pulse, now)
    first_at = invitation_at(times, cadence_of(pulse), actor.member.timezone) or times.opens_at
    named = next(one for one in named_pulses(session, pulse.workspace_id) if one.pulse.id == pulse.id)
    return Done(
        team=team.name,
        first_at=first_at if unit.unit.scored else None,
        changed=changed,
        called=named.called,
    )


def _newcomers_from(session: Session, place: Place, opens_on: date) -> date | None:
    """From when people who are new on an existing team are counted; None for a team without a standing roster."""
    if place.pulse is None or place.existing is None:
        return None
    nobody = 0
    day = counted_from(session, place.pulse, place.existing.id, nobody, opens_on)
    return day if day > opens_on else None


def _on_other_teams(session: Session, place: Place, members: Iterable[Member]) -> set[str]:
    """Slack ids of members who are counted in another team than the form's: nobody is asked twice. Whoever reads
    the results of a team is not counted in it, and is free for another.
    """
    by_id = {member.id: member.slack_id for member in members}
    query = select(Membership.member_id, Team).join(Team).where(col(Membership.member_id).in_(by_id))
    return {
        by_id[member_id]
        for member_id, team in session.exec(query)
        if (place.existing is None or team.id != place.existing.id)
        and member_id not in {reader.id for reader in readers_of_team(session, team)}
    }


def _counted(
    session: Session, place: Place, cast: Cast, free: Sequence[Person], known: Mapping[str, Member]
) -> _Counted:
    """Who would be counted where. Most people of a new team have no id yet: they get one that nobody has."""
    ids = {person.slack_id: -number for number, person in enumerate(cast.everybody, start=1)}
    ids |= {slack_id: member.id for slack_id, member in known.items()}
    readers = {ids[person.slack_id]: person for person in (*cast.managers, *cast.leaders)}
    if place.department is not None and not cast.leaders:
        readers |= {reader.id: _person(reader) for reader in readers_of_team(session, place.department)}
    own = place.existing.id if place.existing else _NEW
    mine = TeamPeople(
        team_id=own,
        parent_id=place.department.id if place.department else None,
        members=frozenset(ids[person.slack_id] for person in free),
        readers=frozenset(readers),
    )
    others = [t for t in teams_of_pulse(session, place.pulse.id) if t.team_id != own] if place.pulse else []
    unit = next(roster for roster in plan_rosters([*others, mine]) if own in roster.unit.team_ids)
    merged = [session.get_one(Team, team_id) for team_id in unit.unit.team_ids if team_id != own]
    for team in merged:
        readers |= {reader.id: _person(reader) for reader in readers_of_team(session, team)}
    return _Counted(
        asked=[person for person in free if ids[person.slack_id] in unit.members],
        readers=list(readers.values()),
        people=len(unit.members),
        merged_with=tuple(sorted(team.name for team in merged)),
    )


def _person(member: Member) -> Person:
    return Person(slack_id=member.slack_id, name=member.name, timezone=member.timezone, locale=member.locale)
