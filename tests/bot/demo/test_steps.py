"""The steps of the guide, each on the company as it is when the page starts."""

import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from io import StringIO
from sqlite3 import connect

import pytest
from sqlmodel import Session, col, select

from bot.demo.acting import COMMENT
from bot.demo.company import DANA, PRIYA, STARTS
from bot.demo.guide import Standing
from bot.demo.orders import take_orders
from bot.demo.performance import rob
from bot.demo.show import STEP, NotPossible, Order, Stopped
from storage.tables import Pulse, Round
from surveys.rounds import State
from tests.support.demo import Play
from tests.support.guided import do, do_again, newest, order, read_as, states

pytestmark = pytest.mark.usefixtures("history")


def shown(play: Play) -> tuple[str, str, bool, str]:
    """Where the page looks: person, message, phone, panel."""
    show = play.show.state()["show"]
    text = ""
    if show["message"]:
        messages = play.stage.slack.person(show["person"]).dms()
        (text,) = [message.notification for message in messages if message.ts == show["message"]]
    return show["person"], text, show["phone"], show["panel"]


def test_priya_answers_in_six_taps_and_nothing_in_her_messages_says_so(play: Play) -> None:
    priya = play.stage.slack.person(PRIYA)
    before = [message.text for message in priya.dms()]
    do(play, "answer")
    assert priya.views == []  # nothing covers the invitation
    assert [message.text for message in priya.dms()] == before
    assert shown(play) == (PRIYA, "Murmur: 4 short questions", False, "")
    play.ready.told.flush()
    with closing(connect(play.ready.folder.naive)) as naive:
        last = naive.execute("SELECT comment FROM responses ORDER BY id DESC LIMIT 1").fetchone()
        who = naive.execute("SELECT member FROM completions ORDER BY id DESC LIMIT 1").fetchone()
    assert (last, who) == ((COMMENT,), (PRIYA,))
    assert [call["method"] for call in play.stage.slack.calls()].count("views.open") == 1


def test_a_form_that_comes_after_the_close_counts_nowhere(play: Play) -> None:
    play.show.ready()
    priya, before = play.stage.slack.person(PRIYA), play.ready.told.truth()
    priya.press("Answer or change")
    priya.wait_for_view("Sending again replaces everything")
    question = next(field for field in priya.view.fields if field.type == "radio_buttons")
    priya.choose(question.block_id, question.options[1])
    play.stage.sandbox.clock.move_to(datetime(2026, 6, 27, tzinfo=UTC))
    priya.submit()
    priya.wait_for_view("This round has closed")
    assert play.ready.told.truth() == before
    assert play.show.state()["steps"][0]["state"] == "open"
    do(play, "digest")
    with play.stage.murmur.database.reading() as session:
        last = max(vision_rounds(session, State.PUBLISHED))
    assert str(last) not in play.ready.told.as_json().get(PRIYA, {})


def test_she_can_have_a_window_open_already(play: Play) -> None:
    play.stage.slack.person(PRIYA).press("Answer or change")
    do(play, "answer")
    assert play.stage.slack.person(PRIYA).views == []


def test_a_thief_traces_everybody_in_the_plain_file_and_nobody_in_murmurs(play: Play) -> None:
    do(play, "answer")
    do(play, "steal")
    assert shown(play) == (PRIYA, "", False, "theft")
    loot = rob(play.ready)
    answers = len(play.ready.told.truth())
    assert (loot["naive"]["matched"], loot["naive"]["of"]) == (answers, answers)
    assert (loot["murmur"]["matched"], loot["murmur"]["of"]) == (0, answers)
    assert loot["naive"]["comment"] == COMMENT
    assert loot["murmur"]["comment"] == ""
    assert loot["murmur"]["keys"] == 0


def test_dana_reads_on_monday_what_came_of_the_round(play: Play) -> None:
    do(play, "digest")
    assert shown(play) == (DANA, "Your Murmur digest is ready", True, "")
    assert newest(play, DANA).startswith("*Vision, 26 June")
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 29, 16, 5, tzinfo=UTC)
    with play.stage.murmur.database.reading() as session:
        over = session.exec(select(Round).where(Round.state == State.PUBLISHED)).all()
    assert len(over) == 34


def test_priya_answers_for_herself_when_the_visitor_does_not(play: Play) -> None:
    do(play, "digest")
    with play.stage.murmur.database.reading() as session:
        last = max(vision_rounds(session, State.PUBLISHED))
    answered = {who for who, rounds in play.ready.told.as_json().items() if str(last) in rounds}
    assert PRIYA in answered


def test_what_she_answered_by_hand_counts_once(play: Play) -> None:
    do(play, "answer")
    with play.stage.murmur.database.reading() as session:
        (open_round,) = vision_rounds(session, State.OPEN)
    by_hand = play.ready.told.as_json()[PRIYA][str(open_round)]
    do(play, "digest")
    assert play.ready.told.as_json()[PRIYA][str(open_round)] == by_hand


def test_no_window_of_an_earlier_step_covers_what_a_later_one_shows(play: Play) -> None:
    do(play, "answer")
    do(play, "promise")
    assert play.stage.slack.person(PRIYA).views == []


