"""A company with two survey bots for tests that steal from it: three rounds, the last of which is open.

def test_something(scene):
    assert scene.steal()["murmur"]["matched"] == 0
"""

import random
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.naive import NaiveBot
from bot.demo.theft import steal
from storage.database import Database
from storage.keys import KeyDirectory
from storage.questions import known_items
from storage.tables import Member
from surveys.sealing import Ballot
from tests.support.organisation import FRIDAY, SECRET, TUESDAY, WEEK, Organisation

PEOPLE = 24
ROUNDS = 3
WORDS = "Third weekend in a row of pages. Ask Jonas."


class Company:
    """Two survey bots that hear the same answers, and who gives which."""

    def __init__(self, sqlite_url: str, folder: Path) -> None:
        self.acme = Organisation(Database(sqlite_url), KeyDirectory(folder / "keys"), question_set="ai-team-weekly")
        self.naive = NaiveBot(folder / "naive.db")
        self.members = self.acme.team("Vision", PEOPLE).members
        with self.acme.database.reading() as session:
            known = session.exec(select(Member)).all()
            self.questions = known_items(session, self.acme.pulse_id)
        self.people = {member.slack_id: member.name for member in known}
        self.slack_id = {member.id: member.slack_id for member in known}
        self.victim = self.slack_id[self.members[0]]
        self.truth: list[tuple[str, dict[str, int]]] = []
        self.written: list[tuple[str, str]] = []
        self._rng = random.Random(2026)

    def weeks(self) -> int:
        """Some rounds, the last of which stays open."""
        for week in range(ROUNDS):
            round_id = self._everybody_answers(week)
            if week < ROUNDS - 1:
                self.acme.close(round_id)
        return round_id

    def _everybody_answers(self, week: int) -> int:
        """Open the round of a week and let most answer it, in random order, and the victim with a comment."""
        round_id = self.acme.open(TUESDAY + week * WEEK)
        arriving = self._rng.sample(self.members[1:], PEOPLE - 4)
        arriving.insert(self._rng.randrange(len(arriving)), self.members[0])
        for minute, member in enumerate(arriving):
            answers = {item: self._rng.randint(1, 5) for item in self.acme.round(round_id).item_ids}
            who = self.slack_id[member]
            comment = WORDS if who == self.victim else f"Remark {minute} of week {week}." if minute % 3 == 0 else ""
            at = TUESDAY + week * WEEK + timedelta(minutes=minute)
            self.acme.cast(round_id, member, Ballot(answers=answers, comment=comment), at)
            self.naive.record(who, self.people[who], f"week {week + 1}", answers, comment, at)
            self.truth.append((who, answers))
            self.written += [(who, comment)] if comment else []
        return round_id


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the thief comes: copies of what a company's two bots keep."""

    folder: Path
    company: Company

    @property
    def truth(self) -> list[tuple[str, dict[str, int]]]:
        """Who answered what."""
        return self.company.truth

    def steal(self, person: str = "", *, keys: bool = False) -> dict[str, Any]:
        """The attack of the demonstration, by a thief who may take Murmur's keys as well."""
        return steal(
            self.folder / "naive.db",
            self.folder / "database" / "murmur.db",
            people=self.company.people,
            person=person or self.company.victim,
            truth=self.truth,
            questions=self.company.questions,
            secret=SECRET,
            now=FRIDAY,
            still_open=self.still_open(),
            keys=self.folder / "keys" if keys else None,
        )

    def still_open(self) -> int:
        """How many sets of answers were given in rounds that are open."""
        with closing(sqlite3.connect(self.folder / "database" / "murmur.db")) as connection:
            (rounds,) = connection.execute("SELECT count(*) FROM round WHERE state = 'open'").fetchone()
        return int(rounds) * (PEOPLE - 3)

    def sabotage(self, schema: str, statement: str = "", rows: Iterable[Sequence[object]] = ()) -> None:
        """Give Murmur a table that it should not have."""
        with closing(sqlite3.connect(self.folder / "database" / "murmur.db")) as connection, connection:
            connection.execute(schema)
            connection.executemany(statement, rows)

    def members(self) -> list[tuple[int]]:
        """Who has taken part, in order, by number."""
        numbers = {slack_id: member for member, slack_id in self.company.slack_id.items()}
        return [(numbers[who],) for who, _ in self.truth]


def database_in(folder: Path, template: Path) -> str:
    (folder / "database").mkdir()
    shutil.copy(template, folder / "database" / "murmur.db")
    return f"sqlite:///{folder}/database/murmur.db"


@pytest.fixture(scope="module")
def three_weeks(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Scene:
    """Three rounds, the last of which is open. Only to be copied."""
    folder = tmp_path_factory.mktemp("company")
    company = Company(database_in(folder, sqlite_template), folder)
    company.weeks()
    company.acme.database.dispose()
    return Scene(folder=folder, company=company)


@pytest.fixture
def scene(three_weeks: Scene, tmp_path: Path) -> Scene:
    """A copy of three rounds, the last of which is open."""
    shutil.copytree(three_weeks.folder, tmp_path / "copy")
    return Scene(folder=tmp_path / "copy", company=three_weeks.company)


@pytest.fixture
def beginning(tmp_path: Path, sqlite_template: Path) -> Iterator[Scene]:
    """A company before its first round."""
    company = Company(database_in(tmp_path, sqlite_template), tmp_path)
    yield Scene(folder=tmp_path, company=company)
    company.acme.database.dispose()
