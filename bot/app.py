"""Where everything is put together: the one place that knows all parts."""

import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.handler import RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.webhook import WebhookClient

from bot import answering, home, managing, preferences, promising, raising, reporting
from bot.actors import UnknownPerson
from bot.logs import class_and_place
from bot.murmur import Clock, Murmur
from bot.refusals import UNREACHABLE
from bot.settings import Settings
from bot.views.pages import nothing_here, paragraph_page, trouble
from bot.views.wording import Wording
from storage.database import Database
from storage.keys import KeyDirectory

log = logging.getLogger(__name__)

LISTENER_THREADS = 40
"""On a Monday morning many people send at once, and each listener waits for the database."""

_TIMEOUT = 10  # seconds; Slack answers in well under one

_OPENING_WAITS = (0.2, 0.4, 0.8)
"""Seconds between attempts to open a window. Rate limits name longer waits, and are kept: who pressed is told."""


def real_clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


def create_murmur(settings: Settings, clock: Clock = real_clock) -> Murmur:
    """A Murmur with everything it works with; nothing is connected or started yet."""
    return Murmur(
        settings=settings,
        database=Database(settings.database_url),
        keys=KeyDirectory(settings.round_key_dir),
        client=WebClient(
            token=settings.slack_bot_token,
            base_url=settings.slack_api_base_url,
            timeout=_TIMEOUT,
            # The SDK would post again by itself when Slack hangs up; delivery decides that. A window is opened again.
            retry_handlers=[_OpenAgain()],
        ),
        clock=clock,
    )


class _OpenAgain(RetryHandler):
    """Tries again to open a window when Slack is in trouble: within the three seconds in which a press opens one.

    Bolt first asks who it is, once in its life; a press before it knows would come to nothing.
    """

    def __init__(self) -> None:
        super().__init__(max_retry_count=len(_OPENING_WAITS))

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if not request.url.endswith(("/views.open", "/auth.test")):
            return False
        if response is not None:
            return response.status_code >= 500
        # What ran out of time took longer than a press lasts.
        return isinstance(error, UNREACHABLE) and not isinstance(getattr(error, "reason", error), TimeoutError)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        time.sleep(_OPENING_WAITS[state.current_attempt])
        state.increment_current_attempt()


def create_app(murmur: Murmur) -> App:
    """The Bolt app with all listeners."""
    client = WebClient(
        token=murmur.settings.slack_bot_token,
        base_url=murmur.settings.slack_api_base_url,
        timeout=_TIMEOUT,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1), _OpenAgain()],
    )
    app = App(
        client=client,
        token_verification_enabled=False,  # `murmur run` asks Slack itself and says in words what is wrong
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
        logger=logging.getLogger("slack_bolt"),
    )
    app.use(_keep_acks)
    for part in (answering, preferences, promising, raising, reporting, home, managing):
        part.register(app, murmur)
    _answer_the_unknown(app, murmur)
    _answer_failures(app, murmur)
    return app


class _KeptAck(Ack):
    """An acknowledgement that stays given. Bolt (1.30) takes it back when a listener fails right after it, and Slack
    then tells people that the app did not answer at all.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "response" and value is None and getattr(self, "response", None) is not None:
            return
        super().__setattr__(name, value)


def _keep_acks(context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt passes it by this name
    context["ack"] = _KeptAck()  # type: ignore[no-untyped-call]
    next()


def _answer_the_unknown(app: App, murmur: Murmur) -> None:
    """A button or form that no part knows, of an older version or forged, gets a polite private answer."""

    def action(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        log.info("an unknown action was pressed")
        _say_privately(murmur, body, gone=True)

    def view(ack: Ack) -> None:
        log.info("an unknown form was sent")
        ack(response_action="update", view=paragraph_page(Wording(), nothing_here(Wording())))

    def closed(ack: Ack) -> None:
        ack()

    app.action(re.compile(""))(action)
    app.view(re.compile(""))(view)
    app.view_closed(re.compile(""))(closed)


def _answer_failures(app: App, murmur: Murmur) -> None:
    """Log what went wrong, without what anybody sent, and tell whoever waits, in private."""

    def failed(error: Exception, body: dict[str, Any], response: BoltResponse | None, ack: Ack) -> BoltResponse | None:
        log.error("a listener failed", extra={"error": class_and_place(error)})
        if body.get("type") == "view_submission" and response is not None:  # None: acknowledged before it failed
            return ack(**_still_open(body["view"]))
        if isinstance(error, UnknownPerson):
            return None
        try:
            _say_privately(murmur, body, gone=False)
        except Exception as second:  # noqa: BLE001 - there is nobody left to tell
            log.error("nobody could be told", extra={"error": class_and_place(second)})
        return None

    app.error(failed)


def _still_open(form: dict[str, Any]) -> dict[str, Any]:
    """Say in a form that it could not be taken, and keep what is filled in: beside its last field, or over it."""
    w = Wording()
    fields = [block["block_id"] for block in form.get("blocks", []) if block["type"] == "input"]
    if fields:
        return {"response_action": "errors", "errors": {fields[-1]: trouble(w)}}
    return {"response_action": "push", "view": paragraph_page(w, trouble(w))}


def _say_privately(murmur: Murmur, body: dict[str, Any], *, gone: bool) -> None:
    """Answer where somebody acted, seen by them alone: under the message, or else in a window."""
    w = Wording()
    url, trigger = body.get("response_url"), body.get("trigger_id")
    text = nothing_here(w) if gone else trouble(w)
    if url:
        WebhookClient(url).send(text=text, response_type="ephemeral", replace_original=False)
    elif trigger and (body.get("view") or {}).get("type") == "modal":
        murmur.client.views_push(trigger_id=trigger, view=paragraph_page(w, text))
    elif trigger:
        murmur.client.views_open(trigger_id=trigger, view=paragraph_page(w, text))
