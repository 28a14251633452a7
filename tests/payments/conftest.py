import pytest

from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.payments.banks import BANKS, only


@pytest.fixture(params=BANKS)
def nowhere(request):
    """Each bank in turn."""
    with only(BANKS[request.param]()) as bank:
        yield bank


@pytest.fixture
def charge(db):
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=NOON)
