import pytest

from tamizdat.payments import settling
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.payments.banks import BANKS, only
from tests.payments.paying import open_page


@pytest.fixture(params=BANKS)
def nowhere(request):
    """Each bank in turn."""
    with only(BANKS[request.param]()) as bank:
        yield bank


@pytest.fixture
def charge(db):
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)


@pytest.fixture
def paid(nowhere, charge):
    """A charge whose reader has paid at the bank."""
    nowhere.pay(open_page(charge).url)
    settling.resolve(charge.latest_attempt, now=NOON)
    charge.refresh_from_db()
    return charge
