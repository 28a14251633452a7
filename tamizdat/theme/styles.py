"""The style sheet of a page: the layers it names, minified, in one string."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import rcssmin
from django.utils.translation import get_language_bidi

FOLDER = Path(__file__).parent / "styles"


# The layer "story" styles paragraphs, headings and pictures; these need more.
_LAYERS_OF = {
    "call_out": {"rare"},
    "link": {"rare"},
    "list": {"rare"},
    "embed": {"shown"},
    "gallery": {"shown"},
    "imported": {"rare", "shown"},  # may hold anything
}


def layers_for(layers: tuple[str, ...], body: Iterable[Any]) -> tuple[str, ...]:
    """`layers` and, before the last, those that the language and the blocks of `body` ask for."""
    extra = sorted(set().union(*map(_layers_of, body)))
    if get_language_bidi():
        extra.append("rtl")
    return (*layers[:-1], *extra, layers[-1])


def _layers_of(block: Any) -> set[str]:
    if block.block_type == "quote":
        return {"rare"} if block.value["who"] else set()
    return _LAYERS_OF.get(block.block_type, set())


@cache
def style_of(layers: tuple[str, ...]) -> str:
    """The CSS of `layers`; a later one wins. Raises FileNotFoundError for one we do not have."""
    sheets = (f"@layer {name}{{{_sheet(name)}}}" for name in layers)
    return f"@layer {','.join(layers)};" + "".join(sheets)


def _sheet(name: str) -> str:
    return str(rcssmin.cssmin((FOLDER / f"{name}.css").read_text()))
