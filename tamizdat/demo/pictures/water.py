"""Drawings of the harbour, its boats and its weather."""

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
    Cut,
    Sheet,
    spread,
)


def ferry_dusk(sheet: Sheet) -> None:
    with sheet.cut(CLAY, lift=0) as cut:
        cut.box(0, 330, 1600, 700)
    with sheet.cut(SAND, lift=5) as cut:
        cut.waves(455, height=14, length=1500, shift=200)
    with sheet.cut(LAMP, lift=6) as cut:
        cut.disc(1180, 505, 120)
    parts.hills(sheet, 560, RUST, rise=150)
    parts.town(sheet, 600, NIGHT, tallest=150, lit=LAMP, across=820)
    parts.sea(sheet, 610, (SLATE, NIGHT))
    parts.ferry(sheet, 470, 790, 1.18)
    parts.sea(sheet, 800, ("#1c2a42",))
    with sheet.cut(INK, lift=9) as cut:
        cut.box(0, 905, 430, 100)
        for x in (60, 180, 300, 410):
            cut.box(x, 800, 26, 200)
    with sheet.cut(PAPER, lift=4) as cut:
        for x, y, span in ((990, 250, 90), (1100, 200, 60), (890, 180, 48)):
            parts.gull(cut, x, y, span)
    parts.glow(sheet, 190 * 1.18 + 470, 790 - 350 * 1.18, radius=95)


def cranes(sheet: Sheet) -> None:
    with sheet.cut(SAND, lift=5) as cut:
        cut.disc(420, 470, 190)
    parts.hills(sheet, 690, MIST, rise=120)
    for x, tall, colour in ((140, 420, SEA), (520, 500, SLATE), (960, 640, SIGNAL)):
        with sheet.cut(colour, lift=8) as cut:
            _crane(cut, x, 800, tall)
    with sheet.cut(INK, lift=2) as cut:
        cut.strip((1400, 226), (1400, 430), width=5)
        cut.strip((1400, 430), (1310, 482), width=4)
        cut.strip((1400, 430), (1490, 482), width=4)
    with sheet.cut(NIGHT, lift=10) as cut:
        cut.box(1286, 480, 228, 110)
    with sheet.cut(SEA, lift=0) as cut:
        for rib in spread(1304, 1488, 7):
            cut.box(rib, 494, 9, 82)
    parts.sea(sheet, 800, (SEA, NIGHT))
    with sheet.cut(PAPER, lift=3) as cut:
        parts.gull(cut, 1398, 466, 64)


def _crane(cut: Cut, x: float, y: float, tall: float) -> None:
    """A harbour crane on four legs, its arm to the right."""
    top = y - tall
    for leg in (0, 150):
        cut.strip((x + leg, y + 30), (x + 40 + leg * 0.47, top), width=16)
    for share in (0.25, 0.5, 0.75):
        cut.strip(
            (x + 40 * share, y - tall * share), (x + 150 - 40 * share, y - tall * share), width=10
        )
    cut.box(x + 10, top - 6, 130, 74)
    cut.shape((x - 130, top + 22), (x + 470, top + 56), (x + 470, top + 72), (x - 130, top + 62))
    cut.strip((x + 75, top - 130), (x + 75, top), width=14)
    cut.strip((x + 75, top - 126), (x + 465, top + 60), width=5)
    cut.strip((x + 75, top - 126), (x - 126, top + 40), width=5)


def fog(sheet: Sheet) -> None:
    tones = ("#c9cfc9", "#d3d7cf", "#dcded4", "#e5e5d9")
    with sheet.cut("#b9c2be", lift=3) as cut:
        cut.disc(1230, 290, 92)
    with sheet.cut(tones[0], lift=5) as cut:
        cut.waves(350, height=34, length=1100)
    with sheet.cut("#93a3a2", lift=3) as cut:
        cut.shape((420, 610), (1140, 610), (1100, 720), (490, 720))
        cut.box(540, 540, 480, 80)
        cut.box(600, 470, 290, 80)
        cut.box(760, 380, 60, 100)
        cut.strip((600, 300), (600, 540), width=6)
    parts.glow(sheet, 600, 320, radius=110)
    for i, tone in enumerate(tones[1:]):
        with sheet.cut(tone, lift=9) as cut:
            cut.waves(620 + 110 * i, height=26 - 5 * i, length=900 - 190 * i, shift=300 * i)
    with sheet.cut(SLATE, lift=6) as cut:
        for x, top in ((180, 640), (300, 700), (1380, 660)):
            cut.box(x, top, 34, 400)
        parts.gull(cut, 197, 628, 70)


