"""The text of a post since Ghost 5: a tree of nodes in JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from tamizdat.stories.importing.ghost import cards
from tamizdat.stories.importing.notes import Notes

Node = Mapping[str, Any]

# Bits of a text's format, the outermost element first.
_FORMATS = (
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (16, "code"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
)
_QUOTES = {"quote", "extended-quote", "aside"}
_HEADINGS = {"heading", "extended-heading"}
_TEXTS = {"text", "extended-text", "tk", "zwnj"}
_LINKS = {"link", "autolink", "at-link"}


def html_of(text: str, *, notes: Notes) -> str:
    """Raises ValueError for what is no lexical document."""
    try:
        root = json.loads(text)["root"]
        return "".join(_block(node, notes) for node in _children(root))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as trouble:
        raise ValueError("no lexical document") from trouble


def _children(node: Node) -> Iterable[Node]:
    children: Iterable[Node] = node.get("children") or ()
    return children


def _block(node: Node, notes: Notes) -> str:
    kind = node.get("type", "")
    if kind == "paragraph":
        return _element("p", node, notes)
    if kind in _HEADINGS:
        tag = str(node.get("tag", ""))
        return _element(tag if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2", node, notes)
    if kind in _QUOTES:
        return _element("blockquote", node, notes)
    if kind == "list":
        return _list(node, notes)
    if "children" in node:
        return f"<div>{''.join(_block(child, notes) for child in _children(node))}</div>"
    if kind in _TEXTS or kind == "linebreak":
        return _inline(node, notes)
    return cards.html_of(kind, node, notes=notes)


def _element(tag: str, node: Node, notes: Notes) -> str:
    inside = _all_inline(_children(node), notes)
    return f"<{tag}>{inside}</{tag}>" if inside else ""


def _list(node: Node, notes: Notes) -> str:
    """Lexical puts a list inside a list into an item of its own; HTML has it in the one before."""
    items: list[str] = []
    for item in _children(node):
        parts = [_item_part(child, notes) for child in _children(item)]
        is_deeper = any(child.get("type") == "list" for child in _children(item))
        if is_deeper and items:
            items[-1] += "".join(parts)
        else:
            items.append("".join(parts))
    start = node.get("start", 1)
    number = f' start="{start}"' if isinstance(start, int) and start != 1 else ""
    opening = f"<ol{number}>" if node.get("listType") == "number" else "<ul>"
    return f"{opening}{''.join(f'<li>{item}</li>' for item in items)}</{opening[1:3]}>"


def _item_part(node: Node, notes: Notes) -> str:
    return _list(node, notes) if node.get("type") == "list" else _inline(node, notes)


def _all_inline(nodes: Iterable[Node], notes: Notes) -> str:
    return "".join(_inline(node, notes) for node in nodes)


def _inline(node: Node, notes: Notes) -> str:
    kind = node.get("type", "")
    if kind in _TEXTS:
        return _formatted(node)
    if make := _SIMPLE.get(kind):
        return make(node)
    if kind in _LINKS:
        href = escape(str(node.get("url") or ""))
        return f'<a href="{href}">{_all_inline(_children(node), notes)}</a>'
    return _all_inline(_children(node), notes) or _block(node, notes)


def _formatted(node: Node) -> str:
    html = escape(str(node.get("text", "")), quote=False).replace("\n", " ")
    format_bits = node.get("format") or 0
    for bit, tag in reversed(_FORMATS):
        if format_bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html


_SIMPLE: dict[str, Callable[[Node], str]] = {
    "linebreak": lambda _node: "<br>",
    "tab": lambda _node: " ",
}
