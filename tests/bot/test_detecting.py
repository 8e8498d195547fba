"""`murmur detect`, as somebody types it."""

import csv
import multiprocessing
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import bot.detecting
from bot.__main__ import main
from bot.detecting import detect
from tests.support.teams import World, coded, live

EXACT = ["week", "team", "driver", "team_size", "replaced", "n", "answers"]
BOUNDS = [*EXACT[:-1], "lo", "hi"]


def typed(*words: object) -> Result:
    """What `murmur detect` answers."""
    result = CliRunner().invoke(detect, [str(word) for word in words])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def lines_of(*, teams: int = 3, codes: bool = False, drop: float = 0.9) -> list[list[object]]:
    """Teams of nine, asked for fifty weeks; all but the first fall in the thirtieth."""
    rng = np.random.default_rng(3)
    lines: list[list[object]] = []
    for team in range(teams):
        weeks = live(World(people=9, weeks=50, drop=drop if team else 0, drop_week=30), rng)
        known = {o.on: o for o in coded(weeks)}
        for index, week in enumerate(weeks):
            start: list[object] = [index, f"team {team}", "burnout", week.roster, week.replaced]
            if codes:
                seen = known.get(week.on)
                lines.append([*start, seen.n, seen.lo, seen.hi] if seen else [*start, 0, "", ""])
            else:
                lines.append([*start, len(week.answers), " ".join(map(str, week.answers))])
    return lines


def written(path: Path, lines: list[list[object]], header: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def flags_in(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("codes", [False, True])
def test_a_fall_is_found_in_the_teams_that_fell(tmp_path: Path, codes: bool) -> None:
    source = written(tmp_path / "answers.csv", lines_of(codes=codes), BOUNDS if codes else EXACT)
    result = typed("--in", source, "--out", tmp_path / "flags.csv", "--arl", 104, "--min-n", 4)
    assert result.exit_code == 0
    assert re.fullmatch(
        r"150 rows of 3 streams: \d flags, which stand in \d+ weeks; [\d.]+ s, [\d,]+ MB\.\n", result.stderr
    )
    assert (tmp_path / "flags.csv").read_text(encoding="utf-8").startswith("week,team,driver,since,level,lo90,hi90\n")
    found = [one for one in flags_in(tmp_path / "flags.csv") if int(one["week"]) >= 30]
    assert {one["team"] for one in found} == {"team 1", "team 2"}
    for one in found:
        assert one["driver"] == "burnout"
        assert 26 <= int(one["since"]) <= int(one["week"])
        assert 1 <= float(one["lo90"]) <= float(one["level"]) <= float(one["hi90"]) <= 5


def test_the_order_of_rows_columns_and_answers_changes_nothing(tmp_path: Path) -> None:
    lines = lines_of()
    turned = [[" ".join(reversed(str(line[-1]).split())), *line[:-1]] for line in reversed(lines)]
    one = written(tmp_path / "one.csv", lines, EXACT)
    other = written(tmp_path / "other.csv", turned, [EXACT[-1], *EXACT[:-1]])
    for source in (one, other):
        assert typed("--in", source, "--out", source.with_suffix(".flags")).exit_code == 0
    assert one.with_suffix(".flags").read_bytes() == other.with_suffix(".flags").read_bytes()


def test_cutting_the_file_changes_nothing_before_the_cut(tmp_path: Path) -> None:
    for name, weeks in (("all", 50), ("cut", 36)):
        lines = [line for line in lines_of() if int(str(line[0])) < weeks]
        assert typed("--in", written(tmp_path / name, lines, EXACT), "--out", tmp_path / f"{name}.flags").exit_code == 0
    whole, cut = (flags_in(tmp_path / f"{name}.flags") for name in ("all", "cut"))
    assert cut
    assert cut == [one for one in whole if int(one["week"]) < 36]


def test_weeks_are_told_as_the_file_writes_them(tmp_path: Path) -> None:
    lines = [[f"2026-W{int(str(line[0])) + 1:02}", *line[1:]] for line in lines_of()]
    assert typed("--in", written(tmp_path / "in", lines, EXACT), "--out", tmp_path / "out").exit_code == 0
    for one in flags_in(tmp_path / "out"):
        assert re.fullmatch(r"2026-W\d\d", one["week"])
        assert re.fullmatch(r"2026-W\d\d", one["since"])


def test_a_line_that_cannot_be_used_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    lines = lines_of()
    lines[4][-1] = "1 2 3 9"
    lines[7][3] = "many"
    source = written(tmp_path / "answers.csv", lines, EXACT)
    kept = tmp_path / "flags.csv"
    kept.write_text("as it was", encoding="utf-8")
    result = typed("--in", source, "--out", kept)
    assert result.exit_code == 2
    assert "answers.csv, line 6, column answers: “9” is no answer from 1 to 5." in result.stderr
    assert "answers.csv, line 9, column team_size: “many” is not a whole number." in result.stderr
    assert kept.read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "flags.csv"]


def test_bytes_that_are_no_text_are_named_like_anything_else(tmp_path: Path) -> None:
    source = tmp_path / "answers.csv"
    source.write_bytes(",".join(EXACT).encode() + b"\n1,Vision,d,9,0,4,3 3 3 3\n1,\xff,d,9,0,4,3 3 3 3\n")
    result = typed("--in", source, "--out", tmp_path / "flags.csv")
    assert result.exit_code == 2
    assert "answers.csv, line 3, column team: “\\udcff” is not UTF-8." in result.stderr
    assert not (tmp_path / "flags.csv").exists()


def test_columns_that_mean_nothing_are_passed_over_and_said(tmp_path: Path) -> None:
    lines = [[*line, "x"] for line in lines_of(teams=1)]
    result = typed("--in", written(tmp_path / "in", lines, [*EXACT, "itme"]), "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "Column “itme” means nothing here and is passed over." in result.stderr


def test_nothing_flagged_is_a_file_of_column_names(tmp_path: Path) -> None:
    source = written(tmp_path / "in", lines_of(teams=1), EXACT)
    assert typed("--in", source, "--out", tmp_path / "out", "--arl", 1e6).exit_code == 0
    assert (tmp_path / "out").read_text(encoding="utf-8") == "week,team,driver,since,level,lo90,hi90\n"


@pytest.mark.parametrize("words", [["--arl", "1"], ["--arl", "nan"], ["--arl", "inf"], ["--min-n", "0"]])
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, words: list[str]) -> None:
    source = written(tmp_path / "in", lines_of(teams=1), EXACT)
    assert typed("--in", source, "--out", tmp_path / "out", *words).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_the_answers_are_never_written_over(tmp_path: Path) -> None:
    source = written(tmp_path / "in", lines_of(teams=1), EXACT)
    before = source.read_bytes()
    assert typed("--in", source, "--out", source).exit_code == 2
    assert source.read_bytes() == before


def test_flags_that_cannot_be_written_are_a_sentence(tmp_path: Path) -> None:
    source = written(tmp_path / "in", lines_of(teams=1), EXACT)
    result = typed("--in", source, "--out", tmp_path / "nowhere" / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path / "in", lines_of(teams=24), EXACT)
    assert typed("--in", source, "--out", tmp_path / "one").exit_code == 0
    monkeypatch.setattr(bot.detecting, "_MANY", 1)
    assert typed("--in", source, "--out", tmp_path / "other").exit_code == 0
    assert not multiprocessing.active_children()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_murmur_knows_the_command() -> None:
    result = CliRunner().invoke(main, ["detect", "--help"])
    assert result.exit_code == 0
    assert "--arl" in result.output
