"""Starting and stopping: check what Slack and the database say, connect, run the clockwork."""

import logging
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.app import create_app
from bot.murmur import Murmur
from bot.refusals import UNREACHABLE, reason
from bot.scheduling import TICK_SECONDS, Clockwork
from storage.keys import Fit, KeyLost
from storage.migrations import DatabaseTooNew, migrate
from storage.people import ensure_workspace
from storage.tables import Round, Workspace
from surveys.rounds import State

log = logging.getLogger(__name__)

_CONNECT_SECONDS, _HANG_UP_SECONDS = 20, 5

_TOKEN_ERRORS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


class CannotRun(Exception):
    """Murmur cannot run. The message is one sentence: what is wrong, and how to mend it."""


@contextmanager
def prepare(murmur: Murmur) -> Iterator[None]:
    """Everything but the connection: database migrated, keys reachable, the workspace known, a bot token that works.

    Raises CannotRun.
    """
    _check_database(murmur)
    _check_keys(murmur)
    _check_open_rounds(murmur)
    _meet_workspace(murmur)
    try:
        yield
    finally:
        murmur.database.dispose()


@contextmanager
def connected(murmur: Murmur) -> Iterator[App]:
    """A Murmur that answers people, without its clockwork. Raises CannotRun."""
    with ExitStack() as stack:
        stack.enter_context(prepare(murmur))
        app = create_app(murmur)
        stack.callback(app.listener_runner.listener_executor.shutdown)  # what was sent is kept before it stops
        handler = SocketModeHandler(app, murmur.settings.slack_app_token, web_client=murmur.client)
        stack.callback(_hang_up, handler)
        _connect(handler)
        yield app


@contextmanager
def running(murmur: Murmur, tick_seconds: float = TICK_SECONDS) -> Iterator[App]:
    """A whole Murmur: connected to Slack, with its clockwork going, stopped in order at the end. Raises CannotRun."""
    with _only_one(murmur), connected(murmur) as app, Clockwork(murmur, tick_seconds):
        log.info("running")
        yield app
        log.info("stopping")


def _connect(handler: SocketModeHandler) -> None:
    opened = threading.Event()
    handler.client.on_open_listeners.append(lambda _: opened.set())
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise CannotRun(
            f"Slack does not take SLACK_APP_TOKEN ({reason(error)}): make an app-level token with the scope"
            " connections:write on your Slack app's page “Basic Information”, and copy it into .env."
        ) from None
    except UNREACHABLE:
        raise CannotRun("Slack cannot be reached: check the network, and SLACK_API_BASE_URL if you set it.") from None
    if not opened.wait(_CONNECT_SECONDS):
        raise CannotRun("Slack's WebSocket does not open: check that wss:// connections may leave this network.")


def _hang_up(handler: SocketModeHandler) -> None:
    """Close the connection without waiting for what will not come: left to itself the SDK waits a second for one
    more message, and its listening thread up to ten for a socket that was closed under it.
    """
    session = handler.client.current_session
    if session is not None and session.sock is not None and session.sock.sock is not None:
        ended = threading.Event()
        handler.client.on_close_listeners.append(lambda _: ended.set())
        handler.client.auto_reconnect_enabled = session.keep_running = False
        with suppress(OSError):
            session.sock.sock.shutdown(socket.SHUT_RDWR)
        ended.wait(_HANG_UP_SECONDS)
    handler.client.closed = True
    handler.client.message_queue.put(None)
    handler.close()  # type: ignore[no-untyped-call]


def _check_database(murmur: Murmur) -> None:
    try:
        migrate(murmur.database)
    except DatabaseTooNew as error:
        raise CannotRun(f"DATABASE_URL: {error}; run that version, or name another database.") from None
    except (DBAPIError, OSError, sqlite3.Error) as error:
        where = murmur.database.url.render_as_string(hide_password=True)
        raise CannotRun(
            f"DATABASE_URL: the database at {where} cannot be used ({type(error).__name__}); check the address, the"
            " password and that it may be written to."
        ) from None


def _check_keys(murmur: Murmur) -> None:
    try:
        murmur.keys.check()
    except (OSError, KeyLost):
        raise CannotRun(
            f"ROUND_KEY_DIR: {murmur.keys.path} cannot be written to and read back; name a directory that can."
        ) from None


def _check_open_rounds(murmur: Murmur) -> None:
    """Say so where this process cannot take the ballots of a round. It runs all the same, and serves none of them: the
    key may come back, an admin may call the round off, and other rounds go on.
    """
    with murmur.database.reading() as session:
        rounds = session.exec(select(Round).where(col(Round.state).in_((State.OPEN, State.CLOSING)))).all()
    for round_ in rounds:
        match murmur.keys.fit(murmur.settings.app_secret, round_):
            case Fit.LOST:
                log.error("ROUND_KEY_DIR lacks the key of an open round", extra={"round": round_.id})
            case Fit.OTHER:
                log.error("APP_SECRET, or the key, was changed while a round is open", extra={"round": round_.id})


def _meet_workspace(murmur: Murmur) -> None:
    host = urlsplit(murmur.settings.slack_api_base_url).netloc
    try:
        me = murmur.client.auth_test()
    except SlackApiError as error:
        name = reason(error)
        if name in _TOKEN_ERRORS:
            raise CannotRun(
                f"Slack does not take SLACK_BOT_TOKEN ({name}): copy it again from your Slack app's page"
                " “OAuth & Permissions”, after installing the app to the workspace."
            ) from None
        raise CannotRun(
            f"{host} answers {name}: try again in a minute, and check SLACK_API_BASE_URL if you set it."
        ) from None
    except UNREACHABLE:
        raise CannotRun(f"{host} cannot be reached: check the network, and SLACK_API_BASE_URL if you set it.") from None
    with murmur.database.transaction() as session:
        if other := session.exec(select(Workspace.name).where(Workspace.slack_id != me["team_id"])).first():
            raise CannotRun(
                f"DATABASE_URL names the database of another Slack workspace, {other}: give each workspace its own."
            )
        ensure_workspace(session, me["team_id"], me.get("team") or "")


@contextmanager
def _only_one(murmur: Murmur) -> Iterator[None]:
    """A second Murmur on the same SQLite file is refused; on PostgreSQL any number may run."""
    if not murmur.database.is_sqlite:
        yield
        return
    path = Path(murmur.database.url.database or "")
    lock = FileLock(f"{path}.running.lock", timeout=0)
    try:
        lock.acquire()
    except (Timeout, OSError):
        if not Path(lock.lock_file).exists():
            raise CannotRun(f"DATABASE_URL: {path.parent} cannot be written to; name a file where it can.") from None
        raise CannotRun(
            f"Another Murmur runs on {path} already: stop it, or use PostgreSQL, where several may run."
        ) from None
    try:
        yield
    finally:
        lock.release()