def test_a_digest_that_has_arrived_is_shown_where_time_stands(play: Play) -> None:
    play.travel.jump("next-monday")
    now = play.stage.sandbox.clock.now()
    do(play, "digest")
    assert play.stage.sandbox.clock.now() == now
    assert shown(play) == (DANA, "Your Murmur digest is ready", True, "")


def test_a_monday_without_a_digest_is_said_to_be_one(play: Play) -> None:
    do(play, "digest")
    play.stage.slack.person("Ruth").command("/pulse pause AI")
    play.travel.jump("next-working-day")
    play.show.skip("digest")
    play.show.guide.step("digest").standing = Standing.OPEN
    with pytest.raises(NotPossible, match="No digest has come this Monday"):
        do(play, "digest")
    assert play.show.state()["steps"][2]["state"] == "open"


def test_priya_answers_again_and_only_the_last_counts(play: Play) -> None:
    do(play, "answer")
    count = len(play.ready.told.truth())
    do(play, "answer")
    assert play.show.state()["steps"][0]["state"] == "done"
    assert len(play.ready.told.truth()) == count
    assert [call["method"] for call in play.stage.slack.calls()].count("views.open") == 2


def test_two_months_end_at_the_digest_that_tells_what_came_of_them_and_the_thief_comes_when_asked(play: Play) -> None:
    do(play, "promise")
    do(play, "later")
    dms = play.stage.slack.person(DANA).dms()
    (eased,) = [one for one in dms if "is easing" in one.text and float(one.ts) > STARTS.timestamp()]
    assert eased.ts != dms[-1].ts
    told = play.show.state()["show"]
    assert (told["person"], told["message"], told["phone"], told["panel"]) == (DANA, eased.ts, True, "")
    assert play.show.state()["steps"][4]["after"].startswith("This is the digest that tells of a flag's end;")
    do_again(play, "later")
    assert shown(play) == (DANA, "Your Murmur digest is ready", True, "theft")


def test_after_two_months_of_which_nothing_came_dana_reads_on_the_next_monday(play: Play) -> None:
    read_as(play, DANA)
    order(play, Order(kind=STEP, id="later"))
    read_as(play, DANA)
    assert states(play) == ["open", "open", "open", "open", "done"]  # old digests, and those led to, are no find
    dms = play.stage.slack.person(DANA).dms()
    assert not [one for one in dms if "is easing" in one.text and float(one.ts) > STARTS.timestamp()]
    assert play.show.state()["show"]["message"] == dms[-1].ts
    assert play.show.state()["steps"][4]["after"].startswith("This is Dana's newest digest; none of these two months")
    play.travel.jump("next-working-day")
    do(play, "digest")
    assert play.stage.sandbox.clock.now() == datetime(2026, 8, 31, 16, 5, tzinfo=UTC)
    assert newest(play, DANA).startswith("*Vision, 28 August")
    number = play.show.state()["show"]["number"]
    do_again(play, "digest")
    assert play.stage.sandbox.clock.now() == datetime(2026, 8, 31, 16, 5, tzinfo=UTC)
    assert play.show.state()["show"]["number"] == number + 1


def test_a_closed_round_is_waited_past_before_priya_answers(play: Play) -> None:
    play.travel.jump("next-monday")
    do(play, "answer")
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 30, 8, 5, tzinfo=UTC)
    assert play.show.state()["steps"][0]["state"] == "done"


def test_a_paused_pulse_is_said_to_be_paused(play: Play) -> None:
    ruth = play.stage.slack.person("Ruth")
    ruth.command("/pulse pause AI")
    play.travel.jump("next-monday")
    with pytest.raises(NotPossible):
        do(play, "promise")
    assert play.show.state()["error"] == "The pulse is paused, so nobody is asked: as Ruth, type /pulse resume."


def test_every_jump_goes_forward(play: Play) -> None:
    play.travel.jump("next-working-day")
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 24, 8, 5, tzinfo=UTC)
    assert play.stage.sandbox.clock.now() > STARTS
    play.travel.jump("next-monday")
    assert play.stage.sandbox.clock.now() == datetime(2026, 6, 29, 16, 5, tzinfo=UTC)


def test_an_order_that_fails_is_said_in_a_sentence_and_logged_by_class_and_place(
    play: Play, logged: Callable[..., StringIO]
) -> None:
    log = logged("INFO")

    def stumble(_: Order) -> None:
        raise RuntimeError("with a secret in it")

    play.show.ready()
    play.show.order(Order(kind=STEP, id="steal"))
    worker = threading.Thread(target=_until_stopped, args=(play, stumble))
    worker.start()
    while play.show.state()["phase"] != "ready":
        time.sleep(0.02)
    assert play.show.state()["error"].startswith("That did not work")
    play.show.stop()
    worker.join(10)
    assert "an order failed error=RuntimeError at demo/test_steps.py" in log.getvalue()
    assert "secret" not in log.getvalue()


def _until_stopped(play: Play, do: Callable[[Order], None]) -> None:
    with suppress(Stopped):
        take_orders(play.stage, play.show, do)


def vision_rounds(session: Session, state: State) -> list[int]:
    """Ids of Vision's rounds in a state."""
    query = select(Round.id).join(Pulse).where(Pulse.name == "AI", Round.state == state).order_by(col(Round.id))
    return list(session.exec(query))
