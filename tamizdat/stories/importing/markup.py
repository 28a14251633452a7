"""What markup may come in. Everything that reaches a story goes through one of these lists."""

import re
from collections import Counter
from collections.abc import Mapping, Set
from html import unescape

import nh3

_FORMS = {"b", "strong", "i", "em", "sup", "sub", "s", "del", "strike", "code", "a", "br"}
_SCHEMES = {"http", "https", "mailto", "tel"}

# The first pass only makes the markup well-formed and harmless; the walk reads its hints.
_STRUCTURE_NAMES = (
    "p div section article main header footer aside center span small big u ins kbd q cite abbr "
    "acronym var tt mark time address h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr table "
    "caption thead tbody tfoot tr th td figure figcaption img iframe embed video audio source "
    "details summary"
)
_STRUCTURE = _FORMS | set(_STRUCTURE_NAMES.split())
_HINTS: Mapping[str, Set[str]] = {
    "*": {"class", "id", "data-tz", "data-name", "data-value"},
    "a": {"href"},
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

# What an ImportedHTML block holds.
_KEPT_NAMES = (
    "p u ins kbd q cite abbr var mark small address h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote "
    "pre hr table caption thead tbody tfoot tr th td details summary"
)
_KEPT = _FORMS | set(_KEPT_NAMES.split())
_KEPT_ATTRIBUTES: Mapping[str, Set[str]] = {
    "*": {"id"},
    "a": {"href"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "reversed"},
}

_FORBIDDEN_WITH_CONTENT = {"script", "style", "template", "noscript", "title", "svg", "math"}
_SILENT = {"html", "head", "body", "meta", "link", "font", "col", "colgroup", "wbr", "picture"}
_RENAMED = {"strong": "b", "em": "i", "del": "s", "strike": "s"}
_FOOTNOTE = re.compile(r"(?:fn|footnote|_ftn|_edn|ref)[\w:.-]{0,60}|[0-9a-f-]{36}(?:-link)?")
_OPENED = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_DEEPEST = 100  # no one writes deeper; what recurses over markup stays far from its limits


def _keep_only_footnote_ids(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id" and not _FOOTNOTE.fullmatch(value):
        return None
    return value


_harmless = nh3.Cleaner(
    tags=_STRUCTURE,
    clean_content_tags=_FORBIDDEN_WITH_CONTENT,
    attributes={tag: set(names) for tag, names in _HINTS.items()},
    url_schemes=_SCHEMES,
    link_rel=None,
)
_inline = nh3.Cleaner(
    tags=_FORMS,
    clean_content_tags=_FORBIDDEN_WITH_CONTENT,
    attributes={"a": {"href"}},
    url_schemes=_SCHEMES,
    link_rel=None,
)
_kept = nh3.Cleaner(
    tags=_KEPT,
    clean_content_tags=_FORBIDDEN_WITH_CONTENT,
    attributes={tag: set(names) for tag, names in _KEPT_ATTRIBUTES.items()},
    attribute_filter=_keep_only_footnote_ids,
    url_schemes=_SCHEMES,
    link_rel=None,
)
_nothing = nh3.Cleaner(tags=set(), clean_content_tags=_FORBIDDEN_WITH_CONTENT)


def harmless(html: str) -> str:
    """Well-formed markup, classes and our hints still on it; plain text if absurdly deep."""
    cleaned: str = _harmless.clean(html)
    return cleaned if _depth(cleaned) <= _DEEPEST else _nothing.clean(html)


def inline(html: str) -> str:
    """What a paragraph may hold, in the elements that the desk's editor knows."""
    cleaned = _inline.clean(html)
    for old, new in _RENAMED.items():
        cleaned = cleaned.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    cleaned = re.sub(r"<a>(.*?)</a>", r"\1", cleaned, flags=re.DOTALL)
    return re.sub(r"^(\s|&nbsp;|<br>)+|(\s|&nbsp;|<br>)+$", "", cleaned).replace("<br>", "<br/>")


def kept(html: str) -> str:
    """What an ImportedHTML block may hold."""
    return _kept.clean(html).strip()


def plain(html: str) -> str:
    """The words alone, on one line."""
    return " ".join(unescape(_nothing.clean(html)).split())


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
