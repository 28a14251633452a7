"""Turning the HTML of an old site into the blocks that our stories are written in."""

import re
import uuid
from typing import Any

from lxml import html as lxml_html

from tamizdat.stories.importing import footnotes, losses, markup
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.shortcodes import read_blocks, read_shortcodes
from tamizdat.stories.importing.surroundings import Surroundings
from tamizdat.stories.importing.walk import Walk

_NAMESPACE = uuid.UUID("3f4a1f0e-52c6-4a57-9d5e-3d4c1f7f2a10")
_LINE_BREAK = re.compile(r"(<br\s*/?>)[ \t]*\r?\n", re.IGNORECASE)
_PAGE_LINK = re.compile(r'<a href="(/[^"]*)">')


def convert(html: str, *, source: str, old: Surroundings, notes: Notes) -> list[dict[str, Any]]:
    """The blocks for what WordPress keeps: HTML with notations of its own."""
    was_blocks = "<!-- wp:" in html
    html = footnotes.placed(html.replace("\r\n", "\n"), old.footnotes, notes=notes)
    text = read_blocks(html, reusable=old.reusable, notes=notes)
    text = read_shortcodes(text, notes=notes)
    return blocks_of(text, source=source, old=old, notes=notes, breaks=not was_blocks)


def blocks_of(
    text: str, *, source: str, old: Surroundings, notes: Notes, breaks: bool = False
) -> list[dict[str, Any]]:
    """The blocks for HTML, every string in them sanitised. `breaks`: a new line is one to see.

    `source` names the item: the same text of the same item gives the same block ids.
    """
    for element, count in markup.dropped_elements(text).items():
        notes.add("elements left out", element, count)
    tree = _tree(_LINE_BREAK.sub(r"\1", text))
    losses.leave_out_hidden(tree, notes)
    losses.note_what_goes(tree, old.language, notes)
    losses.write_quotation_marks(tree, old.language, notes)
    forms = losses.forms_in(tree)
    _rewrite_links(tree, old)
    _write_emoji_as_text(tree)
    walk = Walk(old=old, notes=notes, breaks=breaks)
    walk.through(tree)
    losses.note_lost_forms(forms, walk.blocks, notes)
    blocks = losses.without_dead_links(walk.blocks, notes)
    return _with_ids(_with_page_links(blocks, old), source)


def _tree(text: str) -> Any:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    document = f"<html><body><div>{markup.harmless(text)}</div></body></html>"
    body = lxml_html.document_fromstring(document.encode(), parser=parser).find("body")
    return body if body is not None else lxml_html.Element("body")


def _rewrite_links(tree: Any, old: Surroundings) -> None:
    for anchor in tree.iter("a"):
        if href := anchor.get("href"):
            anchor.set("href", old.link(href))


def _write_emoji_as_text(tree: Any) -> None:
    for image in [*tree.iter("img")]:
        if re.search(r"\b(emoji|wp-smiley)\b", image.get("class", "")):
            image.tail = image.get("alt", "") + (image.tail or "")
            image.drop_tree()


def _with_page_links(blocks: list[tuple[str, Any]], old: Surroundings) -> list[tuple[str, Any]]:
    """Point rich text at pages, not at their addresses, so that links follow a page that moves."""

    def point(match: re.Match[str]) -> str:
        page = old.page_at(match[1])
        return f'<a linktype="page" id="{page}">' if page else match[0]

    def rich(text: str) -> str:
        return _PAGE_LINK.sub(point, text)

    pointed: list[tuple[str, Any]] = []
    for kind, value in blocks:
        if kind == "paragraph":
            value = rich(value)
        elif kind == "list":
            value = value | {"items": [rich(item) for item in value["items"]]}
        elif kind == "call_out":
            value = value | {"text": rich(value["text"])}
        pointed.append((kind, value))
    return pointed


def _with_ids(blocks: list[tuple[str, Any]], source: str) -> list[dict[str, Any]]:
    """In the form in which a StreamField is stored; ids never depend on chance."""

    def number(*place: object) -> str:
        return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, (source, *place)))))

    stored = []
    for at, (kind, value) in enumerate(blocks):
        for inner in ("items", "pictures"):
            if kind in ("list", "gallery") and inner in value:
                rows = [
                    {"type": "item", "value": row, "id": number(at, place)}
                    for place, row in enumerate(value[inner])
                ]
                value = value | {inner: rows}
        stored.append({"type": kind, "value": value, "id": number(at)})
    return stored
