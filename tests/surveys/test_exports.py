"""The ledger as files: a fixed order, one refusal, no formulas, and what the auditor can read."""

import json
import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from surveys.audit_releases import parse_releases
from surveys.audit_solver import solve
from surveys.datafile import MOST_CHARACTERS
from surveys.exports import COLUMNS, WITHHELD, Entry, in_order, release_files, rows
from surveys.questions import Item, answers_of, bank
from surveys.release import Code, Kind, PeopleClass, Published

FRIDAY = date(2026, 3, 6)
ITEM = bank()["burnout.drained"]
CHOICE = next(item for item in bank().values() if item.scale == "intent")


def entry(
    code: Code, *, unit: str = "Vision", pulse: str = "Acme pulse", item: Item | None = None, **published: object
) -> Entry:
    usual: dict[str, Any] = {"unit_id": 1, "round_id": 1, "closed_on": FRIDAY, "roster": 9, "replaced": 0}
    return Entry(pulse=pulse, unit=unit, published=Published(code=code, **(usual | published)), item=item)


def level(value: int | None = 4, people: PeopleClass | None = PeopleClass.EIGHT, item: Item = ITEM) -> Code:
    people = None if value is None else people
    return Code(kind=Kind.LEVEL, subject=item.id, driver=item.driver, people=people, value=value)


def choice(value: int | None) -> Code:
    people = None if value is None else PeopleClass.EIGHT
    return Code(kind=Kind.CHOICE, subject=CHOICE.id, driver=CHOICE.driver, people=people, value=value)


def besides(kind: Kind, value: int | None) -> Code:
    people = PeopleClass.EIGHT if kind is not Kind.PARTICIPATION and value is not None else None
    subject = {Kind.TONE: "comments", Kind.THEME: "theme.burnout"}.get(kind, "participation")
    return Code(kind=kind, subject=subject, driver="burnout" * (kind is Kind.THEME), people=people, value=value)


def told(one: Entry) -> dict[str, str]:
    (row,) = rows([one])
    return dict(zip(COLUMNS, row, strict=True))


def test_a_level_is_told_by_its_band_and_its_word() -> None:
    assert told(entry(level(), item=ITEM)) == {
        "closed_on": "2026-03-06",
        "pulse": "Acme pulse",
        "unit": "Vision",
        "question": "burnout.drained",
        "driver": "burnout",
        "kind": "level",
        "people": "8+",
        "band": "4",
        "word": "very low",
    }


@pytest.mark.parametrize(
    ("code", "item", "word"),
    [
        (choice(0), CHOICE, "no answer stands out"),
        (choice(2), CHOICE, answers_of(CHOICE)[1]),
        (besides(Kind.TONE, 0), None, "more negative than positive"),
        (besides(Kind.TONE, 2), None, "more positive than negative"),
        (besides(Kind.THEME, 0), None, "does not stand out"),
        (besides(Kind.THEME, 1), None, "several speak of it"),
        (besides(Kind.PARTICIPATION, 0), None, "under half"),
        (besides(Kind.PARTICIPATION, 2), None, "more than four fifths"),
    ],
)
def test_every_kind_of_code_has_its_words(code: Code, item: Item | None, word: str) -> None:
    found = told(entry(code, item=item))
    assert found["band"] == str(code.value)
    assert found["word"] == word


def test_whatever_is_withheld_says_so_in_the_same_word_and_nothing_else() -> None:
    withheld = [
        level(None),
        choice(None),
        *(besides(kind, None) for kind in (Kind.TONE, Kind.THEME, Kind.PARTICIPATION)),
    ]
    found = [told(entry(code)) for code in withheld]
    assert {(one["people"], one["band"], one["word"]) for one in found} == {("", "", WITHHELD)}


@pytest.mark.parametrize("name", ["=1+1", "+49", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_a_name_that_a_spreadsheet_would_calculate_is_kept_from_it(name: str) -> None:
    assert told(entry(level(), unit=name))["unit"] == f"'{name}"
    assert told(entry(level(), pulse=name))["pulse"] == f"'{name}"


def test_rows_stand_in_one_order_whatever_order_they_come_in() -> None:
    later = date(2026, 3, 13)
    sorted_ = [
        entry(level(), pulse="A", unit="B"),
        entry(besides(Kind.PARTICIPATION, 1), pulse="A", unit="B"),
        entry(level(), pulse="A", unit="C", unit_id=2),
        entry(level(), pulse="B", unit="A", unit_id=3, round_id=2),
        entry(level(), pulse="A", unit="A", unit_id=4, round_id=3, closed_on=later),
    ]
    shuffled = random.Random(1).sample(sorted_, len(sorted_))
    assert in_order(shuffled) == sorted_


def test_a_round_can_be_audited_from_its_file_alone() -> None:
    entries = [
        entry(level(4), item=ITEM),
        entry(level(None, item=bank()["autonomy.act"]), item=bank()["autonomy.act"]),
        entry(choice(0), item=CHOICE),
        entry(besides(Kind.PARTICIPATION, 2)),
        entry(besides(Kind.TONE, 1)),
        entry(besides(Kind.THEME, 1)),
        entry(level(0, PeopleClass.FIVE), item=ITEM, unit="Search", unit_id=2, roster=6),
    ]
    (file,) = release_files(entries)
    assert file.name == "2026-03-06-round-1.json"
    releases = parse_releases(file.text, file.name)
    assert [(cell.name, cell.people) for cell in releases.cells] == [("Search", 6), ("Vision", 9)]
    assert [question.id for question in releases.questions] == ["burnout.drained", "autonomy.act", CHOICE.id]
    assert [(one.unit, one.fewest, one.most) for one in releases.participation] == [("Vision", 8, 9)]
    assert all(exposure.safe for exposure in solve(releases))
    content = json.loads(file.text)
    assert {"unit": "Vision", "question": "autonomy.act", "facts": []} in content["releases"]
    assert "Acme pulse" in content["about"]
    assert "theme" not in json.dumps(content["releases"])
    assert "comments" not in json.dumps(content["releases"])


def test_each_round_has_a_file_of_its_own() -> None:
    entries = [
        entry(level(), item=ITEM, round_id=round_id, closed_on=on)
        for round_id, on in ((2, date(2026, 3, 13)), (1, FRIDAY), (3, FRIDAY))
    ]
    assert [file.name for file in release_files(entries)] == [
        "2026-03-06-round-1.json",
        "2026-03-06-round-3.json",
        "2026-03-13-round-2.json",
    ]


def test_a_round_of_many_units_with_long_names_stays_within_what_is_read_of_one_file() -> None:
    items = list(bank().values())[:15]
    entries: Sequence[Entry] = [
        entry(level(item=item), item=item, unit="Ä" * 50 + " + " + "B" * 50, unit_id=unit, roster=9)
        for unit in range(1, 131)
        for item in items
    ]
    files = list(release_files(entries))
    assert [file.name[-7:] for file in files] == ["-1.json", "-2.json", "-3.json"]
    assert max(len(file.text) for file in files) < MOST_CHARACTERS
    assert sum(file.text.count('"roster": 9') for file in files) == 130
    last = parse_releases(files[-1].text, files[-1].name)
    assert [cell.people for cell in last.cells] == [9] * 10
