"""The style sheet of a page: the layers it names, minified, in one string."""

from functools import cache
from pathlib import Path

import rcssmin

FOLDER = Path(__file__).parent / "styles"


@cache
def style_of(layers: tuple[str, ...]) -> str:
    """The CSS of `layers`; a later one wins. Raises FileNotFoundError for one we do not have."""
    sheets = (f"@layer {name}{{{_sheet(name)}}}" for name in layers)
    return f"@layer {','.join(layers)};" + "".join(sheets)


def _sheet(name: str) -> str:
    return str(rcssmin.cssmin((FOLDER / f"{name}.css").read_text()))
