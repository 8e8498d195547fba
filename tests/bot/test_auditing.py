"""`murmur audit`, as somebody types it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.auditing import audit
from surveys.audit_search import Undecided

EXAMPLES = Path(__file__).parents[1] / "examples"
MURMUR, ANOTHER_TOOL = EXAMPLES / "releases.json", EXAMPLES / "releases-of-another-tool.json"


def typed(*words: object) -> Result:
    """What `murmur audit` answers."""
    result = CliRunner().invoke(audit, [str(word) for word in words])
    assert "Traceback" not in result.output
    return result


def test_what_murmur_publishes_leaves_everybody_enough() -> None:
    result = typed(MURMUR)
    assert result.exit_code == 0
    *lines, last = result.output.splitlines()
    assert lines[0] == (
        "ok   burnout.drained, vision (6 people): all 5 answers possible to an outsider;"
        " only 3, 4 or 5 to somebody in vision who answered 1."
    )
    assert len(lines) == 9
    assert all(line.startswith("ok   ") for line in lines)
    assert last == "Everybody is left with at least 3 possible answers, or all that a question with fewer has."


def test_rounded_means_over_groups_that_overlap_pin_somebody_down() -> None:
    result = typed(ANOTHER_TOOL)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert (
        "NOT  my-workload-is-fine, vision only (1 person): only 5 possible to an outsider and to anybody inside."
    ) in lines
    assert lines[-1] == "5 of 10 lines leave somebody with fewer than 3 possible answers."


def test_every_line_is_about_one_group_of_people_and_one_question() -> None:
    for line in typed(ANOTHER_TOOL).output.splitlines()[:-1]:
        assert re.fullmatch(r"(ok  |NOT ) [a-z-]+, .+ \(\d+ (person|people)\): .+\.", line)


@pytest.mark.parametrize(("file", "status"), [(MURMUR, 0), (ANOTHER_TOOL, 1)])
def test_json_says_the_same(file: Path, status: int) -> None:
    result = typed("--json", file)
    assert result.exit_code == status
    told = json.loads(result.output)
    assert told["safe"] is (status == 0)
    lines = typed(file).output.splitlines()[:-1]
    assert [one["safe"] for one in told["exposures"]] == [line.startswith("ok") for line in lines]


def test_json_tells_what_is_possible_to_whom() -> None:
    first = json.loads(typed("--json", MURMUR).output)["exposures"][0]
    assert first == {
        "question": "burnout.drained",
        "cell": "vision",
        "people": 6,
        "answers": [1, 2, 3, 4, 5],
        "outsider": [1, 2, 3, 4, 5],
        "insider": {"cell": "vision", "own": 1, "values": [3, 4, 5]},
        "safe": True,
    }


def refused(file: Path) -> str:
    """What is said about a file that cannot be audited: one line."""
    result = typed(file)
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    return line


def test_a_mistake_in_the_file_is_told_in_one_line_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(MURMUR.read_text().replace('"roster": 6', '"rosters": 6'))
    assert refused(file) == (
        'Error: mine.json, line 9, "vision", field "rosters": is not a field here; did you mean "roster"?'
    )


def test_figures_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(ANOTHER_TOOL.read_text().replace('"value": 58', '"value": 12'))
    assert refused(file) == (
        "Error: mine.json: No answers to likely-to-stay agree with what was published of sales."
        " Compare its figures with what was published."
    )


def test_a_file_that_cannot_be_decided_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(_: object) -> None:
        raise Undecided("gave up")

    monkeypatch.setattr("bot.auditing.solve", undecided)
    assert refused(MURMUR).startswith("Error: releases.json could not be decided: ")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert refused(file) == "Error: mine.json is not text in UTF-8: save it again as UTF-8."


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = typed(tmp_path / "nowhere.json")
    assert result.exit_code == 2
    assert "does not exist" in result.output


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("codes.csv", "closed_on,pulse\n" * 20_000),
        ("codes", "closed_on,pulse,unit,question,driver,kind,people,band,word\n"),
    ],
)
def test_the_table_that_export_writes_is_told_to_be_no_file_for_this(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert refused(tmp_path / name) == (
        f"Error: {name} is a table; audit reads what murmur export --format json writes."
    )


def folder(path: Path, **files: str) -> Path:
    """A folder with files of these names."""
    for name, text in files.items():
        (path / f"{name}.json").write_text(text)
    return path


def test_of_a_folder_each_file_is_told_in_the_order_of_the_names(tmp_path: Path) -> None:
    safe, exposed = MURMUR.read_text(), ANOTHER_TOOL.read_text()
    (tmp_path / "notes.txt").write_text("not read")
    result = typed(folder(tmp_path, b=exposed, c=safe, a=safe))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "ok   a.json: 9 lines, all safe.",
        "NOT  b.json: 5 of 10 lines not safe.",
        "ok   c.json: 9 lines, all safe.",
        (f"1 of 3 files leaves somebody with fewer than 3 possible answers. Which: murmur audit {tmp_path / 'b.json'}"),
    ]
    as_json = typed("--json", tmp_path)
    assert as_json.exit_code == 1
    told = json.loads(as_json.output)
    assert (told["safe"], told["unread"]) == (False, {})
    assert [(one["file"], one["safe"]) for one in told["files"]] == [
        ("a.json", True),
        ("b.json", False),
        ("c.json", True),
    ]


def test_a_folder_in_which_everybody_is_safe_has_exit_status_0(tmp_path: Path) -> None:
    result = typed(folder(tmp_path, a=MURMUR.read_text(), b=MURMUR.read_text()))
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == (
        "All 2 files leave everybody with at least 3 possible answers, or all that a question with fewer has."
    )


def test_a_file_of_a_folder_that_cannot_be_read_stops_no_other_and_is_not_called_safe(tmp_path: Path) -> None:
    result = typed(folder(tmp_path, a="{", b=MURMUR.read_text()))
    assert result.exit_code == 2
    broken, fine, last = result.output.splitlines()
    assert broken.startswith("?    a.json, line 1: this is not valid JSON")
    assert fine == "ok   b.json: 9 lines, all safe."
    assert last == "1 of 2 files could not be audited."
    assert json.loads(typed("--json", tmp_path).output)["safe"] is False


def test_a_folder_without_such_files_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        f"Error: {tmp_path} holds no .json file: audit reads what murmur export --format json writes."
    )


def test_help_says_what_exit_statuses_mean() -> None:
    result = typed("--help")
    assert result.exit_code == 0
    assert "Exit status 0" in result.output
