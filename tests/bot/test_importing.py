"""`murmur import`, as somebody types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from bot.importing import import_
from storage.database import Database
from storage.keys import KeyDirectory
from storage.people import ensure_workspace
from storage.tables import ImportedCode
from storage.verification import verify
from storage.verification.findings import failed
from tests.support.organisation import Organisation, count

Typed = Callable[..., Result]

HEADER = "unit,driver,week,n,mean,team_size"
HISTORY = (
    "vision,burnout,2025-W40,8,2.1,9",
    "vision,burnout,2025-W41,8,2.2,9",
    "vision,autonomy,2025-W41,8,3.9,9",
    "Search + Speech,autonomy,2025-W41,7,3.1,11",
)


@pytest.fixture
def acme(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    acme = Organisation(database, KeyDirectory(tmp_path_factory.mktemp("apart") / "keys"))
    acme.team("Vision", 9)
    acme.team("Speech", 6, department="Research")
    acme.team("Search", 5, department="Research")
    return acme


@pytest.fixture
def typed(database_url: str, acme: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types `murmur import` in a folder without settings; `lines` are what history.csv says."""
    monkeypatch.chdir(tmp_path)

    def type_(*words: str, lines: tuple[str, ...] = HISTORY, header: str = HEADER, answer: str = "") -> Result:
        Path("history.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        result = CliRunner().invoke(import_, [*words, "--database", database_url], input=answer)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return type_


def stored(acme: Organisation) -> set[tuple[str, str, str, int]]:
    with acme.database.reading() as session:
        rows = session.exec(select(ImportedCode))
        return {(row.driver, str(row.closed_on), row.people, row.value) for row in rows}


def test_means_become_bands_and_it_says_what_was_taken(typed: Typed, acme: Organisation) -> None:
    result = typed("history.csv", "--higher-is-worse", "burnout")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Imported:",
        "  Search + Speech, 2025-W41: Autonomy 1 week",
        "  Vision, 2025-W40 to 2025-W41: Burnout 2 weeks, Autonomy 1 week",
        "Burnout: a mean of 1 was read as “hardly any”, one of 5 as “very high”.",
        "Autonomy: a mean of 5 was read as “very strong”, one of 1 as “poor”.",
        (
            "If one of them is the wrong way round, run murmur import --undo, and import again with its name after"
            " --higher-is-worse, or without that."
        ),
        (
            "Each mean was turned into a band and dropped; the file is not kept. Only the detector reads the bands; no"
            " digest shows them."
        ),
    ]
    assert stored(acme) == {
        ("burnout", "2025-10-05", "8+", 4),
        ("burnout", "2025-10-12", "8+", 4),
        ("autonomy", "2025-10-12", "8+", 4),
        ("autonomy", "2025-10-12", "6-7", 2),
    }


def test_a_driver_that_is_not_turned_around_is_read_as_it_stands(typed: Typed, acme: Organisation) -> None:
    assert "Burnout: a mean of 5 was read as “hardly any”, one of 1 as “very high”." in typed("history.csv").output
    assert ("burnout", "2025-10-05", "8+", 0) in stored(acme)


def test_a_dry_run_says_the_same_and_stores_nothing(typed: Typed, acme: Organisation) -> None:
    result = typed("history.csv", "--dry-run")
    assert result.exit_code == 0
    assert result.output.startswith("This would be imported; nothing was stored:\n  Search + Speech, 2025-W41: Auto")
    assert "--undo" not in result.output
    assert stored(acme) == set()


def test_a_second_import_of_the_same_file_changes_nothing(typed: Typed, acme: Organisation) -> None:
    typed("history.csv")
    before = stored(acme)
    result = typed("history.csv")
    assert result.exit_code == 0
    assert result.output == (
        "There is nothing new in history.csv; nothing was changed.\nThere already, and left as it is: 4 figures.\n"
    )
    assert stored(acme) == before


def test_one_line_that_cannot_be_used_keeps_all_out(typed: Typed, acme: Organisation) -> None:
    result = typed("history.csv", lines=(*HISTORY, "Visoin,burnout,2025-W40,8,2.1,9"))
    assert result.exit_code == 2
    assert result.output == "Error: history.csv, line 6, column unit: “Visoin” is no team here; did you mean Vision?\n"
    assert stored(acme) == set()


@pytest.mark.parametrize(
    ("line", "header", "says"),
    [
        ("Vision,burnout,2025-W40,4,2.1,9", HEADER, "line 2, column n: a mean of fewer than 5 answers"),
        ("Vision,burnout,2025-W40,8,2.1,U012", HEADER.replace("team_size", "employee"), "never about people"),
    ],
)
def test_whatever_is_about_few_people_or_one_is_refused(
    typed: Typed, acme: Organisation, line: str, header: str, says: str
) -> None:
    result = typed("history.csv", lines=(line,), header=header)
    assert result.exit_code == 2
    assert says in result.output
    assert stored(acme) == set()


