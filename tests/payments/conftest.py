import pytest

from tamizdat.payments.models import Charge
from tamizdat.payments.providers import registry
from tests.conftest import NOON
from tests.demo_bank.nowhere import Nowhere


@pytest.fixture
def nowhere():
    """The demo bank in this process, registered in place of the real one."""
    usual = registry.get("demo-bank")
    bank = Nowhere()
    registry.register(bank.provider)
    yield bank
    registry.register(usual)


@pytest.fixture
def charge(db):
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)
