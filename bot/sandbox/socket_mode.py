"""Socket Mode: connections, envelopes and their acknowledgements.

The shapes are those of docs.slack.dev/apis/events-api/using-socket-mode and of the envelopes in the test
suites of slack_sdk.
"""

import asyncio
import itertools
import json
import logging
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.faults import Kind
from bot.sandbox.records import MOST_KEPT, EnvelopeRecord
from bot.sandbox.world import World

Json = dict[str, Any]

ACK_SECONDS: Final = 3.0
MOST_CONNECTIONS: Final = 10  # an app may have ten at a time
CLOSE_SECONDS: Final = 1.0  # how long an app may take to say goodbye
PING_SECONDS: Final = 10.0  # Slack's Node SDK gives up after 30 s without a ping from the server
APPROXIMATE_LIFE: Final = 18_060  # seconds a connection lives, as hello tells it
EVENT_RETRIES: Final = (0.0, 60.0, 300.0)  # real seconds before each retry of an event

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the app."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request

    async def send(self, message: Json | str) -> bool:
        """Send a frame; False when the socket is gone."""
        try:
            await self.socket.send_str(message if isinstance(message, str) else json.dumps(message))
        except (ConnectionError, RuntimeError):
            return False
        return True

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of an envelope."""

    acked: bool
    connected: bool  # whether there was a connection to send it to
    payload: Json | None = None  # of the acknowledgement


class SocketMode:
    """All connections of the app, and the envelopes under way.

    ack_seconds: how long Slack waits for an acknowledgement.
    retries: the real seconds before each further try of an event that was not acknowledged.
    """

    def __init__(
        self, world: World, *, ack_seconds: float = ACK_SECONDS, retries: tuple[float, ...] = EVENT_RETRIES
    ) -> None:
        self._world = world
        self._ack_seconds = ack_seconds
        self._retries = retries
        self.connections: list[Connection] = []
        self._numbers = itertools.count(1)
        self._turns = itertools.count()
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self._records: dict[str, EnvelopeRecord] = {}
        self._held: list[asyncio.Event] = []
        self._background: set[asyncio.Task[Any]] = set()
        self.changed = asyncio.Event()  # set, and replaced, when a connection comes or goes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A connection of the app, for as long as it lasts."""
        if not self._world.tickets.admit(request.query.get("ticket", "")):
            return web.Response(status=401, text="this address was good for one connection; ask for another")
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        connection = Connection(number=next(self._numbers), socket=socket, request=request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            self._signal()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._forget(connection)
        return socket

    async def deliver(self, kind: str, payload: Json, *, accepts_response: bool) -> Delivery:
        """Send an envelope and wait for its acknowledgement, as long as Slack would."""
        record = self._record(kind, payload)
        return await self._attempt(record, payload, accepts_response)

    async def deliver_event(self, payload: Json) -> Delivery:
        """Send an event; returns what became of the first try. Further ones follow by themselves, as long as
        none is acknowledged.
        """
        delivery = await self._attempt(self._record("events_api", payload), payload, accepts_response=False)
        if not delivery.acked:
            self._in_background(self._retry_event(payload))
        return delivery

    async def refresh(self, notice: float = 10.0) -> None:
        """Replace every connection as Slack does every few hours: a warning, and the end `notice` seconds
        later.
        """
        old = list(self.connections)
        for connection in old:
            await connection.send(_disconnect("warning"))
        if notice:
            await asyncio.sleep(notice)
        for connection in old:
            if connection in self.connections:
                await connection.send(_disconnect("refresh_requested"))
                await connection.socket.close(code=WSCloseCode.OK)

    def drop(self) -> int:
        """Cut every connection without a word; returns how many there were."""
        old = list(self.connections)
        for connection in old:
            self._forget(connection)
            connection.abort()
        return len(old)

    def forget(self) -> None:
        """Drop the records of envelopes that nobody waits for any more."""
        self._records = {one: record for one, record in self._records.items() if one in self._waiting}

    async def close(self) -> None:
        """End everything; for shutting down."""
        for task in list(self._background):
            task.cancel()
        for connection in list(self.connections):
            self._forget(connection)
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    async def _retry_event(self, payload: Json) -> None:
        for attempt, delay in enumerate(self._retries, start=1):
            await asyncio.sleep(delay)
            record = self._record("events_api", payload, attempt)
            if (await self._attempt(record, payload, accepts_response=False)).acked:
                return

    def _record(self, kind: str, payload: Json, attempt: int = 0) -> EnvelopeRecord:
        record = self._world.records.envelope(
            envelope_id=str(uuid.uuid4()),
            type=kind,
            payload=json.loads(json.dumps(payload)),  # as it was sent, whatever happens to the view since
            connection=None,
            at=self._world.now,
            retry_attempt=attempt,
        )
        self._records[record.envelope_id] = record
        if len(self._records) > MOST_KEPT:  # the oldest; Slack has long given up waiting for it
            del self._records[next(iter(self._records))]
        return record

    async def _attempt(self, record: EnvelopeRecord, payload: Json, accepts_response: bool) -> Delivery:
        envelope: Json = {
            "envelope_id": record.envelope_id,
            "payload": payload,
            "type": record.type,
            "accepts_response_payload": accepts_response,
        }
        if record.type == "events_api":
            reason = "timeout" if record.retry_attempt else ""
            envelope |= {"retry_attempt": record.retry_attempt, "retry_reason": reason}
        ack: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[record.envelope_id] = ack
        try:
            if not await self._send(record, json.dumps(envelope)):
                return Delivery(acked=False, connected=False)
            answer = await asyncio.wait_for(ack, self._ack_seconds)
        except TimeoutError:
            return Delivery(acked=False, connected=True)
        finally:
            self._waiting.pop(record.envelope_id, None)
        return Delivery(acked=True, connected=True, payload=answer if accepts_response else None)

    async def _send(self, record: EnvelopeRecord, frame: str) -> bool:
        faults = self._world.faults
        if held := faults.strike(record.type, [Kind.REORDER]):
            await self._hold(held.seconds or 1.0)
        sent = await self._send_once(record, frame)
        if sent and faults.strike(record.type, [Kind.DUPLICATE]):
            await self._send_once(record, frame)
        if sent:
            self._release()
        return sent

    async def _send_once(self, record: EnvelopeRecord, frame: str) -> bool:
        """Send over the next connection in turn; any of them may be the one, as with Slack."""
        for _ in range(len(self.connections)):
            connection = self.connections[next(self._turns) % len(self.connections)]
            if await connection.send(frame):
                record.connection = connection.number
                record.times_sent += 1
                return True
            self._forget(connection)
        return False

    async def _hold(self, seconds: float) -> None:
        overtaken = asyncio.Event()
        self._held.append(overtaken)
        try:
            await asyncio.wait_for(overtaken.wait(), seconds)
        except TimeoutError:
            if overtaken in self._held:
                self._held.remove(overtaken)

    def _release(self) -> None:
        held, self._held = self._held, []
        for overtaken in held:
            overtaken.set()

    def _receive(self, data: str) -> None:
        """An acknowledgement. Anything else an app says is ignored, as Slack ignores it."""
        try:
            message = json.loads(data)
        except ValueError:
            _log.warning("the app sent something that is not JSON")
            return
        record = self._records.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if record is None:
            return
        if self._world.faults.strike(record.type, [Kind.LOSE_ACK]):
            return
        payload = message.get("payload")
        payload = payload if isinstance(payload, dict) else None
        record.times_acked += 1
        waiting = self._waiting.get(record.envelope_id)
        if waiting is None:
            record.late = not record.acked
            return
        if not waiting.done():
            record.acked, record.ack = True, payload
            waiting.set_result(payload)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": APPROXIMATE_LIFE,
            },
            "connection_info": {"app_id": self._world.installation.app_id},
        }

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
            self._signal()

    def _signal(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()
        self._world.bell.ring()

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
