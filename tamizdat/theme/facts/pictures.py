"""Pictures and documents as a page names them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.documents import get_document_model

from tamizdat.editions.tracing import fact_about
from tamizdat.stories.models import Picture, PictureRow


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and its words."""

    row: PictureRow
    description: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Attached:
    url: str
    file: str  # below MEDIA_ROOT


def _load_pictures(pks: Collection[int]) -> Mapping[int, Any]:
    return Picture.objects.in_bulk(pks)


@fact_about("picture", load=_load_pictures)
def picture(row: Picture | None) -> Photo | None:
    return Photo(PictureRow.of(row), row.description, row.caption, row.credit) if row else None


def _load_documents(pks: Collection[int]) -> Mapping[int, Any]:
    everyone = get_document_model().objects.filter(collection__view_restrictions__isnull=True)
    return everyone.in_bulk(pks)


@fact_about("document", load=_load_documents)
def document(row: Any) -> Attached | None:
    """A document that is for everyone."""
    return Attached(row.url, row.file.name) if row else None
