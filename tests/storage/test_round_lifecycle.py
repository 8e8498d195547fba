"""The life of rounds under whatever order of events, crashes included: Hypothesis makes the orders up."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import Session, col, select

from storage import closing
from storage.ballots import RoundNotOpen
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history
from storage.pulses import pause
from storage.questions import known_items
from storage.rounds import (
    AlreadyOpen,
    NobodyToAsk,
    advance,
    close_now,
    due_steps,
    open_round,
    schedule_next,
    schedule_now,
    unfinished_round,
)
from storage.tables import Pulse, Round, Unit
from surveys.rounds import ENDED, State, Step, closing_now_discards
from surveys.scoring import code_unit
from surveys.sealing import Ballot
from tests.conftest import make_postgres_database, postgres_database_url
from tests.support.organisation import MONDAY, SECRET, Organisation
from tests.support.thief import slots

PEOPLE = 8
CODED = {State.CLOSED, State.SCRUBBED, State.PUBLISHED}
CRASHES: dict[Step, list[tuple[Any, str]]] = {
    Step.OPEN: [(KeyDirectory, "create")],
    Step.BEGIN_CLOSING: [(closing, "advance")],
    Step.CODE: [(closing, "_code"), (closing, "empty_box")],
    Step.WIPE: [(KeyDirectory, "destroy"), (closing, "wipe_leftovers")],
    Step.SCRUB: [(closing, "purge_round"), (KeyDirectory, "destroy"), (closing, "wipe_leftovers")],
}
"""Calls after which a step is cut short."""


class Crash(BaseException):
    """The process is gone; nothing catches this."""


@contextmanager
def crashing_after(owner: Any, name: str) -> Iterator[None]:
    """Cut the block short right after a call of `owner.name`."""
    original = getattr(owner, name)

    def cut(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        raise Crash

    setattr(owner, name, cut)
    try:
        yield
    except Crash:
        pass
    finally:
        setattr(owner, name, original)


class Lives(RuleBasedStateMachine):
    """One pulse, eight people, an admin, and a scheduler that may die at any moment."""

    make_storage: Callable[[], tuple[Database, KeyDirectory]]

    def __init__(self) -> None:
        super().__init__()
        self.database, self.keys = type(self).make_storage()
        self.acme = Organisation(self.database, self.keys)
        self.members = self.acme.team("Vision", PEOPLE).members
        self.now = MONDAY
        self.paused = False
        self.acknowledged: dict[int, dict[int, Ballot]] = {}

    @rule(hours=st.sampled_from([1, 7, 25, 100]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_scheduler_plans(self) -> None:
        if not self.paused:
            self._with_pulse(schedule_next)

    @rule()
    def the_scheduler_takes_what_is_due(self) -> None:
        for round_id, step in self._due():
            self._take(round_id, step)

    @rule(place=st.integers(0, 2))
    def the_scheduler_dies_while_taking_what_is_due(self, place: int) -> None:
        for round_id, step in self._due():
            crashes = CRASHES.get(step, [])
            if crashes:
                with crashing_after(*crashes[place % len(crashes)]):
                    self._take(round_id, step)

    @rule(member=st.integers(0, PEOPLE - 1), answer=st.integers(0, 5))
    def somebody_answers(self, member: int, answer: int) -> None:
        round_ = self._unfinished()
        if round_ is None or round_.state not in {State.OPEN, State.CLOSING}:
            return
        ballot = Ballot(answers=dict.fromkeys(round_.item_ids, answer) if answer else {})
        open_ = round_.state == State.OPEN and self.now < round_.closes_at
        try:
            self.acme.cast(round_.id, self.members[member], ballot, now=self.now)
        except RoundNotOpen:
            assert not open_
        else:
            assert open_
            self.acknowledged.setdefault(round_.id, {})[member] = ballot

    @rule()
    def the_admin_opens_a_round(self) -> None:
        round_ = self._unfinished()
        free = round_ is None or round_.state == State.SCHEDULED
        try:
            self._with_pulse(schedule_now)
        except AlreadyOpen:
            assert not free
        else:
            assert free

    @precondition(lambda self: self.acknowledged)
    @rule()
    def the_admin_closes_the_round(self) -> None:
        round_ = self._unfinished()
        if round_ is None or round_.state != State.OPEN:
            return
        if closing_now_discards(opened_at=round_.opens_at, now=self.now, timezone="UTC"):
            with self.database.transaction() as session:
                assert closing.throw_away(session, round_.id)  # the scheduler wipes what is left
        else:
            with self.database.transaction() as session:
                assert close_now(session, round_.id, self.now)

    @rule()
    def the_admin_pauses_or_resumes(self) -> None:
        self.paused = not self.paused
        with self.database.transaction() as session:
            pause(session, session.get_one(Pulse, self.acme.pulse_id), self.now.date() if self.paused else None)

    @invariant()
    def one_round_at_a_time(self) -> None:
        with self.database.reading() as session:
            assert len(session.exec(select(Round).where(col(Round.state).not_in(ENDED))).all()) <= 1

    @invariant()
    def there_are_slots_while_ballots_are_in_the_box_and_never_else(self) -> None:
        in_box = [round_.id for round_ in self._rounds() if round_.state in {State.OPEN, State.CLOSING}]
        assert sorted(slot.round_id for slot in slots(self.database)) == in_box * PEOPLE

    @invariant()
    def a_key_is_kept_exactly_as_long_as_it_is_needed(self) -> None:
        there = {file.stem for file in self.keys.path.glob("*")}
        for round_ in self._rounds():
            if round_.state in {State.OPEN, State.CLOSING}:
                assert round_.key_name in there
            if round_.state in {State.SCRUBBED, *ENDED}:
                assert round_.key_name not in there

    @invariant()
    def the_ledger_says_what_the_acknowledged_ballots_say(self) -> None:
        with self.database.reading() as session:
            published = history(session, session.exec(select(Unit.id)).all())
            items = known_items(session, self.acme.pulse_id)
        for round_ in self._rounds():
            codes = [p.code for p in published if p.round_id == round_.id]
            if State(round_.state) not in CODED:
                assert codes == []
                continue
            expected = code_unit(
                items=[items[item_id] for item_id in round_.item_ids],
                ballots=list(self.acknowledged.get(round_.id, {}).values()),
                roster=PEOPLE,
            )
            assert codes == sorted(expected, key=lambda code: code.subject)

    def teardown(self) -> None:
        """Whatever happened, a scheduler that stays alive brings every round to its end."""
        self.now += timedelta(days=30)
        while due := self._due():
            for round_id, step in due:
                self._take(round_id, step)
        assert {State(round_.state) for round_ in self._rounds()} <= ENDED
        self.the_ledger_says_what_the_acknowledged_ballots_say()
        self.database.dispose()

    def _take(self, round_id: int, step: Step) -> None:
        try:
            self._take_once(round_id, step)
        except NobodyToAsk:  # every question was asked in the last four weeks
            assert closing.discard(self.database, self.keys, round_id)

    def _take_once(self, round_id: int, step: Step) -> None:
        match step:
            case Step.BEGIN_CLOSING:
                closing.begin_closing(self.database, round_id)
            case Step.CODE:
                closing.code_round(self.database, self.keys, SECRET, round_id)
            case Step.SCRUB:
                assert closing.scrub(self.database, self.keys, round_id)
            case Step.SKIP:
                assert closing.discard(self.database, self.keys, round_id)
            case Step.WIPE:
                assert closing.finish_discarding(self.database, self.keys, round_id)
            case _:
                with self.database.transaction() as session:
                    if step is Step.OPEN:
                        open_round(session, self.keys, SECRET, round_id)
                    else:
                        advance(session, round_id, State.SCRUBBED, State.PUBLISHED)

    def _due(self) -> list[tuple[int, Step]]:
        with self.database.reading() as session:
            return due_steps(session, self.now)

    def _unfinished(self) -> Round | None:
        with self.database.reading() as session:
            return unfinished_round(session, self.acme.pulse_id)

    def _rounds(self) -> list[Round]:
        with self.database.reading() as session:
            return list(session.exec(select(Round).order_by(col(Round.id))))

    def _with_pulse(self, plan: Callable[[Session, Pulse, Any], object]) -> None:
        with self.database.transaction() as session:
            plan(session, session.get_one(Pulse, self.acme.pulse_id), self.now)


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 20), ("postgresql", 5)])
def test_whatever_happens_every_acknowledged_ballot_counts_once_and_no_key_outlives_its_round(
    kind: str, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def new_storage() -> tuple[Database, KeyDirectory]:
        name = secrets.token_hex(6)
        keys = KeyDirectory(tmp_path / f"{name} keys")
        if kind == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / name)
            return Database(f"sqlite:///{tmp_path / name}"), keys
        server = request.getfixturevalue("postgres_url")
        make_postgres_database(server, name, request.getfixturevalue("postgres_template"))
        return Database(postgres_database_url(server, name)), keys

    class OnThisDatabase(Lives):
        make_storage = staticmethod(new_storage)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
