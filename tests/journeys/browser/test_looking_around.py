"""Being this person and that one: what each sees, what is new to them, and on how small a screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import browser as browsers
from tests.support.browser import PHONE
from tests.support.started import started
from tests.support.visitor import LEAP, Visitor

NARROW = {"width": 600, "height": 800}
LAPTOP = {"width": 1280, "height": 800}
SMALLEST = {"width": 360, "height": 740}
THEFT = "What a thief has in hand"

SIDEWAYS = """
() => [...document.querySelectorAll("body *")].flatMap(one => {
  const {overflowX, textOverflow} = getComputedStyle(one), {left, right, width, height} = one.getBoundingClientRect();
  if (width <= 1 || height <= 1 || one.closest(".bk-aside") || one.parentElement.closest(".loot-scroll")) return [];
  const told = one.matches(".loot-scroll[aria-label]") && innerWidth > 559;
  const wide = one.scrollWidth > one.clientWidth + 1 && overflowX !== "visible" && !told;
  const cut = wide && (textOverflow !== "ellipsis" || one.matches("h1, h2, h2 *"));
  return cut || left < -1 || right > innerWidth + 1 ? [one.className || one.tagName] : [];
})
"""
"""What is cut off at its sides or scrolls sideways; where there is room for columns, the labelled tables may."""


def test_everybody_sees_a_home_of_their_own(visitor: Visitor) -> None:
    visitor.be("Fatima Benali")
    visitor.go("Home")
    expect(visitor.home).to_contain_text("Vision pulse: 4 questions.")
    expect(visitor.home).to_contain_text("What your team last said")
    expect(visitor.home).to_contain_text("while a round is open they lie sealed, afterwards they are gone")
    expect(visitor.home).not_to_contain_text("Your teams")
    visitor.be("Dana Ito")
    expect(visitor.home).to_contain_text("No pulse is open for you.")
    expect(visitor.home).to_contain_text("Your teams")
    expect(visitor.home).to_contain_text("Burnout: worse than before.")
    expect(visitor.home.get_by_role("button", name="Promise something: Vision")).to_be_visible()
    expect(visitor.home).not_to_contain_text("Where things stand")
    visitor.be("Ruth Meyer")
    expect(visitor.home).to_contain_text("Where things stand")
    expect(visitor.home).to_contain_text(": With 9 people, results in about nine of ten rounds.")
    expect(visitor.home).not_to_contain_text("Burnout")


def test_what_is_new_is_marked_until_its_reader_has_seen_it(visitor: Visitor) -> None:
    visitor.go("Home")
    visitor.whose_eyes.click()
    expect(visitor.page.get_by_role("option", name="Hannah Becker")).to_contain_text("unread")
    visitor.page.keyboard.press("Escape")
    visitor.be("Hannah Becker")
    unread = visitor.places.get_by_role("button", name="Murmur 1 unread")
    expect(unread).to_be_visible()
    unread.click()
    expect(unread).to_have_count(0)
    expect(visitor.page.get_by_role("region", name="Today")).to_contain_text(re.compile("^Today\\s*New", re.MULTILINE))
    expect(visitor.newest).to_contain_text("Puls Language: 4 Fragen")
    visitor.whose_eyes.click()
    expect(visitor.page.get_by_role("option", name="Hannah Becker")).not_to_contain_text("unread")


def test_what_the_company_lived_through_before_is_unread_to_nobody(visitor: Visitor) -> None:
    visitor.whose_eyes.click()
    everybody = visitor.page.get_by_role("option")
    expect(everybody.filter(has_text="unread").first).to_be_attached()
    assert everybody.filter(has_text="unread").count() < everybody.count() / 2  # it is ten o'clock in few places
    expect(visitor.page.get_by_role("option", name="Sam Okoye")).not_to_contain_text("unread")


def test_everybody_is_listed_with_what_they_do_and_in_which_team(visitor: Visitor) -> None:
    visitor.whose_eyes.click()
    for name, doing in (
        ("Priya Raman", "Research engineer · Vision"),
        ("Alice Fraser", "Developer tools engineer · Tools"),
        ("Dana Ito", "Engineering manager, Vision"),
        ("Sam Okoye", "Director of AI"),
    ):
        expect(visitor.page.get_by_role("option", name=name).locator(".switch-title")).to_have_text(doing)
    visitor.whose_eyes.fill("serving")
    expect(visitor.page.get_by_role("option", name="Claire Dubois")).to_be_visible()


def test_where_the_app_takes_no_messages_its_conversation_says_where_commands_go(visitor: Visitor) -> None:
    visitor.be("Ruth Meyer")
    expect(visitor.slack).to_contain_text("Sending messages to this app has been turned off.")
    expect(visitor.composer).to_have_count(0)
    visitor.slack.get_by_role("button", name="try /pulse in #general").click()
    expect(visitor.composer).to_be_focused()
    visitor.page.keyboard.type("/pulse he")
    expect(visitor.page.get_by_role("listbox", name="Commands").get_by_role("option")).to_have_count(1)
    expect(visitor.slack).not_to_contain_text("Sending messages to this app has been turned off.")


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


@pytest.mark.parametrize("size", [LAPTOP, PHONE, SMALLEST], ids=["laptop", "phone", "smallest"])
def test_nothing_is_wider_than_the_window_or_scrolls_sideways(visitor: Visitor, size: dict[str, int]) -> None:
    visitor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    for address in ("U0TOMAS", "U0DANA", "U0TOMAS/home", "U0RUTH/C0GENERAL", "U0TOMAS?list", "U0RUTH?panel=inspector"):
        visitor.open(address)
        expect(visitor.whose_eyes).not_to_have_value("")
        expect(visitor.slack.get_by_role("heading").first).to_be_visible()
        assert visitor.page.evaluate(SIDEWAYS) == [], address
    visitor.whose_eyes.click()
    assert visitor.page.evaluate(SIDEWAYS) == [], "people"
    visitor.open("U0DANA?panel=theft")
    expect(visitor.page.get_by_role("region", name="A plain bot", exact=True)).to_be_visible()
    expect(visitor.page.get_by_role("cell").first).to_be_attached()
    assert visitor.page.evaluate(SIDEWAYS) == [], "theft"


@pytest.mark.parametrize("size", [LAPTOP, PHONE, SMALLEST], ids=["laptop", "phone", "smallest"])
def test_only_panes_scroll_never_the_page(visitor: Visitor, size: dict[str, int]) -> None:
    visitor.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    for address in ("U0DANA", "U0RUTH?panel=inspector"):
        visitor.open(address)
        expect(visitor.guide).to_be_visible()
        if "inspector" in address:
            visitor.page.get_by_role("list", name="Calls, newest first").get_by_role("button").first.click()
        before = visitor.guide.bounding_box()
        for across in (0.2, 0.9):
            for down in (0.02, 0.2, 0.6, 0.95):
                visitor.page.mouse.move(size["width"] * across, size["height"] * down)
                visitor.page.mouse.wheel(0, 3000)
                visitor.page.mouse.wheel(0, 3000)  # what a pane at its end passes on
        visitor.page.wait_for_timeout(300)
        assert visitor.guide.bounding_box() == before, address
        assert visitor.page.evaluate("document.querySelector('.page').scrollTop + scrollY") == 0, address


def test_a_panel_belongs_to_the_tab_in_which_it_was_opened(browser: Browser, history: None, tmp_path: Path) -> None:
    command = ("demo", "--no-browser", "--port", "0")
    with started(*command, temporary=tmp_path / "temporary") as demo, browsers.page(browser) as window:
        visitor, before = Visitor(window, demo.url), Visitor(window.context.new_page(), demo.url)
        for one in (before, visitor):
            one.open()
            one.newest.wait_for(timeout=LEAP)
        visitor.guide.get_by_role("button", name=re.compile("^Step 2: ")).click()
        visitor.guide.get_by_role("group").get_by_role("button").first.click()
        expect(theft(visitor.page)).to_be_visible(timeout=LEAP)
        after = Visitor(window.context.new_page(), demo.url)
        after.open()
        for one in (before, after):
            expect(one.newest).to_be_visible()
            expect(one.whose_eyes).to_have_value("Priya Raman")
            expect(theft(one.page)).to_have_count(0)
        visitor.page.reload()
        expect(theft(visitor.page)).to_be_visible()


def theft(page: Page) -> Locator:
    """The panel with the stolen databases."""
    return page.get_by_role("dialog", name=THEFT)


def test_the_page_is_as_dark_as_the_system_until_somebody_chooses(visitor: Visitor) -> None:
    body = visitor.page.locator("body")
    light = re.compile(re.escape(body.evaluate("one => getComputedStyle(one).backgroundColor")))
    visitor.page.emulate_media(color_scheme="dark")
    expect(body).not_to_have_css("background-color", light)
    visitor.page.get_by_role("button", name="Light colours").click()
    expect(body).to_have_css("background-color", light)
    visitor.page.reload()
    expect(visitor.page.get_by_role("button", name="Dark colours")).to_be_visible()
