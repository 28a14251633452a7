from django import template
from django.utils.translation import get_language

from tamizdat.lib.money import Money

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """An amount as the one who looks at it writes amounts, to the cent."""
    return amount.in_full(get_language() or "en")
