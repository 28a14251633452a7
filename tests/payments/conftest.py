import pytest

from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry
from tests.conftest import NOON
from tests.demo_bank.nowhere import Nowhere
from tests.payments.stripe_nowhere import StripeNowhere

BANKS = {"demo-bank": Nowhere, "stripe": StripeNowhere}


@pytest.fixture(params=BANKS)
def nowhere(request):
    """Each provider in turn, in this process, and no other."""
    usual, registry._providers = registry._providers, {}
    bank = BANKS[request.param]()
    registry.register(bank.provider)
    yield bank
    registry._providers = usual


@pytest.fixture
def charge(db):
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)
