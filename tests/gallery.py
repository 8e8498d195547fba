"""The pictures in docs/images, taken anew: `make gallery`.

A real demonstration is gone through in headless Chromium, surface by surface; nothing in the pictures is drawn by
hand. Whoever changes what people see takes them again, and looks at them.
"""

import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Locator, expect

from bot.demo.guide import Guide
from tests.support import browser as browsers
from tests.support.started import Started, started
from tests.support.visitor import LEAP, Visitor

IMAGES: Final = Path(__file__).parents[1] / "docs" / "images"
STEPS: Final = Guide.read().steps
PAGE: Final = {"width": 1280, "height": 800}
TALL: Final = {"width": 1080, "height": 1700}
"""A window in which nothing needs to be scrolled."""

ANSWERS: Final = ("Agree", "Disagree", "Neither agree nor disagree", "Agree")
COMMENT: Final = "On-call again, and nobody says a word about it."
PEOPLE: Final = "name,team,role,time zone\n" + "".join(
    f"{name},{'' if role == 'admin' else 'Compilers'},{role},Europe/Berlin\n"
    for role, names in {
        "member": ("Ada Quill", "Ben Stone", "Cleo Marsh", "Dov Hart", "Eva Lind", "Finn Odell", "Gia Rossi"),
        "manager": ("Hal Brook",),
        "admin": ("Ivy Chen",),
    }.items()
    for name in names
)


