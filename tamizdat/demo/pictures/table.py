"""Drawings of things on a table."""

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


def ledger_lemons(sheet: Sheet) -> None:
    with sheet.cut(CLAY, lift=6) as cut:
        cut.box(0, 560, 1600, 500)
    with sheet.cut(RUST, lift=0) as cut:
        for y in (690, 850):
            cut.box(0, y, 1600, 6)
    with sheet.cut(INK, lift=16) as cut:
        cut.shape((330, 690), (1230, 660), (1330, 880), (270, 910))
    with sheet.cut(PAPER, lift=4) as cut:
        cut.shape((352, 676), (1210, 648), (1296, 846), (308, 880))
    with sheet.cut(SIGNAL, lift=6) as cut:
        cut.shape((350, 640), (1210, 612), (1300, 812), (300, 846))
    with sheet.cut(PAPER, lift=3) as cut:
        cut.shape((600, 720), (980, 706), (1004, 772), (590, 788))
    with sheet.cut(INK, lift=0) as cut:
        cut.shape((640, 742), (940, 730), (944, 740), (642, 752))
        cut.shape((690, 762), (900, 753), (902, 760), (691, 769))
    _lemons(sheet)
    with sheet.cut(SLATE, lift=12) as cut:
        cut.shape((540, 470), (1110, 470), (1010, 650), (900, 684), (750, 688), (640, 656))
    with sheet.cut(FOAM, lift=0) as cut:
        cut.shape((556, 500), (1096, 500), (1088, 518), (566, 518))


def _lemons(sheet: Sheet) -> None:
    for x, y in ((690, 420), (830, 380), (960, 430), (760, 460), (900, 465)):
        with sheet.cut(LAMP, lift=7) as cut:
            cut.disc(x, y, 84, 66)
            cut.shape((x + 70, y - 16), (x + 104, y), (x + 70, y + 16))
        with sheet.cut(PAPER, lift=0, strength=0.5) as cut:
            cut.disc(x - 28, y - 26, 20, 11)
    with sheet.cut(PINE, lift=5) as cut:
        cut.disc(590, 390, 62, 22)
        cut.disc(1040, 380, 54, 20)


def tide_table(sheet: Sheet) -> None:
    with sheet.cut(PAPER, lift=12) as cut:
        cut.box(130, 110, 1340, 780)
    with sheet.cut(LAMP, lift=6) as cut:
        cut.disc(1170, 320, 130)
    with sheet.cut(PAPER, lift=0) as cut:
        cut.disc(1226, 290, 112)
    with sheet.cut(MIST, lift=0, strength=0.7) as cut:
        for x in spread(200, 1400, 13):
            cut.box(x, 150, 3, 700)
        for y in spread(190, 810, 8):
            cut.box(180, y, 1240, 3)
    for level, height, colour in ((470, 120, MIST), (560, 90, SEA), (660, 60, NIGHT)):
        with sheet.cut(colour, lift=7) as cut:
            edge = [
                (x, level + height * math.sin((x + level) / 290 * math.pi))
                for x in range(180, 1421, 10)
            ]
            cut.shape(*edge, (1420, 850), (180, 850))
    with sheet.cut(SIGNAL, lift=4) as cut:
        cut.disc(770, 360, 16)
        cut.strip((770, 200), (770, 850), width=4)


def bread(sheet: Sheet) -> None:
    with sheet.cut(RUST, lift=9) as cut:
        cut.box(0, 430, 1600, 44)
        cut.box(0, 850, 1600, 60)
    for y, first in ((430, 120), (850, 60)):
        for i, x in enumerate(spread(first, first + 1180, 4)):
            with sheet.cut((CLAY, SAND)[(i + y) % 2], lift=10) as cut:
                cut.disc(x + 130, y - 96, 170, 104)
                cut.box(x - 30, y - 90, 320, 92)
            with sheet.cut(PAPER, lift=0, strength=0.6) as cut:
                for cutting in (40, 120, 200):
                    cut.strip((x + cutting, y - 140), (x + cutting + 44, y - 90), width=12)
    with sheet.cut(PAPER, lift=8) as cut:
        cut.shape((680, 480), (920, 476), (926, 610), (686, 616))
    with sheet.cut(SIGNAL, lift=0) as cut:
        cut.shape((770, 506), (796, 506), (760, 566), (846, 566), (846, 584), (736, 584))
        cut.box(808, 530, 18, 70)


