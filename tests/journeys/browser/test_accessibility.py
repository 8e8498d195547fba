"""axe finds nothing on any of the page's surfaces that would break WCAG 2.2 AA, in light and in dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support import browser as browsers
from tests.support import node
from tests.support.browser import PHONE
from tests.support.started import Started, started
from tests.support.visitor import Visitor

PAGE = Path(__file__).parents[3] / "bot/sandbox/page"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

LOOK = """
tags => Promise.all(document.getAnimations().map(({finished}) => finished)).then(
  () => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})).then(
  ({violations}) => violations.flatMap(({id, help, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`)))
"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script that looks for barriers."""
    if node.absent():
        node.unchecked()
    return (node.project(PAGE) / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser, demo: Started) -> Iterator[Visitor]:
    """Somebody whose system likes it light, or dark."""
    with browsers.page(browser, dark=request.param == "dark") as window:
        yield Visitor(window, demo.url)


def check(visitor: Visitor, axe: str, surface: str) -> None:
    """Look for barriers on what is shown now."""
    if not visitor.page.evaluate("'axe' in window"):
        visitor.page.evaluate(axe)
    assert visitor.page.evaluate(LOOK, TAGS) == [], surface


def test_messages_forms_and_home_have_no_barriers(reader: Visitor, axe: str) -> None:
    reader.open("U0MATEUSZ")
    reader.press("Answer or change your answers")
    expect(reader.window).to_contain_text("Sending again replaces everything")
    reader.window.get_by_role("radio", name="Agree", exact=True).first.check()
    check(reader, axe, "an invitation, and the form over it")
    reader.page.keyboard.press("Escape")
    expect(reader.window).to_have_count(0)
    for name in ("Mateusz Kowalski", "Dana Ito", "Ruth Meyer"):
        reader.be(name)
        reader.go("Home")
        expect(reader.home).to_contain_text("What Murmur stores about you")
        check(reader, axe, f"the Home of {name}")


def test_a_digest_with_a_chart_has_no_barriers(reader: Visitor, axe: str) -> None:
    reader.open("U0DANA")
    expect(reader.newest.get_by_role("figure")).to_be_visible()
    check(reader, axe, "digests")


def test_a_form_with_a_mistake_and_commands_have_no_barriers(reader: Visitor, axe: str) -> None:
    reader.open("U0RUTH/C0GENERAL")
    reader.write("/pulse help")
    expect(reader.newest).to_contain_text("Only visible to you")
    reader.composer.fill("/pulse ")
    reader.page.get_by_role("listbox", name="Commands").wait_for()
    check(reader, axe, "an answer only for one, and commands to choose from")
    reader.write("/pulse setup")
    reader.window.get_by_role("textbox", name="Team name").fill("Compilers")
    reader.send("Preview")
    expect(reader.window.locator("[aria-invalid=true]").first).to_be_visible()
    check(reader, axe, "a form with mistakes")
    reader.page.keyboard.press("Escape")
    expect(reader.window).to_have_count(0)


def test_the_stage_has_no_barriers(reader: Visitor, axe: str) -> None:
    reader.open("U0SAM/C0GENERAL?panel=inspector")
    reader.messages.first.wait_for()
    reader.page.get_by_role("list", name="Calls, newest first").get_by_role("button").first.click()
    reader.whose_eyes.click()
    check(reader, axe, "the inspector, a call unfolded, and the people to choose from")
    reader.open("U0SAM?panel=theft")
    expect(reader.page.get_by_role("region", name="A plain bot", exact=True)).to_be_visible()
    check(reader, axe, "the stolen databases")


def test_a_small_window_has_no_barriers(reader: Visitor, axe: str) -> None:
    reader.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    reader.open("U0SAM")
    reader.newest.wait_for()
    check(reader, axe, "a digest on a phone")
    reader.page.get_by_role("button", name="Back to all places").click()
    reader.places.wait_for()
    check(reader, axe, "the places on a phone")


def test_a_company_being_prepared_has_no_barriers(browser: Browser, axe: str, tmp_path: Path) -> None:
    command = ("demo", "--no-browser", "--port", "0", "--seed", "7")
    with started(*command, temporary=tmp_path / "temporary") as demo, browsers.page(browser) as window:
        visitor = Visitor(window, demo.url)
        visitor.open()
        window.get_by_role("progressbar").first.wait_for()
        check(visitor, axe, "preparing, light")
        window.get_by_role("button", name="Dark colours").click()
        expect(window.locator("html")).to_have_attribute("data-theme", "dark")
        check(visitor, axe, "preparing, dark")


def test_escape_closes_what_lies_on_top_and_nothing_below(visitor: Visitor) -> None:
    visitor.be("Mateusz Kowalski")
    visitor.press("Answer or change your answers")
    expect(visitor.window).to_be_visible()
    inspect = visitor.page.get_by_role("button", name="What the app asks of Slack")
    inspect.click()
    inspector = visitor.page.get_by_role("complementary", name="What the app asks of Slack")
    inspector.get_by_text("Then press something in Slack").click()  # where nothing takes the focus
    visitor.whose_eyes.click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("listbox", name="People")).to_have_count(0)
    inspector.get_by_text("Then press something in Slack").click()
    visitor.page.keyboard.press("Escape")
    expect(inspector).to_have_count(0)
    expect(visitor.window).to_be_visible()
    visitor.page.evaluate("location.hash += '?panel=theft'")
    theft = visitor.page.get_by_role("dialog", name="What a thief has in hand")
    expect(theft.get_by_role("region", name="Murmur", exact=True)).to_be_visible()
    theft.get_by_text("What this does not protect").click()
    visitor.page.keyboard.press("Escape")
    expect(theft).to_have_count(0)
    expect(visitor.window).to_be_visible()
    visitor.window.get_by_role("heading").first.click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_have_count(0)


def test_the_focus_goes_back_to_where_a_panel_was_opened(visitor: Visitor) -> None:
    visitor.be("Mateusz Kowalski")
    inspect = visitor.page.get_by_role("button", name="What the app asks of Slack")
    inspect.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Calls to Slack")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(inspect).to_be_focused()
