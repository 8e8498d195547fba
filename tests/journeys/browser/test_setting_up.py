"""An admin sets Murmur up: commands that complete themselves, and a rehearsal with people of one's own."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support import browser as browsers
from tests.support.started import OWN_PEOPLE, started
from tests.support.visitor import LEAP, Visitor


@pytest.fixture
def adopter(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody who rehearses with a small company of their own."""
    shutil.copy(OWN_PEOPLE, tmp_path)
    command = ("sandbox", "--workspace", "people.csv", "--port", "0")
    with started(*command, temporary=tmp_path / "temporary") as rehearsal, browsers.page(browser) as window:
        visitor = Visitor(window, rehearsal.url)
        visitor.open()
        visitor.whose_eyes.wait_for()
        yield visitor


def test_commands_complete_themselves_as_they_are_typed(visitor: Visitor) -> None:
    visitor.be("Ruth Meyer")
    visitor.go("general")
    visitor.composer.press_sequentially("/pulse")
    commands = visitor.page.get_by_role("listbox", name="Commands")
    expect(commands.get_by_role("option").first).to_have_text("/pulsewhere things stand, and the next step")
    visitor.composer.press_sequentially(" t")
    expect(commands.get_by_role("option")).to_have_count(1)
    visitor.composer.press("Tab")
    expect(visitor.composer).to_have_value("/pulse threshold")
    expect(commands).to_have_count(0)
    visitor.composer.fill("/pulse ")
    visitor.composer.press("ArrowDown")
    visitor.composer.press("Enter")
    expect(visitor.composer).to_have_value("/pulse setup")
    visitor.composer.fill("/pulse")
    visitor.composer.press("Enter")
    expect(visitor.newest).to_contain_text("Only visible to you")
    expect(visitor.newest).to_contain_text("The AI pulse is open until Friday 26 June, 17:00, your time.")
    expect(visitor.newest).to_contain_text("The Platform pulse is open until Friday 26 June, 17:00, your time.")


def test_a_wrong_command_is_answered_with_the_nearest_right_one(visitor: Visitor) -> None:
    visitor.be("Ruth Meyer")
    visitor.go("general")
    visitor.write("/pulse treshold")
    expect(visitor.newest).to_contain_text("There is no /pulse treshold. Did you mean /pulse threshold?")
    visitor.be("Kofi Mensah")
    visitor.go("general")
    visitor.write("/pulse setup")
    expect(visitor.newest).to_contain_text("Only visible to you")
    expect(visitor.window).to_have_count(0)


def test_ones_own_people_are_set_up_in_a_form_that_keeps_what_was_typed_and_then_asked(adopter: Visitor) -> None:
    expect(adopter.whose_eyes).to_have_value("Ivy Chen")
    adopter.go("Murmur")
    expect(adopter.composer).to_have_count(0)
    expect(adopter.slack).to_contain_text("Sending messages to this app has been turned off.")
    adopter.slack.get_by_role("button", name="try /pulse in #general").click()
    adopter.write("/pulse setup")
    form = adopter.window
    team, part = form.get_by_role("textbox", name="Team name"), form.get_by_role("textbox", name="Part of")
    who = form.get_by_role("combobox", name="Who is on the team: everybody in a channel")
    team.fill("Compilers")
    part.fill("Research")
    pick(adopter, "Managers: who reads the results", "Hal Brook")
    adopter.send("Preview")
    expect(who).to_be_focused()
    expect(who).to_have_accessible_description(re.compile("^Choose a channel, or people below."))
    expect(team).to_have_value("Compilers")
    expect(part).to_have_value("Research")
    expect(form).to_contain_text("Hal Brook")

    pick(adopter, "Who is on the team: everybody in a channel", "compilers")
    adopter.send("Preview")
    expect(form).to_contain_text("Compilers: 7 people would be asked. Ada Quill, Ben Stone, Cleo Marsh,")
    expect(form).to_contain_text("With 7 people, results in about three of four rounds.")
    expect(form).to_contain_text("Nobody has been told anything yet.")
    adopter.send("Back")
    expect(team).to_have_value("Compilers")
    adopter.send("Preview")
    adopter.send("Start asking")
    expect(form).to_contain_text("Compilers is set up.")
    adopter.page.keyboard.press("Escape")
    expect(form).to_have_count(0)

    for _ in range(2):
        jump(adopter, "Next Monday")
    adopter.be("Ada Quill")
    expect(adopter.messages.first).to_contain_text("Ivy Chen has me ask Compilers a few short questions")
    expect(adopter.messages.filter(has_text="Compilers pulse: 4 questions, half a minute.")).not_to_have_count(0)
    adopter.be("Hal Brook")
    expect(adopter.newest).to_contain_text("Compilers, ")


def test_a_rehearsal_says_what_comes_first_and_fills_the_form_in_from_the_file(adopter: Visitor) -> None:
    expect(adopter.whose_eyes).to_have_value("Ivy Chen")
    expect(adopter.guide).to_contain_text("Your file names Compilers. As Ivy Chen, type /pulse setup in any channel")
    adopter.press("Fill in the form", adopter.guide)
    expect(adopter.guide).to_contain_text("The form is filled in for Compilers: look it through", timeout=LEAP)
    form = adopter.window
    expect(form.get_by_role("textbox", name="Team name")).to_have_value("Compilers")
    expect(form.get_by_role("textbox", name="Team name")).to_be_in_viewport()
    expect(adopter.guide).to_contain_text("0 of 1 team is set up.")
    expect(adopter.guide).not_to_contain_text("Done.")
    expect(form.get_by_role("combobox", name="everybody in a channel")).to_have_value("#compilers")
    expect(form).to_contain_text("Hal Brook")
    adopter.send("Preview")
    adopter.send("Start asking")
    expect(form).to_contain_text("Compilers is set up.")
    expect(adopter.guide).to_contain_text("Done. Every team of your file is set up.")


def jump(visitor: Visitor, label: str) -> None:
    """Take the clock on, and wait until it is there."""
    before = visitor.clock.get_by_role("time").get_attribute("datetime")
    visitor.clock.get_by_role("button", name=label).click()
    visitor.clock.get_by_role("progressbar").or_(visitor.clock.get_by_role("button", name=label)).wait_for()
    expect(visitor.clock.get_by_role("time")).not_to_have_attribute("datetime", before or "")
    expect(visitor.clock.get_by_role("button", name=label)).to_be_enabled(timeout=LEAP)


def pick(visitor: Visitor, label: str, *names: str) -> None:
    """Choose in a field with a list."""
    field = visitor.window.get_by_role("combobox", name=label)
    for name in names:
        field.fill(name)
        visitor.page.get_by_role("option", name=re.compile(re.escape(name))).first.click()
    field.press("Tab")
