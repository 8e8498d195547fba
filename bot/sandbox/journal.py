"""What each person did and saw, in order: the transcript, and the signal that something changed."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.sandbox.bell import Bell
from bot.sandbox.records import MOST_KEPT


class Seen(StrEnum):
    """What kind of thing an entry of the journal is."""

    MESSAGE = "message"
    MESSAGE_EDITED = "message edited"
    MESSAGE_DELETED = "message deleted"
    EPHEMERAL = "only visible to you"
    HOME = "home"
    VIEW = "window"
    VIEW_UPDATED = "window changed"
    VIEW_CLOSED = "window closed"
    FIELD_ERRORS = "beside the fields"
    TROUBLE = "trouble"
    DID = "did"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing one person saw or did."""

    number: int  # counts up over the whole sandbox
    at: datetime  # virtual time
    person: str  # id
    kind: Seen
    text: str  # as the person read it
    where: str = ""  # a channel id, a view id; "" where it does not matter


class Journal:
    """Entries in order, and a revision a person, so that others can wait until somebody sees something new.

    When there are more than `most` entries, the oldest are forgotten.
    """

    def __init__(self, bell: Bell, most: int = MOST_KEPT) -> None:
        self.entries: list[Entry] = []
        self._numbers = itertools.count(1)
        self._revisions: dict[str, int] = defaultdict(int)
        self._seen: dict[str, int] = defaultdict(int)
        self._seen_by_all = 0
        self._bell = bell
        self._most = most

    def record(self, at: datetime, person: str, kind: Seen, text: str, where: str = "") -> None:
        """Add an entry. Everything but what the person did themselves counts as something new to see."""
        self.entries.append(Entry(number=next(self._numbers), at=at, person=person, kind=kind, text=text, where=where))
        del self.entries[: -self._most]
        if kind is not Seen.DID:
            self._revisions[person] += 1
        self.stir(person)

    def stir(self, person: str) -> None:
        """Say that something is different before this person's eyes that is no entry of the journal."""
        self._seen[person] += 1
        self._bell.ring()

    def stir_everyone(self) -> None:
        """Say so of everybody: somebody joined, a channel closed."""
        self._seen_by_all += 1
        self._bell.ring()

    def revision(self, person: str) -> int:
        """A number that grows whenever this person sees something new, other than by what they did themselves."""
        return self._revisions[person]

    def seen(self, person: str) -> int:
        """A number that grows whenever anything is different before this person's eyes, their own entries too."""
        return self._seen[person] + self._seen_by_all

    def forget(self) -> None:
        """Drop the entries. Their numbers, and what they have made grow, go on."""
        self.entries.clear()

    def of(self, person: str) -> Iterator[Entry]:
        """The entries of one person, oldest first."""
        return (entry for entry in self.entries if entry.person == person)

    async def wait_beyond(self, person: str, revision: int, seconds: float) -> int:
        """Wait until this person's revision is beyond a number, or so many real seconds; returns it."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self.revision(person) <= revision:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self._bell.wait_beyond(self._bell.rung, left):
                break
        return self.revision(person)
