"""The five steps of the guide, from the first to the last, as somebody with five minutes sees them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.demo.acting import COMMENT, PROMISED
from bot.demo.company import lantern_labs
from bot.demo.guide import Guide
from surveys.questions import scales
from tests.support import browser as browsers
from tests.support.started import started
from tests.support.visitor import LEAP, Visitor

STEPS = Guide.read().steps
NAMES = [person.real_name for person in lantern_labs().workspace.people if not person.is_bot]
TRACED = re.compile(r"(?<![\d,])[1-9][\d,]* of [\d,]+\s*sets of answers traced")
NOTHING_TRACED = re.compile(r"(?<![\d,])0 of [\d,]+\s*sets of answers traced")
NOT_COUNTED = ("Dana Ito", "Sam Okoye")  # who read the digest of Vision, and may be named in it


@pytest.fixture
def newcomer(browser: Browser, history: None, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody who has just started the demo."""
    command = ("demo", "--no-browser", "--port", "0")
    with started(*command, temporary=tmp_path / "temporary") as demo, browsers.page(browser) as window:
        visitor = Visitor(window, demo.url)
        visitor.open()
        yield visitor


def do(visitor: Visitor, name: str) -> None:
    """Press the button of a step, and wait until it is done."""
    step = STEPS[name]
    number = list(STEPS).index(name) + 1
    opened = visitor.guide.get_by_role("group", name=f"Step {number} of {len(STEPS)}: {step.title}")
    expect(opened).to_contain_text(step.text)
    opened.get_by_role("button", name=step.button).click()
    expect(visitor.guide.get_by_role("button", name=f"Step {number}: {step.title} , done")).to_be_attached(timeout=LEAP)
    expect(opened).to_contain_text(f"Done. {step.after}")


def go_on(visitor: Visitor, name: str) -> None:
    """Press the button that leads to the next step."""
    visitor.guide.get_by_role("button", name=f"Next: {STEPS[name].title}").click()


def shows(visitor: Visitor, moment: str, where: str) -> None:
    """Whether it is so late there, to ten minutes: the clock runs."""
    time = re.compile(rf"^{moment}\d {where}$", re.MULTILINE)
    expect(visitor.clock).to_contain_text(time, use_inner_text=True)


def loot(theft: Locator, name: str) -> Locator:
    """What the thief got out of one of the two databases."""
    return theft.get_by_role("region", name=name, exact=True)


def nobody_is_named_in(digest: str) -> bool:
    """Whether a digest names none of those who answered, nor anybody else of the company but its readers."""
    return not [name for name in NAMES if name not in NOT_COUNTED and (name in digest or name.split()[0] in digest)]


def test_the_guide_tells_its_story_from_the_first_step_to_the_last(newcomer: Visitor) -> None:
    answered_as_priya(newcomer)
    go_on(newcomer, "steal")
    stole_the_database(newcomer)
    go_on(newcomer, "digest")
    was_dana_on_monday(newcomer)
    go_on(newcomer, "promise")
    promised_something(newcomer)
    go_on(newcomer, "later")
    went_two_months_on(newcomer)
    newcomer.guide.get_by_role("button", name="Finish").click()
    for words in (
        ".venv/bin/murmur sandbox --workspace people.csv",
        "copy .env.example to .env, fill in the two Slack tokens and APP_SECRET",
        ".venv/bin/murmur run",
    ):
        expect(newcomer.guide).to_contain_text(words)


def answered_as_priya(visitor: Visitor) -> None:
    expect(visitor.whose_eyes).to_have_value("Priya Raman", timeout=LEAP)
    shows(visitor, "Tuesday 23 June, 10:0", "in Berlin")
    invitation = visitor.newest.inner_text()
    messages = visitor.messages.count()
    do(visitor, "answer")
    expect(visitor.window).to_have_count(0)
    assert visitor.messages.count() == messages
    assert visitor.newest.inner_text() == invitation
    visitor.press(STEPS["answer"].again, visitor.guide)
    expect(visitor.window).to_contain_text("Sending again replaces everything", timeout=LEAP)
    expect(visitor.window).to_contain_text("What you sent is sealed;", timeout=LEAP)
    expect(visitor.window).to_have_count(0)
    assert visitor.messages.count() == messages


def stole_the_database(visitor: Visitor) -> None:
    do(visitor, "steal")
    theft = visitor.page.get_by_role("dialog", name="What a thief has in hand")
    naive, murmur = loot(theft, "A plain bot"), loot(theft, "Murmur")
    expect(naive).to_contain_text(TRACED)
    expect(naive).to_contain_text(COMMENT)
    answers = naive.get_by_role("definition").all_inner_texts()
    assert sorted(answers) == ["Agree", "Agree", "Disagree", "Neither agree nor disagree"]
    nothing_was_found_in(murmur)
    expect(theft).to_contain_text("What this does not protect")
    theft.get_by_role("checkbox", name="The thief takes the folder with Murmur's keys as well").check()
    expect(murmur).to_contain_text("The key folder was taken as well")
    expect(murmur).to_contain_text(COMMENT)
    visitor.page.keyboard.press("Escape")
    expect(theft).to_have_count(0)


def nothing_was_found_in(murmur: Locator) -> None:
    expect(murmur).to_contain_text(NOTHING_TRACED)
    expect(murmur).to_contain_text("What the thief reads of Priya Raman\nNothing", use_inner_text=True)
    for secret in (COMMENT, "Jonas has", *scales()["agreement"].labels):
        expect(murmur).not_to_contain_text(secret)


def was_dana_on_monday(visitor: Visitor) -> None:
    do(visitor, "digest")
    expect(visitor.whose_eyes).to_have_value("Dana Ito")
    expect(visitor.page.get_by_role("button", name="As on a phone")).to_have_attribute("aria-pressed", "true")
    shows(visitor, "Monday 29 June, 09:0", "in Los Angeles")
    expect(visitor.newest).to_contain_text("Vision, 26 June")
    expect(visitor.newest.get_by_role("button", name="Promise something: Vision")).to_be_attached()
    digests = visitor.messages.filter(has_text=re.compile("Vision, \\d+ "))
    expect(digests).to_have_count(17)
    named = [text for text in digests.all_text_contents() if not nobody_is_named_in(text)]
    assert named == []


def promised_something(visitor: Visitor) -> None:
    do(visitor, "promise")
    expect(visitor.whose_eyes).to_have_value("Priya Raman")
    shows(visitor, "Tuesday 30 June, 10:0", "in Berlin")
    expect(visitor.newest).to_contain_text(f"Since last time: Dana Ito promised “{PROMISED.rstrip('.')}”.")
    expect(visitor.messages.filter(has_text=PROMISED.rstrip("."))).to_have_count(1)


def went_two_months_on(visitor: Visitor) -> None:
    do(visitor, "later")
    theft = visitor.page.get_by_role("dialog", name="What a thief has in hand")
    expect(theft).to_have_count(0)
    expect(visitor.whose_eyes).to_have_value("Dana Ito")
    shows(visitor, "Monday 31 August, 09:0", "in Los Angeles")
    eased = visitor.messages.filter(has_text="Burnout is easing.").last
    expect(eased).to_be_in_viewport()
    expect(eased).to_contain_text(PROMISED.rstrip("."))
    expect(visitor.newest).to_contain_text("Vision, 28 August")
    visitor.press(STEPS["later"].again, visitor.guide)
    expect(loot(theft, "A plain bot")).to_contain_text(TRACED)
    nothing_was_found_in(loot(theft, "Murmur"))
    theft.get_by_role("button", name="Close").click()
    expect(theft).to_have_count(0)
