"""Pictures and documents as a page names them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction

from tamizdat.editions.tracing import fact_about, fact_told_as
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


@fact_told_as("document")
def private_collections() -> tuple[str, ...]:
    """Where in the tree of collections what is not for everyone begins."""
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    return tuple(sorted(paths))


def _load_documents(pks: Collection[int]) -> Mapping[int, Any]:
    return get_document_model().objects.select_related("collection").in_bulk(pks)


@fact_about("document", load=_load_documents)
def document(row: Any) -> Attached | None:
    """A document that is for everyone."""
    if row is None or row.collection.path.startswith(private_collections()):
        return None
    return Attached(row.url, row.file.name)
