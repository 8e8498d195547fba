"""Messages: the history of channels and direct messages, and, apart from it, ephemeral messages."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.inputs import Placed, Values, initial_values

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
        return self.values[person] if person in self.values else initial_values(self.blocks)

    def choose(self, person: str, placed: Placed, state: Json) -> None:
        """Keep what a person chose in one of its elements."""
        values = self.values.setdefault(person, self.values_of(person))
        values.setdefault(placed.block_id, {})[placed.action_id] = state


class Messages:
    """All messages of a workspace. History never holds an ephemeral message."""

    def __init__(self) -> None:
        self._history: dict[str, list[Message]] = defaultdict(list)
        self._ephemerals: dict[str, list[Message]] = defaultdict(list)
        self.last_moment = 0  # the latest timestamp, in microseconds

    def next_ts(self, now: datetime) -> str:
        """A timestamp nothing else carries, later than all before it even if the clock was set back."""
        self.last_moment = max(self.last_moment + 1, round(now.timestamp() * 1_000_000))
        return f"{self.last_moment // 1_000_000}.{self.last_moment % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        """Keep a message: in the history of its channel, or among one person's ephemerals."""
        if message.only_for is None:
            self._history[message.channel].append(message)
        else:
            self._ephemerals[message.only_for].append(message)

    def history(self, channel: str) -> list[Message]:
        """What a channel or direct message keeps, oldest first."""
        return list(self._history[channel])

    def newer(self, channel: str, ts: str) -> int:
        """How many messages of a history are newer than a timestamp, "" being older than all."""
        history = self._history.get(channel, [])
        return len(history) - (bisect_right(history, moment(ts), key=_moment) if ts else 0)

    def latest(self, channel: str, before: datetime | None = None) -> str:
        """The timestamp of the latest message of a history, or of the latest before an instant; "" for none."""
        history = self._history.get(channel, [])
        end = len(history)
        if before is not None:
            end = bisect_left(history, round(before.timestamp() * 1_000_000), key=_moment)
        return history[end - 1].ts if end else ""

    def everything(self) -> list[Message]:
        """Every message, of histories and ephemeral."""
        kept = [*self._history.values(), *self._ephemerals.values()]
        return [message for messages in kept for message in messages]

    def restore(self, messages: Iterable[Message], last_moment: int) -> None:
        """Keep these messages, each history in the order of its timestamps, and nothing else."""
        self._history.clear()
        self._ephemerals.clear()
        for message in messages:
            self.add(message)
        self.last_moment = last_moment

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


def moment(ts: str) -> int:
    """A timestamp in microseconds, to compare it with others."""
    seconds, _, micros = ts.partition(".")
    return int(seconds) * 1_000_000 + int(micros or 0)


def _moment(message: Message) -> int:
    return moment(message.ts)
