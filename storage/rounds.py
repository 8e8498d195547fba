"""Rounds from schedule to open: who is asked, what, and under which key. What follows is in closing.py."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.ballots import create_slots
from storage.keys import KeyDirectory, new_name
from storage.people import insert_or_ignore
from storage.plans import Refusal, plan_of, refusals
from storage.pulses import cadence_of, timezones_of
from storage.questions import active_items, asked_before
from storage.rosters import period_for, present, units_in_period
from storage.tables import Pulse, RosterEntry, Round, RoundUnit, Unit, Workspace
from surveys.audit import audit_plan
from surveys.audit_plans import UnitPlan
from surveys.cadence import RoundTimes, next_round, open_now
from surveys.questions import load_question_sets
from surveys.release import FLOOR
from surveys.rotation import choose
from surveys.rounds import ENDED, State, Step, due
from surveys.sealing import round_key
from surveys.units import SMALLEST


class AlreadyOpen(Exception):
    """The pulse has a round that has not ended; there is one at a time."""


class NobodyToAsk(Exception):
    """The pulse has no unit that is large enough."""


class NothingToAsk(NobodyToAsk):
    """The pulse has no question that may be asked again already."""


class PlanRefused(Exception):
    """The auditor found that what the round would publish could tell something of single people."""

    def __init__(self, refused: list[Refusal]) -> None:
        """`refused`: why, and which units."""
        super().__init__("the auditor refused the plan of the round")
        self.refused = refused


def unfinished_round(session: Session, pulse_id: int) -> Round | None:
    """The one round of the pulse that has not ended, if any; one being thrown away only if there is no other."""
    query = (
        select(Round)
        .where(Round.pulse_id == pulse_id, col(Round.state).not_in(ENDED))
        .order_by(col(Round.state) == State.DISCARDING, col(Round.id))
        .limit(1)
    )
    return session.exec(query).first()


def schedule_next(session: Session, pulse: Pulse, now: datetime) -> None:
    """Make sure that the pulse has a round to come. Replicas may do so at once: a round has one opening time."""
    _one_at_a_time(session, pulse)
    if unfinished_round(session, pulse.id) is not None:
        return
    last = session.exec(
        select(Round).where(Round.pulse_id == pulse.id).order_by(col(Round.opens_at).desc()).limit(1)
    ).first()
    times = next_round(
        cadence_of(pulse),
        max(now, last.closes_at) if last and last.state == State.PUBLISHED else now,
        timezones_of(session, pulse.id),
        last=last.opens_on if last else None,
    )
    _insert(session, pulse, times)


def reschedule(session: Session, pulse: Pulse, now: datetime) -> None:
    """Work the next opening out again, after the pulse's teams or its cadence changed."""
    _one_at_a_time(session, pulse)
    _withdraw(session, pulse)
    schedule_next(session, pulse, now)


def schedule_now(session: Session, pulse: Pulse, now: datetime) -> Round:
    """Schedule a round that opens at once, in place of the one to come. Raises AlreadyOpen."""
    _one_at_a_time(session, pulse)
    _withdraw(session, pulse)
    if unfinished_round(session, pulse.id) is not None:
        raise AlreadyOpen("a round has not ended yet")
    times = open_now(cadence_of(pulse), now)
    while not _insert(session, pulse, times):  # a round opened at this very instant was thrown away
        times = replace(times, opens_at=times.opens_at + timedelta(microseconds=1))
    opened = unfinished_round(session, pulse.id)
    assert opened is not None
    return opened


def times_of(round_: Round) -> RoundTimes:
    """When a round happens."""
    return RoundTimes(
        opens_on=round_.opens_on,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        reminds_on=round_.reminds_on,
    )


def due_steps(session: Session, now: datetime) -> list[tuple[int, Step]]:
    """What is due: pairs of round id and step, in the order in which the rounds opened."""
    query = (
        select(Round, Pulse)
        .join(Pulse)
        .where(col(Round.state).not_in(ENDED))
        .order_by(col(Round.opens_at), col(Round.id))
    )
    steps = [
        (
            round_.id,
            due(
                state=State(round_.state),
                opens_at=round_.opens_at,
                closes_at=round_.closes_at,
                now=now,
                paused=pulse.paused_on is not None,
            ),
        )
        for round_, pulse in session.exec(query)
    ]
    return [(round_id, step) for round_id, step in steps if step is not None]


