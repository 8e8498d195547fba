"""Messages and views as plain text: what a person reads, without colours and boxes.

JSON keeps Slack's markup raw; here it is unescaped, mentions become names and links their labels.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.sandbox.inputs import Values

Json = dict[str, Any]
_ANGLE: Final = re.compile(r"<([^<>\n]+)>")
_RULE: Final = "-" * 24


class Renderer:
    """Renders for one reader.

    name_of: the name of a person, channel or user group id, with its "@" or "#".
    tz: the reader's time zone, for dates that Slack shows in local time.
    """

    def __init__(self, name_of: Callable[[str], str], tz: str = "UTC") -> None:
        self._name_of = name_of
        self._zone = ZoneInfo(tz)

    def text(self, raw: str) -> str:
        """Slack's mrkdwn as it reads: entities unescaped, mentions and links spelled out."""
        spelled = _ANGLE.sub(lambda match: self._angle(match.group(1)), raw)
        return _unescape(spelled)

    def object(self, composition: Any) -> str:
        """A text object (or bare string): plain_text stands as it is, mrkdwn is read."""
        if isinstance(composition, str):
            return self.text(composition)
        if not isinstance(composition, dict):
            return ""
        raw = str(composition.get("text", ""))
        if composition.get("type") == "mrkdwn":
            return self.text(raw)
        return _unescape(raw) if composition.get("type") == "plain_text" else raw

    def message(self, text: str, blocks: list[Json], values: Values | None = None) -> str:
        """A message: its blocks, or its text where it has none."""
        return self.blocks(blocks, values) if blocks else self.text(text)

    def view(self, view: Json, values: Values, errors: Mapping[str, str]) -> str:
        """A modal or Home: title, blocks with what was entered and what is wrong, then the buttons."""
        lines = []
        if title := self.object(view.get("title")):
            lines += [f"== {title} =="]
        lines.append(self.blocks(view.get("blocks") or [], values, errors))
        buttons = [self.object(view.get(name)) for name in ("submit", "close")]
        if view.get("type") == "modal":
            lines.append(" ".join(f"[{label}]" for label in buttons if label))
        return "\n".join(line for line in lines if line)

    def blocks(self, blocks: list[Json], values: Values | None = None, errors: Mapping[str, str] | None = None) -> str:
        """Blocks from top to bottom, one or more lines each."""
        return "\n".join(
            line
            for block in blocks
            for line in self._block(block, (values or {}).get(str(block.get("block_id")), {}), errors or {})
            if line
        )

    def element(self, element: Json, state: Json | None = None) -> str:
        """One interactive element on a line (choices: one line each)."""
        kind = str(element.get("type"))
        if kind in ("button", "workflow_button"):
            return f"[{self.object(element.get('text'))}]"
        if kind in ("radio_buttons", "checkboxes"):
            return "\n".join(self._choice(option, state) for option in element.get("options") or [])
        if kind == "overflow":
            options = ", ".join(self.object(option.get("text")) for option in element.get("options") or [])
            return f"[...: {options}]"
        if kind == "image":
            return f"(image: {element.get('alt_text', '')})"
        chosen = self.chosen(state)
        return f"<{chosen or self.object(element.get('placeholder')) or ' '}>"

    def chosen(self, state: Json | None) -> str:
        """What was chosen or typed in an element, in words; "" for nothing."""
        words = []
        for name, value in (state or {}).items():
            if name in ("type", "timezone") or value in (None, [], ""):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and "text" in one:
                    words.append(self.object(one["text"]))
                elif name.startswith(("selected_user", "selected_conversation", "selected_channel")):
                    words.append(self._name_of(str(one)))
                else:
                    words.append(str(one))
        return ", ".join(words)

    def _angle(self, inside: str) -> str:
        target, _, label = inside.partition("|")
        if target.startswith(("@", "#")):
            return (label and f"{target[0]}{label}") or self._name_of(target[1:])
        if target.startswith("!date^"):
            return self._date(target, label)
        if target.startswith("!subteam^"):
            return label or self._name_of(target.removeprefix("!subteam^"))
        if target.startswith("!"):
            return f"@{target[1:]}"
        return label or target.removeprefix("mailto:")

    def _date(self, target: str, fallback: str) -> str:
        _, stamp, form = [*target.split("^"), "", ""][:3]
        try:
            local = datetime.fromtimestamp(int(stamp), UTC).astimezone(self._zone)
        except (ValueError, OverflowError):
            return fallback
        date = f"{local:%B} {local.day}, {local.year}"
        parts = {
            "{date_num}": f"{local:%Y-%m-%d}",
            "{date}": date,
            "{date_short}": f"{local:%b} {local.day}, {local.year}",
            "{date_long}": f"{local:%A}, {date}",
            "{date_pretty}": date,
            "{date_short_pretty}": f"{local:%b} {local.day}, {local.year}",
            "{date_long_pretty}": f"{local:%A}, {date}",
            "{time}": f"{local:%H:%M}",
            "{time_secs}": f"{local:%H:%M:%S}",
        }
        for name, value in parts.items():
            form = form.replace(name, value)
        return form

    def _block(self, block: Json, states: Mapping[str, Json], errors: Mapping[str, str]) -> list[str]:
        kind = str(block.get("type"))
        if kind == "section":
            fields = [self.object(field) for field in block.get("fields") or []]
            accessory = block.get("accessory")
            placed = [self.element(accessory, states.get(str(accessory.get("action_id"))))] if accessory else []
            return [self.object(block.get("text")), *fields, *placed]
        if kind == "header":
            return [f"## {self.object(block.get('text'))}"]
        if kind == "divider":
            return [_RULE]
        if kind in ("context", "context_actions"):
            return ["  " + " · ".join(self._piece(piece) for piece in block.get("elements") or [])]
        if kind == "actions":
            elements = block.get("elements") or []
            return [" ".join(self.element(one, states.get(str(one.get("action_id")))) for one in elements)]
        if kind == "input":
            return self._input(block, states, errors)
        return self._plain(kind, block)

    def _input(self, block: Json, states: Mapping[str, Json], errors: Mapping[str, str]) -> list[str]:
        element = block.get("element") or {}
        optional = " (optional)" if block.get("optional") else ""
        lines = [f"{self.object(block.get('label'))}{optional}"]
        lines.append(self.element(element, states.get(str(element.get("action_id")))))
        if hint := self.object(block.get("hint")):
            lines.append(f"  {hint}")
        if wrong := errors.get(str(block.get("block_id"))):
            lines.append(f"  ! {wrong}")
        return lines

    def _plain(self, kind: str, block: Json) -> list[str]:
        """The blocks that only show something."""
        if kind in ("markdown", "alert"):
            return [self.object(block.get("text"))]
        if kind == "image":
            return [self.object(block.get("title")), f"(image: {block.get('alt_text', '')})"]
        if kind == "data_visualization":
            return [f"(chart: {self.object(block.get('title'))})", *_chart(block.get("chart") or {})]
        if kind == "rich_text":
            return [self._rich(block)]
        if kind in ("table", "data_table"):
            return [" | ".join(self._piece(cell) for cell in row) for row in block.get("rows") or []]
        return [f"({kind})"]

    def _piece(self, piece: Json) -> str:
        if piece.get("type") == "rich_text":
            return self._rich(piece)
        if piece.get("type") in ("mrkdwn", "plain_text", "raw_text"):
            return self.object(piece)
        return self.element(piece)

    def _rich(self, block: Json) -> str:
        lines = []
        for element in block.get("elements") or []:
            if element.get("type", "").startswith("rich_text"):
                lines.append(self._rich(element))
            else:
                lines.append(self._rich_leaf(element))
        return ("\n" if block.get("type") in ("rich_text", "rich_text_list") else "").join(lines)

    def _rich_leaf(self, leaf: Json) -> str:
        for key in ("user_id", "channel_id", "usergroup_id"):
            if key in leaf:
                return self._name_of(str(leaf[key]))
        if leaf.get("type") == "emoji":
            return f":{leaf.get('name')}:"
        return str(leaf.get("text") or leaf.get("url") or leaf.get("fallback") or "")

    def _choice(self, option: Json, state: Json | None) -> str:
        chosen = [
            one.get("value")
            for one in [(state or {}).get("selected_option"), *((state or {}).get("selected_options") or [])]
            if one
        ]
        mark = "(x)" if option.get("value") in chosen else "( )"
        description = self.object(option.get("description"))
        return f"{mark} {self.object(option.get('text'))}" + (f" - {description}" if description else "")


def _unescape(text: str) -> str:
    """The three entities Slack knows. The ampersand comes last, or "&amp;lt;" would turn into "<"."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _chart(chart: Json) -> list[str]:
    """The figures of a chart, a line a series."""
    series = chart.get("series") or [{"name": "", "data": chart.get("segments") or []}]
    return [
        "  "
        + (f"{one.get('name')}: " if one.get("name") else "")
        + ", ".join(f"{point.get('label')} {point.get('value')}" for point in one.get("data") or [])
        for one in series
    ]
