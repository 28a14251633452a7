"""The blocks of a story as HTML. Reads what they link to and show, and nothing else."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StructBlock
from wagtail.rich_text.rewriters import LinkRewriter

from tamizdat.stories.blocks import Body as StoryBlocks
from tamizdat.theme.embeds import frame_address
from tamizdat.theme.facts.pictures import document, picture
from tamizdat.theme.facts.places import place
from tamizdat.theme.policy import origin
from tamizdat.theme.styles import layers_of
from tamizdat.theme.words import html

_TO_PAGE = re.compile(r'<a (?=[^>]*linktype="page")[^>]*\bid="(\d+)"')
Raw = Mapping[str, Any]  # {"type": …, "value": …}, as Wagtail keeps a block


@dataclass(frozen=True, slots=True)
class Body:
    html: SafeString
    layers: tuple[str, ...]  # of the style sheet, that its blocks ask for
    frames: tuple[str, ...]  # origins that its embeds may be framed from


def body_of(blocks: Sequence[Raw]) -> Body:
    """The blocks of `StreamValue.raw_data`, whatever page they stand on."""
    text = "\n".join(_html(block["type"], block["value"]) for block in blocks)
    layers = sorted(set().union(*(layers_of(each["type"], each["value"]) for each in blocks)))
    return Body(mark_safe(text), tuple(layers), tuple(_frames(blocks)))  # noqa: S308 made of templates


def rich(source: str) -> SafeString:
    """Wagtail's rich text with addresses in place of numbers."""
    return mark_safe(_LINKS(source) if "<a " in source else source)  # noqa: S308 sanitised when saved


def pages_linked_in(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """Primary keys of the pages that paragraphs of these stories link to: to be read at once."""
    paragraphs = (
        block["value"]
        for row in rows
        for block in row["body"].raw_data
        if block["type"] == "paragraph" and "<a " in block["value"]
    )
    return {int(pk) for each in paragraphs for pk in _TO_PAGE.findall(each)}


def _html(kind: str, value: Any) -> str:
    if kind == "paragraph":  # most blocks are: no template for what is itself
        return rich(value)
    if kind in _FIELDS:
        value = {**_FIELDS[kind], **value}
    prepared = _PREPARED[kind](value) if kind in _PREPARED else value
    return html(f"stories/blocks/{kind}.html", {"value": prepared})


def _with_picture(value: Raw) -> dict[str, Any]:
    return {**value, "picture": picture(value["picture"]) if value["picture"] else None}


def _with_poster(value: Raw) -> dict[str, Any]:
    return {**value, "poster": picture(value["poster"]) if value.get("poster") else None}


def _items(values: Iterable[Any]) -> list[Any]:
    """Of a list block, as Wagtail writes it today and as it did before 2.16."""
    return [v["value"] if isinstance(v, dict) and "value" in v else v for v in values]


# A block that was written before a field was invented lacks it.
_FIELDS: dict[str, dict[str, Any]] = {
    kind: dict.fromkeys(block.child_blocks, "")
    for kind, block in StoryBlocks.base_blocks.items()
    if isinstance(block, StructBlock)
}
_PREPARED: dict[str, Callable[[Any], Any]] = {
    "picture": _with_picture,
    "gallery": lambda value: {
        "pictures": [_html("picture", each) for each in _items(value["pictures"])]
    },
    "list": lambda value: {**value, "items": list(map(rich, _items(value["items"])))},
    "call_out": lambda value: {**value, "text": rich(value["text"])},
    "embed": _with_poster,
}


def _frames(blocks: Sequence[Raw]) -> list[str]:
    embeds = (block["value"]["address"] for block in blocks if block["type"] == "embed")
    return sorted({origin(address) for each in embeds if (address := frame_address(each))})


def _page_links(links: Sequence[Mapping[str, str]]) -> list[str]:
    found = [place(int(link["id"])) if link.get("id", "").isdigit() else None for link in links]
    return [f'<a href="{escape(each.url)}">' if each else "<a>" for each in found]


def _document_links(links: Sequence[Mapping[str, str]]) -> list[str]:
    found = [document(int(link["id"])) if link.get("id", "").isdigit() else None for link in links]
    return [f'<a href="{escape(each.url)}">' if each else "<a>" for each in found]


_LINKS = LinkRewriter(bulk_rules={"page": _page_links, "document": _document_links})
