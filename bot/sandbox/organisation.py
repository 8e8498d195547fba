"""People and teams out of rows, one a job: who is one person, who leads whom, and what they are called in Slack."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.sandbox.naming import Unique, handle_of, plain
from bot.sandbox.workspace import Channel, Installation, Person, Workspace

MEMBER: Final = "member"
MANAGER: Final = "manager"
LEADER: Final = "leader"
ADMIN: Final = "admin"
ROLES: Final = (MEMBER, MANAGER, LEADER, ADMIN)

_ID_LENGTH: Final = 20  # Slack's ids are shorter still, and no code of an app should mind
_NAME_LENGTH: Final = 80  # Slack's limit for names of channels and of people

UNSAID_ZONE: Final = "UTC"
UNSAID_LOCALE: Final = "en-US"
"""Time zone and locale where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a people file, read and checked by itself."""

    line: int  # 1-based
    name: str
    team: str = ""
    department: str = ""
    roles: frozenset[str] = frozenset({MEMBER})
    title: str = ""
    tz: str = UNSAID_ZONE  # IANA name
    locale: str = UNSAID_LOCALE
    email: str = ""

    @property
    def asked(self) -> bool:
        """Whether this row puts somebody on a team: who leads it, or its department, reads instead."""
        return bool(self.team) and not self.roles & {MANAGER, LEADER}

    @property
    def first_job(self) -> bool:
        """Whether the row brings somebody in, rather than giving another job to somebody who may be there already."""
        return self.asked or self.roles == {MEMBER}

    @property
    def about_team(self) -> bool:
        """Whether the row's team is one that the person is on or manages; of a leader it only says where they sit."""
        return bool(self.team) and (self.asked or MANAGER in self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPlan:
    """A team as its company would set it up."""

    name: str
    department: str  # "" for none
    channel_id: str
    member_ids: tuple[str, ...]  # who would be asked
    manager_ids: tuple[str, ...]  # who would read the results
    leader_ids: tuple[str, ...]  # who leads the department


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A company: its Slack workspace, and the teams in it."""

    workspace: Workspace
    teams: tuple[TeamPlan, ...]  # in the order in which the file first names them


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to mend."""

    line: int  # 1-based; 0 where it is about the whole file
    text: str  # what is wrong and what to do, without a full stop


def problems_between(rows: Sequence[Row]) -> list[Problem]:
    """What is wrong with rows taken together, though each may be right by itself."""
    _, found = _people(rows)
    found += _listed_twice(rows)
    found += _departments_that_differ(rows)
    found += _led_but_empty(rows)
    if not any(ADMIN in row.roles for row in rows):
        found.append(Problem(0, "nobody is an admin; give one person the role admin, who sets Murmur up"))
    return found


def organisation(rows: Sequence[Row], *, company: str, installation: Installation) -> Organisation:
    """The company that these rows describe. They have no problems."""
    groups, _ = _people(rows)
    people = _named(groups, installation)
    id_of = {row.line: person.id for person, group in zip(people, groups, strict=True) for row in group}
    teams = _teams(rows, id_of)
    everybody = tuple(person.id for person in people)
    general = Channel(id="C0GENERAL", name="general", members=everybody, is_general=True)
    return Organisation(
        workspace=Workspace(
            people=people,
            channels=(general, *(_channel(team, name, installation) for team, name in teams)),
            installation=installation,
            team_id="T0" + (plain(company) or "company").upper()[:_ID_LENGTH],
            name=company,
            domain=handle_of(company).replace(".", "-"),
        ),
        teams=tuple(team for team, _ in teams),
    )


def _people(rows: Sequence[Row]) -> tuple[list[list[Row]], list[Problem]]:
    """Rows by person, in the order of their first rows. One person has a row for each job they have.

    An email says who is who. Without one, a name does, except for members: two of the same name are two people.
    """
    by_email: dict[str, list[Row]] = defaultdict(list)
    same_name: dict[str, list[list[Row]]] = defaultdict(list)
    for row in rows:
        if row.email:
            group = by_email[row.email.casefold()]
            group.append(row)
            if len(group) == 1:
                same_name[row.name.casefold()].append(group)
    problems = [
        Problem(row.line, f"{row.email} is {group[0].name} on line {group[0].line}; correct the name or the email")
        for group in by_email.values()
        for row in group
        if row.name.casefold() != group[0].name.casefold()
    ]
    unmarked = [row for row in rows if not row.email]
    for row in (row for row in unmarked if row.first_job):
        groups = same_name[row.name.casefold()]
        if len(groups) == 1 and not any(other.first_job for other in groups[0]):
            groups[0].append(row)
        else:
            groups.append([row])
    for row in (row for row in unmarked if not row.first_job):
        groups = same_name[row.name.casefold()]
        if len(groups) > 1:
            lines = _listed(str(group[0].line) for group in groups[:3])
            problems.append(
                Problem(row.line, f"which {row.name} is this, of lines {lines}? Give each of them an email")
            )
        elif groups:
            groups[0].append(row)
        else:
            groups.append([row])
    found = [sorted(group, key=lambda row: row.line) for groups in same_name.values() for group in groups]
    return sorted(found, key=lambda group: group[0].line), problems


def _listed_twice(rows: Sequence[Row]) -> list[Problem]:
    on: dict[str, Row] = {}
    found = []
    for row in (row for row in rows if row.email and row.asked):
        first = on.setdefault(row.email.casefold(), row)
        if first is not row:
            found.append(
                Problem(
                    row.line, f"{row.name} is on {first.team} already, on line {first.line}; a person is on one team"
                )
            )
    return found


def _departments_that_differ(rows: Sequence[Row]) -> list[Problem]:
    first: dict[str, Row] = {}
    found = []
    for row in (row for row in rows if row.about_team and row.department):
        other = first.setdefault(row.team.casefold(), row)
        if other.department.casefold() != row.department.casefold():
            found.append(
                Problem(
                    row.line,
                    f"{row.team} is part of {other.department} on line {other.line} and of {row.department} here;"
                    " a team has one department",
                )
            )
    departments = {row.department.casefold() for row in first.values()}
    teams = {row.team.casefold(): row for row in reversed(rows) if row.asked}
    found += [
        Problem(teams[name].line, f"{teams[name].team} is a team and a department; give one of them another name")
        for name in teams.keys() & departments
    ]
    return found


def _led_but_empty(rows: Sequence[Row]) -> list[Problem]:
    """Teams with a manager and nobody on them, and departments with a leader and no team: misspelt, as a rule."""
    staffed = {row.team.casefold() for row in rows if row.asked}
    teams = {row.team for row in rows if row.asked}
    found = [
        Problem(row.line, f"nobody is on {row.team}, which {row.name} manages{_perhaps(row.team, teams)}")
        for row in rows
        if MANAGER in row.roles and row.team and row.team.casefold() not in staffed
    ]
    departments = {row.department for row in rows if row.about_team and row.department}
    known = {department.casefold() for department in departments}
    return found + [
        Problem(
            row.line,
            f"no team is part of {row.department}, which {row.name} leads{_perhaps(row.department, departments)}",
        )
        for row in rows
        if LEADER in row.roles and row.department and row.department.casefold() not in known
    ]


def _perhaps(name: str, others: Collection[str]) -> str:
    close = closest(name, others)
    return f"; is it {close}?" if close else ""


def closest(word: str, known: Collection[str]) -> str:
    """What somebody who wrote `word` probably meant, "" when nothing is near."""
    names = {one.casefold(): one for one in known}
    return next((names[one] for one in difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.7)), "")


