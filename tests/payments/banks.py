"""The banks in this process, one at a time, with the same verbs."""

import contextlib

import pytest

from tamizdat.payments.providers import registry
from tests.demo_bank.nowhere import Nowhere
from tests.payments.stripe_nowhere import StripeNowhere

BANKS = {"demo-bank": Nowhere, "stripe": StripeNowhere}


@contextlib.contextmanager
def only(bank):
    """Its provider is the one that is set up, and no other."""
    usual, registry._providers = registry._providers, {}
    registry.register(bank.provider)
    yield bank
    registry._providers = usual


@pytest.fixture
def nowhere(request):
    """The demo bank, or the one that a test names by `at_each`."""
    with only(BANKS[getattr(request, "param", "demo-bank")]()) as bank:
        yield bank


at_each = pytest.mark.parametrize("nowhere", BANKS, indirect=True)
