"""The auditor's word on a round: before it opens, and again when it is coded."""

from dataclasses import replace

import pytest
from sqlmodel import select

from storage.closing import begin_closing, code_round, discard
from storage.database import Database
from storage.keys import KeyDirectory
from storage.ledger import history
from storage.plans import foreseen_only, plan_of
from storage.questions import add_question
from storage.rounds import PlanRefused, freeze_limits, keep_refused, open_round, round_units, schedule_now
from storage.tables import LedgerEntry, Pulse, Round, RoundUnit
from storage.verification.findings import Verdict
from surveys.audit_plans import UnitPlan
from surveys.release import Code, Kind
from surveys.rounds import State
from surveys.sealing import Ballot
from surveys.themes import themes
from tests.support.organisation import SECRET, TUESDAY, WEEK, Group, Organisation, count
from tests.support.thief import slots
from tests.support.vandal import Scene

STAY = "intent-to-stay.here"


def with_a_question_nobody_may_be_asked(acme: Organisation) -> int:
    """A round to come in which a small unit would be asked whether they stay, past the form that refuses it."""
    with acme.database.transaction() as session:
        for number in range(4):
            add_question(
                session,
                acme.pulse_id,
                driver="intent-to-stay",
                text=f"I will be here in {number + 2} years.",
                reverse=False,
                on=TUESDAY.date(),
            )
    for week in range(20):
        with acme.database.transaction() as session:
            round_id = schedule_now(session, session.get_one(Pulse, acme.pulse_id), TUESDAY + week * WEEK).id
        try:
            with acme.database.transaction() as session:
                assert open_round(session, acme.keys, SECRET, round_id)
        except PlanRefused:
            return round_id
        discard(acme.database, acme.keys, round_id)
    raise AssertionError("the question never had its turn")


def test_a_round_whose_plan_is_refused_does_not_open_and_leaves_no_key_no_slot_and_no_roster(
    database: Database, keys: KeyDirectory
) -> None:
    acme = Organisation(database, keys)
    acme.team("Vision", 9)
    round_id = with_a_question_nobody_may_be_asked(acme)
    assert acme.state(round_id) is State.SCHEDULED
    with pytest.raises(PlanRefused) as refused, database.transaction() as session:
        open_round(session, keys, SECRET, round_id)
    assert refused.value.refused == [["question"]]
    assert slots(database) == []
    assert list(keys.path.glob("*")) == []
    with database.reading() as session:
        assert session.exec(select(RoundUnit).where(RoundUnit.round_id == round_id)).all() == []
    assert acme.round(round_id).period_id is None


def test_what_was_refused_is_kept_with_the_round_and_verified(scene: Scene) -> None:
    with scene.database.transaction() as session:
        keep_refused(session, scene.closed, [["overlap", "Vision", "Search"], ["question"]])
    assert scene.acme.round(scene.closed).refused == [["overlap", "Vision", "Search"], ["question"]]
    assert scene.failed() == {}
    with scene.database.transaction() as session:
        keep_refused(session, scene.closed, [["Priya answered 2", "Vision"]])
    assert "not in the auditor's words" in scene.failed()["rounds"]


def asking_whether_they_stay(acme: Organisation) -> int:
    """An open round that asks it."""
    for week in range(20):
        round_id = acme.open(TUESDAY + week * WEEK)
        if STAY in acme.round(round_id).item_ids:
            return round_id
        discard(acme.database, acme.keys, round_id)
    raise AssertionError("the question never had its turn")


@pytest.fixture
def acme(database: Database, keys: KeyDirectory) -> Organisation:
    return Organisation(database, keys, question_set="ai-team-weekly")


@pytest.fixture
def platform(acme: Organisation) -> Group:
    return acme.team("Platform", 32)


@pytest.fixture
def vision(acme: Organisation) -> Group:
    return acme.team("Vision", 30)


def coded(acme: Organisation, round_id: int) -> dict[str, list[Code]]:
    """What the ledger says of a round, by unit in id order."""
    with acme.database.reading() as session:
        units = [size.unit_id for size in round_units(session, round_id)]
        published = [one for one in history(session, units) if one.round_id == round_id]
    return {name: [p.code for p in published if p.unit_id == unit] for name, unit in zip("PV", units, strict=False)}


