"""What earlier runs brought in, so that a second run changes nothing."""

import hashlib
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from wagtail.models import Page

from tamizdat.stories.importing.export import Export
from tamizdat.stories.models import Imported, Picture

Kind = Imported.Kind


class Memory:
    """The rows of Imported for one old site."""

    def __init__(self, export: Export, *, now: datetime) -> None:
        self.site = site_of(export)
        self.now = now
        rows = Imported.objects.filter(site=self.site).select_related("page", "picture")
        self._rows = {(row.kind, row.source_id): row for row in rows}

    def recall(self, kind: Imported.Kind, source_id: str) -> Imported | None:
        return self._rows.get((kind, source_id[:255]))

    def remember(
        self,
        kind: Imported.Kind,
        source_id: str,
        *,
        page: Page | None = None,
        picture: Picture | None = None,
    ) -> Imported:
        row = Imported.objects.create(
            site=self.site,
            kind=kind,
            source_id=source_id[:255],
            page_id=page.pk if page else None,
            picture=picture,
            imported_at=self.now,
        )
        self._rows[kind, row.source_id] = row
        return row


def site_of(export: Export) -> str:
    """The old site's host and folder; two exports of one site have the same."""
    parts = urlsplit(export.address)
    return f"{parts.netloc}{parts.path}".removeprefix("www.")[:200] or export.title[:200] or "?"


def fingerprint(values: Any) -> str:
    """The same for the same values, whatever order they are in."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
