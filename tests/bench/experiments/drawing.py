"""Lines in an SVG: shares of experiments by how many readers they took."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, LEFT, TOP = 300, 180, 46, 34
COLOURS = ("#a3201c", "#1f5f8b", "#2f7d4f", "#8a6d1f", "#5b4a8a")


@dataclass(frozen=True)
class Line:
    name: str
    points: Sequence[tuple[float, float]]  # readers, and a share from 0 to 1


def picture(panels: Sequence[tuple[str, Sequence[Line]]], *, words: str) -> str:
    width = (WIDE + LEFT + 30) * len(panels)
    height = TOP + HIGH + 46 + 16 * max(len(lines) for _, lines in panels)
    parts = [_panel(n, title, lines) for n, (title, lines) in enumerate(panels)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{words}" font-family="Georgia, serif" font-size="12" fill="#222">\n'
        f'<rect width="{width}" height="{height}" fill="#fbf8f1"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _panel(n: int, title: str, lines: Sequence[Line]) -> str:
    most = max(x for line in lines for x, _ in line.points)
    drawn = "\n".join(_line(k, line, most) for k, line in enumerate(lines))
    return (
        f'<g transform="translate({n * (WIDE + LEFT + 30) + LEFT} {TOP})">\n'
        f'<text y="-14" font-size="13" font-weight="bold">{title}</text>\n'
        f"{_grid(most)}\n{drawn}\n</g>"
    )


def _grid(most: float) -> str:
    rows = [
        f'<path d="M0 {_y(share)}H{WIDE}" stroke="#ddd3bd"/>'
        f'<text x="-6" y="{_y(share) + 4}" text-anchor="end">{share:.0%}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    feet = [
        f'<text x="{part * WIDE:.0f}" y="{HIGH + 18}" text-anchor="middle">'
        f"{part * most:,.0f}</text>"
        for part in (0, 0.5, 1)
    ]
    return "\n".join([*rows, *feet])


def _line(k: int, line: Line, most: float) -> str:
    path = " ".join(f"{x / most * WIDE:.1f},{_y(share)}" for x, share in line.points)
    colour, y = COLOURS[k], HIGH + 40 + 16 * k
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
        f'<path d="M0 {y - 4}H20" stroke="{colour}" stroke-width="2"/>'
        f'<text x="26" y="{y}">{line.name}</text>'
    )


def _y(share: float) -> float:
    return round(HIGH * (1 - share), 1)
