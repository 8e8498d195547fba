"""The README is true: its commands exist, and what it quotes is what the demonstration prints."""

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.demo import play
from bot.manifest import BOT_SCOPES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demonstration() -> str:
    """Everything that `make demo` prints, without Slack's marks."""
    told: list[str] = []
    play(told.append)
    return re.sub(r"[*_`]", "", "\n".join(told))


def test_what_the_readme_quotes_is_what_the_demonstration_prints(demonstration: str) -> None:
    quoted = re.findall(
        r"^    (\S.*)$", README.split("the flag is the detector's own:")[1].split("##")[0], re.MULTILINE
    )
    assert len(quoted) == 4
    for line in quoted:
        for part in line.split("[…]"):
            assert part.strip() in demonstration


def test_the_demonstration_shows_a_week_as_each_person_sees_it(demonstration: str) -> None:
    for heading in ("types /pulse", "hears of it for the first time", "She presses the button", "Monday morning"):
        assert heading in demonstration
    assert "Traceback" not in demonstration


def test_a_thief_finds_no_ballot_and_no_key_after_the_demonstration(demonstration: str) -> None:
    assert "sealed ballots: 0" in demonstration
    assert "keys: 0" in demonstration


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?murmur (\w+)", README))
    assert named == set(main.commands)


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make (\w+)", README, re.MULTILINE)) <= targets


def test_the_readme_counts_the_scopes_right() -> None:
    words = ["no", "one", "two", "three", "four", "five", "six"]
    assert f"asks for {words[len(BOT_SCOPES)]} scopes" in README


def test_ci_calls_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
