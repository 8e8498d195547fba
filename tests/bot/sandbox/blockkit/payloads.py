"""Small payloads to check, each just enough to pass."""

from typing import Any

from bot.sandbox.blockkit import Problem, check_blocks, check_view

Json = dict[str, Any]


def problems(payload: Any) -> list[Problem]:
    """A list is the blocks of a message, an object is a view."""
    return check_view(payload) if isinstance(payload, dict) else check_blocks(payload)


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(1), **more}


def divider(**more: Any) -> Json:
    return {"type": "divider", **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(1), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", **more: Any) -> Json:
    return {"text": plain(1), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(index)) for index in range(count)]


def choice(kind: str, **more: Any) -> Json:
    return {"type": kind, "options": options(3), **more}


def input_block(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "label": plain(1), "element": element or {"type": "plain_text_input"}, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(1), "submit": plain(1), "blocks": list(blocks), **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def asked(element: Json) -> Json:
    """The element in an input of a modal, where every input may stand."""
    return modal(input_block(element))


def confirm(**more: Any) -> Json:
    return {"title": plain(1), "text": plain(1), "confirm": plain(1), "deny": plain(1), **more}


def chart(series: list[Json] | None = None, categories: list[str] | None = None, **more: Any) -> Json:
    categories = categories or ["Mon"]
    series = series or [{"name": "s", "data": [{"label": one, "value": 1} for one in categories]}]
    axis = {"categories": categories, **more}
    return visual({"type": "line", "series": series, "axis_config": axis})


def visual(inner: Json, title: str = "t") -> Json:
    return {"type": "data_visualization", "title": title, "chart": inner}


def pie(count: int = 1, label: str = "l", value: float = 1) -> Json:
    return visual({"type": "pie", "segments": [{"label": label, "value": value}] * count})


def cell(length: int = 1) -> Json:
    return {"type": "raw_text", "text": "x" * length}


def table(rows: int = 1, columns: int = 1, **more: Any) -> Json:
    return {"type": "table", "rows": [[cell()] * columns] * rows, **more}


def data_table(rows: int = 2, columns: int = 1, **more: Any) -> Json:
    return {**table(rows, columns), "type": "data_table", "caption": "c", **more}


def cells(*rows: list[Json], kind: str = "table") -> Json:
    return {"type": kind, "rows": list(rows), **({"caption": "c"} if kind == "data_table" else {})}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **more}


def rich(*inline: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(inline)}]}


def feedback(**more: Any) -> Json:
    one = {"text": plain(1), "value": "v", **more}
    return {"type": "feedback_buttons", "positive_button": one, "negative_button": {**one}}


def url(length: int) -> str:
    return "https://" + "x" * (length - 8)


def quote(**more: Any) -> Json:
    return {"type": "rich_text_quote", "elements": [], **more}


def bullets(**more: Any) -> Json:
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    return {"type": "rich_text_list", "style": "bullet", "elements": [line], **more}


def icon(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain(1), **more}