class Gallery:
    """Takes pictures of one process, into a folder."""

    def __init__(self, browser: Browser, process: Started, folder: Path) -> None:
        self._browser = browser
        self._process = process
        self._folder = folder

    def of_the_demo(self) -> None:
        """From its first minute to two months later, in the order in which the story goes."""
        self._pages()
        self._homes()
        self._digests()
        self._in_the_dark()
        self._messages_of_a_member()
        self._form()
        self._commands()
        self._step("answer")
        self._step("steal")
        self._theft("theft")
        self._theft("theft-dark", dark=True)
        self._step("digest")
        self._on_a_phone()
        self._promise()
        self._step("promise")
        self._promise_arrives()
        self._step("later")
        self._theft("theft-two-months-on")
        self._two_months_on()

    def of_a_first_start(self) -> None:
        """What is there while the company's past is made."""
        with self._visitor(tall=False, wait=False) as visitor:
            expect(visitor.slack).to_contain_text("Week 2 of", timeout=LEAP)
            self._shot(visitor.page.locator("body"), "preparing")

    def of_a_rehearsal(self) -> None:
        """An admin sets Murmur up with people of their own."""
        with self._visitor() as visitor:
            visitor.be("Ivy Chen")
            visitor.go("general")
            visitor.write("/pulse")
            expect(visitor.newest).to_contain_text("Nothing is being asked yet.")
            self._shot(visitor.newest, "pulse-at-first")
            visitor.write("/pulse setup")
            visitor.window.get_by_role("textbox", name="Team name").fill("Compilers")
            _pick(visitor, "Managers: who reads the results", "Hal Brook")
            self._shot(visitor.window, "setup-form")
            visitor.send("Preview")
            expect(visitor.window).to_contain_text("Choose a channel, or people below.")
            self._shot(visitor.window, "setup-mistake")
            _pick(visitor, "Who is on the team: everybody in a channel", "compilers")
            visitor.send("Preview")
            expect(visitor.window).to_contain_text("7 people would be asked")
            self._shot(visitor.window, "preview")
            visitor.send("Start asking")
            expect(visitor.window).to_contain_text("is set up")
            self._shot(visitor.window, "all-set-up")

    def _pages(self) -> None:
        """The whole page."""
        with self._visitor("U0PRIYA", tall=False) as visitor:
            self._shot(visitor.page.locator("body"), "page")
            visitor.go("Home")
            visitor.whose_eyes.click()
            self._shot(visitor.page.locator("body"), "people")
        with self._visitor("U0DANA?phone", tall=False) as visitor:
            visitor.newest.evaluate("one => one.scrollIntoView()")
            self._shot(visitor.page.locator("body"), "phone")
        with self._visitor("U0RUTH/home?panel=inspector", tall=False) as visitor:
            calls = visitor.page.get_by_role("list", name="Calls, newest first").get_by_role("button")
            expect(calls.filter(has_text="views.publish")).to_have_count(2)
            calls.first.click()
            self._shot(visitor.page.locator("body"), "inspector")

    def _homes(self) -> None:
        roles = {"member": "U0PRIYA", "manager": "U0DANA", "leader": "U0SAM", "admin": "U0RUTH"}
        for role, person in roles.items():
            with self._visitor(f"{person}/home") as visitor:
                expect(visitor.home).to_contain_text("What Murmur stores about you")
                self._shot(_content(visitor.home), f"home-{role}")

    def _digests(self) -> None:
        with self._visitor("U0DANA") as visitor:
            self._shot(visitor.newest, "digest-flag")
            self._shot(visitor.messages.first, "digest-first")
            quiet = visitor.messages.filter(has_text="no clear change. More than four fifths")
            self._shot(quiet.nth(1), "digest-quiet")
            withheld = visitor.messages.filter(has_text="Not shown, to protect people").first
            self._shot(withheld, "digest-withheld")
            visitor.press("Why is this not shown?", withheld)
            expect(visitor.window).to_contain_text("A result needs five answers")
            self._shot(visitor.window, "why")
            self._close(visitor)
        with self._visitor("U0SAM") as visitor:
            self._shot(visitor.newest, "digest-department")

    def _in_the_dark(self) -> None:
        with self._visitor("U0DANA?phone", tall=False, dark=True) as visitor:
            visitor.newest.evaluate("one => one.scrollIntoView()")
            self._shot(visitor.page.locator("body"), "phone-dark")
        with self._visitor("U0DANA", dark=True) as visitor:
            self._shot(visitor.newest, "digest-flag-dark")
        with self._visitor("U0PRIYA/home", dark=True) as visitor:
            expect(visitor.home).to_contain_text("What Murmur stores about you")
            self._shot(_content(visitor.home), "home-member-dark")

    def _messages_of_a_member(self) -> None:
        with self._visitor("U0PRIYA") as visitor:
            self._shot(visitor.messages.first, "welcome")
            self._shot(visitor.newest, "invitation")
            self._shot(visitor.messages.filter(has_text="closes on Friday").last, "reminder")
            visitor.press("How it works", visitor.messages.first)
            visitor.window.wait_for()
            self._shot(visitor.window, "how-it-works")
            self._close(visitor)

    def _form(self) -> None:
        for tone, dark in (("", False), ("-dark", True)):
            with self._visitor("U0PRIYA", dark=dark) as visitor:
                visitor.press(re.compile("^Answer or change"))
                visitor.window.get_by_role("radio").first.wait_for()
                if not dark:
                    self._shot(visitor.window, "form-empty")
                _fill(visitor)
                self._shot(visitor.window, f"form-filled{tone}")
                self._close(visitor)
        with self._visitor("U0PRIYA", scale=2) as visitor:
            visitor.page.set_viewport_size({"width": 1200, "height": 900})
            visitor.press(re.compile("^Answer or change"))
            _fill(visitor)
            visitor.window.get_by_role("radio").first.scroll_into_view_if_needed()
            self._shot(visitor.window, "left")
            self._close(visitor)

    def _commands(self) -> None:
        with self._visitor("U0RUTH/C0GENERAL", tall=False) as visitor:
            visitor.composer.press_sequentially("/pulse ")
            expect(visitor.page.get_by_role("listbox", name="Commands")).to_be_visible()
            self._shot(visitor.slack, "commands")
            for line, name, words in (
                ("/pulse", "pulse", "is open until"),
                ("/pulse help", "help", "shows where things stand"),
            ):
                visitor.write(line)
                expect(visitor.newest).to_contain_text(words)
                self._shot(visitor.newest, name)
        with self._visitor("U0RUTH/C0GENERAL") as visitor:
            for name in ("questions", "threshold", "flags"):
                visitor.write(f"/pulse {name} AI")
                visitor.window.get_by_role("heading").first.wait_for()
                self._shot(visitor.window, name)
                self._close(visitor)

    def _on_a_phone(self) -> None:
        with self._visitor("U0DANA?phone", scale=2) as visitor:
            visitor.page.set_viewport_size({"width": 1200, "height": 1060})
            visitor.newest.evaluate("one => one.scrollIntoView()")
            self._shot(visitor.slack, "right")

    def _promise(self) -> None:
        with self._visitor("U0DANA") as visitor:
            visitor.press(re.compile("^Promise something"))
            visitor.window.get_by_role("button", name="Cancel").wait_for()
            self._shot(visitor.window, "promise")
            self._close(visitor)

    def _promise_arrives(self) -> None:
        with self._visitor("U0PRIYA") as visitor:
            self._shot(visitor.newest, "promise-arrives")

    def _two_months_on(self) -> None:
        with self._visitor("U0DANA") as visitor:
            self._shot(visitor.messages.filter(has_text="Your promise").first, "digest-with-a-promise")
            recovered = visitor.messages.filter(has_text="is easing")
            if recovered.count():
                self._shot(recovered.first, "digest-recovery")
        with self._visitor("U0PRIYA/home") as visitor:
            expect(visitor.home).to_contain_text("What Murmur stores about you")
            self._shot(_content(visitor.home), "home-member-with-promises")

    def _theft(self, name: str, *, dark: bool = False) -> None:
        with self._visitor("U0PRIYA?panel=theft", tall=False, dark=dark) as visitor:
            expect(visitor.page.get_by_role("dialog")).to_contain_text("traced")
            self._shot(visitor.page.get_by_role("dialog"), name)

    def _step(self, step: str) -> None:
        """Do a step of the guide by its button."""
        number = list(STEPS).index(step) + 1
        with self._visitor() as visitor:
            visitor.guide.get_by_role("button", name=f"Step {number}: {STEPS[step].title}").click()
            visitor.guide.get_by_role("button", name=STEPS[step].button, exact=True).click()
            done = visitor.guide.get_by_role("button", name=f"Step {number}: {STEPS[step].title} , done")
            expect(done).to_be_attached(timeout=2 * LEAP)

    @contextmanager
    def _visitor(
        self, address: str = "", *, tall: bool = True, dark: bool = False, scale: int = 1, wait: bool = True
    ) -> Iterator[Visitor]:
        with browsers.page(self._browser, dark=dark, scale=scale) as window:
            size = TALL if tall else PAGE
            window.set_viewport_size({"width": size["width"], "height": size["height"]})
            visitor = Visitor(window, self._process.url)
            visitor.open(address)
            if wait:
                messages = visitor.page.get_by_role("region", name="Messages", exact=True)
                (visitor.home if "home" in address else messages).wait_for(timeout=LEAP)
            if "panel" not in address:
                self._put_away(visitor)
            yield visitor

    def _put_away(self, visitor: Visitor) -> None:
        """Close what the last step of the guide had put over the page."""
        visitor.page.wait_for_timeout(1000)
        theft = visitor.page.get_by_role("dialog", name="What a thief has in hand")
        if theft.count():
            theft.get_by_role("button", name="Close").click()

    def _close(self, visitor: Visitor) -> None:
        """Every window of the app."""
        visitor.window.get_by_role("button", name=re.compile("^Close (window|all windows)$")).click()
        expect(visitor.window).to_have_count(0)

    def _shot(self, what: Locator, name: str) -> None:
        what.evaluate("one => one.closest('article')?.scrollIntoView({block: 'center'})")
        what.screenshot(path=self._folder / f"{name}.png", animations="disabled", caret="hide")
        print(f"  {name}.png")


