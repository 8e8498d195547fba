"""A stand-in Slack and a Murmur that is connected to it, for tests that act as people.

with running_murmur(database_url, tmp_path) as stage:
    stage.set_up_team("Vision", channel="vision")
    stage.at(TUESDAY)
    stage.answer("Priya", "Agree")

The clock stands still until a test moves it, nothing is done until a test lets it, and nothing waits: neither
the stand-in's limits, nor Murmur's pacing, nor its care for people's nights hold messages back, unless a test asks
for them.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pyrate_limiter import Duration, Rate
from sqlmodel import SQLModel, col, select

from bot.actors import find_actor
from bot.app import create_murmur
from bot.delivery import Delivery
from bot.jobs import tick
from bot.managing.draft import Draft, look_up
from bot.managing.plan import carry_out
from bot.murmur import Murmur
from bot.payloads import Command
from bot.running import connected, prepare
from bot.sandbox.client import Outcome, SandboxClient
from bot.sandbox.limits import Rates
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace, default_workspace
from bot.settings import Settings
from storage.tables import OutboxMessage, Round
from surveys.cadence import Frequency
from surveys.rounds import State

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""What the clock shows at first."""

OPENING = datetime(2026, 3, 2, 21, tzinfo=UTC)
"""When the first round of a Vision that asks on Tuesdays at ten opens: at ten in Auckland."""

TUESDAY = datetime(2026, 3, 3, 15, tzinfo=UTC)
"""When everybody in Vision has been invited."""

THURSDAY = datetime(2026, 3, 5, 15, tzinfo=UTC)
"""When everybody in Vision has been reminded."""

FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
"""When the first round closes: at five in Berlin, where Ruth set it up."""

NEXT_MONDAY = datetime(2026, 3, 9, 17, tzinfo=UTC)
"""When all managers have their digests."""

VISION = ("Priya", "Tomás", "Amara", "Linh", "Jonas", "Fatima", "Kofi", "Elif", "Will")
"""The nine people who are asked in #vision; Dana, who is in it as well, reads the results."""

NEVER_LATE = timedelta.max
"""Tests move the clock past the moments at which messages are due, and want them nevertheless."""

UNPACED = [Rate(1_000_000, Duration.SECOND)]

SECRET = "the operator's secret of a stand-in workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A workspace and its Murmur."""

    sandbox: Sandbox
    client: SandboxClient
    murmur: Murmur
    delivery: Delivery

    def person(self, who: str) -> Person:
        """Somebody to act as."""
        return self.client.person(who)

    def tick(self) -> int:
        """Take what is due now and deliver. Returns how many messages were sent."""
        tick(self.murmur)
        return self.delivery.deliver()

    def at(self, instant: datetime) -> int:
        """Move the clock, take what is due and deliver. Returns how many messages were sent."""
        self.sandbox.clock.move_to(instant)
        return self.tick()

    def set_up_team(
        self,
        name: str = "Vision",
        *,
        channel: str = "vision",
        people: Sequence[str] = (),
        managers: Sequence[str] = ("Dana Ito", "Sam Okoye"),
        part_of: str = "",
        leaders: Sequence[str] = (),
        admin: str = "Ruth",
        **choices: str,
    ) -> str:
        """Set a team up through `/pulse setup`, as an admin does. Returns the last page's text.

        With `people` the channel is left out. `choices`: How_often, Day, Time, Questions, Ask_together_with.
        """
        person = self.person(admin)
        person.command("/pulse setup", effect=False)
        person.wait_for_view("Team name")
        person.fill("Team name", name)
        if people:
            _pick(person, "Or: these people", people)
        else:
            person.pick("Who is on the team: everybody in a channel", channel)
        _pick(person, "Managers: who reads the results", managers)
        if part_of:
            person.fill("Part of", part_of)
        if leaders:
            _pick(person, "Who leads that department", leaders)
        for label, choice in choices.items():
            person.choose(label.replace("_", " "), choice)
        assert not person.submit().errors
        person.wait_for_view("would be asked")
        person.submit()
        done = person.wait_for_view("is set up").text
        person.close_view(everything=True)
        return done

    def put_team(
        self,
        name: str = "Vision",
        *,
        channel: str | None = "vision",
        people: Sequence[str] = (),
        managers: Sequence[str] = ("Dana Ito", "Sam Okoye"),
        part_of: str = "",
        leaders: Sequence[str] = (),
        frequency: Frequency = Frequency.WEEKLY,
        question_set: str = "ai-team-weekly",
    ) -> None:
        """Set a team up without the form, where Murmur is not connected. It asks on Tuesdays at ten."""
        ids = {who: self.sandbox.workspace.find(who).id for who in (*people, *managers, *leaders)}
        channels = {channel.name: channel.id for channel in self.sandbox.workspace.channels}
        draft = Draft(
            form_key=secrets.token_hex(8),
            team=name,
            channel=channels[channel] if channel and not people else None,
            people=tuple(ids[who] for who in people),
            managers=tuple(ids[who] for who in managers),
            leaders=tuple(ids[who] for who in leaders),
            part_of=part_of,
            frequency=frequency,
            weekday=1,
            hour=10,
            question_set=question_set,
        )
        murmur = self.murmur
        admin = find_actor(murmur, Command(workspace=self.sandbox.workspace.team_id, person="U0RUTH"))
        found = look_up(murmur.client, draft)
        with murmur.database.transaction() as session:
            carry_out(session, draft, found, admin, murmur.clock())

    def open_form(self, who: str, message: str = " pulse") -> Person:
        """Press the button of somebody's newest invitation or reminder, and wait for the form."""
        person = self.person(who)
        person.press("Answer or change", person.wait_for_message(message))
        person.wait_for_view("Sending again replaces everything")
        return person

    def answer(self, who: str, choice: str | Mapping[str, str] = "Agree", comment: str = "") -> Outcome:
        """Answer all questions alike, or some by block id, send the form and close its last page."""
        person = self.open_form(who)
        for field in person.view.fields:
            if field.type == "radio_buttons":
                option = choice if isinstance(choice, str) else choice.get(field.block_id)
                if option is not None:
                    person.choose(field.block_id, option)
        if comment:
            person.fill("A comment, if you like", comment)
        outcome = person.submit()
        if outcome.acked and not outcome.errors:
            person.close_view(everything=True)
        return outcome

    def sent(self, kind: str = "") -> list[tuple[str, str]]:
        """What Slack was made to post: pairs of receiver and notification, oldest first."""
        return [
            (call["payload"]["channel"], call["payload"]["text"])
            for call in self.client.calls("chat.postMessage")
            if call["verdict"] == "ok" and kind in call["payload"]["text"]
        ]

    def outbox(self, kind: str = "") -> list[OutboxMessage]:
        """The outbox as it is, oldest first."""
        with self.murmur.database.reading() as session:
            messages = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
        return [message for message in messages if kind in ("", message.kind)]

    def rounds(self) -> list[Round]:
        """All rounds, oldest first."""
        with self.murmur.database.reading() as session:
            return list(session.exec(select(Round).order_by(col(Round.id))).all())

    def states(self) -> list[State]:
        """The states of all rounds, oldest first."""
        return [State(round_.state) for round_ in self.rounds()]


