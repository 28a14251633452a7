"""`{% banner %}` and `{% ask page %}`: nothing at all where no message is on."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.translation import get_language

from tamizdat.appeals import offers
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.message import fill
from tamizdat.funding import amounts, methods
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead

register = template.Library()

_WORDS = ("headline", "text", "button", "note")


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
        "prefix": "" if _language() == settings.LANGUAGE_CODE else f"/{_language()}",
    }


@register.inclusion_tag("appeals/ask.html", takes_context=True)
def ask(context: Context, page: Any = None) -> dict[str, Any]:
    """The ask at the end of `page`, or of no page in particular. A sensitive story has none."""
    message = _message(context, Message.Placement.ASK)
    if not message or getattr(page, "is_sensitive", False):
        return {}
    masthead = Masthead.objects.speaking(_language())
    ladder = offers.monthly(masthead.currency)
    if not ladder:
        return {}
    words = {name: fill(getattr(message, name), outlet=masthead.name) for name in _WORDS}
    return words | {
        "amounts": [_amount(money, button=words["button"]) for money in ladder.presets],
        "smallest": Money(min(ladder.presets_minor), ladder.currency).format(_language()),
        "proposed": amounts.typed(ladder.proposed),
        "currency": ladder.currency,
        "interval": ladder.interval,
        "ways": list(methods.taking(ladder.currency).values()),
        "path": _path(page),
    }


def _amount(money: Money, *, button: str) -> tuple[str, str, str]:
    label = money.format(_language())
    return amounts.typed(money), label, fill(button, amount=label)


def _path(page: Any) -> str:
    parts = page.get_url_parts() if page else None
    return parts[2] if parts else ""


def _message(context: Context, placement: Message.Placement) -> Message | None:
    previewed: Message | None = context.get("previewed_message")
    if previewed and previewed.placement == placement:
        return previewed
    return Message.objects.live(placement, language=_language())


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
