"""The HTML that a story may hold as it is; all else is taken out."""

import re
from collections.abc import Mapping, Set

import nh3

FORMS = {"b", "strong", "i", "em", "sup", "sub", "s", "del", "strike", "code", "a", "br"}
SCHEMES = {"http", "https", "mailto", "tel"}
FORBIDDEN_WITH_CONTENT = {"script", "style", "template", "noscript", "title", "svg", "math"}

_NAMES = (
    "p u ins kbd q cite abbr var mark small address h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote "
    "pre hr table caption thead tbody tfoot tr th td details summary"
)
_ATTRIBUTES: Mapping[str, Set[str]] = {
    "*": {"id"},
    "a": {"href"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "reversed"},
}
_FOOTNOTE = re.compile(r"(?:fn|footnote|_ftn|_edn|ref)[\w:.-]{0,60}|[0-9a-f-]{36}(?:-link)?")


def _keep_only_footnote_ids(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id" and not _FOOTNOTE.fullmatch(value):
        return None
    return value


_kept = nh3.Cleaner(
    tags=FORMS | set(_NAMES.split()),
    clean_content_tags=FORBIDDEN_WITH_CONTENT,
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    attribute_filter=_keep_only_footnote_ids,
    url_schemes=SCHEMES,
    link_rel=None,
)


def kept(html: str) -> str:
    """What an ImportedHTML block may hold."""
    return _kept.clean(html).strip()
