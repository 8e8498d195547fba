"""Small apps and blocks for the tests of the sandbox."""

import contextlib
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import pytest
import websocket
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox

Json = dict[str, Any]
NO_ACK = object()
"""What a handler returns to leave an envelope without an acknowledgement."""

PATIENCE = 30.0
"""Real seconds after which what has not come will not come."""


class Stopwatch:
    """Real seconds, as far as the sandbox knows; a test moves them."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class SocketApp:
    """An app with one bare Socket Mode connection. It acknowledges every envelope with what `answer` returns."""

    def __init__(self, sandbox: Sandbox, answer: Callable[[Json], object] = lambda _: None) -> None:
        self.answer = answer
        self.web = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        self.frames: list[Json] = []
        self.arrived = threading.Condition()
        self.closed = threading.Event()
        address = self.web.apps_connections_open(app_token=sandbox.app_token)["url"]
        self._socket = websocket.create_connection(str(address))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self.wait_for(lambda frame: frame["type"] == "hello")

    @property
    def envelopes(self) -> list[Json]:
        """The envelopes so far."""
        return [frame for frame in self.frames if "envelope_id" in frame]

    def wait_for(self, fits: Callable[[Json], bool], count: int = 1) -> Json:
        """The frame that fits, once there are so many of them."""

        def found() -> list[Json]:
            return [frame for frame in self.frames if fits(frame)]

        with self.arrived:
            assert self.arrived.wait_for(lambda: len(found()) >= count, timeout=PATIENCE), self.frames
            return found()[-1]

    def ack(self, envelope: Json, payload: object = None) -> None:
        """Acknowledge an envelope by hand."""
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self._socket.send(json.dumps(answer))

    def close(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(websocket.WebSocketException, OSError):
            self._socket.send_close()
        assert self.closed.wait(PATIENCE)
        self._thread.join()
        self._socket.shutdown()  # type: ignore[no-untyped-call]

    def _listen(self) -> None:
        while True:
            try:
                data = self._socket.recv()
            except (websocket.WebSocketException, OSError):
                break
            if not data:
                break
            frame = json.loads(data)
            with self.arrived:
                # Before the acknowledgement, so that a test that was told of it finds the frame here.
                self.frames.append(frame)
                self.arrived.notify_all()
            if "envelope_id" in frame and (payload := self.answer(frame)) is not NO_ACK:
                self.ack(frame, payload)
        self.closed.set()


Connect = Callable[..., SocketApp]
"""Connects an app that answers as it is told, see the fixture `connect`."""


class Stream:
    """The page's stream of scenes, as one person has it open."""

    def __init__(self, sandbox: Sandbox, who: str = "U0PRIYA", patience: float = PATIENCE) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=patience)
        self._connection.request("GET", f"/page/stream?person={quote(who)}")
        self._answer = self._connection.getresponse()
        self.content_type = self._answer.headers["Content-Type"]

    def scene(self) -> Json:
        """The next event. Raises TimeoutError when none comes, EOFError when the stream has ended."""
        while True:
            line = self.line()
            if line.startswith("data: "):
                scene: Json = json.loads(line.removeprefix("data: "))
                return scene

    def until(self, fits: Callable[[Json], bool]) -> Json:
        """The next scene that fits."""
        while not fits(scene := self.scene()):
            pass
        return scene

    def line(self) -> str:
        """The next line, whatever it is."""
        line = self._answer.readline()
        if not line:
            raise EOFError
        return line.decode().rstrip("\n")

    def close(self) -> None:
        """Close the page."""
        self._connection.close()
        self._answer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def fetch(sandbox: Sandbox, path: str, body: Json | None = None, **headers: str) -> tuple[int, Any]:
    """What a browser gets from an address of the sandbox: status, and the JSON or text."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.url}{path}", data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            status, kind, text = answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            status, kind, text = refused.code, refused.headers.get_content_type(), refused.read().decode()
    return status, json.loads(text) if kind == "application/json" else text


def hang_up(handler: BaseSocketModeHandler) -> None:
    """Close a Bolt handler on websocket-client at once.

    Its own close() often shuts the socket under the thread that waits on it, which that thread notices ten
    seconds later. So that thread is told to stop first, and woken by a frame: the pong to this ping.
    """
    client: Any = handler.client
    client.auto_reconnect_enabled = False
    client.current_session_runner.event.set()
    client.current_session.keep_running = False
    client.current_session.sock.ping()
    client.current_session_runner.thread.join(15)
    handler.close()  # type: ignore[no-untyped-call]


def web_client(sandbox: Sandbox, token: str | None = None) -> WebClient:
    """Slack's own client, with the bot's token unless another is given."""
    return WebClient(token=sandbox.bot_token if token is None else token, base_url=sandbox.api_url)


def error_of(web: WebClient, method: str, **args: object) -> Json:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        web.api_call(method, json=args)
    data = refused.value.response.data
    assert isinstance(data, dict)
    assert data["ok"] is False
    return data


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def button(label: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "block_id": "actions", "elements": list(elements)}


def options(*labels: str) -> list[Json]:
    """Options whose values count from zero."""
    return [{"text": plain(label), "value": str(number)} for number, label in enumerate(labels)]


def radio(question: str, block_id: str, **more: Any) -> Json:
    """A question with three radio buttons in an input block."""
    element = {"type": "radio_buttons", "action_id": "answer", "options": options("No", "Perhaps", "Yes")}
    return {"type": "input", "block_id": block_id, "label": plain(question), "element": element, **more}


def text_field(label: str, block_id: str, **more: Any) -> Json:
    """A text input."""
    element = {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def modal(*blocks: Json, title: str = "Pulse", **more: Any) -> Json:
    """A modal with a button that sends it."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json, **more: Any) -> Json:
    """A Home."""
    return {"type": "home", "blocks": list(blocks), **more}


def trigger_from(app: SocketApp, client: SandboxClient, who: str = "Priya") -> str:
    """A fresh trigger id, out of a slash command."""
    before = len(app.envelopes)
    client.person(who).command("/pulse", effect=False)
    app.wait_for(lambda frame: "envelope_id" in frame, before + 1)
    return str(app.envelopes[-1]["payload"]["trigger_id"])


def last(app: SocketApp) -> Json:
    """What the app was told last."""
    payload: Json = app.envelopes[-1]["payload"]
    return payload
