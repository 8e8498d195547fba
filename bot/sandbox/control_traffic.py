"""The part of the control API about what goes to and fro: calls, envelopes, connections, faults, transcript."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from aiohttp import web

from bot.sandbox.control_people import LONGEST_WAIT
from bot.sandbox.faults import Fault
from bot.sandbox.guarding import body, guarded
from bot.sandbox.records import Numbered, numbered_after
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.transcript import as_text
from bot.sandbox.world import World


class TrafficControl:
    """Answers for one world."""

    def __init__(self, world: World, socket: SocketMode) -> None:
        self._world = world
        self._socket = socket

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put them under /control."""
        get, post = router.add_get, router.add_post
        get("/control/transcript", guarded(self._transcript))
        get("/control/calls", guarded(self._calls))
        get("/control/envelopes", guarded(self._envelopes))
        get("/control/connections", guarded(self._connections))
        get("/control/faults", guarded(self._faults))
        post("/control/faults", guarded(self._arm))
        router.add_delete("/control/faults", guarded(self._clear))
        post("/control/sockets/drop", guarded(self._drop))
        post("/control/sockets/refresh", guarded(self._refresh))

    async def _transcript(self, request: web.Request) -> web.StreamResponse:
        who = request.query.get("person")
        journal = self._world.journal
        entries = list(journal.of(self._world.person(who).id)) if who else journal.entries
        if request.query.get("format") == "text":
            return web.Response(text=as_text(self._world, entries))
        return web.json_response([{**asdict(one), "at": one.at.isoformat()} for one in entries])

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        method, after = request.query.get("method"), int(request.query.get("after", "0"))
        calls = numbered_after(self._world.records.calls, after)
        wanted = [one for one in calls if method in (None, one.method)]
        return web.json_response([one.as_json() for one in _tail(request, wanted)])

    async def _envelopes(self, request: web.Request) -> web.StreamResponse:
        kind, after = request.query.get("type"), int(request.query.get("after", "0"))
        envelopes = numbered_after(self._world.records.envelopes, after)
        wanted = [one for one in envelopes if kind in (None, one.type)]
        return web.json_response([one.as_json() for one in _tail(request, wanted)])

    async def _connections(self, request: web.Request) -> web.StreamResponse:
        at_least = int(request.query.get("at_least", "0"))
        seconds = min(float(request.query.get("seconds", "5")), LONGEST_WAIT)
        try:
            async with asyncio.timeout(seconds):
                while len(self._socket.connections) < at_least:
                    await self._socket.changed.wait()
        except TimeoutError:
            pass
        return web.json_response({"connections": [one.number for one in self._socket.connections]})

    async def _faults(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._world.faults.as_json())

    async def _arm(self, request: web.Request) -> web.StreamResponse:
        self._world.faults.arm(Fault.parse(await body(request)))
        return await self._faults(request)

    async def _clear(self, request: web.Request) -> web.StreamResponse:
        self._world.faults.clear()
        return await self._faults(request)

    async def _drop(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"dropped": self._socket.drop()})

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request)
        await self._socket.refresh(float(wish.get("notice", 10.0)))
        return web.json_response({"connections": [one.number for one in self._socket.connections]})


def _tail(request: web.Request, records: Sequence[Numbered]) -> Sequence[Numbered]:
    """All of them, or as many of the latest as were asked for."""
    tail = request.query.get("tail")
    return records if tail is None else records[max(0, len(records) - int(tail)) :]
