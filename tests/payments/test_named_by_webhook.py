"""The crash came between the page and the commit of its id; a webhook brings the id."""

import pytest

from tamizdat.payments.models import Attempt
from tests.payments.paying import open_page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("nowhere", ["stripe", "paypal"], indirect=True),
]


def test_a_page_whose_id_we_lost_is_paid_all_the_same(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    Attempt.objects.update(state="new", remote_id="")

    nowhere.deliver()

    charge.refresh_from_db()
    assert charge.state == "succeeded"
    assert len(nowhere.money_taken()) == 1


def test_an_attempt_that_was_given_up_is_not_taken_up_again(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    attempt = charge.latest_attempt
    Attempt.objects.update(
        state="abandoned", reason="left", closed_at=attempt.created_at, remote_id=""
    )

    nowhere.deliver()

    assert nowhere.money_taken() == []
    assert nowhere.answers == [204]
