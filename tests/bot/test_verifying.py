"""`murmur verify`, as somebody types it who wants to know."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot import verifying
from bot.settings import Settings
from bot.verifying import verify
from storage.verification import verify as look
from storage.verification.findings import Verdict, failed
from tests.support.running_murmur import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    OPENING,
    SECRET,
    THURSDAY,
    TUESDAY,
    VISION,
    Stage,
    running_murmur,
)

Typed = Callable[..., Result]


@pytest.fixture
def both(database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A connected Murmur on either database, with its keys apart."""
    keys = tmp_path_factory.mktemp("apart") / "keys"
    with running_murmur(database_url, tmp_path, round_key_dir=keys) as stage:
        yield stage


@pytest.fixture
def typed(greenroom: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types `murmur verify` in an empty folder, with the settings of a Murmur; `None` takes a variable away."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verifying, "SECOND_LOOK", 0)
    settings = greenroom.murmur.settings
    environment = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "APP_SECRET": SECRET,
        "DATABASE_URL": settings.database_url,
        "ROUND_KEY_DIR": str(settings.round_key_dir),
        "OPERATOR_CONTACT": "it@lantern.example",
    }

    def type_(*words: object, **changes: str | None) -> Result:
        result = CliRunner(env={**environment, **changes}).invoke(verify, [str(word) for word in words])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        for secret in (settings.slack_bot_token, settings.slack_app_token, SECRET):
            assert secret not in result.output
        return result

    return type_


@pytest.fixture
def open_round(greenroom: Stage) -> Stage:
    """A Murmur with an open round."""
    greenroom.put_team()
    greenroom.at(TUESDAY)
    return greenroom


def wrong(settings: Settings) -> list[str]:
    """What is wrong with a Murmur's database."""
    found = look(settings.database_url, key_dir=settings.round_key_dir, secret=settings.app_secret)
    return [finding.words for finding in failed(found)]


def test_a_murmur_that_people_use_is_as_promised_in_every_state(both: Stage) -> None:
    settings = both.murmur.settings
    assert wrong(settings) == []
    both.set_up_team("Vision", part_of="Research", leaders=["Sam Okoye"], managers=["Dana Ito"])
    for moment in (MONDAY, OPENING, TUESDAY):
        both.at(moment)
        assert wrong(settings) == []
    for who in VISION[:6]:
        both.answer(who, "Agree", "Too many pages at night.")
        assert wrong(settings) == []
    for moment in (THURSDAY, FRIDAY, NEXT_MONDAY):
        both.at(moment)
        assert wrong(settings) == []
    kinds = {message.kind for message in both.outbox()}
    assert kinds >= {"welcome", "digest", "department-digest"}


def test_all_is_as_promised_and_said_under_headings(open_round: Stage, typed: Typed) -> None:
    result = typed()
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "What is kept about people"
    for line in lines[:-1]:
        assert not line or re.fullmatch(r"  (ok  |note) [a-zA-Z ]+: .+\.|[A-Z][a-z ,:]+", line), line
    notes = sum(line.startswith("  note ") for line in lines)
    known = f"; {notes} thing{'s are' if notes > 1 else ' is'} worth knowing" if notes else ""
    assert re.fullmatch(
        r"As promised: all \d+ checks hold, and nothing in this database tells what anybody answered, or whether"
        + re.escape(known)
        + r"\.",
        lines[-1],
    )


def test_what_is_wrong_is_said_once_with_what_to_do(open_round: Stage, typed: Typed) -> None:
    with open_round.murmur.database.transaction() as session:
        session.execute(text("CREATE TABLE answers (member_id INTEGER, content TEXT)"))
        session.execute(text("CREATE TABLE extras (id INTEGER)"))
    result = typed()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    place = lines.index("  NOT  tables: the table answers is none of Murmur's.")
    assert lines[place + 1] == "  NOT  tables: the table extras is none of Murmur's."
    assert lines[place + 2].startswith("       To do: Find out who made it")
    assert result.output.count("To do:") == 1
    assert re.fullmatch(
        r"NOT as promised: 1 of \d+ checks failed \(tables\); what to do stands beneath .+\.", lines[-1]
    )


@pytest.mark.parametrize("spoilt", [False, True])
def test_json_says_the_same(open_round: Stage, typed: Typed, spoilt: bool) -> None:
    if spoilt:
        with open_round.murmur.database.transaction() as session:
            session.execute(text("ALTER TABLE rosterentry ADD COLUMN answered BOOLEAN"))
    result, told = typed(), json.loads(typed("--json").output)
    assert told["as_promised"] is not spoilt
    assert told["verdict"] == result.output.splitlines()[-1]
    for finding in told["findings"]:
        assert finding.keys() == {"group", "check", "verdict", "words", "remedy"}
        assert f"{finding['check']}: {finding['words']}" in result.output
    assert any(finding["verdict"] == "NOT" for finding in told["findings"]) is spoilt


