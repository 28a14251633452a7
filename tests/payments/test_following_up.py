"""What happens to a payment after it succeeded, without us: refunds elsewhere, fees told later."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import booking, reconciling, refunding, settling
from tamizdat.payments.errors import Unexplained, Unreachable
from tamizdat.payments.models import Refund
from tests import racing
from tests.conftest import NOON
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db


def look(charge, *, now=NOON):
    settling.resolve(charge.latest_attempt, now=now)
    charge.refresh_from_db()


def payment_of(charge):
    return charge.latest_attempt.remote_id


def cash(nowhere, currency="EUR"):
    return books.balance(booking.cash(nowhere.provider.code), currency).minor


@pytest.fixture
def pay(nowhere, charge):
    """Whatever was set at the bank before, the reader pays now."""

    def pay():
        nowhere.pay(open_page(charge).url)
        settling.resolve(charge.latest_attempt, now=NOON)
        charge.refresh_from_db()
        return charge

    return pay


def test_a_refund_made_elsewhere_is_booked_once(nowhere, paid):
    nowhere.bank.refund_by_hand(payment_of(paid), 200)

    look(paid)
    look(paid)

    assert [(r.state, r.amount_minor) for r in paid.refunds.all()] == [("succeeded", 200)]
    assert (paid.refunded_minor, books.balance("reader-funding", "EUR").minor) == (200, -300)
    assert cash(nowhere) == nowhere.bank.owed("EUR")


def test_a_webhook_tells_of_it(nowhere, paid):
    nowhere.courier.deliver()
    nowhere.bank.refund_by_hand(payment_of(paid), 500)

    nowhere.courier.deliver()

    assert paid.refunds.get().reason == refunding.ELSEWHERE
    assert cash(nowhere) == nowhere.bank.owed("EUR")


def test_one_of_ours_that_nobody_answered_is_not_taken_for_another(nowhere, paid):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(200, "EUR"), reason="ours", now=NOON)

    look(paid)

    assert [(r.state, r.reason) for r in paid.refunds.all()] == [("succeeded", "ours")]
    assert cash(nowhere) == nowhere.bank.owed("EUR")


@pytest.mark.django_db(transaction=True)
def test_of_many_who_look_at_once_one_books_it(nowhere, paid):
    nowhere.bank.refund_by_hand(payment_of(paid), 200)

    racing.race([lambda: settling.resolve(paid.latest_attempt, now=NOON)] * 4)

    assert Refund.objects.count() == 1
    assert cash(nowhere) == nowhere.bank.owed("EUR")


def keep_fees_quiet(nowhere):
    nowhere.bank.dial.turn(late_fee=1)
    nowhere.bank.keeps_quiet = True


@pytest.mark.parametrize("nowhere", ["demo-bank", "stripe"], indirect=True)  # PayPal tells at once
def test_a_fee_that_is_told_later_is_booked_then(nowhere, pay):
    keep_fees_quiet(nowhere)
    charge = pay()
    assert (cash(nowhere), books.balance("fees", "EUR").minor) == (500, 0)

    nowhere.bank.tell_fees()
    nowhere.courier.deliver()

    assert (cash(nowhere), books.balance("fees", "EUR").minor) == (455, 45)
    look(charge)
    assert cash(nowhere) == nowhere.bank.owed("EUR")


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
def test_what_came_in_another_currency_is_exchanged_and_each_balances(nowhere, pay):
    nowhere.bank.settles_in = "usd"
    charge = pay()

    assert (cash(nowhere, "EUR"), cash(nowhere, "USD")) == (0, 505)
    assert books.balance("fees", "USD").minor == 45
    assert books.balance("reader-funding", "EUR").minor == -500
    exchanged = [books.balance("exchange", currency).minor for currency in ("EUR", "USD")]
    assert exchanged == [500, -550]
    look(charge)
    assert books.do_balance()


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
def test_told_later_in_another_currency_it_is_exchanged_then(nowhere, pay):
    nowhere.bank.settles_in = "usd"
    keep_fees_quiet(nowhere)
    pay()
    assert (cash(nowhere, "EUR"), cash(nowhere, "USD")) == (500, 0)

    nowhere.bank.tell_fees()
    nowhere.courier.deliver()

    assert (cash(nowhere, "EUR"), cash(nowhere, "USD")) == (0, 505)
    assert cash(nowhere, "USD") == nowhere.bank.owed("USD")


def test_a_corrected_fee_is_corrected_in_the_books(nowhere, paid):
    key = f"{nowhere.provider.code}:{payment_of(paid)}"
    words = {"provider": nowhere.provider.code, "gross": Money(500, "EUR"), "at": NOON}

    assert booking.correct(key, fee=Money(50, "EUR"), **words)
    assert not booking.correct(key, fee=Money(50, "EUR"), **words)
    assert booking.correct(key, fee=Money(40, "EUR"), **words)

    assert (cash(nowhere), books.balance("fees", "EUR").minor) == (460, 40)


def test_another_sum_is_no_fee(nowhere, paid):
    key = f"{nowhere.provider.code}:{payment_of(paid)}"

    with pytest.raises(Unexplained):
        booking.correct(
            key,
            provider=nowhere.provider.code,
            gross=Money(499, "EUR"),
            fee=Money(45, "EUR"),
            at=NOON,
        )
    assert cash(nowhere) == 455


def test_once_its_account_has_spoken_a_look_changes_no_fee(nowhere, pay, monkeypatch):
    nowhere.set_clock(NOON)
    paid = pay()
    reconciling.reconcile(nowhere.provider, now=NOON + timedelta(hours=1))
    remote = nowhere.provider.fetch(remote_id=payment_of(paid))
    remote.__dict__["fee"] = Money(46, "EUR")
    monkeypatch.setattr(nowhere.provider, "fetch", lambda **_: remote)

    look(paid)

    assert books.balance("fees", "EUR").minor == 45
