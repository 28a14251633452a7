"""Where pages stand: addresses, languages, and what a link to a page needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tamizdat.editions.tracing import fact_about, fact_told_as, watch

COLUMNS = (
    "pk",
    "title",
    "url_path",
    "path",
    "live",
    "locale_id",
    "content_type_id",
    "show_in_menus",
    "translation_key",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page that anyone may read, as a link to it needs it."""

    pk: int
    title: str
    url: str  # from the root, legible: `/ru/порт/`
    language: str
    kind: str  # "story", "section", …
    in_menus: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What every address begins with, and what the database's numbers stand for."""

    prefixes: tuple[tuple[str, str], ...]  # url_path of a front → what its addresses begin with
    languages: Mapping[int, str]  # primary key of a locale → its code
    kinds: Mapping[int, str]  # primary key of a content type → the name of its model

    def url_of(self, url_path: str) -> str | None:
        """None for a page that is under no front of the site."""
        for start, prefix in self.prefixes:
            if url_path.startswith(start):
                return prefix + url_path.removeprefix(start)
        return None


@fact_told_as("page")
def ground() -> Ground:
    languages = dict(Locale.objects.order_by("pk").values_list("pk", "language_code"))
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    fronts = Page.objects.filter(depth=2, translation_key=site.root_page.translation_key)
    prefixes = []
    for url_path, locale in fronts.order_by("path").values_list("url_path", "locale_id"):
        code = languages[locale]
        prefixes.append((url_path, "/" if code == settings.LANGUAGE_CODE else f"/{code}/"))
    kinds = dict(ContentType.objects.order_by("pk").values_list("pk", "model"))
    return Ground(tuple(prefixes), languages, kinds)


@fact_told_as("page")
def _path(pk: int) -> str:
    return str(Page.objects.filter(pk=pk).values_list("path", flat=True).first() or "")


def tree_path(pk: int) -> str:
    """Where a page stands in the tree of pages; empty if it is not there."""
    watch(f"page:{pk}")
    path: str = _path(pk)
    return path


@fact_told_as("page")
def private_paths() -> tuple[str, ...]:
    """Where in the tree of pages what is not for everyone begins."""
    return tuple(sorted(PageViewRestriction.objects.values_list("page__path", flat=True)))


def private_depths(path: str) -> list[int]:
    """How long the paths are at which, below `path`, something begins that is not for everyone."""
    return sorted({len(each) for each in private_paths() if each.startswith(path)})


def place_of(row: Mapping[str, Any]) -> Place | None:
    """The place of a page with these `COLUMNS`; None if not everyone may read it."""
    url = ground().url_of(row["url_path"])
    if not row["live"] or url is None or row["path"].startswith(private_paths()):
        return None
    return Place(
        pk=row["pk"],
        title=row["title"],
        url=url,
        language=ground().languages[row["locale_id"]],
        kind=ground().kinds[row["content_type_id"]],
        in_menus=row["show_in_menus"],
    )


def add_translations(rows: Mapping[int, dict[str, Any]]) -> None:
    """Give each row the primary keys of the pages that say the same in another language."""
    by_key: dict[Any, list[int]] = {row["translation_key"]: [] for row in rows.values()}
    same = Page.objects.filter(translation_key__in=by_key).order_by("locale_id", "pk")
    for pk, key in same.values_list("pk", "translation_key"):
        by_key[key].append(pk)
    for pk, row in rows.items():
        row["translations"] = [each for each in by_key[row["translation_key"]] if each != pk]


def same_elsewhere(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The other languages in which the page can be read, with its addresses there."""
    watch(f"says:{str(row['translation_key']).replace('-', '')}")
    found = filter(None, (place(pk) for pk in row["translations"]))
    return tuple((each.language, each.url) for each in found)


def _load(pks: Collection[int]) -> Mapping[int, Any]:
    return {row["pk"]: row for row in Page.objects.filter(pk__in=pks).values(*COLUMNS)}


@fact_about("page", load=_load, is_link=True)
def place(row: Mapping[str, Any] | None) -> Place | None:
    """The page with this primary key, if everyone may read it."""
    return place_of(row) if row else None
