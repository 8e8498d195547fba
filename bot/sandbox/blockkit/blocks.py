"""Blocks, and the surfaces that show them.

Limits and surfaces: https://docs.slack.dev/reference/block-kit/blocks, a page a block. Where two sources
differ the stricter one stands here: charts have at most 6 series or slices (some report 12).
Blocks that Slack knows and Murmur has no use for (call, card, carousel, container, file, plan, task_card,
video) are refused like unknown ones.
"""

from bot.sandbox.blockkit import rules
from bot.sandbox.blockkit.elements import (
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUTS,
    IN_SECTIONS,
    picture,
)
from bot.sandbox.blockkit.grammar import (
    Flag,
    Items,
    Number,
    OneOf,
    Record,
    Rule,
    Shape,
    Text,
    Typed,
    only,
    record,
    typed,
)
from bot.sandbox.blockkit.texts import IDENTIFIER, RICH_TEXT, any_text, plain_text


def block(name: str, needs: str = "", rules: tuple[Rule, ...] = (), /, **fields: Shape) -> Record:
    """A block: a typed record with a block_id."""
    return typed(name, needs, rules, block_id=IDENTIFIER, **fields)


# Charts: one object a kind, by its own `type`

_POINTS = record("label value", label=Text(most=20), value=Number(whole=False))
_SLICES = record("label value", label=Text(most=20), value=Number(whole=False, above=0))
_SERIES = record("name data", name=Text(most=20), data=Items(of=_POINTS, most=20))
_AXIS = record(
    "categories",
    categories=Items(of=Text(most=20), most=20),
    x_label=Text(most=50),
    y_label=Text(most=50),
)


def _series_chart(name: str) -> Record:
    return typed(
        name,
        "series axis_config",
        (rules.series_fit_the_axis,),
        series=Items(of=_SERIES, most=6),
        axis_config=_AXIS,
    )


CHART = Typed(
    kinds={
        "line": _series_chart("line"),
        "bar": _series_chart("bar"),
        "area": _series_chart("area"),
        "pie": typed("pie", "segments", segments=Items(of=_SLICES, most=6)),
    }
)

# Tables

CELL = Typed(
    kinds={
        "raw_text": typed("raw_text", "text", text=Text()),
        "raw_number": typed("raw_number", "value text", value=Number(whole=False), text=Text()),
        "rich_text": RICH_TEXT,
    }
)
ROW = Items(of=CELL, most=20)
COLUMN = record(align=OneOf(words=("left", "center", "right")), is_wrapped=Flag())

BLOCKS = {
    "section": block(
        "section",
        "",
        (rules.one_or_more_of("text", "fields"), rules.response_url_in_input_only("accessory")),
        text=any_text(3000),
        fields=Items(of=any_text(2000), most=10),
        accessory=IN_SECTIONS,
        expand=Flag(),
    ),
    "header": block("header", "text", text=plain_text(150)),
    "divider": block("divider"),
    "context": block(
        "context",
        "elements",
        elements=Items(of=Typed(kinds={**any_text().kinds, **IMAGE}), most=10),
    ),
    "actions": block(
        "actions",
        "elements",
        (rules.distinct_action_ids, rules.response_url_in_input_only("elements")),
        elements=Items(of=IN_ACTIONS, most=25),
    ),
    "input": block(
        "input",
        "label element",
        (rules.no_dispatch_from_file_inputs,),
        label=plain_text(2000),
        element=IN_INPUTS,
        hint=plain_text(2000),
        optional=Flag(),
        dispatch_action=Flag(),
    ),
    "image": picture(title=plain_text(2000), block_id=IDENTIFIER),
    "rich_text": RICH_TEXT,
    "markdown": only("message", block("markdown", "text", text=Text(most=12_000))),
    "table": only(
        "message home",
        block(
            "table",
            "rows",
            (rules.cells_hold_at_most(10_000),),
            rows=Items(of=ROW, most=100),
            column_settings=Items(of=COLUMN, most=20, gaps=True),
        ),
    ),
    "data_table": only(
        "message home",
        block(
            "data_table",
            "rows caption",
            (
                rules.rows_of_one_length,
                rules.plain_header_row,
                rules.row_header_is_a_column,
                rules.cells_hold_at_most(20_000),
            ),
            rows=Items(of=ROW, least=2, most=201),
            caption=Text(),
            page_size=Number(least=1, most=100),
            row_header_column_index=Number(least=0),
        ),
    ),
    "data_visualization": only("message", block("data_visualization", "title chart", title=Text(most=50), chart=CHART)),
    "alert": only(
        "modal",
        block(
            "alert",
            "text",
            text=any_text(200),
            level=OneOf(words=("default", "info", "warning", "error", "success")),
        ),
    ),
    "context_actions": only(
        "message",
        block(
            "context_actions",
            "elements",
            (rules.distinct_action_ids,),
            elements=Items(of=IN_CONTEXT_ACTIONS, most=5),
        ),
    ),
}

ANY_BLOCK = Typed(kinds=BLOCKS)
