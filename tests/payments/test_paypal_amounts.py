import pytest

from tamizdat.lib.currencies import decimals
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Declined
from tamizdat.payments.providers.base import Order
from tamizdat.payments.providers.paypal_amounts import (
    CURRENCIES,
    TWO_DECIMALS,
    CannotBeWritten,
    from_paypal,
    to_paypal,
)
from tests.payments.paypal_nowhere import PayPalNowhere


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_a_sum_arrives_as_it_was_sent(currency):
    for minor in (100, 1200, -1200, 99900):
        assert from_paypal(to_paypal(Money(minor, currency))) == Money(minor, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "value"),
    [
        (250, "EUR", "2.50"), (5, "USD", "0.05"), (-45, "EUR", "-0.45"), (500, "JPY", "500"),
        (25000, "HUF", "250"), (80000, "TWD", "800"),
    ],
)  # fmt: skip
def test_each_currency_is_written_by_its_rule(minor, currency, value):
    assert to_paypal(Money(minor, currency)) == {"currency_code": currency, "value": value}


@pytest.mark.parametrize(
    "money", [Money(250, "HUF"), Money(1, "TWD"), Money(500, "RUB"), Money(5, "KWD")]
)
def test_what_cannot_be_written_is_not_rounded(money):
    with pytest.raises(CannotBeWritten):
        to_paypal(money)
    with pytest.raises(Declined, match="amount_not_possible"):
        PayPalNowhere().provider.charge_saved(Order("key-1", money), token="US/1")


@pytest.mark.parametrize("value", ["", "5.005", "five", "5,00", ".5", "1e3", "5.0050"])
def test_what_is_no_sum_of_the_currency_is_not_guessed(value):
    with pytest.raises(CannotBeWritten):
        from_paypal({"currency_code": "EUR", "value": value})


def test_a_sum_may_be_written_with_more_noughts_than_it_needs():
    assert from_paypal({"currency_code": "EUR", "value": "5.000"}) == Money(500, "EUR")
    assert from_paypal({"currency_code": "JPY", "value": "5.00"}) == Money(5, "JPY")


def test_where_paypal_has_cents_we_have_them_too():
    assert {decimals(code) for code in TWO_DECIMALS} == {2}
