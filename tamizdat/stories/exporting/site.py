"""Where every page, picture and document is, so that a story can name them."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Self

from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction

from tamizdat.stories.importing.addresses import address_of
from tamizdat.stories.models import Front, Picture

_COLUMNS = ("pk", "path", "url_path", "draft_title")


@dataclass(frozen=True, slots=True)
class Site:
    addresses: dict[int, str]  # by number of the page
    titles: dict[int, str]
    pictures: dict[int, str]  # by number, the path in the export
    documents: dict[int, str]
    places: dict[int, int]  # by number of the page, from 1: the order that the desk gave them
    private_paths: tuple[str, ...]  # where in the tree of pages what is not for everyone begins

    @classmethod
    def as_it_is(cls) -> Self:
        fronts = {front.url_path: front for front in Front.objects.select_related("locale")}
        addresses, titles, places, siblings = {}, {}, {}, Counter[str]()
        rows = Page.objects.filter(depth__gte=2).order_by("path")
        for pk, path, url_path, title in rows.values_list(*_COLUMNS).iterator():
            siblings[path[: -Page.steplen]] += 1
            places[pk] = siblings[path[: -Page.steplen]]
            front = fronts.get("/" + url_path.strip("/").partition("/")[0] + "/")
            if front:
                addresses[pk] = address_of(url_path, front)
                titles[pk] = title
        return cls(
            addresses,
            titles,
            _paths("pictures", Picture),
            _paths("documents", get_document_model()),
            places,
            tuple(PageViewRestriction.objects.values_list("page__path", flat=True)),
        )


def path_of(folder: str, pk: int, file_name: str) -> str:
    """Where a file stands in the export; its number keeps two of one name apart."""
    return f"{folder}/{pk}-{PurePosixPath(file_name).name}"


def _paths(folder: str, model: type[Any]) -> dict[int, str]:
    path = partial(path_of, folder)
    rows = model.objects.values_list("pk", "file")
    return {pk: path(pk, name) for pk, name in rows.iterator()}
