"""Writing pages, many at a time: a place for each first, then what stands on it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Page

from tamizdat.stories.importing import quiet, rows
from tamizdat.stories.importing.following import Following, GoingLive
from tamizdat.stories.importing.growing import Growth, Wish
from tamizdat.stories.importing.memory import Memory, Place, fingerprint
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

_ROWS: dict[str, tuple[type[Any], str]] = {
    "bylines": (Byline, "author_id"),
    "story_topics": (StoryTopic, "topic_id"),
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
_WRITTEN = {Outcome.NEW, Outcome.CHANGED}
Written = tuple[Place, dict[str, Any]]


@dataclass(slots=True)
class Pages:
    front: Front
    memory: Memory
    report: Report
    count: int = 0  # of pages that were written
    _growth: Growth = field(init=False)
    _following: Following = field(init=False)

    def __post_init__(self) -> None:
        self._growth = Growth(self.front)
        self._following = Following(self.front.locale_id)

    def place(
        self, kind: Imported.Kind, model: type[Page], wishes: Sequence[Wish]
    ) -> dict[str, Place]:
        """For each wish the page that an earlier run made, else a new one that holds nothing."""
        places = self.memory.places(kind, (wish.source_id for wish in wishes), model=model)
        new = [wish for wish in wishes if wish.source_id not in places]
        if not new:
            return places
        pages = self._growth.grow(model, new)
        source_ids = [wish.source_id for wish in new]
        self.memory.remember(kind, list(zip(source_ids, pages, strict=True)))
        self.report.counts["rows written"] += len(new)
        return places | self.memory.places(kind, source_ids, model=model)

    def write(self, model: type[Page], batch: Sequence[Written]) -> list[Outcome]:
        """Put values on pages of one model, unless they are there or the desk wrote since.

        What is to be live is live at once, so give the oldest first: Read more looks back.
        """
        prints = [fingerprint(values) for _place, values in batch]
        outcomes = [
            self._outcome(place, wanted)
            for (place, _values), wanted in zip(batch, prints, strict=True)
        ]
        due = [each for each, outcome in zip(batch, outcomes, strict=True) if outcome in _WRITTEN]
        if due:
            _move(due)
            _write_columns(model, due)
            for name in _ROWS.keys() & due[0][1].keys():
                _replace_rows(name, due)
            noted = zip(batch, prints, outcomes, strict=True)
            noted_rows = [(p, place.record) for (place, _), p, o in noted if o in _WRITTEN]
            rows.update(Imported, ["fingerprint"], noted_rows)
            if model is Story:
                self._keep_read_more(due)
            quiet.index(model, [place.page for place, _values in due if place.page])
        self.count += len(due)
        self.report.counts["rows written"] += len(due)
        return outcomes

    def _outcome(self, place: Place, wanted: str) -> Outcome:
        if place.page is None:
            return Outcome.DELETED
        if place.fingerprint == wanted:
            return Outcome.SAME
        if place.has_revision:
            return Outcome.EDITED
        if not place.fingerprint:
            return Outcome.NEW
        page = place.model.objects.get(pk=place.page)
        was_edited = fingerprint(values_of(page)) != place.fingerprint
        return Outcome.EDITED if was_edited else Outcome.CHANGED

    def _keep_read_more(self, due: Sequence[Written]) -> None:
        if any(place.is_live for place, _values in due):
            self._following.forget()
        going_live = [
            GoingLive(place.page, v["first_published_at"], place.path, v["story_topics"])
            for place, v in due
            if v["live"] and not place.is_live and place.page
        ]
        if going_live:
            self._following.keep(going_live)


def _move(due: Sequence[Written]) -> None:
    """Move those whose section or parent is another one now."""
    placed = [(place, values) for place, values in due if place.fingerprint]
    parents = {values["parent_id"] for _place, values in placed}
    paths = dict(Page.objects.filter(pk__in=parents).values_list("pk", "path"))
    for place, values in placed:
        to = values["parent_id"]
        stands_there = place.path[: -Page.steplen] == paths.get(to)
        if to in paths and not stands_there and not paths[to].startswith(place.path):
            page = place.model.objects.get(pk=place.page)
            page.move(Page.objects.get(pk=to), pos="last-child")
            place.path = Page.objects.values_list("path", flat=True).get(pk=page.pk)


def _write_columns(model: type[Page], due: Sequence[Written]) -> None:
    # Not save(): that would tell the world, and bake, once for each page of the archive.
    columns = [(_columns(model, values), place.page) for place, values in due]
    own = {field.attname for field in model._meta.local_concrete_fields}
    names = columns[0][0].keys()
    for table, chosen in ((Page, sorted(names - own)), (model, sorted(names & own))):
        written = [[*(row[name] for name in chosen), pk] for row, pk in columns]
        rows.update(table, chosen, written)


def _columns(model: type[Page], values: dict[str, Any]) -> dict[str, Any]:
    left = _ROWS.keys() | {"parent_id"}
    columns = {name: value for name, value in values.items() if name not in left}
    if "body" in columns:
        block = model._meta.get_field("body").stream_block
        columns["body"] = StreamValue(block, columns["body"], is_lazy=True)
    return columns | {
        "draft_title": values["title"],
        "has_unpublished_changes": not values["live"],
        "latest_revision_created_at": values.get("last_published_at"),
    }


def _replace_rows(name: str, due: Sequence[Written]) -> None:
    model, column = _ROWS[name]
    model.objects.filter(of_id__in=[p.page for p, _values in due if p.fingerprint]).delete()
    new = [(p.page, at, pk) for p, values in due for at, pk in enumerate(values[name])]
    rows.insert(model, ["of_id", "sort_order", column], new)


def values_of(page: Page) -> dict[str, Any]:
    """What stands on a page now, in the form in which an import writes it."""
    values = {name: getattr(page, name) for name in FIELDS[type(page)]}
    if "body" in values:
        values["body"] = json.loads(json.dumps(list(page.body.raw_data)))
    values["parent_id"] = int(page.get_parent().pk)
    for name, (model, column) in _ROWS.items():
        if isinstance(page, Story):
            found = model.objects.filter(of=page).order_by("sort_order", "pk")
            values[name] = list(found.values_list(column, flat=True))
    return values
