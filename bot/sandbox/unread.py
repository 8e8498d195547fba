"""Up to which message each person has read each channel and direct message."""

from collections import defaultdict
from collections.abc import Mapping

from bot.sandbox.messages import moment

Marks = Mapping[str, Mapping[str, str]]  # person -> channel -> timestamp of the last message read


class ReadMarks:
    """The marks of everybody. Who has none has read nothing."""

    def __init__(self, marks: Marks | None = None) -> None:
        self._marks: dict[str, dict[str, str]] = defaultdict(dict)
        for person, places in (marks or {}).items():
            self._marks[person] = dict(places)

    def mark(self, person: str, channel: str, ts: str) -> bool:
        """Say that a person has read up to this message ("" for none). Nothing becomes unread again; whether
        anything changed.
        """
        before = self.of(person, channel)
        if not ts or (before and moment(before) >= moment(ts)):
            return False
        self._marks[person][channel] = ts
        return True

    def of(self, person: str, channel: str) -> str:
        """The timestamp of the last message a person has read in a place; "" for none."""
        return self._marks[person].get(channel, "") if person in self._marks else ""

    def everyone(self) -> dict[str, dict[str, str]]:
        """All marks."""
        return {person: dict(places) for person, places in self._marks.items()}
