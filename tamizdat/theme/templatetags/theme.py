"""What the theme's templates ask for."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tamizdat.stories.models import Picture
from tamizdat.theme.dates import day_in_words, local_day
from tamizdat.theme.paper import Paper
from tamizdat.theme.pictures import SHAPES, sources_of
from tamizdat.theme.policy import content_policy
from tamizdat.theme.styles import style_of

register = template.Library()


@register.simple_tag(takes_context=True)
def paper(context: Context) -> Paper:
    """Who we are, in the language of the page."""
    return Paper(language=get_language() or "", page=context.get("page"))


@register.simple_tag
def page_style(*layers: str, takes_payment: bool = False, frames: Any = ()) -> SafeString:
    """The page's CSS, and the policy that allows it and little else."""
    style = style_of(layers)
    policy = content_policy(style=style, takes_payment=takes_payment, frames=frames)
    meta = '<meta http-equiv="Content-Security-Policy" content="{}"><style>{}</style>'
    return format_html(meta, mark_safe(policy), mark_safe(style))  # noqa: S308 our own files


@register.simple_tag
def day(moment: datetime | date, *, with_year: bool = True) -> SafeString:
    """A day in the reader's words, inside a time element."""
    local = local_day(moment)
    words = day_in_words(local, get_language() or "", with_year=with_year)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


@register.inclusion_tag("theme/picture.html")
def picture(of: Picture, shape: str, *, alt: str = "", first: bool = False) -> dict[str, Any]:
    """A picture in the widths of its place. `first` is the one that the reader sees at once."""
    return sources_of(of, SHAPES[shape]) | {"alt": alt, "first": first}
