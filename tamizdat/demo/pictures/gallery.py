"""Every drawing by its name."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tamizdat.demo.pictures import portraits, table, town, water
from tamizdat.demo.pictures.paper import (
    CLAY,
    FOAM,
    MIST,
    NIGHT,
    PAPER,
    SAND,
    SEA,
    SLATE,
    Sheet,
)

EMBER = "#a85f4c"

# A drawing and the paper it is laid on.
DRAWINGS: dict[str, tuple[Callable[[Sheet], None], str]] = {
    "ferry-dusk": (water.ferry_dusk, EMBER),
    "cranes": (water.cranes, PAPER),
    "fog": (water.fog, MIST),
    "empty-boat": (water.empty_boat, "#2c3d52"),
    "storm": (water.storm, "#71838a"),
    "lighthouse": (water.lighthouse, NIGHT),
    "gulls": (water.gulls, PAPER),
    "old-quay-stairs": (water.old_quay_stairs, MIST),
    "newspaper-boat": (water.newspaper_boat, FOAM),
    "dockers": (water.dockers, PAPER),
    "two-lamps": (town.two_lamps, SLATE),
    "court-at-night": (town.court_at_night, NIGHT),
    "umbrellas": (town.umbrellas, MIST),
    "lamplighter": (town.lamplighter, CLAY),
    "choir": (town.choir, SAND),
    "windows": (town.windows, CLAY),
    "kites": (town.kites, "#8fb0b3"),
    "press": (town.press, MIST),
    "ledger-lemons": (table.ledger_lemons, SEA),
    "tide-table": (table.tide_table, SLATE),
    "bread": (table.bread, FOAM),
    "map": (table.map_with_hole, SAND),
    "envelopes": (table.envelopes, NIGHT),
    "kitchen": (table.kitchen, SAND),
    "coins": (table.coins, MIST),
    "pawnshop": (table.pawnshop, FOAM),
    "radio": (table.radio, EMBER),
    "photo-studio": (table.photo_studio, SAND),
}
PORTRAITS = [f"portrait-{name}" for name in portraits.CLOTHES]
NAMES = [*DRAWINGS, *PORTRAITS]


def draw(name: str) -> bytes:
    """The JPEG of one drawing; the same bytes each time."""
    if name in DRAWINGS:
        artist, ground = DRAWINGS[name]
        sheet = Sheet(name, ground)
        artist(sheet)
    else:
        sheet = portraits.portrait(name.removeprefix("portrait-"))
    return sheet.jpeg()


def drawn(names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """These drawings, made on every core."""
    if names:
        # Started afresh, not forked: a database connection must not be shared.
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            yield from zip(names, pool.map(draw, names), strict=True)
