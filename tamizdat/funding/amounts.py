"""What is proposed and allowed, for whatever a reader's address asks for."""

from collections.abc import Mapping

from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.outlet.models import Masthead


def ladder_for(fields: Mapping[str, str], *, language: str) -> AmountLadder:
    """That of the currency and interval asked for, else of the language's currency, monthly.

    Raises DoesNotExist when the newsroom has no amounts at all.
    """
    ladders = list(AmountLadder.objects.in_order())
    if not ladders:
        raise AmountLadder.DoesNotExist
    own_currency = Masthead.objects.speaking(language).currency

    def likeness(ladder: AmountLadder) -> tuple[bool, bool, bool, bool]:
        return (
            ladder.currency == fields.get("currency"),
            ladder.currency == own_currency,
            ladder.interval == fields.get("interval", AmountLadder.Interval.MONTH),
            ladder.interval == AmountLadder.Interval.MONTH,
        )

    return max(ladders, key=likeness)


def exact_ladder(fields: Mapping[str, str]) -> AmountLadder | None:
    """That of the currency and interval asked for, and no other."""
    # Compared here: what an address holds, such as a NUL, may be no text for a database.
    asked = fields.get("currency"), fields.get("interval")
    ladders = AmountLadder.objects.in_order()
    return next((one for one in ladders if (one.currency, one.interval) == asked), None)


def typed(money: Money) -> str:
    """As a person would type it: `2`, `2.50`, never `2.00`."""
    is_whole = money.major == money.major.to_integral_value()
    return f"{money.major:.0f}" if is_whole else f"{money.major:f}"


def as_asked(money: Money, interval: str) -> dict[str, str]:
    """The fields of an ask, as the checkout reads them."""
    return {"amount": typed(money), "currency": money.currency, "interval": interval}


def read(text: str, ladder: AmountLadder) -> Money | None:
    """The amount in an address, or None where it is no amount that `ladder` allows."""
    try:
        money = Money.parse(text, ladder.currency)
    except NotAnAmount:
        return None
    return money if ladder.least_minor <= money.minor <= ladder.most_minor else None
