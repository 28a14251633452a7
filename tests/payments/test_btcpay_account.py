"""What a BTCPay server's account says of coins, and how they are given back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.lib.money import Money
from tamizdat.payments import reconciling, refunding, settling
from tamizdat.payments.errors import Unreachable
from tamizdat.payments.models import KeptLine, Refund
from tamizdat.payments.models.refund import QUIET
from tamizdat.payments.providers.account import Movement
from tamizdat.payments.providers.base import Order, Page
from tests.payments import greenfield
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import PAGES, BTCPayNowhere
from tests.payments.coins import cash, lines, look, open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def nowhere():
    with only(BTCPayNowhere()) as bank:
        yield bank


@pytest.fixture
def paid(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    look(charge)
    return charge


@pytest.fixture
def another_worker(nowhere, monkeypatch):
    """Comes in after so many of our looks for a refund, and does all that it would do alone."""
    look, looks = nowhere.provider.find_refund, []

    def arrange(*, after):
        def look_and_let_it_in(**words):
            looks.append(look(**words))
            if len(looks) == after:
                refunding.resolve(Refund.objects.get(), now=timezone.now())
            return looks[-1]

        monkeypatch.setattr(nowhere.provider, "find_refund", look_and_let_it_in)

    return arrange


def test_the_account_has_a_line_for_each_payment_and_they_sum_to_what_was_booked(nowhere, charge):
    url = open_page(charge).url
    for coins in ("0.00003333", "0.00003333", "0.00007777"):
        nowhere.pay(url, coins)
    look(charge)

    found = lines(nowhere)

    assert [line.movement for line in found] == [Movement.PAYMENT] * 3
    assert sum(line.net.minor for line in found) == cash() == charge.money.minor


def test_what_is_not_certain_is_no_line_yet(nowhere, charge):
    nowhere.pay(open_page(charge).url, certain=False)

    assert lines(nowhere) == []


def test_coins_that_are_certain_days_after_they_were_seen_are_no_difference(nowhere, charge):
    now, day = timezone.now(), timedelta(days=1)
    coins = nowhere.pay(open_page(charge).url, certain=False)
    look(charge)
    assert reconciling.reconcile(nowhere.provider, now=now + 3 * day).lines == 0

    nowhere.bank.confirm(charge.latest_attempt.remote_id)
    settling.resolve(charge.latest_attempt, now=now + 4 * day)
    outcome = reconciling.reconcile(nowhere.provider, now=now + 8 * day)

    assert (outcome.lines, outcome.differences) == (1, 0)
    assert KeptLine.objects.get().line_id == coins["id"]


def test_more_invoices_than_one_page_of_the_list_are_all_looked_through(nowhere, monkeypatch):
    monkeypatch.setattr("tamizdat.payments.providers.btcpay.AT_ONCE", 2)
    page = Page(return_url="http://testserver/", language="en", keep_instrument=False)
    for n in range(5):
        remote = nowhere.provider.open(Order(f"key-{n}", Money(500, "EUR")), page)
        nowhere.bank.send(remote.id)

    assert len(lines(nowhere)) == 5


def test_a_refund_waits_for_its_giver_and_is_asked_for_once(nowhere, paid):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(200, "EUR"), now=timezone.now())

    refund = refunding.resolve(paid.refunds.get(), now=timezone.now())

    [promise] = nowhere.bank.promises.values()
    assert (promise["amount"], promise["currency"]) == ("2.00", "EUR")
    assert promise["name"] == refund.idempotency_key
    assert nowhere.provider.claim_page(refund.remote_id) == f"{PAGES}/pull-payments/{promise['id']}"
    assert cash() == 300


def test_of_two_workers_that_find_no_refund_one_promises_it(nowhere, paid, another_worker):
    now = timezone.now()
    nowhere.bank.dial.turn(break_before=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(200, "EUR"), now=now - 2 * QUIET)

    another_worker(after=2)  # looks: before it asks, BTCPay's side looks again
    refund = refunding.resolve(Refund.objects.get(), now=now)

    assert (len(nowhere.bank.promises), refund.state) == (1, "succeeded")


def test_while_somebody_asks_for_the_first_time_nobody_else_does(nowhere, paid, another_worker):
    another_worker(after=1)
    refund = refunding.refund(paid, Money(200, "EUR"), now=timezone.now())

    assert (len(nowhere.bank.promises), refund.state) == (1, "succeeded")


def test_what_another_worker_asks_for_is_left_to_it(nowhere, paid):
    now = timezone.now()
    refund = refunding.reserve(paid, Money(200, "EUR"), reason="", now=now)
    assert refund.claim(now=now)

    with pytest.raises(Unreachable):
        refunding.send(refund, now=now)
    assert refunding.resolve(refund, now=now + QUIET / 2).state == "sent"
    assert refunding.resolve(refund, now=now + QUIET).state == "succeeded"


def test_a_refund_is_in_the_account_once_it_was_claimed_and_paid(nowhere, paid):
    refund = refunding.refund(paid, Money(200, "EUR"), now=timezone.now())
    nowhere.bank.claim(refund.remote_id, state="AwaitingApproval")
    assert [line.movement for line in lines(nowhere)] == [Movement.PAYMENT]
    nowhere.bank.payouts.clear()

    nowhere.bank.claim(refund.remote_id)

    [line] = [line for line in lines(nowhere) if line.movement is Movement.REFUND]
    assert line.gross.minor == -200
    assert line.object_id == refund.remote_id


def test_wages_paid_from_the_same_store_are_no_refunds(nowhere, paid):
    promise = nowhere.bank.promise(
        paid.latest_attempt.remote_id, name="Wages", amount="100", currency="EUR"
    )
    nowhere.bank.claim(promise["id"])

    assert [line.movement for line in lines(nowhere)] == [Movement.PAYMENT]


@greenfield.needs_description
def test_every_call_was_held_against_what_btcpay_publishes(nowhere, paid):
    refunding.refund(paid, Money(200, "EUR"), now=timezone.now())
    lines(nowhere)
    seen = {(verb, path) for verb, path, _ in nowhere.transport.seen}

    assert ("POST", "/api/v1/stores/{storeId}/invoices") in seen
    assert len(seen) == 5
    with pytest.raises(AssertionError, match="unknown in the query"):
        nowhere.provider.line.get("/stores/Store1/invoices", orderKey="1")
    with pytest.raises(AssertionError):
        nowhere.provider.line.post("/stores/Store1/invoices", {"amount": "5", "buyerEmail": "a"})
