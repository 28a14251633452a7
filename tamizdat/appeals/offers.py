"""What an ask offers, and what a reader has chosen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

from tamizdat.funding.models import AmountLadder
from tamizdat.lib.money import Money, NotAnAmount
from tamizdat.payments.providers import registry

MARKS = {
    "card": _("Card"),
    "paypal": "PayPal",
    "wallet": _("Wallet"),
    "transfer": _("Bank transfer"),
    "crypto": _("Crypto"),
}


@dataclass(frozen=True, slots=True)
class Gift:
    """What someone has in mind to give: `5 USD`, each `month`."""

    money: Money
    interval: str

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Self | None:
        """From the fields of an ask. None unless they hold a gift that the checkout would take."""
        currency, interval = fields.get("currency", ""), fields.get("interval", "")
        ladder = AmountLadder.objects.filter(currency=currency, interval=interval).first()
        if ladder is None:
            return None
        try:
            money = Money.parse(fields.get("amount", ""), currency)
        except NotAnAmount:
            return None
        is_allowed = ladder.least_minor <= money.minor <= ladder.most_minor
        return cls(money, interval) if is_allowed else None

    def fields(self) -> dict[str, str]:
        """As the checkout reads them."""
        return {
            "amount": typed(self.money),
            "currency": self.money.currency,
            "interval": self.interval,
        }


def typed(money: Money) -> str:
    """The amount as a person would type it: `2`, `2.5`, never `2.00` or `2,00`."""
    return f"{money.major.normalize():f}"


def monthly(currency: str) -> AmountLadder | None:
    """The ladder of a month in `currency`; in another if that one has none."""
    ladders = AmountLadder.objects.filter(interval=AmountLadder.Interval.MONTH).in_order()
    return ladders.filter(currency=currency).first() or ladders.first()


def ways_to_pay(currency: str) -> list[str]:
    """What the marks under an ask say: only what a provider that is set up really takes."""
    methods = [method for provider in registry.taking(currency) for method in provider.methods]
    return [str(MARKS.get(method, method)) for method in dict.fromkeys(methods)]