def test_a_round_that_is_just_being_closed_is_looked_at_again(
    open_round: Stage, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = next(open_round.murmur.keys.path.iterdir())
    away = key.with_name("away")
    key.rename(away)
    assert typed().exit_code == 1
    monkeypatch.setattr(verifying, "sleep", lambda _: away.rename(key))
    assert typed().exit_code == 0


def test_a_copy_can_be_looked_at_without_any_settings(open_round: Stage, typed: Typed, tmp_path: Path) -> None:
    source = str(open_round.murmur.database.url.database)
    for suffix in ("", "-wal"):
        shutil.copy(source + suffix, f"{tmp_path}/copy.db{suffix}")
    nothing: dict[str, str | None] = dict.fromkeys(("SLACK_BOT_TOKEN", "APP_SECRET", "DATABASE_URL", "ROUND_KEY_DIR"))
    result = typed("--database", f"sqlite:///{tmp_path}/copy.db", **nothing)
    assert result.exit_code == 0, result.output
    assert "note keys: the key directory: none was named." in result.output
    assert "note settings: the settings, and whether the keys fit them: none are given" in result.output
    assert "SLACK_BOT_TOKEN" not in result.output
    assert result.output.rstrip().endswith("; 2 things were not looked at.")


def test_keys_of_a_copy_are_looked_into_when_they_are_named(open_round: Stage, typed: Typed) -> None:
    settings = open_round.murmur.settings
    named = typed("--database", settings.database_url, "--key-dir", settings.round_key_dir)
    assert "ok   of open rounds: the key of every open round is there, and is the one" in named.output
    elsewhere = typed("--key-dir", settings.round_key_dir / "nowhere")
    assert elsewhere.exit_code == 1
    assert "NOT  of open rounds: the key of round 1 is not in" in elsewhere.output


def test_a_changed_secret_is_told_from_a_lost_key(open_round: Stage, typed: Typed) -> None:
    result = typed(APP_SECRET="another secret, as long as it has to be")
    assert result.exit_code == 1
    assert "the key of round 1 is not the one it was opened with: the fingerprints differ." in result.output


@pytest.mark.parametrize(
    ("words", "changes", "says"),
    [
        ((), {"APP_SECRET": None}, "Error: APP_SECRET is missing"),
        (("--database", "sqlite:///nothing.db"), {}, "Error: nothing.db cannot be read (No such file or directory)"),
        ((), {"DATABASE_URL": "postgresql://me:hush@127.0.0.1:9/murmur"}, "cannot be looked at (OperationalError)"),
    ],
)
def test_what_cannot_be_looked_at_is_told_in_one_line(
    typed: Typed, words: tuple[str, ...], changes: dict[str, str | None], says: str
) -> None:
    result = typed(*words, **changes)
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert says in line
    assert "hush" not in line


def test_settings_worth_knowing_are_noted(open_round: Stage, typed: Typed, tmp_path: Path) -> None:
    assert "Settings" not in typed().output.splitlines()
    (tmp_path / ".env").write_text("LOG_LEVEL=INFO\n")
    (tmp_path / ".env").chmod(0o644)
    result = typed(SLACK_API_BASE_URL="http://127.0.0.1:8765/api/", OPERATOR_CONTACT=None, ADMINS="U012ABC")
    assert result.exit_code == 0
    noted = [line for line in result.output.splitlines() if line.startswith("  note")]
    for words in ("127.0.0.1:8765", "OPERATOR_CONTACT is empty", "1 person administers", "chmod 600 .env"):
        assert any(words in line for line in noted), words


def test_keys_beside_the_database_are_accepted_by_name_only(open_round: Stage, typed: Typed, tmp_path: Path) -> None:
    beside = Path(shutil.copytree(open_round.murmur.keys.path, tmp_path / "database/keys"))
    assert typed(ROUND_KEY_DIR=str(beside)).exit_code == 2
    assert typed("--key-dir", beside).exit_code == 1
    result = typed(ROUND_KEY_DIR=str(beside), ROUND_KEY_MODE="beside-database")
    assert result.exit_code == 0
    assert "note place: the keys lie beside the database, which was accepted by name" in result.output


def test_every_verdict_has_its_mark() -> None:
    assert verifying._MARKS.keys() == set(Verdict)


def test_help_says_what_exit_statuses_mean(typed: Typed) -> None:
    result = typed("--help")
    assert result.exit_code == 0
    assert "Exit status 0" in result.output
