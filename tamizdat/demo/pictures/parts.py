"""Things that appear in more than one drawing."""

import math
from itertools import pairwise

from tamizdat.demo.pictures.paper import (
    CLAY,
    FOAM,
    INK,
    LAMP,
    NIGHT,
    PAPER,
    SIGNAL,
    Cut,
    Point,
    Sheet,
    spread,
)


def sea(sheet: Sheet, y: float, colours: tuple[str, ...], *, height: float = 9) -> None:
    """Bands of water, nearer ones lower and longer."""
    for i, colour in enumerate(colours):
        with sheet.cut(colour, lift=7) as cut:
            cut.waves(
                y + i * i * 18 + i * 52,
                height=height + 3 * i,
                length=210 + 90 * i,
                shift=sheet.chance.uniform(0, 300),
            )


def hills(sheet: Sheet, y: float, colour: str, *, rise: float, bumps: int = 5) -> None:
    width, bottom = sheet.image.size
    tops = [(x, y - sheet.chance.uniform(0.1, 1) * rise) for x in spread(0, width, bumps)]
    edge: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(tops):
        for i in range(24):
            ease = (1 - math.cos(math.pi * i / 24)) / 2
            edge.append((x0 + (x1 - x0) * i / 24, y0 + (y1 - y0) * ease))
    with sheet.cut(colour, lift=6) as cut:
        cut.shape(*edge, tops[-1], (width, bottom), (0, bottom))


def town(
    sheet: Sheet, y: float, colour: str, *, tallest: float, lit: str = "", across: float = 1600
) -> None:
    """A row of gabled houses along `y`; `lit` is the colour of the few windows that are."""
    windows: list[Point] = []
    with sheet.cut(colour, lift=8) as cut:
        x = -20.0
        while x < across:
            width = sheet.chance.uniform(55, 120)
            top = y - sheet.chance.uniform(0.45, 1) * tallest
            cut.box(x, top, width, y - top + 260)
            cut.shape((x - 4, top), (x + width / 2, top - width * 0.45), (x + width + 4, top))
            if sheet.chance.random() < 0.5:
                cut.box(x + width * 0.66, top - width * 0.42, 12, width * 0.42)
            windows += [
                (x + width * part, top + down)
                for part in (0.28, 0.62)
                for down in (26, 70)
                if sheet.chance.random() < 0.3
            ]
            x += width + 1
    if lit:
        with sheet.cut(lit, lift=0) as cut:
            for left, top in windows:
                cut.box(left - 6, top, 13, 19)


def ferry(sheet: Sheet, x: float, y: float, scale: float, *, hull: str = INK) -> None:
    """A small passenger ferry, seen from the side; `x`, `y` is where her bow meets the water."""

    def at(dx: float, dy: float) -> Point:
        return x + dx * scale, y + dy * scale

    with sheet.cut(SIGNAL, lift=5) as cut:
        cut.shape(at(330, -190), at(392, -190), at(400, -290), at(338, -290))
    with sheet.cut(INK, lift=3) as cut:
        cut.shape(at(337, -272), at(399, -272), at(400, -292), at(337, -292))
        cut.strip(at(190, -190), at(190, -360), width=6 * scale)
        cut.strip(at(190, -350), at(60, -70), width=2 * scale)
        cut.strip(at(190, -350), at(330, -200), width=2 * scale)
    with sheet.cut(PAPER, lift=5) as cut:
        cut.shape(at(120, -70), at(640, -70), at(622, -140), at(140, -140))
        cut.shape(at(170, -140), at(500, -140), at(484, -205), at(180, -205))
    with sheet.cut(NIGHT, lift=0) as cut:
        for i in range(11):
            cut.box(*at(170 + i * 41, -120), 24 * scale, 24 * scale)
    with sheet.cut(LAMP, lift=0) as cut:
        for i in (1, 2, 5, 8):
            cut.box(*at(170 + i * 41, -120), 24 * scale, 24 * scale)
        cut.disc(*at(230, -172), 14 * scale)
    with sheet.cut(hull, lift=8) as cut:
        cut.shape(at(-10, -84), at(700, -84), at(672, 24), at(56, 24))
    with sheet.cut(CLAY, lift=0) as cut:
        cut.shape(at(16, -52), at(692, -52), at(688, -42), at(22, -42))


def glow(sheet: Sheet, x: float, y: float, *, radius: float, colour: str = LAMP) -> None:
    """A lamp and its light, in three rounds of thinner and thinner paper."""
    for share, strength in ((1, 0.16), (0.62, 0.25), (0.34, 0.45)):
        with sheet.cut(colour, lift=0, strength=strength) as cut:
            cut.disc(x, y, radius * share)
    with sheet.cut(PAPER, lift=0) as cut:
        cut.disc(x, y, radius * 0.14)


def lamp_post(sheet: Sheet, x: float, y: float, height: float, *, lit: bool = True) -> None:
    with sheet.cut(INK, lift=5) as cut:
        cut.strip((x, y), (x, y - height), width=11)
        cut.box(x - 22, y - 18, 44, 20)
        cut.shape(
            (x - 17, y - height), (x + 17, y - height), (x + 30, y - height - 62),
            (x - 30, y - height - 62),
        )  # fmt: skip
        cut.shape((x - 38, y - height - 60), (x, y - height - 92), (x + 38, y - height - 60))
        cut.shape(
            (x - 11, y - height - 8), (x + 11, y - height - 8), (x + 21, y - height - 54),
            (x - 21, y - height - 54), out=True,
        )  # fmt: skip
    if lit:
        glow(sheet, x, y - height - 30, radius=130)


def gull(cut: Cut, x: float, y: float, span: float) -> None:
    for side in (-1, 1):
        cut.shape(
            (x, y),
            (x + side * span * 0.3, y - span * 0.2),
            (x + side * span * 0.5, y - span * 0.13),
            (x + side * span * 0.28, y - span * 0.08),
            (x, y + span * 0.07),
        )


def rain(sheet: Sheet, colour: str = FOAM, *, count: int = 150) -> None:
    width, height = sheet.image.size
    with sheet.cut(colour, lift=0, strength=0.55) as cut:
        for _ in range(count):
            x, y = sheet.chance.uniform(0, width + 120), sheet.chance.uniform(-60, height)
            long = sheet.chance.uniform(26, 70)
            cut.strip((x, y), (x - long * 0.32, y + long), width=2.4)


def person(cut: Cut, x: float, y: float, tall: float) -> None:
    """Someone in a long coat, standing on `y`."""
    cut.disc(x, y - tall * 0.9, tall * 0.085)
    cut.shape(
        (x - tall * 0.1, y - tall * 0.8), (x + tall * 0.1, y - tall * 0.8),
        (x + tall * 0.17, y - tall * 0.2), (x - tall * 0.17, y - tall * 0.2),
    )  # fmt: skip
    cut.box(x - tall * 0.1, y - tall * 0.22, tall * 0.07, tall * 0.22)
    cut.box(x + tall * 0.03, y - tall * 0.22, tall * 0.07, tall * 0.22)
