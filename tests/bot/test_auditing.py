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


def test_help_says_what_exit_statuses_mean() -> None:
    result = typed("--help")
    assert result.exit_code == 0
    assert "Exit status 0" in result.output
