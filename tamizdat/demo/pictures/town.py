"""Drawings of the streets, the court and what goes on there."""

import math

from tamizdat.demo.pictures import parts
from tamizdat.demo.pictures.paper import (
    CLAY,
    FOAM,
    INK,
    LAMP,
    MIST,
    MOSS,
    NIGHT,
    PAPER,
    PINE,
    RUST,
    SAND,
    SEA,
    SIGNAL,
    SLATE,
    Sheet,
    spread,
)


def two_lamps(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=6) as cut:
        cut.box(0, 0, 1600, 760)
    with sheet.cut(INK, lift=8) as cut:
        cut.box(0, 760, 1600, 300)
    with sheet.cut("#7d8786", lift=14) as cut:
        cut.box(520, 170, 560, 670)
    with sheet.cut("#5c686b", lift=4) as cut:
        cut.box(560, 210, 480, 300)
        cut.box(640, 590, 320, 120)
    for x, colour in ((690, SIGNAL), (910, PINE)):
        with sheet.cut(INK, lift=4) as cut:
            cut.disc(x, 360, 88)
        with sheet.cut(colour, lift=3) as cut:
            cut.disc(x, 360, 70)
    for radius, strength in ((250, 0.12), (170, 0.16), (116, 0.2)):
        with sheet.cut("#ff6b57", lift=0, strength=strength) as cut:
            cut.disc(690, 360, radius)
    with sheet.cut("#ff8d76", lift=0) as cut:
        cut.disc(690, 360, 46)
    with sheet.cut(INK, lift=0) as cut:
        cut.box(690, 640, 220, 16)
    with sheet.cut(PAPER, lift=6) as cut:
        cut.shape((716, 650), (884, 650), (892, 800), (724, 806))
    with sheet.cut(INK, lift=7) as cut:
        parts.person(cut, 300, 900, 520)
        parts.person(cut, 1320, 900, 500)


def court_at_night(sheet: Sheet) -> None:
    with sheet.cut(PAPER, lift=3) as cut:
        cut.disc(1340, 170, 70)
    with sheet.cut(NIGHT, lift=0) as cut:
        cut.disc(1370, 154, 62)
    parts.town(sheet, 560, INK, tallest=220)
    with sheet.cut(SLATE, lift=10) as cut:
        cut.shape((330, 330), (800, 120), (1270, 330))
        cut.box(360, 330, 880, 480)
    with sheet.cut(NIGHT, lift=0) as cut:
        cut.shape((460, 310), (800, 160), (1140, 310))
        cut.box(390, 390, 820, 400)
    with sheet.cut(MIST, lift=8) as cut:
        for x in spread(410, 1130, 6):
            cut.box(x, 390, 62, 400)
            cut.box(x - 12, 380, 86, 20)
            cut.box(x - 12, 780, 86, 22)
    with sheet.cut(LAMP, lift=0) as cut:
        cut.box(934, 470, 44, 96)
    parts.glow(sheet, 956, 518, radius=120)
    for i, tone in enumerate(("#6d7c82", "#5b6b74", "#4a5a66", "#3a4957")):
        with sheet.cut(tone, lift=6) as cut:
            cut.box(320 - 60 * i, 800 + 48 * i, 960 + 120 * i, 60)
    with sheet.cut(INK, lift=6) as cut:
        parts.person(cut, 620, 850, 150)
        parts.person(cut, 690, 856, 140)
    with sheet.cut(SIGNAL, lift=0) as cut:
        cut.disc(800, 245, 30)


