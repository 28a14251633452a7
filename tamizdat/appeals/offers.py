"""What an ask offers: the amounts of a month and where to give."""

from django.conf import settings
from django.utils.translation import get_language

from tamizdat.lib.money import Money


def presets(currency: str) -> list[Money]:
    """The amounts proposed for a month, the smallest first."""
    return [Money(minor, currency) for minor in (200, 500, 1000, 2000)]


def path_of(name: str) -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return f"/{name}/" if language == settings.LANGUAGE_CODE else f"/{language}/{name}/"
