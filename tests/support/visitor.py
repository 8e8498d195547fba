"""Somebody at the page of the stand-in Slack: what they see there, and what they do, by the names that things have."""

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

LEAP: Final = 300_000
"""Milliseconds that the clock may take to go on by two months."""


class Visitor:
    """A window of the browser with the page in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, address: str = "") -> None:
        """Come here, or go on, by an address such as "U0DANA/home?phone"."""
        self.page.goto("about:blank")  # an address that differs in its fragment alone would not load the page again
        self.page.goto(f"{self.url}/#/{address}")

    @property
    def slack(self) -> Locator:
        """The stand-in Slack, without the stage around it."""
        return self.page.get_by_role("main")

    @property
    def places(self) -> Locator:
        """The sidebar."""
        return self.page.get_by_role("navigation", name="Places")

    @property
    def messages(self) -> Locator:
        """The messages of the place one is at."""
        return self.page.get_by_role("article")

    @property
    def newest(self) -> Locator:
        """The last of them."""
        return self.messages.last

    @property
    def home(self) -> Locator:
        """What the app's Home shows."""
        return self.page.get_by_role("region", name="Home", exact=True)

    @property
    def window(self) -> Locator:
        """The app's window in front."""
        return self.slack.get_by_role("dialog")

    @property
    def composer(self) -> Locator:
        """The line to write in, in a channel."""
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    @property
    def guide(self) -> Locator:
        """The strip with the steps."""
        return self.page.get_by_role("region", name="Guide")

    @property
    def clock(self) -> Locator:
        """What time it is, and the way to later."""
        return self.page.get_by_role("group", name="Clock", exact=True)

    @property
    def whose_eyes(self) -> Locator:
        """The field in which one says who one is."""
        return self.page.get_by_role("combobox", name="You are")

    def be(self, name: str) -> None:
        """Look through somebody else's eyes."""
        self.whose_eyes.click()
        self.whose_eyes.fill(name)
        self.page.get_by_role("option", name=name).first.click()
        expect(self.whose_eyes).to_have_value(name)
        expect(self.page).to_have_title(re.compile(f"^{re.escape(name)} "))

    def go(self, place: str) -> None:
        """To a place of the sidebar."""
        self.places.get_by_role("button", name=place).click()

    def write(self, line: str) -> None:
        """A message or a command, into the channel one is at."""
        self.composer.fill(line)
        self.composer.press("Escape")  # whatever completes it
        self.composer.press("Enter")

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """A button, in the newest message unless it is said where."""
        (within or self.newest).get_by_role("button", name=name).click()

    def send(self, button: str) -> None:
        """The window in front, by its button."""
        self.window.get_by_role("button", name=button, exact=True).last.click()  # above them are those of the title

    def question(self, words: str) -> Locator:
        """One of the questions of the window in front, by words of it."""
        return self.window.get_by_role("group").filter(has_text=words)
