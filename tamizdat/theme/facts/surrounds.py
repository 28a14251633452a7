"""What stands around a page, as HTML: alike on most pages of a language, so it is made once."""

from typing import Any

from django.utils import translation

from tamizdat.appeals import placing
from tamizdat.editions.tracing import fact, watch
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.words import html

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
        return as_banner(placing.banner(language))


@fact
def ask_html(language: str) -> str:
    """The ask with `PATH` where the page's address goes; empty where no ask is on."""
    watch("message", "masthead", "amounts")
    with translation.override(language):
        return as_ask(placing.ask(language))


def _rendered(template: str, language: str, **context: object) -> str:
    with translation.override(language):
        return html(template, {"paper": Paper(language), **context})


def as_banner(words: dict[str, Any]) -> str:
    return html("appeals/banner.html", words) if words else ""


def as_ask(words: dict[str, Any]) -> str:
    return html("appeals/ask.html", words | {"path": PATH}) if words else ""
