"""A bank that never answers makes nobody wait: it is asked once a round, the others as always."""

from datetime import timedelta

import pytest

from tamizdat.funding import giving, halting, purging, schedule
from tamizdat.funding.models import HaltOrder, Pledge
from tamizdat.payments import refunding, settling
from tamizdat.payments.models import Attempt, Refund
from tests.funding.givers import at, give, pledge_of, wish, work_daily

pytestmark = pytest.mark.usefixtures("newsroom")
START, DUE_AT = at(2027, 1, 31), at(2027, 2, 28)
SOON = timedelta(minutes=10)


@pytest.fixture
def agreed(nowhere, stripe):
    """Two readers at each bank who agreed and did not come back."""
    for bank in (nowhere, stripe) * 2:
        charge, code = giving.promise(wish("once"), now=START), bank.provider.code
        bank.pay(giving.open_bank(charge, provider=code, language="en", now=START).url)


def calls_while_silent(bank, do):
    bank.bank.dial.turn(break_before=99)
    do()
    return 99 - bank.bank.dial.break_before


def test_what_others_are_asked_for_is_settled(nowhere, stripe, agreed):
    calls = calls_while_silent(nowhere, lambda: settling.resolve_open(now=START + SOON))

    assert calls == 1
    assert len(stripe.money_taken()) == 2


def test_what_others_owe_is_given_back_and_what_the_silent_one_owes_once_it_answers(
    nowhere, stripe
):
    for bank in (nowhere, stripe) * 2:
        charge = give(bank, wish("once"), now=START)
        refunding.reserve(charge, charge.money, reason="", now=START)

    calls = calls_while_silent(nowhere, lambda: refunding.resolve_open(now=START + SOON))

    assert calls == 1
    states = Refund.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sent", "succeeded"] * 2
    nowhere.bank.dial.turn(break_before=0)
    assert refunding.resolve_open(now=START + 2 * SOON) == 2


def test_whoever_never_paid_there_is_forgotten_once_it_answers(nowhere, stripe):
    for n, bank in enumerate((nowhere, stripe) * 2):
        charge = giving.promise(wish("once", address=f"{n}@example.org"), now=START)
        giving.open_bank(charge, provider=bank.provider.code, language="en", now=START)
    later = START + purging.UNPAID_LIFETIME

    assert calls_while_silent(nowhere, lambda: purging.forget_unpaid(now=later)) == 1

    nowhere.bank.dial.turn(break_before=0)
    assert purging.forget_unpaid(now=later) == 2


def test_a_halt_is_told_to_the_others(nowhere, stripe, agreed):
    HaltOrder.objects.create(reason="a law", ordered_at=START)

    calls = calls_while_silent(nowhere, lambda: halting.enforce(now=START + SOON))

    assert calls == 1
    assert set(Attempt.objects.open().values_list("provider", flat=True)) == {"demo-bank"}


def test_weeks_of_silence_are_no_try_and_end_no_gift(stripe):
    pledge = pledge_of(stripe, now=START)

    def a_day(day):
        stripe.bank.dial.turn(break_before=99 if day.month < 4 else 0)
        settling.resolve_open(now=at(day.year, day.month, day.day))

    work_daily(start=DUE_AT, days=60, each_day=a_day)

    pledge.refresh_from_db()
    assert (pledge.state, len(stripe.money_taken())) == ("active", 2)


@pytest.mark.parametrize("state", ["active", "past_due"])
def test_what_is_due_is_charged_at_the_others_and_there_once_it_answers(nowhere, stripe, state):
    for bank in (nowhere, stripe) * 2:
        pledge_of(bank, now=START)
    Pledge.objects.update(state=state)

    calls = calls_while_silent(nowhere, lambda: schedule.charge_due(now=DUE_AT))

    assert calls == 1
    assert (len(nowhere.money_taken()), len(stripe.money_taken())) == (2, 4)
    nowhere.bank.dial.turn(break_before=0)
    schedule.charge_due(now=DUE_AT + SOON)
    settling.resolve_open(now=DUE_AT + SOON)
    assert len(nowhere.money_taken()) == 4
