from tamizdat.payments.errors import NotSetUp
from tamizdat.payments.providers.base import Provider

_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Offer `provider`, in place of an earlier one of the same code."""
    _providers[provider.code] = provider


def get(code: str) -> Provider:
    """Raises NotSetUp."""
    if code not in _providers:
        raise NotSetUp(code)
    return _providers[code]


def taking(currency: str) -> list[Provider]:
    """Those through which this currency can be paid, in the order they were set up."""
    return [provider for provider in _providers.values() if currency in provider.currencies]


def all_of_them() -> list[Provider]:
    return list(_providers.values())
