"""Stripe and PayPal at ports of this machine: their interfaces, and pages for readers' browsers."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.payments import paypal_nowhere, stripe_nowhere
from tests.payments.paypal_nowhere import PayPalNowhere
from tests.payments.sockets import a_socket
from tests.payments.stripe_nowhere import StripeNowhere


@dataclass(frozen=True)
class Processors:
    stripe: StripeNowhere
    paypal: PayPalNowhere
    addresses: tuple[str, str]

    @property
    def settings(self) -> dict[str, str]:
        """Of a newsroom that is paid there."""
        stripe, paypal = self.addresses
        return {
            "TAMIZDAT_STRIPE_ENABLED": "on",
            "TAMIZDAT_STRIPE_ADDRESS": stripe,
            "TAMIZDAT_STRIPE_KEY": stripe_nowhere.KEY,
            "TAMIZDAT_STRIPE_HOOK_SECRET": stripe_nowhere.HOOK_SECRET,
            "TAMIZDAT_PAYPAL_ENABLED": "on",
            "TAMIZDAT_PAYPAL_ADDRESS": paypal,
            "TAMIZDAT_PAYPAL_CLIENT_ID": paypal_nowhere.CLIENT_ID,
            "TAMIZDAT_PAYPAL_SECRET": paypal_nowhere.SECRET,
            "TAMIZDAT_PAYPAL_WEBHOOK_ID": paypal_nowhere.WEBHOOK_ID,
        }


@contextlib.contextmanager
def at_ports() -> Iterator[Processors]:
    stripe, paypal = StripeNowhere(), PayPalNowhere()
    with a_socket(stripe.app) as at_stripe, a_socket(paypal.app) as at_paypal:
        stripe.bank.pages, paypal.bank.pages = at_stripe, at_paypal
        yield Processors(stripe, paypal, (at_stripe, at_paypal))
