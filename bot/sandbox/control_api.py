"""Requests to the control API of a sandbox."""

import json
import urllib.error
import urllib.request
from typing import Any, Final

from bot.sandbox.shown import NotHereError, SandboxError

Json = dict[str, Any]

PATIENCE: Final = 5.0
"""Real seconds to wait for something to appear before giving up."""

_CALL_SECONDS: Final = 60.0  # a control call answers within Slack's three seconds and what a wait asks for


class ControlApi:
    """Speaks to one sandbox.

    patience: real seconds that acts and waits last at most.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url = url.rstrip("/")
        self.patience = patience
        # The sandbox is on the loopback; a proxy of the environment would only stand in the way.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str) -> Json:
        """GET a control address; its JSON object."""
        answer: Json = self.call("GET", path)
        return answer

    def post(self, path: str, body: Json) -> Json:
        """POST to a control address; its JSON object."""
        answer: Json = self.call("POST", path, body)
        return answer

    def call(self, verb: str, path: str, body: Json | None = None) -> Any:
        """Any control call; what its JSON says. Raises NotHereError or SandboxError."""
        return json.loads(self.text(verb, path, body))

    def text(self, verb: str, path: str, body: Json | None = None) -> str:
        """Any control call; its raw answer. Raises NotHereError or SandboxError."""
        request = urllib.request.Request(  # noqa: S310 - the address of a sandbox, http only
            f"{self.url}/control/{path}",
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=_CALL_SECONDS) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                said = json.loads(refused.read() or b"{}").get("error", refused.reason)
            kind = NotHereError if refused.code == 404 else SandboxError
            raise kind(said) from None
