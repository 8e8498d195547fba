"""Acting as the people of a sandbox from Python, over its control API.

    priya = SandboxClient(url).person("Priya")
    priya.press("Answer or change")
    priya.choose("I felt drained by my work", "Agree")
    priya.submit()
    print(priya.view.text)

Every act waits until the app has acknowledged it, and acts that usually show something new wait for that
too: bounded, and by condition. What cannot be done raises NotHereError, which says what there is instead.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from bot.sandbox.control_api import ControlApi, Json
from bot.sandbox.person import Person, outcome
from bot.sandbox.shown import Message, NotHereError, NothingHappenedError, Outcome, SandboxError, View

__all__ = [
    "Message",
    "NotHereError",
    "NothingHappenedError",
    "Outcome",
    "Person",
    "SandboxClient",
    "SandboxError",
    "View",
]


class SandboxClient(ControlApi):
    """A client of one sandbox.

    patience: real seconds that acts and waits last at most.
    """

    def person(self, who: str) -> Person:
        """Somebody by id, handle, full name or first name. Raises NotHereError, naming everybody."""
        return Person(self, self.get(f"people/{quote(who)}")["person"])

    def transcript(self, who: str | None = None) -> str:
        """What each person (or one) did and saw, in order, as text."""
        query = {"format": "text"} | ({"person": who} if who else {})
        return self.text("GET", f"transcript?{urlencode(query)}")

    def now(self) -> datetime:
        """The virtual time."""
        return datetime.fromisoformat(self.get("clock")["now"])

    def move_to(self, instant: datetime) -> None:
        """Set the virtual time."""
        self.post("clock", {"move_to": instant.isoformat()})

    def advance(self, by: timedelta) -> None:
        """Move the virtual time on."""
        self.post("clock", {"advance": by.total_seconds()})

    def calls(self, method: str | None = None, *, after: int = 0) -> list[Json]:
        """The Web API calls of the app: method, payload, verdict, http_status, at, limit, fault, answer."""
        return list(self._log("calls", {"after": str(after)} | ({"method": method} if method else {})))

    def envelopes(self, kind: str | None = None, *, after: int = 0) -> list[Json]:
        """The envelopes sent to the app, with their acknowledgements."""
        return list(self._log("envelopes", {"after": str(after)} | ({"type": kind} if kind else {})))

    def wait_for_connection(self, at_least: int = 1) -> None:
        """Wait until the app has so many Socket Mode connections. Raises NothingHappenedError."""
        there = self.get(f"connections?at_least={at_least}&seconds={self.patience}")["connections"]
        if len(there) < at_least:
            raise NothingHappenedError(f"the app has {len(there)} connections, not {at_least}")

    def fault(self, kind: str, **details: Any) -> None:
        """Cause trouble: see bot.sandbox.faults for the kinds and their details."""
        self.post("faults", {"kind": kind, **details})

    def clear_faults(self) -> None:
        """End all trouble."""
        self.call("DELETE", "faults", {})

    def drop_sockets(self) -> None:
        """Cut every Socket Mode connection."""
        self.post("sockets/drop", {})

    def refresh_sockets(self, notice: float = 10.0) -> None:
        """Replace every connection as Slack does: a warning, and the end `notice` seconds later."""
        self.post("sockets/refresh", {"notice": notice})

    def change(self, change: str, **what: Any) -> Outcome:
        """Change the workspace and tell the app: person_joins, person_changes, joins, leaves,
        channel_is_archived, channel_is_deleted, group_changes, app_is_removed, happens.
        """
        return outcome(self.post(f"workspace/{change}", what))

    def _log(self, what: str, query: dict[str, str]) -> list[Json]:
        answer: list[Json] = self.call("GET", f"{what}?{urlencode(query)}")
        return answer
