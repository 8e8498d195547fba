"""What the demonstration plays on: a stand-in Slack, a Murmur connected to it, and the people who answer."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pyrate_limiter import Duration, Rate
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlmodel import Session

from bot.app import create_murmur
from bot.delivery import Delivery
from bot.demo.colleagues import Colleagues, Given
from bot.demo.company import SECRET
from bot.demo.forms import Hear, to_each
from bot.demo.moods import Moods
from bot.murmur import Murmur
from bot.running import connected
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.settings import Settings

UNPACED = (Rate(1_000_000, Duration.SECOND),)
"""While time leaps nothing waits: Slack's limits are promises about real seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that is needed to play."""

    sandbox: Sandbox
    slack: SandboxClient
    murmur: Murmur
    delivery: Delivery
    colleagues: Colleagues


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the demonstration keeps what it stores."""

    path: Path

    @property
    def database(self) -> Path:
        """Murmur's database, in a folder of its own."""
        return self.path / "database" / "murmur.db"

    @property
    def keys(self) -> Path:
        """The keys of open rounds, apart from it."""
        return self.path / "keys"

    @property
    def naive(self) -> Path:
        """The file of the plain bot."""
        return self.path / "naive.db"

    def clear(self) -> None:
        """Empty it again."""
        shutil.rmtree(self.database.parent, ignore_errors=True)
        shutil.rmtree(self.keys, ignore_errors=True)
        self.naive.unlink(missing_ok=True)


def settings_of(sandbox: Sandbox, folder: Folder, contact: str) -> Settings:
    """The settings of a Murmur that lives in this sandbox and stores everything in this folder."""
    return Settings(
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        app_secret=SECRET,
        database_url=URL.create("sqlite", database=str(folder.database)).render_as_string(),
        round_key_dir=folder.keys,
        operator_contact=contact,
        slack_api_base_url=sandbox.api_url,
    )


@contextmanager
def staged(
    sandbox: Sandbox,
    folder: Folder,
    moods: Moods,
    *,
    first_week: date,
    contact: str,
    relieved_in: Callable[[Session], int | None] = lambda _: None,
    hear: Callable[[Given], object] = lambda _: None,
    by_hand: Hear = lambda _person, _sent: None,
) -> Iterator[Stage]:
    """A Murmur that answers people, without its clockwork. Raises CannotRun.

    contact: whom members can ask about the server, "" for nobody.
    relieved_in: the week of a promise that makes things better, if there is one by now.
    hear: told of everything that simulated people answer.
    by_hand: told of every questionnaire that Murmur has taken from a person; in the sandbox's event loop.
    """
    folder.database.parent.mkdir(exist_ok=True)
    murmur = create_murmur(settings_of(sandbox, folder, contact), clock=sandbox.clock.now)
    event.listen(murmur.database.engine, "connect", _hurry)
    colleagues = Colleagues(
        murmur,
        moods,
        first_week=first_week,
        since=sandbox.clock.now(),
        relieved_in=relieved_in,
        hear=hear,
    )
    sandbox.submissions(to_each(lambda person, sent: colleagues.leave_alone(sent.round_id, person), by_hand))
    with connected(murmur):
        yield Stage(
            sandbox=sandbox,
            slack=sandbox.client(),
            murmur=murmur,
            delivery=Delivery(murmur, UNPACED),
            colleagues=colleagues,
        )


def _hurry(connection: Any, _record: object) -> None:
    """Do not wait for the disk at every commit: thousands of them come in a row, and a power cut may take the
    demonstration with it.
    """
    connection.execute("PRAGMA synchronous=OFF")
