"""What earlier runs brought in, so that a second run changes nothing and a broken one goes on."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from wagtail.models import Page

from tamizdat.stories.importing import rows
from tamizdat.stories.importing.export import Export
from tamizdat.stories.models import Imported, Picture

Kind = Imported.Kind
LONGEST_ID = 255


@dataclass(slots=True)
class Place:
    """A page that is there, with or without what the export says should stand on it."""

    model: type[Page]
    source_id: str
    record: int  # the row of Imported
    fingerprint: str  # empty until something stands on the page
    imported_at: datetime
    page: int | None  # None: the desk deleted it
    path: str = ""  # in the tree of pages
    url_path: str = ""
    is_live: bool = False
    has_revision: bool = False


class Memory:
    """The rows of Imported for one old site."""

    def __init__(self, export: Export, *, now: datetime) -> None:
        self.site = site_of(export)
        self.now = now

    def places(
        self, kind: Imported.Kind, source_ids: Iterable[str], *, model: type[Page]
    ) -> dict[str, Place]:
        """The places that earlier runs made, by the numbers of the old site."""
        wanted = {source_id[:LONGEST_ID]: source_id for source_id in source_ids}
        there = Imported.objects.filter(site=self.site, kind=kind, source_id__in=wanted)
        names = ("source_id", "pk", "fingerprint", "imported_at", "page_id")
        of_page = ("page__path", "page__url_path", "page__live", "page__latest_revision_id")
        found = {}
        for row in there.values_list(*names, *of_page):
            source_id = wanted[row[0]]
            place = Place(model, source_id, row[1], row[2], row[3], row[4])
            place.path, place.url_path = row[5], row[6]
            place.is_live, place.has_revision = bool(row[7]), row[8] is not None
            found[source_id] = place
        return found

    def remember(self, kind: Imported.Kind, pages: Sequence[tuple[str, int]]) -> None:
        """Note which new page is which thing of the old site."""
        names = ["site", "kind", "source_id", "page_id", "fingerprint", "imported_at"]
        new = [(self.site, kind, each[:LONGEST_ID], page, "", self.now) for each, page in pages]
        rows.insert(Imported, names, new)

    def pictures(self) -> Iterator[tuple[str, Picture | None]]:
        """The pictures that earlier runs brought; None for one that the desk deleted."""
        brought = Imported.objects.filter(site=self.site, kind=Kind.PICTURE)
        for row in brought.select_related("picture").iterator():
            yield row.source_id, row.picture

    def remember_picture(self, source_id: str, picture: Picture) -> None:
        Imported.objects.create(
            site=self.site,
            kind=Kind.PICTURE,
            source_id=source_id[:LONGEST_ID],
            picture=picture,
            imported_at=self.now,
        )


def site_of(export: Export) -> str:
    """The old site's host and folder; two exports of one site have the same."""
    parts = urlsplit(export.address)
    place = f"{parts.netloc}{parts.path}".removeprefix("www.")
    return (export.name or place or export.title or "?")[:200]


def fingerprint(values: Any) -> str:
    """The same for the same values, whatever order they are in."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
