"""The pages that list stories, out of categories, tags and writers."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from wagtail.models import Page

from tamizdat.stories.importing import markup
from tamizdat.stories.importing.addresses import OldSite, address_of
from tamizdat.stories.importing.export import Entry, Export, Term, Writer
from tamizdat.stories.importing.memory import Kind
from tamizdat.stories.importing.pages import Pages
from tamizdat.stories.importing.redirecting import Redirects
from tamizdat.stories.importing.report import Item, Outcome, Report
from tamizdat.stories.importing.wxr import without_address
from tamizdat.stories.models import Author, Authors, Section, Topic, Topics

NO_CATEGORY = Term("category", "archive", "Archive")
PRIMARY = "_yoast_wpseo_primary_category"
MENU = 8  # as many sections as stand in one line; the desk may add others
_MODELS: dict[Kind, type[Page]] = {Kind.SECTION: Section, Kind.TOPIC: Topic, Kind.AUTHOR: Author}


@dataclass(slots=True)
class Lists:
    export: Export
    pages: Pages
    old_site: OldSite
    redirects: Redirects
    report: Report
    is_public: Callable[[Entry], bool]
    sections: dict[str, Page] = field(default_factory=dict)  # by slug of the category
    topics: dict[str, Page] = field(default_factory=dict)  # by slug
    authors: dict[str, Page] = field(default_factory=dict)  # by login
    _terms: dict[tuple[str, str], Term] = field(default_factory=dict)

    def place(self, entries: list[Entry]) -> None:
        """Make a section for each primary category, a topic for all else, an author page each."""
        self._terms = {(t.taxonomy, t.slug): t for t in self.export.terms}
        for entry in entries:
            for term in entry.terms:
                self._terms.setdefault((term.taxonomy, term.slug), term)
        posts = [entry for entry in entries if entry.kind == "post"]
        self._place_sections(posts)
        self._place_topics(posts)
        self._place_authors(posts)

    def section_of(self, entry: Entry) -> Page | None:
        return self.sections.get(self.primary(entry).slug)

    def topics_of(self, entry: Entry) -> list[int]:
        """The topics of a story, each once, in the order of its labels."""
        slugs = self._topic_slugs(entry)
        return list(dict.fromkeys(self.topics[slug].pk for slug in slugs if slug in self.topics))

    def authors_of(self, entry: Entry) -> list[int]:
        logins = dict.fromkeys([entry.creator, *entry.co_writers])
        return [self.authors[login].pk for login in logins if login in self.authors]

    def primary(self, entry: Entry) -> Term:
        """The category that Yoast calls primary, else the first one."""
        own = [self._terms[t.taxonomy, t.slug] for t in entry.terms if t.taxonomy == "category"]
        chosen = entry.first(PRIMARY)
        by_id = [term for term in own if chosen and term.source_id == chosen]
        return next(iter([*by_id, *own]), NO_CATEGORY)

    def _topic_slugs(self, entry: Entry) -> list[str]:
        """Its tags, and its categories but the primary one."""
        primary = self.primary(entry)
        return [t.slug for t in entry.terms if t.taxonomy == "post_tag" or t.slug != primary.slug]

    def _place_sections(self, posts: list[Entry]) -> None:
        shown = Counter(self.primary(post).slug for post in posts if self.is_public(post))
        menu = {slug for slug, _count in shown.most_common(MENU)}
        for term in dict.fromkeys(self.primary(post) for post in posts):
            self.sections |= self._list_page(
                Kind.SECTION,
                term,
                under=self.pages.front,
                is_shown=term.slug in shown,
                in_menu=term.slug in menu,
                paths=self._category_paths(term) if term is not NO_CATEGORY else [],
            )

    def _place_topics(self, posts: list[Entry]) -> None:
        primaries = {self.primary(post).slug for post in posts}
        under = Topics.objects.child_of(self.pages.front).get()
        shown, seconds = set(), set()
        for post in posts:
            slugs = set(self._topic_slugs(post))
            seconds |= slugs
            shown |= slugs if self.is_public(post) else set()
        for term in self._terms.values():
            is_section = term.taxonomy == "category" and term.slug in primaries
            if (is_section and term.slug not in seconds) or term.slug in self.topics:
                continue
            self.topics |= self._list_page(
                Kind.TOPIC,
                term,
                under=under,
                is_shown=term.slug in shown,
                paths=self._paths_of_topic(term.slug, has_section=term.slug in primaries),
            )

    def _place_authors(self, posts: list[Entry]) -> None:
        under = Authors.objects.child_of(self.pages.front).get()
        shown = {
            login
            for post in posts
            if self.is_public(post)
            for login in (post.creator, *post.co_writers)
        }
        for writer in self._writers(posts):
            slug = writer.source_id
            found = self._list_page(
                Kind.AUTHOR,
                Term("author", slug, writer.name),
                under=under,
                is_shown=writer.login in shown,
                paths=[f"/author/{slug}"],
            )
            self.authors.update((writer.login, page) for page in found.values())

    def _writers(self, posts: list[Entry]) -> Iterable[Writer]:
        """Those whom the export names, then those whom only a post names."""
        named = {writer.login: writer for writer in self.export.writers}
        for post in posts:
            for login in (post.creator, *post.co_writers):
                if login and login not in named:
                    name = without_address(login)
                    shown = name.replace("-", " ").replace("_", " ").title()
                    named[login] = Writer(login, name, shown)
        return named.values()

    def _list_page(
        self,
        kind: Kind,
        term: Term,
        *,
        under: Page,
        is_shown: bool,
        paths: list[str],
        in_menu: bool = False,
    ) -> dict[str, Page]:
        """One page by its slug on the old site; nothing if the desk deleted it."""
        title = markup.plain(term.name)[:255] or term.slug
        place = self.pages.place(
            kind,
            term.slug,
            model=_MODELS[kind],
            under=under,
            title=title,
            slugs=(term.slug, title, kind),
        )
        values = {
            "title": title,
            "live": is_shown,
            "introduction": markup.plain(term.description),
            "show_in_menus": in_menu,
            "parent_id": under.pk,
        }
        outcome = self.pages.write(place, values)
        item = Item(f"{kind} {unquote(term.slug)}", title, outcome)
        self.report.items.append(item)
        if place.page is None:
            return {}
        item.address = address_of(place.page.url_path, self.pages.front)
        if outcome is not Outcome.DELETED and is_shown:
            self.old_site.archive_moved(paths, to=item.address, page=place.page.pk)
            self.redirects.want([self.old_site.folder + path for path in paths], page=place.page.pk)
        return {term.slug: place.page}

    def _paths_of_topic(self, slug: str, *, has_section: bool) -> list[str]:
        """A tag and a category of one name become one topic, unless the category is a section."""
        tag, category = (self._terms.get((kind, slug)) for kind in ("post_tag", "category"))
        paths = [f"/tag/{unquote(slug)}"] if tag else []
        return paths + (self._category_paths(category) if category and not has_section else [])

    def _category_paths(self, term: Term) -> list[str]:
        """Both with its parents before it, as WordPress links it, and without."""
        trail = [term.slug]
        while (parent := self._terms.get(("category", term.parent_slug))) and (
            parent.slug not in trail
        ):
            trail.insert(0, parent.slug)
            term = parent
        full = "/category/" + "/".join(map(unquote, trail))
        return list(dict.fromkeys([full, f"/category/{unquote(trail[-1])}"]))
