import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.errors import Unreachable, WrongState
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_a_part_is_given_back_and_booked(nowhere, paid):
    refund = refunding.refund(paid, Money(200, "EUR"), now=NOON)

    paid.refresh_from_db()
    assert (refund.state, paid.refunded_minor) == ("succeeded", 200)
    assert books.balance("reader-funding", "EUR") == Money(-300, "EUR")
    assert (
        books.balance(f"cash-{nowhere.provider.code}", "EUR").minor
        == nowhere.bank.owed("EUR")
        == 255
    )


def test_no_more_is_given_back_than_was_taken(nowhere, paid):
    refunding.refund(paid, Money(300, "EUR"), now=NOON)

    with pytest.raises(WrongState):
        refunding.refund(paid, Money(201, "EUR"), now=NOON)
    assert nowhere.bank.owed("EUR") == 155


def test_other_money_is_not_given_back(nowhere, paid):
    with pytest.raises(WrongState):
        refunding.refund(paid, Money(1, "USD"), now=NOON)


def test_what_was_never_paid_is_not_given_back(nowhere, charge):
    with pytest.raises(WrongState):
        refunding.refund(charge, Money(1, "EUR"), now=NOON)


def test_a_time_out_gives_back_once(nowhere, paid):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        refunding.refund(paid, Money(500, "EUR"), now=NOON)

    refund = refunding.resolve(paid.refunds.get(), now=NOON)

    assert refund.state == "succeeded"
    assert books.balance("reader-funding", "EUR").minor == 0
    assert nowhere.bank.owed("EUR") == -45
