"""Readers and workers at once. What a worker read before counts for nothing."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tamizdat.funding import cards, giving, letters, schedule, selfservice
from tamizdat.funding.models import Due, Letter, Pledge, Supporter
from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import charging, keeping, settling
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import Attempt
from tamizdat.payments.silence import Silent
from tests.funding.givers import at, pledge_of, wish
from tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outlet")]
START, DUE_AT = at(2027, 1, 31), at(2027, 2, 28)
TWO = Money(200, "USD")
several_times = pytest.mark.parametrize("_time", range(3))


@pytest.fixture
def pledge(nowhere):
    """As a worker has read it."""
    return pledge_of(nowhere, now=START)


def now_in_the_database():
    return Pledge.objects.get()


def stop():
    selfservice.stop(now_in_the_database(), now=DUE_AT)


def pause():
    selfservice.pause(now_in_the_database(), 1, now=DUE_AT)


def change():
    selfservice.change_amount(now_in_the_database(), TWO, now=DUE_AT)


def work():
    return schedule.charge_due(now=DUE_AT)


def ask_the_bank(due):
    return charging.charge_saved(charge=due.charge, instrument=due.pledge.instrument, now=DUE_AT)


def amounts_taken(nowhere):
    return [payment["amount"] for payment in nowhere.money_taken()]


@pytest.mark.parametrize("act", [stop, pause])
def test_a_worker_that_read_its_list_before_takes_nothing_after(nowhere, pledge, act):
    act()

    assert not schedule._charge(pledge, Silent(), now=DUE_AT)
    assert (amounts_taken(nowhere), Due.objects.count()) == ([500], 1)


def test_a_worker_that_read_the_old_amount_takes_the_new_one(nowhere, pledge):
    change()

    assert schedule._charge(pledge, Silent(), now=DUE_AT)
    assert amounts_taken(nowhere) == [500, 200]


@pytest.mark.parametrize("act", [stop, pause])
def test_between_the_claim_and_the_bank_it_can_still_be_called_off(nowhere, pledge, act):
    due = schedule.claim(pledge, now=DUE_AT)
    act()

    with pytest.raises(WrongState):
        ask_the_bank(due)
    assert amounts_taken(nowhere) == [500]


def test_between_the_claim_and_the_bank_the_amount_can_still_be_changed(nowhere, pledge):
    due = schedule.claim(pledge, now=DUE_AT)
    change()

    assert ask_the_bank(due).state == "succeeded"
    assert amounts_taken(nowhere) == [500, 200]


@pytest.mark.parametrize("act", [stop, pause])
def test_a_question_that_was_lost_is_not_asked_again_after(nowhere, pledge, act):
    nowhere.bank.dial.turn(break_before=2)
    work()
    act()  # and the bank does not hear that either

    assert Attempt.objects.open().exists()
    settling.resolve_open(now=at(2027, 3, 1))
    assert amounts_taken(nowhere) == [500]
    assert not Attempt.objects.open().exists()


@several_times
@pytest.mark.parametrize("act", [stop, pause])
def test_once_we_have_answered_the_bank_takes_no_cent_more(nowhere, pledge, act, _time):
    def act_and_look():
        act()
        return amounts_taken(nowhere)

    taken, *_ = race([act_and_look, work, work])

    assert amounts_taken(nowhere) == taken
    assert not Attempt.objects.open().exists()
    assert books.balance("cash-demo-bank", "USD").minor == nowhere.bank.owed("USD")


@several_times
def test_what_is_taken_beside_a_change_is_what_the_due_says(nowhere, pledge, _time):
    race([change, work])

    due = Due.objects.latest("period_on")
    assert amounts_taken(nowhere) == [500, due.charge.amount_minor]
    assert now_in_the_database().money == TWO


def test_of_many_workers_one_asks_the_bank(nowhere, pledge):
    assert sum(race([work] * 4)) == 1
    assert len(nowhere.money_taken()) == Due.objects.count() == 2


@several_times
def test_a_promise_beside_forgetting_is_never_left_without_an_address(pledge, _time):
    def forget():
        selfservice.forget(Supporter.objects.get(pk=pledge.supporter_id), now=DUE_AT)

    race([forget, lambda: giving.promise(wish(), now=DUE_AT)])

    assert Pledge.objects.get(pk=pledge.pk).state == "stopped"
    left = Pledge.objects.filter(supporter__address_index=None)
    assert set(left.values_list("state", flat=True)) == {"stopped"}


def test_of_two_workers_one_sends_a_letter_and_neither_holds_the_database(pledge, settings):
    settings.EMAIL_BACKEND = "tests.funding.slow_mail.ServerThatNeedsTheDatabase"

    assert sorted(race([lambda: letters.send_waiting(now=DUE_AT)] * 2)) == [0, 1]
    assert not Letter.objects.exists()


@several_times
def test_a_card_that_is_replaced_while_a_worker_charges_is_charged_before_or_never(
    nowhere, pledge, _time
):
    old = pledge.instrument
    nowhere.pay(cards.begin(pledge, language="en", now=DUE_AT).url)
    setup = now_in_the_database().setup

    race([work, lambda: keeping.resolve(setup, now=DUE_AT)])
    pledge.refresh_from_db()
    old.refresh_from_db()
    assert (old.state, pledge.state) == ("revoked", "active")
    schedule.charge_due(now=DUE_AT + timedelta(days=3))

    assert len(nowhere.money_taken()) == 2


@several_times
def test_of_two_presses_for_another_card_there_is_one_page(nowhere, pledge, _time):
    pages = race([lambda: cards.begin(now_in_the_database(), language="en", now=DUE_AT)] * 3)

    assert len({page.url for page in pages}) == 1


@several_times
def test_moving_the_day_while_a_worker_charges_takes_one_gift(nowhere, pledge, _time):
    race([work, lambda: selfservice.change_day(now_in_the_database(), 15, now=DUE_AT)])

    schedule.charge_due(now=at(2027, 3, 14))
    assert len(amounts_taken(nowhere)) <= 2
    schedule.charge_due(now=at(2027, 3, 15))
    periods = sorted(pledge.dues.values_list("period_on", flat=True))
    assert all(later - earlier >= timedelta(days=28) for earlier, later in pairwise(periods))


@several_times
def test_a_link_that_is_asked_for_twice_at_once_is_one_letter(pledge, _time):
    def ask():
        found = now_in_the_database()
        selfservice.mail_new_link(found.supporter, found, now=DUE_AT)

    race([ask] * 4)

    ask()
    assert Letter.objects.filter(kind=Letter.Kind.LINK).count() == 1