def settings_for(sandbox: Sandbox, database_url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a Murmur that talks to the sandbox; its keys lie in `folder`, apart from the database."""
    values: dict[str, Any] = {
        "slack_bot_token": sandbox.bot_token,
        "slack_app_token": sandbox.app_token,
        "app_secret": SECRET,
        "database_url": database_url,
        "round_key_dir": folder / "keys",
        "slack_api_base_url": sandbox.api_url,
        "operator_contact": "it@lantern.example",
    }
    return Settings(**{**values, **changes})


@contextmanager
def running_murmur(
    database_url: str,
    folder: Path,
    *,
    workspace: Workspace | None = None,
    rates: Rates | None = None,
    connect: bool = True,
    **settings: Any,
) -> Iterator[Stage]:
    """A sandbox, and a Murmur on this database that answers people but does nothing by itself.

    rates: `Rates()` for Slack's own limits. connect: False where nobody acts, which saves half a second.
    settings: what shall differ from `settings_for`. Where no workspace is given, everybody reads English, so that
    tests find the words they look for.
    """
    with Sandbox(workspace or in_english(), rates=rates or Rates.unlimited()) as sandbox:
        murmur = create_murmur(settings_for(sandbox, database_url, folder, **settings), sandbox.clock.now)
        client = sandbox.client()
        with connected(murmur) if connect else prepare(murmur):
            delivery = Delivery(murmur, UNPACED, late=NEVER_LATE)
            yield Stage(sandbox=sandbox, client=client, murmur=murmur, delivery=delivery)


def in_english() -> Workspace:
    """Lantern Labs, with everybody's Slack in English."""
    usual = default_workspace()
    english = (one if one.locale.startswith("en") else replace(one, locale="en-US") for one in usual.people)
    return replace(usual, people=tuple(english))


def _pick(person: Person, label: str, people: Sequence[str]) -> None:
    person.pick(label, *people) if len(people) > 1 else person.pick(label, people[0])


def everything(stage: Stage) -> dict[str, Any]:
    """Every row of every table."""
    with stage.murmur.database.reading() as session:
        return {
            name: [tuple(row) for row in session.execute(select(table)).all()]  # type: ignore[call-overload]
            for name, table in SQLModel.metadata.tables.items()
        }
