"""What a visitor does without the guide's buttons is ticked all the same."""

import pytest

from bot.demo.company import DANA, PRIYA, STARTS
from bot.demo.show import JUMP, Order
from tests.support.demo import Play
from tests.support.guided import do, do_again, newest, order, read_as, states, wait_until

pytestmark = pytest.mark.usefixtures("history")


def test_a_form_that_is_sent_by_hand_is_the_first_step_done(play: Play) -> None:
    play.show.ready()
    priya = play.stage.slack.person(PRIYA)
    priya.press("Answer or change")
    question = next(field for field in priya.view.fields if field.type == "radio_buttons")
    priya.choose(question.block_id, question.options[1])
    priya.submit()
    priya.wait_for_view("What you sent is sealed")
    wait_until(lambda: play.show.state()["steps"][0]["state"] == "done")


def test_a_digest_that_the_visitor_comes_upon_is_the_third_step_done(play: Play) -> None:
    order(play, Order(kind=JUMP, id="next-monday"))
    read_as(play, PRIYA)
    assert states(play) == ["open"] * 5
    read_as(play, DANA)
    assert states(play) == ["open", "open", "done", "open", "open"]
    told = play.show.state()["steps"][2]
    assert (told["again"], told["after"][:5]) == ("Show this digest again", "Words")
    do_again(play, "digest")
    told, digest = play.show.state()["show"], play.stage.slack.person(DANA).dms()[-1]
    assert (told["person"], told["message"], told["phone"], told["panel"]) == (DANA, digest.ts, True, "")


def test_a_digest_that_comes_while_dana_looks_on_is_ticked_when_the_clock_has_arrived(play: Play) -> None:
    play.show.ready()
    play.show.order(Order(kind=JUMP, id="next-monday"))
    with play.show.doing(play.show.next_order()):
        play.travel.jump("next-monday")
        read_as(play, DANA)  # the page does, as soon as the digest is there
        assert states(play)[2] == "open"
        play.ready.by_hand.settle()
    assert states(play)[2] == "done"


def test_two_months_by_the_clock_are_the_last_step_done_and_not_done_twice(play: Play) -> None:
    order(play, Order(kind=JUMP, id="two-months"))
    now = play.stage.sandbox.clock.now()
    assert states(play) == ["open", "open", "open", "open", "done"]
    assert play.show.state()["steps"][4]["after"].startswith("Two more months of rounds have gone by.")
    do_again(play, "later")
    assert play.stage.sandbox.clock.now() == now
    assert play.show.state()["show"]["panel"] == "theft"


def test_a_promise_made_by_hand_is_the_fourth_step_done_and_can_be_seen_to_arrive(play: Play) -> None:
    dana = play.stage.slack.person(DANA)
    dana.press("Promise something")
    dana.wait_for_view("In your own words")
    if any(field.label == "What do you promise?" for field in dana.view.fields):
        dana.choose("What do you promise?", "My own words, below")
    dana.submit()  # nothing is written yet
    assert states(play)[3] == "open"
    dana.fill("In your own words", "A quiet Friday.")
    dana.submit()
    dana.wait_for_view("Promised to")
    wait_until(lambda: states(play)[3] == "done")
    assert play.stage.sandbox.clock.now() == STARTS
    do(play, "promise")
    assert "Dana Ito promised “A quiet Friday”" in newest(play, PRIYA)
    assert len(play.stage.slack.person(PRIYA).views) == 0
