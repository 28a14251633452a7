"""The text of a post in Ghost 1 to 4: sections, markers and cards in JSON."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from tamizdat.stories.importing.ghost import cards
from tamizdat.stories.importing.notes import Notes

_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"}
_INLINE = {"a", "b", "strong", "i", "em", "s", "strike", "del", "u", "code", "sub", "sup", "mark"}
_TEXT, _PICTURE, _LIST, _CARD = 1, 2, 3, 10


def html_of(text: str, *, notes: Notes) -> str:
    """Raises ValueError for what is no mobiledoc document."""
    try:
        document = json.loads(text)
        reader = _Reader(document.get("markups", []), document, notes)
        return "".join(map(reader.section, document["sections"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as trouble:
        raise ValueError("no mobiledoc document") from trouble


@dataclass(slots=True)
class _Reader:
    markups: list[Any]
    document: dict[str, Any]
    notes: Notes

    def section(self, section: list[Any]) -> str:
        kind, *rest = section
        if kind == _TEXT:
            tag = rest[0].lower() if rest[0].lower() in _TAGS else "p"
            tag = "blockquote" if tag == "aside" else tag
            inside = self.inline(rest[1])
            return f"<{tag}>{inside}</{tag}>" if inside else ""
        if kind == _PICTURE:
            return cards.html_of("image", {"src": rest[0]}, notes=self.notes)
        if kind == _LIST:
            tag = "ol" if rest[0] == "ol" else "ul"
            items = "".join(f"<li>{self.inline(item)}</li>" for item in rest[1])
            return f"<{tag}>{items}</{tag}>"
        if kind == _CARD:
            name, payload = self.document["cards"][rest[0]]
            return cards.html_of(name, payload, notes=self.notes)
        self.notes.add("sections that are not understood", str(kind))
        return ""

    def inline(self, markers: list[Any]) -> str:
        html, open_tags = "", list[str]()
        for kind, opened, closed, value in markers:
            for number in opened:
                tag, start = self._opening(self.markups[number])
                open_tags.append(tag)
                html += start
            html += self._atom(value) if kind else escape(str(value), quote=False)
            for _ in range(closed):
                tag = open_tags.pop()
                html += f"</{tag}>" if tag else ""
        return html.replace("\n", " ")

    def _atom(self, number: int) -> str:
        name, words, _payload = self.document["atoms"][number]
        return "<br>" if name == "soft-return" else escape(str(words), quote=False)

    def _opening(self, markup: list[Any]) -> tuple[str, str]:
        tag = markup[0].lower()
        if tag not in _INLINE:
            return "", ""
        names = markup[1] if len(markup) > 1 else []
        attributes = dict(zip(names[::2], names[1::2], strict=False))
        href = escape(str(attributes.get("href", "")))
        return tag, f'<a href="{href}">' if tag == "a" else f"<{tag}>"