def umbrellas(sheet: Sheet) -> None:
    """A crowd from above, in the rain."""
    places = (
        (250, 230, 190, INK), (640, 160, 150, SLATE), (1010, 250, 200, SIGNAL),
        (1400, 190, 160, NIGHT),
        (120, 610, 160, SEA), (500, 560, 200, PINE), (850, 640, 150, SAND), (1230, 620, 210, INK),
        (330, 900, 170, NIGHT), (720, 930, 180, RUST), (1060, 930, 140, SLATE),
        (1480, 880, 170, SEA),
    )  # fmt: skip
    for x, y, radius, colour in places:
        turn = sheet.chance.uniform(0, 1)
        rim = [
            (
                x + radius * math.cos(turn + i * math.tau / 8),
                y + radius * math.sin(turn + i * math.tau / 8),
            )
            for i in range(8)
        ]
        with sheet.cut(colour, lift=20) as cut:
            cut.shape(*rim)
        with sheet.cut(PAPER, lift=0, strength=0.13) as cut:
            for i in range(0, 8, 2):
                cut.shape((x, y), rim[i], rim[i + 1])
        with sheet.cut(PAPER, lift=0, strength=0.5) as cut:
            for corner in rim:
                cut.strip((x, y), corner, width=2.4)
        with sheet.cut(PAPER, lift=3) as cut:
            cut.disc(x, y, 9)
    parts.rain(sheet, PAPER, count=190)


def lamplighter(sheet: Sheet) -> None:
    with sheet.cut(RUST, lift=0) as cut:
        cut.waves(420, height=10, length=1600)
    parts.town(sheet, 700, SEA, tallest=330)
    parts.town(sheet, 800, SLATE, tallest=260, lit=LAMP)
    with sheet.cut(INK, lift=8) as cut:
        cut.box(0, 850, 1600, 200)
    for x, height in ((160, 250), (1400, 250)):
        parts.lamp_post(sheet, x, 860, height)
    parts.lamp_post(sheet, 860, 900, 470)
    with sheet.cut(INK, lift=7) as cut:
        parts.person(cut, 590, 920, 330)
        cut.strip((610, 690), (650, 640), width=24)
        cut.strip((560, 780), (846, 430), width=9)
        cut.shape((556, 610), (624, 610), (612, 580), (568, 580))


def choir(sheet: Sheet) -> None:
    with sheet.cut(RUST, lift=6) as cut:
        cut.shape((0, 0), (1600, 0), (1600, 330), (800, 130), (0, 330))
    coats = (NIGHT, PINE, SLATE, RUST, SEA, INK)
    for row, y in enumerate((470, 620, 790)):
        for i, x in enumerate(spread(130 - 60 * (row % 2), 1470 + 60 * (row % 2), 8)):
            tall = 76 + 8 * row
            with sheet.cut(coats[(i + 2 * row) % 6], lift=9) as cut:
                cut.disc(x, y + tall * 2.4, tall * 1.5, tall * 1.6)
            with sheet.cut((SAND, CLAY, PAPER)[(i * 2 + row) % 3], lift=6) as cut:
                cut.disc(x, y, tall * 0.72, tall * 0.9)
            with sheet.cut(INK, lift=0) as cut:
                cut.disc(x, y + tall * 0.4, *((11, 24) if (i + row) % 3 else (24, 15)))
                cut.strip((x - 34, y - 12), (x - 14, y - 10), width=5)
                cut.strip((x + 14, y - 10), (x + 34, y - 12), width=5)
    with sheet.cut(PAPER, lift=8) as cut:
        for x in spread(60, 1540, 7):
            cut.shape((x - 78, 930), (x, 950), (x + 78, 930), (x + 84, 1010), (x - 84, 1010))


def windows(sheet: Sheet) -> None:
    lit = {(1, 1), (3, 0), (4, 2)}
    for column, x in enumerate(spread(90, 1310, 6)):
        for row, y in enumerate((90, 400, 710)):
            with sheet.cut(RUST, lift=6) as cut:
                cut.box(x - 18, y - 18, 236, 266)
            with sheet.cut(LAMP if (column, row) in lit else NIGHT, lift=0) as cut:
                cut.box(x, y, 200, 224)
            if (column, row) in lit:
                with sheet.cut(CLAY, lift=3) as cut:
                    cut.shape((x, y), (x + 60, y), (x + 22, y + 224), (x, y + 224))
                    cut.shape((x + 200, y), (x + 140, y), (x + 178, y + 224), (x + 200, y + 224))
            with sheet.cut(FOAM, lift=2) as cut:
                cut.box(x + 95, y, 10, 224)
                cut.box(x, y + 96, 200, 10)
                cut.box(x - 24, y + 224, 248, 18)
    with sheet.cut(INK, lift=4) as cut:  # someone, writing
        cut.disc(434, 548, 30)
        cut.shape((390, 624), (400, 586), (468, 586), (480, 624))
    with sheet.cut(MOSS, lift=5) as cut:
        for x in (600, 640, 690, 730):
            cut.disc(x, 936, 30, 34)
    with sheet.cut(CLAY, lift=4) as cut:
        cut.box(574, 950, 190, 44)


