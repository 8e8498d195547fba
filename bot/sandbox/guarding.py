"""What every address of the sandbox that is not Slack's own has in common: who may ask, and how it refuses."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOCAL: Final = {"127.0.0.1", "localhost", "::1"}


def guarded(handler: Handler) -> Handler:
    """Turns wrong wishes into readable errors, and keeps pages of other sites out: no foreign Host, and
    changes only as application/json, which a browser does not send across sites unasked.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.url.host not in _LOCAL:
            return web.json_response({"error": "this address answers on the local machine only"}, status=403)
        if request.method not in ("GET", "HEAD") and request.content_type != "application/json":
            return web.json_response({"error": "send application/json"}, status=415)
        try:
            return await handler(request)
        except LookupError as absent:
            return web.json_response({"error": str(absent.args[0]) if absent.args else "not here"}, status=404)
        except (TypeError, ValueError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return guard


async def body(request: web.Request) -> Json:
    """The JSON object that was sent; an empty one for nothing. Raises ValueError for anything else."""
    sent = await request.json() if request.can_read_body else {}
    if not isinstance(sent, dict):
        raise ValueError("send a JSON object")
    return sent
