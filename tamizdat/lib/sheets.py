"""Pages of paper: a PDF made in memory, in any language that our two fonts have letters for.

Set by Typst, a program in a wheel: it shapes and mirrors what is written from right to left, and
needs no network, no library of the system and no file but the template beside this one.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import typst

_FONTS = ("fontpkg_noto_serif", "fontpkg_noto_sans_arabic")


@dataclass(frozen=True)
class Sheet:
    """What stands on it, in order. Plain words: nothing in them is taken for a command."""

    title: str
    language: str
    is_rtl: bool
    head: str = ""  # who issues it, above the title
    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[str] = ()  # of a table; the last is of figures
    rows: Sequence[Sequence[str]] = ()
    sums: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


def as_pdf(sheet: Sheet) -> bytes:
    """The same for the same sheet, whenever and wherever it is made: there is no time in it."""
    here = Path(__file__).parent
    return typst.compile(
        here / "sheet.typ",
        root=here,
        font_paths=[Path(str(files(font))) / "files" for font in _FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": json.dumps(asdict(sheet))},
    )
