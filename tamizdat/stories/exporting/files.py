"""Pictures and documents as they were uploaded, with what is known of each."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wagtail.documents import get_document_model

from tamizdat.lib.crate import Piece
from tamizdat.stories.exporting.site import path_of
from tamizdat.stories.models import Picture

CHUNK_BYTES = 1 << 20


def count() -> int:
    return Picture.objects.count() + get_document_model().objects.count()


def pieces() -> Iterator[Piece]:
    yield from _files("pictures", Picture)
    yield Piece("pictures/pictures.jsonl", "lists", lambda: _lines(Picture, _about_picture))
    yield from _files("documents", get_document_model())
    yield Piece(
        "documents/documents.jsonl", "lists", lambda: _lines(get_document_model(), _about_document)
    )


def _files(folder: str, model: type[Any]) -> Iterator[Piece]:
    for thing in model.objects.order_by("pk").iterator():
        if thing.file.storage.exists(thing.file.name):
            path = path_of(folder, thing.pk, thing.file.name)
            yield Piece(path, folder, partial(_chunks, thing.file))


def _chunks(file: Any) -> Iterator[bytes]:
    with file.storage.open(file.name) as opened:
        yield from opened.chunks(CHUNK_BYTES)


def _lines(model: type[Any], about: Callable[[Any], dict[str, Any]]) -> Iterator[bytes]:
    for thing in model.objects.order_by("pk").iterator():
        yield json.dumps(about(thing), ensure_ascii=False).encode() + b"\n"


def _about_picture(picture: Picture) -> dict[str, Any]:
    return {
        "file": path_of("pictures", picture.pk, picture.file.name),
        "is_missing": not picture.file.storage.exists(picture.file.name),
        "title": picture.title,
        "shows": picture.description,
        "caption": picture.caption,
        "credit": picture.credit,
        "width": picture.width,
        "height": picture.height,
        "uploaded_at": picture.created_at.isoformat(),
        "focal_point": [picture.focal_point_x, picture.focal_point_y],
        "focal_area": [picture.focal_point_width, picture.focal_point_height],
    }


def _about_document(document: Any) -> dict[str, Any]:
    return {
        "file": path_of("documents", document.pk, document.file.name),
        "is_missing": not document.file.storage.exists(document.file.name),
        "title": document.title,
        "uploaded_at": document.created_at.isoformat(),
        "is_for_everyone": not document.collection.get_view_restrictions().exists(),
    }
