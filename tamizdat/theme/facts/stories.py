"""Stories as their pages and cards show them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left, Length
from wagtail.models import Page

from tamizdat.editions.tracing import fact_about
from tamizdat.stories.models import (
    Byline,
    ChangeNote,
    Correction,
    KeptReadMore,
    ReadMorePick,
    Story,
    StoryTopic,
)
from tamizdat.theme.facts.bodies import Body, body_of
from tamizdat.theme.facts.pictures import Photo, picture
from tamizdat.theme.facts.places import COLUMNS, Place, add_translations, place_of, same_elsewhere

STEP = Page.steplen
CARD = ("kicker", "standfirst", "first_published_at", "lead_picture_id")
STORY = (
    "seo_title",
    "search_description",
    "lead_alt",
    "lead_caption",
    "lead_credit",
    "body",
    "revised_at",
    "is_sensitive",
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a story."""

    place: Place
    section: int  # primary key of the page it stands under
    kicker: str
    standfirst: str
    published_at: datetime | None
    photo: Photo | None

    @property
    def pk(self) -> int:
        return self.place.pk

    @property
    def url(self) -> str:
        return self.place.url

    @property
    def title(self) -> str:
        return self.place.title


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction."""

    corrected_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is new in a story, and was no mistake."""

    noted_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A story, all of it."""

    card: Card
    seo_title: str
    search_description: str
    lead_alt: str
    lead_caption: str
    lead_credit: str
    body: Body
    revised_at: datetime | None
    is_sensitive: bool
    author_pks: tuple[int, ...]
    topic_pks: tuple[int, ...]
    read_more_pks: tuple[int, ...]  # the desk's picks, then those kept at publishing
    corrections: tuple[Fix, ...]
    change_notes: tuple[Note, ...]
    same: tuple[tuple[str, str], ...]  # other languages, and its addresses there

    @property
    def place(self) -> Place:
        return self.card.place

    @property
    def pk(self) -> int:
        return self.card.pk

    @property
    def url(self) -> str:
        return self.card.url

    @property
    def title(self) -> str:
        return self.card.title

    @property
    def kicker(self) -> str:
        return self.card.kicker

    @property
    def standfirst(self) -> str:
        return self.card.standfirst

    @property
    def photo(self) -> Photo | None:
        return self.card.photo

    @property
    def published_at(self) -> datetime | None:
        return self.card.published_at


def _rows(pks: Collection[int], *columns: str) -> dict[int, dict[str, Any]]:
    above = Page.objects.filter(path=Left(OuterRef("path"), Length(OuterRef("path")) - STEP))
    stories = Story.objects.filter(pk__in=pks).annotate(parent=Subquery(above.values("pk")))
    return {row["pk"]: row for row in stories.values(*COLUMNS, *CARD, *columns, "parent")}


def _load_cards(pks: Collection[int]) -> Mapping[int, Any]:
    return _rows(pks)


@fact_about("page", load=_load_cards)
def card(row: Mapping[str, Any] | None) -> Card | None:
    """The story with this primary key, if everyone may read it."""
    return _card_of(row) if row else None


def _card_of(row: Mapping[str, Any]) -> Card | None:
    where = place_of(row)
    if where is None:
        return None
    return Card(
        place=where,
        section=row["parent"],
        kicker=row["kicker"],
        standfirst=row["standfirst"],
        published_at=row["first_published_at"],
        photo=picture(row["lead_picture_id"]) if row["lead_picture_id"] else None,
    )


def _load_stories(pks: Collection[int]) -> Mapping[int, Any]:
    rows = _rows(pks, *STORY)
    for name, (model, column) in _ROWS_OF.items():
        for row in rows.values():
            row[name] = []
        found = model.objects.filter(of_id__in=rows).order_by(
            *_ORDER.get(model, ("sort_order", "pk"))
        )
        for of, value in found.values_list("of_id", column):
            rows[of][name].append(value)
    _add_what_changed(rows)
    add_translations(rows)
    return rows


def _add_what_changed(rows: Mapping[int, dict[str, Any]]) -> None:
    kinds: list[tuple[str, Any, str, Any]] = [
        ("corrections", Correction, "corrected_on", Fix),
        ("change_notes", ChangeNote, "noted_on", Note),
    ]
    for name, model, day, make in kinds:
        for row in rows.values():
            row[name] = []
        found = model.objects.filter(of_id__in=rows).order_by("sort_order", "pk")
        for of, *words in found.values_list("of_id", day, "text"):
            rows[of][name].append(make(*words))


_ROWS_OF: dict[str, tuple[type[Any], str]] = {
    "authors": (Byline, "author_id"),
    "topics": (StoryTopic, "topic_id"),
    "picks": (ReadMorePick, "story_id"),
    "kept": (KeptReadMore, "story_id"),
}
_ORDER = {KeptReadMore: ("position",)}


@fact_about("page", load=_load_stories)
def story(row: Mapping[str, Any] | None) -> Whole | None:
    """The story with this primary key, if everyone may read it."""
    return whole_of(row) if row else None


def whole_of(row: Mapping[str, Any]) -> Whole | None:
    shown = _card_of(row)
    if shown is None:
        return None
    return Whole(
        card=shown,
        body=body_of(row["body"].raw_data),
        author_pks=tuple(row["authors"]),
        topic_pks=tuple(row["topics"]),
        read_more_pks=tuple(dict.fromkeys((*row["picks"], *row["kept"]))),
        corrections=tuple(row["corrections"]),
        change_notes=tuple(row["change_notes"]),
        same=same_elsewhere(row),
        **{name: row[name] for name in STORY if name != "body"},
    )


def read_more(of: Whole) -> list[Card]:
    """What follows a story: those of its choice that everyone may read."""
    return list(filter(None, card.of_many(of.read_more_pks)))[: Story.READ_MORE]
