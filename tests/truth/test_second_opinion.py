"""Our Block Kit check and slackblocks, which others wrote from the same reference, agree where both judge."""

from typing import Any

import pytest

from tests.bot.sandbox.blockkit.test_limits import FLOORS, LIMITS, MAY_BE_EMPTY
from tests.bot.sandbox.blockkit.test_rules import RULES
from tests.truth.shown import everything

pytest.importorskip("slackblocks", reason="NO SECOND OPINION ON BLOCK KIT: install slackblocks")

from tests.truth.second_opinion import objection

PASS: dict[str, Any] = {
    **{f"{name}, at most": make(most) for name, (make, most, _) in LIMITS.items()},
    **{f"{name}, at least": make(least) for name, (make, least, _) in FLOORS.items()},
    **{f"{name}, kept": good for name, (good, _, _, _) in RULES.items()},
    **{f"{name}, empty": payload for name, payload in MAY_BE_EMPTY.items()},
}
FAIL: dict[str, Any] = {
    **{f"{name}, at most": make(most + 1) for name, (make, most, _) in LIMITS.items()},
    **{f"{name}, at least": make(least - 1) for name, (make, least, _) in FLOORS.items()},
    **{f"{name}, broken": bad for name, (_, bad, _, _) in RULES.items()},
}
# Where one of the two is stricter; a change of either shows here
STRICTER = {
    "rich text, empty",  # Slack's own composer sends a rich_text_section without elements
}
MISSES = {
    "a boolean that is a string, broken",
    "a date and time has ten digits, broken",
    "a field that is null, broken",
    "a file input dispatches nothing, broken",
    "a header is plain text, broken",
    "a label is plain text, broken",
    "a number that is a boolean, broken",
    "a point is finite, broken",
    "a select has options or groups, broken",
    "a style is primary or danger, broken",
    "a text input belongs to an input block, broken",
    "a text that is a string, broken",
    "a title is plain text, broken",
    "a url is one, broken",
    "a url option is for overflow menus, broken",
    "a whole number has no decimals, broken",
    "action_ids differ within a block, broken",
    "alt text of an image, at least",
    "an image belongs to a section, not to actions, broken",
    "an image needs alt text, broken",
    "an initial option is the same in every field, broken",
    "block_ids differ, broken",
    "characters in a table, at most",
    "date and time, at least",
    "date and time, at most",
    "elements of a context, at least",
    "elements of actions, at least",
    "fields of a section, at least",
    "initial options are among the options, broken",
    "initial options differ, broken",
    "initial options of checkboxes, at least",
    "initial value beside max_length, at most",
    "initial value of a text input, at most",
    "no more is chosen at first than may be chosen, broken",
    "one element has the focus, broken",
    "option values differ across groups, broken",
    "option values differ, broken",
    "response_url_enabled is for inputs, broken",
    "response_url_enabled is for modals, broken",
    "response_url_enabled is not for actions, broken",
    "rich text runs are not empty, broken",
    "series of a chart, at most",
    "slices of a pie, at most",
    "tables in a message, at most",
    "text of an icon button, at most",
    "value of an option, at least",
}


@pytest.mark.parametrize("name", sorted(PASS.keys() - STRICTER))
def test_what_we_take_slackblocks_takes(name: str) -> None:
    assert objection(PASS[name]) is None


def test_where_slackblocks_is_stricter_is_known() -> None:
    assert {name for name in PASS if objection(PASS[name]) is not None} == STRICTER


def test_what_slackblocks_misses_is_known() -> None:
    assert {name for name in FAIL if objection(FAIL[name]) is None} == MISSES


@pytest.mark.parametrize("name", sorted(everything()))
def test_what_murmur_shows_slackblocks_takes(name: str) -> None:
    shown = everything()[name]
    assert objection(shown if "type" in shown else shown["blocks"]) is None