def test_of_a_unit_whose_codes_the_plan_did_not_foresee_nothing_is_shown_and_the_others_are_published(
    acme: Organisation, platform: Group, vision: Group
) -> None:
    round_id = asking_whether_they_stay(acme)
    now = acme.round(round_id).opens_at
    forged = Ballot(answers=dict.fromkeys(acme.round(round_id).item_ids, 4) | {STAY: 9})  # past the form
    honest = Ballot(answers=dict.fromkeys(acme.round(round_id).item_ids, 4))
    for group, ballot in ((platform, forged), (vision, honest)):
        for member in group.members[:9]:
            acme.cast(round_id, member, ballot, now=now)
    told: list[list[list[str]] | None] = []
    begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id, lambda _session, round_: told.append(round_.refused))
    assert told == [[["unforeseen", "Platform"]]]
    assert acme.state(round_id) is State.CLOSED
    codes = coded(acme, round_id)
    assert {code.value for code in codes["P"] if code.kind is not Kind.PARTICIPATION} == {None}
    assert {code.people for code in codes["P"]} == {None}
    assert [code.value for code in codes["P"] if code.kind is Kind.PARTICIPATION] == [0]
    assert {code.subject: code.value for code in codes["V"]}[STAY] == 4
    assert slots(acme.database) == []


def test_the_same_round_with_answers_as_they_should_be_is_published_and_nobody_is_told(
    acme: Organisation, platform: Group
) -> None:
    round_id = asking_whether_they_stay(acme)
    told: list[Round] = []
    for member in platform.members[:9]:
        acme.cast(round_id, member, acme.ballot(round_id, 2), now=acme.round(round_id).opens_at)
    begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id, lambda _session, round_: told.append(round_))
    assert told == []
    assert acme.round(round_id).refused is None
    assert {code.subject: code.value for code in coded(acme, round_id)["P"]}[STAY] == 2


def test_a_round_that_was_opened_with_a_plan_that_is_refused_by_now_shows_nothing(
    acme: Organisation, vision: Group
) -> None:
    with acme.database.transaction() as session:
        own = add_question(
            session, acme.pulse_id, driver="morale", text="I am at ease.", reverse=False, on=TUESDAY.date()
        )
    round_id = acme.open()
    with acme.database.transaction() as session:  # as if an older version had opened it
        round_ = session.get_one(Round, round_id)
        round_.item_ids = [*round_.item_ids[:1], f"own-{own.id}"]
        own.driver = "intent-to-stay"
        session.add(round_)
        session.add(own)
    for member in vision.members[:9]:
        acme.answer(round_id, member, 3)
    begin_closing(acme.database, round_id)
    code_round(acme.database, acme.keys, SECRET, round_id)
    assert acme.round(round_id).refused == [["question"]]
    with acme.database.reading() as session:
        shown = session.exec(select(LedgerEntry.subject).where(LedgerEntry.value != None)).all()  # noqa: E711
        assert shown == []
        assert count(session, LedgerEntry) == 2 + 1 + len(themes()) + 1  # questions, tone, themes, participation


def test_how_many_took_part_is_kept_back_too_when_it_is_what_was_not_foreseen() -> None:
    plan = plan_of([UnitPlan(unit_id=1, name="Vision", members=frozenset(range(9)))], [], None)
    code = Code(kind=Kind.PARTICIPATION, subject="participation", driver="", people=None, value=1)
    allowed, kept_back = foreseen_only(plan, {1: [code], 2: [code]})
    assert allowed == {1: (code,), 2: (replace(code, value=None),)}, "2 is no unit of the plan"
    assert kept_back == [["unforeseen", ""]]


@pytest.mark.parametrize("refused", [None, [["question"]]])
def test_only_a_round_of_which_something_was_refused_may_keep_back_how_many_took_part(
    scene: Scene, refused: list[list[str]] | None
) -> None:
    if refused:
        with scene.database.transaction() as session:
            keep_refused(session, scene.closed, refused)
    scene.in_ledger(
        "UPDATE ledgerentry SET value = NULL WHERE subject = 'participation' AND round_id = :round AND unit_id = 1",
        round=scene.closed,
    )
    assert any("participation is not told" in words for words in scene.failed().values()) is not bool(refused)


def test_the_limit_of_flags_is_kept_with_the_units_of_a_round(acme: Organisation, vision: Group) -> None:
    round_id = acme.open()
    with acme.database.transaction() as session:
        (unit,) = round_units(session, round_id)
        assert unit.flag_limit is None
        freeze_limits(session, round_id, {unit.unit_id: 130.0})
    with acme.database.reading() as session:
        assert [size.flag_limit for size in round_units(session, round_id)] == [130]


def test_a_limit_that_would_flag_everything_is_found(scene: Scene) -> None:
    scene.run("UPDATE roundunit SET flag_limit = 130")
    assert [one for one in scene.findings() if one.verdict is Verdict.NOT] == []
    scene.run("UPDATE roundunit SET flag_limit = 1 WHERE round_id = :round AND unit_id = 1", round=scene.closed)
    assert scene.failed().keys() == {"rounds"}
