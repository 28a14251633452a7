"""Another day, another interval, leaving one out, beginning again: never earlier, never twice."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.funding import access, restarting, schedule, selfservice
from tamizdat.funding.models import Letter, Pledge, RiskRule, Supporter
from tamizdat.lib.money import Money
from tamizdat.payments.errors import Vetoed, WrongState
from tamizdat.payments.models import Instrument
from tests.funding.givers import at, pledge_of, work_daily

START = at(2027, 1, 31)
A_MONTH, A_YEAR = timedelta(days=28), timedelta(days=365)


class ForAHundredYears(TestCase):
    """Readers change the day whenever they like; workers come when due, or late."""

    def a_pledge(self, begins_on, interval):
        now = at(begins_on.year, begins_on.month, begins_on.day)
        instrument = Instrument.objects.create(
            provider="demo-bank", sealed_token=b"", issuer_country="US", created_at=now
        )
        return Pledge.objects.create(
            supporter=Supporter.objects.without_address(language="en", now=now),
            amount_minor=500,
            currency="USD",
            interval=interval,
            state="active",
            anchor_on=begins_on,
            next_due_on=begins_on,
            instrument=instrument,
            created_at=now,
        )

    @settings(max_examples=40)
    @given(
        begins_on=st.dates(date(2026, 1, 1), date(2126, 12, 31)),
        interval=st.sampled_from(["month", "year"]),
        steps=st.lists(
            st.one_of(
                st.tuples(st.just("wait"), st.integers(0, 20)),
                st.tuples(st.just("day"), st.integers(1, 28)),
            ),
            min_size=10,
            max_size=60,
        ),
    )
    def test_no_gift_is_earlier_than_promised_and_no_period_holds_two(
        self, begins_on, interval, steps
    ):
        pledge = self.a_pledge(begins_on, interval)
        least = A_MONTH if interval == "month" else A_YEAR - timedelta(days=1)
        today, paid = begins_on, []
        for step, n in steps:
            promised_on = pledge.next_due_on
            if step == "day":
                selfservice.change_day(pledge, n, now=at(today.year, today.month, today.day))
                assert promised_on <= pledge.next_due_on <= max(promised_on, today) + A_MONTH * 1.15
                continue
            today = max(today, promised_on) + timedelta(days=n)
            period_on = pledge.period_at(today)
            assert promised_on <= period_on <= today
            pledge.mark_paid(period_on=period_on, instrument=None)
            paid.append(period_on)
            assert pledge.next_due_on > today or pledge.next_due_on > period_on
        assert all(later - earlier >= least for earlier, later in pairwise(paid))


@pytest.fixture
def pledge(outlet, nowhere):
    pledge = pledge_of(nowhere, now=START)
    Letter.objects.all().delete()
    return pledge


def test_the_first_gift_on_another_day_is_the_first_such_day_after_what_was_promised(
    pledge, nowhere
):
    selfservice.change_day(pledge, 15, now=START)

    assert pledge.next_due_on == date(2027, 3, 15)
    work_daily(start=START, days=90)
    assert len(nowhere.money_taken()) == 3  # 31 January, 15 March, 15 April
    assert [letter.kind for letter in Letter.objects.all()] == []


def test_changed_twice_to_the_same_day_it_is_changed_once(pledge):
    selfservice.change_day(pledge, 15, now=START)
    selfservice.change_day(pledge, 15, now=START)

    assert pledge.next_due_on == date(2027, 3, 15)
    assert Letter.objects.count() == 1


def test_going_on_after_a_pause_is_no_earlier_than_the_new_day(pledge):
    selfservice.change_day(pledge, 15, now=START)
    selfservice.pause(pledge, 1, now=START)

    selfservice.resume(pledge, now=at(2027, 2, 15))

    assert pledge.next_due_on == date(2027, 3, 15)


def test_while_a_gift_is_owed_the_day_stays(pledge, nowhere):
    nowhere.bank.dial.decline = 1
    schedule.charge_due(now=at(2027, 2, 28))

    with pytest.raises(WrongState):
        selfservice.change_day(pledge, 15, now=at(2027, 3, 1))


def test_while_the_bank_has_not_answered_the_day_stays(pledge, nowhere):
    nowhere.bank.dial.break_after = 1
    schedule.charge_due(now=at(2027, 2, 28))

    with pytest.raises(WrongState):
        selfservice.change_day(pledge, 15, now=at(2027, 2, 28))
    with pytest.raises(WrongState):
        selfservice.change_interval(pledge, "year", Money(5000, "USD"), now=at(2027, 2, 28))


def test_monthly_becomes_yearly_on_the_day_that_was_promised(pledge, nowhere):
    selfservice.change_interval(pledge, "year", Money(5000, "USD"), now=START)

    work_daily(start=START, days=400)

    taken = [payment["amount"] for payment in nowhere.money_taken()]
    assert taken == [500, 5000, 5000]
    assert pledge.dues.latest("period_on").period_on == date(2028, 2, 28)


def test_yearly_becomes_monthly_once_the_year_is_over(outlet, nowhere):
    pledge = pledge_of(nowhere, interval="year", now=START)

    selfservice.change_interval(pledge, "month", Money(300, "USD"), now=START)
    work_daily(start=START, days=400)

    assert [payment["amount"] for payment in nowhere.money_taken()] == [500, 300, 300]


def test_an_interval_that_would_endanger_is_refused(pledge):
    RiskRule.objects.create(country="US", action="never", interval="year", starts_on=START.date())

    with pytest.raises(Vetoed, match="never_from_US"):
        selfservice.change_interval(pledge, "year", Money(5000, "USD"), now=START)
    assert Pledge.objects.get().interval == "month"


@pytest.mark.parametrize(("interval", "later"), [("month", (2027, 3, 31)), ("year", (2029, 1, 31))])
def test_one_gift_is_left_out_and_then_it_goes_on(outlet, nowhere, interval, later):
    pledge = pledge_of(nowhere, interval=interval, now=START)

    selfservice.skip(pledge, pledge.next_due_on, now=START)
    assert (pledge.state, pledge.next_due_on) == ("paused", date(*later))
    schedule.charge_due(now=at(*later))

    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert len(nowhere.money_taken()) == 2


def test_left_out_twice_it_is_one(pledge):
    shown = pledge.next_due_on
    selfservice.skip(pledge, shown, now=START)
    selfservice.skip(pledge, shown, now=START)
    assert pledge.next_due_on == date(2027, 3, 31)

    selfservice.resume(pledge, now=START)
    with pytest.raises(WrongState):
        selfservice.skip(pledge, date(2027, 3, 31), now=START)


def restart(pledge, reference="r" * 22):
    return restarting.restart(pledge, reference=reference, now=at(2027, 2, 1))


def test_after_the_end_a_new_pledge_is_promised_and_the_old_one_stays_ended(pledge):
    selfservice.stop(pledge, now=START)

    charge = restart(pledge)

    assert charge.due.pledge != pledge
    assert (charge.due.pledge.state, charge.money) == ("incomplete", pledge.money)
    assert charge.due.pledge.supporter == pledge.supporter
    pledge.refresh_from_db()
    assert pledge.state == "stopped"


def test_begun_again_twice_it_is_one(pledge):
    selfservice.stop(pledge, now=START)

    assert restart(pledge) == restart(pledge)
    assert Pledge.objects.count() == 2


@pytest.mark.parametrize("state", ["halted", "active", "paused", "past_due", "unconfirmed"])
def test_what_is_halted_or_goes_on_does_not_begin_again(pledge, state):
    Pledge.objects.update(state=state, next_due_on=None if state == "halted" else START.date())

    with pytest.raises(WrongState):
        restart(pledge)


def test_whoever_was_forgotten_does_not_begin_again(pledge):
    selfservice.forget(pledge.supporter, now=START)

    with pytest.raises(WrongState):
        restart(pledge)


def press(client, pledge, action, **fields):
    token = access.token_for(pledge.supporter, pledge, now=timezone.now())
    answer = client.post(f"/manage/{token}/", {"action": action, **fields})
    pledge.refresh_from_db()
    return answer


@pytest.mark.usefixtures("newsroom")
class TestFromTheMail:
    @pytest.fixture
    def pledge(self, nowhere):
        return pledge_of(nowhere, now=timezone.now())

    def test_the_day(self, client, pledge):
        day = 28 if pledge.anchor_on.day != 28 else 1

        assert press(client, pledge, "day", day=str(day)).status_code == 302
        assert pledge.next_due_on.day == day

    @pytest.mark.parametrize("day", ["", "0", "29", "x"])
    def test_a_day_that_is_none(self, client, pledge, day):
        assert press(client, pledge, "day", day=day).status_code == 409

    def test_the_interval(self, client, pledge):
        press(client, pledge, "interval", interval="year", amount="60")
        press(client, pledge, "interval", interval="year", amount="60")

        assert (pledge.interval, pledge.amount_minor) == ("year", 6000)

    def test_leaving_out(self, client, pledge):
        press(client, pledge, "skip", period=pledge.next_due_on.isoformat())

        assert pledge.state == "paused"

    @pytest.mark.parametrize("period", ["", "x", "2001-01-01"])
    def test_leaving_out_another_day_than_the_next(self, client, pledge, period):
        assert press(client, pledge, "skip", period=period).status_code == 409

    def test_beginning_again_leads_to_the_bank(self, client, pledge, nowhere):
        press(client, pledge, "stop")

        answer = press(client, pledge, "restart", reference="a" * 22)

        assert answer.url.startswith(nowhere.provider.page_origin)

    def test_beginning_again_after_a_halt_is_not_offered(self, client, pledge):
        pledge.move_to("halted")
        token = access.token_for(pledge.supporter, pledge, now=timezone.now())

        page = client.get(f"/manage/{token}/").content.decode()

        assert 'value="restart"' not in page
        assert press(client, pledge, "restart", reference="a" * 22).status_code == 409