def compose(browser: Browser, left: Path, right: Path, into: Path) -> None:
    """The picture on top of the README: the form on the left, a digest with a flag on a phone on the right."""
    form, digest = (f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}" for path in (left, right))
    with browsers.page(browser, scale=2) as window:
        window.set_viewport_size({"width": 1080, "height": 930})
        window.set_content(
            "<style>body{margin:0;display:flex;gap:44px;justify-content:center;align-items:center;height:930px;"
            "background:#e9e6f0}img{zoom:.5;border-radius:30px;box-shadow:0 16px 60px #2a255344}"
            "img+img{border-radius:104px;border:24px solid #2a2533}</style>"
            f"<img src='{form}'><img src='{digest}'>"
        )
        window.wait_for_function("[...document.images].every(one => one.complete)")
        window.screenshot(path=into)


def _fill(visitor: Visitor) -> None:
    """Answer every question, and write a comment."""
    questions = visitor.window.get_by_role("group")
    expect(questions).to_have_count(len(ANSWERS))
    for place, answer in enumerate(ANSWERS):
        questions.nth(place).get_by_role("radio", name=answer, exact=True).check()
    visitor.window.get_by_role("textbox").fill(COMMENT)
    visitor.window.get_by_role("heading").first.click()  # no field has the focus in a picture


def _pick(visitor: Visitor, label: str, name: str) -> None:
    """Choose in a field with a list."""
    field = visitor.window.get_by_role("combobox", name=label)
    field.fill(name)
    visitor.page.get_by_role("option", name=name).first.click()
    field.press("Tab")


def _content(home: Locator) -> Locator:
    """What stands on a Home, without the room around it."""
    return home.locator("> *").first


def main() -> None:
    """Take them all; those of before are replaced only when all are taken."""
    if browsers.chromium() is None:
        raise SystemExit("The pictures are taken in Chromium: install the package chromium.")
    with TemporaryDirectory() as folder, browsers.browser() as browser:
        taken, work = Path(folder) / "images", Path(folder) / "temporary"
        taken.mkdir()
        (Path(folder) / "people.csv").write_text(PEOPLE, "utf-8")
        with started("sandbox", "--workspace", "people.csv", "--port", "0", temporary=work) as rehearsal:
            Gallery(browser, rehearsal, taken).of_a_rehearsal()
        with started("demo", "--no-browser", "--port", "0", "--seed", "7", temporary=work) as first:
            Gallery(browser, first, taken).of_a_first_start()
        with started("demo", "--no-browser", "--port", "0", temporary=work) as demo:
            Gallery(browser, demo, taken).of_the_demo()
        compose(browser, taken / "left.png", taken / "right.png", taken / "murmur.png")
        for part in ("left", "right"):
            (taken / f"{part}.png").unlink()
        for old in IMAGES.glob("*.png"):  # what else is there was drawn by something else
            old.unlink()
        shutil.copytree(taken, IMAGES, dirs_exist_ok=True)
    pictures = list(IMAGES.glob("*.png"))
    size = sum(path.stat().st_size for path in pictures)
    print(f"{len(pictures)} pictures in {IMAGES}, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