def test_a_changed_mean_is_refused_until_the_first_import_is_undone(typed: Typed, acme: Organisation) -> None:
    typed("history.csv")
    changed = ("vision,burnout,2025-W40,8,4.4,9",)
    result = typed("history.csv", lines=changed)
    assert result.exit_code == 2
    assert "line 2, column mean: this week was imported before with another level; run murmur import --undo" in (
        result.output
    )
    assert typed("--undo", "--yes").exit_code == 0
    assert typed("history.csv", lines=changed).exit_code == 0
    assert stored(acme) == {("burnout", "2025-10-05", "8+", 5)}


def test_what_murmur_would_have_withheld_is_left_out_and_named(typed: Typed, acme: Organisation) -> None:
    result = typed("history.csv", lines=("vision,burnout,2025-W40,5,2.1,5", "vision,burnout,2025-W41,5,2.1,6"))
    assert result.exit_code == 0
    assert (
        "Left out, because all five of a team of five answered, which Murmur would not show either:\n"
        "  Vision, 2025-W40: Burnout 1 week\n"
    ) in result.output
    assert stored(acme) == {("burnout", "2025-10-12", "5", 0)}


def test_undo_asks_first(typed: Typed, acme: Organisation) -> None:
    typed("history.csv")
    before = stored(acme)
    asked = typed("--undo", answer="n\n")
    assert asked.output.startswith(
        "To be removed, from whatever file:\n  Search + Speech, 2025-W41: Autonomy 1 week\n  Vision, 2025-W40 to"
    )
    assert asked.output.endswith("Nothing was removed.\n")
    assert typed("--undo", "--dry-run").output.startswith("This would be removed; nothing was changed:\n")
    assert stored(acme) == before
    done = typed("--undo", answer="y\n")
    assert done.exit_code == 0
    assert done.output.endswith("Removed.\n")
    assert stored(acme) == set()
    assert typed("--undo", "--yes").output == "There is nothing to remove.\n"


def test_what_flags_rest_on_already_stays(typed: Typed, acme: Organisation) -> None:
    typed("history.csv")
    before = stored(acme)
    acme.close(acme.open())
    result = typed("--undo", "--yes")
    assert result.exit_code == 2
    assert result.output == (
        "Error: Search + Speech and Vision have results by now. What was imported stays, for flags that were told would"
        " change without it.\n"
    )
    assert stored(acme) == before
    late = typed("history.csv", lines=("vision,growth,2025-W40,8,2.1,9",))
    assert late.exit_code == 2
    assert "“Vision” has results of its own already, and flags that were told would change" in late.output
    assert typed("history.csv").exit_code == 0


def test_undo_removes_what_no_flag_rests_on_and_says_what_stays(typed: Typed, acme: Organisation) -> None:
    typed("history.csv", lines=HISTORY[:2])
    acme.close(acme.open())
    acme.team("Data", 9)
    typed("history.csv", lines=("data,growth,2025-W40,8,2.1,9",))
    result = typed("--undo", "--yes")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Vision has results by now. What was imported stays, for flags that were told would change without it.",
        "To be removed, from whatever file:",
        "  Data, 2025-W40: Growth 1 week",
        "Removed.",
    ]
    assert {driver for driver, *_ in stored(acme)} == {"burnout"}


def test_what_was_imported_is_as_promised_to_murmur_verify(typed: Typed, acme: Organisation, database_url: str) -> None:
    typed("history.csv")
    acme.close(acme.open())
    acme.database.dispose()
    assert failed(verify(database_url)) == []
    with acme.database.reading() as session:
        assert count(session, ImportedCode) == 4


def test_a_driver_that_is_not_known_is_refused_with_the_nearest(typed: Typed) -> None:
    result = typed("history.csv", "--higher-is-worse", "burnot")
    assert result.exit_code == 2
    assert "“burnot” is not a driver here; did you mean burnout?" in result.output


def test_of_several_workspaces_one_must_be_named(typed: Typed, acme: Organisation) -> None:
    with acme.database.transaction() as session:
        ensure_workspace(session, "T2", "Other")
    result = typed("history.csv")
    assert result.exit_code == 2
    assert "Which workspace is meant? Name it with --workspace: Acme (T1), Other (T2)." in result.output
    assert "There is no workspace “Third”" in typed("history.csv", "--workspace", "Third").output
    assert "Murmur knows no team yet" in typed("history.csv", "--workspace", "Other").output
    assert stored(acme) == set()
    assert typed("history.csv", "--workspace", "acme").exit_code == 0


def test_without_a_file_or_a_database_it_says_so(typed: Typed, tmp_path: Path) -> None:
    assert "Missing argument 'FILE'" in typed().output
    result = CliRunner(env=dict.fromkeys(("SLACK_BOT_TOKEN", "DATABASE_URL"))).invoke(import_, ["history.csv"])
    assert result.exit_code == 2
    assert "Or name the database with --database." in result.output
    gone = CliRunner().invoke(import_, ["history.csv", "--database", f"sqlite:///{tmp_path}/gone.db"])
    assert gone.exit_code == 2
    assert "gone.db is not there" in gone.output
    assert not (tmp_path / "gone.db").exists()
