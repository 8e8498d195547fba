"""Every limit: one payload that stands at it and passes, and one a step over it that does not."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.sandbox.blockkit.payloads import (
    actions,
    asked,
    bullets,
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
    icon,
    image,
    input_block,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    problems,
    quote,
    rich,
    section,
    table,
    url,
    visual,
)

# Upper limits: `make(most)` passes, `make(most + 1)` has one problem, at `pointer`

Make = Callable[[int], Any]
LIMITS: dict[str, tuple[Make, int, str]] = {
    "blocks in a message": (lambda n: [divider()] * n, 50, ""),
    "blocks in a modal": (lambda n: modal(*[divider()] * n), 100, "/blocks"),
    "blocks on Home": (lambda n: home(*[divider()] * n), 100, "/blocks"),
    "text of a section": (lambda n: [section(text=mrkdwn(n))], 3000, "/0/text/text"),
    "fields of a section": (lambda n: [section(fields=[plain(1)] * n)], 10, "/0/fields"),
    "text of a field": (lambda n: [section(fields=[mrkdwn(n)])], 2000, "/0/fields/0/text"),
    "text of a header": (lambda n: [{"type": "header", "text": plain(n)}], 150, "/0/text/text"),
    "label of an input": (lambda n: modal(input_block(label=plain(n))), 2000, "/blocks/0/label/text"),
    "hint of an input": (lambda n: modal(input_block(hint=plain(n))), 2000, "/blocks/0/hint/text"),
    "elements of a context": (lambda n: [{"type": "context", "elements": [plain(1)] * n}], 10, "/0/elements"),
    "text in a context": (
        lambda n: [{"type": "context", "elements": [mrkdwn(n)]}],
        3000,
        "/0/elements/0/text",
    ),
    "text of an alert": (lambda n: modal({"type": "alert", "text": plain(n)}), 200, "/blocks/0/text/text"),
    "elements of actions": (lambda n: [actions(*[button()] * n)], 25, "/0/elements"),
    "text of a button": (lambda n: [actions(button(text=plain(n)))], 75, "/0/elements/0/text/text"),
    "value of a button": (lambda n: [actions(button(value="x" * n))], 2000, "/0/elements/0/value"),
    "url of a button": (lambda n: [actions(button(url=url(n)))], 3000, "/0/elements/0/url"),
    "accessibility label of a button": (
        lambda n: [actions(button(accessibility_label="x" * n))],
        75,
        "/0/elements/0/accessibility_label",
    ),
    "action_id": (lambda n: [actions(button(action_id="x" * n))], 255, "/0/elements/0/action_id"),
    "block_id": (lambda n: [divider(block_id="x" * n)], 255, "/0/block_id"),
    "text of an option": (
        lambda n: asked(choice("radio_buttons", options=[option(text=plain(n))])),
        75,
        "/blocks/0/element/options/0/text/text",
    ),
    "value of an option": (
        lambda n: asked(choice("radio_buttons", options=[option("x" * n)])),
        150,
        "/blocks/0/element/options/0/value",
    ),
    "text of an option of a select": (
        lambda n: asked(choice("static_select", options=[option(text=plain(n))])),
        75,
        "/blocks/0/element/options/0/text/text",
    ),
    "text of an option of an overflow": (
        lambda n: [section(accessory=choice("overflow", options=[option(text=plain(n))]))],
        75,
        "/0/accessory/options/0/text/text",
    ),
    "description of an option": (
        lambda n: asked(choice("radio_buttons", options=[option(description=plain(n))])),
        75,
        "/blocks/0/element/options/0/description/text",
    ),
    "options of radio buttons": (
        lambda n: asked(choice("radio_buttons", options=options(n))),
        10,
        "/blocks/0/element/options",
    ),
    "options of checkboxes": (
        lambda n: asked(choice("checkboxes", options=options(n))),
        10,
        "/blocks/0/element/options",
    ),
    "options of a select": (
        lambda n: asked(choice("static_select", options=options(n))),
        100,
        "/blocks/0/element/options",
    ),
    "option groups of a select": (
        lambda n: asked(
            {
                "type": "static_select",
                "option_groups": [{"label": plain(1), "options": [option(str(i))]} for i in range(n)],
            }
        ),
        100,
        "/blocks/0/element/option_groups",
    ),
    "options of a group": (
        lambda n: asked({"type": "multi_static_select", "option_groups": [{"label": plain(1), "options": options(n)}]}),
        100,
        "/blocks/0/element/option_groups/0/options",
    ),
    "label of a group": (
        lambda n: asked({"type": "static_select", "option_groups": [{"label": plain(n), "options": options(1)}]}),
        75,
        "/blocks/0/element/option_groups/0/label/text",
    ),
    "options of an overflow": (
        lambda n: [section(accessory=choice("overflow", options=options(n)))],
        5,
        "/0/accessory/options",
    ),
    "url of an overflow option": (
        lambda n: [section(accessory=choice("overflow", options=[option(url=url(n))]))],
        3000,
        "/0/accessory/options/0/url",
    ),
    "placeholder": (
        lambda n: asked({"type": "users_select", "placeholder": plain(n)}),
        150,
        "/blocks/0/element/placeholder/text",
    ),
    "placeholder of an input": (
        lambda n: asked({"type": "plain_text_input", "placeholder": plain(n)}),
        150,
        "/blocks/0/element/placeholder/text",
    ),
    "title of a confirm dialog": (
        lambda n: [actions(button(confirm=confirm(title=plain(n))))],
        100,
        "/0/elements/0/confirm/title/text",
    ),
    "text of a confirm dialog": (
        lambda n: [actions(button(confirm=confirm(text=mrkdwn(n))))],
        300,
        "/0/elements/0/confirm/text/text",
    ),
    "confirm of a confirm dialog": (
        lambda n: [actions(button(confirm=confirm(confirm=plain(n))))],
        30,
        "/0/elements/0/confirm/confirm/text",
    ),
    "deny of a confirm dialog": (
        lambda n: [actions(button(confirm=confirm(deny=plain(n))))],
        30,
        "/0/elements/0/confirm/deny/text",
    ),
    "max_length of a text input": (
        lambda n: asked({"type": "plain_text_input", "max_length": n}),
        3000,
        "/blocks/0/element/max_length",
    ),
    "min_length of a text input": (
        lambda n: asked({"type": "plain_text_input", "min_length": n}),
        3000,
        "/blocks/0/element/min_length",
    ),
    "initial value of a text input": (
        lambda n: asked({"type": "plain_text_input", "initial_value": "x" * n}),
        3000,
        "/blocks/0/element/initial_value",
    ),
    "initial value beside max_length": (
        lambda n: asked({"type": "plain_text_input", "max_length": 7, "initial_value": "x" * n}),
        7,
        "/blocks/0/element/initial_value",
    ),
    "files of a file input": (
        lambda n: asked({"type": "file_input", "max_files": n}),
        10,
        "/blocks/0/element/max_files",
    ),
    "fewest lines of a rich text input": (
        lambda n: asked({"type": "rich_text_input", "min_lines": n}),
        100,
        "/blocks/0/element/min_lines",
    ),
    "date and time": (
        lambda n: asked({"type": "datetimepicker", "initial_date_time": n}),
        9_999_999_999,
        "/blocks/0/element/initial_date_time",
    ),
    "lines of a rich text input": (
        lambda n: asked({"type": "rich_text_input", "max_lines": n}),
        100,
        "/blocks/0/element/max_lines",
    ),
    "alt text of an image": (lambda n: [image(alt_text="x" * n)], 2000, "/0/alt_text"),
    "title of an image": (lambda n: [image(title=plain(n))], 2000, "/0/title/text"),
    "url of an image": (lambda n: [image(image_url=url(n))], 3000, "/0/image_url"),
    "elements of context actions": (
        lambda n: [{"type": "context_actions", "elements": [feedback()] * n}],
        5,
        "/0/elements",
    ),
    "text of a feedback button": (
        lambda n: [{"type": "context_actions", "elements": [feedback(text=plain(n))]}],
        75,
        "/0/elements/0/positive_button/text/text",
    ),
    "value of a feedback button": (
        lambda n: [{"type": "context_actions", "elements": [feedback(value="x" * n)]}],
        2000,
        "/0/elements/0/negative_button/value",
    ),
    "text of an icon button": (
        lambda n: [{"type": "context_actions", "elements": [icon(text=plain(n))]}],
        75,
        "/0/elements/0/text/text",
    ),
    "value of an icon button": (
        lambda n: [{"type": "context_actions", "elements": [icon(value="x" * n)]}],
        2000,
        "/0/elements/0/value",
    ),
    "title of a modal": (lambda n: modal(title=plain(n)), 24, "/title/text"),
    "submit of a modal": (lambda n: modal(submit=plain(n)), 24, "/submit/text"),
    "close of a modal": (lambda n: modal(close=plain(n)), 24, "/close/text"),
    "private_metadata": (lambda n: modal(private_metadata="x" * n), 3000, "/private_metadata"),
    "callback_id": (lambda n: home(callback_id="x" * n), 255, "/callback_id"),
    "external_id": (lambda n: home(external_id="x" * n), 255, "/external_id"),
    "charts in a message": (lambda n: [pie()] * n, 2, "/2"),
    "title of a chart": (lambda n: [visual({**pie()["chart"]}, "x" * n)], 50, "/0/title"),
    "slices of a pie": (lambda n: [pie(n)], 6, "/0/chart/segments"),
    "label of a slice": (lambda n: [pie(label="x" * n)], 20, "/0/chart/segments/0/label"),
    "series of a chart": (
        lambda n: [chart([{"name": str(i), "data": [{"label": "Mon", "value": i}]} for i in range(n)])],
        6,
        "/0/chart/series",
    ),
    "name of a series": (
        lambda n: [chart([{"name": "x" * n, "data": [{"label": "Mon", "value": 1}]}])],
        20,
        "/0/chart/series/0/name",
    ),
    "categories of a chart": (
        lambda n: [chart(categories=[str(index) for index in range(n)])],
        20,
        "/0/chart/axis_config/categories",
    ),
    "points of a series": (
        lambda n: [chart(categories=[str(index) for index in range(n)])],
        20,
        "/0/chart/series/0/data",
    ),
    "label of a point": (lambda n: [chart(categories=["x" * n])], 20, "/0/chart/series/0/data/0/label"),
    "length of a category": (
        lambda n: [chart(categories=["x" * n])],
        20,
        "/0/chart/axis_config/categories/0",
    ),
    "x label of a chart": (lambda n: [chart(x_label="x" * n)], 50, "/0/chart/axis_config/x_label"),
    "y label of a chart": (lambda n: [chart(y_label="x" * n)], 50, "/0/chart/axis_config/y_label"),
    "text of a markdown block": (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000, "/0/text"),
    "rows of a table": (lambda n: [table(n)], 100, "/0/rows"),
    "columns of a table": (lambda n: [table(1, n)], 20, "/0/rows/0"),
    "column settings": (lambda n: [table(column_settings=[None] * n)], 20, "/0/column_settings"),
    "characters in a table": (lambda n: [cells([cell(n)])], 10_000, "/0/rows"),
    "characters in a data table": (
        lambda n: home(cells([cell(1)], [cell(n)], kind="data_table")),
        19_999,
        "/blocks/0/rows",
    ),
    "people who see an icon button": (
        lambda n: [{"type": "context_actions", "elements": [icon(visible_to_user_ids=["U1"] * n)]}],
        10,
        "/0/elements/0/visible_to_user_ids",
    ),
    "tables in a message": (lambda n: [table(), data_table()][:n], 1, "/1"),
    "rows of a data table": (lambda n: [data_table(n)], 201, "/0/rows"),
    "page of a data table": (lambda n: [data_table(page_size=n)], 100, "/0/page_size"),
    "row header of a data table": (
        lambda n: [data_table(columns=3, row_header_column_index=n)],
        2,
        "/0/row_header_column_index",
    ),
    "border of a quote": (
        lambda n: [{"type": "rich_text", "elements": [quote(border=n)]}],
        1,
        "/0/elements/0/border",
    ),
    "indent of a list": (
        lambda n: [{"type": "rich_text", "elements": [bullets(indent=n)]}],
        8,
        "/0/elements/0/indent",
    ),
}

OVER = {"max_length", "max_items", "maximum"}


@pytest.mark.parametrize(("make", "most", "pointer"), LIMITS.values(), ids=LIMITS.keys())
def test_a_payload_at_a_limit_passes_and_one_step_over_it_does_not(make: Make, most: int, pointer: str) -> None:
    assert problems(make(most)) == []
    found = problems(make(most + 1))
    assert pointer in {problem.pointer for problem in found}
    assert {problem.constraint["type"] for problem in found} <= OVER


# Lower limits: `make(least)` passes, `make(least - 1)` has one problem, at `pointer`

FLOORS: dict[str, tuple[Make, int, str]] = {
    "text of a section": (lambda n: [section(text=mrkdwn(n))], 1, "/0/text/text"),
    "fields of a section": (lambda n: [section(fields=[plain(1)] * n)], 1, "/0/fields"),
    "elements of actions": (lambda n: [actions(*[button()] * n)], 1, "/0/elements"),
    "elements of a context": (lambda n: [{"type": "context", "elements": [plain(1)] * n}], 1, "/0/elements"),
    "options of a select": (
        lambda n: asked(choice("static_select", options=options(n))),
        1,
        "/blocks/0/element/options",
    ),
    "options of radio buttons": (
        lambda n: asked(choice("radio_buttons", options=options(n))),
        1,
        "/blocks/0/element/options",
    ),
    "options of an overflow": (
        lambda n: [section(accessory=choice("overflow", options=options(n)))],
        1,
        "/0/accessory/options",
    ),
    "value of an option": (
        lambda n: asked(choice("radio_buttons", options=[option("x" * n)])),
        1,
        "/blocks/0/element/options/0/value",
    ),
    "initial options of checkboxes": (
        lambda n: asked(choice("checkboxes", initial_options=options(n))),
        1,
        "/blocks/0/element/initial_options",
    ),
    "max_selected_items": (
        lambda n: asked({"type": "multi_users_select", "max_selected_items": n}),
        1,
        "/blocks/0/element/max_selected_items",
    ),
    "fewest lines of a rich text input": (
        lambda n: asked({"type": "rich_text_input", "min_lines": n}),
        1,
        "/blocks/0/element/min_lines",
    ),
    "most lines of a rich text input": (
        lambda n: asked({"type": "rich_text_input", "max_lines": n}),
        1,
        "/blocks/0/element/max_lines",
    ),
    "date and time": (
        lambda n: asked({"type": "datetimepicker", "initial_date_time": n}),
        1_000_000_000,
        "/blocks/0/element/initial_date_time",
    ),
    "files of a file input": (
        lambda n: asked({"type": "file_input", "max_files": n}),
        1,
        "/blocks/0/element/max_files",
    ),
    "query of an external select": (
        lambda n: asked({"type": "external_select", "min_query_length": n}),
        0,
        "/blocks/0/element/min_query_length",
    ),
    "query of an external multi-select": (
        lambda n: asked({"type": "multi_external_select", "min_query_length": n}),
        0,
        "/blocks/0/element/min_query_length",
    ),
    "border of a quote": (
        lambda n: [{"type": "rich_text", "elements": [quote(border=n)]}],
        0,
        "/0/elements/0/border",
    ),
    "row header of a data table": (
        lambda n: [data_table(row_header_column_index=n)],
        0,
        "/0/row_header_column_index",
    ),
    "max_length of a text input": (
        lambda n: asked({"type": "plain_text_input", "max_length": n}),
        1,
        "/blocks/0/element/max_length",
    ),
    "title of a modal": (lambda n: modal(title=plain(n)), 1, "/title/text"),
    "alt text of an image": (lambda n: [image(alt_text="x" * n)], 1, "/0/alt_text"),
    "slices of a pie": (lambda n: [pie(n)], 1, "/0/chart/segments"),
    "rows of a table": (lambda n: [table(n)], 1, "/0/rows"),
    "rows of a data table": (lambda n: [data_table(n)], 2, "/0/rows"),
    "page of a data table": (lambda n: [data_table(page_size=n)], 1, "/0/page_size"),
    "size of a slice": (lambda n: [pie(value=n)], 1, "/0/chart/segments/0/value"),
    "filter of a conversations select": (
        lambda n: asked({"type": "conversations_select", "filter": {"include": ["im"] * n}}),
        1,
        "/blocks/0/element/filter/include",
    ),
}


@pytest.mark.parametrize(("make", "least", "pointer"), FLOORS.values(), ids=FLOORS.keys())
def test_a_payload_at_a_lower_limit_passes_and_one_step_under_it_does_not(make: Make, least: int, pointer: str) -> None:
    assert problems(make(least)) == []
    [problem] = problems(make(least - 1))
    assert problem.pointer == pointer
    assert problem.constraint["type"] in {"min_length", "min_items", "minimum"}


MAY_BE_EMPTY: dict[str, Any] = {
    "a message": [],
    "Home": home(),
    "private_metadata": modal(private_metadata=""),
    "callback_id": modal(callback_id=""),
    "external_id": modal(external_id=""),
    "value of a button": [actions(button(value=""))],
    "initial value of a text input": asked({"type": "plain_text_input", "initial_value": "", "min_length": 0}),
    "initial value of an e-mail input": asked({"type": "email_text_input", "initial_value": ""}),
    "initial value of a url input": asked({"type": "url_text_input", "initial_value": ""}),
    "rich text": [rich()],
    "quotes, lists and code": [
        {
            "type": "rich_text",
            "elements": [
                quote(),
                bullets(indent=0, offset=0),
                {"type": "rich_text_preformatted", "elements": []},
            ],
        }
    ],
}


@pytest.mark.parametrize("payload", MAY_BE_EMPTY.values(), ids=MAY_BE_EMPTY.keys())
def test_some_things_may_be_empty(payload: Any) -> None:
    assert problems(payload) == []
