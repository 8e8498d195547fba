"""What the sandbox's page in the browser lives on: the page itself, and what a person sees, at once.

    GET    /                                      the page
    GET    /page/{name}                           its script and its style, as built into page/dist
    GET    /page/stream                           ?person= : server-sent events, each a scene; see page/src/types.ts
    GET    /page/people/{who}/screen              ?channel=ID of a place, the app's if there is none
    POST   /page/people/{who}/read                {"channel"}: the person has read this place

Everything else the page needs is in the control API.
"""

import asyncio
import contextlib
import json
from importlib import resources
from typing import Any, Final

from aiohttp import web

from bot.sandbox.extension import Extension
from bot.sandbox.guarding import body, guarded
from bot.sandbox.places import UnreadCounts, place, places, read
from bot.sandbox.seen import Eyes, person_json
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]

PAGE: Final = resources.files("bot.sandbox") / "page"

PAUSE_SECONDS: Final = 0.05  # between two events of a stream, so that a leap in time does not flood the page
HEARTBEAT_SECONDS: Final = 15.0  # after so much silence a stream says that it is still there

_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".map": "application/json",
    ".svg": "image/svg+xml",
}
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_NOT_BUILT: Final = (
    "The stand-in Slack is running, but its page has not been built: run `make page` where Murmur lies, and load"
    " this again.\n"
)


class PageApi:
    """Serves the page of one world, and tells it what happens there."""

    def __init__(self, world: World, socket: SocketMode, extension: Extension | None) -> None:
        self._world = world
        self._socket = socket
        self._extension = extension
        self._unread = UnreadCounts(world)
        self._ended = False

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page at / and what it asks for under /page."""
        router.add_get("/", guarded(self._index))
        router.add_get("/page/stream", guarded(self._stream))
        router.add_get("/page/people/{who}/screen", guarded(self._screen))
        router.add_post("/page/people/{who}/read", guarded(self._read))
        router.add_get("/page/{name}", guarded(self._built))

    def end(self) -> None:
        """Let every stream end, so that the server can."""
        self._ended = True
        self._world.bell.ring()

    async def _index(self, _: web.Request) -> web.StreamResponse:
        index, script = PAGE / "index.html", PAGE / "dist" / "page.js"
        if not (index.is_file() and script.is_file()):
            return web.Response(text=_NOT_BUILT, status=503, headers=_HEADERS)
        return web.Response(text=index.read_text(encoding="utf-8"), content_type="text/html", headers=_HEADERS)

    async def _built(self, request: web.Request) -> web.StreamResponse:
        # Only what is found by looking into the folder: no path that somebody sends is ever opened.
        dist = PAGE / "dist"
        there = {one.name: one for one in dist.iterdir() if one.is_file()} if dist.is_dir() else {}
        name = request.match_info["name"]
        if name not in there:
            raise LookupError(f"the page has no file {name!r}")
        kind = _TYPES.get(f".{name.rpartition('.')[2]}", "application/octet-stream")
        charset = None if kind == "application/octet-stream" else "utf-8"
        return web.Response(body=there[name].read_bytes(), content_type=kind, charset=charset, headers=_HEADERS)

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        world, person = self._world, self._person(request)
        channel = place(world, person, request.query.get("channel", ""))
        eyes, home = Eyes(world, person), world.views.home(person.id)
        screen = {
            "person": person_json(person),
            "places": places(world, person),
            "channel": channel,
            "messages": eyes.place(channel),
            "home": eyes.view(home) if home else None,
            "views": [eyes.view(one) for one in world.views.stack(person.id)],
            "trouble": world.troubles.get(person.id, ""),
        }
        return web.json_response(screen)

    async def _read(self, request: web.Request) -> web.StreamResponse:
        person, wish = self._person(request), await body(request)
        channel = place(self._world, person, str(wish.get("channel") or ""))
        read(self._world, person.id, channel)
        return web.json_response({"channel": channel})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = self._world.person(request.query.get("person", ""))
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await stream.prepare(request)
        with contextlib.suppress(ConnectionError):  # the page was closed
            await self._tell_of_scenes(stream, person)
        return stream

    async def _tell_of_scenes(self, stream: web.StreamResponse, person: Person) -> None:
        """Tell of the scene now, and again whenever it has changed, until the server stops."""
        bell, told = self._world.bell, None
        while not self._ended:
            rung = bell.rung
            scene, turns = self._scene(person), self._world.clock.turns
            # A clock that runs along moves by itself: only when somebody turned it is that news.
            news = {**scene, "now": turns}
            if news != told:
                told = news
                await stream.write(f"data: {json.dumps(scene)}\n\n".encode())
            await asyncio.sleep(PAUSE_SECONDS)
            if not await bell.wait_beyond(rung, HEARTBEAT_SECONDS):
                await stream.write(b": still here\n\n")

    def _scene(self, person: Person) -> Json:
        world = self._world
        return {
            "now": world.now.isoformat(),
            "running": world.clock.running,
            "seen": world.journal.seen(person.id),
            "unread": self._unread.of_everyone(),
            "calls": world.records.calls_made,
            "connections": len(self._socket.connections),
            "faults": len(world.faults.armed),
            "demo": self._extension.state() if self._extension else None,
        }

    def _person(self, request: web.Request) -> Person:
        return self._world.person(request.match_info["who"])
