"""Statements taken in twice at once, and readers who call off what is just arriving."""

from datetime import timedelta

import pytest

from tamizdat.funding import crediting, giving, resolving, taking_statements
from tamizdat.ledger import books
from tamizdat.payments import awaiting, charging
from tamizdat.payments.models import BankLine, Charge
from tests.conftest import NOON
from tests.funding.transfers import arrive, promised, sent
from tests.payments.camt_file import DAY, entry, of
from tests.payments.payouts import paid_out, set_up  # noqa: F401
from tests.payments.transfers import transfer  # noqa: F401
from tests.racing import race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("outlet", "transfer"),
]
several_times = pytest.mark.parametrize("_time", range(3))


def cash():
    return books.balance("cash-transfer", "EUR").minor


@several_times
def test_two_who_take_in_the_same_statement_book_it_once(_time):
    charge = promised("month")
    month_later = sent(charge, day=DAY + timedelta(days=30))
    content = of(sent(charge), month_later, entry(700))

    race([lambda: taking_statements.take(content, now=NOON)] * 3)

    crediting.match_new(now=NOON)
    assert cash() == 1000
    assert BankLine.objects.count() == 3


@several_times
def test_what_is_called_off_as_it_arrives_is_one_or_the_other(_time):
    charge = promised()
    content = of(sent(charge))

    race(
        [
            lambda: taking_statements.take(content, now=NOON),
            lambda: charging.cancel(Charge.objects.get(pk=charge.pk), now=NOON),
        ]
    )

    charge.refresh_from_db()
    line = BankLine.objects.get()
    assert (charge.state, line.state, cash()) in [
        ("succeeded", "booked", 500),
        ("canceled", "waiting", 0),
    ]


@several_times
def test_a_reader_who_opens_the_page_again_as_it_arrives(_time):
    charge = promised()
    content = of(sent(charge))

    def open_again():
        mine = Charge.objects.get(pk=charge.pk)
        return giving.open_bank(mine, provider="transfer", language="en", now=NOON)

    race([lambda: taking_statements.take(content, now=NOON), open_again, open_again])

    assert cash() == 500


@several_times
def test_of_two_who_decide_one_does(_time):
    charge = promised()
    arrive(entry(500, "it is me"))

    def decide(act, *others, **words):
        return act(BankLine.objects.get(), *others, by=None, **words)

    race(
        [
            lambda: decide(resolving.as_gift, charge, now=NOON),
            lambda: decide(resolving.as_gift_of_nobody, now=NOON),
            lambda: decide(resolving.as_sent_back),
        ]
    )

    assert cash() in (0, 500)
    assert BankLine.objects.get().state in ("booked", "sent_back")


@several_times
def test_a_payout_is_found_once_by_whoever_looks(_time, set_up):  # noqa: F811
    payout = paid_out()
    content = of(entry(10_000, "STRIPE 7F3K21"), closing=10_000)

    def say_so():
        for line in BankLine.objects.waiting():
            resolving.as_payout(line, payout, by=None, now=NOON)

    looks = [lambda: awaiting.keep_up(now=NOON), lambda: crediting.match_new(now=NOON), say_so]
    race([lambda: taking_statements.take(content, now=NOON)] * 2 + looks)

    awaiting.keep_up(now=NOON)
    line = BankLine.objects.get()
    assert (line.state, line.payout) == ("paid_out", payout)
    assert cash() == 0
