"""What a leader reads and can do about a request, and what becomes of it when things change meanwhile."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot.follow_up import answerable, asked_of, may_end, promises_for, reading_of
from bot.views.raising import WHY
from storage.people import Person, replace_managers, save_people
from storage.promises import make_promise
from storage.requests import end_request, requests_to
from storage.tables import Promise, Request, Round, Team, Unit
from surveys.requests import Outcome
from tests.journeys.steps import replay
from tests.support.company import member, team
from tests.support.raised import FIELD, MONDAY, TUESDAY_MORNING, ask, filled_in, flagged, letters, stored
from tests.support.running_murmur import Stage


def latest(session: Session) -> Round:
    """The latest round whose digests have gone out."""
    return session.exec(select(Round).where(Round.state == "published").order_by(col(Round.id).desc())).first()  # type: ignore[return-value]


def test_a_leader_reads_the_unit_from_the_request_until_it_is_declined_and_may_end_their_promise(
    backstage: Stage,
) -> None:
    stage = flagged(backstage)
    with stage.murmur.database.transaction() as session:
        unit, ruth, dana = session.exec(select(Unit)).one(), member(session, "Ruth"), member(session, "Dana")
        now = stage.murmur.clock()
        assert reading_of(session, unit.id, ruth, now) is None
        request_id = ask(session, stage)
        reading = reading_of(session, unit.id, ruth, now)
        assert reading is not None
        assert (reading.unit.id, [one.name for one in reading.readers]) == (unit.id, ["Dana Ito", "Sam Okoye"])
        assert reading_of(session, unit.id, member(session, "Priya"), now) is None
        promise, _ = make_promise(session, unit, ruth.id, "I come.", form_key="p", on=now.date())
        assert may_end(session, promise, ruth)
        assert not may_end(session, promise, dana)
        end_request(session, request_id, Outcome.PROMISED, on=now.date(), promise_id=promise.id)
        assert reading_of(session, unit.id, ruth, now) is not None
        assert not may_end(session, promise, dana)
        replace_managers(session, team(session, "Research"), [])
        assert reading_of(session, unit.id, ruth, now) is None
        assert may_end(session, promise, dana)  # else it would stand for ever


def test_after_declining_a_leader_reads_the_unit_no_more(backstage: Stage) -> None:
    stage = flagged(backstage)
    with stage.murmur.database.transaction() as session:
        unit, ruth, now = session.exec(select(Unit)).one(), member(session, "Ruth"), stage.murmur.clock()
        request_id = ask(session, stage)
        end_request(session, request_id, Outcome.DECLINED, on=now.date(), reply="In May.")
        assert reading_of(session, unit.id, ruth, now) is None


def leader_left(session: Session) -> None:
    """Ruth leaves the company."""
    member(session, "Ruth").active = False


def leader_replaced(session: Session) -> None:
    """Mei leads the department in Ruth's place."""
    mei = Person(slack_id="U0MEI", name="Mei Tanaka", timezone="Asia/Tokyo", locale="en-US")
    research = team(session, "Research")
    replace_managers(session, research, [one.id for one in save_people(session, research.workspace_id, [mei])])


def department_removed(session: Session) -> None:
    """Vision is in no department any more."""
    team(session, "Vision").parent_id = None


def asker_replaced(session: Session) -> None:
    """Dana does not manage Vision any more."""
    replace_managers(session, team(session, "Vision"), [member(session, "Sam").id])


@pytest.mark.parametrize("change", [leader_left, leader_replaced, department_removed, asker_replaced])
def test_what_nobody_can_answer_or_waits_for_is_neither_sent_nor_shown_to_the_leader(
    backstage: Stage, change: Callable[[Session], None]
) -> None:
    stage = flagged(backstage)
    with stage.murmur.database.transaction() as session:
        ask(session, stage)
        change(session)
    stage.at(TUESDAY_MORNING)
    assert letters(stage) == ["dropped"]
    with stage.murmur.database.reading() as session:
        ruth, now = member(session, "Ruth"), stage.murmur.clock()
        (request,) = requests_to(session, ruth.id)
        assert answerable(session, request, now) is None
        assert asked_of(session, ruth, now).is_empty
        unit, dana = session.exec(select(Unit)).one(), member(session, "Dana")
        (shown,) = promises_for(session, latest(session), unit, dana).requests
        assert shown.leader_there is (change is asker_replaced)


