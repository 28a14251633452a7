"""Reading WXR 1.0 to 1.2, WordPress's export format, as real sites write it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from tamizdat.stories.importing.export import (
    Entry,
    Export,
    ImportRefused,
    Term,
    Writer,
    without_address,
)
from tamizdat.stories.importing.opening import AGAIN, ReadableText
from tamizdat.stories.importing.spool import Spool

VERSIONS = ("1.0", "1.1", "1.2")
READ_KINDS = {"post", "page", "attachment", "wp_block"}
_WP = re.compile(r"\{https?://wordpress\.org/export/1\.[0-2]/\}(\w+)")
_KNOWN = {
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    "{http://purl.org/dc/elements/1.1/}creator": "creator",
}
_EXCERPT = re.compile(r"\{https?://wordpress\.org/export/1\.[0-2]/excerpt/\}encoded")
_DATED = re.compile(r"/\d{4}/\d\d/(\d\d/)?")
# What a slip of the pen looks like to libxml2; anything else means that elements are missing.
_SLIPS = {
    "ERR_ENTITYREF_NO_NAME",
    "ERR_ENTITYREF_SEMICOL_MISSING",
    "ERR_UNDECLARED_ENTITY",
    "WAR_UNDECLARED_ENTITY",
    "ERR_MISPLACED_CDATA_END",
    "NS_ERR_UNDEFINED_NAMESPACE",
    "WAR_NS_URI",
    "WAR_NS_URI_RELATIVE",
}


def read(path: Path) -> Export:
    """Everything in the file that can be brought in; the database is not touched.

    Raises ImportRefused if it is no whole WordPress export.
    """
    entries: Spool[Entry] = Spool()
    terms: dict[tuple[str, str], Term] = {}
    export = Export(entries=entries)
    text = ReadableText(path)
    version = ""
    for tag, element in _children_of_the_channel(text, path.name, export):
        version = _text(element) if tag == "wxr_version" else version
        if tag == "item":
            _take_item(element, export, entries)
        elif tag in ("category", "tag", "term"):
            _take_term(tag, _fields(element), export, terms)
        else:
            _take(tag, element, export)
    if version not in VERSIONS:
        said = f"says its version is {version!r}" if version else "does not say its version"
        raise ImportRefused(
            f"{path.name} {said}, and only WXR {', '.join(VERSIONS)} is understood. {AGAIN}"
        )
    export.controls_dropped = text.controls_dropped
    export.terms += terms.values()
    return export


def _children_of_the_channel(
    text: Iterable[str], name: str, export: Export
) -> Iterator[tuple[str, Any]]:
    """Each finished child of the channel, emptied again once it was looked at."""
    parser = etree.XMLPullParser(
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,  # a body may exceed ten megabytes; nothing is expanded
    )
    tail = ""
    for piece in text:
        parser.feed(piece)
        tail = (tail + piece)[-200:]
        for _event, element in parser.read_events():
            parent = element.getparent()
            if parent is not None and parent.tag == "channel":
                yield _tag(element), element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
    _refuse_a_torn_file(tail, parser, name, export)


def _refuse_a_torn_file(tail: str, parser: Any, name: str, export: Export) -> None:
    if not re.search(r"</rss>\s*(<!--.*?-->\s*)*\Z", tail, re.DOTALL):
        raise ImportRefused(
            f"{name} is cut off: its end is missing. Download or export it again; "
            "on a slow server export one year at a time."
        )
    for error in parser.feed_error_log:
        slip = error.type_name.removeprefix("ERR_").lower().replace("_", " ")
        if error.type_name not in _SLIPS:
            raise ImportRefused(f"{name} is damaged at line {error.line} ({slip}). {AGAIN}")
        export.repairs.append(f"line {error.line}: {slip}")


def _tag(element: Any) -> str:
    tag = str(element.tag)
    if match := _WP.fullmatch(tag):
        return match[1]
    if _EXCERPT.fullmatch(tag):
        return "excerpt"
    return _KNOWN.get(tag, tag if "{" not in tag else "")


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _fields(element: Any) -> dict[str, str]:
    """The texts of the children by name; the first wins, foreign names are left out."""
    fields: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        if name := _tag(child):
            fields.setdefault(name, _text(child))
    return fields


def _take(tag: str, element: Any, export: Export) -> None:
    if tag == "author":
        _take_writer(_fields(element), export)
    elif tag == "title":
        export.title = export.title or _text(element)
    elif tag == "language":
        export.language = _text(element)
    elif tag in ("base_blog_url", "base_site_url", "link"):
        # The address of the blog counts, that of a network of blogs does not.
        address = _text(element).rstrip("/")
        if "//" in address and (tag == "base_blog_url" or not export.address):
            export.address = address


def _take_writer(fields: dict[str, str], export: Export) -> None:
    login = fields.get("author_login", "")
    if not login:
        return
    full = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}".strip()
    name = fields.get("author_display_name") or full or login
    source_id = login if "@" not in login else f"author-{fields.get('author_id', '0')}"
    number = fields.get("author_id", "")
    export.writers.append(Writer(login, source_id, without_address(name), number))


def _take_term(
    tag: str, fields: dict[str, str], export: Export, terms: dict[tuple[str, str], Term]
) -> None:
    names = {
        "category": ("category", "category_nicename", "cat_name", "category_description"),
        "tag": ("post_tag", "tag_slug", "tag_name", "tag_description"),
        "term": (fields.get("term_taxonomy", ""), "term_slug", "term_name", "term_description"),
    }
    taxonomy, slug, name, description = names[tag]
    if taxonomy not in ("category", "post_tag"):
        export.unread[f"terms of {taxonomy or 'no taxonomy'}"] += 1
    elif fields.get(slug):
        # WordPress writes each category and tag twice, the second time as a term.
        term = Term(
            taxonomy,
            fields[slug],
            fields.get(name) or fields[slug],
            source_id=fields.get("term_id", ""),
            description=fields.get(description, ""),
            parent_slug=fields.get("category_parent", ""),
        )
        terms.setdefault((taxonomy, term.slug), term)


def _take_item(element: Any, export: Export, entries: Spool[Entry]) -> None:
    fields = _fields(element)
    kind = fields.get("post_type", "")
    comments = sum(_tag(child) == "comment" for child in element.iterchildren(tag=etree.Element))
    if comments:
        export.unread["comments"] += comments
    if kind == "guest-author":  # Co-Authors Plus: someone who has no account
        _take_guest(element, fields, export)
        return
    if kind not in READ_KINDS:
        export.unread[f"items of type {kind or 'unknown'}"] += 1
        return
    entry = _entry(fields)
    entry.meta = _meta(element)
    for child in element.iterchildren("category"):
        _take_label(child, entry, export)
    entry.co_writers += entry.meta.get("coauthors", [])
    entry.old_addresses += _older_addresses(entry)
    entries.append(entry)


def _older_addresses(entry: Entry) -> list[str]:
    """Addresses before a new slug or day, and those that a plugin kept from an older site."""
    if "?" in entry.address:
        return entry.meta.get("old_permalink", [])
    before, _slash, _slug = entry.address.rstrip("/").rpartition("/")
    slugs = [f"{before}/{slug}" for slug in entry.meta.get("_wp_old_slug", []) if slug]
    days = entry.meta.get("_wp_old_date", [])
    dated = [_DATED.sub(partial(_on_day, day), entry.address, count=1) for day in days]
    return [*slugs, *dated, *entry.meta.get("old_permalink", [])]


def _on_day(day: str, old: re.Match[str]) -> str:
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", day)
    return f"/{parts[1]}/{parts[2]}/" + (f"{parts[3]}/" if old[1] else "") if parts else old[0]


def _meta(element: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in element.iterchildren(tag=etree.Element):
        if _tag(child) == "postmeta":
            meta = _fields(child)
            found.setdefault(meta.get("meta_key", ""), []).append(meta.get("meta_value", ""))
    return found


def _take_guest(element: Any, fields: dict[str, str], export: Export) -> None:
    slug = fields.get("post_name", "").removeprefix("cap-")
    named = _meta(element).get("cap-display_name", [])
    name = next(iter(named), "") or fields.get("title", "")
    if slug and all(writer.login != slug for writer in export.writers):
        export.writers.append(Writer(slug, without_address(slug), without_address(name or slug)))


def _entry(fields: dict[str, str]) -> Entry:
    order = fields.get("menu_order", "")
    return Entry(
        source_id=fields.get("post_id") or fields.get("guid", ""),
        kind=fields["post_type"],
        status=fields.get("status", "publish"),
        title=fields.get("title", ""),
        address=fields.get("link", ""),
        guid=fields.get("guid", ""),
        slug=fields.get("post_name", ""),
        html=fields.get("content", ""),
        excerpt=fields.get("excerpt", ""),
        creator=fields.get("creator", ""),
        parent_id=fields.get("post_parent", ""),
        menu_order=int(order) if re.fullmatch(r"-?\d{1,9}", order) else 0,
        published_at=_moment(fields, "post_date_gmt", "pubDate", "post_date"),
        modified_at=_moment(fields, "post_modified_gmt", "post_modified"),
        has_password=bool(fields.get("post_password")),
        is_sticky=fields.get("is_sticky") == "1",
        file_address=fields.get("attachment_url", ""),
    )


def _take_label(child: Any, entry: Entry, export: Export) -> None:
    domain = child.get("domain", "category")
    domain = {"tag": "post_tag"}.get(domain, domain)
    name = _text(child)
    slug = child.get("nicename") or name.lower().replace(" ", "-")
    if domain in ("category", "post_tag"):
        if slug and all((t.taxonomy, t.slug) != (domain, slug) for t in entry.terms):
            entry.terms.append(Term(domain, slug, name or slug))
    elif domain == "author":  # Co-Authors Plus
        entry.co_writers.append(slug.removeprefix("cap-"))
    else:
        export.unread[f"labels of {domain}"] += 1


def _moment(fields: dict[str, str], *names: str) -> datetime | None:
    """The first of these fields that is a date after the year 0."""
    for name in names:
        value = fields.get(name, "")
        with suppress(ValueError):
            if name == "pubDate":
                return parsedate_to_datetime(value).astimezone(UTC)
            return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return None
