"""The guide and its one order at a time, as the page sees them."""

import re
import threading
from dataclasses import replace
from typing import Any

import pytest

from bot.demo.company import lantern_labs
from bot.demo.guide import Direction, Guide, guide_of
from bot.demo.show import JUMP, STEP, NotNow, NotPossible, Order, Progress, Show, Stopped

ANSWER = Order(kind=STEP, id="answer")
DIGEST = Order(kind=STEP, id="digest")
MONDAY = Order(kind=JUMP, id="next-monday")
PRIYA = Direction(person="U0PRIYA", place="D0PRIYA", message="1.0")


@pytest.fixture
def show() -> Show:
    """A show that is ready."""
    show = Show(Guide.read())
    show.ready()
    return show


def states(show: Show) -> list[str]:
    return [step["state"] for step in show.state()["steps"]]


def test_the_guide_has_five_steps_in_order(show: Show) -> None:
    assert [step["id"] for step in show.state()["steps"]] == ["answer", "steal", "digest", "promise", "later"]
    assert states(show) == ["open"] * 5


@pytest.mark.parametrize("guide", [Guide.read(), guide_of(lantern_labs())], ids=["demonstration", "rehearsal"])
def test_every_step_speaks_plainly(guide: Guide) -> None:
    for step in guide.steps.values():
        for words in (step.title, step.text, step.button, step.after, step.again, step.by_hand or step.after):
            assert words
            assert not re.search(r"[!\n]|\buser\b", words)
        for words in (step.text, step.after, step.by_hand or step.after):
            assert 1 <= len(re.findall(r"[.?](?: |$)", words)) <= 2
            assert words.endswith(".")
        assert step.button != step.title  # two buttons of one name would stand side by side
        assert len(step.title) <= 24
        assert len(step.button) <= 30
        assert len(step.again) <= 30
        assert step.again != step.button


def test_nothing_can_be_ordered_while_the_history_is_prepared() -> None:
    show = Show(Guide.read())
    show.tell(Progress(title="Sixteen weeks go by", detail="Week 3 of 16", done=3, of=16))
    assert show.state()["phase"] == "preparing"
    assert show.state()["progress"] == {
        "title": "Sixteen weeks go by", "detail": "Week 3 of 16", "done": 3, "of": 16
    }  # fmt: skip
    with pytest.raises(NotNow, match="still being prepared"):
        show.order(ANSWER)


def test_a_step_is_busy_from_the_press_on_and_done_afterwards(show: Show) -> None:
    show.order(ANSWER)
    assert states(show)[0] == "busy"
    assert show.state()["phase"] == "busy"
    assert show.next_order() == ANSWER
    with show.doing(ANSWER):
        show.look(PRIYA, ends=ANSWER)
    assert states(show)[0] == "done"
    assert show.state()["phase"] == "ready"
    assert show.state()["show"] == {
        "number": 1, "person": "U0PRIYA", "place": "D0PRIYA", "message": "1.0", "phone": False, "panel": ""
    }  # fmt: skip


def test_what_to_look_at_is_told_only_once_it_is_done(show: Show) -> None:
    assert show.state()["steps"][0]["after"] == ""
    do(show, ANSWER)
    assert show.state()["steps"][0]["after"].startswith("A window thanked her and closed;")


def test_pressing_twice_does_a_thing_once(show: Show) -> None:
    show.order(ANSWER)
    show.order(ANSWER)
    assert show.next_order() == ANSWER
    with show.doing(ANSWER):
        show.order(ANSWER)
    show.stop()
    with pytest.raises(Stopped):
        show.next_order()


def test_a_finished_step_that_cannot_be_done_twice_is_only_shown_again(show: Show) -> None:
    do(show, DIGEST, shown=PRIYA)
    number = show.state()["show"]["number"]
    show.order(DIGEST)
    assert show.state()["phase"] == "ready"
    assert show.state()["show"]["number"] == number + 1
    assert states(show)[2] == "done"


@pytest.mark.parametrize("name", ["answer", "steal"])
def test_a_finished_step_that_can_be_done_twice_is_done_again(show: Show, name: str) -> None:
    order = Order(kind=STEP, id=name)
    do(show, order, shown=PRIYA)
    show.order(order)
    assert show.state()["phase"] == "busy"
    assert show.next_order() == order


def test_nothing_is_offered_again_before_it_is_done(show: Show) -> None:
    assert [step["again"] for step in show.state()["steps"]] == [""] * 5
    do(show, ANSWER, shown=PRIYA)
    assert show.state()["steps"][0]["again"] == "Let her answer again"


def test_another_look_can_be_kept_for_those_who_ask_again(show: Show) -> None:
    later = Order(kind=STEP, id="later")
    show.order(later)
    with show.doing(show.next_order()):
        show.look(PRIYA, ends=later, again=replace(PRIYA, panel="theft"))
    assert show.state()["show"]["panel"] == ""
    show.order(later)
    assert show.state()["show"]["panel"] == "theft"


