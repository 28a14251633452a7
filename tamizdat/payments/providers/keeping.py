"""What some providers can do besides taking money: keep an instrument, and tell how long it lives.

A bank transfer keeps nothing, PayPal only with a gift, so this is no part of `Provider`: ask
`can_keep`.
"""

from datetime import date
from typing import Protocol, TypeGuard, runtime_checkable

from tamizdat.payments.providers.base import Order, Page, Provider, Remote


@runtime_checkable
class KeepsInstruments(Protocol):
    """Opened for no money (`Order.money` is 0), its page only names an instrument.

    Such a payment is READY when the reader has done so, and is never confirmed: `keep` it, or
    `cancel` it.
    """

    code: str

    def open(self, order: Order, page: Page) -> Remote:
        """As `Provider.open`."""

    def fetch(self, *, key: str = "", remote_id: str = "") -> Remote | None:
        """As `Provider.fetch`."""

    def cancel(self, *, key: str, remote_id: str = "") -> Remote | None:
        """As `Provider.cancel`; the instrument is forgotten too."""

    def keep(self, remote: Remote) -> Remote:
        """The same, with the token under which its instrument is charged later. Moves no money."""

    def expiry_of(self, token: str) -> date | None:
        """The last day of a kept instrument; None if it has none, or is not known any more."""


def can_keep(provider: Provider) -> TypeGuard[KeepsInstruments]:
    return isinstance(provider, KeepsInstruments)
