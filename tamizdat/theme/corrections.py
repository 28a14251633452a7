"""The page of corrections: all that we got wrong, newest first, a year on each page when long."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tamizdat.editions.targets import Begets, File, Product, target
from tamizdat.outlet.addresses import file_of
from tamizdat.theme.facts.corrections import Said, corrected_in, years_corrected
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.facts.places import place
from tamizdat.theme.standing import Standing, standing
from tamizdat.theme.words import rendered

ON_ONE_PAGE = 50


@target()
def corrections(language: str) -> Iterator[Product]:
    """The years that fit on one page, at least one, and links to the others."""
    shown: list[Said] = []
    older: list[int] = []
    for year in years_corrected(language):
        found = corrected_in(language, year)
        if shown and len(shown) + len(found) > ON_ONE_PAGE:
            older.append(year)
            yield Begets(("corrections_of", language, year))
        else:
            shown += found
    page = _page(language)
    yield File(file_of(page.url), _rendered(page, page.url, shown, year=0, older=older))


@target()
def corrections_of(language: str, year: int) -> Iterator[Product]:
    page = _page(language)
    url = f"{page.url}{year}/"
    yield File(
        file_of(url), _rendered(page, url, corrected_in(language, year), year=year, older=())
    )


def _page(language: str) -> Standing:
    with translation.override(language):
        about = _("What we got wrong, and what is right. We take none of it away.")
        return standing("corrections", language, _("Corrections"), says=about)


def _rendered(page: Standing, url: str, said: Sequence[Said], **context: Any) -> bytes:
    shown = [(place(of), fix) for of, fix in said]
    words = {"page": page, "url": url, "said": shown, "paper": Paper(page.language), **context}
    return rendered("theme/corrections.html", page.language, **words).encode()
