"""The ways to pay that a provider of this newsroom really takes."""

from django.utils.translation import gettext_lazy as _

from tamizdat.payments.providers import registry

NAMES = {
    "card": _("Card"),
    "wallet": _("Wallet"),
    "paypal": "PayPal",
    "transfer": _("Bank transfer"),
    "crypto": _("Crypto"),
}


def taking(currency: str) -> dict[str, str]:
    """Each way to pay in `currency`, and its name in the active language."""
    ways = (way for provider in registry.taking(currency) for way in provider.methods)
    return {way: str(NAMES.get(way, way)) for way in ways}


def provider_of(way: str, currency: str) -> str:
    """The code of the provider that takes it; empty if there is none."""
    banks = registry.taking(currency)
    return next((bank.code for bank in banks if way in bank.methods), "")