def empty_boat(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=0) as cut:
        cut.waves(420, height=4, length=1600)
    with sheet.cut(MIST, lift=4) as cut:
        cut.waves(500, height=5, length=1400)
    parts.hills(sheet, 548, NIGHT, rise=70, bumps=6)
    parts.sea(sheet, 560, (SLATE, "#2c3d52"), height=6)
    with sheet.cut(INK, lift=9) as cut:
        cut.shape((600, 690), (1010, 690), (960, 762), (650, 762))
        cut.strip((710, 690), (710, 560), width=9)
    with sheet.cut(PAPER, lift=0) as cut:
        cut.shape((612, 704), (998, 704), (994, 712), (617, 712))
    parts.glow(sheet, 710, 556, radius=120)
    with sheet.cut(LAMP, lift=0, strength=0.5) as cut:
        for i, wide in enumerate((90, 130, 70, 110, 50)):
            cut.box(710 - wide / 2, 790 + 40 * i, wide, 7)


def storm(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=8) as cut:
        for x, y, r in ((180, 120, 210), (520, 70, 250), (900, 110, 230), (1330, 80, 290)):
            cut.disc(x, y, r, r * 0.72)
    with sheet.cut(INK, lift=9) as cut:
        for x, y, r in ((60, 20, 230), (420, -20, 230), (1110, -10, 250), (1560, 30, 220)):
            cut.disc(x, y, r, r * 0.66)
    parts.rain(sheet, count=200)
    for y, height, colour in ((600, 58, MIST), (690, 66, SEA)):
        with sheet.cut(colour, lift=10) as cut:
            cut.waves(y, height=height, length=620, shift=y)
    with sheet.cut(RUST, lift=8) as cut:
        cut.shape((700, 690), (1000, 610), (990, 720), (780, 770))
        cut.strip((830, 660), (770, 390), width=10)
    with sheet.cut(PAPER, lift=6) as cut:
        cut.shape((768, 410), (820, 630), (990, 585))
    for y, height, colour in ((800, 62, SLATE), (900, 50, NIGHT)):
        with sheet.cut(colour, lift=12) as cut:
            cut.waves(y, height=height, length=540, shift=y * 1.7)
    with sheet.cut(FOAM, lift=2) as cut:
        for crest in spread(150, 1450, 6):
            cut.disc(crest, 742 + 30 * sheet.chance.random(), 26, 7)


def lighthouse(sheet: Sheet) -> None:
    with sheet.cut(LAMP, lift=0, strength=0.3) as cut:
        cut.shape((1050, 262), (-40, 40), (-40, 470))
    with sheet.cut(LAMP, lift=0, strength=0.35) as cut:
        cut.shape((1050, 262), (-40, 150), (-40, 360))
    with sheet.cut(LAMP, lift=0, strength=0.25) as cut:
        cut.shape((1050, 262), (1640, 120), (1640, 390))
    with sheet.cut(PAPER, lift=0) as cut:
        for _ in range(46):
            cut.disc(sheet.chance.uniform(0, 1600), sheet.chance.uniform(0, 560), 2.6)
    parts.sea(sheet, 720, (SLATE, SEA))
    with sheet.cut(PAPER, lift=9) as cut:
        cut.shape((1000, 320), (1100, 320), (1138, 800), (962, 800))
    with sheet.cut(SIGNAL, lift=0) as cut:
        for top, half in ((400, 56), (560, 69), (710, 81)):
            cut.shape(
                (1050 - half, top), (1050 + half, top), (1050 + half + 6, top + 74),
                (1050 - half - 6, top + 74),
            )  # fmt: skip
    with sheet.cut(INK, lift=5) as cut:
        cut.box(976, 304, 148, 20)
        cut.box(1002, 226, 96, 80)
        cut.shape((990, 230), (1050, 170), (1110, 230))
        cut.box(1014, 236, 72, 62, out=True)
        cut.box(1032, 730, 36, 70)
    parts.glow(sheet, 1050, 266, radius=110)
    with sheet.cut(INK, lift=10) as cut:
        cut.shape((760, 1000), (820, 830), (930, 780), (1190, 776), (1310, 850), (1380, 1000))
    parts.sea(sheet, 905, (NIGHT,))


