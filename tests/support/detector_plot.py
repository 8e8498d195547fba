"""The picture that `make bench-detector` draws: how late each way of watching is, by team size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from tests.support.evidence import Counted, Look, delay

Found = Mapping[str, Mapping[Look, Sequence[Counted]]]

_WIDTH, _HEIGHT = 860, 400
_LEFT, _TOP, _PANEL, _TALL = 60, 60, 240, 280  # of the first panel: where it begins, how wide and high it is
_APART = 60  # between the panels
_TICKS = (2, 3, 5, 8, 13, 21, 34, 50)
_LINES = {  # colours that stay apart in print and for the colour-blind
    Look.LAST: ("#999999", "4 3"),
    Look.MONTH: ("#999999", ""),
    Look.EWMA: ("#e69f00", ""),
    Look.CUSUM: ("#009e73", ""),
    Look.EXACT: ("#0072b2", ""),
    Look.LEARNER: ("#000000", "4 3"),
    Look.ORACLE: ("#000000", ""),
}
_NAMES = {Look.EXACT: "Murmur"}


def plot(found: Found) -> str:
    """An SVG of two panels, a step and a drift; weeks on a logarithmic axis, since rules of thumb are so late."""
    sizes = [int(name.split()[1]) for name in found if name.split()[0] == "step"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"',
        '  font-family="sans-serif" font-size="12">',
        "<title>Mean weeks from a change to its flag, by team size</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">Mean weeks to a flag, all at the same rate of false flags</text>',
    ]
    for panel, (shape, title) in enumerate((("step", "Half an SD at once"), ("drift", "Half an SD over 8 weeks"))):
        parts += _panel(found, shape, title, sizes, _LEFT + panel * (_PANEL + _APART))
    parts += _legend(_LEFT + 2 * _PANEL + _APART + 24)
    return "\n".join([*parts, "</svg>", ""])


def _panel(found: Found, shape: str, title: str, sizes: Sequence[int], left: float) -> list[str]:
    bottom = _TOP + _TALL
    parts = [f'<text x="{left}" y="{_TOP - 12}" font-weight="bold">{title}</text>']
    for weeks in _TICKS:
        y = _y(weeks)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{left + _PANEL}" y2="{y:.1f}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{weeks}</text>')
    parts += [
        f'<text x="{_x(size, sizes, left):.1f}" y="{bottom + 18}" text-anchor="middle">{size}</text>' for size in sizes
    ]
    parts.append(f'<text x="{left + _PANEL / 2}" y="{bottom + 38}" text-anchor="middle">people in the team</text>')
    for look, (colour, dashes) in _LINES.items():
        values = {size: delay(found[f"{shape} {size}"][look]) for size in sizes}
        points = [(_x(size, sizes, left), figure) for size, figure in values.items() if not math.isnan(figure.value)]
        path = " ".join(f"{x:.1f},{_y(figure.value):.1f}" for x, figure in points)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        thick = 3 if look is Look.EXACT else 1.5
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dash}/>')
        for x, figure in points:
            if not math.isnan(figure.margin):
                low, high = _y(max(figure.low, 1)), _y(figure.high)
                parts.append(f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="{colour}"/>')
            parts.append(f'<circle cx="{x:.1f}" cy="{_y(figure.value):.1f}" r="{thick + 1}" fill="{colour}"/>')
    return parts


def _legend(left: float) -> list[str]:
    parts = []
    for place, (look, (colour, dashes)) in enumerate(_LINES.items()):
        y = _TOP + 14 + 24 * place
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        thick = 3 if look is Look.EXACT else 1.5
        parts.append(
            f'<line x1="{left}" y1="{y}" x2="{left + 26}" y2="{y}" stroke="{colour}" stroke-width="{thick}"{dash}/>'
        )
        parts.append(f'<text x="{left + 32}" y="{y + 4}">{escape(_NAMES.get(look, look.value))}</text>')
    return parts


def _x(size: int, sizes: Sequence[int], left: float) -> float:
    return left + 16 + (_PANEL - 32) * sizes.index(size) / max(1, len(sizes) - 1)


def _y(weeks: float) -> float:
    first, last = math.log(_TICKS[0] * 0.8), math.log(_TICKS[-1] * 1.1)
    return _TOP + _TALL * (1 - (math.log(max(weeks, 1.6)) - first) / (last - first))
