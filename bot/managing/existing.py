"""Teams that are there already: the form filled in for one, and what a form would take away from it."""

import difflib
from collections.abc import Collection, Iterable

from sqlmodel import Session, col, select

from bot.naming import Named, named_pulses
from bot.views.setup import ALONE, NAME_LENGTH, Belongs, Draft
from storage.people import managers_of
from storage.pulses import find_team
from storage.tables import Member, Membership, Team
from surveys.cadence import Frequency
from surveys.questions import load_question_sets

_ALIKE = 0.7  # of 1, how like a name has to be to one that is there to be taken for a slip


def filled_form(session: Session, workspace_id: int, name: str) -> Draft:
    """What the form opens with for the name of a team: everything about it. For that of a department: its leaders,
    and room for another team. For that of a pulse: room for another team in it. For any other: the name, and the
    names that it may be a slip for.
    """
    pulses = named_pulses(session, workspace_id)
    team = find_team(session, workspace_id, name) if name else None
    if team is None:
        joined = next((one.pulse for one in pulses if one.pulse.name.casefold() == name.casefold()), None)
        if joined is not None:
            return Draft(together=str(joined.id))
        return Draft(team=name, near=_near(pulses, name))
    named = next(one for one in pulses if one.pulse.id == team.pulse_id)
    pulse = named.pulse
    is_department = team.name not in named.teams
    parent = session.get_one(Team, team.parent_id) if team.parent_id is not None else None
    department = team if is_department else parent
    belongs = Belongs(pulse=pulse.name, called=named.called, question_set=load_question_sets()[pulse.question_set].name)
    return Draft(
        team="" if is_department else team.name,
        belongs=belongs,
        channel=team.channel_id,
        people=_slack_ids([] if team.channel_id else _people_on(session, team)),
        managers=_slack_ids([] if is_department else managers_of(session, [team.id])),
        part_of=department.name if department else "",
        leaders=_slack_ids(managers_of(session, [department.id]) if department else []),
        together=ALONE if named.teams == (team.name,) else str(pulse.id),
        frequency=Frequency(pulse.frequency),
        weekday=pulse.weekday,
        hour=pulse.hour,
        questions=pulse.question_set,
    )


def _near(pulses: Iterable[Named], name: str) -> tuple[str, ...]:
    """Names of teams and departments that are so like `name` that it may be a slip."""
    known = {there.casefold(): there for one in pulses for there in (*one.teams, *one.departments)}
    near = difflib.get_close_matches(name[:NAME_LENGTH].casefold(), known, n=2, cutoff=_ALIKE)
    return tuple(known[like] for like in near)


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
