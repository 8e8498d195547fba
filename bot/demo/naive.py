"""A plain bot: it asks like Murmur, and exists to be robbed. `make demo` tells it what Murmur is told, and steals both.

It is built as such bots are, with good intentions and nothing made worse for the show. No name, no hash of one and
no time stands beside an answer. Who has taken part is kept in a table of its own, so that only the others are
reminded. That both tables grow in the same order is all that a thief needs.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.stolen import Stolen
from bot.views.questionnaire import ANSWER, COMMENT, COMMENT_BLOCK, FORM, QUESTION_PREFIX
from surveys.sealing import Ballot

_TABLES = """
CREATE TABLE IF NOT EXISTS members (
    slack_id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS completions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member TEXT NOT NULL REFERENCES members,
    round TEXT NOT NULL,
    completed_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS responses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    round TEXT NOT NULL,
    answers TEXT NOT NULL,
    comment TEXT NOT NULL
);
"""


class NaiveBot:
    """Its database. It may be fed from any thread."""

    def __init__(self, path: Path) -> None:
        """Use the file at `path`, which is made when it is not there."""
        self.path = path
        with self._connected() as connection:
            connection.executescript(_TABLES)

    def record(
        self,
        member: str,
        name: str,
        round_label: str,
        answers: Mapping[str, int],
        comment: str,
        at: datetime,
    ) -> None:
        """Keep what the member with this Slack id answered, without saying who it was."""
        kept = json.dumps(dict(answers))
        with self._connected() as connection:
            connection.execute("INSERT OR IGNORE INTO members VALUES (?, ?)", (member, name))
            connection.execute(
                "INSERT INTO responses (round, answers, comment) VALUES (?, ?, ?)", (round_label, kept, comment)
            )
            connection.execute(
                "INSERT INTO completions (member, round, completed_at) VALUES (?, ?, ?)",
                (member, round_label, f"{at:%Y-%m-%d %H:%M:%S}"),
            )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection and a transaction, both over at the end of the block."""
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            connection.execute("PRAGMA synchronous=OFF")  # nothing in a demonstration has to survive a power cut
            yield connection


def comments_told(stolen: Stolen) -> dict[tuple[str, frozenset[tuple[str, int]]], str]:
    """What everybody wrote, by Slack id and answers: both tables get their rows, and their numbers, together."""
    members = {row[0]: str(row[1]) for row in stolen.tables["completions"].rows}
    return {
        (members[number], frozenset(json.loads(str(answers)).items())): str(comment)
        for number, _, answers, comment in stolen.tables["responses"].rows
        if comment and number in members
    }


def forms_told(stolen: Stolen, person: str) -> list[tuple[str, bool]]:
    """The forms of somebody, by Slack id, in the order in which they came: the round, and whether it was left blank."""
    mine = {row[0] for row in stolen.tables["completions"].rows if row[1] == person}
    return [
        (str(label), not (json.loads(str(answers)) or comment))
        for number, label, answers, comment in stolen.tables["responses"].rows
        if number in mine
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Murmur's form as somebody sent it."""

    round_id: int
    ballot: Ballot


def read_form(payload: Mapping[str, Any]) -> Sent | None:
    """What stands in a view_submission, or in its view. None when it is of another form than the questionnaire."""
    view = payload.get("view") or payload
    if view.get("callback_id") != FORM:
        return None
    values: Mapping[str, Mapping[str, Any]] = (view.get("state") or {}).get("values") or {}
    answers = {}
    for block, entries in values.items():
        chosen = ((entries.get(ANSWER) or {}).get("selected_option") or {}).get("value", "")
        if block.startswith(QUESTION_PREFIX) and chosen.isdecimal():  # not so when it was skipped
            answers[block.removeprefix(QUESTION_PREFIX)] = int(chosen)
    comment = ((values.get(COMMENT_BLOCK) or {}).get(COMMENT) or {}).get("value") or ""
    return Sent(round_id=int(view["private_metadata"]), ballot=Ballot(answers=answers, comment=comment.strip()))
