"""Months are counted when they are over, again while payments move, and then they stand."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.figures import keeping
from tamizdat.figures.models import By, CountedMonth, Kind, MonthSum
from tests.figures.givers import gave, gave_once, month, pledge

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2026, 10, 3, 4, tzinfo=UTC)
A_DAY = timedelta(days=1)


def keep_up(now=OCTOBER):
    """As often as the worker comes by; how many months were counted each time."""
    counts = [keeping.keep_up(now=now)]
    while counts[-1]:
        counts.append(keeping.keep_up(now=now))
    return counts[:-1]


def counted():
    return [f"{each.month:%Y-%m}" for each in CountedMonth.objects.order_by("month")]


def kept(n, kind=Kind.GAVE):
    rows = MonthSum.objects.filter(month=month(n), kind=kind, by=By.ALL)
    return [(row.currency, row.count, row.minor) for row in rows.order_by("currency")]


def test_before_the_first_gift_there_is_nothing_to_count():
    assert keeping.keep_up(now=OCTOBER) == 0


def test_every_month_that_is_over_is_counted_once():
    gave(pledge(), 0, 1, 2)
    gave_once(9)  # in October, which is not over

    assert keep_up() == [keeping.AT_A_TIME] * (9 // keeping.AT_A_TIME)
    assert counted() == [f"2026-{n:02}" for n in range(1, 10)]
    assert kept(1) == [("USD", 1, 500)]


def test_the_last_months_are_counted_again_each_day_and_the_earlier_ones_stand():
    one = pledge()
    gave(one, 0, 1)
    keep_up()
    gave(one, 3, 7)  # told late by the bank

    assert sum(keep_up(OCTOBER + A_DAY)) == keeping.UNSETTLED
    assert (kept(3), kept(7)) == ([], [("USD", 1, 500)])


def test_counted_twice_it_is_kept_once():
    gave(pledge(), 0)
    for _ in range(2):
        keeping.count(month(0), now=OCTOBER)

    assert kept(0) == [("USD", 1, 500)]


def test_a_gift_made_once_may_be_the_first_of_all():
    gave_once(2)
    keep_up()

    assert counted()[0] == "2026-03"
    assert kept(2, Kind.ONCE) == [("USD", 1, 2500)]


def test_a_month_costs_few_questions_however_many_gave(django_assert_max_num_queries):
    for _ in range(5):
        gave(pledge(), 0, 1)
    with django_assert_max_num_queries(16):
        keeping.count(month(1), now=OCTOBER)