def test_a_request_to_somebody_who_left_makes_room_for_one_to_their_successor(stage: Stage) -> None:
    flagged(stage)
    dana = filled_in(stage)
    dana.submit()
    dana.wait_for_view("Raised with Ruth Meyer")
    dana.close_view(everything=True)
    with stage.murmur.database.transaction() as session:
        leader_replaced(session)
    dana.open_home()
    gone = (
        "You raised purpose with Ruth Meyer on 13 April. Ruth Meyer no longer leads there: raise it with somebody else."
    )
    dana.wait_until(lambda: gone in dana.home().text or None, "a Home made anew")
    dana.press("Raise purpose with Mei Tanaka", where="home")
    dana.wait_for_view("*To Mei Tanaka, about purpose in Vision.*")
    dana.fill("In your own words", "Please come by.")
    assert dana.submit().errors == {}
    dana.wait_for_view("Raised with Mei Tanaka")
    assert [state for _, state in stored(stage)] == ["taken back", "open"]


def test_who_leads_no_longer_when_the_form_is_sent_is_not_asked(stage: Stage) -> None:
    flagged(stage)
    dana = filled_in(stage)
    with stage.murmur.database.transaction() as session:
        leader_replaced(session)
    dana.submit()
    dana.wait_for_view("Who leads there has changed meanwhile.")
    assert stored(stage) == []


@pytest.mark.parametrize(
    ("button", "field"), [("Promise something to Vision", FIELD), ("Not possible now", "Why not?")]
)
def test_what_is_taken_back_while_the_leader_writes_is_neither_promised_nor_declined(
    stage: Stage, button: str, field: str
) -> None:
    flagged(stage)
    with stage.murmur.database.transaction() as session:
        request_id = ask(session, stage)
    stage.at(TUESDAY_MORNING)
    ruth = stage.person("Ruth")
    ruth.press(button, ruth.dms()[-1])
    ruth.wait_for_view(field)
    ruth.fill(field, "I come on Thursday.")
    with stage.murmur.database.transaction() as session:
        end_request(session, request_id, Outcome.TAKEN_BACK, on=MONDAY.date())
    ruth.submit()
    ruth.wait_for_view("Taken back on 13 April.")
    with stage.murmur.database.reading() as session:
        assert session.exec(select(Promise)).all() == []
    assert stored(stage) == [("Please come by.", "taken back")]


def test_a_request_survives_that_its_team_is_asked_together_with_another(backstage: Stage) -> None:
    stage = flagged(backstage)
    with stage.murmur.database.transaction() as session:
        request_id = ask(session, stage)
        vision, research, unit = team(session, "Vision"), team(session, "Research"), session.exec(select(Unit)).one()
        speech = Team(workspace_id=vision.workspace_id, pulse_id=vision.pulse_id, name="Speech", parent_id=research.id)
        alone = Unit(pulse_id=vision.pulse_id, team_key=str(vision.id), name="Vision alone")
        session.add(speech)
        session.flush()
        unit.team_key = f"{vision.id},{speech.id}"  # as if the rounds had asked both, and the request was made before
        session.add(unit)
        session.flush()
        session.add(alone)
        session.flush()
        session.get_one(Request, request_id).unit_id = alone.id
        session.flush()
        now, ruth = stage.murmur.clock(), member(session, "Ruth")
        (asked,) = asked_of(session, ruth, now).waiting
        assert asked.request.id == request_id
        reading = reading_of(session, alone.id, ruth, now)
        assert reading is not None
        assert reading.unit.id == unit.id


def test_reasons_that_slack_would_not_let_through_are_refused(stage: Stage) -> None:
    flagged(stage)
    with stage.murmur.database.transaction() as session:
        ask(session, stage)
    stage.at(TUESDAY_MORNING)
    ruth = stage.person("Ruth")
    ruth.press("Not possible now")
    ruth.wait_for_view("Why not?")
    ruth.fill("Why not?", "…")
    ruth.submit()
    sent = stage.client.envelopes("interactive")[-1]
    for words in ("x" * 201, " ", "…"):
        state = {"values": {WHY: {WHY: {"type": "plain_text_input", "value": words}}}}
        answer = replay(stage, sent, view={**sent["payload"]["view"], "state": state})
        assert answer is not None
        assert set(answer["errors"]) == {WHY}
    assert stored(stage) == [("Please come by.", "open")]


def test_a_department_digest_tells_of_requests_of_its_own_units_alone(backstage: Stage) -> None:
    stage = flagged(backstage)
    with stage.murmur.database.transaction() as session:
        ask(session, stage)
        ruth, now = member(session, "Ruth"), stage.murmur.clock()
        research = team(session, "Research")
        elsewhere = Team(workspace_id=research.workspace_id, pulse_id=research.pulse_id, name="Elsewhere")
        session.add(elsewhere)
        session.flush()
        assert len(asked_of(session, ruth, now, research.id).waiting) == 1
        assert asked_of(session, ruth, now, elsewhere.id).is_empty
