"""Pages that are no stories, as they show themselves: fronts, lists, plain pages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from tamizdat.editions.tracing import fact_about
from tamizdat.stories.models import Author, PlainPage, Section, Topic
from tamizdat.theme.facts.bodies import Body, body_of
from tamizdat.theme.facts.pictures import Photo, picture
from tamizdat.theme.facts.places import COLUMNS, Place, add_translations, place_of, same_elsewhere

OWN: dict[type[Page], tuple[str, ...]] = {
    Section: ("introduction",),
    Topic: ("introduction",),
    Author: ("introduction", "role", "portrait_id"),
    PlainPage: ("body",),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its own words."""

    place: Place
    seo_title: str
    search_description: str
    introduction: str = ""
    role: str = ""
    portrait: Photo | None = None
    body: Body | None = None
    same: tuple[tuple[str, str], ...] = ()  # other languages, and its addresses there

    @property
    def kind(self) -> str:
        return self.place.kind

    @property
    def pk(self) -> int:
        return self.place.pk

    @property
    def url(self) -> str:
        return self.place.url

    @property
    def title(self) -> str:
        return self.place.title


def _load(pks: Collection[int]) -> Mapping[int, Any]:
    pages = Page.objects.filter(pk__in=pks)
    columns = (*COLUMNS, "seo_title", "search_description", "content_type__model")
    rows = {row["pk"]: row for row in pages.values(*columns)}
    for model, own in OWN.items():
        these = [
            pk for pk, row in rows.items() if row["content_type__model"] == model._meta.model_name
        ]
        for row in model.objects.filter(pk__in=these).values("pk", *own) if these else ():
            rows[row["pk"]].update(row)
    add_translations(rows)
    return rows


@fact_about("page", load=_load)
def sheet(row: Mapping[str, Any] | None) -> Sheet | None:
    """The page with this primary key and its words, if everyone may read it."""
    return sheet_of(row) if row else None


def sheet_of(row: Mapping[str, Any]) -> Sheet | None:
    where = place_of(row)
    if where is None:
        return None
    return Sheet(
        place=where,
        seo_title=row["seo_title"],
        search_description=row["search_description"],
        introduction=row.get("introduction", ""),
        role=row.get("role", ""),
        portrait=picture(row["portrait_id"]) if row.get("portrait_id") else None,
        body=body_of(row["body"].raw_data) if "body" in row else None,
        same=same_elsewhere(row),
    )
