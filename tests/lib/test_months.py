import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.months import due_on, end_of_month, first_on, number_at

anchors = st.dates(date(2000, 1, 1), date(2099, 12, 31))
intervals = st.sampled_from([1, 12])
hundred_years = st.integers(0, 1200)


def test_the_last_of_january_stays_the_last_of_january():
    dates = [due_on(date(2027, 1, 31), n) for n in range(4)]

    assert dates == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_a_leap_february_has_one_day_more():
    assert due_on(date(2028, 1, 31), 1) == date(2028, 2, 29)


def test_a_leap_day_comes_back_every_fourth_year():
    days = [due_on(date(2028, 2, 29), n, every=12).day for n in range(5)]

    assert days == [29, 28, 28, 28, 29]


@given(anchor=anchors, n=hundred_years, every=intervals)
def test_a_date_is_in_its_month_on_the_anchors_day_or_the_last(anchor, n, every):
    n = n if every == 1 else n // 12
    due = due_on(anchor, n, every=every)

    assert (due.year * 12 + due.month) - (anchor.year * 12 + anchor.month) == n * every
    assert due.day == min(anchor.day, calendar.monthrange(due.year, due.month)[1])


@given(anchor=anchors, n=hundred_years, every=intervals)
def test_dates_only_go_forward_by_about_as_long(anchor, n, every):
    n = n if every == 1 else n // 12
    gap = due_on(anchor, n + 1, every=every) - due_on(anchor, n, every=every)

    low, high = (28, 31) if every == 1 else (365, 366)
    assert timedelta(days=low) <= gap <= timedelta(days=high)


@given(anchor=anchors, days=st.integers(-400, 36_525), every=intervals)
def test_a_day_lies_between_the_date_that_came_and_the_one_that_will(anchor, days, every):
    day = anchor + timedelta(days=days)
    n = number_at(anchor, day, every=every)

    assert due_on(anchor, n, every=every) <= day < due_on(anchor, n + 1, every=every)


@pytest.mark.parametrize(("day", "n"), [(27, 0), (28, 1)])
def test_the_clamped_day_counts_as_come(day, n):
    assert number_at(date(2027, 1, 31), date(2027, 2, day)) == n


@given(day=st.integers(1, 28), start=anchors)
def test_the_first_such_day_is_less_than_a_month_away_and_no_earlier(day, start):
    first = first_on(day, not_before=start)

    assert first.day == day
    assert start <= first < start + timedelta(days=31)


@pytest.mark.parametrize("day", [0, 29, 31])
def test_a_day_that_not_every_month_has_is_none_to_choose(day):
    with pytest.raises(ValueError, match="not in every month"):
        first_on(day, not_before=date(2027, 1, 1))


@given(day=anchors)
def test_the_end_of_a_month_is_followed_by_a_first(day):
    end = end_of_month(day)

    assert (end.year, end.month) == (day.year, day.month)
    assert (end + timedelta(days=1)).day == 1
