"""What the theme's templates ask for."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tamizdat.appeals import placing
from tamizdat.appeals.models import Message
from tamizdat.lib.dates import day_in_words, span_in_words
from tamizdat.theme.absolutes import languages_of
from tamizdat.theme.assets import asset_path
from tamizdat.theme.dates import local_day
from tamizdat.theme.embeds import frame_address, host
from tamizdat.theme.facts import lists, surrounds
from tamizdat.theme.facts.bodies import Body
from tamizdat.theme.facts.paper import OtherLanguage, Paper
from tamizdat.theme.facts.pictures import Photo
from tamizdat.theme.facts.places import place
from tamizdat.theme.facts.stories import Card
from tamizdat.theme.facts.surrounds import PATH, ask_html, banner_html
from tamizdat.theme.feeds import formats_of
from tamizdat.theme.metadata import description, news_article, share_picture
from tamizdat.theme.pictures import SHAPES, sources_of
from tamizdat.theme.policy import content_policy
from tamizdat.theme.standing import prefix
from tamizdat.theme.styles import layers_for, style_of

register = template.Library()


@register.simple_tag(takes_context=True)
def paper(context: Context) -> Paper:
    """Who we are, in the language of the page."""
    return context.get("paper") or Paper(get_language() or "")


@register.simple_tag
def page_style(
    *layers: str, takes_payment: bool = False, searches: bool = False, body: Body | None = None
) -> SafeString:
    """The page's CSS, and the policy that allows it and little else.

    The blocks of `body` may need a layer, or a frame, of their own.
    """
    style = style_of(layers_for(layers, body.layers if body else ()))
    frames = body.frames if body else ()
    policy = content_policy(
        style=style, takes_payment=takes_payment, searches=searches, frames=frames
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return mark_safe(f"{meta}\n<style>{style}</style>")  # noqa: S308 our own files


@register.simple_tag
def day(moment: datetime | date, *, with_year: bool = True) -> SafeString:
    """A day in the reader's words, inside a time element."""
    return _day(local_day(moment), get_language() or "", with_year=with_year)


@lru_cache(maxsize=2000)  # an archive has far more stories than days
def _day(day: date, language: str, *, with_year: bool) -> SafeString:
    words = day_in_words(day, language, with_year=with_year)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


@register.simple_tag
def span(year: int, month: int = 0, *, short: bool = False) -> str:
    """A month, or a whole year, in the reader's words."""
    return span_in_words(year, month, get_language() or "", short=short)


@register.simple_tag
def span_url(page: Any, year: int | tuple[int, int], month: int = 0) -> str:
    """Where what the page lists of a month or year stands."""
    span = year if isinstance(year, tuple) else (year, month)
    return lists.url_of_span(page.url, *span)


@register.simple_tag
def feeds(page: Any) -> SafeString:
    """Where feed readers find the page's feeds."""
    link = '<link rel="alternate" type="{}" title="{}" href="{}">\n'
    rows = ((kind, page.title, address) for kind, address in formats_of(page))
    return format_html_join("", link, rows)


@register.simple_tag
def alternates(page: Any) -> list[tuple[str, str]]:
    """The languages of a page and what suits all others, as its head names them."""
    return languages_of(get_language() or "", page.url, page.same)


@register.simple_tag
def kicker(story: Card) -> str:
    """The word above a headline: the story's own, else its section."""
    section = None if story.kicker else place(story.section)
    words = story.kicker or (section.title if section else "")
    return format_html('<p class="kicker">{}</p>', words) if words else ""


@register.simple_tag
def embed_script(body: Body) -> str:
    """The script that opens an embed in its place, where there is one that can be opened."""
    if not body.frames:
        return ""
    return format_html('<script type="module" src="{}"></script>', asset_path("embed.js"))


register.simple_tag(description)
register.simple_tag(share_picture)
register.simple_tag(news_article)
register.filter(frame_address)
register.filter(host)


@register.simple_tag
def picture(of: Photo, shape: str, *, alt: str = "", first: bool = False) -> SafeString | str:
    """A picture in the widths of its place. `first` is the one that the reader sees at once."""
    sources = sources_of(of.row, SHAPES[shape])
    words = {"shown": sources, "alt": alt, "first": first}
    return get_template("theme/picture.html").render(words)


@register.simple_tag(takes_context=True)
def top(context: Context) -> str:
    """The masthead of the page's language."""
    page = context.get("page")
    current = getattr(page, "pk", 0) if getattr(page, "kind", "") == "section" else 0
    return surrounds.top(get_language() or "", current, getattr(page, "same", ()))


@register.simple_tag
def bottom() -> str:
    return surrounds.bottom(get_language() or "")


@register.simple_tag
def search_script() -> str:
    """The script of the search page. It is on no other."""
    return format_html('<script type="module" src="{}"></script>', asset_path("search.js"))


@register.simple_tag
def standing_page(name: str) -> str:
    """Where a page that is always there stands in this language."""
    return f"/{prefix(get_language() or '')}{name}/"


@register.simple_tag
def absolute(page: Any) -> str:
    """The address to pass on: legible, and with our host, so that it lives longer than a mirror."""
    return f"{settings.SITE_ADDRESS}{page.url}"


@register.simple_tag(takes_context=True)
def other_languages(context: Context, same: Sequence[tuple[str, str]]) -> list[OtherLanguage]:
    found: list[OtherLanguage] = context["paper"].other_languages(same)
    return found


@register.simple_tag(takes_context=True)
def banner(context: Context) -> str:
    """The slim line at the top. Its button leads to the static page about giving."""
    language = get_language() or ""
    message = _previewed(context, Message.Placement.BANNER)
    if message:
        return get_template("appeals/banner.html").render(placing.banner(language, message))
    return banner_html(language)


@register.simple_tag(takes_context=True)
def ask(context: Context, page: Any = None) -> SafeString | str:
    """The ask at the end of `page`, or of no page in particular. A sensitive story has none."""
    if getattr(page, "is_sensitive", False):
        return ""
    language = get_language() or ""
    message = _previewed(context, Message.Placement.ASK)
    html = ask_html(language)
    if message:
        words = placing.ask(language, message) | {"path": PATH}
        html = get_template("appeals/ask.html").render(words)
    return mark_safe(html.replace(PATH, escape(page.url if page else "")))  # noqa: S308 our template


def _previewed(context: Context, placement: Message.Placement) -> Message | None:
    """The message that someone at the desk looks at before it is on."""
    message: Message | None = context.get("previewed_message")
    return message if message and message.placement == placement else None
