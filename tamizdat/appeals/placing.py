"""What stands where an outlet asks: the words of a message with what they need around them."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from tamizdat.appeals import offers
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.message import fill
from tamizdat.funding import amounts, methods
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead

_WORDS = ("headline", "text", "button", "note")


def banner(language: str, message: Message | None = None) -> dict[str, Any]:
    """The slim line at the top: `message`, else the one that is on; nothing where none is."""
    message = message or Message.objects.live(Message.Placement.BANNER, language=language)
    if not message:
        return {}
    outlet = Masthead.objects.speaking(language).name
    return {
        "text": fill(message.text, outlet=outlet),
        "button": fill(message.button, outlet=outlet),
        "prefix": "" if language == settings.LANGUAGE_CODE else f"/{language}",
    }


def ask(language: str, message: Message | None = None) -> dict[str, Any]:
    """The ask at the end of a story: `message`, else the one that is on; nothing where none is."""
    message = message or Message.objects.live(Message.Placement.ASK, language=language)
    masthead = Masthead.objects.speaking(language)
    ladder = offers.monthly(masthead.currency)
    if not message or not ladder:
        return {}
    words = {name: fill(getattr(message, name), outlet=masthead.name) for name in _WORDS}
    with override(language):
        ways = list(methods.taking(ladder.currency).values())
    return words | {
        "amounts": [
            _amount(money, button=words["button"], language=language) for money in ladder.presets
        ],
        "smallest": Money(min(ladder.presets_minor), ladder.currency).format(language),
        "proposed": amounts.typed(ladder.proposed),
        "currency": ladder.currency,
        "interval": str(ladder.interval),
        "ways": ways,
    }


def _amount(money: Money, *, button: str, language: str) -> tuple[str, str, str]:
    label = money.format(language)
    return amounts.typed(money), label, fill(button, amount=label)
