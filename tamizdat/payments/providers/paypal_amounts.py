"""Sums as PayPal writes them: decimal text, by its own table of decimals.

From developer.paypal.com/reference/currency-codes. Ours are those of ISO 4217 (`Money`), so the
forint and the new Taiwan dollar have cents with us and none there.
"""

import re
from collections.abc import Mapping

from tamizdat.lib.currencies import decimals as decimals_of
from tamizdat.lib.money import Money


def _set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


TWO_DECIMALS = _set(
    "AUD CAD CHF CZK DKK EUR GBP HKD ILS MXN NOK NZD PHP PLN SEK SGD THB USD"
)  # BRL, CNY and MYR only change hands inside their countries, and so are not offered
NO_DECIMALS = _set("HUF JPY TWD")
CURRENCIES = TWO_DECIMALS | NO_DECIMALS

VALUE = re.compile(r"(-?)(\d{1,18})(?:\.(\d{1,3}))?")  # as in PayPal's OpenAPI, without ".5"


class CannotBeWritten(ValueError):
    """PayPal does not take this currency, or not so small a part of it."""


def to_paypal(money: Money) -> dict[str, str]:
    """Raises CannotBeWritten: nothing is rounded."""
    decimals = _decimals(money.currency)
    step = 10 ** (decimals_of(money.currency) - decimals)
    units, left = divmod(money.minor, step)
    if left:
        raise CannotBeWritten(f"{money.currency} has no part as small as {money.minor}")
    whole, part = divmod(abs(units), 10**decimals)
    sign = "-" if units < 0 else ""
    value = f"{sign}{whole}.{part:0{decimals}}" if decimals else f"{sign}{whole}"
    return {"currency_code": money.currency, "value": value}


def from_paypal(amount: Mapping[str, str]) -> Money:
    """Raises CannotBeWritten, and KeyError for what is no amount."""
    currency = amount["currency_code"]
    match = VALUE.fullmatch(amount["value"])
    if not match:
        raise CannotBeWritten(f"no amount of {currency}")
    precision = decimals_of(currency)
    sign, whole, part = match[1], match[2], (match[3] or "").ljust(precision, "0")
    if part[precision:].strip("0"):
        raise CannotBeWritten(f"more than {precision} decimals of {currency}")
    minor = int(whole + part[:precision])
    return Money(-minor if sign else minor, currency)


def _decimals(currency: str) -> int:
    if currency not in CURRENCIES:
        raise CannotBeWritten(f"PayPal takes no {currency}")
    return 0 if currency in NO_DECIMALS else 2
