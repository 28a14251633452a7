"""Writing pages: a place for each first, then what stands on it, then they go live."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.text import slugify
from wagtail.blocks import StreamValue
from wagtail.models import Page

from tamizdat.outlet.addresses import RESERVED_SLUGS
from tamizdat.stories.importing.memory import Memory, fingerprint
from tamizdat.stories.importing.report import Outcome, Report
from tamizdat.stories.models import (
    Author,
    Byline,
    Front,
    Imported,
    PlainPage,
    Section,
    Story,
    StoryTopic,
    Topic,
)

SLUG_LENGTH = 120
_ROWS: dict[str, tuple[type[Any], str]] = {
    "bylines": (Byline, "author"),
    "story_topics": (StoryTopic, "topic"),
}
_LIST = ("title", "live", "introduction", "show_in_menus")
_PAGE = ("title", "live", "body", "seo_title", "search_description", "go_live_at")
_DATES = ("first_published_at", "last_published_at")
_LEAD = ("standfirst", "lead_picture_id", "lead_alt", "lead_caption", "revised_at")
FIELDS: dict[type[Page], tuple[str, ...]] = {
    Story: _PAGE + _DATES + _LEAD,
    PlainPage: _PAGE + _DATES,
    Section: _LIST,
    Topic: _LIST,
    Author: _LIST,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page that is there, with or without what the export says should stand on it."""

    record: Imported
    model: type[Page]
    page: Page | None  # None: the desk deleted it
    is_new: bool


@dataclass(slots=True)
class Pages:
    front: Front
    memory: Memory
    report: Report
    written: defaultdict[type[Page], list[int]] = field(default_factory=lambda: defaultdict(list))
    _slugs: dict[int, set[str]] = field(default_factory=dict)
    _going_live: list[tuple[Any, int, type[Page]]] = field(default_factory=list)

    def place(
        self,
        kind: Imported.Kind,
        source_id: str,
        *,
        model: type[Page],
        under: Page,
        title: str,
        slugs: Sequence[str],
    ) -> Place:
        """The page that an earlier run made, else a new one that is not live and holds nothing."""
        if record := self.memory.recall(kind, source_id):
            return Place(record, model, record.page, is_new=False)
        slug = self._free_slug(under, slugs)
        page = model(title=title, slug=slug, live=False, locale=self.front.locale)
        under.add_child(instance=page)
        record = self.memory.remember(kind, source_id, page=page)
        self.report.counts["rows written"] += 1
        return Place(record, model, page, is_new=True)

    def write(self, place: Place, values: dict[str, Any]) -> Outcome:
        """Put `values` on the page unless they are there or the desk has written on it since."""
        wanted = fingerprint(values)
        if place.page is None:
            return Outcome.DELETED
        if place.record.fingerprint == wanted:
            return Outcome.SAME
        if not place.is_new and self._was_edited(place):
            return Outcome.EDITED
        self._update(place.page, place.model, values, was_live=place.page.live)
        place.record.fingerprint = wanted
        place.record.save(update_fields=["fingerprint"])
        self.written[place.model].append(place.page.pk)
        self.report.counts["rows written"] += 1
        return Outcome.NEW if place.is_new else Outcome.CHANGED

    def go_live(self) -> None:
        """Show what is to be shown, the oldest first, each with what follows it from then on."""
        for _first_published_at, pk, model in sorted(self._going_live, key=lambda row: row[:2]):
            Page.objects.filter(pk=pk).update(live=True)
            if model is Story:
                Story.objects.get(pk=pk).keep_read_more()

    def _update(
        self, page: Page, model: type[Page], values: dict[str, Any], *, was_live: bool
    ) -> None:
        columns = {name: value for name, value in values.items() if name not in _ROWS}
        if columns.pop("parent_id", page.pk) not in (page.pk, _parent_pk(page)):
            page.move(Page.objects.get(pk=values["parent_id"]), pos="last-child")
        live = columns.pop("live")
        if "body" in columns:
            block = model._meta.get_field("body").stream_block
            columns["body"] = StreamValue(block, columns["body"], is_lazy=True)
        columns |= {
            "draft_title": values["title"],
            "has_unpublished_changes": not live,
            "latest_revision_created_at": columns.get("last_published_at"),
        }
        if live and not was_live:
            self._going_live.append((str(columns.get("first_published_at")), page.pk, model))
        else:
            columns["live"] = live
        # Not save(): that would tell the world, and bake, once for each page of the archive.
        model.objects.filter(pk=page.pk).update(**columns)
        for name, (rows, column) in _ROWS.items():
            if name in values:
                _replace_rows(rows, column, of=page.pk, by=values[name])

    def _was_edited(self, place: Place) -> bool:
        page = place.model.objects.get(pk=place.record.page_id)
        if page.latest_revision_id is not None:
            return True
        return fingerprint(values_of(page)) != place.record.fingerprint

    def _free_slug(self, under: Page, wishes: Sequence[str]) -> str:
        if under.pk not in self._slugs:
            self._slugs[under.pk] = set(under.get_children().values_list("slug", flat=True))
        taken = self._slugs[under.pk]
        languages = {code for code, _name in settings.LANGUAGES} if under == self.front else set()
        candidates = (slugify(unquote(wish), allow_unicode=True) for wish in wishes)
        wish = next(filter(None, candidates))[:SLUG_LENGTH].strip("-_")
        slug, number = wish, 1
        while slug in taken or slug in RESERVED_SLUGS or slug in languages:
            number += 1
            slug = f"{wish}-{number}"
        taken.add(slug)
        return slug


def values_of(page: Page) -> dict[str, Any]:
    """What stands on a page now, in the form in which an import writes it."""
    names = FIELDS[type(page)]
    values = {name: getattr(page, name) for name in names}
    if "body" in values:
        values["body"] = json.loads(json.dumps(list(page.body.raw_data)))
    values["parent_id"] = _parent_pk(page)
    for name, (rows, column) in _ROWS.items():
        if isinstance(page, Story):
            found = rows.objects.filter(of=page).order_by("sort_order", "pk")
            values[name] = list(found.values_list(f"{column}_id", flat=True))
    return values


def _parent_pk(page: Page) -> int:
    return int(page.get_parent().pk)


def _replace_rows(rows: type[Any], column: str, *, of: int, by: Sequence[int]) -> None:
    rows.objects.filter(of_id=of).delete()
    rows.objects.bulk_create(
        rows(of_id=of, sort_order=place, **{f"{column}_id": pk}) for place, pk in enumerate(by)
    )
