"""What the page asks of the demonstration, beside what it asks of the sandbox.

    GET    /demo/theft                what a thief of both databases finds now; with ?keys, who took the keys as well
    POST   /demo/steps/{id}           do a step of the guide
    POST   /demo/steps/{id}/skip      leave it out
    POST   /demo/jumps/{id}           take the clock on

Orders are answered at once; how they go is told by the stream. One that has to wait answers 409 {"error": why}.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.demo.show import JUMP, STEP, NotNow, Order, Show
from bot.logs import class_and_place
from bot.sandbox.guarding import guarded

Json = dict[str, Any]

log = logging.getLogger(__name__)


class Routes:
    """The demonstration as an extension of the sandbox."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self.thief: Callable[[bool], Json] | None = None  # comes as soon as there is something to steal; with keys?

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the addresses under /demo."""
        router.add_get("/demo/theft", guarded(self._theft))
        router.add_post("/demo/steps/{id}", guarded(self._step))
        router.add_post("/demo/steps/{id}/skip", guarded(self._skip))
        router.add_post("/demo/jumps/{id}", guarded(self._jump))

    def state(self) -> Json:
        """The demonstration, as the stream tells of it."""
        return self._show.state()

    async def _step(self, request: web.Request) -> web.StreamResponse:
        return self._order(Order(kind=STEP, id=request.match_info["id"]))

    async def _jump(self, request: web.Request) -> web.StreamResponse:
        return self._order(Order(kind=JUMP, id=request.match_info["id"]))

    async def _skip(self, request: web.Request) -> web.StreamResponse:
        self._show.skip(request.match_info["id"])
        return web.json_response(self.state())

    async def _theft(self, request: web.Request) -> web.StreamResponse:
        if self.thief is None:
            return web.json_response({"error": "There is nothing to steal yet."}, status=409)
        try:
            loot = await asyncio.get_running_loop().run_in_executor(None, self.thief, "keys" in request.query)
        except Exception as error:  # noqa: BLE001 - the page needs a sentence, whatever it was
            log.error("a theft failed", extra={"error": class_and_place(error)})
            return web.json_response({"error": "The theft failed this time. Try again."}, status=500)
        return web.json_response(loot)

    def _order(self, order: Order) -> web.StreamResponse:
        try:
            self._show.order(order)
        except NotNow as why:
            return web.json_response({"error": str(why)}, status=409)
        return web.json_response(self.state())
