"""An address that came with a promise nobody paid does not stay."""

from datetime import timedelta

import pytest

from tamizdat.funding import giving, purging
from tamizdat.funding.models import Pledge, Supporter
from tamizdat.payments.models import Charge
from tests.conftest import NOON
from tests.funding.givers import ADDRESS, give, wish

pytestmark = pytest.mark.usefixtures("outlet", "nowhere")
SOON, LATER = NOON + purging.UNPAID_LIFETIME / 2, NOON + purging.UNPAID_LIFETIME


def promise(interval="month", *, now=NOON):
    charge = giving.promise(wish(interval), now=now)
    return giving.open_bank(charge, provider="demo-bank", language="en", now=now)


@pytest.mark.parametrize("interval", ["month", "once"])
def test_a_promise_that_nobody_paid_loses_its_address_and_cannot_be_paid_any_more(
    nowhere, interval
):
    page = promise(interval)

    assert purging.forget_unpaid(now=LATER) == 1

    nowhere.pay(page.url)
    nowhere.courier.deliver()
    assert (Supporter.objects.get().has_address, Charge.objects.get().state) == (False, "canceled")
    assert set(Pledge.objects.values_list("state", flat=True)) <= {"stopped"}
    assert nowhere.money_taken() == []


def test_until_then_it_can_be_paid(nowhere):
    promise()

    assert purging.forget_unpaid(now=SOON) == 0
    assert Supporter.objects.get().address == ADDRESS


@pytest.mark.parametrize("interval", ["month", "once"])
def test_whoever_ever_paid_keeps_the_address(nowhere, interval):
    give(nowhere, wish(interval))
    promise(now=NOON)

    assert purging.forget_unpaid(now=LATER) == 0


def test_a_newer_promise_keeps_the_address():
    promise()
    promise(now=SOON)

    assert purging.forget_unpaid(now=LATER) == 0


def test_what_the_bank_took_and_did_not_tell_us_is_booked_and_the_address_kept(nowhere):
    nowhere.pay(promise().url)
    nowhere.bank.dial.turn(break_after=1)
    nowhere.courier.deliver()

    assert purging.forget_unpaid(now=LATER) == 0
    assert (Pledge.objects.get().state, Charge.objects.get().state) == ("active", "succeeded")


def test_when_the_bank_cannot_be_told_we_wait(nowhere):
    promise()
    nowhere.bank.dial.turn(break_before=1)

    assert purging.forget_unpaid(now=LATER) == 0
    assert purging.forget_unpaid(now=LATER + timedelta(minutes=1)) == 1


def test_who_comes_back_after_that_is_a_stranger(nowhere):
    promise()
    purging.forget_unpaid(now=LATER)

    give(nowhere, wish(), now=LATER)

    assert sorted(s.address for s in Supporter.objects.all()) == ["", ADDRESS]
