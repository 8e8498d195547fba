"""`murmur doctor`: what is wrong, in plain words, one line a part."""

import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.app import create_murmur
from bot.manifest import BOT_SCOPES
from bot.murmur import Murmur
from bot.refusals import UNREACHABLE, reason
from bot.settings import Settings, SettingsError, read_settings
from storage import outbox
from storage.database import check_connection
from storage.keys import Fit, KeyLost
from storage.migrations import is_ahead, is_current
from storage.tables import Round
from surveys.rounds import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one part."""

    what: str
    fine: bool
    words: str


def examine(settings: Settings | None = None) -> Iterator[Finding]:
    """Look at everything, one finding a part; stops early when the settings cannot be read."""
    try:
        settings = settings or read_settings()
    except SettingsError as error:
        yield Finding(what="settings", fine=False, words=str(error))
        return
    yield Finding(what="settings", fine=True, words="complete")
    murmur = create_murmur(settings)
    database, readable = _database(murmur)
    yield database
    yield _key_directory(murmur)
    if readable:
        yield _open_rounds(murmur)
        yield _outbox(murmur)
    yield from _slack(murmur)
    murmur.database.dispose()


def _database(murmur: Murmur) -> tuple[Finding, bool]:
    """What was found of the database, and whether this version can read what is in it already."""

    def found(words: str, *, fine: bool = True, readable: bool = False) -> tuple[Finding, bool]:
        return Finding(what="database", fine=fine, words=f"{where} {words}"), readable

    url = murmur.database.url
    where = url.render_as_string(hide_password=True)
    if murmur.database.is_sqlite and not Path(url.database or "").exists():
        return found("will be made by murmur run or murmur tick.")
    try:
        check_connection(murmur.database)
        if is_ahead(murmur.database):
            return found("was written by a later version of Murmur: run that one.", fine=False)
        if not is_current(murmur.database):
            return found("will be brought up to date by murmur run or murmur tick.")
    except (DBAPIError, OSError, sqlite3.Error) as error:
        return found(f"does not answer ({type(error).__name__}): check DATABASE_URL.", fine=False)
    return found("is up to date", readable=True)


def _key_directory(murmur: Murmur) -> Finding:
    path = murmur.keys.path
    try:
        murmur.keys.check()
    except (OSError, KeyLost):
        words = f"{path} cannot be written to and read back: check ROUND_KEY_DIR."
        return Finding(what="key directory", fine=False, words=words)
    if not murmur.keys_apart:
        words = f"{path} lies beside the database: weaker, and accepted with ROUND_KEY_MODE."
        return Finding(what="key directory", fine=True, words=words)
    words = f"{path}, a canary was written, read back and destroyed"
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        words += "; others on this machine may look into it, chmod 700 takes that away"
    return Finding(what="key directory", fine=True, words=words)


def _open_rounds(murmur: Murmur) -> Finding:
    with murmur.database.reading() as session:
        rounds = session.exec(select(Round).where(col(Round.state).in_((State.OPEN, State.CLOSING)))).all()
    fits = Counter(murmur.keys.fit(murmur.settings.app_secret, round_) for round_ in rounds)
    if lost := fits[Fit.LOST]:
        words = f"{lost} of {len(rounds)} cannot be answered or counted: ROUND_KEY_DIR lacks the key that they were"
        words += " opened with. Bring it back, or call them off in Slack."
        return Finding(what="open rounds", fine=False, words=words)
    if other := fits[Fit.OTHER]:
        words = (
            f"{other} of {len(rounds)} cannot be answered or counted: APP_SECRET has been changed since they opened,"
        )
        words += " or the key was replaced. Bring the old one back until they are closed, or call them off in Slack."
        return Finding(what="open rounds", fine=False, words=words)
    return Finding(what="open rounds", fine=True, words=str(len(rounds)) if rounds else "none")


def _outbox(murmur: Murmur) -> Finding:
    with murmur.database.reading() as session:
        waiting = outbox.count_waiting(session, murmur.clock())
    words = f"{waiting} due and not sent yet" if waiting else "nothing is waiting"
    return Finding(what="outbox", fine=True, words=words)


def _slack(murmur: Murmur) -> Iterator[Finding]:
    try:
        me = murmur.client.auth_test()
    except SlackApiError as error:
        words = f"Slack says {reason(error)}: copy SLACK_BOT_TOKEN again, and check SLACK_API_BASE_URL if you set it."
        yield Finding(what="bot token", fine=False, words=words)
        return
    except UNREACHABLE:
        words = f"{murmur.settings.slack_api_base_url} cannot be reached: check the network."
        yield Finding(what="Slack", fine=False, words=words)
        return
    yield Finding(what="bot token", fine=True, words=f"for the workspace {me.get('team') or me['team_id']}")
    yield _scopes(me.headers)
    yield _app_token(murmur)


def _scopes(headers: dict[str, str]) -> Finding:
    granted = {
        scope.strip()
        for name, value in headers.items()
        if name.lower() == "x-oauth-scopes"
        for scope in value.split(",")
    }
    missing = [scope for scope in BOT_SCOPES if scope not in granted]
    if missing:
        words = f"missing: {', '.join(missing)}. Take over murmur manifest in Slack and install the app again."
        return Finding(what="scopes", fine=False, words=words)
    return Finding(what="scopes", fine=True, words="all there")


def _app_token(murmur: Murmur) -> Finding:
    client = WebClient(base_url=murmur.settings.slack_api_base_url, timeout=10)
    try:
        client.apps_connections_open(app_token=murmur.settings.slack_app_token)
    except SlackApiError as error:
        words = f"Slack says {reason(error)}: it needs the scope connections:write."
        return Finding(what="app token", fine=False, words=words)
    except UNREACHABLE:
        return Finding(what="app token", fine=False, words="Slack cannot be reached")
    return Finding(what="app token", fine=True, words="opens a connection")
