"""Small charts as SVG: no script, no colour that alone would tell, words for who cannot see them.

The figures stand in a table beside each chart; a chart shows the shape of them. Colours are the
style's: each series has a class of its own, `chart-1` and so on.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 28
ROW = 30  # of a chart of rows
NAMES = 240  # how wide the names beside rows may be
_ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[float | None]  # below zero: downwards; None is not told, and not drawn
    labels: Sequence[str]  # what a pointer on each reads


@dataclass(frozen=True)
class Chart:
    """What is drawn, and what is said to whoever does not see it."""

    id: str
    title: str
    words: str


def columns(chart: Chart, names: Sequence[str], series: Sequence[Series], *, pale: int = 0) -> str:
    """Columns side by side, the parts of each one on top of the other, or below zero.

    The last `pale` columns are not over yet, or only foreseen.
    """
    ups = [sum(max(0, one.values[n] or 0) for one in series) for n in range(len(names))]
    downs = [sum(min(0, one.values[n] or 0) for one in series) for n in range(len(names))]
    scale = _Scale.for_values(min(downs, default=0), max(ups, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    parts = [scale.grid()]
    for n, name in enumerate(names):
        x = LEFT + n * step
        is_pale = n >= len(names) - pale
        parts.append('<g class="chart-pale">' if is_pale else "<g>")
        parts += _stack(series, n, x=x + step * 0.12, width=step * 0.76, scale=scale, name=name)
        if _is_named(n, len(names)):
            parts.append(_text(x + step / 2, HEIGHT - 8, name, anchor="middle"))
        parts.append("</g>")
    return _svg(chart, "".join(parts), height=HEIGHT)


def line(chart: Chart, names: Sequence[str], series: Sequence[Series]) -> str:
    """A line for each series, from zero up; with a gap where a value is not told."""
    most = max((value or 0 for one in series for value in one.values), default=0)
    scale = _Scale.for_values(0, most)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    middles = [LEFT + (n + 0.5) * step for n in range(len(names))]
    parts = [scale.grid()]
    for number, one in enumerate(series, start=1):
        points = list(zip(middles, one.values, one.labels, strict=True))
        for is_told, run in itertools.groupby(points, lambda point: point[1] is not None):
            if is_told:
                parts += _run([(x, scale.y(value or 0), label) for x, value, label in run], number)
    for n, name in enumerate(names):
        if _is_named(n, len(names)):
            parts.append(_text(middles[n], HEIGHT - 8, name, anchor="middle"))
    return _svg(chart, "".join(parts), height=HEIGHT)


def rows(chart: Chart, names: Sequence[str], series: Series) -> str:
    """A bar for each name, the longest as long as there is room."""
    values = [value or 0 for value in series.values]
    most = max(values, default=0) or 1
    room = WIDTH - NAMES - 90
    parts = []
    for n, (name, value, label) in enumerate(zip(names, values, series.labels, strict=True)):
        y, width = n * ROW + 6, room * value / most
        parts.append(_text(NAMES - 10, y + 14, _short(name), anchor="end"))
        parts.append(
            f'<g><title>{escape(name)}: {escape(label)}</title><rect class="chart-1" x="{NAMES}"'
            f' y="{y}" width="{max(1, width):.1f}" height="18" rx="2"/></g>'
        )
        parts.append(_text(NAMES + width + 8, y + 14, label, anchor="start"))
    return _svg(chart, "".join(parts), height=max(1, len(names)) * ROW)


def heat(chart: Chart, names: Sequence[str], cells: Sequence[Sequence[float | None]]) -> str:
    """A row for each name; the fuller a cell, the darker. Shares of one; None is left out."""
    most = max((len(row) for row in cells), default=0)
    step = min(44.0, (WIDTH - 110) / max(1, most))
    parts = [_text(100 + (n + 0.5) * step, 14, str(n), anchor="middle") for n in range(most)]
    for n, (name, row) in enumerate(zip(names, cells, strict=True)):
        y = 22 + n * 24
        parts.append(_text(92, y + 16, name, anchor="end"))
        parts += [_cell(100 + k * step, y, step, share) for k, share in enumerate(row)]
    return _svg(chart, "".join(parts), height=26 + len(names) * 24)


@dataclass(frozen=True)
class _Scale:
    """From values to where they stand, with round numbers at the lines."""

    low: float
    high: float
    step: float

    @classmethod
    def for_values(cls, low: float, high: float) -> "_Scale":
        step = round_step((high - low) / 4 or 1)
        low, high = step * math.floor(low / step), step * math.ceil(high / step)
        return cls(low, high if high > low else low + step, step)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> str:
        count = round((self.high - self.low) / self.step)
        lines = []
        for n in range(count + 1):
            value = self.low + n * self.step
            y = self.y(value)
            kind = "chart-zero" if value == 0 else "chart-grid"
            lines.append(
                f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
                + _text(LEFT - 8, y + 4, f"{abs(value):,g}", anchor="end")
            )
        return "".join(lines)


def round_step(wanted: float) -> float:
    """The smallest round number that is no less than `wanted`: 1, 2, 2.5, 5, 10, 20 …"""
    power = 10.0 ** (len(str(int(wanted))) - 1) if wanted >= 1 else 1.0
    return next(power * each for each in _ROUND if power * each >= wanted)


def _run(points: Sequence[tuple[float, float, str]], number: int) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    yield f'<polyline class="chart-line chart-{number}" points="{path}"/>'
    for x, y, label in points:
        yield (
            f'<circle class="chart-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">'
            f"<title>{escape(label)}</title></circle>"
        )


def _stack(
    series: Sequence[Series], n: int, *, x: float, width: float, scale: _Scale, name: str
) -> list[str]:
    above = below = 0.0
    parts = []
    for number, one in enumerate(series, start=1):
        value = one.values[n] or 0
        start = above if value >= 0 else below
        end = start + value
        above, below = (end, below) if value >= 0 else (above, end)
        top, bottom = sorted((scale.y(start), scale.y(end)))
        if value:
            parts.append(
                f"<g><title>{escape(name)}, {escape(one.name)}: {escape(one.labels[n])}</title>"
                f'<rect class="chart-{number}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}"'
                f' height="{max(1.0, bottom - top):.1f}"/></g>'
            )
    return parts


def _cell(x: float, y: float, width: float, share: float | None) -> str:
    if share is None:
        return f'<rect class="chart-none" x="{x:.1f}" y="{y}" width="{width - 2:.1f}" height="22"/>'
    words = f"{share:.0%}"
    ink = "chart-on-dark" if share > 0.55 else "chart-on-pale"
    return (
        f'<g><rect class="chart-1" fill-opacity="{0.08 + 0.92 * share:.2f}" x="{x:.1f}" y="{y}"'
        f' width="{width - 2:.1f}" height="22"/>'
        f'<text class="{ink}" x="{x + width / 2 - 1:.1f}" y="{y + 15}">{words}</text></g>'
    )


def _is_named(n: int, count: int) -> bool:
    """Not every column has room for its name; the last one always has."""
    return (count - 1 - n) % (1 + count // 13) == 0


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"…{name[-27:]}"


def _text(x: float, y: float, words: str, *, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(chart: Chart, inside: str, *, height: float) -> str:
    about = f'<title id="{chart.id}">{escape(chart.title)}</title>'
    words = f'<desc id="{chart.id}-words">{escape(chart.words)}</desc>'
    return (
        f'<svg class="figures-chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-labelledby="{chart.id} {chart.id}-words">{about}{words}{inside}</svg>'
    )
