"""What stands around a page, as HTML: alike on most pages of a language, so it is made once."""

from django.template.loader import get_template
from django.utils import translation

from tamizdat.appeals import placing
from tamizdat.editions.tracing import fact, watch
from tamizdat.theme.facts.paper import Paper

PATH = "\ue000"  # in an ask: where the address of the page goes


@fact
def top(language: str, current: int, same: tuple[tuple[str, str], ...]) -> str:
    """The masthead. `current` is the section that the page is, 0 for any other page; `same` are
    the languages in which the page can be read too, with its addresses there."""
    return _rendered("theme/masthead.html", language, current=current, same=same)


@fact
def bottom(language: str) -> str:
    return _rendered("theme/footer.html", language)


@fact
def banner_html(language: str) -> str:
    """The slim line at the top; empty where no banner is on."""
    watch("message", "masthead")
    with translation.override(language):
        return get_template("appeals/banner.html").render(placing.banner(language))


@fact
def ask_html(language: str) -> str:
    """The ask with `PATH` where the page's address goes; empty where no ask is on."""
    watch("message", "masthead", "amounts")
    with translation.override(language):
        return get_template("appeals/ask.html").render(placing.ask(language) | {"path": PATH})


def _rendered(template: str, language: str, **context: object) -> str:
    with translation.override(language):
        return get_template(template).render({"paper": Paper(language), **context})
