"""What Murmur was told is remembered at once, and reaches the plain bot in its own time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.demo.naive import NaiveBot, Sent
from bot.demo.told import Told
from surveys.sealing import Ballot

NOW = datetime(2026, 6, 23, 8, 10, tzinfo=UTC)
PATIENCE = 60.0  # real seconds


class SlowBot(NaiveBot):
    """A plain bot that writes nothing until it may."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.may_write = Event()

    def record(self, *told: Any, **more: Any) -> None:
        assert self.may_write.wait(PATIENCE)
        super().record(*told, **more)


@pytest.fixture
def bot(tmp_path: Path) -> SlowBot:
    """One."""
    return SlowBot(tmp_path / "naive.db")


@pytest.fixture
def told(bot: SlowBot) -> Iterator[Told]:
    """What it is told by."""
    with Told(bot, {"U0PRIYA": "Priya Raman"}, lambda: NOW) as told:
        yield told
        bot.may_write.set()


def sent(answer: int) -> Sent:
    return Sent(round_id=17, ballot=Ballot(answers={"burnout.drained": answer}, comment=""))


def kept(bot: NaiveBot) -> list[str]:
    with closing(sqlite3.connect(bot.path)) as connection:
        return [answers for (answers,) in connection.execute("SELECT answers FROM responses ORDER BY id")]


def test_whoever_tells_need_not_wait_for_the_plain_bot(told: Told, bot: SlowBot) -> None:
    told.notice("U0PRIYA", sent(2))
    assert kept(bot) == []
    bot.may_write.set()
    told.flush()
    assert kept(bot) == ['{"burnout.drained": 2}']


def test_the_plain_bot_knows_all_that_counts_as_true(told: Told, bot: SlowBot) -> None:
    bot.may_write.set()
    for answer in range(1, 6):
        told.notice("U0PRIYA", sent(answer))
    assert told.truth() == [("U0PRIYA", {"burnout.drained": 5})]
    assert kept(bot) == [f'{{"burnout.drained": {answer}}}' for answer in range(1, 6)]


def test_what_is_kept_can_be_taken_up(told: Told, bot: SlowBot) -> None:
    bot.may_write.set()
    told.notice("U0PRIYA", sent(3))
    with Told(bot, {}, lambda: NOW, told.as_json()) as again:
        assert again.truth() == told.truth()
    assert kept(bot) == ['{"burnout.drained": 3}']


def test_at_the_end_the_plain_bot_has_been_told_everything(tmp_path: Path) -> None:
    bot = NaiveBot(tmp_path / "naive.db")
    with Told(bot, {}, lambda: NOW) as told:
        for answer in range(1, 6):
            told.notice("U0PRIYA", sent(answer))
    assert len(kept(bot)) == 5


def test_nothing_is_counted_when_the_plain_bot_could_not_be_told(told: Told, bot: SlowBot) -> None:
    with closing(sqlite3.connect(bot.path)) as connection, connection:
        connection.execute("DROP TABLE responses")
    bot.may_write.set()
    told.notice("U0PRIYA", sent(2))
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            told.truth()
