"""The gate of the whole server: programs of this machine and the sandbox's own page come in, other sites do not.

The sandbox listens on the loopback, but a browser on this machine goes wherever a page sends it. Two things could
let a page of another site in: a name that it has resolve to the loopback (DNS rebinding, told by the Host), and
requests across sites (told by Origin and Sec-Fetch-Site, which a page can neither leave out nor forge).
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK: Final = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_OWN: Final = frozenset({"same-origin", "none"})  # "none" is somebody who typed the address or opened a bookmark
_NOT_LOCAL: Final = "this address answers on the local machine only, as 127.0.0.1 or localhost"
_ANOTHER_SITE: Final = "pages of other sites may not ask here; to come here yourself, type this address in"


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses, whatever the address and WebSockets too: a Host that is not the loopback, an Origin that is not
    the server's own, and a Sec-Fetch-Site that is neither same-origin nor none. Programs, such as Slack's SDKs,
    need send neither of the latter two.
    """
    if why := _refusal(request):
        return web.json_response({"ok": False, "error": why}, status=403)
    return await handler(request)


def _refusal(request: web.Request) -> str:
    """Why a request is refused, "" for one that is let in."""
    host = request.headers.get(hdrs.HOST, "")
    if not _LOOPBACK.fullmatch(host):
        return _NOT_LOCAL
    # The port is the Host's, not the one that is listened on: somebody may have forwarded another to it.
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin.casefold() != f"http://{host}".casefold():
        return _ANOTHER_SITE
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN:
        return _ANOTHER_SITE
    return ""
