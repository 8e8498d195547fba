"""What was answered, told to a plain bot as well, and remembered: a theft is counted against it."""

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from bot.demo.colleagues import Given
from bot.demo.naive import NaiveBot, Sent

Json = dict[str, Any]


class Told:
    """Everything that Murmur was told, by person and round; what was sent last counts. Safe in any thread.

    The plain bot is told in a thread of its own, in the same order: whoever tells need not wait for a disk. At the
    end of a `with` block it has been told everything.

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
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="plain-bot")
        self._writing: list[Future[None]] = []
        self._answers: dict[tuple[str, int], dict[str, int]] = {
            (person, int(round_id)): dict(answers)
            for person, rounds in (truth or {}).items()
            for round_id, answers in rounds.items()
        }

    def hear(self, given: Given) -> None:
        """Somebody answered by themselves."""
        self._keep(given.member.slack_id, given.round.id, given.answers, given.comment, given.at)

    def notice(self, person: str, sent: Sent) -> None:
        """Murmur has taken a form of somebody, by Slack id."""
        self._keep(person, sent.round_id, sent.ballot.answers, sent.ballot.comment, self._clock())

    def truth(self) -> list[tuple[str, dict[str, int]]]:
        """Who answered what: one entry for each person and round. The plain bot has been told all of it.

        Raises what went wrong when it was told, here and in `as_json`: nothing can be counted against the rest.
        """
        with self._lock:
            known = [(person, answers) for (person, _), answers in self._answers.items()]
        self.flush()
        return known

    def given_in(self, rounds: Collection[int]) -> int:
        """How many sets of answers were given in these rounds."""
        with self._lock:
            return sum(bool(answers) and number in rounds for (_, number), answers in self._answers.items())

    def as_json(self) -> Json:
        """The same for keeping: answers by person and round."""
        kept: Json = {}
        with self._lock:
            for (person, round_id), answers in self._answers.items():
                kept.setdefault(person, {})[str(round_id)] = answers
        self.flush()
        return kept

    def flush(self) -> None:
        """Wait until the plain bot has been told everything. Raises what went wrong with any of it."""
        with self._lock:
            writing = list(self._writing)
        for one in writing:
            one.result()
        with self._lock:
            self._writing = [one for one in self._writing if one not in writing]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.shutdown()

    def _keep(self, person: str, round_id: int, answers: Mapping[str, int], comment: str, at: datetime) -> None:
        name, label, answers = self.names.get(person, person), f"Round {round_id}", dict(answers)
        with self._lock:
            self._answers[person, round_id] = answers
            self._writing.append(self._writer.submit(self._naive.record, person, name, label, answers, comment, at))
