"""Payouts in the desk: found by themselves or by a press, on their way, late, explained."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import awaiting, reconciling
from tamizdat.payments.models import BankLine, Difference, KeptLine
from tamizdat.payments.providers import registry
from tests.conftest import NOON
from tests.funding.givers import give, wish
from tests.funding.staff import log_in, shown
from tests.funding.transfers import arrive
from tests.payments.camt_file import entry
from tests.payments.payouts import SENT, paid_out, set_up, take  # noqa: F401
from tests.payments.transfers import AtTheBank

pytestmark = pytest.mark.usefixtures("outlet")
BY_THEN = SENT.date() + timedelta(days=11)


@pytest.fixture
def ana(client, django_user_model):
    """She may decide about lines and explain differences."""
    may = (
        "view_pledge",
        "view_bankline",
        "change_bankline",
        "view_difference",
        "change_difference",
    )
    return log_in(client, django_user_model, *may)


def page_of_line():
    return f"/desk/bank/line/{BankLine.objects.waiting().get().public_id}/"


def press(client, payout):
    return client.post(f"{page_of_line()}payout/{payout.pk}/", follow=True)


def test_from_the_provider_s_account_through_the_books_into_the_bank_s_statement(nowhere):
    """Whole: a gift, its payout, what the bank says, and each cent where it belongs."""
    nowhere.set_clock(NOON)
    registry.register(AtTheBank.provider)
    give(nowhere, wish("once", minor=5_000, currency="EUR"))
    nowhere.bank.pay_out("EUR")
    later = NOON + timedelta(days=2)
    reconciling.reconcile(nowhere.provider, now=later)
    payout = KeptLine.objects.payouts().get()

    minor, day = payout.at_bank.minor, payout.at.date() + timedelta(days=2)
    waiting = arrive(entry(minor, "Demo Bank", day=day), last=day, now=later + timedelta(days=3))

    assert waiting == []
    assert BankLine.objects.get().payout == payout
    assert books.balance("bank", "EUR").minor == minor
    (row,) = awaiting.standings()
    assert (row.arrived.minor, row.on_its_way.minor) == (minor, 0)


@pytest.mark.usefixtures("set_up")
def test_a_payout_is_no_gift_and_not_in_the_account_of_transfers():
    paid_out()
    assert arrive(entry(10_000, "STRIPE X1")) == []

    told = AtTheBank.provider.account_lines(since=SENT, until=NOON + timedelta(days=30))

    assert list(told) == []
    assert books.balance("cash-transfer", "EUR") == Money(0, "EUR")


@pytest.mark.usefixtures("set_up")
def test_a_line_offers_the_payouts_of_its_sum_and_no_others(client, ana):
    paid_out()
    paid_out(7_000, name="po_2")
    arrive(entry(10_000, "7F3K21"))

    page = shown(client, page_of_line())

    assert "This is the payout of stripe of 2026-11-20" in page
    assert ("po_1" in page, "po_2" in page) == (True, False)


@pytest.mark.usefixtures("set_up")
def test_a_press_says_which_payout_it_is_and_who_pressed_is_kept(client, ana):
    payout = paid_out()
    arrive(entry(10_000, "7F3K21"))

    page = press(client, payout).content.decode()

    line = BankLine.objects.get()
    assert "Done." in page
    assert (line.state, line.payout, line.sealed_text) == ("paid_out", payout, None)
    logged = ModelLogEntry.objects.get(action="funding.resolve_bank_line")
    assert logged.user == ana
    assert "found to be the payout stripe:po_1" in logged.message
    assert books.balance("bank", "EUR").minor == 10_000


@pytest.mark.usefixtures("set_up")
def test_pressed_for_another_sum_or_for_what_has_arrived_it_does_nothing(client, ana):
    other, payout = paid_out(7_000, name="po_2"), paid_out()
    arrive(entry(10_000, "STRIPE"), number="1")
    arrive(entry(10_000, "STRIPE again"), number="2")

    assert press(client, other).status_code == 404
    assert press(client, payout).status_code == 404
    assert BankLine.objects.waiting().count() == 1


@pytest.mark.usefixtures("set_up")
def test_nobody_says_so_without_the_right(client, ana):
    payout = paid_out()
    arrive(entry(10_000, "7F3K21"))
    ana.user_permissions.remove(Permission.objects.get(codename="change_bankline"))

    assert "This is the payout" not in shown(client, page_of_line())
    press(client, payout)
    assert BankLine.objects.waiting().count() == 1


@pytest.mark.usefixtures("set_up")
def test_reconciliation_shows_what_arrived_and_what_is_on_its_way(client, ana):
    paid_out()
    paid_out(7_000, name="po_2")
    paid_out(500, name="po_3", currency="USD")
    take(entry(10_000, "STRIPE"))
    awaiting.keep_up(now=NOON)

    page = shown(client, "/desk/reconciliation/")

    for figure in ("€170.00", "€100.00", "€70.00", "$5.00", "2026-11-11 – 2026-11-23"):
        assert figure in page
    assert "None: nothing says whether it arrived" in page
    assert ("po_1" in page, "po_2" in page, "po_3" in page) == (False, True, True)


@pytest.mark.usefixtures("set_up")
def test_one_that_is_late_is_told_on_the_first_page_until_a_person_explains_it(client, ana):
    paid_out()
    take(last=BY_THEN)
    awaiting.keep_up(now=NOON)

    page = shown(client, "/desk/reconciliation/")
    assert "payout at our bank: only in our books" in page
    assert "is in no statement" in page
    assert "1 line is not explained" in shown(client, "/desk/")

    address = f"/desk/reconciliation/{Difference.objects.get().pk}/"
    assert "By the statements of our bank" in shown(client, address)
    client.post(address, {"note": "it went to the old account"})

    assert "not explained" not in shown(client, "/desk/")
    assert "it went to the old account" in shown(client, "/desk/reconciliation/")