def kites(sheet: Sheet) -> None:
    with sheet.cut(FOAM, lift=4) as cut:
        for x, y in ((300, 190), (1260, 130), (860, 350)):
            cut.disc(x, y, 150, 34)
            cut.disc(x + 60, y - 30, 90, 40)
    kites_ = ((330, 330, 92, SIGNAL), (640, 190, 74, LAMP), (930, 420, 66, PINE),
              (1180, 250, 128, PAPER),
              (1440, 470, 70, CLAY), (150, 520, 56, NIGHT))  # fmt: skip
    with sheet.cut(INK, lift=0, strength=0.7) as cut:
        for x, y, size, _ in kites_:
            cut.strip((x, y), (x * 0.55 + 420, 840), width=2.2)
            tail = [(x + (14 if i % 2 else -14), y + size * 1.3 + 24 * i) for i in range(7)]
            cut.strip(*tail, width=4)
    for x, y, size, colour in kites_:
        with sheet.cut(colour, lift=12) as cut:
            cut.shape(
                (x, y - size), (x + size * 0.74, y), (x, y + size * 1.3), (x - size * 0.74, y)
            )
        with sheet.cut(INK, lift=0, strength=0.3) as cut:
            cut.strip((x, y - size), (x, y + size * 1.3), width=4)
            cut.strip((x - size * 0.74, y), (x + size * 0.74, y), width=4)
    parts.hills(sheet, 880, MOSS, rise=90, bumps=4)
    with sheet.cut(INK, lift=5) as cut:
        for x in (520, 610, 700, 790, 940, 1120):
            parts.person(cut, x, 900 + 14 * (x % 4), sheet.chance.uniform(80, 120))
    parts.hills(sheet, 1000, PINE, rise=90, bumps=4)


def press(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=6) as cut:
        cut.box(0, 0, 1600, 200)
    with sheet.cut(INK, lift=10) as cut:
        cut.box(380, 180, 90, 720)
        cut.box(1130, 180, 90, 720)
        cut.box(330, 860, 940, 90)
    for y, colour, radius in ((330, RUST, 110), (560, SEA, 110)):
        with sheet.cut(colour, lift=9) as cut:
            cut.box(420, y - radius, 760, radius * 2)
        with sheet.cut(INK, lift=0, strength=0.25) as cut:
            cut.box(420, y + radius * 0.3, 760, radius * 0.7)
        with sheet.cut(PAPER, lift=0, strength=0.25) as cut:
            cut.box(420, y - radius * 0.7, 760, radius * 0.25)
    with sheet.cut(PAPER, lift=12) as cut:
        cut.shape((480, 445), (1120, 445), (1180, 800), (420, 800))
    with sheet.cut(INK, lift=0) as cut:
        cut.box(640, 590, 320, 44)
        for row in range(5):
            for column in range(4):
                cut.box(470 + 170 * column, 660 + 26 * row, 140, 8)
    _wheel_and_washing(sheet)


def _wheel_and_washing(sheet: Sheet) -> None:
    with sheet.cut(SIGNAL, lift=8) as cut:
        cut.disc(1290, 420, 130)
        cut.disc(1290, 420, 98, out=True)
        cut.strip((1290, 300), (1290, 540), width=18)
        cut.strip((1170, 420), (1410, 420), width=18)
    with sheet.cut(CLAY, lift=6) as cut:
        for x in spread(90, 290, 3):
            cut.box(x, 120, 16, 120)
    with sheet.cut(FOAM, lift=7) as cut:
        for x in spread(40, 250, 3):
            cut.shape((x, 200), (x + 84, 200), (x + 80, 420), (x + 6, 430))