def _teams(rows: Sequence[Row], id_of: Mapping[int, str]) -> list[tuple[TeamPlan, str]]:
    """Every team that has people, beside the name of its channel."""
    by_team: dict[str, list[Row]] = defaultdict(list)
    leaders: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if LEADER in row.roles:
            leaders[row.department.casefold()].append(row)
        if row.about_team:
            by_team[row.team.casefold()].append(row)
    ids, names = Unique("GENERAL"), Unique("general")
    teams = []
    for its in by_team.values():
        department = next((row.department for row in its if row.department), "")
        managers = _ids((row for row in its if MANAGER in row.roles), id_of)
        leading = _ids(leaders[department.casefold()] if department else (), id_of)
        readers = {*managers, *leading}
        team = TeamPlan(
            name=its[0].team,
            department=department,
            channel_id="C0" + ids.make((plain(its[0].team) or "team").upper(), _ID_LENGTH),
            member_ids=tuple(one for one in _ids((row for row in its if row.asked), id_of) if one not in readers),
            manager_ids=managers,
            leader_ids=leading,
        )
        teams.append((team, names.make(re.sub(r"\W+", "-", team.name.casefold()).strip("-") or "team", _NAME_LENGTH)))
    return teams


def _ids(rows: Iterable[Row], id_of: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_of[row.line] for row in rows))


def _channel(team: TeamPlan, name: str, installation: Installation) -> Channel:
    return Channel(
        id=team.channel_id, name=name, members=(*team.member_ids, *team.manager_ids, installation.bot_user_id)
    )


def _named(groups: Sequence[Sequence[Row]], installation: Installation) -> tuple[Person, ...]:
    """A person for each group of rows. Ids are first names where those are unique, U0PRIYA, else whole names."""
    first_names = Counter(plain(group[0].name.split()[0]) for group in groups)
    ids, handles = Unique(installation.bot_user_id.removeprefix("U0")), Unique(installation.name.lower())
    people = []
    for group in groups:
        name, first = group[0].name, plain(group[0].name.split()[0])
        wanted = first if first and first_names[first] == 1 else plain(name)
        people.append(
            Person(
                id="U0" + ids.make((wanted or "person").upper(), _ID_LENGTH),
                name=handles.make(handle_of(name), _NAME_LENGTH),
                real_name=name,
                tz=next((row.tz for row in group if row.tz != UNSAID_ZONE), UNSAID_ZONE),
                locale=next((row.locale for row in group if row.locale != UNSAID_LOCALE), UNSAID_LOCALE),
                email=next((row.email for row in group if row.email), ""),
                title=next((row.title for row in group if row.title), ""),
                team=next((row.team or row.department for row in group if row.team or row.department), ""),
                role=next((role for role in reversed(ROLES) for row in group if role in row.roles), ""),
                is_admin=any(ADMIN in row.roles for row in group),
            )
        )
    return tuple(people)


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
