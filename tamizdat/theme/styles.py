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


def layers_for(layers: tuple[str, ...], extra: Iterable[str]) -> tuple[str, ...]:
    """`layers` and, before the last, `extra` ones and those that the language asks for."""
    rtl = ("rtl",) if get_language_bidi() else ()
    return (*layers[:-1], *extra, *rtl, layers[-1])


def layers_of(kind: str, value: Any) -> set[str]:
    """The layers that a block of this kind needs."""
    if kind == "quote":
        return {"rare"} if value["who"] else set()
    return _LAYERS_OF.get(kind, set())


@cache
def style_of(layers: tuple[str, ...]) -> str:
    """The CSS of `layers`; a later one wins. Raises FileNotFoundError for one we do not have."""
    return "".join(f"@layer {name}{{{_sheet(name)}}}" for name in layers)


def _sheet(name: str) -> str:
    return str(rcssmin.cssmin((FOLDER / f"{name}.css").read_text()))
