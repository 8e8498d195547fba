"""The README is true: its commands and pictures exist, and its figures are what its commands print."""

import re
from pathlib import Path

import click
import pytest

from bot.__main__ import main
from bot.manifest import BOT_SCOPES
from tests import figures
from tests.support.demo import history  # noqa: F401 - a fixture

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.usefixtures("history")
def test_the_figures_of_the_demonstration_are_what_make_figures_prints(capsys: pytest.CaptureFixture[str]) -> None:
    figures.main()
    printed = capsys.readouterr().out
    murmur, naive = re.findall(r"(\d+ of \d+) sets", printed)[::-1]
    assert f"Murmur {murmur}; a plain bot" in README
    assert f"{naive} |" in README
    weeks = {
        name: int(week) for name, week in re.findall(r"^  (.+): \w+ flagged in weeks (\d+)", printed, re.MULTILINE)
    }
    assert 2 <= weeks["Vision"] - 9 + 1 <= 8  # this run keeps to what the README says of eight
    assert 1 <= weeks["Training"] - 10 + 1 <= 4
    assert "growing burnout flagged in its 2nd to 8th week" in README
    assert "a sudden loss of autonomy in its 1st to 4th" in README


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`(?:\.venv/bin/)?murmur (\w+)", README))
    assert named == set(main.list_commands(click.Context(main)))


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"(?:`|^    )make (\w+)", README, re.MULTILINE)) <= targets


def test_every_make_target_is_explained() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)) - {"help", "setup"}
    assert set(re.findall(r'echo "make ([\w-]+)', MAKEFILE)) == targets


def test_every_picture_that_the_readme_shows_is_there_and_described() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert pictures
    for description, path in pictures:
        assert description
        assert (ROOT / path).is_file()


def test_the_readme_counts_the_scopes_right() -> None:
    words = ["no", "one", "two", "three", "four", "five", "six"]
    assert f"asks for {words[len(BOT_SCOPES)]} scopes" in README


def test_ci_calls_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
