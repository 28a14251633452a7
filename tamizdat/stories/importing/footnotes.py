"""Footnotes of WordPress's editor: marks in the text, the notes themselves beside it as JSON."""

import json
import re
from html import escape

from tamizdat.stories.importing.notes import Notes

_PLACE = re.compile(r"<!--\s+wp:footnotes\s+(?:\{.*?\}\s+)?/-->", re.DOTALL)
_MARKED = re.compile(r"\bdata-fn=")


def placed(html: str, footnotes: str, *, notes: Notes) -> str:
    """The text with the footnotes as a list where WordPress would show them, else at its end."""
    if not footnotes and not _MARKED.search(html):
        return html
    texts = _texts(footnotes)
    if not texts:
        notes.add("footnotes that are missing or cannot be read", "of this text")
        return html
    items = [f'<li id="{escape(key)}">{text}</li>' for key, text in texts]
    whole = f"\n\n<ol>{''.join(items)}</ol>\n\n"
    if _PLACE.search(html):
        return _PLACE.sub(lambda _match: whole, html, count=1)
    return html + whole if _MARKED.search(html) else html


def _texts(footnotes: str) -> list[tuple[str, str]]:
    try:
        rows = json.loads(footnotes or "[]")
        return [(str(row["id"]), str(row["content"])) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
