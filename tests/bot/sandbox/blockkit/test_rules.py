"""Every rule that is no limit: one payload that keeps it, and one that breaks it."""

from typing import Any

import pytest

from tests.bot.sandbox.blockkit.payloads import (
    actions,
    asked,
    button,
    cell,
    cells,
    chart,
    choice,
    confirm,
    data_table,
    divider,
    feedback,
    home,
    image,
    input_block,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    problems,
    rich,
    section,
    table,
    visual,
)

# What is neither more nor less: a payload that passes, one that does not, where, and which constraint

CROSSED = [{"label": "Tue", "value": 1}, {"label": "Mon", "value": 2}]
RULES: dict[str, tuple[Any, Any, str, str]] = {
    "a section needs text or fields": (
        [{"type": "section", "fields": [plain(1)]}],
        [{"type": "section"}],
        "/0",
        "required",
    ),
    "a header is plain text": (
        [{"type": "header", "text": plain(1)}],
        [{"type": "header", "text": mrkdwn(1)}],
        "/0/text/type",
        "enum",
    ),
    "a label is plain text": (
        modal(input_block()),
        modal(input_block(label=mrkdwn(1))),
        "/blocks/0/label/type",
        "enum",
    ),
    "a title is plain text": (modal(), modal(title=mrkdwn(1)), "/title/type", "enum"),
    "emoji is for plain text": (
        [section(text={**plain(1), "emoji": True})],
        [section(text={**mrkdwn(1), "emoji": True})],
        "/0/text",
        "additional_property",
    ),
    "verbatim is for mrkdwn": (
        [section(text={**mrkdwn(1), "verbatim": True})],
        [section(text={**plain(1), "verbatim": True})],
        "/0/text",
        "additional_property",
    ),
    "an option of a select is plain text": (
        asked(choice("radio_buttons", options=[option(text=mrkdwn(1))])),
        asked(choice("static_select", options=[option(text=mrkdwn(1))])),
        "/blocks/0/element/options/0/text/type",
        "enum",
    ),
    "a url option is for overflow menus": (
        [section(accessory=choice("overflow", options=[option(url="https://a.b")]))],
        [section(accessory=choice("static_select", options=[option(url="https://a.b")]))],
        "/0/accessory/options/0",
        "additional_property",
    ),
    "an unknown block": ([divider()], [{"type": "fancy"}], "/0/type", "enum"),
    "an unknown element": ([actions(button())], [actions({"type": "knob"})], "/0/elements/0/type", "enum"),
    "an unknown view": (modal(), {"type": "drawer", "blocks": []}, "/type", "enum"),
    "a block without a type": ([divider()], [{"text": plain(1)}], "/0", "required"),
    "an unknown field": ([divider()], [divider(colour="red")], "/0", "additional_property"),
    "a text that is a string": ([section()], [section(text="hello")], "/0/text", "type"),
    "a string that is a number": (
        [section()],
        [section(text={"type": "mrkdwn", "text": 5})],
        "/0/text/text",
        "type",
    ),
    "a number that is a boolean": (
        asked({"type": "plain_text_input", "max_length": 1}),
        asked({"type": "plain_text_input", "max_length": True}),
        "/blocks/0/element/max_length",
        "type",
    ),
    "a boolean that is a string": (
        modal(input_block(optional=True)),
        modal(input_block(optional="true")),
        "/blocks/0/optional",
        "type",
    ),
    "a list that is an object": ([actions(button())], [{**actions(), "elements": {}}], "/0/elements", "type"),
    "a field that is null": ([section()], [section(accessory=None)], "/0/accessory", "type"),
    "an image belongs to a section, not to actions": (
        [section(accessory=image())],
        [actions(image())],
        "/0/elements/0/type",
        "enum",
    ),
    "a text input belongs to an input block": (
        asked({"type": "plain_text_input"}),
        [actions({"type": "plain_text_input"})],
        "/0/elements/0/type",
        "enum",
    ),
    "a button does not belong to an input block": (
        [actions(button())],
        asked(button()),
        "/blocks/0/element/type",
        "enum",
    ),
    "a button does not belong to a context": (
        [{"type": "context", "elements": [image()]}],
        [{"type": "context", "elements": [button()]}],
        "/0/elements/0/type",
        "enum",
    ),
    "a modal needs a title": (
        modal(),
        {"type": "modal", "blocks": []},
        "",
        "required",
    ),
    "Home has no title": (home(), home(title=plain(1)), "", "additional_property"),
    "a view needs blocks": (home(), {"type": "home"}, "", "required"),
    "a modal with an input needs submit": (
        modal(input_block()),
        {"type": "modal", "title": plain(1), "blocks": [input_block()]},
        "",
        "required",
    ),
    "an initial option is one of the options": (
        asked(choice("radio_buttons", initial_option=option("1"))),
        asked(choice("radio_buttons", initial_option=option("9"))),
        "/blocks/0/element/initial_option",
        "match",
    ),
    "an initial option is the same in every field": (
        asked(choice("static_select", initial_option=option("1"))),
        asked(choice("static_select", initial_option=option("1", text=plain(2)))),
        "/blocks/0/element/initial_option",
        "match",
    ),
    "initial options are among the options": (
        asked(choice("checkboxes", initial_options=options(2))),
        asked(choice("checkboxes", initial_options=[option("1"), option("9")])),
        "/blocks/0/element/initial_options/1",
        "match",
    ),
    "initial options differ": (
        asked(choice("checkboxes", initial_options=options(2))),
        asked(choice("checkboxes", initial_options=[option("1"), option("1")])),
        "/blocks/0/element/initial_options/1",
        "unique",
    ),
    "no more is chosen at first than may be chosen": (
        asked(choice("multi_static_select", initial_options=options(2), max_selected_items=2)),
        asked(choice("multi_static_select", initial_options=options(2), max_selected_items=1)),
        "/blocks/0/element/initial_options",
        "max_items",
    ),
    "option values differ": (
        asked(choice("radio_buttons", options=[option("a"), option("b")])),
        asked(choice("radio_buttons", options=[option("a"), option("a")])),
        "/blocks/0/element/options/1/value",
        "unique",
    ),
    "option values differ across groups": (
        asked({"type": "static_select", "option_groups": [{"label": plain(1), "options": options(1)}]}),
        asked({"type": "static_select", "option_groups": [{"label": plain(1), "options": options(1)}] * 2}),
        "/blocks/0/element/option_groups/1/options/0/value",
        "unique",
    ),
    "a select has options or groups, not both": (
        asked(choice("static_select")),
        asked(
            choice("static_select", option_groups=[{"label": plain(1), "options": [option("z")]}]),
        ),
        "/blocks/0/element",
        "one_of",
    ),
    "a select has options or groups": (
        asked(choice("static_select")),
        asked({"type": "static_select"}),
        "/blocks/0/element",
        "one_of",
    ),
    "action_ids differ within a block": (
        [actions(button(action_id="a")), actions(button(action_id="a"))],
        [actions(button(action_id="a"), button(action_id="a"))],
        "/0/elements/1/action_id",
        "unique",
    ),
    "block_ids differ": (
        [divider(block_id="a"), divider(block_id="b")],
        [divider(block_id="a"), divider(block_id="a")],
        "/1/block_id",
        "unique",
    ),
    "one element has the focus": (
        modal(input_block({"type": "plain_text_input", "focus_on_load": True}), input_block()),
        modal(*[input_block({"type": "plain_text_input", "focus_on_load": True})] * 2),
        "/blocks/1/element/focus_on_load",
        "unique",
    ),
    "a style is primary or danger": (
        [actions(button(style="danger"))],
        [actions(button(style="warning"))],
        "/0/elements/0/style",
        "enum",
    ),
    "a url is one": (
        [actions(button(url="mailto:a@b.c"))],
        [actions(button(url="a b"))],
        "/0/elements/0/url",
        "format",
    ),
    "a confirm dialog says what denies": (
        [actions(button(confirm=confirm()))],
        [actions(button(confirm={"title": plain(1), "text": plain(1), "confirm": plain(1)}))],
        "/0/elements/0/confirm",
        "required",
    ),
    "a date is of the calendar": (
        [section(accessory={"type": "datepicker", "initial_date": "2024-02-29"})],
        [section(accessory={"type": "datepicker", "initial_date": "2026-02-29"})],
        "/0/accessory/initial_date",
        "format",
    ),
    "a date is year, month, day": (
        [section(accessory={"type": "datepicker", "initial_date": "2024-02-29"})],
        [section(accessory={"type": "datepicker", "initial_date": "29.2.2024"})],
        "/0/accessory/initial_date",
        "format",
    ),
    "a time is of the day": (
        [section(accessory={"type": "timepicker", "initial_time": "23:59"})],
        [section(accessory={"type": "timepicker", "initial_time": "24:00"})],
        "/0/accessory/initial_time",
        "format",
    ),
    "a date and time has ten digits": (
        asked({"type": "datetimepicker", "initial_date_time": 1_628_633_820}),
        asked({"type": "datetimepicker", "initial_date_time": 162_863_382}),
        "/blocks/0/element/initial_date_time",
        "minimum",
    ),
    "min_length is not above max_length": (
        asked({"type": "plain_text_input", "min_length": 2, "max_length": 2}),
        asked({"type": "plain_text_input", "min_length": 3, "max_length": 2}),
        "/blocks/0/element/min_length",
        "maximum",
    ),
    "min_value is not above max_value": (
        asked({"type": "number_input", "is_decimal_allowed": False, "min_value": "9", "max_value": "10"}),
        asked({"type": "number_input", "is_decimal_allowed": False, "min_value": "11", "max_value": "10"}),
        "/blocks/0/element/min_value",
        "maximum",
    ),
    "a number input says whether it takes decimals": (
        asked({"type": "number_input", "is_decimal_allowed": True}),
        asked({"type": "number_input"}),
        "/blocks/0/element",
        "required",
    ),
    "a whole number has no decimals": (
        asked({"type": "number_input", "is_decimal_allowed": True, "initial_value": "1.5"}),
        asked({"type": "number_input", "is_decimal_allowed": False, "initial_value": "1.5"}),
        "/blocks/0/element/initial_value",
        "format",
    ),
    "a number is written in digits": (
        asked({"type": "number_input", "is_decimal_allowed": True, "min_value": "-0.5"}),
        asked({"type": "number_input", "is_decimal_allowed": True, "min_value": "some"}),
        "/blocks/0/element/min_value",
        "format",
    ),
    "a conversation filter filters something": (
        asked({"type": "conversations_select", "filter": {"exclude_bot_users": True}}),
        asked({"type": "conversations_select", "filter": {}}),
        "/blocks/0/element/filter",
        "required",
    ),
    "response_url_enabled is for modals": (
        asked({"type": "channels_select", "response_url_enabled": True}),
        [input_block({"type": "channels_select", "response_url_enabled": True})],
        "/0/element/response_url_enabled",
        "surface",
    ),
    "response_url_enabled is for inputs": (
        modal(section(accessory={"type": "channels_select", "response_url_enabled": False})),
        modal(section(accessory={"type": "channels_select", "response_url_enabled": True})),
        "/blocks/0/accessory/response_url_enabled",
        "surface",
    ),
    "response_url_enabled is not for actions": (
        modal(actions({"type": "channels_select"})),
        modal(actions({"type": "channels_select", "response_url_enabled": True})),
        "/blocks/0/elements/0/response_url_enabled",
        "surface",
    ),
    "a file input dispatches nothing": (
        modal(input_block({"type": "file_input"}, dispatch_action=False)),
        modal(input_block({"type": "file_input"}, dispatch_action=True)),
        "/blocks/0/element/type",
        "enum",
    ),
    "an input dispatches on enter or on every character": (
        asked(
            {
                "type": "plain_text_input",
                "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            }
        ),
        asked({"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}}),
        "/blocks/0/element/dispatch_action_config/trigger_actions_on/0",
        "enum",
    ),
    "an image comes from a url or from a file": (
        [{"type": "image", "alt_text": "a", "slack_file": {"id": "F0123456789"}}],
        [image(slack_file={"id": "F0123456789"})],
        "/0",
        "one_of",
    ),
    "an image needs alt text": (
        [image()],
        [{"type": "image", "image_url": "https://a.b/c.png"}],
        "/0",
        "required",
    ),
    "a Slack file has an id or a url": (
        [{"type": "image", "alt_text": "a", "slack_file": {"url": "https://a.b/c"}}],
        [{"type": "image", "alt_text": "a", "slack_file": {"url": "https://a.b/c", "id": "F0123456789"}}],
        "/0/slack_file",
        "one_of",
    ),
    "an icon button is a bin": (
        [
            {
                "type": "context_actions",
                "elements": [{"type": "icon_button", "icon": "trash", "text": plain(1)}],
            }
        ],
        [{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "gem", "text": plain(1)}]}],
        "/0/elements/0/icon",
        "enum",
    ),
    "feedback is given by two buttons": (
        [{"type": "context_actions", "elements": [feedback()]}],
        [{"type": "context_actions", "elements": [{**feedback(), "negative_button": {"text": plain(1)}}]}],
        "/0/elements/0/negative_button",
        "required",
    ),
    "categories differ": (
        [chart(categories=["Mon", "Tue"])],
        [chart(categories=["Mon", "Mon"])],
        "/0/chart/axis_config/categories/1",
        "unique",
    ),
    "an alert has a level of five": (
        modal({"type": "alert", "text": plain(1), "level": "success"}),
        modal({"type": "alert", "text": plain(1), "level": "fine"}),
        "/blocks/0/level",
        "enum",
    ),
    "rich text runs are not empty": (
        [rich({"type": "text", "text": "x", "style": {"bold": True}})],
        [rich({"type": "text", "text": ""})],
        "/0/elements/0/elements/0/text",
        "min_length",
    ),
    "rich text has known inline elements": (
        [rich({"type": "user", "user_id": "U1"}, {"type": "link", "url": "https://a.b"})],
        [rich({"type": "mrkdwn", "text": "x"})],
        "/0/elements/0/elements/0/type",
        "enum",
    ),
    "a chart is of a known kind": (
        [pie()],
        [visual({"type": "radar", "segments": []})],
        "/0/chart/type",
        "enum",
    ),
    "a slice is more than nothing": ([pie(value=0.1)], [pie(value=0)], "/0/chart/segments/0/value", "minimum"),
    "a point may be below zero but is a number": (
        [chart([{"name": "s", "data": [{"label": "Mon", "value": -0.5}]}])],
        [chart([{"name": "s", "data": [{"label": "Mon", "value": "1"}]}])],
        "/0/chart/series/0/data/0/value",
        "type",
    ),
    "a point is finite": (
        [chart()],
        [chart([{"name": "s", "data": [{"label": "Mon", "value": float("nan")}]}])],
        "/0/chart/series/0/data/0/value",
        "type",
    ),
    "series have names of their own": (
        [chart([{"name": name, "data": [{"label": "Mon", "value": 1}]} for name in "ab"])],
        [chart([{"name": name, "data": [{"label": "Mon", "value": 1}]} for name in "aa"])],
        "/0/chart/series/1/name",
        "unique",
    ),
    "series have a point for each category, in any order": (
        [chart([{"name": "s", "data": CROSSED}], ["Mon", "Tue"])],
        [chart([{"name": "s", "data": CROSSED[:1]}], ["Mon", "Tue"])],
        "/0/chart/series/0/data",
        "match",
    ),
    "series have no point for anything else": (
        [chart([{"name": "s", "data": CROSSED}], ["Mon", "Tue"])],
        [chart([{"name": "s", "data": CROSSED}], ["Mon"])],
        "/0/chart/series/0/data",
        "match",
    ),
    "a line needs an axis": (
        [chart()],
        [visual({"type": "line", "series": chart()["chart"]["series"]})],
        "/0/chart",
        "required",
    ),
    "rows of a data table are equally long": (
        [data_table(3, 2)],
        [cells([cell()], [cell(), cell()], kind="data_table")],
        "/0/rows/1",
        "match",
    ),
    "the header of a data table is plain": (
        [cells([cell()], [rich({"type": "text", "text": "x"})], kind="data_table")],
        [cells([rich({"type": "text", "text": "x"})], [cell()], kind="data_table")],
        "/0/rows/0/0/type",
        "enum",
    ),
    "a data table has a caption": (
        [data_table()],
        [{"type": "data_table", "rows": [[cell()]] * 2}],
        "/0",
        "required",
    ),
    "a cell is raw or rich": ([table()], [cells([mrkdwn(1)])], "/0/rows/0/0/type", "enum"),
    "a column is aligned to a side": (
        [table(column_settings=[{"align": "right"}, None])],
        [table(column_settings=[{"align": "top"}])],
        "/0/column_settings/0/align",
        "enum",
    ),
}


@pytest.mark.parametrize(("good", "bad", "pointer", "constraint"), RULES.values(), ids=RULES.keys())
def test_a_payload_that_keeps_a_rule_passes_and_one_that_breaks_it_does_not(
    good: Any, bad: Any, pointer: str, constraint: str
) -> None:
    assert problems(good) == []
    [problem] = problems(bad)
    assert (problem.pointer, problem.constraint["type"]) == (pointer, constraint)
