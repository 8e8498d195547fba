"""Raising something with a leader when things go wrong, or are no longer as they were when it was asked."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot import raising, windows
from bot.follow_up import answerable, asked_of, may_end, promises_for, reading_of
from bot.messages import REQUEST
from bot.sandbox.person import Person as Acting
from bot.views.raising import WHY, WORDS
from storage.database import Busy
from storage.outbox import Letter, put
from storage.people import Person, replace_managers, save_people
from storage.promises import make_promise
from storage.requests import end_request, make_request, requests_to
from storage.tables import Member, OutboxMessage, Promise, Request, Round, Team, Unit
from surveys.requests import Outcome
from tests.journeys.steps import let_leases_run_out, replay, week
from tests.support.flagged import LAST, purpose_was_lost
from tests.support.running_murmur import NEXT_MONDAY, Stage

MONDAY = week(LAST, NEXT_MONDAY)
TUESDAY_MORNING = MONDAY + timedelta(hours=14)

FIELD = "In your own words"
SECRET = "zhrq7secretwords"
NOT_STORED = "This could not be kept. It is still in this window: press Raise it again in a minute."

Logged = Callable[..., StringIO]


def flagged(stage: Stage, *leaders: str) -> Stage:
    """Dana and Sam read a digest of Vision that flags purpose; by default Ruth leads the department above."""
    stage.put_team(part_of="Research", leaders=leaders or ["Ruth Meyer"])
    purpose_was_lost(stage)
    stage.at(MONDAY)
    return stage


def filled_in(stage: Stage, words: str = "Please come by.", button: str = "Raise it with Ruth Meyer") -> Acting:
    """Dana with the form before her, filled in."""
    dana = stage.person("Dana")
    dana.press(button, dana.dms()[-1])
    dana.wait_for_view(FIELD)
    dana.fill(FIELD, words)
    return dana


def stored(stage: Stage) -> list[tuple[str, str]]:
    """Words and state of every request there is."""
    with stage.murmur.database.reading() as session:
        return [(one.text, one.state) for one in session.exec(select(Request).order_by(col(Request.id)))]


def letters(stage: Stage) -> list[str]:
    """States of the messages to leaders."""
    with stage.murmur.database.reading() as session:
        return list(session.exec(select(OutboxMessage.state).where(OutboxMessage.kind == REQUEST)))


def member(session: Session, who: str) -> Member:
    """Somebody of Lantern Labs."""
    return session.exec(select(Member).where(Member.slack_id == f"U0{who.upper()}")).one()


def team(session: Session, name: str) -> Team:
    """A team or department."""
    return session.exec(select(Team).where(Team.name == name)).one()


def ask(session: Session, stage: Stage, *, form: str = "form") -> int:
    """Let Dana raise purpose with Ruth without Slack; the id of the request."""
    unit, dana, ruth = session.exec(select(Unit)).one(), member(session, "Dana"), member(session, "Ruth")
    request, _ = make_request(
        session, unit, driver="purpose", member_id=dana.id, leader_id=ruth.id, text="Please come by.", form_key=form,
        on=MONDAY.date(),
    )  # fmt: skip
    letter = Letter(
        kind=REQUEST, member_id=ruth.id, unit_id=unit.id, request_id=request.id, due_at=stage.murmur.clock()
    )
    put(session, dana.workspace_id, [letter])
    return request.id


def latest(session: Session) -> Round:
    """The latest round whose digests have gone out."""
    return session.exec(select(Round).where(Round.state == "published").order_by(col(Round.id).desc())).first()  # type: ignore[return-value]


def broken(*_arguments: Any, **_named: Any) -> Any:
    """Fail as a database does, with the row in its message."""
    raise IntegrityError(f"INSERT {SECRET}", {"text": SECRET}, ValueError(SECRET))


def busy(*_arguments: Any, **_named: Any) -> Any:
    """Fail as a database does that others keep busy."""
    raise Busy(SECRET)


def careless(*arguments: Any, **named: Any) -> Any:
    """Fail with everything that was passed in the message."""
    raise ValueError(f"{SECRET} {arguments} {named}")


def test_when_the_database_is_in_trouble_the_form_keeps_what_was_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    flagged(stage)
    dana = filled_in(stage)
    for trouble in (broken, busy):
        with monkeypatch.context() as patch:
            patch.setattr(raising, "make_request", trouble)
            outcome = dana.submit()
        assert outcome.acked
        assert outcome.errors == {FIELD: NOT_STORED}
        assert "Please come by." in dana.view.text
        assert stored(stage) == []
        assert letters(stage) == []
    assert dana.submit().errors == {}
    dana.wait_for_view("Raised with Ruth Meyer")
    assert stored(stage) == [("Please come by.", "open")]
    assert letters(stage) == ["waiting"]


def test_no_word_of_a_request_is_logged_whatever_goes_wrong(
    stage: Stage, logged: Logged, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = logged("DEBUG", "json")
    flagged(stage)
    dana, ruth = filled_in(stage, f"I ask for {SECRET}."), stage.person("Ruth")
    for module, name, with_ in (
        (raising, "make_request", broken), (raising, "settle", careless), (windows, "publish_home", careless),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(module, name, with_)
            dana.submit()
    dana.close_view(everything=True)
    assert len(stored(stage)) == 1
    stage.at(TUESDAY_MORNING)
    ruth.press("Not possible now")
    ruth.wait_for_view("Why not?")
    ruth.fill("Why not?", SECRET)
    for name, failing in (("end_request", broken), ("end_request", careless)):
        with monkeypatch.context() as patch:
            patch.setattr(raising, name, failing)
            ruth.submit()
    assert stored(stage)[0][1] == "open"
    for output in (stream.getvalue(), "".join(capfd.readouterr())):
        for kept in (SECRET, "U0DANA", "Dana", "U0RUTH", "Ruth", stage.sandbox.bot_token):
            assert kept not in output
    assert "a step was taken" in stream.getvalue()


@pytest.mark.parametrize("words", ["x" * 301, "   ", "…", "\u200b"])
def test_what_slack_would_not_let_through_is_refused_beside_the_field(stage: Stage, words: str) -> None:
    flagged(stage)
    filled_in(stage, "…").submit()
    sent = stage.client.envelopes("interactive")[-1]
    state = {"values": {WORDS: {WORDS: {"type": "plain_text_input", "value": words}}}}
    answer = replay(stage, sent, view={**sent["payload"]["view"], "state": state})
    assert answer is not None
    assert set(answer["errors"]) == {WORDS}
    assert stored(stage) == []


def test_while_slack_is_down_the_message_waits_and_then_comes_once(stage: Stage) -> None:
    flagged(stage)
    dana, ruth = filled_in(stage), stage.person("Ruth")
    dana.submit()
    dana.wait_for_view("Raised with")
    before = len(ruth.dms())
    stage.client.fault("error", method="chat.postMessage", error="internal_error")
    stage.at(TUESDAY_MORNING)
    assert letters(stage) == ["waiting"]
    stage.client.clear_faults()
    let_leases_run_out(stage)
    stage.tick()
    stage.tick()
    assert letters(stage) == ["sent"]
    assert [message.text for message in ruth.dms()[before:]].count(ruth.dms()[-1].text) == 1
    assert "Dana Ito asks something of you" in ruth.dms()[-1].text


def test_with_several_leaders_whoever_is_chosen_is_asked_and_nobody_else(stage: Stage) -> None:
    flagged(stage, "Ruth Meyer", "Mei Tanaka")
    dana = filled_in(stage, button="Raise it with a leader")
    assert dana.submit().errors == {"With whom?": "Please complete this required field."}
    dana.choose("With whom?", "Mei Tanaka")
    assert dana.submit().errors == {}
    dana.wait_for_view("Raised with Mei Tanaka")
    stage.at(TUESDAY_MORNING)
    assert "Dana Ito asks something of you for Vision" in stage.person("Mei").dms()[-1].text
    assert not any("asks something of you" in message.text for message in stage.person("Ruth").dms())
    sent = stage.client.envelopes("interactive")[-1]
    view = sent["payload"]["view"]
    for chosen in ("99", "x", "１", "9" * 30):
        state = view["state"]["values"] | {
            "request_leader": {"request_leader": {"type": "radio_buttons", "selected_option": {"value": chosen}}}
        }
        answer = replay(stage, sent, view={**view, "state": {"values": state}})
        assert answer is not None
        assert set(answer["errors"]) == {"request_leader"}
    assert len(stored(stage)) == 1


def test_where_nobody_is_above_nothing_is_offered(backstage: Stage) -> None:
    backstage.put_team()
    purpose_was_lost(backstage)
    backstage.at(MONDAY)
    message = backstage.person("Dana").dms()[-1]
    assert ":triangular_flag_on_post: *Purpose" in message.text
    assert "What you cannot change yourself is in the leaders' hands" in message.text
    assert not any("Raise" in button for button in message.buttons)


def test_a_manager_who_leads_the_department_alone_is_not_offered_to_ask_themselves(backstage: Stage) -> None:
    flagged(backstage, "Dana Ito")
    dana, sam = ([m for m in backstage.person(who).dms() if "*Try:*" in m.text][-1] for who in ("Dana", "Sam"))
    assert not any("Raise" in button for button in dana.buttons)
    assert "Raise it with Dana Ito" in sam.buttons


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
    dana.press("Raise it with Mei Tanaka", where="home")
    dana.wait_for_view("*To Mei Tanaka, about purpose in Vision.*")
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
