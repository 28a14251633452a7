"""Where things were on the old site, and where they are now."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from django.conf import settings

from tamizdat.stories.importing.export import Entry, Export
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.models import Front

_NUMBER_KEYS = ("p", "page_id", "post")


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
        self.host = _host(export.address)
        self.folder = path_of(export.address).rstrip("/")
        self.pages: dict[str, int] = {}  # new address → page
        self._by_path: dict[str, str] = {self.folder or "/": address_of(front.url_path, front)}
        self._by_number: dict[str, str] = {}

    def moved(self, entry: Entry, *, to: str, page: int) -> None:
        """An item of the old site is now at `to`."""
        self.pages[to] = page
        self._by_number[entry.source_id] = to
        for path in self.paths_of(entry):
            self._by_path.setdefault(path, to)

    def archive_moved(self, paths: Iterable[str], *, to: str, page: int) -> None:
        """The list of a category, a tag or an author is now at `to`."""
        self.pages[to] = page
        for path in paths:
            self._by_path.setdefault(self.folder + path, to)

    def paths_of(self, entry: Entry) -> list[str]:
        """Each path under which an item was ever to be found, the last one first."""
        if "?" in entry.address or not self.is_ours(entry.address):
            return []
        current = path_of(entry.address)
        parent = current.rpartition("/")[0]
        older = [f"{parent}/{unquote(slug)}" for slug in entry.meta.get("_wp_old_slug", []) if slug]
        oldest = [
            path_of(link) for link in entry.meta.get("old_permalink", []) if self.is_ours(link)
        ]
        return [path for path in dict.fromkeys([current, *older, *oldest]) if path != "/"]

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
        to = self._by_number.get(number) if number else self._by_path.get(path_of(href))
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
