"""The bank did it and we never heard. Nobody pays twice for that."""

import contextlib
from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.payments import charging, settling
from tamizdat.payments.errors import Declined, Unexplained, Unreachable, WrongState
from tamizdat.payments.models import Attempt, Charge
from tests.conftest import NOON
from tests.demo_bank.nowhere import TIRES
from tests.payments.paying import open_page

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def instrument(nowhere, charge):
    """Kept from a first gift."""
    nowhere.pay(open_page(charge, keep=True).url)
    return settling.resolve(charge.latest_attempt, now=NOON).instrument


@pytest.fixture
def due(instrument):
    return Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON)


def test_a_confirmation_that_timed_out_is_found_out_later(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    nowhere.bank.dial.turn(break_after=1)
    with pytest.raises(Unreachable):
        settling.resolve(charge.latest_attempt, now=NOON)
    assert charge.latest_attempt.state == "sent"

    assert settling.resolve_open(now=LATER) == 1

    assert charge.latest_attempt.state == "succeeded"
    assert len(nowhere.money_taken()) == books.journal().count() == 1


def test_after_a_time_out_no_second_attempt_can_begin(nowhere, instrument, due):
    nowhere.bank.dial.turn(break_after=1)
    assert charging.charge_saved(charge=due, instrument=instrument, now=NOON).state == "sent"

    with pytest.raises(WrongState):
        charging.charge_saved(charge=due, instrument=instrument, now=LATER)

    assert settling.resolve(due.latest_attempt, now=LATER).state == "succeeded"
    assert len(nowhere.money_taken()) == 2


def test_a_question_that_never_arrived_is_asked_again_under_the_same_key(nowhere, instrument, due):
    nowhere.bank.dial.turn(break_before=1)
    attempt = charging.charge_saved(charge=due, instrument=instrument, now=NOON)
    assert len(nowhere.money_taken()) == 1

    assert settling.resolve(attempt, now=LATER).state == "succeeded"
    assert due.attempts.count() == 1


def test_a_question_too_old_to_repeat_is_made_impossible_first(nowhere, instrument, due):
    nowhere.bank.dial.turn(break_before=1)
    attempt = charging.charge_saved(charge=due, instrument=instrument, now=NOON)

    attempt = settling.resolve(attempt, now=NOON + settling.KEY_LIFETIME)

    assert (attempt.state, attempt.reason) == ("abandoned", "never_arrived")
    with contextlib.suppress(Declined):  # it arrives after all
        nowhere.provider.charge_saved(attempt.order, token=instrument.token)
    assert len(nowhere.money_taken()) == 1


def test_a_crash_between_the_commit_and_the_call_is_picked_up(nowhere, instrument, due):
    attempt = charging._begin(
        due, provider=instrument.provider, instrument=instrument, created_at=NOON
    )
    attempt.move_to(Attempt.State.SENT, sent_at=NOON)

    assert settling.resolve_open(now=LATER) == 1
    assert due.latest_attempt.state == "succeeded"


def test_a_crash_before_anything_was_sent_ends_in_nothing(nowhere, instrument, due):
    charging._begin(due, provider=instrument.provider, instrument=instrument, created_at=NOON)

    assert settling.resolve_open(now=NOON + timedelta(hours=25)) == 1
    assert due.latest_attempt.state == "abandoned"


def test_what_is_pending_is_followed_until_it_is_certain(nowhere, instrument, due):
    nowhere.bank.dial.turn(pend=1)
    attempt = charging.charge_saved(charge=due, instrument=instrument, now=NOON)
    assert attempt.state == "pending"
    nowhere.bank.settle(attempt.remote_id)

    assert settling.resolve(attempt, now=LATER).state == "succeeded"


def test_a_card_may_tire_and_recover(nowhere, charge, due):
    nowhere.pay(open_page(due, keep=True).url, TIRES)
    kept = settling.resolve(due.latest_attempt, now=NOON).instrument
    states = [
        charging.charge_saved(
            charge=Charge.objects.create(amount_minor=200, currency="EUR", created_at=NOON),
            instrument=kept,
            now=NOON,
        ).state
        for _ in range(3)
    ]
    assert states == ["declined", "declined", "succeeded"]


def test_one_that_cannot_be_asked_does_not_hold_up_the_others(nowhere, instrument, charge, due):
    nowhere.bank.dial.turn(break_before=2)
    other = Charge.objects.create(amount_minor=300, currency="EUR", created_at=NOON)
    charging.charge_saved(charge=due, instrument=instrument, now=NOON)
    charging.charge_saved(charge=other, instrument=instrument, now=NOON)
    nowhere.bank.dial.turn(break_before=1)

    rounds = (LATER, LATER + timedelta(seconds=5), LATER + timedelta(minutes=10))
    assert [settling.resolve_open(now=now) for now in rounds] == [0, 1, 1]


def test_other_money_than_we_asked_for_is_not_booked(nowhere, charge):
    nowhere.pay(open_page(charge).url)
    Charge.objects.filter(pk=charge.pk).update(amount_minor=501)

    with pytest.raises(Unexplained):
        settling.resolve(charge.latest_attempt, now=NOON)
    assert nowhere.money_taken() == []
