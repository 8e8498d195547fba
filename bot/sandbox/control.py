"""The control API: acting as a person, reading what they see, moving the clock, causing trouble. All JSON.

    GET    /control/workspace                     team, app, people, channels, user groups
    GET    /control/clock                         POST {"move_to": ISO} | {"advance": seconds} | {"running": bool}
    GET    /control/people/{who}                  what a person sees;  ?format=text for reading
    GET    /control/people/{who}/messages         ?channel=vision
    GET    /control/people/{who}/wait             ?beyond=REVISION&seconds=5
    POST   /control/people/{who}/press            {"label", "where"?, "nth"?, "choice"?}
                                                  or {"where", "block_id", "action_id", "choice"?}
    POST   /control/people/{who}/enter            {"label", "value", "where"?, "nth"?}
                                                  or {"where", "block_id", "action_id", "value"}
    POST   /control/people/{who}/submit | close   close: {"everything"?}
    POST   /control/people/{who}/open             {"where": timestamp}
    POST   /control/people/{who}/command          {"line", "channel"?}
    POST   /control/people/{who}/say              {"text", "channel"?}: a plain message
    POST   /control/people/{who}/home
    POST   /control/workspace/{change}            see changes.Changes
    GET    /control/transcript                    ?person=&format=text
    GET    /control/calls | /control/envelopes    ?method= | ?type=, ?after=NUMBER, ?tail=COUNT of the latest
    GET    /control/connections                   ?at_least=1&seconds=5 waits for them
    GET, POST, DELETE /control/faults             see faults.Fault
    POST   /control/sockets/drop | refresh        refresh: {"notice"?: seconds}

`who` is an id, handle or name; `where` is "view" (the window in front), "home" or the timestamp of a message;
`channel` is an id or name, nothing meaning the direct message with the app. A wrong wish answers 404 {"error":
what there is instead}. Of calls, envelopes and the transcript the latest 10,000 entries are kept; their numbers
go on. The page lives on /page besides: see page_api. Who may ask at all: see gate.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.changes import Changes
from bot.sandbox.control_people import PeopleControl
from bot.sandbox.control_traffic import TrafficControl
from bot.sandbox.guarding import body, guarded
from bot.sandbox.seen import person_json
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.surface import AbsentError
from bot.sandbox.workspace import Installation, Person
from bot.sandbox.world import World

Json = dict[str, Any]


class Control:
    """Answers the control API of one world."""

    def __init__(self, world: World, socket: SocketMode, acts: Acts) -> None:
        self._world = world
        self._changes = Changes(world, acts)
        self._parts = (PeopleControl(world, acts), TrafficControl(world, socket))

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the control API under /control."""
        router.add_get("/control/workspace", guarded(self._workspace))
        router.add_get("/control/clock", guarded(self._clock))
        router.add_post("/control/clock", guarded(self._set_clock))
        router.add_post("/control/workspace/{change}", guarded(self._change))
        for part in self._parts:
            part.add_routes(router)

    async def _workspace(self, _: web.Request) -> web.StreamResponse:
        world, app = self._world, self._world.installation
        return web.json_response(
            {
                "team": {"id": world.workspace.team_id, "name": world.workspace.name},
                "app": {"name": app.name, "bot_user_id": app.bot_user_id, "commands": _commands(app)},
                "people": [person_json(person) for person in world.people.values()],
                "channels": [asdict(channel) for channel in world.channels.values()],
                "user_groups": [asdict(group) for group in world.user_groups.values()],
            }
        )

    async def _clock(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"now": self._world.now.isoformat(), "running": self._world.clock.running})

    async def _set_clock(self, request: web.Request) -> web.StreamResponse:
        wish, clock = await body(request), self._world.clock
        if "move_to" in wish:
            clock.move_to(datetime.fromisoformat(str(wish["move_to"])))
        if "advance" in wish:
            clock.advance(timedelta(seconds=float(wish["advance"])))
        if "running" in wish:
            clock.run(bool(wish["running"]))
        return await self._clock(request)

    async def _change(self, request: web.Request) -> web.StreamResponse:
        wish, world, changes = await body(request), self._world, self._changes
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


def _commands(app: Installation) -> list[Json]:
    """The slash commands, each followed by the lines worth typing that begin with it."""
    hints = dict(app.hints)
    return [
        {"line": line, "hint": hints.get(line, "")}
        for command in app.commands
        for line in (command, *(line for line in hints if line.startswith(f"{command} ")))
    ]