def advance(session: Session, round_id: int, before: State, after: State) -> bool:
    """Take a round from one state to the next; False when another process was first."""
    changed = session.execute(
        update(Round)
        .where(col(Round.id) == round_id, col(Round.state) == before)
        .values(state=after)
        .returning(col(Round.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def open_round(session: Session, keys: KeyDirectory, secret: str, round_id: int) -> Round | None:
    """Open a scheduled round: freeze units, rosters, questions, threshold and the promise about flags, make the key,
    lay out the slots.

    None when another process opened it first. Raises NobodyToAsk, and PlanRefused when the auditor does not accept
    what would be published. The nonce is on disk before the caller commits. Its name was settled when the round was
    scheduled, so whoever tries again after a crash, or throws the round away, finds what was left.
    """
    if not advance(session, round_id, State.SCHEDULED, State.OPEN):
        return None
    round_ = session.get_one(Round, round_id, populate_existing=True)
    pulse = session.get_one(Pulse, round_.pulse_id)
    period = period_for(session, pulse, round_.opens_on)
    # Who has left or opted out meanwhile is not asked, nor anybody in a unit too small to have results.
    counted = {unit.id: present(session, period.id, unit.id) for unit, _ in units_in_period(session, period.id)}
    units = [(unit, size) for unit, size in units_in_period(session, period.id) if len(counted[unit.id]) >= SMALLEST]
    if not units:
        raise NobodyToAsk(f"{pulse.name} has nobody to ask")
    items = choose(
        active_items(session, pulse),
        asked=asked_before(session, pulse.id),
        on=round_.opens_on,
        count=load_question_sets()[pulse.question_set].per_round,
        # Everybody gets the same questions, so none may be meant for larger units than the smallest.
        roster=min(len(counted[unit.id]) for unit, _ in units),
    )
    if not items:
        raise NothingToAsk(f"every question of {pulse.name} was asked in the last four weeks")
    planned = [UnitPlan(unit_id=unit.id, name=unit.name, members=frozenset(counted[unit.id])) for unit, _ in units]
    audit = audit_plan(plan_of(planned, items, pulse.threshold))
    if not audit.accepted:
        raise PlanRefused(refusals(audit))
    session.add_all(
        RoundUnit(
            round_id=round_id,
            unit_id=unit.id,
            roster=len(counted[unit.id]),
            replaced=size.replaced if _first_of_period(session, round_, period.id) else 0,
        )
        for unit, size in units
    )
    keys.destroy(round_.key_name)  # of an opening that was cut short; this process alone has the claim now
    key = round_key(secret, keys.create(round_.key_name), round_id)
    round_.period_id = period.id
    round_.threshold = max(pulse.threshold, FLOOR)
    round_.false_flag_months = session.get_one(Workspace, pulse.workspace_id).false_flag_months
    round_.item_ids = [item.id for item in items]
    round_.key_fingerprint = key.fingerprint
    session.add(round_)
    session.flush()
    create_slots(session, round_id, key, [counted[unit.id] for unit, _ in units])
    return round_


def freeze_limits(session: Session, round_id: int, limits: Mapping[int, float]) -> None:
    """Keep with each unit of a round, by id, the mean number of observations to a false flag that holds for it, so
    that no flag changes when managers, teams or questions do.
    """
    for size in round_units(session, round_id):
        size.flag_limit = round(limits[size.unit_id])
        session.add(size)


def keep_refused(session: Session, round_id: int, refused: Sequence[Refusal]) -> None:
    """Keep with a round what the auditor refused of it."""
    round_ = session.get_one(Round, round_id)
    round_.refused = list(refused)
    session.add(round_)


def close_now(session: Session, round_id: int, now: datetime) -> bool:
    """Bring the closing of an open round forward to `now`. False when it is not open any more."""
    changed = session.execute(
        update(Round)
        .where(col(Round.id) == round_id, col(Round.state) == State.OPEN)
        .values(closes_at=now)
        .returning(col(Round.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def round_units(session: Session, round_id: int) -> list[RoundUnit]:
    """The units of a round with their frozen sizes, in id order."""
    query = select(RoundUnit).where(RoundUnit.round_id == round_id).order_by(col(RoundUnit.unit_id))
    return list(session.exec(query))


def unit_asked(session: Session, round_: Round, member_id: int) -> Unit | None:
    """The unit in which a round asks the member, if it does."""
    query = (
        select(Unit)
        .join(RosterEntry, col(RosterEntry.unit_id) == Unit.id)
        .join(RoundUnit, col(RoundUnit.unit_id) == Unit.id)
        .where(
            RosterEntry.period_id == round_.period_id,
            RosterEntry.member_id == member_id,
            RoundUnit.round_id == round_.id,
        )
    )
    return session.exec(query).one_or_none()


def published_rounds(session: Session, pulse_id: int) -> list[Round]:
    """The published rounds of a pulse, latest first."""
    query = (
        select(Round)
        .where(Round.pulse_id == pulse_id, Round.state == State.PUBLISHED)
        .order_by(col(Round.closes_at).desc())
    )
    return list(session.exec(query))


def _insert(session: Session, pulse: Pulse, times: RoundTimes) -> bool:
    """Schedule a round; False when the pulse has, or had, one that opens at the same instant."""
    row = {
        "pulse_id": pulse.id,
        "state": State.SCHEDULED,
        "opens_on": times.opens_on,
        "opens_at": times.opens_at,
        "closes_at": times.closes_at,
        "reminds_on": times.reminds_on,
        "item_ids": [],
        "key_name": new_name(),
    }
    return bool(insert_or_ignore(session, Round, [row]))


def _one_at_a_time(session: Session, pulse: Pulse) -> None:
    """Hold off everybody else who plans rounds of this pulse; on SQLite the write transaction does."""
    # key_share: opening a round refers to the pulse meanwhile, and must not have to wait.
    session.execute(select(Pulse.id).where(Pulse.id == pulse.id).with_for_update(key_share=True))


def _withdraw(session: Session, pulse: Pulse) -> None:
    """Take the round to come back, unless another process has opened it by now."""
    session.execute(
        delete(Round)
        .where(col(Round.pulse_id) == pulse.id, col(Round.state) == State.SCHEDULED)
        .execution_options(synchronize_session="fetch")
    )


def _first_of_period(session: Session, round_: Round, period_id: int) -> bool:
    """Whether no earlier round of this period was coded: people who are new to it count as replaced only once."""
    query = (
        select(Round.id)
        .where(
            Round.period_id == period_id,
            Round.id != round_.id,
            col(Round.state).not_in((State.DISCARDING, State.DISCARDED)),
        )
        .limit(1)
    )
    return session.exec(query).first() is None
