"""A page as plain HTML that any browser shows and any other software can take in."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from tamizdat.stories.exporting.site import Site

_PAGE_LINK = re.compile(r'<a linktype="page" id="(\d+)">')
_DOCUMENT_LINK = re.compile(r'<a linktype="document" id="(\d+)">')
ROOT = "../../../"  # from a page's folder to that of the export

Value = Any


def document(page: Mapping[str, Any], *, site: Site) -> str:
    """The whole page; `page` is what its JSON file says."""
    language, title = escape(page["language"]), escape(page["title"])
    parts = [
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n',
        f"<title>{title}</title>\n",
        f"<p>{_state(page)}</p>\n<h1>{title}</h1>\n",
        _paragraph(page.get("standfirst") or page.get("introduction", "")),
        _paragraph(", ".join(author["name"] for author in page.get("authors", ()))),
        _lead(page.get("lead_picture")),
        "".join(block_html(block, site=site) for block in page.get("body", ())),
        _dated(page.get("corrections", ()), "corrected_on"),
        _dated(page.get("change_notes", ()), "noted_on"),
    ]
    return "".join(parts) + "</html>\n"


def _dated(rows: Iterable[dict[str, str]], day: str) -> str:
    words = "<p><strong>{}</strong> {}</p>\n"
    return "".join(words.format(escape(row[day]), escape(row["text"])) for row in rows)


def rich(text: str, *, site: Site) -> str:
    """Rich text as the desk keeps it, its links made addresses."""

    def page(match: re.Match[str]) -> str:
        return f'<a href="{escape(site.addresses.get(int(match[1]), ""))}">'

    def file(match: re.Match[str]) -> str:
        return f'<a href="{ROOT}{escape(site.documents.get(int(match[1]), ""))}">'

    return _DOCUMENT_LINK.sub(file, _PAGE_LINK.sub(page, text))


def block_html(block: Mapping[str, Any], *, site: Site) -> str:
    """One block of a body, as a StreamField keeps it."""
    make = _BLOCKS.get(block["type"])
    return make(block["value"], site) + "\n" if make else ""


def _state(page: Mapping[str, Any]) -> str:
    if page["is_draft"]:
        return "DRAFT: readers have not seen this."
    if not page["is_for_everyone"]:
        return "PRIVATE: this was not for everyone."
    return f"{escape(page['address'])} {escape(page.get('published_at') or '')}"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>\n" if text else ""


def _lead(picture: Mapping[str, str] | None) -> str:
    if not picture:
        return ""
    caption = " ".join(filter(None, (picture["caption"], picture["credit"])))
    return _figure(picture["file"], picture["shows"], caption) + "\n"


def _figure(path: str, alt: str, caption: str) -> str:
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{ROOT}{escape(path)}" alt="{escape(alt)}">{below}</figure>'


def _picture(value: Value, site: Site) -> str:
    path = site.pictures.get(value.get("picture") or 0, "")
    caption = " ".join(filter(None, (value.get("caption", ""), value.get("credit", ""))))
    return _figure(path, value.get("alt", ""), caption) if path else _paragraph(caption)


def _gallery(value: Value, site: Site) -> str:
    return "\n".join(_picture(row, site) for row in rows_of(value.get("pictures", ())))


def _heading(value: Value, _site: Site) -> str:
    level = "3" if value.get("level") == "3" else "2"
    return f"<h{level}>{escape(value.get('text', ''))}</h{level}>"


def _quote(value: Value, _site: Site) -> str:
    said = "".join(f"<p>{escape(part)}</p>" for part in value.get("text", "").split("\n\n"))
    who = f"<footer>{escape(value['who'])}</footer>" if value.get("who") else ""
    return f"<blockquote>{said}{who}</blockquote>"


def _list(value: Value, site: Site) -> str:
    tag = "ol" if value.get("numbered") else "ul"
    items = "".join(f"<li>{rich(row, site=site)}</li>" for row in rows_of(value.get("items", ())))
    return f"<{tag}>{items}</{tag}>"


def _link(value: Value, _site: Site) -> str:
    note = f" {escape(value['note'])}" if value.get("note") else ""
    return f'<p><a href="{escape(value["address"])}">{escape(value["title"])}</a>{note}</p>'


def _call_out(value: Value, site: Site) -> str:
    title = f"<h3>{escape(value['title'])}</h3>" if value.get("title") else ""
    return f"<aside>{title}{rich(value.get('text', ''), site=site)}</aside>"


def _embed(value: Value, site: Site) -> str:
    poster = site.pictures.get(value.get("poster") or 0, "")
    shown = f'<img src="{ROOT}{escape(poster)}" alt="">' if poster else ""
    return f'<p><a href="{escape(value["address"])}">{shown}{escape(value["title"])}</a></p>'


def rows_of(rows: Any) -> list[Any]:
    """The values in a list block: older ones have no ids around them."""
    return [row["value"] if isinstance(row, dict) and "value" in row else row for row in rows]


_BLOCKS: dict[str, Callable[[Value, Site], str]] = {
    "call_out": _call_out,
    "embed": _embed,
    "gallery": _gallery,
    "heading": _heading,
    "imported": lambda value, _site: str(value),
    "link": _link,
    "list": _list,
    "paragraph": lambda value, site: rich(value, site=site),
    "picture": _picture,
    "quote": _quote,
}
