"""What a set-up form means: the preview of what would happen, and making it so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.actors import Actor
from bot.letters import welcome
from bot.managing.counting import Counted, counted_in, own_readers
from bot.managing.draft import Cast, Draft, Place, cadence_for, place_of
from bot.managing.existing import department_left, leavers
from bot.managing.overlaps import Overlap, elsewhere, held_by, overlap_of, stay_until, teams_left
from bot.naming import named_pulses
from bot.standing import first_counting, next_times, rounds_ahead
from bot.views.preview import Preview
from storage.moves import held_elsewhere, outlook
from storage.people import Person, members_by_slack_id, save_people
from storage.pulses import (
    NewTeam,
    add_team,
    cadence_of,
    change_team,
    check_names,
    create_pulse,
    one_at_a_time,
    record_change,
    timezones_of,
)
from storage.questions import active_items
from storage.roster_plans import plan_rosters, teams_of_pulse
from storage.rosters import counted_from
from storage.rounds import reschedule
from storage.tables import Pulse, Team
from surveys.cadence import RoundTimes, invitation_at
from surveys.questions import load_question_sets
from surveys.release import FLOOR
from surveys.rotation import EVERY, first_short_round
from surveys.units import odds


class TeamThere(Exception):
    """Somebody else has set up a team of this name since the preview."""


class TeamsChanged(Exception):
    """People who were to be moved have changed teams since the preview, or others have joined them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a form."""

    team: str
    first_at: datetime | None  # when people in the admin's time zone are asked first; None when nobody is
    changed: bool  # the team was there before
    called: str  # what to type after a command that means its pulse; "" where there is only one


def preview_of(session: Session, draft: Draft, cast: Cast, actor: Actor, now: datetime) -> tuple[Preview, Draft]:
    """What would happen if the form were carried out now, and the form as the preview is to carry it. Changes nothing.

    A draft that moves people, whatever its seal, is given that of whoever can be moved now. Raises NameTaken.
    """
    place = place_of(session, actor.member.workspace_id, draft)
    check_names(session, place.existing, place.department)
    known = members_by_slack_id(session, actor.member.workspace_id, [p.slack_id for p in cast.everybody])
    on_team = [known[p.slack_id] for p in cast.team if p.slack_id in known]
    overlap = overlap_of(session, place.existing, on_team, _ids(own_readers(session, place, cast)))
    moving = draft.moving != "" and bool(overlap.movable)
    staying = overlap.teams.keys() - (set(overlap.movable.values()) if moving else set())
    free = [p for p in cast.team if p.slack_id not in staying]
    counted = counted_in(session, place, cast, free, known)
    readers = _ids(counted.readers)
    cadence = cadence_for(draft, place, actor.member, now)
    zones = {person.timezone for person in counted.asked} or {cadence.timezone}
    if place.pulse is not None:
        zones |= set(timezones_of(session, place.pulse.id))
    planned = list(rounds_ahead(session, place.pulse, cadence, sorted(zones), now))
    ends = held_by(session, overlap, now.date()) if moving else {}
    first = _first(session, place, counted, planned, ends)
    question_set = load_question_sets()[place.pulse.question_set if place.pulse else draft.question_set]
    items = active_items(session, place.pulse) if place.pulse else question_set.items
    joins = place.pulse is not None and (place.existing is None or place.existing.pulse_id != place.pulse.id)
    facts = Preview(
        team=draft.team,
        # Whoever opted out is named and counted like everybody else: a list without them would tell who they are.
        people=tuple(sorted(p.name for p in cast.team if p.slack_id not in staying | readers)),
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
        elsewhere=elsewhere(overlap, {person.slack_id: person.name for person in cast.team}),
        moving=moving,
        left=teams_left(session, overlap, draft.team, place.pulse, counted.rosters) if moving else (),
        stay_until=stay_until(session, overlap, now.date()) if moving else None,
        changes=place.existing is not None,
        newcomers_from=_newcomers_from(session, place, planned[0].opens_on),
        leavers=leavers(session, place.existing, {person.slack_id for person in cast.team}),
        leaves=department_left(session, place.existing, place.department),
    )
    update = {"is_new": place.existing is None, "moving": overlap.seal if moving else ""}
    return facts, draft.model_copy(update=update)


def carry_out(session: Session, draft: Draft, cast: Cast, actor: Actor, now: datetime) -> Done:
    """Set the team up, greet its people and plan the first round.

    Carrying the same form out twice changes nothing the second time. Raises NameTaken, TeamThere and TeamsChanged.
    """
    workspace_id = actor.member.workspace_id
    one_at_a_time(session, workspace_id)
    place = place_of(session, workspace_id, draft)
    known = members_by_slack_id(session, workspace_id, [person.slack_id for person in cast.team])
    overlap = overlap_of(session, place.existing, known.values(), _ids(own_readers(session, place, cast)))
    fresh = record_change(
        session,
        workspace_id=workspace_id,
        admin=actor.member,
        form_key=draft.form_key,
        on=now.date(),
        what=_what(draft, overlap),
    )
    if not fresh and place.existing is not None and place.pulse is not None:
        return _done(session, place.pulse, place.existing, actor, now, changed=False)
    if draft.is_new and place.existing is not None:
        raise TeamThere(place.existing.name)
    check_names(session, place.existing, place.department)
    if draft.moving and draft.moving != overlap.seal:
        raise TeamsChanged
    staying = overlap.teams.keys() - (set(overlap.movable.values()) if draft.moving else set())
    members = save_people(session, workspace_id, [p for p in cast.team if p.slack_id not in staying])
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
    left = {other.pulse_id for other in overlap.left} - {pulse.id} if draft.moving else set()
    for changed in [pulse, *(session.get_one(Pulse, pulse_id) for pulse_id in sorted(left))]:
        if changed is pulse or changed.paused_on is None:
            reschedule(session, changed, now)
            welcome(session, changed, now)
    return _done(session, pulse, team, actor, now, changed=place.existing is not None)


def _what(draft: Draft, overlap: Overlap) -> str:
    """What the audit log says of a form."""
    if not draft.moving or not overlap.movable:
        return f"set up {draft.team}"
    people = len(overlap.movable)
    teams = ", ".join(team.name for team in overlap.left)
    return f"set up {draft.team}, and moved {people} {'person' if people == 1 else 'people'} there from {teams}"


def _ids(people: Iterable[Person]) -> set[str]:
    return {person.slack_id for person in people}


def _done(session: Session, pulse: Pulse, team: Team, actor: Actor, now: datetime, *, changed: bool) -> Done:
    unit = next(unit for unit in plan_rosters(teams_of_pulse(session, pulse.id)) if team.id in unit.unit.team_ids)
    times = next_times(session, pulse, now, team_id=team.id)
    first_at = invitation_at(times, cadence_of(pulse), actor.member.timezone) or times.opens_at
    named = next(one for one in named_pulses(session, pulse.workspace_id) if one.pulse.id == pulse.id)
    return Done(
        team=team.name,
        first_at=first_at if unit.unit.scored else None,
        changed=changed,
        called=named.called,
    )


def _first(
    session: Session, place: Place, counted: Counted, planned: Sequence[RoundTimes], ends: Mapping[int, date]
) -> RoundTimes:
    """The first of the planned rounds that would ask the team. `ends`: until when whoever moves is counted elsewhere,
    by member id.
    """
    pulse_id = place.pulse.id if place.pulse is not None else 0

    def held(day: date) -> set[int]:
        return held_elsewhere(session, pulse_id, day) | {who for who, end in ends.items() if end > day}

    days = [times.opens_on for times in planned]
    counts = outlook(session, place.pulse, days, teams=counted.teams, held=held)
    return first_counting(planned, counts, lambda roster: counted.own in roster.unit.team_ids)


def _newcomers_from(session: Session, place: Place, opens_on: date) -> date | None:
    """From when people who are new on an existing team are counted; None for a team without a standing roster."""
    if place.pulse is None or place.existing is None:
        return None
    nobody = 0
    day = counted_from(session, place.pulse, place.existing.id, nobody, opens_on)
    return day if day > opens_on else None
