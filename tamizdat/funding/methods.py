"""The ways to pay that a provider of this newsroom really takes."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tamizdat.funding.models import AmountLadder
from tamizdat.payments.models import Breaker
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.base import Provider
from tamizdat.payments.providers.rates import Rate

ONCE = AmountLadder.Interval.ONCE
NAMES = {
    "card": _("Card"),
    "wallet": _("Wallet"),
    "paypal": "PayPal",
    "transfer": _("Bank transfer"),
    "crypto": _("Crypto"),
}


def taking(currency: str, *, interval: str = ONCE) -> dict[str, str]:
    """Each way to pay in `currency` that often, and its name in the active language.

    In the order of NAMES, whoever was set up first: the first is what a form proposes.
    """
    ways = [way for provider in providers(currency, interval=interval) for way in provider.methods]
    known = list(NAMES)
    ways.sort(key=lambda way: known.index(way) if way in known else len(known))
    return {way: name(way) for way in ways}


def provider_of(way: str, currency: str, *, interval: str = ONCE) -> str:
    """The code of the provider that takes it; empty if there is none."""
    bank = _provider(way, currency, interval)
    return bank.code if bank else ""


def rate_of(way: str, currency: str, *, interval: str) -> Rate | None:
    """What is usually kept of a gift that comes this way; None where nobody told us."""
    bank = _provider(way, currency, interval)
    return bank.rates.get(currency) if bank else None


def name(way: str) -> str:
    return str(NAMES.get(way, way))


def of_provider(code: str) -> tuple[str, ...]:
    """The ways in which it may be paid there; all there are, if it is not set up any more."""
    banks = [bank for bank in registry.all_of_them() if bank.code == code]
    return _all_that_come(banks[0]) if banks else tuple(NAMES)


def not_told_apart(way: str) -> list[str]:
    """`way`, and what else is paid through whoever takes it: one rule holds for all of them."""
    banks = [_all_that_come(bank) for bank in registry.all_of_them()]
    return sorted({way, *(other for ways in banks if way in ways for other in ways)})


def all_of_them() -> list[str]:
    """Every way that can be paid here in some currency."""
    return list(dict.fromkeys(way for bank in registry.all_of_them() for way in bank.methods))


def as_shown() -> list[tuple[object, ...]]:
    """All that pages tell of whoever takes money, in the order in which they were set up."""
    return [
        (
            bank.code,
            sorted(bank.currencies),
            bank.methods,
            sorted(bank.rates.items()),
            bank.keeps_instruments,
            bank.is_push,
        )
        for bank in registry.all_of_them()
    ]


def learns_country(way: str) -> bool:
    """Whether whoever takes it tells us the payer's country before any money moves."""
    return all(bank.learns_country for bank in registry.all_of_them() if way in bank.methods)


def is_blind(provider: str) -> bool:
    """Whether nobody there will ever tell us the payer's country before money moves."""
    banks = registry.all_of_them()
    return any(bank.code == provider and not bank.learns_country for bank in banks)


def _all_that_come(bank: Provider) -> tuple[str, ...]:
    return (*bank.methods, *bank.hidden_methods)


def _provider(way: str, currency: str, interval: str) -> Provider | None:
    banks = providers(currency, interval=interval)
    return next((bank for bank in banks if way in bank.methods), None)


def providers(currency: str, *, interval: str) -> Iterator[Provider]:
    """What comes again is asked only of those who charge again, or whose readers send it."""
    banks = registry.taking(currency)
    return (bank for bank in banks if interval == ONCE or bank.keeps_instruments or bank.is_push)


def turned_off(currency: str, *, interval: str = ONCE) -> list[str]:
    """The ways to pay whose provider is turned off for now."""
    off = set(Breaker.objects.filter(state=Breaker.State.OPEN).values_list("provider", flat=True))
    ways = taking(currency, interval=interval) if off else {}
    return [way for way in ways if provider_of(way, currency, interval=interval) in off]
