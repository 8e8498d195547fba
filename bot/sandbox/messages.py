"""Messages: the history of channels and direct messages, and, apart from it, ephemeral messages."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.inputs import Values, initial_values

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands now."""

    channel: str
    ts: str
    author: str  # the id of a person or of the bot
    text: str  # the fallback text, raw
    blocks: list[Json]  # as Slack stores them: with block and action ids
    only_for: str | None = None  # ephemeral: the one person who sees it
    thread_ts: str | None = None
    edited_ts: str | None = None
    metadata: Json | None = None
    values: dict[str, Values] = field(default_factory=dict)  # what each person chose in it

    @property
    def written_at(self) -> datetime:
        """The virtual instant of its timestamp."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    def values_of(self, person: str) -> Values:
        """What this person chose in it, or sees chosen."""
        if person not in self.values:
            self.values[person] = initial_values(self.blocks)
        return self.values[person]


class Messages:
    """All messages of a workspace. History never holds an ephemeral message."""

    def __init__(self) -> None:
        self._history: dict[str, list[Message]] = defaultdict(list)
        self._ephemerals: dict[str, list[Message]] = defaultdict(list)
        self._last = 0
        self._names = itertools.count(1)

    def next_ts(self, now: datetime) -> str:
        """A timestamp nothing else carries, later than all before it even if the clock was set back."""
        self._last = max(self._last + 1, round(now.timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        """Keep a message: in the history of its channel, or among one person's ephemerals."""
        if message.only_for is None:
            self._history[message.channel].append(message)
        else:
            self._ephemerals[message.only_for].append(message)

    def history(self, channel: str) -> list[Message]:
        """What a channel or direct message keeps, oldest first."""
        return list(self._history[channel])

    def ephemerals(self, person: str) -> list[Message]:
        """What only this person sees, oldest first."""
        return list(self._ephemerals[person])

    def find(self, channel: str, ts: str) -> Message | None:
        """The message of a history with this timestamp."""
        return next((message for message in self._history[channel] if message.ts == ts), None)

    def find_seen_by(self, person: str, channel: str, ts: str) -> Message | None:
        """The message with this timestamp among history and this person's ephemerals."""
        private = (message for message in self._ephemerals[person] if message.ts == ts)
        return self.find(channel, ts) or next(private, None)

    def remove(self, message: Message) -> None:
        """Forget a message."""
        if message.only_for is None:
            self._history[message.channel].remove(message)
        else:
            self._ephemerals[message.only_for].remove(message)
