"""Lines of a statement that are payouts: linked when all fits, and never guessed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tamizdat.payments import arriving
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import BankLine
from tamizdat.payments.statements import naming
from tests.conftest import NOON
from tests.payments.camt_file import entry
from tests.payments.payouts import SENT, paid_out, set_up, take  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("set_up")]
NAMED = "STRIPE 7F3K21"


def day(n):
    return SENT.date() + timedelta(days=n)


def recognise():
    return arriving.recognise(now=NOON)


def states():
    return list(BankLine.objects.order_by("pk").values_list("state", flat=True))


def test_what_names_the_provider_and_fits_is_linked_by_itself():
    payout = paid_out()
    take(entry(10_000, NAMED))

    assert recognise() == 1

    line = BankLine.objects.get()
    assert (line.state, line.payout, line.sealed_text) == ("paid_out", payout, None)
    assert recognise() == 0


@pytest.mark.parametrize(
    ("code", "told"),
    [("stripe", "Stripe Technology Europe"), ("stripe", "SEPA STRIPE-X1"), ("paypal", "PAYPAL"),
     ("demo-bank", "Demo Bank payout"), ("demo-bank", "DEMOBANK")],
)  # fmt: skip
def test_a_provider_is_known_as_banks_write_it(code, told):
    assert naming.provider_in(["gift", told]) == code


@pytest.mark.parametrize("told", ["", "Stripes and stars", "pinstripe", "demo of the bank",
                                  "Stripe or PayPal", "transfer"])  # fmt: skip
def test_no_provider_is_guessed(told):
    assert naming.provider_in([told]) == ""


def test_who_sent_it_is_looked_at_and_not_kept():
    paid_out()
    take(entry(10_000, "7F3K21", name="STRIPE Technology"))

    assert BankLine.objects.get().provider == "stripe"
    assert recognise() == 1


@pytest.mark.parametrize("days", [-3, 0, 3, 10])
@pytest.mark.parametrize("hour", [0, 23])
def test_banks_take_their_time(days, hour):
    paid_out(at=SENT.replace(hour=hour))
    take(entry(10_000, NAMED, day=day(days)))

    assert recognise() == 1


@pytest.mark.parametrize(
    "line",
    [entry(10_001, NAMED), entry(10_000, "7F3K21"), entry(10_000, "PayPal"),
     entry(10_000, NAMED, day=day(-4)), entry(10_000, NAMED, day=day(11))],
    ids=["sum", "nobody", "other", "early", "late"],
)  # fmt: skip
def test_what_does_not_fit_is_linked_by_nobody(line):
    paid_out()
    paid_out(7_000, name="P1", provider="paypal")
    take(line)

    assert recognise() == 0


def test_another_currency_is_another_sum():
    paid_out(currency="USD")
    take(entry(10_000, NAMED))

    assert recognise() == 0
    assert not arriving.fitting(BankLine.objects.get()).exists()


@pytest.mark.parametrize("other", ["stripe", "paypal"])
def test_two_payouts_that_fit_are_for_a_person(other):
    paid_out()
    paid_out(name="po_2", provider=other, at=SENT + timedelta(days=1))
    take(entry(10_000, NAMED))

    assert recognise() == 0
    assert arriving.fitting(BankLine.objects.get()).count() == 2


@pytest.mark.parametrize("text", [NAMED, "a gift as large"])
def test_two_lines_that_fit_are_for_a_person(text):
    paid_out()
    take(entry(10_000, NAMED), entry(10_000, text, day=day(5)))

    assert recognise() == 0


def test_what_waits_is_linked_once_the_payout_is_known():
    paid_out(1, name="po_0")
    take(entry(10_000, NAMED))
    BankLine.objects.get().wait("no_reference")
    assert recognise() == 0

    paid_out()

    assert recognise() == 1


def test_a_payout_that_comes_back_leaves_our_account_again():
    paid_out()
    returned = paid_out(-10_000, at=SENT + timedelta(days=5))
    take(entry(10_000, NAMED), entry(-10_000, NAMED, day=day(6), code="RRTN"))

    assert recognise() == 2
    assert BankLine.objects.get(amount_minor=-10_000).payout == returned


def test_the_bill_of_a_provider_is_no_payout():
    take(entry(-10_000, NAMED))

    assert (states(), BankLine.objects.get().provider) == (["set_aside"], "")


def test_a_payout_is_in_one_line_and_a_line_one_payout():
    payout, other = paid_out(), paid_out(name="po_2")
    take(entry(10_000, "one"), entry(10_000, "two"))
    one, two = BankLine.objects.order_by("pk")
    arriving.link(one, payout, now=NOON)

    for line, each in ((two, payout), (one, other)):
        with pytest.raises(WrongState):
            arriving.link(line, each, now=NOON)
    assert states() == ["paid_out", "new"]
    with pytest.raises(IntegrityError), transaction.atomic():
        BankLine.objects.filter(pk=two.pk).update(state="paid_out", payout=payout, sealed_text=None)


def test_another_sum_is_linked_by_nobody():
    payout = paid_out()
    take(entry(10_001, NAMED))

    with pytest.raises(WrongState, match="another sum"):
        arriving.link(BankLine.objects.get(), payout, now=NOON)


@pytest.mark.parametrize("state", ["paid_out", "booked", "new", "set_aside"])
def test_the_database_refuses_what_is_half_a_payout(state):
    payout = None if state == "paid_out" else paid_out()
    take(entry(10_000))

    with pytest.raises(IntegrityError), transaction.atomic():
        BankLine.objects.update(state=state, payout=payout, sealed_text=None)
