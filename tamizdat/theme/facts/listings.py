"""What a site map says of a story: where it is, since when, and in which other languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tamizdat.editions.tracing import fact_about
from tamizdat.stories.models import Story
from tamizdat.theme.facts.places import COLUMNS, Place, add_translations, place_of, same_elsewhere


@dataclass(frozen=True, slots=True)
class Listing:
    place: Place
    changed_at: datetime | None
    same: tuple[tuple[str, str], ...]  # other languages, and its addresses there


def _load(pks: Collection[int]) -> Mapping[int, Any]:
    columns = (*COLUMNS, "first_published_at", "revised_at")
    rows = {row["pk"]: row for row in Story.objects.filter(pk__in=pks).values(*columns)}
    add_translations(rows)
    return rows


@fact_about("page", load=_load)
def listing(row: Mapping[str, Any] | None) -> Listing | None:
    where = place_of(row) if row else None
    if row is None or where is None:
        return None
    return Listing(where, row["revised_at"] or row["first_published_at"], same_elsewhere(row))
