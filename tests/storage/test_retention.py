"""What is kept about people is kept for its time, and then gone; what is needed stays, and nothing is sent again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import retention
from storage.outbox import Letter, put, was_sent_before
from storage.pulses import changes, record_change
from storage.retention import BATCH, DIGESTS, MESSAGES, RECORDS, ROSTERS, WELCOMES, WORDS, clear_out
from storage.rosters import PERIOD, period_for, units_in_period
from storage.tables import (
    Change,
    LedgerEntry,
    Member,
    OutboxMessage,
    Promise,
    Pulse,
    Request,
    RosterEntry,
    RosterPeriod,
    Round,
    RoundUnit,
)
from storage.verification.findings import Verdict
from storage.verification.outbox import _ABOUT
from surveys.rounds import State
from tests.support.organisation import TUESDAY, WEEK, Organisation, count
from tests.support.vandal import Scene

LONG = timedelta(days=1000)
FOUR_WEEKS = 4 * WEEK


def run_for(acme: Organisation, periods: int) -> list[int]:
    """Ask in the first week of so many roster periods, four weeks apart. Returns the ids of the rounds."""
    rounds = []
    for number in range(periods):
        round_id = acme.open(TUESDAY + number * FOUR_WEEKS)
        acme.close(round_id)
        rounds.append(round_id)
    return rounds


def rosters(acme: Organisation) -> dict[date, int]:
    """How many people are on the roster of each period, by the day on which it began."""
    with acme.database.reading() as session:
        periods = session.exec(select(RosterPeriod)).all()
        entries = session.exec(select(RosterEntry.period_id)).all()
        return {period.starts_on: entries.count(period.id) for period in periods}


def message(acme: Organisation, kind: str, due_at: datetime, *, state: str = "sent", **about: Any) -> int:
    """Put a message into the outbox as it is after it was sent, or given up. Returns its id."""
    letter = replace(Letter(kind=kind, member_id=acme.admin_id, due_at=due_at), **about)
    with acme.database.transaction() as session:
        put(session, acme.workspace_id, [letter])
        row = session.exec(select(OutboxMessage).where(OutboxMessage.natural_key == letter.natural_key)).one()
        row.state = state
        session.add(row)
        return row.id


def left(acme: Organisation) -> set[int]:
    """Ids of the messages that are left."""
    with acme.database.reading() as session:
        return set(session.exec(select(OutboxMessage.id)))


def test_rosters_go_a_quarter_after_they_ended_and_not_a_day_before(acme: Organisation) -> None:
    acme.team("Vision", 9)
    run_for(acme, 6)
    first = TUESDAY.date()
    last_day = TUESDAY + PERIOD + ROSTERS
    assert clear_out(acme.database, last_day) == 0
    assert rosters(acme)[first] == 9
    assert clear_out(acme.database, last_day + timedelta(days=1)) == 9
    assert rosters(acme)[first] == 0
    assert set(list(rosters(acme).values())[1:]) == {9}
    with acme.database.reading() as session:  # what results rest on stays
        assert count(session, RosterPeriod) == count(session, Round) == count(session, RoundUnit) == 6
        assert session.exec(select(LedgerEntry)).all()


def test_the_latest_two_rosters_of_a_pulse_stay_however_old_they_are(acme: Organisation) -> None:
    acme.team("Vision", 9)
    run_for(acme, 4)
    other = acme.pulse("Another pulse")
    acme.team("Speech", 7, pulse_id=other)
    acme.close(acme.open(TUESDAY, other))
    clear_out(acme.database, TUESDAY + LONG)
    with acme.database.reading() as session:
        there = session.exec(select(RosterPeriod).join(RosterEntry).distinct()).all()
        kept = [(period.pulse_id, period.starts_on) for period in there]
    begun = [TUESDAY.date() + number * FOUR_WEEKS for number in (2, 3)]
    assert sorted(kept) == [(acme.pulse_id, begun[0]), (acme.pulse_id, begun[1]), (other, TUESDAY.date())]


def test_who_is_new_is_told_from_who_was_there_after_old_rosters_are_gone(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    run_for(acme, 6)
    clear_out(acme.database, TUESDAY + LONG)
    acme.join(vision, acme.people(2))
    with acme.database.transaction() as session:
        pulse = session.get_one(Pulse, acme.pulse_id)
        period = period_for(session, pulse, TUESDAY.date() + 6 * FOUR_WEEKS)
        assert [(size.roster, size.replaced) for _, size in units_in_period(session, period.id)] == [(11, 2)]


def test_a_roster_stays_while_a_round_that_counts_by_it_has_not_ended(acme: Organisation) -> None:
    acme.team("Vision", 9)
    first, *_ = run_for(acme, 4)
    with acme.database.transaction() as session:
        session.get_one(Round, first).state = State.SCRUBBED
    clear_out(acme.database, TUESDAY + LONG)
    assert list(rosters(acme).values()) == [9, 0, 9, 9]


def test_the_roster_of_the_latest_published_round_stays_because_it_tells_who_reads(acme: Organisation) -> None:
    acme.team("Vision", 9)
    rounds = run_for(acme, 5)
    with acme.database.transaction() as session:
        for round_id in rounds[1:]:
            session.get_one(Round, round_id).state = State.DISCARDED
    clear_out(acme.database, TUESDAY + LONG)
    assert list(rosters(acme).values()) == [9, 0, 0, 9, 9]


def test_what_goes_does_not_depend_on_who_answered(acme: Organisation) -> None:
    vision = acme.team("Vision", 9)
    for number, answering in enumerate([0, 9, 5, 9, 0]):
        round_id = acme.open(TUESDAY + number * FOUR_WEEKS)
        for member_id in vision.members[:answering]:
            acme.answer(round_id, member_id, 4)
        acme.close(round_id)
    clear_out(acme.database, TUESDAY + LONG)
    assert list(rosters(acme).values()) == [0, 0, 0, 9, 9]


def test_every_kind_of_message_has_its_time() -> None:
    purged_at_the_close = {"invitation", "reminder"}
    assert set(_ABOUT) - purged_at_the_close == {*DIGESTS, *WORDS, *WELCOMES}


def test_a_digest_goes_eight_weeks_after_it_was_due_unless_it_is_the_latest_of_its_unit(acme: Organisation) -> None:
    acme.team("Vision", 9)
    first, second, third = run_for(acme, 3)
    sent = [message(acme, "digest", TUESDAY, round_id=round_id, unit_id=1) for round_id in (first, second)]
    failed = message(acme, "digest", TUESDAY, round_id=third, unit_id=1, state="failed")
    waiting = message(acme, "department-digest", TUESDAY, round_id=third, team_id=1, state="waiting")
    assert clear_out(acme.database, TUESDAY + MESSAGES) == 0
    assert clear_out(acme.database, TUESDAY + MESSAGES + timedelta(hours=1)) == 2
    assert left(acme) == {sent[1], waiting}
    assert failed not in left(acme)
    later = message(acme, "digest", TUESDAY + WEEK, round_id=third, unit_id=1, state="waiting")
    with acme.database.reading() as session:  # the next one does not explain itself as the first does
        assert was_sent_before(session, session.get_one(OutboxMessage, later))
    clear_out(acme.database, TUESDAY + RECORDS + WEEK)
    assert left(acme) == {waiting, later}


def test_a_message_that_came_late_counts_from_when_it_was_sent(acme: Organisation) -> None:
    acme.team("Vision", 9)
    (round_id,) = run_for(acme, 1)
    late = message(acme, "refused", TUESDAY, round_id=round_id)
    with acme.database.transaction() as session:
        session.get_one(OutboxMessage, late).not_before = TUESDAY + WEEK
    clear_out(acme.database, TUESDAY + MESSAGES + WEEK)
    assert left(acme) == {late}
    clear_out(acme.database, TUESDAY + MESSAGES + WEEK + timedelta(hours=1))
    assert left(acme) == set()


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("state", ["sent", "failed", "dropped"])
def test_words_that_an_older_version_left_in_the_outbox_go(acme: Organisation, kind: str, state: str) -> None:
    acme.team("Vision", 9)
    (round_id,) = run_for(acme, 1)
    message(acme, kind, TUESDAY, state=state, round_id=round_id)
    clear_out(acme.database, TUESDAY + LONG)
    assert left(acme) == set()


def test_a_greeting_stays_as_long_as_somebody_is_on_a_team_of_the_pulse_so_that_it_is_not_sent_again(
    acme: Organisation,
) -> None:
    acme.team("Vision", [acme.admin_id, *acme.people(5)])
    other = acme.pulse("Another pulse")
    here = message(acme, "welcome", TUESDAY, pulse_id=acme.pulse_id)
    message(acme, "welcome", TUESDAY, pulse_id=other)
    clear_out(acme.database, TUESDAY + LONG)
    assert left(acme) == {here}


def test_the_audit_log_goes_back_two_years(acme: Organisation) -> None:
    with acme.database.transaction() as session:
        admin = session.get_one(Member, acme.admin_id)
        for number, on in enumerate([TUESDAY.date(), TUESDAY.date() + timedelta(days=1)]):
            record_change(
                session, workspace_id=acme.workspace_id, admin=admin, form_key=str(number), on=on, what=str(on)
            )
    assert clear_out(acme.database, TUESDAY + RECORDS) == 0
    assert clear_out(acme.database, TUESDAY + RECORDS + timedelta(days=1)) == 1
    with acme.database.reading() as session:
        assert [change.what for change in changes(session, acme.workspace_id)] == ["2026-03-04"]


def promise(member_id: int, key: str, state: str = "open", ended_on: date | None = None) -> Promise:
    return Promise(
        unit_id=1,
        member_id=member_id,
        form_key=key,
        text=key,
        made_on=TUESDAY.date(),
        state=state,
        ended_on=ended_on,
    )


def test_promises_and_requests_go_two_years_after_they_ended_and_those_that_stand_stay(acme: Organisation) -> None:
    acme.team("Vision", 9)
    run_for(acme, 1)
    manager, leader = acme.people(2)
    on, later = TUESDAY.date(), TUESDAY.date() + timedelta(days=300)
    with acme.database.transaction() as session:
        rows = [
            promise(manager, "stands"),
            promise(manager, "kept", state="kept", ended_on=on),
            promise(leader, "answers", state="kept", ended_on=on),
            promise(leader, "answers later", state="kept", ended_on=later),
        ]
        session.add_all(rows)
        session.flush()
        by_key = {row.form_key: row.id for row in rows}
        shared = {"unit_id": 1, "driver": "burnout", "member_id": manager, "leader_id": leader, "made_on": on}
        for key, state, ended_on, answer in (
            ("waits", "open", None, None),
            ("declined", "declined", on, None),
            ("promised", "promised", on, by_key["answers"]),
            ("promised later", "promised", on, by_key["answers later"]),
        ):
            session.add(
                Request(form_key=key, text=key, state=state, ended_on=ended_on, promise_id=answer, **shared)  # type: ignore[arg-type]
            )

    def texts() -> tuple[set[str], set[str]]:
        with acme.database.reading() as session:
            return set(session.exec(select(Promise.text))), set(session.exec(select(Request.text)))

    assert clear_out(acme.database, TUESDAY + RECORDS) == 0
    clear_out(acme.database, TUESDAY + RECORDS + timedelta(days=1))
    assert texts() == ({"stands", "answers later"}, {"waits", "promised later"})
    clear_out(acme.database, TUESDAY + 2 * RECORDS)
    assert texts() == ({"stands"}, {"waits"})


def test_many_rows_go_in_several_transactions(acme: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    with acme.database.transaction() as session:
        session.add_all(
            Change(
                workspace_id=acme.workspace_id,
                member_id=acme.admin_id,
                form_key=str(number),
                made_on=TUESDAY.date(),
                what="x",
            )
            for number in range(2 * BATCH + 1)
        )
    counts: list[int] = []
    real = retention.old_changes

    def counted(session: object, now: datetime) -> int:
        counts.append(real(session, now))  # type: ignore[arg-type]
        return counts[-1]

    monkeypatch.setattr(retention, "old_changes", counted)
    assert clear_out(acme.database, TUESDAY + LONG) == 2 * BATCH + 1
    assert counts == [BATCH, BATCH, 1, 0]


def test_nobody_is_forgotten_who_asked_to_be_left_out(acme: Organisation) -> None:
    (gone,) = acme.people(1)
    with acme.database.transaction() as session:
        member = session.get_one(Member, gone)
        member.opted_out_on, member.active = TUESDAY.date(), False
    clear_out(acme.database, TUESDAY + LONG)
    with acme.database.reading() as session:
        assert session.get_one(Member, gone).opted_out_on == TUESDAY.date()


def noted(scene: Scene, check: str) -> Sequence[str]:
    return [one.words for one in scene.findings() if one.check == check and one.verdict is Verdict.NOTE]


def passing(scene: Scene, periods: int) -> None:
    """Let so many periods pass, with a round in each, after the one that is open."""
    scene.acme.close(scene.open)
    with scene.database.transaction() as session:
        for one in session.exec(select(OutboxMessage).where(OutboxMessage.round_id == scene.open)):
            session.delete(one)
    for number in range(1, periods + 1):
        scene.acme.close(scene.acme.open(TUESDAY + number * FOUR_WEEKS))


def test_what_retention_deleted_is_not_held_against_anybody_and_is_said(scene: Scene) -> None:
    passing(scene, 6)
    assert scene.failed() == {}
    clear_out(scene.database, TUESDAY + 6 * FOUR_WEEKS)
    assert rosters(scene.acme)[TUESDAY.date()] == 0
    assert scene.failed() == {}
    (words,) = noted(scene, "frozen")
    assert words.startswith("of 2 periods only the sizes are left to be checked")
    assert noted(scene, "kept for its time") == []


def test_a_roster_of_which_only_some_are_gone_or_that_should_be_there_is_held_against_somebody(scene: Scene) -> None:
    passing(scene, 6)
    scene.run("DELETE FROM rosterentry WHERE period_id = 1 AND member_id <> :left", left=scene.vision.members[0])
    assert set(scene.failed()) == {"frozen"}
    scene.run("DELETE FROM rosterentry WHERE period_id = 1")
    assert scene.failed() == {}
    with scene.database.reading() as session:
        latest = max(session.exec(select(RosterPeriod.id)))
    scene.run("DELETE FROM rosterentry WHERE period_id = :latest", latest=latest)
    assert set(scene.failed()) == {"frozen"}


def test_rows_that_are_older_than_their_time_are_noted(scene: Scene) -> None:
    assert noted(scene, "kept for its time") == []
    passing(scene, 7)
    with scene.database.transaction() as session:
        digest = Letter(kind="digest", member_id=scene.reader, round_id=scene.open, unit_id=1, due_at=TUESDAY)
        put(session, scene.acme.workspace_id, [digest])
        for one in session.exec(select(OutboxMessage)):
            one.state = "sent"
            session.add(one)
    roster, message = noted(scene, "kept for its time")
    assert roster.startswith("longer than it should be: 3 rosters.")
    assert message.startswith("longer than it should be: 1 message.")
    assert "kept for its time" not in scene.failed()
    clear_out(scene.database, TUESDAY + 7 * FOUR_WEEKS)
    assert noted(scene, "kept for its time") == []


def test_an_answer_that_stays_with_its_promise_is_not_noted_before_that_has_had_its_time(scene: Scene) -> None:
    passing(scene, 0)
    on, later = TUESDAY.date(), TUESDAY.date() + timedelta(days=300)
    (leader,) = scene.acme.people(1)
    with scene.database.transaction() as session:
        answer = promise(leader, "answers", state="kept", ended_on=later)
        session.add(answer)
        session.flush()
        session.add(
            Request(
                unit_id=1,
                driver="burnout",
                member_id=scene.reader,
                leader_id=leader,
                form_key="promised",
                text="x",
                state="promised",
                made_on=on,
                ended_on=on,
                promise_id=answer.id,
            )
        )
    scene.acme.close(scene.acme.open(TUESDAY + RECORDS + 4 * WEEK))
    clear_out(scene.database, TUESDAY + RECORDS + 4 * WEEK)
    assert noted(scene, "kept for its time") == []
    scene.acme.close(scene.acme.open(TUESDAY + RECORDS + timedelta(days=329)))
    _roster, words = noted(scene, "kept for its time")
    assert words.startswith("longer than it should be: 2 promises and requests.")
