"""People files of any organisation, and of none."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.people_file import Organisation, PeopleFileError, read_people, read_people_text

SIGNS = st.characters(categories=["L", "N", "P", "S", "Zs", "Mn"])
WORDS = st.text(SIGNS, min_size=1, max_size=12).map(lambda text: " ".join(text.split()))
NAMES = WORDS.filter(lambda text: any(c.isalnum() for c in text))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
LOCALES = st.sampled_from(["en-US", "de-DE", "es-LA", "zh-Hant-TW"])


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody, as a test makes them up."""

    name: str
    team: str
    department: str
    role: str
    title: str
    zone: str
    locale: str
    email: str

    def cell(self, column: str) -> str:
        return str(getattr(self, {"time zone": "zone"}.get(column, column)))


@st.composite
def organisations(draw: st.DrawFn) -> list[Line]:
    """Teams with members, most with managers, some in departments with leaders; an admin; in any order."""
    groups = draw(st.lists(NAMES, min_size=1, max_size=7, unique_by=str.casefold))
    split = draw(st.integers(1, len(groups)))
    teams = {team: draw(st.sampled_from(["", *groups[split:]])) for team in groups[:split]}
    jobs = [(team, department, "member") for team, department in teams.items()]
    jobs += [(team, teams[team], "member") for team in draw(st.lists(st.sampled_from(groups[:split]), max_size=8))]
    jobs += [(team, teams[team], "manager") for team in draw(st.lists(st.sampled_from(groups[:split]), max_size=3))]
    jobs += [("", department, "leader") for department in sorted(set(teams.values()) - {""})]
    jobs.append(("", "", "admin"))
    return [
        Line(
            name=draw(NAMES),
            team=team,
            department=department,
            role=role,
            title=draw(WORDS | st.just("")),
            zone=draw(ZONES),
            locale=draw(LOCALES),
            email=f"person{number}@x.example",
        )
        for number, (team, department, role) in enumerate(draw(st.permutations(jobs)))
    ]


def written(lines: Sequence[Line], columns: Sequence[str], separator: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([line.cell(column) for column in columns])
    return file.getvalue()


COLUMNS = ["name", "team", "department", "role", "title", "time zone", "locale", "email"]


@given(organisations(), st.permutations(COLUMNS), st.sampled_from(",;\t"))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_organisation_written_as_csv_reads_back(lines: list[Line], columns: list[str], separator: str) -> None:
    read = read_people_text(written(lines, columns, separator))
    people = {person.email: person for person in read.workspace.people}
    assert len(people) == len(read.workspace.people) == len(lines)
    for line in lines:
        person = people[line.email]
        assert (person.real_name, person.title) == (line.name, line.title)
        assert (person.tz, person.locale) == (line.zone, line.locale)
        assert person.is_admin == (line.role == "admin")
    for plan in read.teams:
        its = [line for line in lines if line.team == plan.name]
        assert plan.member_ids == tuple(people[line.email].id for line in its if line.role == "member")
        assert plan.manager_ids == tuple(people[line.email].id for line in its if line.role == "manager")
        assert plan.department == its[0].department
        leaders = [line for line in lines if line.role == "leader" and line.department == plan.department]
        assert plan.leader_ids == tuple(people[line.email].id for line in leaders)
    assert {plan.name for plan in read.teams} == {line.team for line in lines} - {""}


@given(organisations())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_id_and_handle_is_given_out_once(lines: list[Line]) -> None:
    workspace = read_people_text(written(lines, COLUMNS, ",")).workspace
    ids = [*(person.id for person in workspace.people), workspace.installation.bot_user_id]
    handles = [*(person.name for person in workspace.people), workspace.installation.name.lower()]
    assert len(set(ids)) == len(ids)
    assert len(set(handles)) == len(handles)
    assert all(re.fullmatch(r"U0[A-Z0-9]{1,20}", one) for one in ids)
    channels = [(channel.id, channel.name) for channel in workspace.channels]
    assert len({one for one, _ in channels}) == len({name for _, name in channels}) == len(channels)
    assert all(re.fullmatch(r"C0[A-Z0-9]{1,20}", one) for one, _ in channels)


JUNK = st.text(max_size=300) | st.text(st.sampled_from('name,team;role\t"\n\r admin manager leader\x00é'), max_size=300)


@given(st.just("") | st.just("name,team,department,role,email\n"), JUNK)
def test_junk_is_refused_in_words_or_read(header: str, junk: str) -> None:
    told, read = outcome(lambda: read_people_text(header + junk))
    assert (read is None) == bool(told)
    if read is not None:
        assert any(person.is_admin for person in read.workspace.people)


def outcome(reading: Callable[[], Organisation]) -> tuple[str, Organisation | None]:
    """What is said, or what is read."""
    try:
        return "", reading()
    except PeopleFileError as error:
        return str(error), None


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_junk_that_is_not_even_text_is_refused_in_words_or_read(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "people.csv").write_bytes(junk)
    told, read = outcome(lambda: read_people(tmp_path / "people.csv"))
    assert (read is None) == told.startswith("people.csv cannot be used yet:\n")
