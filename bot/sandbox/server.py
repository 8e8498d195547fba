"""The stand-in Slack as a server: HTTP and WebSockets on the loopback, in one event loop in a thread."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self, TypeVar

from aiohttp import web

from bot.sandbox import keeping
from bot.sandbox.acts import Acts, Listener
from bot.sandbox.answers import Answers
from bot.sandbox.client import SandboxClient
from bot.sandbox.clock import VirtualClock
from bot.sandbox.control import Control
from bot.sandbox.extension import Extension
from bot.sandbox.gate import gate
from bot.sandbox.limits import Rates
from bot.sandbox.page_api import PageApi
from bot.sandbox.places import read_everything
from bot.sandbox.socket_mode import ACK_SECONDS, EVENT_RETRIES, SocketMode
from bot.sandbox.web_api.calls import ApiError, Json
from bot.sandbox.web_api.endpoint import WebApi
from bot.sandbox.workspace import Workspace, default_workspace, with_own_tokens
from bot.sandbox.world import Reader, World

Result = TypeVar("Result")

LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 10.0


class Sandbox:
    """A stand-in Slack, from `with` to its end.

        with Sandbox() as sandbox:
            app = App(client=WebClient(token=sandbox.bot_token, base_url=sandbox.api_url))

    workspace: who is there; Lantern Labs unless given.
    clock: the virtual time; standing still on a Monday morning unless given.
    port: 0 picks a free one. It only ever listens on the loopback.
    rates: Slack's limits unless given; `Rates.unlimited()` for tests about something else.
    monotonic: real seconds for trigger ids, response URLs and limits.
    ack_seconds, event_retries: how long Slack waits, and after how many seconds it sends an event again.
    extension: what plays on this stage, and shows itself on the page at `url`.

    Every method may be called from any thread.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        clock: VirtualClock | None = None,
        port: int = 0,
        *,
        rates: Rates | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = ACK_SECONDS,
        event_retries: tuple[float, ...] = EVENT_RETRIES,
        extension: Extension | None = None,
    ) -> None:
        self.workspace = workspace or default_workspace()
        self.clock = clock or VirtualClock()
        self.url = ""  # "http://127.0.0.1:PORT" once it runs
        self._port = port
        self._world = World(self.workspace, self.clock, rates=rates, monotonic=monotonic)
        self._socket = SocketMode(self._world, ack_seconds=ack_seconds, retries=event_retries)
        self._acts = Acts(self._world, self._socket)
        self._extension = extension
        self._page = PageApi(self._world, self._socket, extension)
        self._loop = asyncio.new_event_loop()
        self.clock.watch(self.notify)
        self._runner: web.AppRunner | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for WebClient(base_url=...)."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The token of the installed bot."""
        return self.workspace.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token, for Socket Mode."""
        return self.workspace.installation.app_token

    def client(self) -> SandboxClient:
        """A client of the control API."""
        return SandboxClient(self.url)

    def notify(self) -> None:
        """Let the page look again: something its extension or somebody else shows has changed."""
        with contextlib.suppress(RuntimeError):  # it has stopped, and nobody looks any more
            self._loop.call_soon_threadsafe(self._world.bell.ring)

    def submissions(self, listener: Listener) -> None:
        """Call this for every form that the app has acknowledged without errors beside its fields: with the id of
        who sent it, the view (as in Slack's payload, with its state), and what the app acknowledged it with (None
        for nothing), which may be another page that says why it was not taken after all. It is called after the
        acknowledgement, in the event loop, so it must not block for long.
        """
        self._within(lambda: self._acts.on_submission(listener))

    def readings(self, listener: Reader) -> None:
        """Call this whenever a person at the page has read on: with their id, the place, and the timestamp of the last
        message there. In the event loop, so it must not block for long.
        """
        self._within(lambda: self._world.reading.append(listener))

    @contextlib.contextmanager
    def limits_lifted(self) -> Iterator[None]:
        """No rate limits meanwhile. They are promises about real seconds, and a leap in time takes hardly any."""
        self._within(lambda: self._lift(1))
        try:
            yield
        finally:
            self._within(lambda: self._lift(-1))

    def forget_traffic(self) -> None:
        """Drop what is remembered of calls, envelopes and what people did and saw. Numbers go on.

        Of each, no more than the latest records.MOST_KEPT are ever remembered.
        """
        self._within(self._forget_traffic)

    def mark_all_read(self, before: datetime) -> None:
        """Everybody has read everything that was written before an instant."""
        self._within(lambda: read_everything(self._world, before))

    def save(self) -> Json:
        """Messages, Homes, read marks, people and channels as they stand now, as JSON that `restore` takes."""
        return self._within(lambda: keeping.save(self._world))

    def restore(self, saved: Json) -> None:
        """Go on where a saved sandbox with the same app stood. Ids and timestamps go on after those restored; the
        clock, windows, traffic and faults stay as they are. Raises ValueError, with nothing changed, for what
        save() does not return.
        """
        self._within(lambda: keeping.restore(self._world, saved))

    def start(self) -> Self:
        """Start listening. Raises OSError when the port is taken."""
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(START_SECONDS)
        except BaseException:
            self._end_loop()
            raise
        return self

    def stop(self) -> None:
        """Close every connection and stop."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(START_SECONDS)
        self._end_loop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _listen(self) -> None:
        app = web.Application(client_max_size=4 * 2**20, middlewares=[gate])
        api = WebApi(self._world)
        app.router.add_route("*", "/api/{method}", api.handle)
        app.router.add_get("/link/", self._socket.handle)
        for kind in ("actions", "commands"):
            app.router.add_post(f"/{kind}/{{team}}/{{secret}}", self._answer)
        Control(self._world, self._socket, self._acts).add_routes(app.router)
        self._page.add_routes(app.router)
        if self._extension is not None:
            self._extension.add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = self._world.url = f"http://{LOOPBACK}:{port}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """A call to a response URL."""
        world, status = self._world, 200
        answer: Json = {"ok": True}
        try:
            body = await request.json()
        except ValueError:
            body = {}
        try:
            Answers(world).at_response_url(request.match_info["secret"], body)
        except ApiError as refused:
            answer = refused.answer
            status = 404 if refused.error in ("used_url", "expired_url") else 400
        world.records.call(
            method="response_url",
            payload=body,
            verdict=str(answer.get("error", "ok")),
            http_status=status,
            at=world.now,
            clock=world.monotonic(),
            answer=answer,
        )
        return web.json_response(answer, status=status)

    async def _shut(self) -> None:
        self._page.end()
        await self._socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _lift(self, by: int) -> None:
        self._world.limits.lifted += by

    def _forget_traffic(self) -> None:
        self._world.records.forget()
        self._world.journal.forget()
        self._socket.forget()

    def _within(self, do: Callable[[], Result]) -> Result:
        """Do something in the event loop, which alone touches the world; at once where there is no other thread."""
        if not self._loop.is_running() or threading.current_thread() is self._thread:
            return do()

        async def done() -> Result:
            return do()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(START_SECONDS)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS)
        self._loop.close()


def serve(port: int, workspace: Workspace | None = None, *, ready: Callable[[Sandbox], None] | None = None) -> None:
    """Run a sandbox until Ctrl-C, with a clock that runs along with real time and tokens made for this start.

    ready: called once it listens, to say where. Raises OSError when the port is taken.
    """
    seed = workspace or default_workspace()
    seed = replace(seed, installation=with_own_tokens(seed.installation))
    clock = VirtualClock(datetime.now(UTC), running=True)
    # Ctrl-C may come at any moment, while `ready` still speaks too.
    with contextlib.suppress(KeyboardInterrupt), Sandbox(seed, clock, port) as sandbox:
        if ready is not None:
            ready(sandbox)
        threading.Event().wait()
