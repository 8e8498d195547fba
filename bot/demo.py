"""`murmur demo`: Murmur at work in the terminal, against the stand-in Slack; what each person sees, word for word.

One week is lived through Slack itself, form by form. Then fifteen more go by, in which the team slowly tires,
with the same functions that run in production: open, cast, close, publish. Whether that is flagged, and when,
is up to the detector: seed and effect were fixed before it was first run on them.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import indent

from sqlmodel import col, func, select

from bot.app import create_murmur
from bot.manifest import BOT_EVENTS, BOT_SCOPES
from bot.murmur import Murmur
from bot.running import running
from bot.sandbox.client import SandboxClient
from bot.sandbox.limits import Rates
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Installation, Workspace, default_workspace
from bot.scheduling import tick_once
from bot.settings import Settings
from storage.ballots import cast, slots_left
from storage.questions import known_items
from storage.rosters import roster_of
from storage.rounds import round_units
from storage.tables import LedgerEntry, Round
from surveys.questions import scales
from surveys.release import Kind
from surveys.rounds import State
from surveys.sealing import Ballot, round_key

READERS = ("Dana Ito", "Sam Okoye")

SEED = 2026
WEEKS = 16
TIRES_FROM, TIRES_UNTIL = 8, 11  # weeks over which the level falls
TIRES_BY = 1.0  # points of the answer scale, about one standard deviation of answers
USUAL_LEVEL = 3.5
ANSWERING = 0.8  # chance that somebody answers in a week

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stand-in Slack with a Murmur connected to it."""

    sandbox: Sandbox
    murmur: Murmur
    slack: SandboxClient

    def at(self, moment: datetime) -> None:
        """Let it become this late, and let Murmur do what is due by then."""
        self.sandbox.clock.move_to(moment)
        tick_once(self.murmur)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Slack and Murmur in this process; the database and the keys live in `folder`."""
    seed = default_workspace()
    workspace = Workspace(
        people=seed.people,
        channels=seed.channels,
        installation=Installation(bot_scopes=BOT_SCOPES, events=BOT_EVENTS),
    )
    (folder / "database").mkdir()
    with Sandbox(workspace=workspace, rates=Rates.unlimited()) as sandbox:
        settings = Settings(
            slack_bot_token=sandbox.bot_token,
            slack_app_token=sandbox.app_token,
            app_secret="only-ever-used-in-the-demonstration",  # noqa: S106
            database_url=f"sqlite:///{folder / 'database' / 'murmur.db'}",
            round_key_dir=folder / "keys",
            operator_contact="it@lantern.example",
            slack_api_base_url=sandbox.api_url,
        )
        murmur = create_murmur(settings, clock=sandbox.clock.now)
        with running(murmur, tick_seconds=3600):  # the demonstration ticks by itself
            client = sandbox.client()
            client.wait_for_connection()
            yield Stage(sandbox=sandbox, murmur=murmur, slack=client)


def play(tell: Tell) -> None:
    """The whole demonstration, told through `tell`."""
    with tempfile.TemporaryDirectory(prefix="murmur-demo-") as folder, stage(Path(folder)) as scene:
        tell("A stand-in Slack and a Murmur are running on this machine. Nobody real is asked anything.\n")
        _set_up(scene, tell)
        _first_week(scene, tell)
        _more_weeks(scene, tell)
        _what_is_stored(scene, tell)


def _set_up(scene: Stage, tell: Tell) -> None:
    ruth = scene.slack.person("Ruth")
    ruth.command("/pulse")
    _show(tell, scene, "Ruth Meyer, HR, types /pulse", ruth.ephemerals()[-1].text)
    ruth.command("/pulse setup")
    ruth.fill("Team name", "Vision")
    ruth.pick("Who is on the team: everybody in a channel", "vision")
    ruth.pick("Managers: who reads the results", *READERS)
    ruth.submit()
    ruth.wait_for_view("would be asked")
    _show(tell, scene, "She fills in the form and looks at the preview", ruth.view.text)
    ruth.submit()
    ruth.wait_for_view("is set up")
    ruth.close_view()
    tick_once(scene.murmur)
    _show(tell, scene, "Priya Raman, engineer, hears of it for the first time", _latest(scene, "Priya"))


def _first_week(scene: Stage, tell: Tell) -> None:
    scene.at(_day(scene, 0, hour=23))  # somewhere it is Tuesday already, and the round opens
    scene.at(_day(scene, 1, hour=9))
    priya = scene.slack.person("Priya")
    _show(tell, scene, "Priya is asked", priya.dms()[-1].text)
    priya.press("Answer or change")
    _show(tell, scene, "She presses the button", priya.view.text)
    _answer(priya, [2, 4, 3, 4])
    _show(tell, scene, "She taps four times and presses Send", priya.view.text)
    priya.close_view()
    scene.at(_day(scene, 1, hour=20))
    rng = random.Random(SEED)  # noqa: S311 - a simulation
    for member in _vision(scene):
        person = scene.slack.person(member)
        if person.id != priya.id:
            person.press("Answer or change")
            _answer(person, [rng.randint(2, 4) for _ in range(4)])
            person.close_view()
    scene.at(_day(scene, 3, hour=9))
    _show(tell, scene, "Everybody gets the same reminder, whether they answered or not", _latest(scene, "Priya"))
    scene.at(_day(scene, 7, hour=20))
    _show(tell, scene, "Monday morning: Dana Ito, manager, reads", _latest(scene, "Dana"))
    scene.at(_day(scene, 9, hour=12))
    priya.open_home()
    _show(tell, scene, "Two working days later the team sees the same; Priya opens Murmur's Home", priya.home().text)


def _answer(person: Person, numbers: list[int]) -> None:
    questions = [field for field in person.view.fields if field.type == "radio_buttons"]
    for field, number in zip(questions, numbers, strict=True):
        person.choose(field.label, field.options[number - 1])
    person.submit()


def _more_weeks(scene: Stage, tell: Tell) -> None:
    """Weeks 2 to 16 by the functions of production, and the digest of the first flag, if there is one."""
    tell(
        f"Fifteen more weeks go by. From week {TIRES_FROM} to week {TIRES_UNTIL} the team tires: answers about burnout"
        f" fall by {TIRES_BY:g} point, about one standard deviation. Seed {SEED}.\n"
    )
    rng = random.Random(SEED)  # noqa: S311
    people = {member: rng.gauss(0, 0.6) for member in range(1, 1000)}
    flagged = None
    for week in range(2, WEEKS + 1):
        monday = _day(scene, 7 * (week - 1))
        scene.at(monday + timedelta(days=1, hours=18))
        _answer_all(scene.murmur, week, rng, people)
        scene.at(monday + timedelta(days=7, hours=20))
        digest = _latest(scene, "Dana")
        tell(f"  week {week:2}: {digest.splitlines()[0].replace('*', '')}")
        if flagged is None and "is getting worse" in digest:
            flagged = week, digest
    tell("")
    if flagged is None:
        tell("Nothing was flagged.\n")
    else:
        tell(f"First flagged in week {flagged[0]}. The digest of that week in full:")
        tell(indent(flagged[1], "    ") + "\n")


def _what_is_stored(scene: Stage, tell: Tell) -> None:
    with scene.murmur.database.reading() as session:
        slots = slots_left(session)
        codes = session.exec(select(func.count()).select_from(LedgerEntry)).one()
        latest = select(LedgerEntry).where(LedgerEntry.kind == Kind.LEVEL).order_by(col(LedgerEntry.round_id).desc())
        some = session.exec(latest.limit(3)).all()
    keys = list(scene.murmur.keys.path.iterdir())
    told = "\n".join(f"{entry.subject}: {entry.people} people, band {entry.value}" for entry in some)
    _show(
        tell,
        scene,
        "What a thief of the database and the key directory finds now",
        f"sealed ballots: {slots}\nkeys: {len(keys)}\ncodes in the ledger: {codes}, nothing finer, such as\n{told}",
    )


def _answer_all(murmur: Murmur, week: int, rng: random.Random, people: dict[int, float]) -> None:
    """Let most people of the open round answer, as their mood and the week have it."""
    with murmur.database.reading() as session:
        round_ = session.exec(select(Round).where(Round.state == State.OPEN)).one()
        known = known_items(session, round_.pulse_id)
        members = [
            member
            for unit in round_units(session, round_.id)
            for member in roster_of(session, round_.period_id or 0, unit.unit_id)
        ]
    items = [known[item_id] for item_id in round_.item_ids]
    key = round_key(murmur.settings.app_secret, murmur.keys.read(round_.key_name), round_.id)
    tired = TIRES_BY * min(max(week - TIRES_FROM + 1, 0) / (TIRES_UNTIL - TIRES_FROM + 1), 1.0)
    for member in members:
        if rng.random() >= ANSWERING:
            continue
        answers = {}
        for item in items:
            level = USUAL_LEVEL - (tired if item.driver == "burnout" else 0.0)
            options = len(scales()[item.scale].labels)
            felt = min(max(round(level + people[member] + rng.gauss(0, 0.75)), 1), options)
            answers[item.id] = options + 1 - felt if item.reverse else felt
        with murmur.database.transaction() as session:
            cast(
                session,
                round_id=round_.id,
                member_id=member,
                key=key,
                ballot=Ballot(answers=answers),
                now=murmur.clock(),
            )


def _vision(scene: Stage) -> list[str]:
    """Slack ids of the people who are asked: those of the channel who do not read its results."""
    members = next(channel.members for channel in scene.sandbox.workspace.channels if channel.name == "vision")
    people = {person.id: person.real_name for person in scene.sandbox.workspace.people}
    return [member for member in members if member in people and people[member] not in READERS]


def _day(scene: Stage, days: int, hour: int = 0) -> datetime:
    """So many days after the Monday of the first week."""
    now = scene.sandbox.clock.now()
    monday = datetime(2026, 3, 2, tzinfo=now.tzinfo)
    return monday + timedelta(days=days, hours=hour)


def _latest(scene: Stage, name: str) -> str:
    return scene.slack.person(name).dms()[-1].text


def _show(tell: Tell, scene: Stage, heading: str, text: str) -> None:
    now = scene.sandbox.clock.now()
    tell(f"{now:%A} {now.day} {now:%B}. {heading}")
    tell(indent(text, "    ") + "\n")
