"""What may be put on top of a sandbox: further addresses for its page, and something to show there."""

from typing import Any, Protocol

from aiohttp import web


class Extension(Protocol):
    """Something that plays on the sandbox as its stage; wrap its handlers in `guarding.guarded`."""

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put further addresses beside the sandbox's own; called once, in the event loop, before it listens."""

    def state(self) -> Any:
        """What the page is told of it, as JSON. Called in the event loop whenever a page is told anything, so it
        must not block; when it has changed, `Sandbox.notify()` says so.
        """
