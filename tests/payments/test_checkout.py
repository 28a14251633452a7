"""From the bank's page to the books."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import charging, settling
from tamizdat.payments.errors import Unreachable, WrongState
from tamizdat.payments.models import Instrument
from tests.conftest import NOON
from tests.demo_bank.nowhere import ASKS, EMPTY, STOLEN, WORKS
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db


def test_nothing_is_taken_before_the_newsroom_says_so(nowhere, charge):
    nowhere.pay(open_page(charge).url)

    assert nowhere.money_taken() == []
    assert charge.latest_attempt.state == "action_required"


def test_the_reader_comes_back_and_the_payment_is_booked_with_its_fee(nowhere, charge):
    assert nowhere.pay(open_page(charge).url) == "http://testserver/thanks/"

    attempt = settling.resolve(charge.latest_attempt, now=NOON)

    charge.refresh_from_db()
    assert (attempt.state, charge.state, charge.succeeded_at) == ("succeeded", "succeeded", NOON)
    assert books.balance(f"cash-{nowhere.provider.code}", "EUR") == Money(455, "EUR")
    assert books.balance("fees", "EUR") == Money(45, "EUR")
    assert books.balance("reader-funding", "EUR") == Money(-500, "EUR")


def test_a_one_off_gift_keeps_no_instrument(nowhere, charge):
    nowhere.pay(open_page(charge).url)

    attempt = settling.resolve(charge.latest_attempt, now=NOON)

    assert attempt.instrument is None
    assert not Instrument.objects.exists()


def test_an_instrument_that_is_kept_can_be_charged_again(nowhere, charge):
    nowhere.pay(open_page(charge, keep=True).url)
    instrument = settling.resolve(charge.latest_attempt, now=NOON).instrument
    later = type(charge).objects.create(amount_minor=700, currency="EUR", created_at=NOON)

    attempt = charging.charge_saved(charge=later, instrument=instrument, now=NOON)

    assert (attempt.state, instrument.issuer_country) == ("succeeded", "US")
    assert instrument.token.encode() not in bytes(instrument.sealed_token)
    assert len(nowhere.money_taken()) == 2


@pytest.mark.parametrize(
    ("number", "reason", "is_hard"),
    [(EMPTY, "insufficient_funds", False), (STOLEN, "stolen_card", True)],
)
def test_a_declined_reader_may_try_again(nowhere, charge, number, reason, is_hard):
    nowhere.pay(open_page(charge).url, number)
    first = settling.resolve(charge.latest_attempt, now=NOON)
    assert (first.state, first.reason, first.is_hard) == ("declined", reason, is_hard)

    nowhere.pay(open_page(charge).url, WORKS)
    second = settling.resolve(charge.latest_attempt, now=NOON)

    charge.refresh_from_db()
    assert (second.number, second.state, charge.state) == (2, "succeeded", "succeeded")


@pytest.mark.parametrize("said", ["yes", "no"])
def test_the_card_may_ask_its_reader_first(nowhere, charge, said):
    question = nowhere.pay(open_page(charge).url, ASKS)
    assert question.endswith("/question")
    nowhere.reader().post(question, data={"answer": said})

    state = settling.resolve(charge.latest_attempt, now=NOON).state
    assert state == ("succeeded" if said == "yes" else nowhere.after_a_no)


def test_two_presses_of_the_button_lead_to_one_page(nowhere, charge):
    assert open_page(charge) == open_page(charge)
    assert charge.attempts.count() == 1


def test_a_page_that_could_not_be_opened_is_opened_by_asking_again(nowhere, charge):
    nowhere.bank.dial.turn(break_before=1)
    with pytest.raises(Unreachable):
        open_page(charge)

    nowhere.pay(open_page(charge).url)

    assert settling.resolve(charge.latest_attempt, now=NOON).state == "succeeded"
    assert charge.attempts.count() == 1


def test_a_charge_that_is_paid_cannot_be_opened_again(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    settling.resolve(charge.latest_attempt, now=NOON)

    with pytest.raises(WrongState):
        open_page(charge)


@pytest.mark.parametrize("nowhere", ["demo-bank"], indirect=True)
def test_a_reader_who_leaves_pays_nothing_and_may_come_back(nowhere, charge):
    url = open_page(charge).url
    nowhere.reader().post(url.removeprefix("http://bank.test"), data={"leave": "yes"})

    assert settling.resolve(charge.latest_attempt, now=NOON).state == "abandoned"
    assert open_page(charge).url != url


def test_a_page_left_for_a_day_is_closed_at_the_bank_as_well(nowhere, charge):
    url = open_page(charge).url

    assert settling.resolve_open(now=NOON + timedelta(hours=23)) == 0
    assert settling.resolve_open(now=NOON + timedelta(hours=25)) == 1

    nowhere.pay(url)
    assert charge.latest_attempt.reason == "left"
    assert nowhere.still_possible() == nowhere.money_taken() == []


def test_a_canceled_charge_is_never_paid(nowhere, charge):
    url = open_page(charge).url

    charging.cancel(charge, now=NOON)

    nowhere.pay(url)
    assert charge.state == "canceled"
    with pytest.raises(WrongState):
        open_page(charge)
