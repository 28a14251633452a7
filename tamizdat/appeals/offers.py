"""What an ask offers, and what a reader has chosen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext_lazy as _

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
        """From the fields of an ask. None when they hold no whole gift."""
        currency = fields.get("currency", "")
        interval = fields.get("interval", "")
        if currency not in CURRENCIES or interval not in INTERVALS:
            return None
        try:
            money = Money.parse(fields.get("amount", ""), currency)
        except NotAnAmount:
            return None
        return cls(money, interval) if 0 < money.minor < 10**9 else None

    def fields(self) -> dict[str, str]:
        """As the checkout reads them."""
        return {
            "amount": typed(self.money),
            "currency": self.money.currency,
            "interval": self.interval,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    presets: list[Money]
    proposed: Money
    interval: str


CURRENCIES = {"USD", "EUR"}
INTERVALS = {"month", "year", "once"}


def typed(money: Money) -> str:
    """The amount as a person would type it: `2`, `2.5`, never `2.00` or `2,00`."""
    return f"{money.major.normalize():f}"


def monthly(currency: str) -> Offer:
    """What is proposed for each month, the smallest first."""
    presets = [Money(minor, currency) for minor in (200, 500, 1000, 2000)]
    return Offer(presets=presets, proposed=presets[1], interval="month")


def ways_to_pay(currency: str) -> list[str]:
    """What the marks under an ask say: only what a provider that is set up really takes."""
    methods = [method for provider in registry.taking(currency) for method in provider.methods]
    return [str(MARKS.get(method, method)) for method in dict.fromkeys(methods)]
