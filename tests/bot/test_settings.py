"""Settings: where they come from, and what is said when one is missing or wrong."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings

ROOT = Path(__file__).parents[2]
SECRET = "0123456789abcdef" * 2


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    """An environment with which Murmur runs."""
    (tmp_path / "database").mkdir()
    return {
        "SLACK_BOT_TOKEN": "xoxb-1-a",
        "SLACK_APP_TOKEN": "xapp-1-b",
        "APP_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{tmp_path}/database/murmur.db",
        "ROUND_KEY_DIR": str(tmp_path / "keys"),
    }


def complaint(environment: dict[str, str], dotenv: Path | None = None) -> str:
    """What is said about these settings."""
    with pytest.raises(SettingsError) as wrong:
        read_settings(environment, dotenv)
    return str(wrong.value)


def test_a_complete_environment_is_enough(complete: dict[str, str], tmp_path: Path) -> None:
    settings = read_settings(complete, None)
    assert settings.slack_bot_token == "xoxb-1-a"
    assert settings.round_key_dir == tmp_path / "keys"
    assert settings.slack_api_base_url == "https://slack.com/api/"
    assert not settings.weaker_key_mode
    assert settings.admins == frozenset()


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("SLACK_BOT_TOKEN", None, "copy it from your Slack app's page “OAuth & Permissions”"),
        ("SLACK_BOT_TOKEN", "  ", "copy it from"),
        ("SLACK_BOT_TOKEN", "xapp-1-b", "should start with xoxb-"),
        ("SLACK_APP_TOKEN", None, "copy it from your Slack app's page “Basic Information, App-Level Tokens”"),
        ("SLACK_APP_TOKEN", "xoxb-1-a", "should start with xapp-"),
        ("APP_SECRET", None, "put the output of python3 -c"),
        ("APP_SECRET", "too short", "shorter than 32 characters"),
        ("DATABASE_URL", "murmur.db", "sqlite:///murmur.db is one"),
        ("DATABASE_URL", "mysql://h/db", "use sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite://", "it names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "it names no file"),
        ("DATABASE_URL", "sqlite:////no/such/folder/murmur.db", "make /no/such/folder first"),
        ("DATABASE_URL", "postgresql://me:hush@host:port/murmur", "its port is not a number"),
        ("ROUND_KEY_DIR", "~nobody-of-this-name/keys", "write the path in full"),
        ("ROUND_KEY_MODE", "somewhere", "use one of apart, beside-database"),
        ("ADMINS", "U012ABC, @ruth", "“@ruth”, which is no Slack member id"),
        ("ADMINS", "C012ABC", "no Slack member id"),
        ("SLACK_API_BASE_URL", "http://slack.com/api/", "should start with https://"),
        ("SLACK_API_BASE_URL", "http://127.0.0.1.example.com/api/", "should start with https://"),
        ("SLACK_API_BASE_URL", "https://", "should start with https://"),
        ("SLACK_API_BASE_URL", "slack.com", "should start with https://"),
        ("LOG_FORMAT", "xml", "use one of text, json"),
        ("LOG_LEVEL", "LOUD", "use one of INFO, DEBUG, WARNING, ERROR"),
    ],
)
def test_a_missing_or_wrong_setting_is_named_and_how_to_mend_it(
    complete: dict[str, str], name: str, value: str | None, mend: str
) -> None:
    environment = {key: kept for key, kept in complete.items() if key != name}
    if value is not None:
        environment[name] = value
    said = complaint(environment)
    assert said.startswith(name)
    assert mend in said
    assert said.endswith(".")
    assert "\n" not in said


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "APP_SECRET"])
def test_a_complaint_never_repeats_a_secret(complete: dict[str, str], name: str) -> None:
    assert "hush-hush" not in complaint({**complete, name: "hush-hush"})


def test_a_complaint_about_the_database_never_repeats_its_password(complete: dict[str, str]) -> None:
    for url in ("postgresql://me:hush@host:port/murmur", "mysql://me:hush@host/murmur", "postgres//me:hush@host"):
        assert "hush" not in complaint({**complete, "DATABASE_URL": url})


def test_settings_show_no_secret(complete: dict[str, str]) -> None:
    environment = {**complete, "DATABASE_URL": "postgresql://me:hush@host/murmur"}
    shown = repr(read_settings(environment, None)) + str(read_settings(environment, None))
    for secret in ("xoxb-1-a", "xapp-1-b", SECRET, "hush"):
        assert secret not in shown


def test_the_environment_wins_over_the_file(complete: dict[str, str], tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("LOG_LEVEL=DEBUG\nLOG_FORMAT=json\nOPERATOR_CONTACT=it@acme.example\n", "utf-8")
    settings = read_settings({**complete, "LOG_LEVEL": "ERROR", "OPERATOR_CONTACT": ""}, dotenv)
    assert settings.log_level == "ERROR"
    assert settings.log_format == "json"
    assert settings.operator_contact == "it@acme.example"


def test_a_dollar_in_the_file_is_a_dollar(complete: dict[str, str], tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("APP_SECRET=${HOME}$$" + SECRET + "\n", "utf-8")
    del complete["APP_SECRET"]
    assert read_settings(complete, dotenv).app_secret == "${HOME}$$" + SECRET


def test_no_file_is_no_trouble(complete: dict[str, str], tmp_path: Path) -> None:
    assert read_settings(complete, tmp_path / "none" / ".env").log_level == "INFO"


def test_a_file_that_is_no_text_is_named(complete: dict[str, str], tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"APP_SECRET=\xff\xfe\x00hush\n")
    said = complaint(complete, dotenv)
    assert str(dotenv) in said
    assert "hush" not in said


def test_several_admins_are_separated_by_commas(complete: dict[str, str]) -> None:
    settings = read_settings({**complete, "ADMINS": " U012ABC,W9,, "}, None)
    assert settings.admins == {"U012ABC", "W9"}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8765/api", "http://localhost/api/", "https://slack-gov.com/api/"]
)
def test_slack_may_be_elsewhere_over_https_or_on_this_machine(complete: dict[str, str], address: str) -> None:
    settings = read_settings({**complete, "SLACK_API_BASE_URL": address}, None)
    assert settings.slack_api_base_url == address.rstrip("/") + "/"


@pytest.mark.parametrize("place", ["", "keys", "deeper/keys", "../database/keys"])
def test_keys_beside_the_database_are_refused(complete: dict[str, str], tmp_path: Path, place: str) -> None:
    complete["ROUND_KEY_DIR"] = str(tmp_path / "database" / place)
    said = complaint(complete)
    assert said.startswith("ROUND_KEY_DIR")
    assert "ROUND_KEY_MODE=beside-database" in said


def test_keys_in_a_folder_that_holds_the_database_further_down_are_refused(
    complete: dict[str, str], tmp_path: Path
) -> None:
    complete["ROUND_KEY_DIR"] = str(tmp_path)
    assert complaint(complete).startswith("ROUND_KEY_DIR lies beside the database")
    complete["ROUND_KEY_MODE"] = "beside-database"
    assert read_settings(complete, None).weaker_key_mode


def test_keys_beside_the_database_through_a_link_are_refused(complete: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "keys").symlink_to(tmp_path / "database", target_is_directory=True)
    assert complaint(complete).startswith("ROUND_KEY_DIR")


def test_keys_beside_the_database_can_be_accepted_by_name(complete: dict[str, str], tmp_path: Path) -> None:
    complete["ROUND_KEY_DIR"] = str(tmp_path / "database" / "keys")
    assert read_settings({**complete, "ROUND_KEY_MODE": "beside-database"}, None).weaker_key_mode


def test_keys_may_lie_anywhere_with_postgresql(complete: dict[str, str], tmp_path: Path) -> None:
    complete |= {"DATABASE_URL": "postgresql://me@host/murmur", "ROUND_KEY_DIR": str(tmp_path / "database")}
    assert read_settings(complete, None).round_key_dir == tmp_path / "database"


def described() -> tuple[set[str], dict[str, str]]:
    """The settings that .env.example asks for, and those that it shows with their defaults."""
    text = (ROOT / ".env.example").read_text("utf-8")
    asked = set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))
    defaults = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, re.MULTILINE))
    return asked, defaults


def test_the_example_describes_exactly_the_settings_there_are() -> None:
    asked, defaults = described()
    source = (ROOT / "bot" / "settings.py").read_text("utf-8")
    read = re.findall(r'values(?:\.get\(|, )"([A-Z_]+)"', source)
    assert asked | set(defaults) == set(read)


def test_what_the_example_asks_for_is_what_murmur_cannot_do_without(
    complete: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked, _ = described()
    for name in asked:
        assert complaint({key: value for key, value in complete.items() if key != name}).startswith(name)
    assert read_settings({name: complete[name] for name in asked}, None).database_url == "sqlite:///murmur.db"


def test_what_the_example_shows_commented_out_is_the_default(
    complete: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked, defaults = described()
    least = {name: complete[name] for name in asked}
    assert read_settings({**least, **defaults}, None) == read_settings(least, None)


def test_nothing_is_read_from_the_real_environment_when_one_is_given(
    complete: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "OPERATOR_CONTACT", "somebody@else.example")
    assert read_settings(complete, None).operator_contact == ""


def test_the_real_environment_and_the_file_in_this_folder_are_read_otherwise(
    complete: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in complete.items()), "utf-8")
    for name in (*complete, "ADMINS", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOG_FORMAT", "json")
    settings = read_settings()
    assert isinstance(settings, Settings)
    assert settings.app_secret == SECRET
    assert settings.log_format == "json"
