"""What stands where an outlet asks: the words of a message with what they need around them."""

from typing import Any

from babel.numbers import format_percent
from django.conf import settings
from django.utils.translation import override

from tamizdat.appeals import offers
from tamizdat.appeals.models import Message
from tamizdat.appeals.models.message import fill
from tamizdat.funding import amounts, fees, methods
from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money
from tamizdat.outlet.models import Masthead

_WORDS = ("headline", "text", "button", "note")


def words(message: Message) -> dict[str, Any]:
    """What it says, the outlet named."""
    outlet = Masthead.objects.speaking(message.locale.language_code).name
    filled = {name: fill(getattr(message, name), outlet=outlet) for name in _WORDS}
    of_the_message = {"key": message.key, "placement": str(message.placement)}
    return filled | of_the_message | _progress(message)


def banner(message: Message) -> dict[str, Any]:
    """A line that leads to the page about giving; a safety notice leads to what is said of it."""
    language = message.locale.language_code
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return words(message) | {"prefix": prefix, "is_large": message.is_large}


def ask(message: Message) -> dict[str, Any]:
    """An ask with its amounts; nothing where the newsroom has none."""
    language = message.locale.language_code
    ladder = offers.monthly(Masthead.objects.speaking(language).currency)
    if not ladder:
        return {}
    filled, presets = words(message), offers.presets(message.presets, ladder)
    with override(language):
        ways = methods.taking(ladder.currency, interval=ladder.interval)
    return filled | {
        "amounts": [_amount(one, button=filled["button"], language=language) for one in presets],
        "smallest": min(presets, key=lambda one: one.minor).format(language),
        "proposed": amounts.typed(_proposed(presets, ladder)),
        "currency": ladder.currency,
        "interval": str(ladder.interval),
        "ways": list(ways.values()) if message.shows_ways else [],
        # The ask in the page itself has no room for it: its page must stay within 8 KB.
        "year": None if message.is_standing else _a_year(presets, next(iter(ways), ""), language),
    }


def _progress(message: Message) -> dict[str, Any]:
    """How far its campaign has come, in hundredths, and in words; None where nothing is shown."""
    goal = message.campaign.money if message.campaign else None
    reached = message.campaign.reached if message.campaign and goal else None
    language = message.locale.language_code
    return {
        "reached": reached,
        "reached_of": format_percent((reached or 0) / 100, locale=language.replace("-", "_")),
        "goal": goal.format(language) if goal else "",
    }


def _proposed(presets: list[Money], ladder: AmountLadder) -> Money:
    return ladder.proposed if ladder.proposed in presets else presets[len(presets) // 2]


def _a_year(presets: list[Money], way: str, language: str) -> tuple[str, str] | None:
    """The smallest amount for a year at once, where the first way to pay eats much of it."""
    smallest = min(presets, key=lambda one: one.minor)
    rate = methods.rate_of(way, smallest.currency, interval=AmountLadder.Interval.MONTH)
    year = fees.year_at_once(smallest, rate) if rate else None
    return (amounts.typed(year), year.format(language)) if year else None


def _amount(money: Money, *, button: str, language: str) -> tuple[str, str, str]:
    label = money.format(language)
    return amounts.typed(money), label, fill(button, amount=label)
