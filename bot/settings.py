"""The settings: read once from the environment and .env, checked, and handed on. Nothing else reads either."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from storage.database import DatabaseUrlError, parse_url

SLACK = "https://slack.com/api/"

BESIDE_DATABASE = "beside-database"
"""The weaker key mode: whoever copies the folder of the database has the keys of open rounds as well."""

_LOCAL = (("http", "127.0.0.1"), ("http", "localhost"), ("http", "::1"))
"""The only places to which tokens may travel unencrypted."""

_SHORTEST_SECRET = 32
_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_hex(32))"'


class SettingsError(Exception):
    """A setting is missing or cannot be used. The message is one sentence: which, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an operator decides. .env.example says what each is for."""

    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    app_secret: str = field(repr=False)
    database_url: str = field(repr=False)
    round_key_dir: Path
    weaker_key_mode: bool = False  # the key directory lies beside the SQLite file, and that is accepted
    admins: frozenset[str] = frozenset()  # Slack ids of admins who are not admins of the Slack workspace
    operator_contact: str = ""  # whom members can ask who controls the server
    slack_api_base_url: str = SLACK
    log_format: str = "text"
    log_level: str = "INFO"


def read_settings(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read and check the settings; the environment wins over .env. Raises SettingsError for the first problem."""
    values = _in_file(dotenv) if dotenv else {}
    values |= {name: value for name, value in (os.environ if environment is None else environment).items() if value}
    database_url = values.get("DATABASE_URL", "sqlite:///murmur.db")
    key_dir = _key_dir(values)
    mode = _one_of(values, "ROUND_KEY_MODE", ("apart", BESIDE_DATABASE))
    _check_database(database_url, key_dir, weaker=mode == BESIDE_DATABASE)
    return Settings(
        slack_bot_token=_token(values, "SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions"),
        slack_app_token=_token(values, "SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens"),
        app_secret=_secret(values),
        database_url=database_url,
        round_key_dir=key_dir,
        weaker_key_mode=mode == BESIDE_DATABASE and _beside(database_url, key_dir),
        admins=_ids(values, "ADMINS"),
        operator_contact=values.get("OPERATOR_CONTACT", ""),
        slack_api_base_url=_web_address(values, "SLACK_API_BASE_URL", SLACK),
        log_format=_one_of(values, "LOG_FORMAT", ("text", "json")),
        log_level=_one_of(values, "LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
    )


def _in_file(path: Path) -> dict[str, str]:
    try:
        return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path} cannot be read: make it a text file in UTF-8 that Murmur may read.") from None


def _key_dir(values: Mapping[str, str]) -> Path:
    path = values.get("ROUND_KEY_DIR", "~/.local/state/murmur/keys").strip()
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise SettingsError(f"ROUND_KEY_DIR is {path}, and nobody has that home: write the path in full.") from None


def _token(values: Mapping[str, str], name: str, prefix: str, page: str) -> str:
    token = values.get(name, "").strip()
    if not token:
        raise SettingsError(f"{name} is missing: copy it from your Slack app's page “{page}” into .env.")
    if not token.startswith(prefix):
        raise SettingsError(
            f"{name} should start with {prefix}: copy the right one from your Slack app's page “{page}” into .env."
        )
    return token


def _secret(values: Mapping[str, str]) -> str:
    secret = values.get("APP_SECRET", "").strip()
    if not secret:
        raise SettingsError(f"APP_SECRET is missing: put the output of {_MAKE_ONE} into .env.")
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsError(
            f"APP_SECRET is shorter than {_SHORTEST_SECRET} characters: put the output of {_MAKE_ONE} into .env."
        )
    return secret


def _check_database(url: str, key_dir: Path, *, weaker: bool) -> None:
    try:
        parsed = parse_url(url)
    except DatabaseUrlError as error:
        raise SettingsError(f"DATABASE_URL cannot be used: {error}.") from None
    except ValueError:
        raise SettingsError("DATABASE_URL cannot be used: its port is not a number.") from None
    if parsed.drivername != "sqlite":
        return
    folder = Path(parsed.database or "").resolve().parent
    if not folder.is_dir():
        raise SettingsError(f"DATABASE_URL names a folder that does not exist: make {folder} first.")
    if _beside(url, key_dir) and not weaker:
        raise SettingsError(
            "ROUND_KEY_DIR lies beside the database, so whoever copies one has the other: choose another place,"
            f" or accept the weaker protection with ROUND_KEY_MODE={BESIDE_DATABASE}."
        )


def _beside(url: str, key_dir: Path) -> bool:
    """Whether the key directory lies in the folder of the SQLite file, or that folder in it: a copy of the outer one
    is a copy of both.
    """
    parsed, keys = parse_url(url), key_dir.resolve()
    folder = Path(parsed.database or "").resolve().parent
    return parsed.drivername == "sqlite" and (keys == folder or folder in keys.parents or keys in folder.parents)


def _one_of(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = values.get(name, choices[0]).strip()
    if value not in choices:
        raise SettingsError(f"{name} is “{value}”: use one of {', '.join(choices)}.")
    return value


def _web_address(values: Mapping[str, str], name: str, default: str) -> str:
    address = values.get(name, default).strip()
    parts = urlsplit(address)
    if not parts.hostname or (parts.scheme != "https" and (parts.scheme, parts.hostname) not in _LOCAL):
        raise SettingsError(f"{name} should start with https://: leave it out to use Slack itself.")
    return address if address.endswith("/") else address + "/"


def _ids(values: Mapping[str, str], name: str) -> frozenset[str]:
    ids = frozenset(part.strip() for part in values.get(name, "").split(",") if part.strip())
    for slack_id in ids:
        if not (slack_id.isalnum() and slack_id[0] in "UW" and slack_id.isupper()):
            raise SettingsError(
                f"{name} holds “{slack_id}”, which is no Slack member id: copy ids such as U012ABC from people's"
                " profiles (the menu with the three dots) and separate them with commas."
            )
    return ids
