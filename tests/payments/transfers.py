"""Bank transfer as it is set up here, and readers who send."""

import pytest

from tamizdat.payments.transfer import Transfer
from tamizdat.payments.transfer_accounts import Account
from tests.payments.banks import only
from tests.payments.camt_file import OURS

ACCOUNT = Account("The Lantern", OURS, "LANTLV22")


class AtTheBank:
    """Only our account there: nothing of the bank itself answers us."""

    provider = Transfer(
        {"EUR": ACCOUNT, "SEK": Account("The Lantern", "SE4550000000058398257466")},
        page_origin="http://testserver",
    )


@pytest.fixture
def transfer(db):
    """Bank transfer is the one way to pay that is set up."""
    with only(AtTheBank()) as bank:
        yield bank.provider
