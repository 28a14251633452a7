"""The style sheet of a page: the layers it names, minified, in one string."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import rcssmin
from django.utils.translation import get_language_bidi

FOLDER = Path(__file__).parent / "styles"


_COMMON_BLOCKS = {"paragraph", "heading", "picture"}  # the others need the layer "rare"


def layers_for(layers: tuple[str, ...], body: Iterable[Any]) -> tuple[str, ...]:
    """`layers` and, before the last, those that the language and the blocks of `body` ask for."""
    extra = ["rare"] if any(_is_rare(block) for block in body) else []
    if get_language_bidi():
        extra.append("rtl")
    return (*layers[:-1], *extra, layers[-1])


def _is_rare(block: Any) -> bool:
    if block.block_type == "quote":
        return bool(block.value["who"])
    return block.block_type not in _COMMON_BLOCKS


@cache
def style_of(layers: tuple[str, ...]) -> str:
    """The CSS of `layers`; a later one wins. Raises FileNotFoundError for one we do not have."""
    sheets = (f"@layer {name}{{{_sheet(name)}}}" for name in layers)
    return f"@layer {','.join(layers)};" + "".join(sheets)


def _sheet(name: str) -> str:
    return str(rcssmin.cssmin((FOLDER / f"{name}.css").read_text()))
