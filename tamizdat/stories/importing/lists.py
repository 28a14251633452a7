"""The pages that list stories, out of categories, tags and writers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from wagtail.models import Page

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.addresses import OldSite, address_of
from tamizdat.stories.importing.export import Entry
from tamizdat.stories.importing.growing import Wish
from tamizdat.stories.importing.labels import Labels, ListPage
from tamizdat.stories.importing.memory import Kind
from tamizdat.stories.importing.pages import Pages
from tamizdat.stories.importing.redirecting import Redirects
from tamizdat.stories.importing.report import Item, Report
from tamizdat.stories.models import Author, Authors, Section, Topic, Topics

BATCH = 200
_MODELS: dict[Kind, type[Page]] = {Kind.SECTION: Section, Kind.TOPIC: Topic, Kind.AUTHOR: Author}
Batch = tuple[Kind, Sequence[ListPage]]


@dataclass(slots=True)
class Lists:
    labels: Labels
    pages: Pages
    old_site: OldSite
    redirects: Redirects
    report: Report
    _made: dict[tuple[Kind, str], int] = field(default_factory=dict)  # by slug of the term

    def batches(self) -> list[Batch]:
        """A section for each primary category, a topic for all else, an author page each."""
        plans = (
            (Kind.SECTION, self.labels.sections()),
            (Kind.TOPIC, self.labels.topics()),
            (Kind.AUTHOR, self.labels.authors()),
        )
        return [
            (kind, pages[start : start + BATCH])
            for kind, pages in plans
            for start in range(0, len(pages), BATCH)
        ]

    def make(self, kind: Kind, batch: Sequence[ListPage]) -> None:
        """Make these pages, unless they are there; nothing where the desk deleted one."""
        under = self._above(kind)
        wishes = [
            Wish(each.slug, under, _title(each), (each.slug, _title(each), kind)) for each in batch
        ]
        places = self.pages.place(kind, _MODELS[kind], wishes)
        written = [(places[each.slug], _values(each, under)) for each in batch]
        outcomes = self.pages.write(_MODELS[kind], written)
        for each, (place, values), outcome in zip(batch, written, outcomes, strict=True):
            item = Item(f"{kind} {unquote(each.slug)}", values["title"], outcome)
            if place.page is not None:
                item.address = address_of(place.url_path, self.pages.front)
                self._made[kind, each.slug] = place.page
                self._note_where_it_went(each, place.page, item.address)
            self.report.add(item)

    def section_of(self, entry: Entry) -> int:
        """The page under which a story stands: the front where the desk deleted its section."""
        slug = self.labels.primary(entry).slug
        return self._made.get((Kind.SECTION, slug)) or int(self.pages.front.pk)

    def topics_of(self, entry: Entry) -> list[int]:
        """The topics of a story, each once, in the order of its labels."""
        return self._those_made(Kind.TOPIC, self.labels.topic_slugs(entry))

    def authors_of(self, entry: Entry) -> list[int]:
        return self._those_made(Kind.AUTHOR, self.labels.author_slugs(entry))

    def _those_made(self, kind: Kind, slugs: Sequence[str]) -> list[int]:
        made = (self._made.get((kind, slug)) for slug in dict.fromkeys(slugs))
        return [pk for pk in made if pk is not None]

    def _above(self, kind: Kind) -> int:
        front = self.pages.front
        if kind is Kind.TOPIC:
            return int(Topics.objects.child_of(front).get().pk)
        if kind is Kind.AUTHOR:
            return int(Authors.objects.child_of(front).get().pk)
        return int(front.pk)

    def _note_where_it_went(self, each: ListPage, page: int, address: str) -> None:
        if each.stories:
            self.old_site.archive_moved(each.paths, to=address, page=page)
            former = self.old_site.paths_of_list(each.paths, stories=each.stories)
            self.redirects.want(former, page=page)
            self.redirects.want(self.old_site.numbered(each.query), page=page)


def _title(each: ListPage) -> str:
    return markup.plain(each.name)[:255] or each.slug


def _values(each: ListPage, under: int) -> dict[str, Any]:
    return {
        "title": _title(each),
        "live": bool(each.stories),
        "introduction": markup.plain(each.description),
        "show_in_menus": each.in_menu,
        "parent_id": under,
    }
