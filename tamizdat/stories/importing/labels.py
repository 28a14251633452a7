"""Which lists the old site's categories, tags and writers make, counted over all its posts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.utils.text import slugify

from tamizdat.stories.importing.export import Entry, Export, Term, Writer, without_address
from tamizdat.stories.importing.survey import is_public

NO_CATEGORY = Term("category", "archive", "Archive")
PRIMARIES = ("_yoast_wpseo_primary_category", "rank_math_primary_category")
MENU = 8  # as many sections as stand in one line; the desk may add others


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list that is to be a page, and what led to it on the old site."""

    slug: str
    name: str
    stories: int  # that are public; a list without any is not shown
    paths: Sequence[str]
    query: str = ""  # "cat=3"
    description: str = ""
    in_menu: bool = False


@dataclass(slots=True)
class Labels:
    """Ask only after `count` has seen every entry."""

    export: Export
    _terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    _primaries: dict[str, Term] = field(default_factory=dict)  # by slug, in the order of the posts
    _seconds: set[str] = field(default_factory=set)  # slugs of labels beside the primary one
    _writers: dict[str, Writer] = field(default_factory=dict)  # by all that a post may call them
    _shown: dict[str, Counter[str]] = field(
        default_factory=lambda: {"section": Counter(), "topic": Counter(), "author": Counter()}
    )

    def __post_init__(self) -> None:
        self._terms = {(t.taxonomy, t.slug): t for t in self.export.terms}
        for writer in self.export.writers:
            self._writers[writer.login] = writer
        for writer in self.export.writers:
            self._writers.setdefault(slugify(writer.login), writer)  # WordPress's own nicename

    def count(self, entry: Entry) -> None:
        """Note under what an entry is to be listed."""
        for term in entry.terms:
            self._terms.setdefault((term.taxonomy, term.slug), term)
        if entry.kind != "post":
            return
        for login in filter(None, (entry.creator, *entry.co_writers)):
            self._writers.setdefault(login, _unnamed(login))
        primary, topics = self.primary(entry), self.topic_slugs(entry)
        self._primaries.setdefault(primary.slug, primary)
        self._seconds.update(topics)
        if is_public(entry):
            self._shown["section"][primary.slug] += 1
            self._shown["topic"].update(set(topics))
            self._shown["author"].update(set(self.author_slugs(entry)))

    def primary(self, entry: Entry) -> Term:
        """The category that Yoast or Rank Math calls primary, else the first one."""
        own = [self._terms[t.taxonomy, t.slug] for t in entry.terms if t.taxonomy == "category"]
        chosen = next(filter(None, map(entry.first, PRIMARIES)), "")
        by_id = [term for term in own if chosen and term.source_id == chosen]
        return next(iter([*by_id, *own]), NO_CATEGORY)

    def topic_slugs(self, entry: Entry) -> list[str]:
        """Its tags, and its categories but the primary one."""
        primary = self.primary(entry)
        return [t.slug for t in entry.terms if t.taxonomy == "post_tag" or t.slug != primary.slug]

    def author_slugs(self, entry: Entry) -> list[str]:
        """Those who sign: the co-authors where there are any, as their plugin shows it."""
        logins = filter(None, entry.co_writers or [entry.creator])
        return [self._writers[login].source_id for login in logins]

    def sections(self) -> list[ListPage]:
        shown = self._shown["section"]
        menu = {slug for slug, _count in shown.most_common(MENU)}
        return [
            ListPage(
                slug,
                term.name,
                stories=shown[slug],
                paths=self._category_paths(term) if term is not NO_CATEGORY else (),
                query=f"cat={term.source_id}" if term.source_id else "",
                description=term.description,
                in_menu=slug in menu,
            )
            for slug, term in self._primaries.items()
        ]

    def topics(self) -> list[ListPage]:
        """A tag and a category of one name become one topic, unless the category is a section."""
        topics: dict[str, Term] = {}
        for term in self._terms.values():
            is_section = term.taxonomy == "category" and term.slug in self._primaries
            if not is_section or term.slug in self._seconds:
                topics.setdefault(term.slug, term)
        return [
            ListPage(
                slug,
                term.name,
                stories=self._shown["topic"][slug],
                paths=self._topic_paths(slug),
                query=_query(term),
                description=term.description,
            )
            for slug, term in topics.items()
        ]

    def authors(self) -> list[ListPage]:
        """Those whom the export names, then those whom only a post names."""
        writers: dict[str, Writer] = {}
        for writer in (*self.export.writers, *self._writers.values()):
            writers.setdefault(writer.source_id, writer)
        return [
            ListPage(
                slug,
                writer.name,
                stories=self._shown["author"][slug],
                paths=[f"/{self.export.habits.author}/{s}" for s in _spellings(slug)],
                query=f"author={writer.number}" if writer.number else "",
                description=writer.introduction,
            )
            for slug, writer in writers.items()
        ]

    def _topic_paths(self, slug: str) -> list[str]:
        tag, category = (self._terms.get((kind, slug)) for kind in ("post_tag", "category"))
        habits = self.export.habits
        is_path_of_section = slug in self._primaries and habits.tag == habits.category
        paths = [f"/{habits.tag}/{unquote(slug)}"] if tag and not is_path_of_section else []
        is_topic = category and slug not in self._primaries
        return [*paths, *(self._category_paths(category) if category and is_topic else ())]

    def _category_paths(self, term: Term) -> list[str]:
        """Both with its parents before it, as WordPress links it, and without."""
        trail = [term.slug]
        while (parent := self._terms.get(("category", term.parent_slug))) and (
            parent.slug not in trail
        ):
            trail.insert(0, parent.slug)
            term = parent
        base = f"/{self.export.habits.category}/"
        paths = (base + "/".join(map(unquote, trail)), base + unquote(trail[-1]))
        return list(dict.fromkeys(paths))


def _query(term: Term) -> str:
    if term.taxonomy == "post_tag":
        return f"tag={unquote(term.slug)}"
    return f"cat={term.source_id}" if term.source_id else ""


def _spellings(slug: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (slug, slugify(slug)))))


def _unnamed(login: str) -> Writer:
    name = without_address(login)
    return Writer(login, name, name.replace("-", " ").replace("_", " ").title())
