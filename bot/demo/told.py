"""What was answered, told to a plain survey bot as well, and remembered: a theft is counted against it."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.demo.colleagues import Given
from bot.demo.naive import NaiveBot, read_form

Json = dict[str, Any]


class Told:
    """Everything that Murmur was told, by person and round; what was sent last counts. Safe in any thread.

    names: of everybody, by Slack id.
    truth: what `as_json` gave earlier.
    """

    def __init__(
        self, naive: NaiveBot, names: Mapping[str, str], clock: Callable[[], datetime], truth: Json | None = None
    ) -> None:
        self.names = names
        self._naive = naive
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, int], dict[str, int]] = {
            (person, int(round_id)): dict(answers)
            for person, rounds in (truth or {}).items()
            for round_id, answers in rounds.items()
        }

    def hear(self, given: Given) -> None:
        """Somebody answered by themselves."""
        self._keep(given.member.slack_id, given.round.id, given.answers, given.comment, given.at)

    def notice(self, person: str, view: Json) -> None:
        """Somebody, by Slack id, has sent a form; only the questionnaire is of interest."""
        if (sent := read_form(view)) is not None:
            self._keep(person, sent.round_id, sent.ballot.answers, sent.ballot.comment, self._clock())

    def truth(self) -> list[tuple[str, dict[str, int]]]:
        """Who answered what: one entry for each person and round."""
        with self._lock:
            return [(person, answers) for (person, _), answers in self._answers.items()]

    def as_json(self) -> Json:
        """For keeping: answers by person and round."""
        kept: Json = {}
        with self._lock:
            for (person, round_id), answers in self._answers.items():
                kept.setdefault(person, {})[str(round_id)] = answers
        return kept

    def _keep(self, person: str, round_id: int, answers: Mapping[str, int], comment: str, at: datetime) -> None:
        with self._lock:
            self._naive.record(person, self.names.get(person, person), f"Round {round_id}", answers, comment, at)
            self._answers[person, round_id] = dict(answers)
