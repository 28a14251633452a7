"""That what we ask PayPal is what it describes, and that our PayPal answers as it describes."""

import pytest

from tamizdat.lib.money import Money
from tamizdat.payments.providers.base import Order, Page
from tests.demo_bank.nowhere import EMPTY, WORKS
from tests.payments import paypal_openapi
from tests.payments.paypal_nowhere import PayPalNowhere
from tests.payments.paypal_openapi import Strange, descriptions

PAGE = Page("http://testserver/thanks/", "ru", True)


@pytest.fixture
def nowhere():
    if descriptions() is None:
        pytest.skip(f"there is no {paypal_openapi.FOLDER}: set TAMIZDAT_INPUTS")
    return PayPalNowhere()


def give(nowhere, key, number=WORKS):
    provider = nowhere.provider
    opened = provider.open(Order(key, Money(500, "EUR")), PAGE)
    nowhere.agree(opened, number)
    return provider.confirm(provider.confirm(provider.fetch(remote_id=opened.id)))


def test_every_call_we_know_is_made_and_held_against_its_description(nowhere):
    provider, held = nowhere.provider, []
    check = nowhere.counter.check
    nowhere.counter.check = lambda verb, path, *rest: (check(verb, path, *rest), held.append(verb))

    paid = give(nowhere, "key-1")
    give(nowhere, "key-2", EMPTY)
    saved = provider.charge_saved(Order("key-3", Money(700, "EUR")), token=paid.token)
    provider.cancel(key="key-3", remote_id=saved.id)
    provider.refund(key="r1", remote_id=paid.id, money=Money(100, "EUR"))
    provider.fetch(remote_id=paid.id)

    called = {
        (verb, *path.split("/")[2:4], path.split("/")[5:6] != [])
        for verb, path, *_ in nowhere.counter.asked
    }
    assert called >= {
        ("POST", "checkout", "orders", False), ("GET", "checkout", "orders", False),
        ("PATCH", "checkout", "orders", False), ("POST", "checkout", "orders", True),
        ("GET", "payments", "captures", False), ("POST", "payments", "captures", True),
    }  # fmt: skip
    assert len(held) == len(nowhere.counter.asked)


@pytest.mark.parametrize(
    "words",
    [
        {"intent": "CAPTURE"},
        {"intent": "TAKE", "purchase_units": [{"amount": {"currency_code": "EUR", "value": "5"}}]},
        {
            "intent": "CAPTURE",
            "purchase_units": [{"amount": {"currency_code": "EUR", "value": "5,00"}}],
        },
        {
            "intent": "CAPTURE",
            "purchase_units": [{"amount": {"currency_code": "EUR", "value": "5.00"}}],
            "payment_source": {"paypal": {"vaultid": "1"}},
        },
    ],
)
def test_what_paypal_does_not_describe_is_caught(nowhere, words):
    answer = {"id": "1", "status": "CREATED"}

    with pytest.raises(Strange):
        nowhere.counter.check("POST", "/v2/checkout/orders", words, {}, 201, answer)


@pytest.mark.parametrize("answer", [{"status": "DONE"}, {"state": "CREATED"}, {"id": 5}])
def test_so_is_an_answer_that_it_does_not(nowhere, answer):
    path = "/v2/checkout/orders/5O190127TN364715T"

    with pytest.raises(Strange):
        nowhere.counter.check("GET", path, None, {}, 200, answer)
