"""What readers' templates may ask for, beside what their page gives them.

Compiled templates are kept and shared by all languages, so whatever speaks one asks for the
active language when it is called.
"""

from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import (
    get_language,
    get_language_bidi,
    gettext,
    ngettext,
    pgettext,
)
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from tamizdat.appeals.previewing import Previewed
from tamizdat.funding.addresses import give_address, page_elsewhere
from tamizdat.lib.dates import day_in_words, span_in_words
from tamizdat.theme.absolutes import languages_of
from tamizdat.theme.assets import asset_path
from tamizdat.theme.dates import local_day
from tamizdat.theme.embeds import frame_address, host
from tamizdat.theme.facts import surrounds
from tamizdat.theme.facts.bodies import Body
from tamizdat.theme.facts.lists import url_of_span
from tamizdat.theme.facts.paper import Paper
from tamizdat.theme.facts.pictures import Photo
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.stories import Card
from tamizdat.theme.feeds import formats_of
from tamizdat.theme.metadata import description, news_article, share_picture
from tamizdat.theme.pictures import SHAPES, Sources, sources_of
from tamizdat.theme.policy import content_policy
from tamizdat.theme.standing import prefix
from tamizdat.theme.styles import layers_for, style_of


class Lean(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dictionary: Jinja's own chain of two is copied slowly, and is for every page."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """For Django's Jinja2 backend. A name that is not there is an error, never silence."""
    options |= {"undefined": StrictUndefined, "keep_trailing_newline": True}
    made = Lean(**options, extensions=["jinja2.ext.i18n"])
    made.globals |= _FUNCTIONS | _LEFT_OUT | _WORDS
    made.filters |= {each.__name__: each for each in (day, host, local_day, paragraphs)}
    return made


def _ours(speak: Callable[..., str]) -> Callable[..., SafeString]:
    """Translations are HTML that we wrote; what is put into them is escaped by `trans`."""

    @lru_cache(maxsize=1000)  # Django looks through the catalogue of every app
    def said(_language: str | None, *words: Any) -> SafeString:
        return mark_safe(speak(*words))  # noqa: S308

    return lambda *words: said(get_language(), *words)


def paragraphs(text: str) -> SafeString:
    """What was written in a plain field, as HTML."""
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 it escapes


def paper_here() -> Paper:
    """Who we are, for a page that Django answers with."""
    return Paper(get_language() or "")


@pass_context
def page_style(
    context: Context,
    *layers: str,
    takes_payment: bool = False,
    searches: bool = False,
    body: Body | None = None,
) -> SafeString:
    """The page's CSS, and the policy that allows it and little else.

    The blocks of `body` may need a layer, or a frame, of their own. So does what the desk looks
    at: there no script decides what is shown.
    """
    previewed = context.get("previewed")
    extra = list(body.layers) if body else []
    if previewed:
        extra.append("scriptless" if previewed.is_scriptless else "previewed")
    style = style_of(layers_for(layers, extra))
    frames = body.frames if body else ()
    policy = content_policy(
        style=style, takes_payment=takes_payment, searches=searches, frames=frames
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return mark_safe(f"{meta}\n<style>{style}</style>")  # noqa: S308 our own files


def day(moment: datetime | date | None, with_year: bool = True) -> SafeString:
    """A day in the reader's words, inside a time element; nothing where there is none."""
    if moment is None:
        return SafeString()
    return _day(local_day(moment), get_language() or "", with_year=with_year)


@lru_cache(maxsize=2000)  # an archive has far more stories than days
def _day(day: date, language: str, *, with_year: bool) -> SafeString:
    words = day_in_words(day, language, with_year=with_year)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


def span(year: int, month: int = 0, *, short: bool = False) -> str:
    """A month, or a whole year, in the reader's words."""
    return _span(year, month, get_language() or "", short=short)


_span = lru_cache(maxsize=2000)(span_in_words)


def kicker_of(story: Card) -> str:
    """The word above a headline: the story's own, else its section."""
    section = None if story.kicker else place(story.section)
    return story.kicker or (section.title if section else "")


def sources(of: Photo, shape: str) -> Sources | None:
    """A picture in the widths of its place on the page."""
    return sources_of(of.row, SHAPES[shape])


def top(page: Any) -> str:
    """The masthead of the page's language."""
    current = getattr(page, "pk", 0) if getattr(page, "kind", "") == "section" else 0
    return surrounds.top(get_language() or "", current, getattr(page, "same", ()))


def bottom() -> str:
    return surrounds.bottom(get_language() or "")


def standing_page(name: str) -> str:
    """Where a page that is always there stands in this language."""
    return f"/{prefix(get_language() or '')}{name}/"


def absolute(page: Any) -> str:
    """The address to pass on: legible, and with our host, so that it lives longer than a mirror."""
    return f"{settings.SITE_ADDRESS}{page.url}"


def banner(page: Any = None, previewed: Previewed | None = None) -> str:
    """The slim line of the page. Its button leads to the static page about giving.

    `previewed` is what someone at the desk looks at before it is on.
    """
    if previewed:
        return surrounds.html_of(previewed.banner, place="banner") if previewed.banner else ""
    return surrounds.banner_html(get_language() or "", getattr(page, "is_sensitive", False))


def ask(page: Any, previewed: Previewed | None = None) -> str:
    """The ask at the end of `page`. On a sensitive story only one that may stand there does."""
    if previewed:
        message = previewed.ask
        html = surrounds.html_of(message, place="ask", path=surrounds.PATH) if message else ""
    else:
        html = surrounds.ask_html(get_language() or "", getattr(page, "is_sensitive", False))
    return mark_safe(html.replace(surrounds.PATH, escape(page.url)))  # noqa: S308 our template


def back(did: str, page: str = "") -> str:
    """Where who `did` something at the give zone reads on; their browser notes it there.

    The front, or `page` where that is one of another site that we ask on.
    """
    if elsewhere := page_elsewhere(page):
        return f"{elsewhere}#{did}"
    site = settings.SITE_ADDRESS if settings.GIVE_ADDRESS else ""
    return f"{site}/{prefix(get_language() or '')}#{did}"


def did_script() -> str:
    """The script that notes what a page says was done, where the site's storage is the page's."""
    return "" if settings.GIVE_ADDRESS else asset_path("appeals.js")


def giving_form() -> str:
    """The amounts, on the page about giving."""
    html = surrounds.giving_html(get_language() or "")
    return mark_safe(html.replace(surrounds.PATH, ""))  # noqa: S308 our template


def says(placement: str) -> dict[str, str]:
    """What the newsroom says at a place that is the same for all: thanks, give."""
    words: dict[str, str] = surrounds.words_of(placement, get_language() or "")
    return words


_gettext = _ours(gettext)
_WORDS = {
    "_": _gettext,
    "gettext": _gettext,
    "ngettext": _ours(ngettext),
    "pgettext": _ours(pgettext),
}
_FUNCTIONS: dict[str, Any] = {"give_url": give_address, "feeds_of": formats_of} | {
    each.__name__: each
    for each in (
        absolute,
        ask,
        asset_path,
        back,
        banner,
        bottom,
        description,
        did_script,
        frame_address,
        giving_form,
        get_language,
        get_language_bidi,
        kicker_of,
        languages_of,
        news_article,
        page_style,
        paper_here,
        says,
        share_picture,
        sources,
        span,
        standing_page,
        top,
        url_of_span,
    )
}
# What the base asks of every page, and a page need not say.
_LEFT_OUT: dict[str, Any] = {"page": None, "url": "", "previewed": None}
