"""The style sheet of a page: the layers it names, minified, in one string."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import rcssmin
from django.utils.translation import get_language_bidi

FOLDER = Path(__file__).parent / "styles"

_ROOT = re.compile(r":root\{[^}]*\}")
_DARK = re.compile(r"@media\(prefers-color-scheme:dark\)\{.*?\}\}")
_REM_OR_QUERY = re.compile(r"@media[^{]*\{|(-?[\d.]+)rem\b")  # a query has no variables

# The layer "story" styles paragraphs, headings and pictures; these need more.
_LAYERS_OF = {
    "call_out": {"lists", "rare"},
    "link": {"rare"},
    "list": {"lists"},
    "embed": {"shown"},
    "gallery": {"shown"},
    "imported": {"lists", "rare", "shown"},  # may hold anything
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


@cache
def style_elsewhere() -> str:
    """The CSS of an ask and a banner on a page that we did not bake, in a shadow.

    That page may have made a rem any length, so `--rem` is its length here; and we do not know
    whether it is dark when the reader's other pages are.
    """
    css = style_of(("base", "choices", "ask", "banner"))
    css += f"@layer rtl{{{_ROOT.findall(_sheet('rtl'))[0]}}}".replace(":root", ":host([dir=rtl])")
    css = _DARK.sub("", css).replace(":root", ":host") + style_of(("elsewhere",))
    return _REM_OR_QUERY.sub(_in_our_rem, css)


def _in_our_rem(found: re.Match[str]) -> str:
    return f"calc({found[1]}*var(--rem))" if found[1] else found[0]


def _sheet(name: str) -> str:
    return str(rcssmin.cssmin((FOLDER / f"{name}.css").read_text()))
