"""What markup may come in. All that reaches a story goes through a list here or in `sanitising`."""

import re
from collections import Counter
from collections.abc import Mapping, Set
from html import unescape
from typing import Any

import nh3
from lxml import html as lxml_html

from tamizdat.stories.sanitising import FORBIDDEN_WITH_CONTENT, FORMS, SCHEMES

# The first pass only makes the markup well-formed and harmless; the walk reads its hints.
_STRUCTURE_NAMES = (
    "p div section article main header footer aside center span small big u ins kbd q cite abbr "
    "acronym var tt mark time address h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr table "
    "caption thead tbody tfoot tr th td figure figcaption img iframe embed video audio source "
    "details summary"
)
_STRUCTURE = FORMS | set(_STRUCTURE_NAMES.split())
_HINTS: Mapping[str, Set[str]] = {
    "*": {"class", "id", "dir", "hidden", "style", "data-tz", "data-name", "data-value"},
    "a": {"href", "name"},
    "abbr": {"title"},
    "acronym": {"title"},
    "img": {"src", "alt"},
    "iframe": {"src", "title"},
    "embed": {"src"},
    "video": {"src"},
    "audio": {"src"},
    "source": {"src"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "reversed"},
}

_SILENT = {"html", "head", "body", "meta", "link", "font", "col", "colgroup", "wbr", "picture"}
_RENAMED = {"strong": "b", "em": "i", "del": "s", "strike": "s"}
_OPENED = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_SPECIAL = re.compile("[<>&\\xa0\\x00-\\x08\\x0b-\\x1f]")  # without these, text is only text
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAY_HIDE = re.compile(rf"{_HIDING.pattern}|<[^>]*\shidden\b", re.IGNORECASE)
_DEEPEST = 100  # no one writes deeper; what recurses over markup stays far from its limits


_harmless = nh3.Cleaner(
    tags=_STRUCTURE,
    clean_content_tags=FORBIDDEN_WITH_CONTENT,
    attributes={tag: set(names) for tag, names in _HINTS.items()},
    url_schemes=SCHEMES,
    link_rel=None,
)
_inline = nh3.Cleaner(
    tags=FORMS,
    clean_content_tags=FORBIDDEN_WITH_CONTENT,
    attributes={"a": {"href"}},
    url_schemes=SCHEMES,
    link_rel=None,
)
_nothing = nh3.Cleaner(tags=set(), clean_content_tags=FORBIDDEN_WITH_CONTENT)


def harmless(html: str) -> str:
    """Well-formed markup, classes and our hints still on it; plain text if absurdly deep."""
    cleaned: str = _harmless.clean(html)
    return cleaned if _depth(cleaned) <= _DEEPEST else _nothing.clean(html)


def inline(html: str) -> str:
    """What a paragraph may hold, in the elements that the desk's editor knows."""
    if not _SPECIAL.search(html):
        return html.strip()
    cleaned = _inline.clean(html)
    for old, new in _RENAMED.items():
        cleaned = cleaned.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    cleaned = re.sub(r"<a>(.*?)</a>", r"\1", cleaned, flags=re.DOTALL)
    return re.sub(r"^(\s|&nbsp;|<br>)+|(\s|&nbsp;|<br>)+$", "", cleaned).replace("<br>", "<br/>")


def plain(html: str) -> str:
    """The words alone, on one line."""
    if not _SPECIAL.search(html):
        return " ".join(html.split())
    return " ".join(unescape(_nothing.clean(visible(html))).split())


def visible(html: str) -> str:
    """The same without what readers were not to see."""
    if not _MAY_HIDE.search(html):
        return html
    tree = lxml_html.fragment_fromstring(_harmless.clean(html), create_parent="div")
    drop_hidden(tree)
    return str(lxml_html.tostring(tree, encoding="unicode"))


def drop_hidden(tree: Any) -> list[str]:
    """Take out of a tree what hides itself; the words that went, or the element's name."""
    gone = []
    for node in [each for each in tree.iter() if each is not tree and _hides(each)]:
        if any(above is tree for above in node.iterancestors()):  # else it went with another
            gone.append(" ".join("".join(node.itertext()).split()) or str(node.tag))
            node.drop_tree()
    return gone


def _hides(node: Any) -> bool:
    return node.get("hidden") is not None or bool(_HIDING.search(node.get("style", "")))


def dropped_elements(html: str) -> Counter[str]:
    """Which elements the first pass takes out, leaving aside those that never showed anything."""
    opened = Counter(match[1].lower() for match in _OPENED.finditer(html))
    for tag in [*opened]:
        if tag in _STRUCTURE or tag in _SILENT:
            del opened[tag]
    return opened


def _depth(html: str) -> int:
    """How deep the elements of well-formed markup are nested."""
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)([a-z][a-z0-9]*)", html):
        if tag[2] not in ("br", "img", "hr", "embed", "source"):
            depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest
