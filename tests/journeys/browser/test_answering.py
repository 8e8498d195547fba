"""A member answers with nothing but a keyboard."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from bot.sandbox.client import SandboxClient
from tests.support.browser import PHONE
from tests.support.visitor import Visitor

FAR = 40
"""No element of a screen may be more presses of Tab away."""


def tab_to(visitor: Visitor, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus."""
    for _ in range(FAR):
        visitor.page.keyboard.press(key)
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} was not reached with {FAR} presses of {key}")


def choose(visitor: Visitor, steps: int) -> None:
    """Choose in the next question: the first label with the space bar, others from there with the arrows."""
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Space")
    for _ in range(steps):
        visitor.page.keyboard.press("ArrowDown")


def send(visitor: Visitor) -> None:
    """The window in front."""
    tab_to(visitor, visitor.window.get_by_role("button", name="Send", exact=True))
    visitor.page.keyboard.press("Enter")


def test_a_member_answers_and_sends_the_form_again_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.be("Jonas Lindqvist")
    before, messages = visitor.newest.inner_text(), visitor.messages.count()
    tab_to(visitor, visitor.newest.get_by_role("button", name="Answer or change your answers: Vision"), "Shift+Tab")
    visitor.page.keyboard.press("Enter")

    expect(visitor.window).to_contain_text("Sending again replaces everything you sent before in this round")
    questions = visitor.window.get_by_role("group")
    expect(questions).to_have_count(4)
    expect(questions.first.get_by_role("radio").first).to_be_focused()
    expect(visitor.window.get_by_role("radio", checked=True)).to_have_count(0)
    visitor.page.keyboard.press("Space")
    for steps in (1, 3, 5):
        choose(visitor, steps)
    tab_to(visitor, visitor.window.get_by_role("textbox", name="A comment, if you like"))
    visitor.page.keyboard.type("The pager again.\nAnd the build.")
    chosen = visitor.window.get_by_role("radio", checked=True)
    expect(chosen).to_have_count(4)
    labels = [chosen.nth(place).evaluate("one => one.labels[0].textContent") for place in range(4)]
    assert labels == ["Strongly disagree", "Disagree", "Agree", "Skip"]
    send(visitor)
    sealed = "What you sent is sealed; what you left out is not counted. It is opened once"
    expect(visitor.window).to_contain_text(sealed)
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)

    invitation = visitor.newest.get_by_role("button", name="Answer or change your answers: Vision")
    expect(invitation).to_be_focused()
    assert visitor.newest.inner_text() == before
    assert visitor.messages.count() == messages
    visitor.page.keyboard.press("Enter")
    expect(visitor.window.get_by_role("radio").first).to_be_focused()
    expect(visitor.window.get_by_role("radio", checked=True)).to_have_count(0)
    expect(visitor.window.get_by_role("textbox", name="A comment, if you like")).to_have_value("")
    send(visitor)
    expect(visitor.window).to_contain_text("What you sent is sealed;")
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)
    assert visitor.messages.count() == messages


def test_what_was_typed_is_still_there_when_the_server_sends_news(visitor: Visitor) -> None:
    visitor.be("Elif Yılmaz")
    visitor.press("Answer or change your answers: Vision")
    comment = visitor.window.get_by_role("textbox", name="A comment, if you like")
    comment.press_sequentially("Half a sen")
    with visitor.page.context.expect_page() as opened:
        visitor.page.evaluate("open(location.href)")
    other = Visitor(opened.value, visitor.url)
    other.page.get_by_role("dialog").get_by_role("radio").first.check()
    expect(visitor.window.get_by_role("radio").first).to_be_checked()
    expect(comment).to_have_value("Half a sen")
    expect(comment).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_whoever_looks_on_while_a_form_is_filled_in_sees_every_tap(
    visitor: Visitor, phone: bool, motion: Literal["reduce", "no-preference"]
) -> None:
    visitor.page.emulate_media(reduced_motion=motion)
    if phone:
        visitor.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    visitor.be("Fatima Benali")
    visitor.press("Answer or change your answers: Vision")
    expect(visitor.window.get_by_role("radio").first).to_be_focused()
    fatima = SandboxClient(visitor.url).person("U0FATIMA")
    questions = [field for field in fatima.view.fields if field.type == "radio_buttons"]
    assert len(questions) == 4
    for place, question in enumerate(questions):
        fatima.choose(question.block_id, "Agree")
        group = visitor.window.get_by_role("group").nth(place)
        expect(group.get_by_role("radio", name="Agree", exact=True)).to_be_checked()
        expect(group.get_by_role("radio", name="Agree", exact=True)).to_be_in_viewport()
    comment = visitor.window.get_by_role("textbox", name="A comment, if you like")
    fatima.fill("A comment, if you like", "Somebody else typed this.")
    expect(comment).to_have_value("Somebody else typed this.")
    expect(comment).to_be_in_viewport(ratio=0.9)
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)


def test_nothing_moves_under_the_hands_of_somebody_who_is_filling_in(visitor: Visitor) -> None:
    visitor.be("Linh Nguyễn")
    visitor.press("Answer or change your answers: Vision")
    visitor.window.get_by_role("radio", name="Agree", exact=True).first.check()
    linh = SandboxClient(visitor.url).person("U0LINH")
    linh.fill("A comment, if you like", "From the other window.")
    comment = visitor.window.get_by_role("textbox", name="A comment, if you like")
    expect(comment).to_have_value("From the other window.")
    expect(comment).not_to_be_in_viewport()
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)
