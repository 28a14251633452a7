"""After a gift made once, and only then, its giver may wish to be asked again."""

import pytest

from tamizdat.payments import refunding
from tests.appeals.test_remind import ask
from tests.conftest import NOON
from tests.funding.givers import give, wish
from tests.payments.banks import nowhere  # noqa: F401

pytestmark = pytest.mark.usefixtures("newsroom")
OFFER = "Ask me again next year"


def thanks(client, charge):
    return client.get(f"/thanks/{charge.reference}/").content.decode()


def test_whoever_gave_once_is_offered_to_be_asked_again_for_the_same(client, nowhere):  # noqa: F811
    page = thanks(client, give(nowhere, wish("once", minor=2500)))

    assert OFFER in page
    for name, value in {"amount": "25", "currency": "USD", "interval": "once"}.items():
        assert f'name="{name}" value="{value}"' in page


def test_whoever_gives_each_month_is_not(client, nowhere):  # noqa: F811
    assert OFFER not in thanks(client, give(nowhere, wish("month")))


def test_nor_is_whoever_got_it_back(client, nowhere):  # noqa: F811
    charge = give(nowhere, wish("once"))
    refunding.refund(charge, charge.money, reason="asked", number=1, now=NOON)

    assert OFFER not in thanks(client, charge)


def test_the_offer_leads_to_a_reminder_that_does_not_name_the_gift(client, nowhere):  # noqa: F811
    charge = give(nowhere, wish("once", minor=2500))
    page = client.get("/remind/?after=gift&amount=25&currency=USD&interval=once").content.decode()

    assert charge.reference not in page
    assert ask(client, month="2020-01", after="gift").status_code == 422
