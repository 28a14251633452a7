"""Sums as Stripe writes them: in a smallest unit of its own, which is not always ours.

Ours is ISO 4217's (`lib/currencies.py`). Stripe's rules are at docs.stripe.com/currencies: two
decimals, but for the tables below. They differ: the crown of Iceland, which has none, is sent to
Stripe times a hundred; the ariary of Madagascar, which has two, without them.
"""

from tamizdat.lib.currencies import decimals
from tamizdat.lib.money import Money


def _set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


TWO_DECIMALS = _set(
    "AED AFN ALL AMD ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CHF CNY COP "
    "CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR ISK JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD SAR SBD SCR SEK SGD SHP "
    "SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD YER ZAR ZMW"
)
NO_DECIMALS = _set(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
)  # UGX is left out: Stripe's pages list it here and ask for it times a hundred
THREE_DECIMALS = _set("BHD JOD KWD OMR TND")  # the last of them must be 0
# HUF and TWD have two decimals in a charge and none in a payout; our books never see a payout
# of a charge, only sums of them.
CURRENCIES = TWO_DECIMALS | NO_DECIMALS | THREE_DECIMALS


class CannotBeWritten(ValueError):
    """The sum is no whole number of the other side's units."""


def to_stripe(money: Money) -> int:
    """Raises CannotBeWritten: nothing is rounded."""
    amount = _rescaled(money.minor, decimals(money.currency), _decimals(money.currency))
    if money.currency in THREE_DECIMALS and amount % 10:
        raise CannotBeWritten(f"{money.currency} must end in 0 at Stripe")
    return amount


def from_stripe(amount: int, currency: str) -> Money:
    """Raises CannotBeWritten: nothing is rounded."""
    code = currency.upper()
    return Money(_rescaled(amount, _decimals(code), decimals(code)), code)


def _decimals(currency: str) -> int:
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def _rescaled(amount: int, given: int, wanted: int) -> int:
    scaled, left = divmod(amount * 10**wanted, 10**given)
    if left:
        raise CannotBeWritten(f"{amount} has more than {wanted} decimals")
    return scaled
