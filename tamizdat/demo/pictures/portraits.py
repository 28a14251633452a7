"""The people who sign: silhouettes, since some of them have families in the city."""

from tamizdat.demo.pictures.paper import (
    CLAY,
    FOAM,
    INK,
    LAMP,
    MIST,
    MOSS,
    NIGHT,
    PINE,
    RUST,
    SAND,
    SEA,
    SIGNAL,
    SLATE,
    Cut,
    Sheet,
)

SIZE = (1000, 1000)
CLOTHES = {
    "ana-verev": (SAND, SIGNAL),
    "beso-tamm": (MIST, NIGHT),
    "ilka-moren": (CLAY, PINE),
    "teodor-lusk": (SEA, RUST),
    "samira-dovan": (FOAM, SLATE),
    "pell-orrin": (LAMP, INK),
    "mirel-kost": (MOSS, CLAY),
    "night-desk": (NIGHT, SLATE),
}


def portrait(name: str) -> Sheet:
    ground, coat = CLOTHES[name]
    sheet = Sheet(name, ground, SIZE)
    with sheet.cut(FOAM if ground != FOAM else SAND, lift=6) as cut:
        cut.disc(500, 470, 370)
    if name == "night-desk":
        _lamp(sheet)
        return sheet
    with sheet.cut(INK, lift=12) as cut:
        _head(cut)
        _HAIR[name](cut)
    with sheet.cut(coat, lift=12) as cut:
        cut.shape(
            (120, 1000), (170, 850), (300, 780), (420, 742), (500, 800), (590, 742), (720, 790),
            (840, 860), (890, 1000),
        )  # fmt: skip
    with sheet.cut(ground, lift=3) as cut:
        cut.shape((420, 742), (500, 800), (590, 742), (560, 900), (500, 960), (445, 890))
    return sheet


def _head(cut: Cut) -> None:
    """A face turned to the right, and its neck."""
    cut.disc(480, 430, 165, 190)
    cut.shape((560, 300), (628, 370), (640, 430), (690, 500), (648, 516), (652, 548), (636, 566),
              (642, 592), (600, 640), (520, 630), (480, 420))  # fmt: skip
    cut.shape((400, 560), (560, 600), (580, 790), (390, 790))


def _bun(cut: Cut) -> None:
    cut.disc(440, 370, 190, 170)
    cut.disc(262, 300, 82)


def _short(cut: Cut) -> None:
    cut.disc(450, 340, 180, 120)
    cut.shape((600, 540), (650, 540), (650, 660), (560, 680), (480, 600))  # a beard


def _long(cut: Cut) -> None:
    cut.disc(440, 390, 200, 190)
    cut.shape((250, 380), (450, 380), (430, 800), (230, 790))


def _cap(cut: Cut) -> None:
    cut.disc(460, 310, 200, 100)
    cut.shape((600, 300), (760, 340), (740, 368), (560, 360))
    cut.shape((590, 530), (652, 530), (680, 640), (600, 700), (470, 600))


def _scarf(cut: Cut) -> None:
    cut.disc(440, 400, 220, 220)
    cut.shape((230, 420), (430, 440), (520, 780), (220, 800))


def _curls(cut: Cut) -> None:
    for x, y in ((320, 300), (390, 240), (480, 220), (560, 260), (290, 390), (310, 480)):
        cut.disc(x, y, 88)


def _hat(cut: Cut) -> None:
    cut.disc(470, 290, 290, 46)
    cut.shape((330, 290), (350, 130), (590, 130), (610, 290))
    cut.disc(400, 400, 120, 150)
    cut.shape((290, 380), (440, 380), (420, 690), (280, 670))


_HAIR = {
    "ana-verev": _bun,
    "beso-tamm": _short,
    "ilka-moren": _long,
    "teodor-lusk": _cap,
    "samira-dovan": _scarf,
    "pell-orrin": _curls,
    "mirel-kost": _hat,
}


def _lamp(sheet: Sheet) -> None:
    """The night desk has no face: it is whoever is awake."""
    with sheet.cut(INK, lift=10) as cut:
        cut.box(470, 470, 22, 330)
        cut.disc(481, 810, 150, 36)
        cut.shape((300, 480), (662, 480), (570, 290), (392, 290))
    with sheet.cut(LAMP, lift=0, strength=0.55) as cut:
        cut.shape((300, 482), (662, 482), (860, 800), (110, 800))
    with sheet.cut(LAMP, lift=3) as cut:
        cut.disc(481, 486, 46)
    with sheet.cut(SLATE, lift=8) as cut:
        cut.box(0, 800, 1000, 200)
