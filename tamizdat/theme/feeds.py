"""Whole stories for those who read in a feed reader: RSS 2.0, Atom 1.0 and JSON Feed 1.1.

Authors and topics have Atom alone: every reader understands it, and each of them has a feed to be
made anew when a story of theirs changes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape

from tamizdat.editions.targets import File, Product, target
from tamizdat.theme import absolutes
from tamizdat.theme.facts import lists
from tamizdat.theme.facts.paper import Paper, places
from tamizdat.theme.facts.places import Place, place
from tamizdat.theme.facts.sheets import Sheet, sheet
from tamizdat.theme.facts.stories import Whole, story
from tamizdat.theme.metadata import description, share_picture
from tamizdat.theme.words import rendered

LENGTH = 20  # stories in a feed
RSS, ATOM, JSON = "feed.xml", "atom.xml", "feed.json"
FORMATS = {
    "front": (RSS, ATOM, JSON),
    "section": (RSS, ATOM, JSON),
    "author": (ATOM,),
    "topic": (ATOM,),
}
TYPES = {RSS: "application/rss+xml", ATOM: "application/atom+xml", JSON: "application/feed+json"}


@dataclass(frozen=True)
class Entry:
    """A story as a feed tells it."""

    title: str
    url: str
    summary: str
    html: str
    published_at: datetime | None
    changed_at: datetime | None
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    picture: str


@target(in_passing=True, retells=True)
def feed(pk: int) -> Iterator[Product]:
    """The newest stories of a front, section, author or topic."""
    found = sheet(pk)
    entries = _entries(found) if found else []
    if found and entries:
        for name in FORMATS[found.kind]:
            write = _as_json if name == JSON else _as_xml
            yield File(f"{found.url}{name}".lstrip("/"), write(found, entries, name))


def formats_of(found: Sheet) -> list[tuple[str, str]]:
    """The media type and the address of each feed of a page."""
    return [(TYPES[name], f"{found.url}{name}") for name in FORMATS.get(found.kind, ())]


def _entries(found: Sheet) -> list[Entry]:
    newest = lists.newest_of_all if found.kind == "front" else lists.newest
    paper = Paper(found.place.language)
    stories = story.of_many(newest(found.pk)[:LENGTH])
    return [_entry(each, paper) for each in stories if each and each.published_at]


def _entry(whole: Whole, paper: Paper) -> Entry:
    context = {"page": whole, "section": place(whole.card.section), "paper": paper}
    html = rendered("stories/feed_entry.html", paper.language, **context)
    return Entry(
        title=absolutes.speakable(whole.title),
        url=absolutes.url(whole.url),
        summary=absolutes.speakable(description(whole, "")),
        html=absolutes.html(absolutes.speakable(html.strip()), of=whole.url),
        published_at=whole.published_at,
        changed_at=whole.revised_at or whole.published_at,
        authors=_titles(places(whole.author_pks)),
        topics=_titles(places(whole.topic_pks)),
        picture=share_picture(whole, paper),
    )


def _titles(found: list[Place]) -> tuple[str, ...]:
    return tuple(absolutes.speakable(each.title) for each in found)


class _Rss(Rss201rev2Feed):
    content_type = TYPES[RSS]

    def rss_attributes(self) -> dict[str, str]:
        spaces = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}
        return {
            **super().rss_attributes(),
            **spaces,
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["html"])


class _Atom(Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("content", item["html"], {"type": "html"})


_WRITERS: dict[str, type[SyndicationFeed]] = {RSS: _Rss, ATOM: _Atom}


def _as_xml(found: Sheet, entries: list[Entry], name: str) -> bytes:
    written = _WRITERS[name](
        title=_title(found),
        link=absolutes.url(found.url),
        description=_about(found),
        language=found.place.language,
        feed_url=absolutes.url(f"{found.url}{name}"),
    )
    for each in entries:
        written.add_item(
            title=each.title,
            link=each.url,
            # Either takes HTML here, and a standfirst may speak of <b> and mean it.
            description=escape(each.summary),
            unique_id=each.url,
            unique_id_is_permalink=True,
            pubdate=each.published_at,
            updateddate=each.changed_at,
            categories=each.topics,
            authors=each.authors,
            html=each.html,
        )
    return written.writeString("utf-8").encode()


def _as_json(found: Sheet, entries: list[Entry], name: str) -> bytes:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(found),
        "description": _about(found),
        "home_page_url": absolutes.url(found.url),
        "feed_url": absolutes.url(f"{found.url}{name}"),
        "icon": absolutes.url("/favicon.svg"),
        "language": found.place.language,
        "items": list(map(_json_item, entries)),
    }
    return json.dumps({k: v for k, v in content.items() if v}, ensure_ascii=False).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "image": entry.picture,
        "date_published": entry.published_at and entry.published_at.isoformat(),
        "date_modified": entry.changed_at and entry.changed_at.isoformat(),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.topics),
    }
    return {k: v for k, v in item.items() if v}


def _title(found: Sheet) -> str:
    outlet = Paper(found.place.language).masthead.name
    return absolutes.speakable(outlet if found.kind == "front" else f"{found.title} · {outlet}")


def _about(found: Sheet) -> str:
    return absolutes.speakable(description(found, Paper(found.place.language).masthead.tagline))
