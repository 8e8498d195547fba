"""No payload, however wrong, makes the check raise."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit import check_blocks, check_message, check_view
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import CHOICES, INPUTS, MENUS
from tests.bot.sandbox.blockkit.payloads import (
    Json,
    actions,
    button,
    chart,
    choice,
    confirm,
    data_table,
    image,
    input_block,
    modal,
    option,
    options,
    pie,
    plain,
    rich,
    section,
)

WORDS = st.sampled_from(
    [*BLOCKS, *INPUTS, *MENUS, *CHOICES, "plain_text", "mrkdwn", "modal", "home", "line", "pie", "button", ""]
)
SOUND = [
    section(fields=[plain(1)]),
    actions(button(confirm=confirm()), choice("overflow")),
    input_block(choice("radio_buttons", initial_option=option("1"))),
    input_block(choice("multi_static_select", initial_options=options(2), max_selected_items=2)),
    input_block({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "2"}),
    input_block({"type": "plain_text_input", "min_length": 1, "max_length": 2, "initial_value": "x"}),
    section(accessory={"type": "datepicker", "initial_date": "2026-11-22"}),
    image(),
    rich({"type": "text", "text": "x"}),
    data_table(3, 2, row_header_column_index=1),
    chart(categories=["Mon", "Tue"]),
    pie(2),
]
FIELDS = """type text blocks elements element fields accessory options option_groups initial_option
    initial_options label value title submit chart series segments data axis_config categories name rows
    caption confirm block_id action_id focus_on_load max_length min_length is_decimal_allowed min_value
    max_value initial_date row_header_column_index"""
KEYS = st.sampled_from(FIELDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6),
    max_leaves=40,
)


@given(JSON)
def test_no_json_at_all_makes_the_check_raise(payload: Any) -> None:
    for surface in ("message", "modal", "home"):
        check_blocks(payload, surface)
    check_message(payload, payload)
    check_view(payload)


@given(st.sampled_from(SOUND), st.data())
def test_no_block_with_one_thing_swapped_for_another_makes_the_check_raise(block: Json, data: st.DataObject) -> None:
    copy = json.loads(json.dumps(block))
    holder: Any = copy
    while True:
        steps = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        step = data.draw(st.sampled_from(steps))
        inner = holder[step]
        if not inner or not isinstance(inner, (dict, list)) or data.draw(st.booleans()):
            break
        holder = inner
    holder[step] = data.draw(JSON)
    check_blocks([copy])
    check_view(modal(copy))
