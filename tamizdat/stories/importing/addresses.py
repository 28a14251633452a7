"""Where things were on the old site, and where they are now."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from django.conf import settings

from tamizdat.stories.importing.export import Entry, Export
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.spool import Shelf
from tamizdat.stories.models import Front

_QUERIES = {"post": ("p",), "page": ("page_id", "p"), "attachment": ("attachment_id",)}
_PAGED = re.compile(r"/(?:feed|amp|page/\d+|comment-page-\d+|\d{1,2})\Z")  # a part of it there
_NUMBER_KEYS = ("p", "page_id", "attachment_id", "post")


def path_of(address: str) -> str:
    """The path in one spelling: decoded, no slash at its end, "/" for the root."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    return "/" + re.sub(r"//+", "/", path).strip("/")


def address_of(url_path: str, front: Front) -> str:
    """The root-relative address of a page of this front, as Wagtail gives it."""
    language = front.locale.language_code
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return prefix + "/" + quote(url_path.removeprefix(front.url_path), safe="/~:@!$&'()*+,;=")


class OldSite:
    """Leads old addresses to new pages."""

    def __init__(self, export: Export, front: Front) -> None:
        self.home = export.address
        self.language = front.locale.language_code
        self.habits = export.habits
        self.host = _host(export.address)
        self.folder = path_of(export.address).rstrip("/")
        self.pages: Shelf[int] = Shelf()  # new address → page
        self.occupied: Shelf[int] = Shelf()  # the same as paths in one spelling
        self._by_path: Shelf[str] = Shelf()
        self._by_number: Shelf[str] = Shelf()
        self._by_path[self.folder or "/"] = address_of(front.url_path, front)

    def moved(self, entry: Entry, *, to: str, page: int) -> None:
        """An item of the old site is now at `to`."""
        self._stands(to, page)
        self._by_number[entry.source_id] = to
        for path in self.paths_of(entry):
            self._by_path.setdefault(path, to)

    def page_of(self, source_id: str) -> int | None:
        """The page that an item with this number became, if it is public."""
        address = self._by_number.get(source_id)
        return self.pages.get(address) if address else None

    def archive_moved(self, paths: Iterable[str], *, to: str, page: int) -> None:
        """The list of a category, a tag or an author is now at `to`."""
        self._stands(to, page)
        for path in paths:
            self._by_path.setdefault(self.folder + path, to)

    def _stands(self, address: str, page: int) -> None:
        self.pages[address] = page
        self.occupied[path_of(address)] = page

    def paths_of(self, entry: Entry) -> list[str]:
        """Each path under which an item was ever to be found, the last one first."""
        addresses = [entry.address, *entry.old_addresses]
        paths = [
            path_of(address)
            for address in addresses
            if address and "?" not in address and self.is_ours(address)
        ]
        return [path for path in dict.fromkeys(paths) if path != "/"]

    def redirects_of(self, entry: Entry) -> list[str]:
        """Every old address of an item for which there can be a redirect."""
        queries = [f"{key}={entry.source_id}" for key in _QUERIES.get(entry.kind, ())]
        numbered = [path for query in queries for path in self.numbered(query)]
        return [*self.paths_of(entry), *numbered]

    def numbered(self, query: str) -> list[str]:
        """The address of an item or a list by its number, such as /?p=7."""
        return [f"{self.folder}/?{query}"] if query and self.habits.has_numbers else []

    def paths_of_list(self, paths: Iterable[str], *, stories: int) -> Iterator[str]:
        """A list, its feed, and the pages of its older stories; "" is the list of all."""
        feed, page, length = self.habits.feed, self.habits.page, max(self.habits.per_page, 1)
        for path in paths:
            whole = self.folder + path
            if path:
                yield whole
            yield f"{whole}/{feed}"
            for number in range(2, -(-stories // length) + 1):
                yield f"{whole}/{page}/{number}"

    def paths_of_everything(self, months: Mapping[str, int]) -> Iterator[str]:
        """The feeds and older pages of the whole site, of its years and of its months."""
        yield from self.paths_of_list([""], stories=sum(months.values()))
        yield f"{self.folder}/comments/{self.habits.feed}"
        years: Counter[str] = Counter()
        for month, stories in months.items():
            years[month[:4]] += stories
        for span, stories in (*years.items(), *months.items()) if self.habits.has_dates else ():
            yield from self.paths_of_list([f"/{span}"], stories=stories)

    def is_ours(self, address: str) -> bool:
        if address.startswith("/") and not address.startswith("//"):
            return True
        return bool(self.host) and _host(address) == self.host

    def lead(self, href: str, notes: Notes) -> str:
        """The new address for a link to something that came along; else the whole old one."""
        href = href.strip()
        if not self.is_ours(href):
            return href
        parts = urlsplit(href)
        number = next((v[0] for k, v in parse_qs(parts.query).items() if k in _NUMBER_KEYS), "")
        path = path_of(href)
        to = self._by_number.get(number) if number else self._by_path.get(path)
        if not (to or number):
            to = self._by_path.get(_PAGED.sub("", path))
        if to:
            return to + (f"#{parts.fragment}" if parts.fragment else "")
        whole = urljoin(self.home + "/", href) if self.home else href
        notes.add("links to the old site that nothing came for", whole)
        return whole


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
