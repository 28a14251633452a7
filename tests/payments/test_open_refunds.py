"""A refund that nobody answered is found out by the chore, and given back once."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.errors import NotSetUp, Unreachable, WrongState
from tamizdat.payments.models import Attempt, Refund
from tests import racing
from tests.conftest import NOON

# Stripe's side of it, which looks before it asks, is in test_stripe.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("nowhere", ["demo-bank"], indirect=True),
]
LATER = NOON + timedelta(minutes=10)
TWO = Money(200, "EUR")


def refund_unheard(nowhere, paid, **fault):
    nowhere.bank.dial.turn(**fault)
    with pytest.raises(Unreachable):
        refunding.refund(paid, TWO, reason="asked for it", now=NOON)


def given_back(paid):
    paid.refresh_from_db()
    return [r.state for r in paid.refunds.order_by("pk")], paid.refunded_minor


@pytest.mark.parametrize("fault", ["break_after", "break_before"])
def test_the_chore_finds_out_and_gives_back_once(nowhere, paid, fault):
    refund_unheard(nowhere, paid, **{fault: 1})

    assert (refunding.resolve_open(now=LATER), refunding.resolve_open(now=LATER)) == (1, 0)

    assert given_back(paid) == (["succeeded"], 200)
    assert nowhere.bank.owed("EUR") == books.balance("cash-demo-bank", "EUR").minor == 255


def test_one_that_was_asked_for_just_now_is_left_to_whoever_asks(nowhere, paid):
    refund_unheard(nowhere, paid, break_before=1)

    assert refunding.resolve_open(now=NOON + timedelta(minutes=1)) == 0


def test_after_days_the_bank_has_forgotten_the_key_and_still_gives_back_once(nowhere, paid):
    refund_unheard(nowhere, paid, break_after=1)
    nowhere.bank.dial.turn(forget=True)

    assert refunding.resolve_open(now=NOON + timedelta(days=3)) == 1
    assert nowhere.bank.owed("EUR") == books.balance("cash-demo-bank", "EUR").minor == 255


def test_a_bank_that_stays_silent_is_asked_again_and_the_sum_stays_reserved(nowhere, paid):
    refund_unheard(nowhere, paid, break_before=2)

    assert refunding.resolve_open(now=LATER) == 0
    with pytest.raises(WrongState):
        refunding.refund(paid, Money(301, "EUR"), now=LATER)
    assert refunding.resolve_open(now=LATER + timedelta(minutes=10)) == 1


def test_what_the_bank_refuses_in_the_end_can_be_given_back_another_way(nowhere, paid):
    refund_unheard(nowhere, paid, break_before=1)
    payment = nowhere.bank.payments()[0]
    nowhere.bank.refund(key="by hand", payment_id=payment["id"], amount=500)

    assert refunding.resolve_open(now=LATER) == 1
    assert given_back(paid) == (["refused"], 0)


def test_of_many_workers_one_books_it(nowhere, paid):
    refund_unheard(nowhere, paid, break_before=1)

    racing.race([lambda: refunding.resolve_open(now=LATER)] * 4)

    assert given_back(paid) == (["succeeded"], 200)
    assert nowhere.bank.owed("EUR") == books.balance("cash-demo-bank", "EUR").minor == 255


def test_of_two_presses_of_one_form_one_gives_back(nowhere, paid):
    def press():
        return refunding.refund(paid, TWO, number=1, now=NOON)

    outcomes = racing.race([press] * 4)

    assert sum(isinstance(outcome, Refund) for outcome in outcomes) == 1
    assert given_back(paid) == (["succeeded"], 200)


def test_through_a_provider_that_is_gone_nothing_is_begun(paid):
    Attempt.objects.update(provider="gone")

    with pytest.raises(NotSetUp):
        refunding.refund(paid, TWO, now=NOON)
    assert given_back(paid) == ([], 0)
