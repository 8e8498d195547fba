"""Being this person and that one: what each sees, what is new to them, and on how small a screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE
from tests.support.visitor import Visitor

NARROW = {"width": 600, "height": 800}


def test_everybody_sees_a_home_of_their_own(visitor: Visitor) -> None:
    visitor.be("Fatima Benali")
    visitor.go("Home")
    expect(visitor.home).to_contain_text("Vision pulse: 4 questions.")
    expect(visitor.home).to_contain_text("What your team last said")
    expect(visitor.home).to_contain_text("nobody can look them up, and neither can you")
    expect(visitor.home).not_to_contain_text("Your teams")
    visitor.be("Dana Ito")
    expect(visitor.home).to_contain_text("Nothing is asked of you.")
    expect(visitor.home).to_contain_text("Your teams")
    expect(visitor.home).to_contain_text("Burnout is getting worse.")
    expect(visitor.home.get_by_role("button", name="Promise something: Vision")).to_be_visible()
    expect(visitor.home).not_to_contain_text("Where things stand")
    visitor.be("Ruth Meyer")
    expect(visitor.home).to_contain_text("Where things stand")
    expect(visitor.home).to_contain_text("Vision: With 9 people, results in about nine of ten rounds.")
    expect(visitor.home).not_to_contain_text("Burnout")


def test_what_is_new_is_marked_until_its_reader_has_seen_it(visitor: Visitor) -> None:
    visitor.go("Home")
    visitor.whose_eyes.click()
    expect(visitor.page.get_by_role("option", name="Hannah Becker")).to_contain_text("1 new")
    visitor.page.keyboard.press("Escape")
    visitor.be("Hannah Becker")
    unread = visitor.places.get_by_role("button", name="Murmur 1 unread")
    expect(unread).to_be_visible()
    unread.click()
    expect(unread).to_have_count(0)
    expect(visitor.page.get_by_role("region", name="Today")).to_contain_text(re.compile("^Today\\s*New", re.MULTILINE))
    expect(visitor.newest).to_contain_text("Language pulse: 4 questions")
    visitor.whose_eyes.click()
    expect(visitor.page.get_by_role("option", name="Hannah Becker")).not_to_contain_text("new")


def test_what_a_command_answers_is_seen_by_nobody_else(visitor: Visitor) -> None:
    visitor.be("Ruth Meyer")
    visitor.go("general")
    visitor.write("/pulse help")
    expect(visitor.newest).to_contain_text("Only visible to you")
    expect(visitor.newest).to_contain_text("/pulse threshold sets how many answers a result needs")
    visitor.be("Sam Okoye")
    visitor.go("general")
    expect(visitor.messages.first).to_be_visible()
    expect(visitor.page.get_by_text("Only visible to you")).to_have_count(0)


def test_a_person_is_found_by_a_few_letters_and_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Dark colours").focus()
    visitor.page.keyboard.press("Shift+Tab")
    visitor.page.keyboard.type("director platf")
    expect(visitor.page.get_by_role("option")).to_have_text([re.compile("Elena Marchetti")])
    visitor.page.keyboard.press("Enter")
    expect(visitor.whose_eyes).to_have_value("Elena Marchetti")
    expect(visitor.newest).to_contain_text("Platform")
    visitor.page.keyboard.type("nobody of this name")
    expect(visitor.page.get_by_role("option")).to_have_text(["Nobody here is called that."])
    visitor.page.keyboard.press("Escape")
    expect(visitor.whose_eyes).to_have_value("Elena Marchetti")


def test_the_address_leads_back_to_the_same_look(visitor: Visitor) -> None:
    visitor.be("Dana Ito")
    visitor.go("Home")
    visitor.page.get_by_role("button", name="Dark colours").click()
    visitor.page.get_by_role("button", name="As on a phone").click()
    visitor.page.reload()
    expect(visitor.home).to_contain_text("Your teams")
    expect(visitor.whose_eyes).to_have_value("Dana Ito")
    expect(visitor.page.get_by_role("button", name="Light colours")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="As on a phone")).to_have_attribute("aria-pressed", "true")
    visitor.page.go_back()
    visitor.page.go_back()
    expect(visitor.newest).to_contain_text("Vision, 19 June")


def test_in_the_phone_frame_places_and_a_conversation_take_turns(visitor: Visitor) -> None:
    visitor.be("Dana Ito")
    visitor.page.get_by_role("button", name="As on a phone").click()
    box = visitor.slack.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) <= (PHONE["width"], PHONE["height"])
    expect(visitor.places).to_have_count(0)
    visitor.page.get_by_role("button", name="Back to all places").click()
    visitor.go("vision")
    expect(visitor.places).to_have_count(0)
    expect(visitor.page.get_by_role("heading", name="vision", exact=True)).to_be_visible()
    visitor.page.get_by_role("button", name="As on a phone").click()
    expect(visitor.places).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_in_a_small_window_all_is_there_and_nothing_is_cut_off(visitor: Visitor, size: dict[str, int]) -> None:
    visitor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    for person, place in (("U0DANA", ""), ("U0PRIYA", "home"), ("U0RUTH", "C0GENERAL")):
        visitor.open(f"{person}/{place}")
        expect(visitor.page.get_by_role("button", name="Back to all places")).to_be_visible()
        expect(visitor.page.get_by_role("button", name="As on a phone")).to_have_count(0)
        expect(visitor.home if place == "home" else visitor.messages.last).to_be_in_viewport()
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"]
    visitor.page.get_by_role("button", name="Back to all places").click()
    expect(visitor.places.get_by_role("button", name="general")).to_be_in_viewport()


def test_the_page_is_as_dark_as_the_system_until_somebody_chooses(visitor: Visitor) -> None:
    body = visitor.page.locator("body")
    light = re.compile(re.escape(body.evaluate("one => getComputedStyle(one).backgroundColor")))
    visitor.page.emulate_media(color_scheme="dark")
    expect(body).not_to_have_css("background-color", light)
    visitor.page.get_by_role("button", name="Light colours").click()
    expect(body).to_have_css("background-color", light)
    visitor.page.reload()
    expect(visitor.page.get_by_role("button", name="Dark colours")).to_be_visible()
