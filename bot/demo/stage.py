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
from sqlmodel import Session, col, select

from bot.app import create_murmur
from bot.delivery import Delivery
from bot.demo.colleagues import Colleagues, Given
from bot.demo.company import SECRET
from bot.demo.moods import PROMISED_TO, Moods
from bot.murmur import Murmur
from bot.running import connected
from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.views.questionnaire import FORM
from storage.promises import promises_about
from storage.rosters import team_ids_of
from storage.tables import Team, Unit

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
        """The file of the plain survey bot."""
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
        database_url=f"sqlite:///{folder.database}",
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
    hear: Callable[[Given], object] = lambda _: None,
) -> Iterator[Stage]:
    """A Murmur that answers people, without its clockwork. Raises CannotRun.

    contact: whom members can ask about the server, "" for nobody.
    hear: told of everything that simulated people answer.
    """
    folder.database.parent.mkdir(exist_ok=True)
    murmur = create_murmur(settings_of(sandbox, folder, contact), clock=sandbox.clock.now)
    event.listen(murmur.database.engine, "connect", _hurry)
    colleagues = Colleagues(
        murmur,
        moods,
        first_week=first_week,
        since=sandbox.clock.now(),
        relieved_in=lambda session: _relieved_in(session, first_week),
        hear=hear,
    )

    def notice(person: str, view: dict[str, Any]) -> None:
        if view.get("callback_id") == FORM and str(view.get("private_metadata")).isdecimal():
            colleagues.leave_alone(int(view["private_metadata"]), person)

    sandbox.submissions(notice)
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


def _relieved_in(session: Session, first_week: date) -> int | None:
    """The week in which the team that goes by promises was first promised something."""
    team = session.exec(select(Team).where(Team.name == PROMISED_TO)).first()
    if team is None:
        return None
    units = [unit for unit in session.exec(select(Unit).order_by(col(Unit.id))) if team.id in team_ids_of(unit)]
    made = [promise.made_on for unit in units for promise in promises_about(session, unit) if not promise.is_slip]
    return (min(made) - first_week).days // 7 + 1 if made else None
