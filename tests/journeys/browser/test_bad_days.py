"""Slack refuses, the connection breaks, the demo is ended: the page says so, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import browser as browsers
from tests.support.started import Started, started
from tests.support.visitor import LEAP, Visitor

COMMAND = ("demo", "--no-browser", "--port")


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A window of the browser that outlives what it shows."""
    with browsers.page(browser) as window:
        yield window


def inspector(visitor: Visitor) -> Locator:
    """What Murmur asks of Slack."""
    return visitor.page.get_by_role("complementary", name="What the app asks of Slack")


def calls(visitor: Visitor, words: str) -> Locator:
    """Those calls in the inspector of which the line says this."""
    return inspector(visitor).get_by_role("list", name="Calls, newest first").get_by_role("button", name=words)


@pytest.mark.usefixtures("history")
def test_what_slack_refuses_goes_out_later_and_once_and_a_cut_connection_is_made_again(
    window: Page, tmp_path: Path
) -> None:
    with started(*COMMAND, "0", temporary=tmp_path / "temporary") as demo:
        visitor = Visitor(window, demo.url)
        visitor.open("U0NIA?panel=inspector")
        visitor.newest.wait_for(timeout=LEAP)
        invitations = visitor.messages.filter(has_text="pulse: 4 questions")
        before = invitations.count()
        visitor.press("Too many calls", inspector(visitor))
        expect(inspector(visitor).get_by_text("armed, strikes 3 more times")).to_be_visible()
        jump = visitor.clock.get_by_role("button", name="Next working day")
        jump.click()  # Nia is invited at ten in London, and others are before her
        expect(invitations).to_have_count(before + 1, timeout=LEAP)
        expect(jump).to_be_enabled(timeout=LEAP)
        inspector(visitor).get_by_role("checkbox", name="Only trouble").check()
        expect(calls(visitor, "chat.postMessage ratelimited")).to_have_count(3)
        expect(inspector(visitor).get_by_text("armed, strikes")).to_have_count(0)

        status = inspector(visitor).get_by_role("status").first
        visitor.press("Cut the connection", inspector(visitor))
        expect(status).to_have_text("Not connected")
        expect(status).to_have_text("Connected")
        visitor.press("Answer or change your answers")
        expect(visitor.window).to_contain_text("Sending again replaces everything")
        expect(invitations).to_have_count(before + 1)


@pytest.mark.usefixtures("history")
def test_a_demo_that_is_ended_leaves_nothing_and_the_page_finds_the_next_one_by_itself(
    window: Page, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    with started(*COMMAND, "0", "--seed", "7", temporary=temporary) as demo:
        visitor = Visitor(window, demo.url)
        visitor.open()
        expect(window.get_by_role("heading", name="A company, and its last sixteen weeks")).to_be_visible()
        expect(window.get_by_role("progressbar").first).to_be_visible()
        assert list(temporary.iterdir())
        ended_without_a_trace(demo)
    gone = window.get_by_role("status").filter(has_text="The demo has stopped. Start it again with make demo")
    expect(gone).to_be_visible()
    with started(*COMMAND, demo.port, temporary=temporary) as again:
        visitor.newest.wait_for(timeout=LEAP)
        expect(gone).to_have_count(0)
        ended_without_a_trace(again)
    expect(gone).to_be_visible()


def ended_without_a_trace(demo: Started) -> None:
    said = demo.end()
    assert demo.process.returncode == 0, said
    assert "Traceback" not in said
    assert list(demo.temporary.iterdir()) == []
