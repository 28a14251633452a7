"""How arms stand: what browsers told of them beside what the books say."""

import pytest

from tamizdat.appeals import weighing
from tamizdat.appeals.judging import Kind
from tamizdat.appeals.models import Tally
from tamizdat.funding import giving
from tamizdat.funding.models import AmountLadder
from tamizdat.payments import refunding
from tests.appeals.experiments import DAY, experiment, given, led, meet
from tests.conftest import NOON
from tests.funding.givers import wish, work_daily

pytestmark = pytest.mark.usefixtures("newsroom", "nowhere")
LATER = NOON + 3 * DAY


def arms(found, now=LATER):
    return {arm.name: arm for arm in weighing.report(found, now=now).arms}


def worth(found, arm, now=LATER):
    return arms(found, now)[arm].worth.total


def test_gifts_stand_beside_the_readers_of_their_arm(nowhere):
    found = experiment()
    meet(found, a=500, b=480)
    led(nowhere, found, "b")
    led(nowhere, found, "b")

    weighed = arms(found)
    assert [weighed[name].standing.met for name in "ab"] == [500, 480]
    assert [weighed[name].standing.gifts for name in "ab"] == [0, 2]
    assert weighed["b"].views == 960


def test_a_monthly_gift_counts_twelve_times_and_its_dues_arrive_one_by_one(nowhere):
    found = experiment()
    meet(found, a=1)
    led(nowhere, found, "a", interval="month", minor=500)
    work_daily(start=NOON + 2 * DAY, days=65)

    weighed = arms(found, now=NOON + 70 * DAY)["a"]
    assert weighed.worth.total == 6_000
    assert weighed.arrived == {"USD": 1_500}


def test_what_was_not_paid_or_was_given_back_does_not_count(nowhere):
    found = experiment()
    charge = led(nowhere, found, "a")
    refunding.refund(charge, charge.money, reason="asked", now=LATER)
    giving.promise(wish("once"), now=NOON + DAY)

    assert arms(found)["a"].standing.gifts == 0


def test_gifts_before_it_began_and_after_it_ended_do_not_count(nowhere):
    found = experiment(begins=NOON + DAY)
    given(found, "a", 2, at=NOON)
    given(found, "a", 3, at=NOON + 2 * DAY)
    given(found, "a", 4, at=NOON + 4 * DAY)
    found.end(now=NOON + 3 * DAY)

    assert arms(found, now=NOON + 9 * DAY)["a"].standing.gifts == 3


def test_another_currency_counts_by_what_is_proposed_in_it(nowhere):
    found = experiment()
    of = dict(
        AmountLadder.objects.filter(interval="month").values_list("currency", "proposed_minor")
    )
    led(nowhere, found, "a", currency="EUR", minor=of["EUR"])
    led(nowhere, found, "b", currency="USD", minor=of["USD"])

    assert worth(found, "a") == worth(found, "b") == of["USD"]


def test_one_very_large_gift_does_not_decide():
    found = experiment()
    given(found, "a", 1, minor=50_000_00)

    assert (
        worth(found, "a")
        == 12 * 10 * AmountLadder.objects.get(currency="USD", interval="month").proposed_minor
    )
    assert arms(found)["a"].arrived == {"USD": 50_000_00}


@pytest.mark.parametrize(
    ("gifts", "told"),
    [
        ({"USD": 5, "EUR": 1}, []),  # what all are worth, without the dollars, would be the euros
        ({"USD": 9, "GEL": 6, "EUR": 1}, ["$90"]),
        ({"USD": 9, "EUR": 5}, ["€50", "$90"]),
        ({"USD": 9, "GEL": 4, "EUR": 4}, ["$90"]),
    ],
)
def test_what_arrived_in_a_currency_of_few_gifts_is_not_told(gifts, told):
    found = experiment()
    for currency, count in gifts.items():
        given(found, "a", count, currency=currency)

    assert arms(found)["a"].arrived_words == told


def test_a_day_that_was_flooded_is_left_out_with_its_gifts_and_the_verdict_says_so():
    found = experiment()
    meet(found, a=3_000, b=3_000)
    meet(found, on=NOON + DAY, a=3_000, b=90_000)
    given(found, "a", 30, at=NOON)
    given(found, "b", 30, at=NOON)
    given(found, "b", 9, at=NOON + DAY)
    Tally.objects.flag(found.arms.get(name="b"), (NOON + DAY).date())

    report = weighing.report(found, now=LATER)

    assert report.left_out == [(NOON + DAY).date()]
    assert [arm.standing.met for arm in report.arms] == [3_000, 3_000]
    assert [arm.standing.gifts for arm in report.arms] == [30, 30]
    assert report.verdict.sentence.endswith("1 day is left out: somebody flooded the counts.")


def test_forged_counts_below_every_limit_are_noticed_by_the_split():
    found = experiment()
    meet(found, a=30_000, b=33_000)
    given(found, "a", 90, at=NOON)
    given(found, "b", 90, at=NOON)

    assert weighing.report(found, now=LATER).verdict.kind == Kind.WRONG


def test_a_bandit_gives_no_verdict_and_says_who_gets_most():
    found = experiment(is_bandit=True)
    meet(found, a=5_000, b=9_000)
    found.arms.filter(name="b").update(share=7_500)
    found.arms.filter(name="a").update(share=2_500)

    sentence = weighing.report(found, now=LATER).verdict.sentence
    assert sentence.startswith("B gets 75 % of new readers, the most.")


def test_it_asks_the_database_as_often_however_many_gifts_there_are(django_assert_num_queries):
    found = experiment()
    given(found, "a", 40)
    with django_assert_num_queries(8):
        weighing.report(found, now=LATER)


def test_the_rates_of_thousands_are_with_intervals():
    found = experiment()
    meet(found, a=10_000, b=10_000)
    given(found, "a", 30)

    arm = arms(found)["a"]
    low, middle, high = arm.rate
    assert (round(low, 1), middle, round(high, 1)) == (2.1, 3.0, 4.3)
    assert arm.value.middle == pytest.approx(3 * 1_000)
