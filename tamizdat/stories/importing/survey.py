"""What must be known of all entries before the first is written: one pass over the export."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.export import Entry, Export
from tamizdat.stories.importing.pictures import Pictures
from tamizdat.stories.importing.report import Item, Outcome, Report
from tamizdat.stories.importing.spool import Shelf

NEVER = {
    "trash": "in the bin of the old site",
    "auto-draft": "never saved there",
    "inherit": "a revision",
}
BATCH = 100
BATCH_CHARACTERS = 2_000_000  # of HTML: a few very long stories are a batch as well


@dataclass(frozen=True, slots=True)
class PlainPageEntry:
    at: int
    source_id: str
    parent_id: str
    menu_order: int


@dataclass(slots=True)
class Survey:
    """Which entries come; of each only where it lies, when it was published and how long it is."""

    export: Export
    report: Report
    pictures: Pictures
    plain_pages: list[PlainPageEntry] = field(default_factory=list)
    attachments: "array[int]" = field(default_factory=lambda: array("Q"))
    reusable: dict[str, str] = field(default_factory=dict)
    _posts: "array[int]" = field(default_factory=lambda: array("Q"))
    _times: "array[float]" = field(default_factory=lambda: array("d"))
    _lengths: "array[int]" = field(default_factory=lambda: array("Q"))
    _seen: Shelf[int] = field(default_factory=Shelf)
    _attached: Shelf[str] = field(default_factory=Shelf)  # by the number of the parent

    def look(self) -> None:
        """Go through the export once; why something stays behind is said in the report."""
        for at, entry in enumerate(self.export.entries):
            if entry.kind in ("post", "page"):
                self._note_page(at, entry)
            elif entry.kind == "attachment":
                self._note_attachment(at, entry)
            elif entry.kind == "wp_block":
                self.reusable[entry.source_id] = entry.html

    def attached_to(self, entry: Entry) -> list[str]:
        return (self._attached.get(entry.source_id) or "").split()

    def entries(self) -> Iterator[Entry]:
        """Each that comes, in the order of the export."""
        pages = (page.at for page in self.plain_pages)
        return (self.export.entries[at] for at in merge(self._posts, pages))

    def batches(self) -> list[list[int]]:
        """Where the posts lie, the oldest first, in lists that fit into memory."""
        order = sorted(range(len(self._posts)), key=self._times.__getitem__)
        batches: list[list[int]] = [[]]
        room = BATCH_CHARACTERS
        for place in order:
            room -= self._lengths[place]
            if len(batches[-1]) == BATCH or (room < 0 and batches[-1]):
                batches.append([])
                room = BATCH_CHARACTERS - self._lengths[place]
            batches[-1].append(self._posts[place])
        return [batch for batch in batches if batch]

    def _note_page(self, at: int, entry: Entry) -> None:
        why = NEVER.get(entry.status, "")
        key = f"{entry.kind} {entry.source_id}"
        if self._seen.setdefault(key, at) != at:
            why = "its number was taken by an item before it"
        if why:
            self.report.add(Item(key, title_of(entry), Outcome.LEFT_OUT, why=why))
        elif entry.kind == "page":
            page = PlainPageEntry(at, entry.source_id, entry.parent_id, entry.menu_order)
            self.plain_pages.append(page)
        else:
            self._posts.append(at)
            self._times.append(_seconds(entry.published_at or entry.modified_at))
            self._lengths.append(len(entry.html))

    def _note_attachment(self, at: int, entry: Entry) -> None:
        self.pictures.note(at, entry)
        self.attachments.append(at)
        if entry.parent_id:
            others = self._attached.get(entry.parent_id) or ""
            self._attached[entry.parent_id] = f"{others} {entry.source_id}".strip()


def by_level(pages: Sequence[PlainPageEntry]) -> Iterator[list[PlainPageEntry]]:
    """Parents before children; those whose parents stand in a circle come last, all at once."""
    waiting = sorted(pages, key=lambda page: (page.menu_order, page.source_id))
    numbers = {page.source_id for page in pages}
    placed: set[str] = set()
    while waiting:
        ready = [p for p in waiting if p.parent_id in placed or p.parent_id not in numbers]
        yield ready or waiting
        placed |= {page.source_id for page in ready or waiting}
        waiting = [page for page in waiting if page.source_id not in placed]


def title_of(entry: Entry) -> str:
    """The title, else how the text begins, else a number: every page of ours has one."""
    title = markup.plain(entry.title) or markup.plain(entry.excerpt or entry.html[:2000])[:60]
    return title[:255] or f"Untitled {entry.source_id}"


def is_public(entry: Entry) -> bool:
    """A post of no day is not: it would stand among the news of the day of the import."""
    has_a_day = entry.kind != "post" or entry.published_at or entry.modified_at
    return entry.status == "publish" and not entry.has_password and bool(has_a_day)


def why_not_live(entry: Entry) -> str:
    """Why an item came in as a draft; empty if it is live."""
    if is_public(entry):
        return ""
    if entry.has_password:
        return "it had a password there, so it is a draft here"
    if entry.status == "publish":
        return "it had no date there, so it is a draft here: give it one"
    return f"it was {entry.status} there, so it is a draft here"


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else float("inf")