def map_with_hole(sheet: Sheet) -> None:
    with sheet.cut(SEA, lift=12) as cut:
        cut.box(140, 110, 1320, 780)
    for grow, colour in ((1.0, MIST), (0.8, FOAM), (0.62, MOSS)):
        with sheet.cut(colour, lift=5) as cut:
            cut.shape(*_coast(240, 260, 310 * grow))
            cut.shape(*_coast(1330, 760, 330 * grow))
    with sheet.cut(SAND, lift=8) as cut:
        cut.box(0, 0, 1600, 1000)
        cut.box(140, 110, 1320, 780, out=True)
    with sheet.cut(FOAM, lift=0, strength=0.5) as cut:
        for x in spread(140, 1460, 9):
            cut.box(x, 110, 2.5, 780)
        for y in spread(110, 890, 6):
            cut.box(140, y, 1320, 2.5)
    with sheet.cut(PAPER, lift=0) as cut:
        cut.disc(850, 440, 112, 74)
    with sheet.cut(PINE, lift=5) as cut:  # what the class has put behind it
        cut.disc(850, 446, 78, 44)
    with sheet.cut(SIGNAL, lift=2) as cut:
        for x in (815, 846, 880):
            cut.box(x, 408, 14, 34)
    with sheet.cut(RUST, lift=10) as cut:
        cut.box(110, 84, 1380, 40)
        cut.box(110, 880, 1380, 40)
    with sheet.cut(SIGNAL, lift=0) as cut:
        for i in range(13):
            cut.box(560 + 40 * i, 640 - 22 * i, 22, 8)


