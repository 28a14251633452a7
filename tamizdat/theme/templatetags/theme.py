"""What the theme's templates ask for."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.encoding import uri_to_iri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tamizdat.lib.dates import day_in_words
from tamizdat.stories.models import Picture, PictureRow, Story
from tamizdat.theme.assets import asset_path
from tamizdat.theme.dates import local_day
from tamizdat.theme.embeds import frame_address, frame_origins, host
from tamizdat.theme.metadata import description, news_article, share_picture
from tamizdat.theme.paper import Paper
from tamizdat.theme.pictures import SHAPES, sources_of
from tamizdat.theme.policy import content_policy
from tamizdat.theme.styles import layers_for, style_of

register = template.Library()


@register.simple_tag(takes_context=True)
def paper(context: Context) -> Paper:
    """Who we are, in the language of the page."""
    return Paper(language=get_language() or "", page=context.get("page"))


@register.simple_tag
def page_style(*layers: str, takes_payment: bool = False, body: Any = ()) -> SafeString:
    """The page's CSS, and the policy that allows it and little else.

    `body` is the blocks of the page: some need a layer, or a frame, of their own.
    """
    style = style_of(layers_for(layers, body))
    policy = content_policy(style=style, takes_payment=takes_payment, frames=frame_origins(body))
    meta = '<meta http-equiv="Content-Security-Policy" content="{}">\n<style>{}</style>'
    return format_html(meta, mark_safe(policy), mark_safe(style))  # noqa: S308 our own files


@register.simple_tag
def day(moment: datetime | date, *, with_year: bool = True) -> SafeString:
    """A day in the reader's words, inside a time element."""
    local = local_day(moment)
    words = day_in_words(local, get_language() or "", with_year=with_year)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


@register.simple_tag(takes_context=True)
def kicker(context: Context, story: Story) -> str:
    """The word above a headline: the story's own, else its section."""
    section = context["paper"].section_of(story)
    words = story.kicker or (section.title if section else "")
    return format_html('<p class="kicker">{}</p>', words) if words else ""


@register.simple_tag
def embed_script(body: Any) -> str:
    """The script that opens an embed in its place, where there is one that can be opened."""
    if not frame_origins(body):
        return ""
    return format_html('<script type="module" src="{}"></script>', asset_path("embed.js"))


register.simple_tag(description)
register.simple_tag(share_picture)
register.simple_tag(news_article)
register.filter("legible", uri_to_iri)  # Cyrillic written out is a third of its percent codes
register.filter(frame_address)
register.filter(host)


@register.inclusion_tag("theme/picture.html")
def picture(of: Picture, shape: str, *, alt: str = "", first: bool = False) -> dict[str, Any]:
    """A picture in the widths of its place. `first` is the one that the reader sees at once."""
    shown = sources_of(PictureRow.of(of), SHAPES[shape])
    return {"shown": shown, "alt": alt, "first": first}
