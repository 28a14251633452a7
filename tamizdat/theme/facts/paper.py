"""Who we are, our sections, our other languages."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from wagtail.models import Page

from tamizdat.editions.tracing import fact, watch
from tamizdat.lib.languages import language_name
from tamizdat.outlet.models import Masthead
from tamizdat.theme.facts.places import Place, place, tree_path


@dataclass(frozen=True, slots=True)
class Words:
    """The masthead of one language."""

    name: str
    tagline: str
    legal_notice: str
    footer: str
    currency: str


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The same page in another language, or that language's front."""

    code: str
    name: str
    url: str


@fact
def masthead(language: str) -> Words:
    watch("masthead")
    row = Masthead.objects.speaking(language)
    return Words(row.name, row.tagline, row.legal_notice, row.footer, row.currency)


@fact
def fronts() -> tuple[Place, ...]:
    """Of every language, in the order in which the newsroom began them."""
    watch(f"under:{Page.get_first_root_node().path}")
    pks = Page.objects.filter(depth=2).order_by("locale_id", "path").values_list("pk", flat=True)
    return tuple(found for found in places(pks) if found.kind == "front")


@fact
def below(pk: int) -> tuple[int, ...]:
    """The pages right under a page, in the order the desk gave them."""
    path = tree_path(pk)
    if not path:
        return ()
    watch(f"under:{path}")
    depth = len(path) // Page.steplen + 1
    under = Page.objects.filter(depth=depth, path__gte=path, path__lt=f"{path}~")
    return tuple(under.order_by("path").values_list("pk", flat=True))


def places(pks: Collection[int]) -> list[Place]:
    """Those of the pages that everyone may read."""
    return list(filter(None, place.of_many(list(pks))))


class Paper:
    """The outlet as a reader of one language meets it."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def masthead(self) -> Words:
        found: Words = masthead(self.language)
        return found

    @cached_property
    def front(self) -> Place | None:
        return next((each for each in fronts() if each.language == self.language), None)

    @cached_property
    def _below(self) -> list[Place]:
        return places(below(self.front.pk)) if self.front else []

    @cached_property
    def sections(self) -> list[Place]:
        return [each for each in self._below if each.kind == "section"]

    @cached_property
    def menu(self) -> list[Place]:
        return [section for section in self.sections if section.in_menus]

    @cached_property
    def about(self) -> list[Place]:
        """Where the footer leads: about us, who writes, what about."""
        return [each for each in self._below if each.kind in ("plainpage", "authors", "topics")]

    def other_languages(self, same: Collection[tuple[str, str]]) -> list[OtherLanguage]:
        """The fronts of the other languages, or the page itself where `same` says it is there."""
        urls = dict(same)
        return [
            OtherLanguage(
                front.language,
                language_name(front.language),
                urls.get(front.language, front.url),
            )
            for front in fronts()
            if front.language != self.language
        ]
