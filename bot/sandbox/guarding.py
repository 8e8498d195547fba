"""What every address of the sandbox that is not Slack's own has in common: what it takes, and how it refuses."""

from typing import Any

from aiohttp import web

from bot.sandbox.gate import Handler

Json = dict[str, Any]


def guarded(handler: Handler) -> Handler:
    """Takes changes only as application/json, which a browser does not send across sites unasked, and turns
    wrong wishes into readable errors: a LookupError is 404, a TypeError or ValueError 400, both as {"error": why}.
    Who may ask at all is decided before, for the whole server: see gate.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
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
