"""The control API: acting as a person, reading what they see, moving the clock, causing trouble. All JSON.

    GET    /control/workspace                     people, channels, user groups
    GET    /control/clock                         POST {"move_to": ISO} | {"advance": seconds} | {"running": bool}
    GET    /control/people/{who}                  what a person sees;  ?format=text for reading
    GET    /control/people/{who}/messages         ?channel=vision
    GET    /control/people/{who}/wait             ?beyond=REVISION&seconds=5
    POST   /control/people/{who}/press            {"label", "where"?, "nth"?, "choice"?}
    POST   /control/people/{who}/enter            {"label", "value", "where"?, "nth"?}
    POST   /control/people/{who}/submit | close   close: {"everything"?}
    POST   /control/people/{who}/open             {"where": timestamp}
    POST   /control/people/{who}/command          {"line", "channel"?}
    POST   /control/people/{who}/home
    POST   /control/workspace/{change}            see changes.Changes
    GET    /control/transcript                    ?person=&format=text
    GET    /control/calls | /control/envelopes    ?method= | ?type=, ?after=NUMBER
    GET    /control/connections                   ?at_least=1&seconds=5 waits for them
    GET, POST, DELETE /control/faults             see faults.Fault
    POST   /control/sockets/drop | refresh        refresh: {"notice"?: seconds}

`who` is an id, handle or name. A wrong wish answers 404 {"error": what there is instead}.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.sandbox.acts import Acts, Outcome
from bot.sandbox.changes import Changes
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Message
from bot.sandbox.seen import Eyes, person_json
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.surface import AbsentError
from bot.sandbox.transcript import as_text
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_WAIT: Final = 60.0
_LOCAL: Final = {"127.0.0.1", "localhost", "::1"}


class Control:
    """Answers the control API of one world."""

    def __init__(self, world: World, socket: SocketMode) -> None:
        self._world = world
        self._socket = socket
        self._acts = Acts(world, socket)
        self._changes = Changes(world, self._acts)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the control API under /control."""
        get, post = router.add_get, router.add_post
        get("/control/workspace", guarded(self._workspace))
        get("/control/clock", guarded(self._clock))
        post("/control/clock", guarded(self._set_clock))
        get("/control/people/{who}", guarded(self._screen))
        get("/control/people/{who}/messages", guarded(self._messages))
        get("/control/people/{who}/wait", guarded(self._wait))
        post("/control/people/{who}/{act}", guarded(self._act))
        post("/control/workspace/{change}", guarded(self._change))
        get("/control/transcript", guarded(self._transcript))
        get("/control/calls", guarded(self._calls))
        get("/control/envelopes", guarded(self._envelopes))
        get("/control/connections", guarded(self._connections))
        get("/control/faults", guarded(self._faults))
        post("/control/faults", guarded(self._arm))
        router.add_delete("/control/faults", guarded(self._clear))
        post("/control/sockets/drop", guarded(self._drop))
        post("/control/sockets/refresh", guarded(self._refresh))

    async def _workspace(self, _: web.Request) -> web.StreamResponse:
        world = self._world
        return web.json_response(
            {
                "team": {"id": world.workspace.team_id, "name": world.workspace.name},
                "people": [person_json(person) for person in world.people.values()],
                "channels": [asdict(channel) for channel in world.channels.values()],
                "user_groups": [asdict(group) for group in world.user_groups.values()],
            }
        )

    async def _clock(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"now": self._world.now.isoformat(), "running": self._world.clock.running})

    async def _set_clock(self, request: web.Request) -> web.StreamResponse:
        wish, clock = await _body(request), self._world.clock
        if "move_to" in wish:
            clock.move_to(datetime.fromisoformat(str(wish["move_to"])))
        if "advance" in wish:
            clock.advance(timedelta(seconds=float(wish["advance"])))
        if "running" in wish:
            clock.run(bool(wish["running"]))
        return await self._clock(request)

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        screen = Eyes(self._world, person).screen()
        if request.query.get("format") != "text":
            return web.json_response(screen)
        shown = [*screen["messages"], *screen["ephemerals"]]
        shown += screen["views"] or ([screen["home"]] if screen["home"] else [])
        return web.Response(text="\n\n".join(one["rendered"] for one in shown) + "\n")

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        channel = request.query.get("channel")
        channel_id = self._world.channel(channel).id if channel else self._world.dm_of(person.id)
        return web.json_response(Eyes(self._world, person).messages(channel_id))

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        person, beyond = self._person(request), int(request.query.get("beyond", "0"))
        seconds = min(float(request.query.get("seconds", "5")), LONGEST_WAIT)
        revision = await self._world.journal.wait_beyond(person.id, beyond, seconds)
        return web.json_response({"revision": revision})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        person, wish = self._person(request), await _body(request)
        outcome = await self._do(person, request.match_info["act"], wish)
        return web.json_response(asdict(outcome))

    async def _do(self, person: Person, act: str, wish: Json) -> Outcome:
        label, nth = str(wish.get("label", "")), wish.get("nth")
        if act in ("press", "enter"):
            surface = Eyes(self._world, person).find(str(wish.get("where") or ""), label)
            if act == "press":
                return await self._acts.press(person, surface, label, nth, str(wish.get("choice") or ""))
            return await self._acts.enter(person, surface, label, nth, wish.get("value"))
        if act == "open":
            message = Eyes(self._world, person).find(str(wish.get("where") or ""), label)
            if not isinstance(message, Message):
                raise AbsentError("say which message: where=timestamp")
            return self._acts.open(person, message)
        if act == "submit":
            return await self._acts.submit(person)
        if act == "close":
            return await self._acts.close(person, everything=bool(wish.get("everything")))
        if act == "command":
            channel = wish.get("channel")
            where = self._world.channel(str(channel)).id if channel else self._world.dm_of(person.id)
            return await self._acts.command(person, str(wish.get("line", "")), where)
        if act == "home":
            return await self._acts.open_home(person)
        raise AbsentError(f"nobody can {act!r}; they can: open, press, enter, submit, close, command, home")

    async def _change(self, request: web.Request) -> web.StreamResponse:
        wish, world, changes = await _body(request), self._world, self._changes
        change = request.match_info["change"]
        if change == "person_joins":
            outcome = await changes.person_joins(Person(**wish))
        elif change == "person_changes":
            person = world.person(wish.pop("person"))
            outcome = await changes.person_changes(person, **wish)
        elif change in ("joins", "leaves"):
            move = changes.joins if change == "joins" else changes.leaves
            outcome = await move(world.person(wish["person"]), world.channel(wish["channel"]))
        elif change == "channel_is_archived":
            outcome = await changes.channel_is_archived(world.channel(wish["channel"]))
        elif change == "channel_is_deleted":
            outcome = await changes.channel_is_deleted(world.channel(wish["channel"]))
        elif change == "group_changes":
            members = tuple(world.person(who).id for who in wish["members"])
            outcome = await changes.group_changes(world.user_group(wish["group"]), members)
        elif change == "app_is_removed":
            outcome = await changes.app_is_removed()
        elif change == "happens":
            outcome = await changes.happens(wish["event"])
        else:
            raise AbsentError(f"a workspace cannot change by {change!r}")
        return web.json_response(asdict(outcome))

    async def _transcript(self, request: web.Request) -> web.StreamResponse:
        who = request.query.get("person")
        journal = self._world.journal
        entries = list(journal.of(self._world.person(who).id)) if who else journal.entries
        if request.query.get("format") == "text":
            return web.Response(text=as_text(self._world, entries))
        return web.json_response([{**asdict(one), "at": one.at.isoformat()} for one in entries])

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        method, after = request.query.get("method"), int(request.query.get("after", "0"))
        calls = self._world.records.calls[after:]
        return web.json_response([one.as_json() for one in calls if method in (None, one.method)])

    async def _envelopes(self, request: web.Request) -> web.StreamResponse:
        kind, after = request.query.get("type"), int(request.query.get("after", "0"))
        envelopes = self._world.records.envelopes[after:]
        return web.json_response([one.as_json() for one in envelopes if kind in (None, one.type)])

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
        self._world.faults.arm(Fault.parse(await _body(request)))
        return await self._faults(request)

    async def _clear(self, request: web.Request) -> web.StreamResponse:
        self._world.faults.clear()
        return await self._faults(request)

    async def _drop(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"dropped": self._socket.drop()})

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        wish = await _body(request)
        await self._socket.refresh(float(wish.get("notice", 10.0)))
        return web.json_response({"connections": [one.number for one in self._socket.connections]})

    def _person(self, request: web.Request) -> Person:
        return self._world.person(request.match_info["who"])


def guarded(handler: Handler) -> Handler:
    """Turns wrong wishes into readable errors, and keeps pages of other sites out: no foreign Host, and
    changes only as application/json, which a browser does not send across sites unasked.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.url.host not in _LOCAL:
            return web.json_response({"error": "this address answers on the local machine only"}, status=403)
        if request.method != "GET" and request.content_type != "application/json":
            return web.json_response({"error": "send application/json"}, status=415)
        try:
            return await handler(request)
        except LookupError as absent:
            return web.json_response({"error": str(absent.args[0]) if absent.args else "not here"}, status=404)
        except (TypeError, ValueError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return guard


async def _body(request: web.Request) -> Json:
    body = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        raise ValueError("send a JSON object")
    return body
