"""The doctor: one line a part, in plain words, and whether all is well."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.doctor import Finding, examine
from bot.manifest import BOT_SCOPES
from bot.sandbox.workspace import Installation, default_workspace
from tests.support.running_murmur import TUESDAY, Stage, running_murmur


def findings(stage: Stage, **changes: object) -> dict[str, Finding]:
    """What the doctor finds, by part; every part once."""
    settings = replace(stage.murmur.settings, **changes)  # type: ignore[arg-type]
    found = list(examine(settings))
    assert len({finding.what for finding in found}) == len(found)
    for finding in found:
        assert "\n" not in finding.words
        for secret in (settings.slack_bot_token, settings.slack_app_token, settings.app_secret):
            assert secret not in finding.words
    return {finding.what: finding for finding in found}


@pytest.fixture
def open_round(greenroom: Stage) -> Stage:
    """A Murmur with an open round."""
    greenroom.put_team()
    greenroom.at(TUESDAY)
    return greenroom


def test_a_healthy_murmur_has_a_good_word_for_every_part(backstage: Stage) -> None:
    found = findings(backstage)
    assert all(finding.fine for finding in found.values()), found
    assert list(found) == [
        "settings", "database", "key directory", "open rounds", "outbox", "bot token", "scopes", "app token",
    ]  # fmt: skip
    assert "Lantern Labs" in found["bot token"].words
    assert found["open rounds"].words == "none"


def test_the_doctor_looks_and_changes_nothing(open_round: Stage, tmp_path: Path) -> None:
    before, keys = open_round.rounds(), sorted(open_round.murmur.keys.path.iterdir())
    posted = len(open_round.client.calls("chat.postMessage"))
    findings(open_round)
    assert [round_.model_dump() for round_ in open_round.rounds()] == [round_.model_dump() for round_ in before]
    assert sorted(open_round.murmur.keys.path.iterdir()) == keys
    assert len(open_round.client.calls("chat.postMessage")) == posted


def test_a_database_that_is_not_there_yet_is_no_trouble_and_is_not_made(greenroom: Stage, tmp_path: Path) -> None:
    file = tmp_path / "database" / "new.db"
    found = findings(greenroom, database_url=f"sqlite:///{file}")
    assert found["database"].fine
    assert "will be made by murmur run" in found["database"].words
    assert not file.exists()


def test_an_empty_database_is_no_trouble(greenroom: Stage, tmp_path: Path) -> None:
    file = tmp_path / "database" / "empty.db"
    file.touch()
    found = findings(greenroom, database_url=f"sqlite:///{file}")
    assert found["database"].fine
    assert "brought up to date" in found["database"].words


def test_a_database_of_a_later_version_is_trouble(greenroom: Stage) -> None:
    with sqlite3.connect(str(greenroom.murmur.database.url.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_of_the_future'")
    connection.close()
    found = findings(greenroom)
    assert not found["database"].fine
    assert "later version" in found["database"].words


def test_a_file_that_is_no_database_is_trouble(greenroom: Stage, tmp_path: Path) -> None:
    file = tmp_path / "database" / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100, "utf-8")
    found = findings(greenroom, database_url=f"sqlite:///{file}")
    assert not found["database"].fine
    assert "check DATABASE_URL" in found["database"].words


def test_a_database_that_does_not_answer_is_trouble_and_its_password_stays_secret(greenroom: Stage) -> None:
    found = findings(greenroom, database_url="postgresql://me:hush@127.0.0.1:9/murmur")
    assert not found["database"].fine
    assert "hush" not in found["database"].words
    assert found["bot token"].fine  # one part in trouble hides no other


def test_a_key_directory_that_does_not_work_is_trouble(greenroom: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    found = findings(greenroom, round_key_dir=tmp_path / "file")
    assert not found["key directory"].fine
    assert "check ROUND_KEY_DIR" in found["key directory"].words


def test_the_weaker_key_mode_is_told(greenroom: Stage) -> None:
    found = findings(greenroom, weaker_key_mode=True)
    assert found["key directory"].fine
    assert "weaker" in found["key directory"].words


def test_an_open_round_whose_key_is_there_is_counted(open_round: Stage) -> None:
    assert findings(open_round)["open rounds"] == Finding(what="open rounds", fine=True, words="1")


def test_an_open_round_whose_key_is_lost_is_trouble(open_round: Stage, tmp_path: Path) -> None:
    found = findings(open_round, round_key_dir=tmp_path / "elsewhere")
    assert not found["open rounds"].fine
    assert found["open rounds"].words.startswith("1 of 1 cannot be answered or counted: ROUND_KEY_DIR lacks the key")
    assert "APP_SECRET" not in found["open rounds"].words


def test_a_key_directory_into_which_others_may_look_is_told(greenroom: Stage, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    assert "chmod 700" in findings(greenroom, round_key_dir=tmp_path / "open")["key directory"].words
    (tmp_path / "closed").mkdir(mode=0o700)
    assert "chmod" not in findings(greenroom, round_key_dir=tmp_path / "closed")["key directory"].words


def test_a_secret_that_was_changed_while_a_round_is_open_is_trouble(open_round: Stage) -> None:
    found = findings(open_round, app_secret="another secret, as long as it has to be")
    assert not found["open rounds"].fine
    assert "APP_SECRET has been changed" in found["open rounds"].words
    assert "ROUND_KEY_DIR" not in found["open rounds"].words


def test_messages_that_wait_are_counted(greenroom: Stage) -> None:
    greenroom.put_team()
    # The doctor goes by the real clock, by which all of it is long due.
    assert findings(greenroom)["outbox"].words == "9 due and not sent yet"


def test_a_wrong_bot_token_is_trouble_and_ends_the_talk_with_slack(greenroom: Stage) -> None:
    found = findings(greenroom, slack_bot_token="xoxb-of-somebody-else")
    assert not found["bot token"].fine
    assert "invalid_auth" in found["bot token"].words
    assert "app token" not in found


def test_a_wrong_app_token_is_trouble(greenroom: Stage) -> None:
    found = findings(greenroom, slack_app_token="xapp-of-somebody-else")
    assert found["bot token"].fine
    assert not found["app token"].fine
    assert "connections:write" in found["app token"].words


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/api/", "CONTROL"])
def test_an_address_that_is_not_slack_is_trouble(greenroom: Stage, address: str) -> None:
    there = f"{greenroom.sandbox.url}/control/" if address == "CONTROL" else address
    found = findings(greenroom, slack_api_base_url=there)
    assert [finding.what for finding in found.values() if not finding.fine] in (["Slack"], ["bot token"])


@pytest.mark.parametrize("fault", ["500", "hang up after acting"])
def test_slack_in_trouble_is_told(greenroom: Stage, fault: str) -> None:
    greenroom.client.fault(fault, method="*", times=None)
    assert not all(finding.fine for finding in findings(greenroom).values())
    greenroom.client.clear_faults()
    greenroom.client.fault(fault, method="apps.connections.open", times=None)
    assert not findings(greenroom)["app token"].fine


@pytest.fixture
def poorer(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A workspace in which the app was installed with one scope less."""
    installation = Installation(bot_scopes=tuple(scope for scope in BOT_SCOPES if scope != "groups:read"))
    workspace = replace(default_workspace(), installation=installation)
    with running_murmur(sqlite_url, tmp_path, workspace=workspace, connect=False) as stage:
        yield stage


def test_a_missing_scope_is_named(poorer: Stage) -> None:
    found = findings(poorer)
    assert not found["scopes"].fine
    assert found["scopes"].words.startswith("missing: groups:read.")


def test_settings_that_cannot_be_read_end_the_examination(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "APP_SECRET", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    (finding,) = examine()
    assert (finding.what, finding.fine) == ("settings", False)
    assert "is missing" in finding.words
