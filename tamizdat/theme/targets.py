"""What the theme bakes beside the pages: for a wrong address, about giving, scripts, an icon."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tamizdat.editions.targets import Begets, File, Product, target
from tamizdat.funding.addresses import absolute_address
from tamizdat.outlet.addresses import file_of
from tamizdat.theme import assets, styles
from tamizdat.theme.enclosures import enclosed_in
from tamizdat.theme.facts import asks, lists
from tamizdat.theme.facts.paper import Paper, masthead
from tamizdat.theme.standing import prefix, standing
from tamizdat.theme.words import html, rendered


@target()
def root() -> Iterator[Product]:
    """What is there whatever the newsroom writes."""
    for code, _name in settings.LANGUAGES:
        yield Begets(("not_found", code))
        yield Begets(("give", code))
        yield Begets(("corrections", code))
        yield Begets(("search", code))
        yield Begets(("appeals", code))
    for name in assets.asset_names():
        yield Begets(("asset", name))
    yield Begets(("elsewhere",))
    yield Begets(("icon",))
    yield Begets(("sitemap",))
    yield Begets(("search_index",))
    yield Begets(("robots",))


@target()
def not_found(language: str) -> Iterator[Product]:
    paper = Paper(language)
    yield File(
        f"{prefix(language)}404.html", rendered("theme/404.html", language, paper=paper).encode()
    )


@target()
def give(language: str) -> Iterator[Product]:
    with translation.override(language):
        give_at = absolute_address("funding:checkout")
    context = {"paper": Paper(language), "give_at": give_at}
    path = f"{prefix(language)}give/index.html"
    yield File(path, rendered("theme/give.html", language, **context).encode())


@target()
def search(language: str) -> Iterator[Product]:
    """Where to look for a story: a form for those who run scripts, lists for everybody."""
    paper = Paper(language)
    with translation.override(language):
        page = standing("search", language, _("Search"))
    sections = [(each, lists.years(each.pk)) for each in paper.sections]
    context = {"paper": paper, "page": page, "sections": sections}
    yield File(file_of(page.url), rendered("theme/search.html", language, **context).encode())


@target()
def appeals(language: str) -> Iterator[Product]:
    """The list from which browsers choose what is asked, and what they fetch once it is chosen."""
    yield File(f"appeals/{language}.json", asks.list_of(language).encode())
    for key, fragment in asks.fragments(language):
        yield File(f"appeals/{language}/{key}.html", fragment.encode())
        yield from enclosed_in(fragment.encode())


@target()
def asset(name: str) -> Iterator[Product]:
    yield File(assets.asset_path(name).lstrip("/"), assets.asset_bytes(name))


@target()
def elsewhere() -> Iterator[Product]:
    """What a page that we do not bake needs to ask."""
    yield File(assets.ELSEWHERE, assets.asset_bytes(assets.ELSEWHERE))
    yield File("elsewhere.css", styles.style_elsewhere().encode())


@target()
def icon() -> Iterator[Product]:
    """The initial of the outlet, as its readers see it in a tab."""
    words = {"initial": masthead(settings.LANGUAGE_CODE).name.removeprefix("The ")[:1]}
    yield File("favicon.svg", html("theme/favicon.svg", words).encode())
