"""What must hold between the fields of one object: things no single field can say.

Every rule is called with an object whose fields are sound each by itself (see `grammar.Record`).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.sandbox.blockkit.grammar import Rule
from bot.sandbox.blockkit.problems import Place, Problem


def one_or_more_of(*names: str) -> Rule:
    """At least one of these fields must be there."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        if not any(name in value for name in names):
            yield at.problem(f"must provide one of {', '.join(names)}", "required", expected=names)

    return rule


def exactly_one_of(*names: str) -> Rule:
    """One of these fields must be there, and no second one."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        given = [name for name in names if name in value]
        if len(given) != 1:
            yield at.problem(
                f"must provide exactly one of {', '.join(names)}",
                "one_of",
                expected=names,
                got=" and ".join(given),
            )

    return rule


def only_in_a_modal(name: str) -> Rule:
    """The field means something in modals only."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        if value.get(name) and at.surface != "modal":
            yield (at / name).problem(f"{name} is for modals", "surface", expected="modal", got=at.surface)

    return rule


def at_most(lower: str, upper: str, number: Callable[[Any], float] = float) -> Rule:
    """Where both fields are there, the first must not be greater than the second."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        if lower in value and upper in value and number(value[lower]) > number(value[upper]):
            yield (at / lower).problem(f"{lower} cannot be greater than {upper}", "maximum", expected=value[upper])

    return rule


def distinct(items: Iterable[tuple[Hashable, Place]], what: str) -> Iterator[Problem]:
    """A problem at every item whose key was there before; `what` names the key: "value" or "block_id"."""
    seen: set[Hashable] = set()
    for key, at in items:
        if key in seen:
            yield at.problem(f"{what} `{key}` already exists", "unique", got=key)
        seen.add(key)


def distinct_action_ids(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """An action_id is unique within its block."""
    elements = at / "elements"
    yield from distinct(
        [
            (element["action_id"], elements / index / "action_id")
            for index, element in enumerate(value["elements"])
            if "action_id" in element
        ],
        "action_id",
    )


# Options


def distinct_options(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """No two options of a menu have the same value, in whichever group they stand."""
    yield from distinct([(option["value"], place / "value") for option, place in _options(value, at)], "value")


def known_initial_options(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """What is chosen at first equals one of the options, in every field, and is chosen once."""
    offered = [option for option, _ in _options(value, at)]
    chosen = list(_chosen(value, at))
    for option, place in chosen:
        if option not in offered:
            yield place.problem("must match one of the options", "match")
    yield from distinct([(option["value"], place) for option, place in chosen], "value")


def not_too_many_chosen(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """No more is chosen at first than may be chosen at all."""
    most = value.get("max_selected_items")
    for name in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if most is not None and len(value.get(name, ())) > most:
            yield (at / name).problem(
                f"no more than {most} items allowed", "max_items", expected=most, got=len(value[name])
            )


def _options(value: Mapping[str, Any], at: Place) -> Iterator[tuple[Mapping[str, Any], Place]]:
    for index, option in enumerate(value.get("options", ())):
        yield option, at / "options" / index
    for group_index, group in enumerate(value.get("option_groups", ())):
        for index, option in enumerate(group["options"]):
            yield option, at / "option_groups" / group_index / "options" / index


def _chosen(value: Mapping[str, Any], at: Place) -> Iterator[tuple[Mapping[str, Any], Place]]:
    if "initial_option" in value:
        yield value["initial_option"], at / "initial_option"
    for index, option in enumerate(value.get("initial_options", ())):
        yield option, at / "initial_options" / index


# Inputs


def fits_its_own_lengths(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """A text that stands in an input at first is one that a person could have typed there."""
    length = len(value.get("initial_value", ""))
    if length > value.get("max_length", length):
        yield (at / "initial_value").problem(
            f"must be less than {value['max_length'] + 1} characters",
            "max_length",
            expected=value["max_length"],
            got=length,
        )


def whole_unless_decimal(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """A number input that takes no decimals starts with none, and within its bounds."""
    if not value["is_decimal_allowed"]:
        for name in ("initial_value", "min_value", "max_value"):
            if "." in value.get(name, ""):
                yield (at / name).problem("must be a whole number", "format", expected="a whole number")


def a_real_date(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """An initial date is one of the calendar: 30 February is none."""
    try:
        date.fromisoformat(value.get("initial_date", "2000-01-01"))
    except ValueError:
        yield (at / "initial_date").problem("must be a date", "format", expected="a date")


def no_dispatch_from_file_inputs(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """`dispatch_action` does not go with a file input."""
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        yield (at / "element" / "type").problem("unsupported type: file_input", "enum", got="file_input")


def response_url_in_input_only(*names: str) -> Rule:
    """`response_url_enabled` works in an input block, not on an accessory or in an actions block."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        for name in names:
            inside = value.get(name, ())
            listed = (
                [(inside, at / name)]
                if isinstance(inside, dict)
                else [(one, at / name / index) for index, one in enumerate(inside)]
            )
            for element, place in listed:
                if element.get("response_url_enabled"):
                    yield (place / "response_url_enabled").problem(
                        "response_url_enabled is for input blocks", "surface", expected="input"
                    )

    return rule


# Tables and charts


def rows_of_one_length(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """Every row of a table has as many cells as its first."""
    width = len(value["rows"][0])
    for index, row in enumerate(value["rows"]):
        if len(row) != width:
            yield (at / "rows" / index).problem(
                f"must have {width} cells like the first row", "match", expected=width, got=len(row)
            )


def plain_header_row(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """The first row of a data table is its header, which holds no rich text."""
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            yield (at / "rows" / 0 / index / "type").problem("unsupported type: rich_text", "enum", got="rich_text")


def row_header_is_a_column(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """`row_header_column_index` points at one of the columns."""
    width = len(value["rows"][0])
    if value.get("row_header_column_index", 0) >= width:
        yield (at / "row_header_column_index").problem(f"must be {width - 1} or less", "maximum", expected=width - 1)


def cells_hold_at_most(most: int) -> Rule:
    """All cells of a table together hold at most so many characters."""

    def rule(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
        total = sum(text_length(cell) for row in value["rows"] for cell in row)
        if total > most:
            message = f"must be less than {most + 1} characters"
            yield (at / "rows").problem(message, "max_length", expected=most, got=total)

    return rule


def text_length(value: object) -> int:
    """Characters in all strings under a `text` key, at any depth."""
    total = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            total += sum(len(inner) for name, inner in one.items() if name == "text" and isinstance(inner, str))
            waiting.extend(one.values())
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)
    return total


def series_fit_the_axis(value: Mapping[str, Any], at: Place) -> Iterator[Problem]:
    """Series have names of their own, and one point for each category and for nothing else."""
    categories = value["axis_config"]["categories"]
    places = [(category, at / "axis_config" / "categories" / i) for i, category in enumerate(categories)]
    yield from distinct(places, "category")
    series = [(one, at / "series" / index) for index, one in enumerate(value["series"])]
    yield from distinct([(one["name"], place / "name") for one, place in series], "name")
    for one, place in series:
        if sorted(point["label"] for point in one["data"]) != sorted(categories):
            yield (place / "data").problem(
                "must have exactly one point for each category", "match", expected=categories
            )
