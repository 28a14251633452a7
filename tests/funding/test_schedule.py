"""What is charged, and when, over years."""

from datetime import date, timedelta

import pytest
from django.core import mail

from tamizdat.funding import giving, outcome, schedule, selfservice
from tamizdat.funding.models import Due, Letter, Pledge
from tamizdat.ledger import books
from tamizdat.lib.money import Money
from tamizdat.payments import settling
from tamizdat.payments.models import Attempt, Charge, Instrument
from tamizdat.payments.silence import Silent
from tests.demo_bank.nowhere import TIRES
from tests.funding.givers import at, give, pledge_of, wish, work_daily
from tests.payments.banks import at_each
from tests.payments.stripe_server import ABSENT

pytestmark = pytest.mark.usefixtures("outlet")
START = at(2027, 1, 31)
TWO_YEARS = 731  # to 31 January 2029; 2028 is a leap year


def declining(nowhere, script):
    """On the mornings of the script, so many refusals are in store."""

    def morning(day):
        nowhere.bank.dial.decline = script.get(day, nowhere.bank.dial.decline)

    return morning


def periods(pledge):
    return list(pledge.dues.order_by("period_on").values_list("period_on", flat=True))


@at_each
def test_in_two_years_a_monthly_gift_is_taken_25_times(nowhere):
    pledge = pledge_of(nowhere, now=START)

    work_daily(start=START, days=TWO_YEARS + 1)

    assert len(nowhere.money_taken()) == pledge.dues.count() == 25
    assert periods(pledge)[:4] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]
    assert date(2028, 2, 29) in periods(pledge)


def test_with_refusals_every_period_is_still_taken_exactly_once(nowhere):
    pledge = pledge_of(nowhere, now=START)
    script = {date(2027, 2, 28): 1, date(2027, 7, 31): 2, date(2028, 2, 29): 3}

    asked = work_daily(start=START, days=TWO_YEARS + 1, each_day=declining(nowhere, script))

    assert asked == 24 + 1 + 2 + 3
    assert len(nowhere.money_taken()) == pledge.dues.count() == 25
    assert books.do_balance()


def test_a_yearly_gift_from_a_leap_day_is_taken_once_a_year(nowhere):
    start = at(2028, 2, 29)
    pledge = pledge_of(nowhere, interval="year", now=start)

    work_daily(start=start, days=2 * 366)

    assert periods(pledge) == [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)]
    assert len(nowhere.money_taken()) == 3


@at_each
def test_a_bank_that_refuses_is_asked_on_days_0_3_7_and_14_and_then_never(nowhere):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.decline = 99

    work_daily(start=START, days=120)

    due_on = date(2027, 2, 28)
    asked = Attempt.objects.filter(return_url="").order_by("pk")
    asked = asked.values_list("created_at", flat=True)
    assert [(day.date() - due_on).days for day in asked] == [0, 3, 7, 14]
    pledge.refresh_from_db()
    assert (pledge.state, pledge.next_due_on) == ("lapsed", None)
    assert len(nowhere.money_taken()) == 1


@at_each
def test_each_refusal_is_told_and_so_is_the_end(nowhere):
    pledge_of(nowhere, now=START)
    nowhere.bank.dial.decline = 99

    work_daily(start=START, days=60)

    assert [message.subject for message in mail.outbox] == [
        "Thank you",
        *["The bank refused"] * 3,
        "We have stopped asking your bank",
    ]
    assert not Letter.objects.exists()


@at_each
def test_a_card_that_tires_pays_on_the_third_try(nowhere):
    pledge = pledge_of(nowhere, card=TIRES, now=START)

    work_daily(start=START, days=40)

    pledge.refresh_from_db()
    assert (pledge.state, pledge.next_due_on) == ("active", date(2027, 3, 31))
    assert pledge.dues.get(period_on=date(2027, 2, 28)).tries == 3


def test_a_hard_refusal_ends_it_at_once(nowhere):
    pledge = pledge_of(nowhere, now=START)
    with nowhere.bank._vaults.open() as db:
        db.execute("UPDATE tokens SET number = '4000000000009979'")

    assert work_daily(start=START, days=90) == 1
    pledge.refresh_from_db()
    assert pledge.state == "lapsed"


@pytest.mark.parametrize("nowhere", ["stripe"], indirect=True)
def test_a_bank_that_wants_to_hear_from_its_reader_is_told_by_mail_and_is_no_end(nowhere):
    pledge = pledge_of(nowhere, now=START)
    for thing in nowhere.bank.all_of("pm_"):
        thing["_holder"] = ABSENT

    assert work_daily(start=START, days=30) == 1

    pledge.refresh_from_db()
    reason = Attempt.objects.last().reason
    assert (pledge.state, reason) == ("unconfirmed", "authentication_required")
    assert mail.outbox[-1].subject == "Your bank wants to hear from you"


def test_after_months_without_a_worker_one_gift_is_taken_not_four(nowhere):
    pledge = pledge_of(nowhere, now=START)

    asked = work_daily(start=at(2027, 6, 15), days=10)

    pledge.refresh_from_db()
    assert asked == 1
    assert periods(pledge) == [date(2027, 1, 31), date(2027, 5, 31)]
    assert pledge.next_due_on == date(2027, 6, 30)