@pytest.mark.parametrize("other", [DIGEST, MONDAY])
def test_one_thing_is_done_at_a_time(show: Show, other: Order) -> None:
    show.order(ANSWER)
    with pytest.raises(NotNow, match="One thing at a time"):
        show.order(other)
    assert states(show) == ["busy", "open", "open", "open", "open"]


def test_presses_from_many_sides_come_to_one_order(show: Show) -> None:
    taken: list[str] = []

    def press(order: Order) -> None:
        try:
            show.order(order)
            taken.append(order.id)
        except NotNow:
            pass

    threads = [threading.Thread(target=press, args=(order,)) for order in [ANSWER, DIGEST, MONDAY] * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 1
    assert show.next_order().id == taken[0]


def test_what_goes_wrong_is_said_and_can_be_tried_again(show: Show) -> None:
    show.order(ANSWER)
    with pytest.raises(RuntimeError), show.doing(show.next_order()):
        raise RuntimeError("with a secret in it")
    told = show.state()
    assert told["error"] == "That did not work, and nothing was lost. Try it again, or go on with another step."
    assert told["phase"] == "ready"
    assert states(show)[0] == "open"
    do(show, ANSWER)
    assert show.state()["error"] == ""


def test_what_cannot_be_done_as_things_stand_says_why(show: Show) -> None:
    show.order(DIGEST)
    with pytest.raises(NotPossible), show.doing(show.next_order()):
        raise NotPossible("The pulse is paused.")
    assert show.state()["error"] == "The pulse is paused."


def test_a_step_can_be_skipped_and_done_later(show: Show) -> None:
    show.skip("promise")
    assert states(show)[3] == "skipped"
    do(show, Order(kind=STEP, id="promise"))
    assert states(show)[3] == "done"
    show.skip("promise")
    assert states(show)[3] == "done"


def test_a_step_under_way_cannot_be_skipped(show: Show) -> None:
    show.order(ANSWER)
    show.skip("answer")
    assert states(show)[0] == "busy"


@pytest.mark.parametrize("skipped", [False, True])
def test_who_does_it_by_hand_has_done_it(show: Show, skipped: bool) -> None:
    if skipped:
        show.skip("digest")
    show.done_by_hand("digest", PRIYA)
    assert states(show)[2] == "done"
    assert show.state()["show"] is None
    show.order(DIGEST)
    assert show.state()["phase"] == "ready"
    assert show.state()["show"]["message"] == PRIYA.message


def test_a_promise_made_by_hand_is_told_of_in_other_words_until_it_is_seen_to_arrive(show: Show) -> None:
    promise = Order(kind=STEP, id="promise")
    show.done_by_hand("promise")
    assert show.state()["steps"][3]["after"].startswith("Dana has promised something.")
    do(show, promise, shown=PRIYA)
    assert show.state()["steps"][3]["after"].startswith("Priya's invitation tells her")
    show.order(promise)
    assert show.state()["phase"] == "ready"


def test_doing_it_by_hand_does_not_end_a_step_that_is_under_way(show: Show) -> None:
    show.order(ANSWER)
    show.done_by_hand("answer")
    assert states(show)[0] == "busy"


@pytest.mark.parametrize("order", [Order(kind=STEP, id="dance"), Order(kind=JUMP, id="yesterday")])
def test_what_there_is_not_is_refused_naming_what_there_is(show: Show, order: Order) -> None:
    with pytest.raises(LookupError, match=r"there are: (answer|next-working-day)"):
        show.order(order)
    with pytest.raises(LookupError):
        show.skip("dance")


def test_jumps_can_be_made_again_and_again(show: Show) -> None:
    for _ in range(2):
        do(show, MONDAY)
    assert show.state()["phase"] == "ready"


def test_a_failed_preparation_says_why_and_takes_no_orders() -> None:
    show = Show(Guide.read())
    show.fail("The disk is full.")
    assert show.state()["phase"] == "failed"
    assert show.state()["error"] == "The disk is full."
    with pytest.raises(NotNow, match=r"The disk is full\."):
        show.order(ANSWER)


def test_telling_of_progress_ends_what_goes_on_when_the_show_is_to_stop(show: Show) -> None:
    show.stop()
    with pytest.raises(Stopped):
        show.tell(Progress(title="Two months go by"))


def test_the_page_is_woken_by_every_change() -> None:
    woken: list[Any] = []
    show = Show(Guide.read(), changed=lambda: woken.append(1))
    for change in (
        show.ready,
        lambda: show.tell(Progress(title="To Monday")),
        lambda: show.look(PRIYA),
        lambda: show.skip("steal"),
        lambda: show.order(ANSWER),
        lambda: show.fail("Broken."),
    ):
        before = len(woken)
        change()
        assert len(woken) == before + 1


def do(show: Show, order: Order, shown: Direction | None = None) -> None:
    """Order something and carry it out."""
    show.order(order)
    with show.doing(show.next_order()):
        if shown is not None:
            show.look(shown, ends=order)
