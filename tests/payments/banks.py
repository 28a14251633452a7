"""The banks in this process, one at a time, with the same verbs."""

import contextlib

import pytest

from tamizdat.payments.errors import Unreachable
from tamizdat.payments.providers import registry
from tests.demo_bank.nowhere import Nowhere
from tests.payments.paypal_nowhere import PayPalNowhere
from tests.payments.stripe_nowhere import StripeNowhere

BANKS = {"demo-bank": Nowhere, "stripe": StripeNowhere, "paypal": PayPalNowhere}
# Where a card is named: it has a fingerprint and a last day, and its bank may ask its reader.
OF_CARDS = ["demo-bank", "stripe"]

# Something happened to a payment, in the words of each bank at once.
EVENT = {
    "id": "evt_1",
    "type": "payment.ready",
    "object": "pay_1",
    "data": {"object": {"id": "pay_1"}},
    "event_type": "CHECKOUT.ORDER.APPROVED",
    "resource": {"id": "pay_1"},
}


@contextlib.contextmanager
def only(bank):
    """Its provider is the one that is set up, and no other."""
    usual, registry._providers = registry._providers, {}
    registry.register(bank.provider)
    yield bank
    registry._providers = usual


def make_deaf(bank, verb, about):
    """Asked `verb` about this token or id, its provider never answers."""
    ask = getattr(bank.provider, verb)

    def answer(*args, **words):
        if about in (*args, *words.values()):
            raise Unreachable("500")
        return ask(*args, **words)

    setattr(bank.provider, verb, answer)


@pytest.fixture
def nowhere(request):
    """The demo bank, or the one that a test names by `at_each`."""
    with only(BANKS[getattr(request, "param", "demo-bank")]()) as bank:
        yield bank


@pytest.fixture
def stripe(nowhere):
    """Another bank, set up beside the first."""
    bank = StripeNowhere()
    registry.register(bank.provider)
    return bank


at_each = pytest.mark.parametrize("nowhere", BANKS, indirect=True)
at_each_of_cards = pytest.mark.parametrize("nowhere", OF_CARDS, indirect=True)