def _coast(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    return [
        (
            x + radius * (1 + 0.16 * math.sin(3 * a + x) + 0.09 * math.sin(7 * a)) * math.cos(a),
            y + radius * (1 + 0.16 * math.sin(3 * a + x) + 0.09 * math.sin(7 * a)) * math.sin(a),
        )
        for a in spread(0, math.tau, 90)
    ]


def envelopes(sheet: Sheet) -> None:
    places = ((190, 130, -0.16, FOAM), (760, 70, 0.1, SAND), (1040, 420, -0.2, MIST),
              (140, 520, 0.14, CLAY), (580, 400, -0.05, PAPER))  # fmt: skip
    for x, y, turn, colour in places:
        corners = [_turned(x + 240, y + 160, dx, dy, turn) for dx, dy in
                   ((-250, -160), (250, -160), (250, 160), (-250, 160))]  # fmt: skip
        middle = _turned(x + 240, y + 160, 0, 24, turn)
        with sheet.cut(colour, lift=16) as cut:
            cut.shape(*corners)
        with sheet.cut(INK, lift=0, strength=0.13) as cut:
            cut.shape(corners[0], corners[1], middle)
        with sheet.cut(INK, lift=0, strength=0.4) as cut:
            cut.strip(corners[0], middle, corners[1], width=4)
    with sheet.cut(SIGNAL, lift=5) as cut:
        cut.disc(822, 586, 46)
    with sheet.cut(INK, lift=0, strength=0.6) as cut:
        cut.disc(822, 586, 22)
        cut.disc(822, 586, 15, out=True)


def _turned(x: float, y: float, dx: float, dy: float, turn: float) -> tuple[float, float]:
    cos, sin = math.cos(turn), math.sin(turn)
    return x + dx * cos - dy * sin, y + dx * sin + dy * cos


def kitchen(sheet: Sheet) -> None:
    with sheet.cut(NIGHT, lift=8) as cut:
        cut.box(980, 90, 460, 440)
    with sheet.cut(LAMP, lift=0) as cut:
        cut.disc(1300, 200, 44)
    with sheet.cut(PAPER, lift=5) as cut:
        cut.box(1200, 90, 18, 440)
        cut.box(980, 300, 460, 16)
        cut.box(950, 530, 520, 26)
    with sheet.cut(INK, lift=8) as cut:
        cut.box(0, 810, 1600, 220)
    with sheet.cut(SIGNAL, lift=14) as cut:
        cut.shape((310, 520), (850, 520), (820, 800), (340, 800))
        cut.box(250, 556, 660, 40)
    with sheet.cut(SLATE, lift=6) as cut:
        cut.box(290, 484, 580, 44)
        cut.disc(580, 474, 34)
    with sheet.cut(FOAM, lift=4, strength=0.75) as cut:
        for x in (440, 580, 720):
            for i in range(6):
                cut.disc(x + 26 * math.sin(i * 1.5 + x), 430 - 56 * i, 34 - 4 * i, 30)
    with sheet.cut(CLAY, lift=9) as cut:
        cut.disc(1150, 800, 150, 44)
    with sheet.cut(MOSS, lift=6) as cut:
        for x in (1080, 1150, 1220):
            cut.disc(x, 764, 46)
    with sheet.cut(LAMP, lift=0) as cut:
        for flame in spread(400, 760, 7):
            cut.shape((flame - 15, 836), (flame, 808), (flame + 15, 836))


def coins(sheet: Sheet) -> None:
    with sheet.cut(PINE, lift=8) as cut:
        cut.box(0, 760, 1600, 300)
    for x, count in ((330, 6), (620, 11), (910, 3), (1200, 16)):
        for i in range(count):
            y = 800 - 36 * i
            with sheet.cut((LAMP, SAND, CLAY)[(i + count) % 3], lift=3) as cut:
                lean = 5 * math.sin(i * 2.1 + x)
                cut.disc(x + lean, y + 18, 112, 36)
                cut.box(x - 112 + lean, y, 224, 18)
                cut.disc(x + lean, y, 112, 36)
        with sheet.cut(PAPER, lift=0, strength=0.45) as cut:
            lean = 5 * math.sin((count - 1) * 2.1 + x)
            cut.disc(x + lean, 800 - 36 * (count - 1), 84, 25)
    with sheet.cut(SIGNAL, lift=6) as cut:
        cut.strip((250, 500), (560, 330), (870, 560), (1300, 120), width=12)
        cut.shape((1270, 100), (1360, 62), (1336, 156))


def pawnshop(sheet: Sheet) -> None:
    with sheet.cut(RUST, lift=10) as cut:
        for y in (470, 880):
            cut.box(60, y, 1480, 46)
    _clock(sheet)
    _violin(sheet)
    _sewing_machine(sheet)
    _lower_shelf(sheet)


def _clock(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=9) as cut:
        cut.shape((140, 470), (200, 210), (300, 150), (400, 210), (460, 470))
    with sheet.cut(PAPER, lift=3) as cut:
        cut.disc(300, 310, 92)
    with sheet.cut(INK, lift=0) as cut:
        cut.strip((300, 310), (300, 244), width=8)
        cut.strip((300, 310), (350, 334), width=8)


def _violin(sheet: Sheet) -> None:
    with sheet.cut(CLAY, lift=10) as cut:
        cut.disc(800, 390, 86, 78)
        cut.disc(800, 270, 66, 62)
        cut.box(752, 280, 96, 90)
        for side in (-1, 1):
            cut.disc(800 + side * 92, 326, 30, 34, out=True)
    with sheet.cut(INK, lift=4) as cut:
        cut.box(789, 80, 22, 260)
        cut.disc(800, 74, 22)


def _sewing_machine(sheet: Sheet) -> None:
    with sheet.cut(NIGHT, lift=9) as cut:
        cut.box(1090, 430, 370, 40)
        cut.box(1380, 270, 66, 180)
        cut.box(1120, 250, 320, 66)
        cut.box(1120, 290, 62, 100)
    with sheet.cut(LAMP, lift=3) as cut:
        cut.disc(1448, 300, 44)
        cut.box(1146, 390, 10, 44)


def _lower_shelf(sheet: Sheet) -> None:
    with sheet.cut(MIST, lift=9) as cut:  # cups, a vase
        for x in (170, 330):
            cut.shape((x, 740), (x + 120, 740), (x + 100, 880), (x + 20, 880))
            cut.disc(x + 126, 800, 34)
            cut.disc(x + 126, 800, 18, out=True)
    with sheet.cut(SIGNAL, lift=9) as cut:
        cut.disc(680, 800, 90, 84)
        cut.box(648, 640, 64, 110)
        cut.disc(680, 640, 52, 14)
    with sheet.cut(SAND, lift=6) as cut:  # a key with its ticket
        cut.disc(960, 800, 46)
        cut.disc(960, 800, 24, out=True)
        cut.box(1000, 790, 190, 20)
        cut.box(1140, 808, 18, 40)
        cut.box(1170, 808, 18, 30)
    with sheet.cut(PAPER, lift=6) as cut:
        cut.shape((1260, 700), (1430, 690), (1440, 840), (1270, 850))
        cut.disc(1350, 720, 9, out=True)


def radio(sheet: Sheet) -> None:
    for radius, colour in ((640, "#b5694c"), (500, CLAY), (360, SAND)):
        with sheet.cut(colour, lift=8) as cut:
            cut.disc(800, 460, radius)
    with sheet.cut(INK, lift=9) as cut:
        cut.box(0, 830, 1600, 200)
    with sheet.cut(RUST, lift=14) as cut:
        cut.box(430, 380, 740, 460)
        cut.disc(800, 390, 370, 130)
    with sheet.cut(PAPER, lift=4) as cut:
        cut.disc(640, 590, 150)
        cut.box(860, 480, 240, 110)
    with sheet.cut(INK, lift=0) as cut:
        for y in spread(470, 710, 9):
            half = math.sqrt(max(150**2 - (y - 590) ** 2, 0)) - 14
            cut.box(640 - half, y - 6, 2 * half, 12)
        for x in spread(880, 1080, 11):
            cut.box(x, 500, 4, 44)
        cut.disc(920, 700, 50)
        cut.disc(1050, 700, 50)
    with sheet.cut(SIGNAL, lift=2) as cut:
        cut.box(1010, 490, 7, 90)
    with sheet.cut(PAPER, lift=0) as cut:
        cut.strip((920, 700), (948, 668), width=8)
        cut.strip((1050, 700), (1010, 690), width=8)
    with sheet.cut(INK, lift=4) as cut:
        cut.strip((1090, 330), (1290, 60), width=8)


def photo_studio(sheet: Sheet) -> None:
    with sheet.cut(SLATE, lift=8) as cut:
        cut.shape((120, 90), (900, 90), (930, 860), (90, 860))
    with sheet.cut(FOAM, lift=0, strength=0.2) as cut:
        cut.shape((260, 90), (560, 90), (600, 860), (230, 860))
    with sheet.cut(RUST, lift=8) as cut:
        cut.box(0, 850, 1600, 200)
    with sheet.cut(SIGNAL, lift=9) as cut:  # the chair
        cut.disc(500, 650, 130, 30)
    with sheet.cut(INK, lift=6) as cut:
        for x in (420, 500, 580):
            cut.strip((500 + (x - 500) * 0.5, 660), (x, 880), width=16)
    with sheet.cut(INK, lift=10) as cut:  # the camera
        cut.box(1120, 330, 260, 220)
        for x in (1080, 1250, 1420):
            cut.strip((1250, 540), (x, 910), width=18)
    with sheet.cut(CLAY, lift=5) as cut:
        cut.shape((1040, 370), (1130, 350), (1130, 530), (1040, 510))
    with sheet.cut(PAPER, lift=2) as cut:
        cut.disc(1040, 440, 26, 64)
    with sheet.cut(NIGHT, lift=9) as cut:  # the cloth
        cut.shape((1330, 300), (1480, 330), (1540, 640), (1500, 700), (1400, 690), (1330, 560))
    parts.lamp_post(sheet, 200, 870, 560)
