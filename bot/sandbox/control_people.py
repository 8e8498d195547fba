"""The part of the control API that acts as a person and looks through their eyes: /control/people."""

from dataclasses import asdict
from typing import Any, Final

from aiohttp import web

from bot.sandbox.acts import Acts, Outcome
from bot.sandbox.guarding import body, guarded
from bot.sandbox.inputs import CLICKABLE, Placed
from bot.sandbox.messages import Message
from bot.sandbox.places import place
from bot.sandbox.seen import Eyes
from bot.sandbox.surface import AbsentError, Surface
from bot.sandbox.views import View
from bot.sandbox.workspace import Person
from bot.sandbox.world import World

Json = dict[str, Any]

LONGEST_WAIT: Final = 60.0


class PeopleControl:
    """Answers /control/people of one world."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put them under /control/people."""
        router.add_get("/control/people/{who}", guarded(self._screen))
        router.add_get("/control/people/{who}/messages", guarded(self._messages))
        router.add_get("/control/people/{who}/wait", guarded(self._wait))
        router.add_post("/control/people/{who}/{act}", guarded(self._act))

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
        channel = self._channel(person, request.query.get("channel"))
        return web.json_response(Eyes(self._world, person).messages(channel))

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        person, beyond = self._person(request), int(request.query.get("beyond", "0"))
        seconds = min(float(request.query.get("seconds", "5")), LONGEST_WAIT)
        revision = await self._world.journal.wait_beyond(person.id, beyond, seconds)
        return web.json_response({"revision": revision})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        person, wish = self._person(request), await body(request)
        outcome = await self._do(person, request.match_info["act"], wish)
        return web.json_response(asdict(outcome))

    async def _do(self, person: Person, act: str, wish: Json) -> Outcome:
        acts = self._acts
        if act in ("press", "enter"):
            return await self._use(person, wish, pressing=act == "press")
        if act == "open":
            message = Eyes(self._world, person).find(str(wish.get("where") or ""), str(wish.get("label", "")))
            if not isinstance(message, Message):
                raise AbsentError("say which message: where=timestamp")
            return acts.open(person, message)
        if act == "submit":
            return await acts.submit(person)
        if act == "close":
            return await acts.close(person, everything=bool(wish.get("everything")))
        if act == "command":
            return await acts.command(person, str(wish.get("line", "")), self._channel(person, wish.get("channel")))
        if act == "say":
            channel = place(self._world, person, str(wish.get("channel") or ""))
            return await acts.say(person, str(wish.get("text", "")), channel)
        if act == "home":
            return await acts.open_home(person)
        raise AbsentError(f"nobody can {act!r}; they can: open, press, enter, submit, close, command, say, home")

    async def _use(self, person: Person, wish: Json, *, pressing: bool) -> Outcome:
        """Press or fill in what is meant by ids, as the page does, or by what is written on it, as people do."""
        by_ids = "block_id" in wish or "action_id" in wish
        find = self._by_ids if by_ids else self._by_label
        surface, placed = find(person, wish, pressing)
        if pressing:
            return await self._acts.press(person, surface, placed, str(wish.get("choice") or ""), by_value=by_ids)
        value = wish.get("value")
        if by_ids and value in ("", []):
            value = None  # Slack's state of a field that was emptied is that of one nobody has touched
        return await self._acts.enter(person, surface, placed, value, by_value=by_ids)

    def _by_ids(self, person: Person, wish: Json, pressing: bool) -> tuple[View | Message, Placed]:
        where = str(wish.get("where") or "")
        if not where:
            raise AbsentError("say where: view, home or the timestamp of a message")
        surface = Eyes(self._world, person).find(where, "")
        placed = self._surface(person, surface).at(str(wish.get("block_id")), str(wish.get("action_id")))
        if (placed.type in CLICKABLE) is not pressing:
            raise AbsentError(f"a {placed.type} is not for {'pressing' if pressing else 'filling in'}")
        return surface, placed

    def _by_label(self, person: Person, wish: Json, pressing: bool) -> tuple[View | Message, Placed]:
        label, nth = str(wish.get("label", "")), wish.get("nth")
        surface = Eyes(self._world, person).find(str(wish.get("where") or ""), label)
        there = self._surface(person, surface)
        return surface, there.button(label, nth) if pressing else there.field(label, nth)

    def _surface(self, person: Person, surface: View | Message) -> Surface:
        return Surface(surface.blocks, self._world.renderer(person.id))

    def _channel(self, person: Person, which: Any) -> str:
        """A channel by id or name; the direct message with the app by its id or by nothing."""
        dm = self._world.dm_of(person.id)
        return dm if not which or which == dm else self._world.channel(str(which)).id

    def _person(self, request: web.Request) -> Person:
        return self._world.person(request.match_info["who"])
