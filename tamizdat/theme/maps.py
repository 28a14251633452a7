"""Where search engines find everything: maps of the site, of its news, and the robots' file.

A map for each month of a section: a new story touches the map of its own month alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from tamizdat.editions.targets import Begets, File, Product, target
from tamizdat.editions.tracing import Key, Memory, tracing
from tamizdat.theme import absolutes
from tamizdat.theme.facts import lists
from tamizdat.theme.facts.listings import listing
from tamizdat.theme.facts.paper import Paper, below, fronts, places
from tamizdat.theme.facts.places import Place, place
from tamizdat.theme.facts.sheets import sheet
from tamizdat.theme.standing import prefix

INDEX = "sitemap.xml"
_SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_PLAIN = {None: _SITEMAPS[1:-1]}

Same = Sequence[tuple[str, str]]  # languages, and addresses there


@target(in_passing=True)
def sitemap() -> Iterator[Product]:
    """Names every other map."""
    found: list[str] = []
    for front in fronts():
        found += [_news_path(front.language), _pages_path(front.language)]
        yield Begets(("news_map", front.language))
        yield Begets(("pages_map", front.language))
        for section in _sections(front):
            for year, month in spans(section.pk):
                found.append(_path(section, year, month))
                yield Begets(("stories_map", section.pk, year, month))
    index = etree.Element(f"{_SITEMAPS}sitemapindex", nsmap=_PLAIN)
    for path in found:
        entry = etree.SubElement(index, f"{_SITEMAPS}sitemap")
        _say(entry, f"{_SITEMAPS}loc", absolutes.url(f"/{path}"))
    yield File(INDEX, _bytes(index))


@target(in_passing=True)
def robots() -> Iterator[Product]:
    address = absolutes.url(f"/{INDEX}")
    yield File("robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {address}\n".encode())


def _prime(keys: Sequence[Key], memory: Memory) -> None:
    with tracing(memory):
        pks = [number for _name, *span in keys for number in _in_span(*span)]
    listing.prime(pks, memory)


def _in_span(pk: int, year: int, month: int) -> tuple[int, ...]:
    found: tuple[int, ...] = lists.published_in(pk, year, month) if year else lists.newest(pk)
    return found


@target(prime=_prime, in_passing=True)
def stories_map(pk: int, year: int, month: int) -> Iterator[Product]:
    """The stories of a month of a section; all of them where it has no months yet."""
    section = place(pk)
    if section is None:
        return
    found = [each for number in _in_span(pk, year, month) if (each := listing(number))]
    if year and not found:
        return  # a month that is none any more
    rows = ((each.place, each.changed_at, each.same) for each in found)
    yield File(_path(section, year, month), _map_of(rows))


@target(in_passing=True)
def pages_map(language: str) -> Iterator[Product]:
    """The pages of a language that are no stories."""
    front = Paper(language).front
    if front:
        under = [pk for first in below(front.pk) for pk in (first, *_below_lists(first))]
        found = [each for pk in (front.pk, *under) if (each := sheet(pk))]
        rows = ((each.place, None, each.same) for each in found)
        yield File(_pages_path(language), _map_of(rows))


@target(in_passing=True)
def news_map(language: str) -> Iterator[Product]:
    """What is no older than two days. It leaves by itself."""
    paper = Paper(language)
    if paper.front is None:
        return
    urls = etree.Element(f"{_SITEMAPS}urlset", nsmap=_PLAIN | {"news": _NEWS[1:-1]})
    for story in lists.cards(lists.fresh(paper.front.pk)):
        news = etree.SubElement(_url_in(urls, story.url), f"{_NEWS}news")
        publication = etree.SubElement(news, f"{_NEWS}publication")
        _say(publication, f"{_NEWS}name", paper.masthead.name)
        _say(publication, f"{_NEWS}language", language)
        _say(news, f"{_NEWS}publication_date", absolutes.moment(story.published_at))
        _say(news, f"{_NEWS}title", story.title)
    yield File(_news_path(language), _bytes(urls))


def spans(pk: int) -> list[lists.Span]:
    """The months of a section's maps; one of no month while its own page shows all it has."""
    months = [(year, month) for year, found in lists.years(pk) for month in found]
    return months or [(0, 0)]


def _map_of(rows: Iterable[tuple[Place, datetime | None, Same]]) -> bytes:
    """Each language of a page names all of them, itself too, as search engines ask."""
    urls = etree.Element(f"{_SITEMAPS}urlset", nsmap=_PLAIN | {"xhtml": _XHTML[1:-1]})
    for where, changed_at, same in rows:
        url = _url_in(urls, where.url)
        if changed_at:
            _say(url, f"{_SITEMAPS}lastmod", absolutes.moment(changed_at))
        for code, address in absolutes.languages_of(where.language, where.url, same):
            link = {"rel": "alternate", "hreflang": code, "href": absolutes.url(address)}
            etree.SubElement(url, f"{_XHTML}link", link)
    return _bytes(urls)


def _url_in(urls: Any, address: str) -> Any:
    url = etree.SubElement(urls, f"{_SITEMAPS}url")
    _say(url, f"{_SITEMAPS}loc", absolutes.url(address))
    return url


def _say(parent: Any, name: str, words: str) -> None:
    etree.SubElement(parent, name).text = absolutes.speakable(words)


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _sections(front: Place) -> list[Place]:
    return [each for each in places(below(front.pk)) if each.kind == "section"]


def _below_lists(pk: int) -> tuple[int, ...]:
    """Authors, topics, and plain pages under plain pages. What is under a section are stories."""
    found = place(pk)
    return below(pk) if found and found.kind != "section" else ()


def _path(section: Place, year: int, month: int) -> str:
    name = section.url.strip("/").rpartition("/")[2]
    when = f"-{year}-{month:02}" if year else ""
    return f"{prefix(section.language)}sitemap-{name}{when}.xml"


def _pages_path(language: str) -> str:
    return f"{prefix(language)}pages-sitemap.xml"


def _news_path(language: str) -> str:
    return f"{prefix(language)}news-sitemap.xml"
