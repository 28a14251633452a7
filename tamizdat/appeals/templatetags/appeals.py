"""`{% banner %}` and `{% ask page %}`: nothing at all where no message is on."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import get_language

from tamizdat.appeals import offers
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.message import fill
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead

register = template.Library()


@register.inclusion_tag("appeals/banner.html", takes_context=True)
def banner(context: Context) -> dict[str, Any]:
    """The slim line at the top. Its button leads to the static page about giving."""
    message = _message(context, Message.Placement.BANNER)
    if not message:
        return {}
    outlet = Masthead.objects.speaking(_language()).name
    return {
        "text": fill(message.text, outlet=outlet),
        "button": fill(message.button, outlet=outlet),
        "address": offers.path_of("give"),
    }


@register.inclusion_tag("appeals/ask.html", takes_context=True)
def ask(context: Context, page: Any = None) -> dict[str, Any]:
    """The ask at the end of `page`, except where a page is sensitive."""
    message = _message(context, Message.Placement.ASK)
    if not message or getattr(page, "is_sensitive", False):
        return {}
    language = _language()
    masthead = Masthead.objects.speaking(language)
    presets = offers.presets(masthead.currency)
    amounts = [(_typed(money), money.format(language)) for money in presets]
    return {
        "headline": fill(message.headline, outlet=masthead.name),
        "text": fill(message.text, outlet=masthead.name),
        "note": fill(message.note, outlet=masthead.name),
        "buttons": [
            fill(message.button, outlet=masthead.name, amount=amount) for _, amount in amounts
        ],
        "amounts": amounts,
        "proposed": amounts[1][0],
        "smallest": amounts[0][1],
        "currency": masthead.currency,
        "path": page.get_url_parts()[2] if page and page.get_url_parts() else "",
        "checkout": offers.path_of("checkout"),
        "remind": offers.path_of("remind"),
    }


def _typed(money: Money) -> str:
    """As the checkout reads it: 2, not 2.00 or 2,00."""
    return f"{money.major:f}".removesuffix(".00")


def _message(context: Context, placement: Message.Placement) -> Message | None:
    previewed: Message | None = context.get("previewed_message")
    if previewed and previewed.placement == placement:
        return previewed
    return Message.objects.live(placement, language=_language())


def _language() -> str:
    return get_language() or "en"