def test_a_refused_gift_of_a_month_that_is_over_is_not_asked_for_again(nowhere):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.decline = 1
    schedule.charge_due(now=at(2027, 2, 28))

    schedule.charge_due(now=at(2027, 4, 2))

    states = dict(pledge.dues.values_list("period_on", "charge__state"))
    assert states[date(2027, 2, 28)] == "canceled"
    assert states[date(2027, 3, 31)] == "succeeded"


@at_each
def test_no_month_is_asked_for_while_the_one_before_may_still_be_paid(nowhere):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.pend = 1

    for morning in (at(2027, 2, 28), at(2027, 3, 31), at(2027, 4, 15)):
        schedule.charge_due(now=morning)
    [pending] = [each for each in nowhere.bank.payments() if each["state"] == "pending"]
    assert len(nowhere.bank.payments()) == 2
    nowhere.bank.settle(pending["id"], well=True)
    work_daily(start=at(2027, 4, 16), days=2)

    assert periods(pledge) == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
    assert len(nowhere.money_taken()) == 3


@at_each
def test_a_time_out_after_success_takes_the_money_once(nowhere):
    pledge = pledge_of(nowhere, now=START)
    due_at = at(2027, 2, 28)
    nowhere.bank.dial.break_after = 1

    schedule.charge_due(now=due_at)
    schedule.charge_due(now=due_at + timedelta(hours=1))
    settling.resolve_open(now=due_at + timedelta(hours=2))
    work_daily(start=due_at, days=20)

    pledge.refresh_from_db()
    assert len(nowhere.money_taken()) == 2
    assert (pledge.state, pledge.next_due_on) == ("active", date(2027, 3, 31))


def test_of_two_workers_with_the_same_due_one_asks_the_bank(nowhere):
    pledge = pledge_of(nowhere, now=START)
    due_at = at(2027, 2, 28)
    nowhere.bank.dial.decline = 1
    stale = Pledge.objects.get()
    due = schedule._due(pledge, period_on=due_at.date(), today=due_at.date(), now=due_at)
    seen_by_the_other = Due.objects.get(pk=due.pk)

    assert schedule.charge_due(now=due_at) == 1
    assert not seen_by_the_other.take_try(today=due_at.date())
    assert schedule._charge(stale, Silent(), now=due_at) is None


def test_a_smaller_amount_after_a_refusal_is_what_the_bank_is_asked_for_next(nowhere):
    pledge = pledge_of(nowhere, now=START)
    nowhere.bank.dial.decline = 1
    schedule.charge_due(now=at(2027, 2, 28))

    selfservice.change_amount(pledge, Money(200, "USD"), now=at(2027, 3, 1))
    schedule.charge_due(now=at(2027, 3, 3))

    assert [payment["amount"] for payment in nowhere.money_taken()] == [500, 200]


def test_a_provider_that_is_gone_holds_up_nobody_else(nowhere):
    gone = pledge_of(nowhere, now=START)
    give(nowhere, wish(address="beso@example.org"), now=START)
    Instrument.objects.filter(pk=gone.instrument_id).update(provider="gone")

    assert schedule.charge_due(now=at(2027, 2, 28)) == 1
    assert not gone.dues.filter(period_on=date(2027, 2, 28)).exists()
    selfservice.stop(gone, now=at(2027, 3, 1))


def owing(nowhere):
    """Four that the bank refused."""
    pledges = [pledge_of(nowhere, now=START) for _ in range(4)]
    Pledge.objects.update(state="past_due")
    return pledges


def test_what_cannot_be_called_off_at_a_bank_that_is_gone_holds_up_none_at_another(nowhere):
    for n, blocked in enumerate(owing(nowhere)[::2]):
        earlier = Charge.objects.create(
            amount_minor=500, currency="USD", state="open", created_at=START
        )
        Due.objects.create(pledge=blocked, period_on=date(2026, 12, 31), charge=earlier)
        earlier.attempts.create(
            provider="gone", number=1, idempotency_key=f"key-{n}", created_at=START
        )

    assert [schedule.charge_due(now=at(2027, 2, 28)) for _round in range(2)] == [2, 0]


@pytest.mark.parametrize("state", ["active", "expired"])
def test_a_card_that_cannot_be_read_holds_up_none_behind_it(nowhere, state):
    unreadable = owing(nowhere)[0].instrument_id
    seal = {"sealed_token": b"cannot be read", "state": state}
    Instrument.objects.filter(pk=unreadable).update(**seal)

    schedule.charge_due(now=at(2027, 2, 28))

    assert len(nowhere.money_taken()) == 4 + 3


def test_a_promise_that_was_never_paid_is_never_charged(nowhere):

    giving.promise(wish(), now=START)

    assert work_daily(start=START, days=60) == 0


def test_a_pledge_begins_on_the_day_it_is_paid(nowhere):

    charge = giving.promise(wish(), now=START)
    bank = giving.open_bank(charge, provider="demo-bank", language="en", now=START)
    nowhere.pay(bank.url)

    outcome.of(charge, now=at(2027, 2, 1))

    assert (Pledge.objects.get().anchor_on, Due.objects.get().period_on) == (
        date(2027, 2, 1),
        date(2027, 2, 1),
    )


def test_a_gift_made_once_is_thanked_and_leaves_no_pledge(nowhere):
    give(nowhere, wish("once"), now=START)

    schedule.charge_due(now=START)

    assert not Pledge.objects.exists()
    assert "Nothing more will be taken" in mail.outbox[0].body
