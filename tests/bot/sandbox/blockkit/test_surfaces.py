"""Where blocks and elements may be shown."""

import pytest

from bot.sandbox.blockkit import check_blocks
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import CHOICES, INPUTS, MENUS, PICKERS
from tests.bot.sandbox.blockkit.payloads import (
    Json,
    actions,
    asked,
    button,
    confirm,
    data_table,
    divider,
    feedback,
    image,
    input_block,
    mrkdwn,
    options,
    pie,
    plain,
    problems,
    rich,
    section,
    table,
)

SURFACES = ("message", "modal", "home")
SHOWN_EVERYWHERE = [
    section(),
    divider(),
    {"type": "header", "text": plain(1)},
    {"type": "context", "elements": [mrkdwn(1)]},
    actions(button()),
    input_block(),
    image(),
    rich(),
]
SHOWN_IN_PLACES = [
    ({"type": "markdown", "text": "x"}, {"message"}),
    (table(), {"message", "home"}),
    (data_table(), {"message", "home"}),
    (pie(), {"message"}),
    ({"type": "alert", "text": plain(1)}, {"modal"}),
    ({"type": "context_actions", "elements": [feedback()]}, {"message"}),
    (input_block({"type": "number_input", "is_decimal_allowed": False}), {"modal"}),
    (input_block({"type": "email_text_input"}), {"modal"}),
    (input_block({"type": "url_text_input"}), {"modal"}),
    (input_block({"type": "file_input"}), {"modal"}),
    (input_block({"type": "rich_text_input"}), {"modal", "home"}),
    (input_block({"type": "datetimepicker"}), {"modal", "message"}),
    (actions({"type": "datetimepicker"}), {"modal", "message"}),
    *[(block, set(SURFACES)) for block in SHOWN_EVERYWHERE],
]


def kind(block: Json) -> str:
    return f"{block['type']} {block['element']['type']}" if "element" in block else str(block["type"])


@pytest.mark.parametrize(("block", "surfaces"), SHOWN_IN_PLACES, ids=[kind(block) for block, _ in SHOWN_IN_PLACES])
@pytest.mark.parametrize("surface", SURFACES)
def test_a_block_is_shown_on_its_surfaces_and_nowhere_else(block: Json, surfaces: set[str], surface: str) -> None:
    found = check_blocks([block], surface)
    assert [problem.constraint["type"] for problem in found] == ([] if surface in surfaces else ["surface"])


def test_the_test_above_knows_every_block() -> None:
    assert {block["type"] for block, _ in SHOWN_IN_PLACES} == set(BLOCKS)


@pytest.mark.parametrize("name", [*MENUS, *CHOICES, *PICKERS])
def test_menus_choices_and_pickers_stand_in_sections_actions_and_inputs(name: str) -> None:
    needs = {"options": options(1)} if name in {*CHOICES, "static_select", "multi_static_select"} else {}
    element = {"type": name, "action_id": "a", "confirm": confirm(), **needs}
    for block in (section(accessory=element), actions(element), input_block(element)):
        for surface in SURFACES:
            assert check_blocks([block], surface) == []


@pytest.mark.parametrize("name", [*MENUS, *CHOICES, *PICKERS, *INPUTS])
def test_every_input_takes_no_field_that_slack_does_not_know(name: str) -> None:
    found = problems(asked({"type": name, "disabled": True}))
    assert "invalid additional property: disabled" in {problem.message for problem in found}


def test_a_surface_that_slack_does_not_have_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="'email' is not one of home, message, modal"):
        check_blocks([], "email")
