"""Crypto through a BTCPay server, from the form to the books."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import charging, settling
from tamizdat.payments.errors import Declined, Unreachable
from tamizdat.payments.models import Attempt, Charge
from tamizdat.payments.providers.base import Order, Page
from tests.payments import greenfield
from tests.payments.banks import only
from tests.payments.btcpay_nowhere import PAGES, BTCPayNowhere
from tests.payments.coins import cash, lines, look, open_page

pytestmark = pytest.mark.django_db
HALF = "0.00005000"  # of 5 euros


@pytest.fixture
def clock():
    return [timezone.now().timestamp()]


@pytest.fixture
def nowhere(clock):
    with only(BTCPayNowhere()) as bank:
        bank.bank.clock = lambda: clock[0]
        yield bank


@pytest.fixture
def charge(db):
    return Charge.objects.create(amount_minor=500, currency="EUR", created_at=timezone.now())


@pytest.fixture
def wait(clock):
    """Let the time pass, and the worker look."""

    def later(**words):
        clock[0] += timedelta(**words).total_seconds()
        settling.resolve_open(now=timezone.now() + timedelta(seconds=clock[0] - start))

    start = clock[0]
    return later


def test_a_gift_is_booked_when_a_block_holds_it(nowhere, charge):
    page = open_page(charge)
    assert page.url.startswith(f"{PAGES}/i/")

    nowhere.pay(page.url, certain=False)
    assert look(charge).state == "pending"
    assert cash() == 0
    nowhere.bank.confirm(page.url.rpartition("/")[2])

    assert look(charge).state == "succeeded"
    assert cash() == -books.balance("reader-funding", "EUR").minor == 500


def test_nothing_is_said_of_it_but_a_key_and_a_sum(nowhere, charge):
    open_page(charge)
    [invoice] = nowhere.bank.invoices.values()

    assert invoice["metadata"] == {"orderId": charge.latest_attempt.idempotency_key}
    assert (invoice["amount"], invoice["currency"]) == ("5.00", "EUR")
    assert invoice["receipt"] == {"enabled": False}
    assert set(invoice["checkout"]) == {
        "speedPolicy",
        "expirationMinutes",
        "monitoringMinutes",
        "paymentTolerance",
        "redirectURL",
        "redirectAutomatically",
        "defaultLanguage",
    }


def test_a_create_whose_answer_was_lost_is_found_again_by_its_key(nowhere, charge):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        open_page(charge)
    assert charge.latest_attempt.remote_id == ""

    page = open_page(charge)

    [invoice] = nowhere.bank.invoices
    assert page.url.endswith(invoice)


def test_what_was_paid_for_a_page_that_we_lost_is_booked(nowhere, charge):
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        open_page(charge)
    [lost] = nowhere.bank.invoices

    nowhere.bank.send(lost)
    nowhere.deliver()

    charge.refresh_from_db()
    assert (charge.state, cash()) == ("succeeded", 500)


def test_two_presses_at_once_may_make_two_invoices_and_either_can_be_paid(nowhere, charge):
    first = open_page(charge)
    [invoice] = nowhere.bank.invoices.values()
    twin = nowhere.bank.create(
        **{name: invoice[name] for name in ("amount", "currency", "metadata", "checkout")},
        receipt={},
    )

    nowhere.bank.send(twin["id"])

    assert look(charge).remote_id == twin["id"] != first.url.rpartition("/")[2]
    assert cash() == 500


@pytest.mark.parametrize(
    ("coins", "cents"), [("0.00015000", 750), ("0.00010000", 500), ("0.00010001", 500)]
)
def test_what_really_came_is_booked(nowhere, charge, coins, cents):
    nowhere.pay(open_page(charge).url, coins)

    look(charge)

    assert charge.money.minor == cash() == cents


def test_a_part_is_a_gift_once_the_rest_can_no_longer_come(nowhere, charge, wait):
    nowhere.pay(open_page(charge).url, HALF)
    assert look(charge).state == "pending"

    wait(hours=25)

    charge.refresh_from_db()
    assert (charge.state, charge.money.minor, cash()) == ("succeeded", 250, 250)


def test_two_parts_are_one_gift(nowhere, charge):
    url = open_page(charge).url
    nowhere.pay(url, HALF)
    look(charge)
    nowhere.pay(url, HALF)

    assert look(charge).state == "succeeded"
    assert cash() == 500


def test_coins_that_come_late_are_booked(nowhere, charge, wait):
    url = open_page(charge).url
    wait(hours=2)
    nowhere.pay(url)

    [invoice] = nowhere.bank.invoices.values()
    assert (invoice["status"], invoice["additionalStatus"]) == ("Expired", "PaidLate")
    assert look(charge).state == "succeeded"
    assert cash() == 500


def test_a_page_that_expired_is_made_anew_and_the_old_one_still_counts(nowhere, charge, wait):
    old = open_page(charge).url
    wait(hours=2)
    new = open_page(charge).url
    assert new != old

    nowhere.pay(old)

    assert look(charge).state == "succeeded"
    assert Attempt.objects.count() == 1


def test_a_page_that_was_left_is_called_off_after_a_day(nowhere, charge, wait):
    open_page(charge)
    wait(hours=25)

    assert charge.latest_attempt.state == "abandoned"
    assert nowhere.still_possible() == []


def test_what_is_called_off_while_coins_are_on_their_way_is_followed(nowhere, charge):
    url = open_page(charge).url
    nowhere.pay(url, certain=False)

    charge = charging.cancel(charge, now=timezone.now())
    assert charge.latest_attempt.state == "pending"
    nowhere.bank.confirm(url.rpartition("/")[2])

    assert look(charge).state == "succeeded"
    assert cash() == 500


def test_coins_that_slip_in_while_it_is_called_off_are_followed(nowhere, charge, monkeypatch):
    url = open_page(charge).url
    mark = nowhere.bank.mark
    slip = lambda *words: [nowhere.pay(url, certain=False), mark(*words)][1]  # noqa: E731
    monkeypatch.setattr(nowhere.bank, "mark", slip)

    charging.cancel(charge, now=timezone.now())
    nowhere.bank.confirm(url.rpartition("/")[2])

    assert look(charge).state == "succeeded"
    [invoice] = nowhere.bank.invoices.values()
    assert (invoice["status"], invoice["additionalStatus"]) == ("Invalid", "Marked")


def test_what_is_called_off_is_no_longer_asked_for_and_later_coins_are_in_the_account(
    nowhere, charge
):
    url = open_page(charge).url
    charging.cancel(charge, now=timezone.now())
    assert nowhere.still_possible() == []

    nowhere.pay(url)
    nowhere.deliver()

    [line] = lines(nowhere)
    assert (cash(), line.gross.minor, line.payment_id) == (0, 500, url.rpartition("/")[2])


def test_a_wallet_that_takes_its_coins_back_pays_nothing(nowhere, charge, wait):
    url = open_page(charge).url
    nowhere.pay(url, certain=False)
    look(charge)
    nowhere.bank.take_back(url.rpartition("/")[2])
    assert look(charge).state == "pending"

    wait(hours=25)

    assert charge.latest_attempt.state == "abandoned"
    assert cash() == 0


def test_no_page_is_made_for_what_would_have_to_be_charged_again(nowhere, charge):
    with pytest.raises(Declined, match="only_once"):
        open_page(charge, keep=True)
    assert nowhere.bank.invoices == {}


def test_a_language_its_page_does_not_speak_is_not_asked_for(nowhere):
    page = Page(return_url="http://testserver/", language="ckb", keep_instrument=False)
    nowhere.provider.open(Order("key-1", Money(500, "EUR")), page)

    [invoice] = nowhere.bank.invoices.values()
    assert "defaultLanguage" not in invoice["checkout"]


@pytest.mark.parametrize(
    "kind",
    [
        "InvoiceCreated",
        "InvoiceReceivedPayment",
        "InvoiceProcessing",
        "InvoiceExpired",
        "InvoiceSettled",
        "InvoiceInvalid",
        "InvoicePaymentSettled",
        "PaymentRequestCreated",
        "PaymentRequestUpdated",
        "PaymentRequestArchived",
        "PaymentRequestStatusChanged",
        "PayoutCreated",
        "PayoutApproved",
        "PayoutUpdated",
    ],
)
def test_whatever_a_notice_says_we_go_and_look(nowhere, charge, kind):
    nowhere.pay(open_page(charge).url)
    event = {"deliveryId": "d1", "originalDeliveryId": "d1", "type": kind}
    if kind.startswith("Invoice"):
        event["invoiceId"] = charge.latest_attempt.remote_id

    assert nowhere.send(event)

    charge.refresh_from_db()
    assert charge.state == ("succeeded" if kind.startswith("Invoice") else "open")


def test_a_redelivery_is_the_same_event(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    look(charge)
    event = {"deliveryId": "d1", "originalDeliveryId": "d1", "type": "InvoiceSettled"}
    event["invoiceId"] = charge.latest_attempt.remote_id

    for delivery in ("d1", "d2", "d3"):
        nowhere.send(event | {"deliveryId": delivery})

    assert nowhere.answers == [204] * 3
    assert books.journal().count() == 1


def test_the_test_of_a_webhook_is_heard_and_changes_nothing(nowhere, charge):
    open_page(charge)
    name = "__test__3f2a__test__"

    assert nowhere.send({"deliveryId": name, "type": "InvoiceSettled", "invoiceId": name})
    assert charge.latest_attempt.state == "action_required"


def test_an_invoice_of_somebody_else_s_is_none_of_ours(nowhere):
    checkout = {"expirationMinutes": 60, "monitoringMinutes": 60}
    words = {"amount": "5", "currency": "EUR", "checkout": checkout, "receipt": {}}
    for metadata in ({}, {"orderId": "shop-1000"}):
        other = nowhere.bank.create(**words, metadata=metadata)
        nowhere.bank.send(other["id"])
    nowhere.deliver()

    assert set(nowhere.answers) == {204}
    assert not books.journal().exists()


def test_one_that_was_put_away_is_still_found_by_its_id(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    [invoice] = nowhere.bank.invoices.values()
    invoice["archived"] = True

    assert look(charge).state == "succeeded"


@greenfield.needs_description
def test_the_kinds_of_notices_are_those_that_btcpay_publishes():
    published = json.loads((greenfield.FOLDER / "swagger.template.webhooks.json").read_text())
    [mark] = [
        m for m in test_whatever_a_notice_says_we_go_and_look.pytestmark if m.name == "parametrize"
    ]

    assert set(mark.args[1]) == set(published["x-webhooks"])
