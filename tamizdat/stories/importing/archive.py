"""Bringing a whole old site into the newsroom, a batch at a time.

Each batch is a transaction: pages, what stands on them, what follows them and how they are found
come together or not at all. So an import that was interrupted goes on where it was when it is run
again, and the desk can save between two batches. An export that is no whole export is refused by
its reader, before the first batch.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.storage import FileSystemStorage
from django.db import transaction

from tamizdat.stories.importing import quiet, uploads
from tamizdat.stories.importing.addresses import OldSite, address_of, path_of
from tamizdat.stories.importing.contents import Contents
from tamizdat.stories.importing.export import Entry, Export, ImportRefused
from tamizdat.stories.importing.growing import Wish
from tamizdat.stories.importing.labels import Labels
from tamizdat.stories.importing.lists import Lists
from tamizdat.stories.importing.memory import Kind, Memory, Place
from tamizdat.stories.importing.notes import Notes
from tamizdat.stories.importing.pages import Pages
from tamizdat.stories.importing.pictures import Pictures
from tamizdat.stories.importing.redirecting import Redirects
from tamizdat.stories.importing.report import Item, Outcome, Report
from tamizdat.stories.importing.seo import KNOWN_META
from tamizdat.stories.importing.spool import Shelf
from tamizdat.stories.importing.survey import (
    Survey,
    by_level,
    is_public,
    title_of,
    why_not_live,
)
from tamizdat.stories.models import Front, Imported, Picture, PlainPage, Story

T = TypeVar("T")
Watch = Callable[[list[T], str], Iterable[T]]
PICTURES_AT_ONCE = 20


def bring_in(
    export: Export, *, uploads: Path | None, language: str, now: datetime, watch: Watch[Any]
) -> Report:
    """Bring in what is new and change what changed. A second run with the same export does nothing.

    `uploads` is a folder or a ZIP archive. `watch` hands a list on, item by item, and may show how
    far it is. If it ends half-way, run it again.

    Raises ImportRefused, before anything is written, if `language` has no front or a file is bad.
    """
    importing = _Import(export, _front_in(language), _opened(uploads, export), now, watch)
    importing.run()
    return importing.report


def rehearse(
    export: Export, *, uploads: Path | None, language: str, now: datetime, watch: Watch[Any]
) -> Report:
    """Do all that `bring_in` would do, report it, and leave everything as it was.

    It is one transaction that is rolled back; on SQLite nobody can save meanwhile.
    """
    importing = _Import(export, _front_in(language), _opened(uploads, export), now, watch)
    importing.report.is_rehearsal = True
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        importing.pictures.storage = FileSystemStorage(folder)
        importing.run()
        transaction.set_rollback(True)
    return importing.report


def _front_in(language: str) -> Front:
    front = Front.objects.filter(locale__language_code=language).first()
    if front is None:
        raise ImportRefused(
            f"This newsroom has no front page in {language!r}. Choose another --language, or add "
            "it to languages in tamizdat.toml and run `tamizdat newsroom`."
        )
    return front


def _opened(path: Path | None, export: Export) -> uploads.Uploads | None:
    return uploads.opened(path, files=export.habits.files) if path else None


@dataclass(slots=True)
class _Import:
    export: Export
    front: Front
    uploads: uploads.Uploads | None
    now: datetime
    watch: Watch[Any]
    report: Report = field(init=False)
    pictures: Pictures = field(init=False)
    pages: Pages = field(init=False)
    old_site: OldSite = field(init=False)
    lists: Lists = field(init=False)
    redirects: Redirects = field(init=False)
    survey: Survey = field(init=False)
    contents: Contents = field(init=False)
    _months: Counter[str] = field(default_factory=Counter)  # "2020/05" → public posts
    _plain: Shelf[int] = field(default_factory=Shelf)  # plain pages by number
    _above: Shelf[int] = field(default_factory=Shelf)  # under which page each stands

    def __post_init__(self) -> None:
        export, memory = self.export, Memory(self.export, now=self.now)
        self.report = Report(memory.site, left_out=Counter(export.unread))
        self.report.controls_dropped = export.controls_dropped
        self.report.repairs = export.repairs
        self.pictures = Pictures(export, uploads=self.uploads, memory=memory, report=self.report)
        self.pages = Pages(self.front, memory, self.report)
        self.old_site = OldSite(export, self.front)
        self.redirects = Redirects(self.report)
        self.survey = Survey(export, self.report, self.pictures)
        self.lists = Lists(Labels(export), self.pages, self.old_site, self.redirects, self.report)
        self.contents = Contents(memory.site, self.survey, self.pictures, self.lists, self.old_site)

    def run(self) -> None:
        self._look()
        self._bring_attachments()
        levels = list(by_level(self.survey.plain_pages))
        for level in levels:
            self._place_plain_pages([self.export.entries[page.at] for page in level])
        for kind, batch in self.watch(self.lists.batches(), "Making lists"):
            with self._batch():
                self.lists.make(kind, batch)
        posts = self.survey.batches()
        for batch in self.watch(posts, "Making room"):
            self._place_stories(batch)
        for level in levels:
            self._write(Kind.PLAIN_PAGE, [page.at for page in level])
        for batch in self.watch(posts, "Writing stories"):
            self._write(Kind.STORY, batch)
        self._redirect()

    def _look(self) -> None:
        self.survey.look()
        for entry in self.survey.entries():
            self.lists.labels.count(entry)
            if entry.kind == "post" and is_public(entry) and entry.published_at:
                self._months[f"{entry.published_at:%Y/%m}"] += 1

    @contextmanager
    def _batch(self) -> Iterator[None]:
        try:
            with transaction.atomic():
                yield
                quiet.index(Picture, [picture.pk for picture in self.pictures.written])
        except BaseException:
            self.pictures.forget_files()
            raise
        self.pictures.written.clear()

    def _bring_attachments(self) -> None:
        """Bring what no text shows as well: the desk may want it."""
        attachments = self.survey.attachments
        starts = list(range(0, len(attachments), PICTURES_AT_ONCE))
        for start in self.watch(starts, "Bringing pictures"):
            with self._batch():
                for at in attachments[start : start + PICTURES_AT_ONCE]:
                    entry = self.export.entries[at]
                    if self.pictures.attached(entry) is None:
                        what = "attachments that are missing or no pictures"
                        self.report.notes.add(what, entry.title)

    def _place_plain_pages(self, entries: Sequence[Entry]) -> None:
        """A page whose parent did not come, or was deleted here, stands under the front."""
        wishes = []
        for entry in entries:
            under = self._plain.get(entry.parent_id) or self.front.pk
            self._above[entry.source_id] = under
            wishes.append(_wish(entry, Kind.PLAIN_PAGE, under))
        with self._batch():
            places = self.pages.place(Kind.PLAIN_PAGE, PlainPage, wishes)
        for place in places.values():
            if place.page is not None:
                self._plain[place.source_id] = place.page
        self._note_where_they_went(entries, places)

    def _place_stories(self, batch: Sequence[int]) -> None:
        entries = [self.export.entries[at] for at in batch]
        wishes = [_wish(e, Kind.STORY, self.lists.section_of(e)) for e in entries]
        with self._batch():
            places = self.pages.place(Kind.STORY, Story, wishes)
        self._note_where_they_went(entries, places)

    def _note_where_they_went(self, entries: Sequence[Entry], places: Mapping[str, Place]) -> None:
        for entry in entries:
            place = places[entry.source_id]
            if place.page is not None and is_public(entry):
                address = address_of(place.url_path, self.front)
                self.old_site.moved(entry, to=address, page=place.page)
                self.redirects.want(self.old_site.redirects_of(entry), page=place.page)

    def _write(self, kind: Imported.Kind, batch: Sequence[int]) -> None:
        model = Story if kind is Kind.STORY else PlainPage
        entries = [self.export.entries[at] for at in batch]
        with self._batch():
            # Read anew: the desk may have written, moved or deleted since a place was made.
            places = self.pages.memory.places(kind, [e.source_id for e in entries], model=model)
            notes = [Notes(entry.notes) for entry in entries]
            written = [
                (place, self._values(entry, place, noted))
                for entry, noted in zip(entries, notes, strict=True)
                for place in (places[entry.source_id],)
            ]
            outcomes = self.pages.write(model, written)
        for entry, (place, values), outcome, noted in zip(
            entries, written, outcomes, notes, strict=True
        ):
            self.report.add(self._item(entry, place, values, outcome, noted))

    def _values(self, entry: Entry, place: Place, notes: Notes) -> dict[str, Any]:
        if entry.kind == "post":
            return self.contents.of_story(entry, place, notes)
        under = self._above.get(entry.source_id) or self.front.pk
        return self.contents.of_plain_page(entry, place, under=under, notes=notes)

    def _item(
        self, entry: Entry, place: Place, values: Mapping[str, Any], outcome: Outcome, notes: Notes
    ) -> Item:
        for key in entry.meta.keys() - KNOWN_META:
            notes.add("custom fields left out", key)
        address = address_of(place.url_path, self.front) if place.page is not None else ""
        return Item(
            source=f"{entry.kind} {entry.source_id}",
            title=values["title"],
            outcome=outcome,
            why=why_not_live(entry),
            address=address,
            kept=dict(Counter(block["type"] for block in values["body"])),
            changed=self._what_changed(entry, address),
            not_understood=notes.as_dict(),
        )

    def _what_changed(self, entry: Entry, address: str) -> dict[str, str]:
        changed = {}
        for old_path in self.old_site.paths_of(entry)[:1]:
            if old_path == path_of(address):
                break
            changed["address"] = f"{old_path} → {address}"
        if entry.is_sticky:
            changed["sticky"] = "it stood on top there; choose it as the lead story here"
        return changed

    def _redirect(self) -> None:
        """Lead old addresses here: of the lists of all stories and of pictures' own pages too."""
        for at in self.survey.attachments:
            entry = self.export.entries[at]
            if page := self.old_site.page_of(entry.parent_id):
                self.redirects.want(self.old_site.redirects_of(entry), page=page)
        former = self.old_site.paths_of_everything(self._months)
        self.redirects.want(former, page=self.front.pk)
        for batch in self.redirects.batches():
            with self._batch():
                self.redirects.make(batch, occupied=self.old_site.occupied)


def _wish(entry: Entry, kind: Imported.Kind, under: int) -> Wish:
    title = title_of(entry)
    slugs = (entry.slug, title, f"{kind.value}-{entry.source_id}")
    return Wish(entry.source_id, under, title, slugs)
