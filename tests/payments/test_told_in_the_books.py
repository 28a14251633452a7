"""The books go to people outside: nothing in them opens a page, or says which coins it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.ledger import beancount, books, extracts, spreadsheet
from tamizdat.lib.money import Money
from tamizdat.payments import reconciling, refunding, settling
from tests.conftest import NOON
from tests.payments import coins
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import BTCPayNowhere

pytestmark = pytest.mark.django_db
TWO = Money(200, "EUR")


@pytest.fixture
def btcpay():
    with only(BTCPayNowhere()) as bank:
        yield bank


@pytest.fixture
def in_coins(btcpay, charge):
    btcpay.pay(coins.open_page(charge).url)
    coins.look(charge)
    return charge


def all_that_is_told():
    extract = extracts.days_of_the_books(today=NOON.date())
    return "".join([*spreadsheet.write(extract), *beancount.write(extract)])


def test_a_payment_is_told_by_its_number_and_not_by_what_opens_its_page(nowhere, paid):
    nowhere.bank.fail_refund(refunding.refund(paid, TWO, now=NOON).remote_id)
    nowhere.bank.dispute(paid.latest_attempt.remote_id)
    settling.resolve(paid.latest_attempt, now=NOON)

    told = all_that_is_told()

    assert paid.reference not in told
    for memo in ("payment {}", "refund of payment {}", "dispute of payment {}"):
        assert f",{memo.format(paid.pk)}," in told
    assert f",refund of payment {paid.pk} returned," in told


def test_of_coins_nobody_reads_there_where_to_claim_them_or_which_they_were(in_coins):
    refund = refunding.refund(in_coins, TWO, now=timezone.now())

    told = all_that_is_told()

    assert refund.remote_id in refunding.claim_page(refund)
    for secret in (refund.remote_id, in_coins.latest_attempt.remote_id, in_coins.reference):
        assert secret not in told


def test_what_has_another_name_there_is_still_booked_once_and_found(btcpay, in_coins):
    refund = refunding.refund(in_coins, TWO, now=timezone.now())
    btcpay.bank.claim(refund.remote_id)
    coins.look(in_coins)

    outcome = reconciling.reconcile(btcpay.provider, now=timezone.now() + timedelta(days=3))

    assert (outcome.lines, outcome.differences) == (2, 0)
    assert books.journal().count() == 2