def gulls(sheet: Sheet) -> None:
    parts.sea(sheet, 560, (MIST, SEA, SLATE))
    with sheet.cut(RUST, lift=9) as cut:
        for x, top in ((150, 520), (480, 590), (830, 500), (1150, 610), (1430, 540)):
            cut.box(x, top, 64, 600)
    with sheet.cut(INK, lift=0) as cut:
        for x, top in ((150, 520), (480, 590), (830, 500), (1150, 610), (1430, 540)):
            cut.box(x - 5, top, 74, 16)
    with sheet.cut(PAPER, lift=7) as cut:
        for x, y in ((182, 470), (862, 450), (1462, 490)):
            cut.disc(x, y, 62, 34)
            cut.disc(x + 50, y - 38, 23)
        for x, y, span in ((560, 260, 190), (1080, 180, 140), (330, 150, 90)):
            parts.gull(cut, x, y, span)
    with sheet.cut(CLAY, lift=2) as cut:
        for x, y in ((182, 470), (862, 450), (1462, 490)):
            cut.shape((x + 68, y - 46), (x + 104, y - 36), (x + 68, y - 30))
            cut.box(x - 4, y + 30, 5, 22)
            cut.box(x + 12, y + 30, 5, 22)
    with sheet.cut(SLATE, lift=3) as cut:
        for x, y in ((182, 470), (862, 450), (1462, 490)):
            cut.shape((x - 90, y - 4), (x + 20, y - 24), (x + 10, y + 14))


def old_quay_stairs(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=6) as cut:
        cut.box(0, 0, 420, 1000)
    with sheet.cut(NIGHT, lift=8) as cut:
        cut.box(1230, 0, 400, 1000)
    tones = ("#8d9a98", "#7e8d8d", "#6f8083", "#617379", "#53666f", "#465a66", "#394d5c")
    for i, tone in enumerate(tones):
        with sheet.cut(tone, lift=8) as cut:
            cut.box(360 - 46 * i, 420 + 82 * i, 920 + 92 * i, 600)
    with sheet.cut(INK, lift=6) as cut:
        for x, y, tall in ((690, 505, 190), (930, 590, 205), (570, 760, 225)):
            parts.person(cut, x, y, tall)
    with sheet.cut(SIGNAL, lift=5) as cut:
        cut.shape((470, 560), (520, 496), (570, 476), (620, 496), (670, 560))
    with sheet.cut(INK, lift=0) as cut:
        cut.strip((570, 480), (570, 590), width=5)
    parts.lamp_post(sheet, 1170, 430, 250)
    parts.rain(sheet)


def newspaper_boat(sheet: Sheet) -> None:
    with sheet.cut(SAND, lift=5) as cut:
        cut.disc(1140, 420, 150)
    parts.hills(sheet, 520, MIST, rise=110)
    parts.sea(sheet, 540, (SEA,))
    with sheet.cut(PAPER, lift=10) as cut:  # a boat folded from the front page
        cut.shape((430, 620), (1170, 620), (1030, 800), (570, 800))
        cut.shape((800, 300), (640, 622), (960, 622))
    with sheet.cut(MIST, lift=0) as cut:
        cut.shape((800, 300), (800, 622), (960, 622))
        cut.shape((800, 640), (1170, 620), (1030, 800))
    with sheet.cut(INK, lift=0) as cut:
        for i, long in enumerate((190, 150, 176, 130, 160)):
            cut.box(560 + 14 * i, 656 + 26 * i, long, 8)
        for i in range(5):
            cut.box(740 - 14 * i, 440 + 32 * i, 40 + 14 * i, 7)
    parts.sea(sheet, 770, (SLATE, NIGHT))


def dockers(sheet: Sheet) -> None:
    with sheet.cut(SAND, lift=4) as cut:
        cut.box(0, 0, 1600, 300)
    parts.hills(sheet, 400, MIST, rise=90)
    parts.sea(sheet, 410, (SEA,))
    with sheet.cut(SLATE, lift=8) as cut:
        cut.box(0, 620, 1600, 400)
    crates = (
        (60, 430, CLAY),
        (270, 470, RUST),
        (90, 270, MOSS),
        (1240, 410, PINE),
        (1420, 470, CLAY),
    )
    for x, y, colour in crates:
        with sheet.cut(colour, lift=8) as cut:
            cut.box(x, y, 190, 640 - y if y > 400 else 160)
        with sheet.cut(INK, lift=0, strength=0.35) as cut:
            cut.strip((x + 12, y + 12), (x + 178, y + 148), width=7)
            cut.strip((x + 178, y + 12), (x + 12, y + 148), width=7)
    with sheet.cut(INK, lift=8) as cut:
        for x, tall in ((560, 400), (720, 420), (880, 390), (1060, 410)):
            parts.person(cut, x, 800, tall)
    with sheet.cut(SIGNAL, lift=2) as cut:
        for x, tall in ((560, 400), (880, 390)):
            cut.box(x - 40, 800 - tall * 0.81, 80, 26)
    with sheet.cut(PAPER, lift=6) as cut:  # the rope, held along its whole length
        points = [(x, 610 + 34 * ((x // 160) % 2)) for x in range(480, 1180, 40)]
        cut.strip(*points, width=13)
        cut.disc(480, 700, 92, 40)
        cut.disc(480, 700, 50, 20, out=True)
