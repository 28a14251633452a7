"""What is proposed and allowed, for whatever a reader's address asks for."""

from collections.abc import Mapping

from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.outlet.models import Masthead


def ladder_for(fields: Mapping[str, str], *, language: str) -> AmountLadder:
    """That of the currency and interval asked for, else of the language's currency, monthly.

    Raises DoesNotExist when the newsroom has no amounts at all.
    """
    wished = AmountLadder.objects.filter(
        currency__in=[fields.get("currency", ""), Masthead.objects.speaking(language).currency]
    )
    ladders = (wished.exists() and wished) or AmountLadder.objects.all()
    interval = fields.get("interval", AmountLadder.Interval.MONTH)

    def likeness(ladder: AmountLadder) -> tuple[bool, bool, bool]:
        return (
            ladder.currency == fields.get("currency"),
            ladder.interval == interval,
            ladder.interval == AmountLadder.Interval.MONTH,
        )

    if not ladders:
        raise AmountLadder.DoesNotExist
    return max(ladders.in_order(), key=likeness)


def typed(money: Money) -> str:
    """As a person would type it: `2`, `2.5`, never `2.00`."""
    return f"{money.major.normalize():f}"


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
