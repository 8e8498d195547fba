"""`murmur doctor`: what is wrong, in plain words, one line a part."""

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.app import create_murmur
from bot.manifest import BOT_SCOPES
from bot.murmur import Murmur
from bot.refusals import UNREACHABLE, reason
from bot.settings import Settings, SettingsError, read_settings
from storage import outbox
from storage.database import check_connection
from storage.keys import KeyLost
from storage.migrations import is_current
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
    database = _database(murmur)
    yield database
    yield _key_directory(murmur)
    if database.fine:
        yield _open_rounds(murmur)
        yield _outbox(murmur)
    yield from _slack(murmur)
    murmur.database.dispose()


def _database(murmur: Murmur) -> Finding:
    where = murmur.database.url.render_as_string(hide_password=True)
    try:
        check_connection(murmur.database)
        current = is_current(murmur.database)
    except (DBAPIError, OSError) as error:
        words = f"{where} does not answer ({type(error).__name__}): check DATABASE_URL."
        return Finding(what="database", fine=False, words=words)
    if not current:
        words = f"{where} is not set up for this version yet: murmur run or murmur tick does that when it starts."
        return Finding(what="database", fine=False, words=words)
    return Finding(what="database", fine=True, words=f"{where}, up to date")


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
    return Finding(what="key directory", fine=True, words=f"{path}, a canary was written, read back and destroyed")


def _open_rounds(murmur: Murmur) -> Finding:
    with murmur.database.reading() as session:
        names = session.exec(select(Round.key_name).where(Round.state == State.OPEN)).all()
    missing = 0
    for name in names:
        try:
            murmur.keys.read(name or "")
        except KeyLost:
            missing += 1
    if missing:
        words = f"{missing} of {len(names)} cannot be answered: their keys are not in ROUND_KEY_DIR."
        return Finding(what="open rounds", fine=False, words=words)
    return Finding(what="open rounds", fine=True, words=str(len(names)) if names else "none")


def _outbox(murmur: Murmur) -> Finding:
    with murmur.database.reading() as session:
        waiting = outbox.count_waiting(session, murmur.clock())
    words = f"{waiting} due and not sent yet" if waiting else "nothing is waiting"
    return Finding(what="outbox", fine=True, words=words)


def _slack(murmur: Murmur) -> Iterator[Finding]:
    try:
        me = murmur.client.auth_test()
    except SlackApiError as error:
        words = f"Slack says {reason(error)}: copy SLACK_BOT_TOKEN again."
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
