"""`murmur export`, as somebody types it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from bot.auditing import audit
from bot.exporting import export
from storage.database import Database
from storage.keys import KeyDirectory
from storage.tables import ImportedCode, LedgerEntry, Member, Team
from tests.support.organisation import TUESDAY, WEEK, Organisation

Typed = Callable[..., Result]

TEAM = "=HYPERLINK(1)"


@pytest.fixture
def typed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types `murmur export` in a folder without settings."""
    monkeypatch.chdir(tmp_path)

    def type_(*words: str) -> Result:
        result = CliRunner().invoke(export, [*words, "--database", database_url])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return type_


@pytest.fixture
def acme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """Two rounds: one that all but one answered in each team, and one with too few answers."""
    acme = Organisation(
        database, KeyDirectory(tmp_path_factory.mktemp("apart") / "keys"), question_set="ai-team-weekly"
    )
    teams = [acme.team(TEAM, 9), acme.team("Search", 6)]
    for week, missing in enumerate((1, 4)):
        round_id = acme.open(TUESDAY + week * WEEK)
        for group in teams:
            for place, member in enumerate(group.members[missing:]):
                ballot = acme.ballot(round_id, place % 4 + 1, "so so")
                acme.cast(round_id, member, ballot, TUESDAY + week * WEEK)
        acme.close(round_id)
    return acme


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_the_table_has_every_code_of_the_ledger_and_nothing_else(
    typed: Typed, acme: Organisation, tmp_path: Path
) -> None:
    result = typed("--out", "codes.csv")
    assert result.exit_code == 0
    with acme.database.reading() as session:
        entries = session.exec(select(LedgerEntry)).all()
        secrets = [*session.exec(select(Member.slack_id)), *session.exec(select(Member.name))]
    table = read(tmp_path / "codes.csv")
    assert sorted((row["closed_on"], row["question"], row["people"], row["band"]) for row in table) == sorted(
        (str(one.closed_on), one.subject, one.people or "", "" if one.value is None else str(one.value))
        for one in entries
    )
    withheld = [one for one in entries if one.value is None]
    assert len([row for row in table if row["word"] == "withheld"]) == len(withheld) > 0
    assert (
        result.output
        == f"{len(table)} codes of 2 rounds; {len(withheld)} of them are withheld. They are in codes.csv.\n"
    )
    text = (tmp_path / "codes.csv").read_text(encoding="utf-8")
    assert not any(secret in text for secret in secrets)
    assert "so so" not in text


def test_a_team_with_the_name_of_a_formula_is_no_formula(typed: Typed, acme: Organisation, tmp_path: Path) -> None:
    typed("--out", "codes.csv")
    assert {row["unit"] for row in read(tmp_path / "codes.csv")} == {f"'{TEAM}", "Search"}


def test_exported_twice_it_is_the_same_to_the_byte(typed: Typed, acme: Organisation, tmp_path: Path) -> None:
    typed("--out", "one.csv")
    typed("--out", "other.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()


def test_murmur_audit_finds_nobody_exposed_by_what_murmur_published(
    typed: Typed, acme: Organisation, tmp_path: Path
) -> None:
    result = typed("--out", "releases", "--format", "json")
    assert result.exit_code == 0
    files = sorted((tmp_path / "releases").iterdir())
    assert [file.name for file in files] == ["2026-03-06-round-1.json", "2026-03-13-round-2.json"]
    assert result.output.endswith("What they leave open about anybody: murmur audit releases\n")
    folder = CliRunner().invoke(audit, ["releases"])
    assert (folder.exit_code, folder.output.count("\n")) == (0, 3)
    for file in files:
        audited = CliRunner().invoke(audit, [str(file)])
        assert audited.exit_code == 0, audited.output
        assert f"{TEAM} (9 people)" in audited.output
        assert "Person 0" not in file.read_text(encoding="utf-8")


def test_what_another_tool_told_is_not_published_and_not_exported(
    typed: Typed, acme: Organisation, tmp_path: Path
) -> None:
    typed("--out", "before.csv")
    with acme.database.transaction() as session:
        unit_id = session.exec(select(LedgerEntry.unit_id).order_by(col(LedgerEntry.unit_id)).limit(1)).one()
        week = (TUESDAY - WEEK).date()
        session.add(ImportedCode(unit_id=unit_id, driver="burnout", closed_on=week, people="8+", value=3, roster=11))
    typed("--out", "after.csv")
    assert (tmp_path / "before.csv").read_bytes() == (tmp_path / "after.csv").read_bytes()


def test_a_team_that_was_renamed_keeps_the_name_under_which_it_was_told(
    typed: Typed, acme: Organisation, tmp_path: Path
) -> None:
    with acme.database.transaction() as session:
        session.exec(select(Team).where(Team.name == "Search")).one().name = "Found"
    typed("--out", "codes.csv")
    assert "Found" not in (tmp_path / "codes.csv").read_text(encoding="utf-8")


def test_before_anything_is_published_it_says_so(typed: Typed, database: Database, tmp_path: Path) -> None:
    assert "There is no workspace in this database yet" in typed("--out", "codes.csv").output
    assert not (tmp_path / "codes.csv").exists()
    Organisation(database, KeyDirectory(tmp_path / "keys"))
    result = typed("--out", "codes.csv")
    assert result.output == "Nothing has been published yet; codes.csv has its columns and no rows.\n"
    assert read(tmp_path / "codes.csv") == []
    assert typed("--out", "releases", "--format", "json").output == (
        "Nothing has been published yet; no file was written.\n"
    )
    assert not (tmp_path / "releases").exists()


def test_where_nothing_can_be_written_it_says_why(typed: Typed, acme: Organisation, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept", encoding="utf-8")
    result = typed("--out", "there", "--format", "json")
    assert result.exit_code == 2
    assert result.output == "Error: there cannot be written (File exists).\n"
    assert typed("--out", "nowhere/codes.csv").exit_code == 2
    assert (tmp_path / "there").read_text(encoding="utf-8") == "kept"
