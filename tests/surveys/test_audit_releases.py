"""The file of releases: what it says, and how it says what is wrong."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from surveys.audit_facts import ChoiceFact, CodeFact, HistogramFact
from surveys.audit_releases import Cell, Participation, Question, Release, parse_releases
from surveys.datafile import DataFileError
from surveys.release import PeopleClass

EXAMPLES = Path(__file__).parents[1] / "examples"

FILE: Mapping[str, Any] = {
    "questions": [{"id": "pace"}, {"id": "stay", "options": 4}],
    "units": [{"id": "vision", "roster": 8}, {"id": "speech", "roster": 9}, {"id": "research", "parts": ["vision"]}],
    "releases": [
        {"unit": "vision", "question": "pace", "answered": 7, "facts": [{"kind": "sum", "value": 20}]},
        {"unit": "speech", "facts": [{"kind": "participation", "value": 1}]},
    ],
}


def problem(text: str) -> str:
    """What is said about a file that cannot be read: one line."""
    with pytest.raises(DataFileError) as error:
        parse_releases(text, "releases.json")
    words = str(error.value)
    assert "\n" not in words
    assert words.startswith("releases.json, line ")
    assert words.endswith((".", "?"))
    return words


def changed(**fields: object) -> str:
    """The file above with other fields, one entry a line."""
    return json.dumps({**deepcopy(dict(FILE)), **fields}, indent=1)


def with_fact(fact: object, question: str = "pace", **fields: object) -> str:
    """The file above with one fact about vision."""
    return changed(releases=[{"unit": "vision", "question": question, "facts": [fact], **fields}])


def test_the_example_is_read_as_it_is_meant() -> None:
    releases = parse_releases((EXAMPLES / "releases.json").read_text(), "releases.json")
    assert releases.questions[2] == Question(id="intent-to-stay.here", options=4)
    assert releases.cells == (
        Cell(units=("vision", "research"), people=6, name="vision"),
        Cell(units=("speech", "research"), people=9, name="speech"),
        Cell(units=("platform",), people=34, name="platform"),
    )
    assert releases.releases[0] == Release(
        unit="vision",
        question="burnout.drained",
        answered=5,
        facts=(CodeFact(kind="code", people=PeopleClass.FIVE, value=4),),
    )
    assert releases.releases[-1].facts == (ChoiceFact(kind="choice", value=2, share=0.6),)
    assert releases.participation[0] == Participation(unit="vision", fewest=5, most=6)


def test_people_are_told_apart_by_the_units_they_are_in_and_by_nothing_else() -> None:
    releases = parse_releases((EXAMPLES / "releases-of-another-tool.json").read_text(), "another.json")
    assert [(cell.name, cell.people) for cell in releases.cells] == [
        ("vision, joined this year", 6),
        ("vision only", 1),
        ("joined this year only", 2),
        ("sales", 8),
        ("support", 6),
    ]
    assert releases.questions[1].answers == range(11)
    assert releases.releases[3].facts == (HistogramFact(kind="histogram", counts=(None, None, None, None, 7)),)


def test_people_in_two_units_of_which_neither_holds_the_other_are_named_for_both() -> None:
    units = [{"id": "vision", "members": ["Ana", "Bo"]}, {"id": "nights", "members": ["Bo", "Cy"]}]
    releases = parse_releases(changed(units=units, releases=[]), "releases.json")
    assert [cell.name for cell in releases.cells] == ["vision only", "vision and nights", "nights only"]


def test_yaml_and_tabs_are_read_as_well() -> None:
    yaml = "questions:\n- id: pace\nunits:\n- {id: vision, roster: 8}\nreleases: []\n"
    tabs = '{\n\t"questions": [{"id": "pace"}],\n\t"units": [{"id": "vision", "roster": 8}],\n\t"releases": []\n}\n'
    assert parse_releases(yaml, "r.yaml") == parse_releases(tabs, "r.json")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the file is empty."),
        ('{"questions": [}', "line 1: this is not valid JSON (Expecting value, column 16)."),
        ('{\n"units": 1,,\n}', "line 2: this is not valid JSON"),
        ("{" * 100, "line 1: this is not valid JSON"),
        ("[" * 100, "line 1: lists are nested too deeply here."),
        ("[1, 2]", "line 1: must be a group of fields"),
        ('{"questions": []}', 'field "questions": needs 1 or more entries.'),
        (changed(unit=[]), 'field "unit": is not a field here; did you mean "units"?'),
        (changed(questions=[{"id": "pace", "options": 1}]), 'field "options": must be 2 or more.'),
        (changed(questions=[{"id": "pace", "scale": 5}]), 'field "scale": is not a field here.'),
        (changed(questions=[{"id": "pace"}, {"id": "pace"}]), '"pace", field "id": stands here twice.'),
        (changed(units=[{"id": "vision"}]), '"vision", field "units": needs one of "roster", "members" and "parts".'),
        (changed(units=[{"id": "v", "roster": 3, "members": [1]}]), 'needs one of "roster", "members" and "parts".'),
        (changed(units=[{"id": "v", "roster": 0}]), 'field "roster": must be 1 or more.'),
        (changed(units=[{"id": "v", "members": [1, "1"]}]), 'field "members": lists "1" twice.'),
        (changed(units=[{"id": "v", "members": [None]}]), 'field "members": must be names or numbers.'),
        (changed(units=[{"id": "v", "parts": ["w"]}]), 'field "parts": says "w", which is not in the file'),
        (changed(units=[{"id": "v", "parts": ["v"]}]), 'field "parts": "v" would be a part of itself.'),
        (
            changed(units=[{"id": "v", "parts": ["w"]}, {"id": "w", "parts": ["v"]}]),
            '"w", field "parts": "v" would be a part of itself.',
        ),
        (changed(releases=[{"unit": "visoin"}]), 'field "unit": says "visoin", which is not in the file; did you mean'),
        (changed(releases=[{"unit": "vision", "question": "x"}]), 'says "x", which is not in the file; there is pace,'),
        (changed(releases=[{"unit": "vision", "question": "pace", "answered": 9}]), "is more than the 8 people of the"),
        (changed(releases=[{"unit": "vision", "answered": 9}]), "belongs into a release with a question."),
        (changed(releases=[{"unit": "vision", "facts": [{"kind": "sum", "value": 1}]}]), 'needs a "question", unless'),
        (with_fact({"kind": "participation", "value": 1}), "belongs into a release without a question."),
        (with_fact({"kind": "median", "value": 1}), "must be one of code, band, sum, mean, histogram, choice."),
        (with_fact("sum"), "must be one of code, band"),
        (with_fact({"kind": "sum"}), '"vision", field "value": is missing.'),
        (with_fact({"kind": "sum", "value": 1.5}), 'field "value": must be a whole number.'),
        (
            with_fact({"kind": "sum", "value": 1, "vlaue": 1}),
            'field "vlaue": is not a field here; did you mean "value"?',
        ),
        (with_fact({"kind": "code", "value": 1}), '"edges": must be given, or else "people" (5, 6-7 or 8+), and not'),
        (with_fact({"kind": "code", "value": 1, "people": "6-8"}), 'field "people": must be'),
        (with_fact({"kind": "code", "value": 5, "people": "5"}), 'field "value": must be 4 or less, the number of'),
        (
            with_fact({"kind": "code", "value": 0, "people": "5"}, "stay"),
            '"people": is for questions with answers 1 to',
        ),
        (with_fact({"kind": "code", "value": 0, "edges": [3, 3]}), 'field "edges": must be in ascending order.'),
        (with_fact({"kind": "band"}), 'field "at_least": or "below" must be given.'),
        (with_fact({"kind": "mean", "value": 3.25, "decimals": 1, "rounding": "up"}), "has more than 1 decimals."),
        (with_fact({"kind": "mean", "value": 3.2, "decimals": 1, "rounding": "off"}), 'field "rounding": must be'),
        (with_fact({"kind": "histogram", "counts": [1, 2]}), "needs 5 entries, one for each possible answer"),
        (with_fact({"kind": "histogram", "counts": [1, 2, 3, 4, -5]}), 'field "counts": must be 0 or more.'),
        (with_fact({"kind": "choice", "value": 7}, "stay"), "must be an answer from 1 to 4, or null where none stands"),
        (with_fact({"kind": "choice", "value": 1, "share": 0.5}, "stay"), 'field "share":'),
        (
            changed(
                units=[{"id": "v", "roster": 5}],
                releases=[{"unit": "v", "facts": [{"kind": "participation", "value": 1}]}],
            ),
            "is a band that is never told of 5 people.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(text: str, words: str) -> None:
    assert words in problem(text)


def test_an_error_names_the_line_of_the_value_itself() -> None:
    text = changed(releases=[{"unit": "vision", "question": "pace", "facts": [{"kind": "sum", "value": "many"}]}])
    number = next(n for n, line in enumerate(text.splitlines(), 1) if '"many"' in line)
    assert problem(text).startswith(f"releases.json, line {number}, ")
