"""Bringing a whole old site into the newsroom, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from wagtail.models import Page

from tamizdat.stories.importing import markup, quiet
from tamizdat.stories.importing.addresses import OldSite, address_of, path_of
from tamizdat.stories.importing.bodies import convert
from tamizdat.stories.importing.export import Entry, Export, ImportRefused
from tamizdat.stories.importing.lists import Lists
from tamizdat.stories.importing.memory import Kind, Memory
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.pages import Pages, Place
from tamizdat.stories.importing.pictures import Pictures
from tamizdat.stories.importing.redirecting import Redirects
from tamizdat.stories.importing.report import Item, Outcome, Report
from tamizdat.stories.importing.surroundings import Surroundings
from tamizdat.stories.models import Front, Picture, PlainPage, Story
from tamizdat.stories.signals import archive_imported

T = TypeVar("T")
Watch = Callable[[list[T], str], Iterable[T]]

NEVER = {
    "trash": "in the bin of the old site",
    "auto-draft": "never saved there",
    "inherit": "a revision",
}
KNOWN_META = {
    "_edit_last",
    "_edit_lock",
    "_encloseme",
    "_pingme",
    "_thumbnail_id",
    "_wp_attached_file",
    "_wp_attachment_image_alt",
    "_wp_attachment_metadata",
    "_wp_desired_post_slug",
    "_wp_old_slug",
    "_wp_page_template",
    "_yoast_wpseo_metadesc",
    "_yoast_wpseo_primary_category",
    "_yoast_wpseo_title",
    "coauthors",
    "old_permalink",
}
# WordPress touches "modified" when it publishes; only later is it news to the reader.
SETTLES_WITHIN = timedelta(hours=1)


def bring_in(
    export: Export, *, uploads: Path | None, language: str, now: datetime, watch: Watch[Any]
) -> Report:
    """Bring in what is new and change what changed. A second run with the same export does nothing.

    `watch` hands a list on, item by item, and may show how far it is. On any error the database
    and the folder of pictures are as they were.

    Raises ImportRefused if the newsroom has no front in `language`.
    """
    front = Front.objects.filter(locale__language_code=language).first()
    if front is None:
        raise ImportRefused(
            f"This newsroom has no front page in {language!r}. Choose another --language, or add "
            "it to languages in tamizdat.toml and run `tamizdat newsroom`."
        )
    importing = _Import(export, front=front, uploads=uploads, now=now, watch=watch)
    try:
        with transaction.atomic(), quiet.no_indexing():
            importing.run()
    except BaseException:
        importing.pictures.forget_files()
        raise
    return importing.report


@dataclass(slots=True)
class _Placed:
    entry: Entry
    place: Place
    address: str = ""


@dataclass(slots=True)
class _Import:
    export: Export
    front: Front
    uploads: Path | None
    now: datetime
    watch: Watch[Any]
    report: Report = field(init=False)
    pictures: Pictures = field(init=False)
    pages: Pages = field(init=False)
    old_site: OldSite = field(init=False)
    lists: Lists = field(init=False)
    redirects: Redirects = field(init=False)
    reusable: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        export, memory = self.export, Memory(self.export, now=self.now)
        self.report = Report(memory.site, left_out=Counter(export.unread))
        self.report.controls_dropped = export.controls_dropped
        self.report.repairs = export.repairs
        self.pictures = Pictures(export, uploads=self.uploads, memory=memory, report=self.report)
        self.pages = Pages(self.front, memory, self.report)
        self.old_site = OldSite(export, self.front)
        self.redirects = Redirects(self.report)
        self.lists = Lists(
            export, self.pages, self.old_site, self.redirects, self.report, is_public
        )
        self.reusable = {entry.source_id: entry.html for entry in export.of_kind("wp_block")}

    def run(self) -> None:
        entries = self._worth_bringing()
        self.pictures.bring_attachments()
        placed = self._place_plain_pages([entry for entry in entries if entry.kind == "page"])
        self.lists.place(entries)
        posts = [entry for entry in entries if entry.kind == "post"]
        placed += [self._place_story(entry) for entry in self.watch(posts, "Making room")]
        for each in placed:
            self._note_where_it_went(each)
        for each in self.watch(placed, "Writing stories"):
            self._write(each)
        self.pages.go_live()
        self.redirects.make(addresses=self.old_site.pages)
        pictures = [picture.pk for picture in self.pictures.written]
        written = [*self.pages.written.items(), (Picture, pictures)]
        for model, pks in self.watch(written, "Indexing"):
            quiet.index(model, pks)
        if self.report.changed_anything:
            count = sum(map(len, self.pages.written.values()))
            transaction.on_commit(partial(archive_imported.send, sender=None, pages=count))

    def _worth_bringing(self) -> list[Entry]:
        """Posts and pages, each once; why the others stay behind is said in the report."""
        seen: set[tuple[str, str]] = set()
        worth = []
        for entry in self.export.entries:
            if entry.kind not in ("post", "page"):
                continue
            why = NEVER.get(entry.status, "")
            if (entry.kind, entry.source_id) in seen:
                why = "its number was taken by an item before it"
            seen.add((entry.kind, entry.source_id))
            if why:
                title = title_of(entry)
                source = f"{entry.kind} {entry.source_id}"
                self.report.items.append(Item(source, title, Outcome.LEFT_OUT, why=why))
            else:
                worth.append(entry)
        return worth

    def _place_plain_pages(self, entries: list[Entry]) -> list[_Placed]:
        """Parents before children; a page whose parent did not come stands under the front."""
        waiting = sorted(entries, key=lambda entry: (entry.menu_order, entry.source_id))
        numbers = {entry.source_id for entry in entries}
        placed: dict[str, _Placed] = {}
        while waiting:
            ready = [e for e in waiting if e.parent_id in placed or e.parent_id not in numbers]
            for entry in ready or waiting:  # parents in a circle stand under the front
                above = placed.get(entry.parent_id)
                under = above.place.page if above and above.place.page else self.front
                placed[entry.source_id] = self._place(entry, Kind.PLAIN_PAGE, PlainPage, under)
            waiting = [entry for entry in waiting if entry.source_id not in placed]
        return list(placed.values())

    def _place_story(self, entry: Entry) -> _Placed:
        section = self.lists.section_of(entry) or self.front
        return self._place(entry, Kind.STORY, Story, section)

    def _place(self, entry: Entry, kind: Any, model: type[Page], under: Page) -> _Placed:
        title = title_of(entry)
        slugs = (entry.slug, title, f"{kind.value}-{entry.source_id}")
        place = self.pages.place(
            kind, entry.source_id, model=model, under=under, title=title, slugs=slugs
        )
        return _Placed(entry, place)

    def _note_where_it_went(self, placed: _Placed) -> None:
        page = placed.place.page
        if page is None:
            return
        placed.address = address_of(page.url_path, self.front)
        if is_public(placed.entry):
            self.old_site.moved(placed.entry, to=placed.address, page=page.pk)
            self.redirects.want(self.old_site.paths_of(placed.entry), page=page.pk)

    def _write(self, placed: _Placed) -> None:
        notes = Notes()
        entry, place = placed.entry, placed.place
        values = self._values(entry, place, notes)
        outcome = self.pages.write(place, values)
        for key in entry.meta.keys() - KNOWN_META:
            notes.add("custom fields left out", key)
        self.report.items.append(
            Item(
                source=f"{entry.kind} {entry.source_id}",
                title=values["title"],
                outcome=outcome,
                why=why_not_live(entry),
                address=placed.address,
                kept=dict(Counter(block["type"] for block in values["body"])),
                changed=self._what_changed(placed),
                not_understood=notes.as_dict(),
            )
        )

    def _what_changed(self, placed: _Placed) -> dict[str, str]:
        changed = {}
        for old_path in self.old_site.paths_of(placed.entry)[:1]:
            if old_path == path_of(placed.address):
                break
            changed["address"] = f"{old_path} → {placed.address}"
        if placed.entry.is_sticky:
            changed["sticky"] = "it stood on top there; choose it as the lead story here"
        return changed

    def _values(self, entry: Entry, place: Place, notes: Notes) -> dict[str, Any]:
        published_at = entry.published_at or entry.modified_at or place.record.imported_at
        is_future = entry.status == "future"
        seo_title = entry.first("_yoast_wpseo_title")
        values = {
            "title": title_of(entry),
            "live": is_public(entry),
            "body": self._body(entry, notes),
            "seo_title": "" if "%%" in seo_title else markup.plain(seo_title)[:255],
            "search_description": markup.plain(entry.first("_yoast_wpseo_metadesc")),
            "go_live_at": published_at if is_future else None,
            "first_published_at": published_at if is_public(entry) else None,
            "last_published_at": entry.modified_at or published_at,
        }
        if entry.kind == "page":
            above = place.page.get_parent() if place.page else self.front
            return values | {"parent_id": above.pk}
        return values | self._story_values(entry, published_at, notes)

    def _story_values(self, entry: Entry, published_at: datetime, notes: Notes) -> dict[str, Any]:
        revised_at = entry.modified_at
        if revised_at is None or revised_at - published_at < SETTLES_WITHIN:
            revised_at = None
        number = entry.first("_thumbnail_id")
        lead = self.pictures.find("", number)
        if number and lead is None:
            notes.add("pictures that are missing", f"the lead picture, attachment {number}")
        section = self.lists.section_of(entry) or self.front
        return {
            "parent_id": section.pk,
            "standfirst": markup.plain(entry.excerpt),
            "lead_picture_id": lead.pk if lead else None,
            "lead_alt": lead.alt if lead else "",
            "lead_caption": lead.caption if lead else "",
            "revised_at": revised_at,
            "bylines": self.lists.authors_of(entry),
            "story_topics": self.lists.topics_of(entry),
        }

    def _body(self, entry: Entry, notes: Notes) -> list[dict[str, Any]]:
        attached = [
            each.source_id
            for each in self.export.of_kind("attachment")
            if each.parent_id == entry.source_id
        ]
        old = Surroundings(
            picture=self.pictures.find,
            link=lambda href: self.old_site.lead(href, notes),
            page_at=self.old_site.pages.get,
            attached=attached,
            reusable=self.reusable,
        )
        source = f"{self.report.site}/{entry.kind}/{entry.source_id}"
        return convert(entry.html, source=source, old=old, notes=notes)


def is_public(entry: Entry) -> bool:
    return entry.status == "publish" and not entry.has_password


def why_not_live(entry: Entry) -> str:
    """Why an item came in as a draft; empty if it is live."""
    if is_public(entry):
        return ""
    if entry.has_password:
        return "it had a password there, so it is a draft here"
    return f"it was {entry.status} there, so it is a draft here"


def title_of(entry: Entry) -> str:
    """The title, else how the text begins, else a number: every page of ours has one."""
    title = markup.plain(entry.title) or markup.plain(entry.excerpt or entry.html[:2000])[:60]
    return title[:255] or f"Untitled {entry.source_id}"
