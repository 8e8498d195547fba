"""People files: what an adopter's spreadsheet may look like, and what they are told when it cannot be used."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.sandbox.people_file import Organisation, PeopleFileError, TeamPlan, read_people, read_people_text
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Installation

ADMIN = "Ruth Meyer,,,admin"
HEADER = "name,team,department,role"


def company(*lines: str, header: str = HEADER) -> Organisation:
    """The company of these lines and Ruth, who is its admin."""
    return read_people_text("\n".join((header, *lines, ADMIN)))


def refused(*lines: str, header: str = HEADER) -> str:
    """What is said about a file of these lines, and Ruth."""
    with pytest.raises(PeopleFileError) as error:
        company(*lines, header=header)
    return str(error.value)


def team(organisation: Organisation, name: str) -> TeamPlan:
    return next(team for team in organisation.teams if team.name == name)


def names(organisation: Organisation, ids: Sequence[str]) -> list[str]:
    people = {person.id: person.real_name for person in organisation.workspace.people}
    return [people[one] for one in ids]


def test_a_list_of_people_becomes_a_workspace_with_teams() -> None:
    text = """name,team,department,role,title,time zone,locale,email
Priya Raman,Vision,AI,member,Research engineer,Europe/Berlin,en-GB,priya@lantern.example
Tomás Herrera,Vision,AI,,,America/Bogota,,
Dana Ito,Vision,AI,manager,Engineering manager,America/Los_Angeles,,dana@lantern.example
Sam Okoye,,AI,leader,Director of AI,Europe/London,en-GB,sam@lantern.example
Ruth Meyer,,,admin,HR,Europe/Berlin,de-DE,ruth@lantern.example
"""
    read = read_people_text(text, company="Lantern Labs")
    priya, tomas = read.workspace.people[:2]
    assert (priya.id, priya.name, priya.real_name) == ("U0PRIYA", "priya.raman", "Priya Raman")
    assert (priya.tz, priya.locale, priya.email) == ("Europe/Berlin", "en-GB", "priya@lantern.example")
    assert (priya.title, priya.is_admin) == ("Research engineer", False)
    assert [(person.team, person.role) for person in read.workspace.people] == [
        ("Vision", "member"),
        ("Vision", "member"),
        ("Vision", "manager"),
        ("AI", "leader"),
        ("", "admin"),
    ]
    assert (tomas.id, tomas.name, tomas.locale, tomas.email) == ("U0TOMAS", "tomas.herrera", "en-US", "")
    assert [person.id for person in read.workspace.people if person.is_admin] == ["U0RUTH"]
    assert read.teams == (
        TeamPlan(
            name="Vision",
            department="AI",
            channel_id="C0VISION",
            member_ids=("U0PRIYA", "U0TOMAS"),
            manager_ids=("U0DANA",),
            leader_ids=("U0SAM",),
        ),
    )
    general, vision = read.workspace.channels
    assert (general.name, general.is_general, len(general.members)) == ("general", True, 5)
    assert (vision.id, vision.name) == ("C0VISION", "vision")
    assert vision.members == ("U0PRIYA", "U0TOMAS", "U0DANA", Installation().bot_user_id)
    assert (read.workspace.name, read.workspace.domain) == ("Lantern Labs", "lantern-labs")


def test_a_stand_in_slack_runs_with_it() -> None:
    with Sandbox(workspace=company("Priya Raman,Vision,,").workspace) as sandbox:
        assert sandbox.client().person("Priya").id == "U0PRIYA"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_that_spreadsheets_use_is_understood(separator: str) -> None:
    lines = ["name,team,role", "Priya Raman,Vision,", "Ruth Meyer,,admin"]
    read = read_people_text("\n".join(lines).replace(",", separator))
    assert names(read, team(read, "Vision").member_ids) == ["Priya Raman"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_ending_is_understood_with_or_without_a_byte_order_mark(
    tmp_path: Path, ending: str, mark: str
) -> None:
    file = tmp_path / "people.csv"
    text = ending.join((mark + "name;role", "Zoë Müller;member", "", "Ruth Meyer;admin", ""))
    file.write_bytes(text.encode())
    assert [person.real_name for person in read_people(file).workspace.people] == ["Zoë Müller", "Ruth Meyer"]


@pytest.mark.parametrize(
    "header",
    ["Full Name,Team,ROLE,Time Zone", "NAME,team,Role,time_zone", " name , Team,role,TZ", "name,team,role,Timezone"],
)
def test_headers_are_understood_in_any_case_and_spelling(header: str) -> None:
    read = read_people_text(f"{header}\nPriya,Vision,,Europe/Berlin\nRuth,,admin,\n")
    assert [person.tz for person in read.workspace.people] == ["Europe/Berlin", "UTC"]


def test_columns_may_come_in_any_order_and_others_are_passed_over() -> None:
    read = read_people_text("Department,Cost centre,Team,Role,Name\nAI,4711,Vision,admin,Ruth Meyer\n")
    assert names(read, team(read, "Vision").member_ids) == ["Ruth Meyer"]


def test_blank_lines_and_missing_values_at_the_end_are_no_mistake() -> None:
    read = company("", "Priya Raman,Vision", ",,,", "   ", "Tomás Herrera")
    assert len(read.workspace.people) == 3


def test_time_zones_are_understood_in_any_case() -> None:
    read = company("Dana,,,,america/los angeles", header=HEADER + ",tz")
    assert read.workspace.people[0].tz == "America/Los_Angeles"


def test_a_member_and_a_manager_of_one_name_are_one_person() -> None:
    read = company("Dana Ito,Leads,,", "Priya,Vision,,", "Dana Ito,Vision,,manager")
    assert team(read, "Leads").member_ids == team(read, "Vision").manager_ids == ("U0DANA",)
    assert len(read.workspace.people) == 3


def test_one_person_may_manage_two_teams_lead_a_department_and_be_the_admin() -> None:
    read = company(
        "A,Vision,AI,", "B,Speech,AI,", "Dana,Vision,,manager", "Dana,Speech,,manager and admin", "Dana,,AI,leader"
    )
    assert [(one.manager_ids, one.leader_ids) for one in read.teams] == [(("U0DANA",), ("U0DANA",))] * 2
    assert {person.real_name for person in read.workspace.people if person.is_admin} == {"Dana", "Ruth Meyer"}


def test_members_of_one_name_are_different_people_and_are_numbered() -> None:
    read = company("Anna Berg,Vision,,", "Anna Berg,Speech,,", "Anna Berg,,,")
    people = read.workspace.people[:3]
    assert [person.id for person in people] == ["U0ANNABERG", "U0ANNABERG2", "U0ANNABERG3"]
    assert [person.name for person in people] == ["anna.berg", "anna.berg2", "anna.berg3"]


def test_an_email_tells_people_of_one_name_apart() -> None:
    read = company(
        "Anna Berg,Vision,,,a1@x.example",
        "Anna Berg,Speech,,,a2@x.example",
        "Anna Berg,Vision,,manager,A2@x.example",
        header=HEADER + ",email",
    )
    assert team(read, "Vision").manager_ids == team(read, "Speech").member_ids


def test_whoever_reads_the_results_of_their_own_team_is_not_asked_in_it() -> None:
    read = company("Priya,Vision,AI,", "Dana,Vision,,", "Dana,Vision,,manager", "Sam,Vision,,", "Sam,,AI,leader")
    assert names(read, team(read, "Vision").member_ids) == ["Priya"]


def test_accents_are_folded_and_other_scripts_have_ids_all_the_same() -> None:
    read = company("Łukasz Żółć", "Elif Yılmaz", "Søren Ærø", "李雷", "李雷", "Murmur", "Ольга Иванова")
    people = read.workspace.people
    assert [person.id for person in people[:6]] == [
        "U0LUKASZ",
        "U0ELIF",
        "U0SOREN",
        "U0PERSON",
        "U0PERSON2",
        "U0MURMUR2",
    ]
    assert [person.name for person in people[:4]] == ["lukasz.zolc", "elif.yilmaz", "soren.aro", "李雷"]
    assert people[6].name == "ольга.иванова"


def test_a_team_called_general_has_a_channel_of_its_own() -> None:
    read = company("Priya,General,,")
    assert [channel.name for channel in read.workspace.channels] == ["general", "general2"]


def test_teams_are_the_same_in_any_case_and_a_department_once_is_enough() -> None:
    read = company("A,Vision,,", "B,VISION,AI,", "C,vision,ai,manager")
    (vision,) = read.teams
    assert (vision.name, vision.department, len(vision.member_ids)) == ("Vision", "AI", 2)


def test_everything_that_is_wrong_is_said_at_once_with_its_line() -> None:
    told = refused(
        "Priya,Vision,AI,boss,Europe/Berln,,",
        ",Vision,,,,,",
        "Dana,,,manager,Berlin,,",
        "Sam,,,leader,,english!,nobody",
        header=HEADER + ",time zone,locale,email",
    )
    for line in (
        'line 2: "boss" is not a role; write member, manager, leader or admin.',
        'line 2: "Europe/Berln" is not a time zone; is it Europe/Berlin?',
        "line 3: the name is missing; fill it in or delete the line.",
        "line 4: Dana manages a team; write which one in the column team.",
        'line 4: "Berlin" is not a time zone; is it Europe/Berlin?',
        "line 5: Sam leads a department; write which one in the column department.",
        'line 5: "english!" is not a locale; write a language and a country, such as en-GB.',
        'line 5: "nobody" is not an email address; correct it or leave it blank.',
    ):
        assert line in told


@pytest.mark.parametrize(
    ("lines", "advice"),
    [
        (["Priya,Vision,,", "Dana,Vison,,manager"], "line 3: nobody is on Vison, which Dana manages; is it Vision?"),
        (["Priya,Vision,AI,", "Sam,,A I,leader"], "line 3: no team is part of A I, which Sam leads; is it AI?"),
        (["Priya,Vision,AI,", "Tom,Vision,ML,"], "Vision is part of AI on line 2 and of ML here; a team has one"),
        (["Priya,AI,AI,"], "line 2: AI is a team and its department; give one of them another name"),
        (["Priya,AI,,", "Tom,Vision,AI,"], "line 2: AI is a team and a department; give one of them another name"),
        (
            ["Anna,A,,", "Anna,B,,", "Anna,A,,manager"],
            "line 4: which Anna is this, of lines 2 and 3? Give each of them an email",
        ),
        (["Priya,Vision,AI,,x"], "line 2: there are more values than columns"),
        (['"Priya,Vision'], "line 2: this line cannot be read; look for a quotation mark"),
        (['Priya "P" Raman", "Vision'], "line 2: this line cannot be read; look for a quotation mark"),
        (["x" * 81], "line 2: the name is longer than 80 characters; shorten it"),
    ],
)
def test_mistakes_between_lines_come_with_what_to_do(lines: list[str], advice: str) -> None:
    assert advice in refused(*lines)


def test_an_email_belongs_to_one_name_and_one_team() -> None:
    told = refused("Priya,Vision,,,p@x.example", "Prya,,,,p@x.example", header=HEADER + ",email")
    assert "line 3: p@x.example is Priya on line 2; correct the name or the email." in told
    told = refused("Priya,Vision,,,p@x.example", "Priya,Speech,,,p@x.example", header=HEADER + ",email")
    assert "line 3: Priya is on Vision already, on line 2; a person is on one team." in told


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("nmae,team,role", 'line 1: "nmae" is not a column; is it name?'),
        ("name,taem,role", 'line 1: "taem" is not a column; is it team?'),
        ("name,team,Team", "line 1: there are several columns for the team; leave one."),
        ("Priya Raman,Vision,", "line 1: there is no column called name; the first row has to name the columns."),
    ],
)
def test_a_wrong_header_is_told_before_anything_else(header: str, advice: str) -> None:
    assert advice in refused("Priya,Vision,", header=header)


def test_somebody_has_to_be_the_admin() -> None:
    with pytest.raises(PeopleFileError, match="nobody is an admin; give one person the role admin"):
        read_people_text("name,team\nPriya,Vision\n")


@pytest.mark.parametrize("text", ["", "\n\n", "name,team\n", "name\n,\n"])
def test_a_file_with_nobody_in_it_says_so(text: str) -> None:
    with pytest.raises(PeopleFileError, match="there is nobody in it"):
        read_people_text(text)


def test_a_file_that_is_not_there_or_not_utf_8_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        PeopleFileError, match=r"nobody\.csv cannot be used yet:\n  the file cannot be read: no such file"
    ):
        read_people(tmp_path / "nobody.csv")
    (tmp_path / "latin.csv").write_bytes("name\nRuth\nZoë\n".encode("latin-1"))
    with pytest.raises(
        PeopleFileError, match="line 3: this is not UTF-8; in the spreadsheet, save the file as CSV UTF-8"
    ):
        read_people(tmp_path / "latin.csv")


def test_a_long_list_of_mistakes_is_cut_but_all_are_kept() -> None:
    with pytest.raises(PeopleFileError) as error:
        read_people_text("name,tz\n" + "Priya,Nowhere\n" * 100)
    assert len(error.value.problems) == 101
    assert str(error.value).endswith("... and 61 more.")


def test_five_thousand_people_take_no_time() -> None:
    lines = [f"Anna Berg,Team {number // 8},Department {number // 80}," for number in range(5000)]
    lines += [f"Manager {number},Team {number},,manager,Etc/Zone{number}" for number in range(625)]
    began = time.process_time()
    read = company(*(line.replace(",Etc/Zone", ",UTC#").split("#")[0] for line in lines), header=HEADER + ",tz")
    assert len({person.id for person in read.workspace.people}) == 5626
    refused(*lines, header=HEADER + ",tz")
    assert time.process_time() - began < 5
