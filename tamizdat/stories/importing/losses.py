"""What old markup says that our blocks cannot: written in letters where it can be, else noted."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.conf.locale import LANG_INFO

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.notes import Notes

Block = tuple[str, Any]
HIDDEN = "hidden text left out"

# Opening and closing, then the same inside another quotation.
_ENGLISH = "\u201c\u201d\u2018\u2019"
_MARKS = {"de": "\u201e\u201c\u201a\u2018", "fr": "«»“”", "pl": "„”«»"} | dict.fromkeys(
    ("az", "be", "el", "es", "fa", "hy", "it", "kk", "ky", "ru", "tg", "uk", "uz"), "«»„“"
)
_FORMS = ("acronym", "big", "ins", "kbd", "mark", "small", "tt", "u", "var")
_TAG = re.compile(rf"<({'|'.join(_FORMS)})\b")
_DIRECTION = re.compile(r"(?<![\w-])direction\s*:\s*(rtl|ltr)", re.IGNORECASE)
_ID = re.compile(r'\bid="([^"]+)"')
_LINK_INSIDE = re.compile(r'<a\b([^>]*?)\s+href="#([^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)


def leave_out_hidden(tree: Any, notes: Notes) -> None:
    """What readers did not see there they must not see here."""
    for words in markup.drop_hidden(tree):
        notes.add(HIDDEN, words)


def write_quotation_marks(tree: Any, language: str, notes: Notes) -> None:
    """A browser puts marks around <q>; here they are letters of the text."""
    marks = _MARKS.get(language.partition("-")[0], _ENGLISH)
    for quote in [*tree.iter("q")]:
        is_inner = any(True for _ in quote.iterancestors("q"))
        quote.text = marks[2 * is_inner] + (quote.text or "")
        closing = marks[2 * is_inner + 1]
        if len(quote):
            quote[-1].tail = (quote[-1].tail or "") + closing
        else:
            quote.text += closing
        notes.add("quotations given marks of their own", "q")


def note_what_goes(tree: Any, language: str, notes: Notes) -> None:
    """What no block of ours holds, wherever it stands."""
    is_rtl = bool(LANG_INFO.get(language, {}).get("bidi"))
    for node in tree.iter():
        if node.tag in ("abbr", "acronym") and node.get("title"):
            words = "".join(node.itertext())
            notes.add("explanations of abbreviations left out", f"{words}: {node.get('title')}")
        if node.tag == "a" and node.get("name"):
            notes.add("places in the text that links led to", f"#{node.get('name')}")
        if (direction := _direction(node)) and direction != ("rtl" if is_rtl else "ltr"):
            notes.add("directions of writing left out", direction)


def forms_in(tree: Any) -> Counter[str]:
    """How often what only an "Imported HTML" block can hold was used."""
    return Counter(node.tag for node in tree.iter(*_FORMS))


def note_lost_forms(were: Counter[str], blocks: list[Block], notes: Notes) -> None:
    """Which of `were` are in no block; their words are."""
    there = Counter(tag for html in _markup_of(blocks) for tag in _TAG.findall(html))
    for form, count in (were - there).items():
        notes.add("forms of text left out", form, count)


def without_dead_links(blocks: list[Block], notes: Notes) -> list[Block]:
    """The blocks with no link into a text where nothing bears that name any more."""
    names = {unescape(name) for html in _markup_of(blocks) for name in _ID.findall(html)}

    def mended(match: re.Match[str]) -> str:
        before, name, after, words = match.groups()
        if unquote(unescape(name)) in names | {"top"} or unescape(name) in names:
            return match[0]
        notes.add("links inside the text left out", f"#{unescape(name)}")
        own = f"{before}{after}".rstrip()
        return f"<a{own}>{words}</a>" if own else words

    return [(kind, _each_markup(kind, value, mended)) for kind, value in blocks]


def _each_markup(kind: str, value: Any, mended: Any) -> Any:
    match kind:
        case "paragraph" | "imported":
            return _LINK_INSIDE.sub(mended, value)
        case "list":
            return value | {"items": [_LINK_INSIDE.sub(mended, each) for each in value["items"]]}
        case "call_out":
            return value | {"text": _LINK_INSIDE.sub(mended, value["text"])}
    return value


def _markup_of(blocks: list[Block]) -> Iterator[str]:
    for kind, value in blocks:
        if kind in ("paragraph", "imported"):
            yield value
        elif kind == "list":
            yield from value["items"]
        elif kind == "call_out":
            yield value["text"]


def _direction(node: Any) -> str:
    said = node.get("dir", "").strip().lower()
    match = _DIRECTION.search(node.get("style", ""))
    return said if said in ("rtl", "ltr") else match[1].lower() if match else ""
