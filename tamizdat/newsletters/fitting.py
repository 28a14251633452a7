"""The HTML of a story as a mail may hold it, and as plain text.

Nothing that a mail program would load: where a picture stood, what it shows is said. No address
but those that the story itself names.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import lxml.html
import nh3
from django.utils.html import escape
from django.utils.translation import gettext as _

_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "del",
        "div",
        "em",
        "figcaption",
    ),
    *("figure", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "s", "strong", "sub", "sup"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "*": {"dir", "lang"},
}
_SILENT = {"iframe", "noscript", "object", "script", "style", "svg", "template", "video", "audio"}
_ROOMY = {"p", "div", "figure", "blockquote", "ul", "ol", "table", "pre", "aside", "section"}
_ROOMY |= {"h2", "h3", "h4", "h5", "h6", "hr", "article"}
_OWN_LINE = {"li", "tr", "tbody", "figcaption", "dt", "dd"}
_WHITE = re.compile(r"[ \t\r\n\f]+")


def for_mail(source: str) -> str:
    """Of a story's HTML what a mail may hold, its pictures as words."""
    root = _parsed(source)
    for picture in list(root.iter("img")):
        _replace(picture, _in_words(picture))
    for aside in root.iter("span"):
        _part(aside)
    inside = (lxml.html.tostring(each, encoding="unicode") for each in root)
    html = escape(root.text or "") + "".join(inside)
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return re.sub(r"<(p|span|div|figure)>\s*</\1>", "", cleaned).strip()


def as_text(source: str) -> str:
    """The same without HTML. Addresses of links stand below it, numbered."""
    writer = _Writer()
    text = _tidy(writer.said(_parsed(source)))
    notes = "\n".join(f"[{n}] {address}" for n, address in enumerate(writer.addresses, 1))
    return f"{text}\n\n{notes}" if notes else text


def _parsed(source: str) -> Any:
    return lxml.html.fragment_fromstring(source, create_parent="div")


def _in_words(picture: Any) -> Any:
    """Nothing of one that says nothing, such as the poster of a film."""
    said = " ".join((picture.get("alt") or "").split())
    words = f"<em>[{_('Picture')}: {escape(said)}]</em>" if said else "<span></span>"
    return lxml.html.fragment_fromstring(words)


def _part(aside: Any) -> None:
    """A page keeps what stands beside a title apart by its style, and a mail has none of that."""
    before = aside.getprevious()
    if before is not None and not (before.tail or "").strip() and aside.text_content().strip():
        before.tail = " · "


def _replace(picture: Any, by: Any) -> None:
    """Take the place of a picture, and of the list of its sizes around it."""
    around = picture.getparent()
    while around is not None and around.tag == "picture":
        picture, around = around, around.getparent()
    by.tail = picture.tail
    if around is not None:
        around.replace(picture, by)


class _Writer:
    """Says elements as text, and remembers where they lead."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self._ways: dict[str, Callable[[Any], str]] = {
            "a": self._link,
            "br": lambda _: "\n",
            "hr": lambda _: "\n\n* * *\n\n",
            "pre": lambda each: f"\n\n{each.text_content()}\n\n",
            "blockquote": self._quote,
            "li": self._item,
            "td": lambda each: f"{self._inside(each)}  ",
            "th": lambda each: f"{self._inside(each)}  ",
        }

    def said(self, element: Any) -> str:
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return ""  # a comment, or what nobody reads
        words = self._ways.get(element.tag, self._inside)(element)
        if element.tag in _ROOMY:
            return f"\n\n{words}\n\n"
        return f"\n{words}" if element.tag in _OWN_LINE else words

    def _inside(self, element: Any) -> str:
        return "".join(self._parts(element))

    def _parts(self, element: Any) -> Iterator[str]:
        yield _WHITE.sub(" ", element.text or "")
        for child in element:
            yield self.said(child)
            yield _WHITE.sub(" ", child.tail or "")

    def _link(self, element: Any) -> str:
        words, address = self._inside(element), element.get("href", "")
        if not address or address.removeprefix("mailto:") == words.strip():
            return words
        if address not in self.addresses:
            self.addresses.append(address)
        return f"{words} [{self.addresses.index(address) + 1}]"

    def _quote(self, element: Any) -> str:
        lines = _tidy(self._inside(element)).split("\n")
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _item(self, element: Any) -> str:
        around = element.getparent()
        is_numbered = around is not None and around.tag == "ol"
        before = sum(1 for _each in element.itersiblings("li", preceding=True))
        mark = f"{before + 1}." if is_numbered else "-"
        return f"{mark} {_tidy(self._inside(element))}"


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
