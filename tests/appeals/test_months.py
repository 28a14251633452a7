"""Months are counted as (year, number); a day never pushes one into the next."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.appeals.months import (
    REST,
    Month,
    NotAMonth,
    offered,
    offered_after_a_gift,
    proposed,
    proposed_after_a_gift,
)

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@given(day=days, months=st.integers(0, 600))
def test_so_many_months_later_is_so_many_months_later(day, months):
    later = Month.of(day).plus(months)

    assert (later.year - day.year) * 12 + later.number - day.month == months
    assert 1 <= later.number <= 12


@given(day=days)
def test_the_six_months_offered_follow_one_another_and_hold_the_proposed_one(day):
    months = offered(day)

    assert months == sorted(set(months))
    assert all(Month.of(day) < month <= Month.of(day).plus(6) for month in months)
    assert proposed(day) in months[:2]


@given(day=days)
def test_after_a_gift_nobody_is_asked_at_once_and_a_year_is_proposed(day):
    months = offered_after_a_gift(day)

    assert [(m.year - day.year) * 12 + m.number - day.month for m in months] == [3, 6, 9, 12]
    assert proposed_after_a_gift(day) == months[-1]


@given(day=days, number=st.integers(1, 12), late=st.integers(0, 40))
def test_a_year_later_is_the_same_month_and_never_soon_after_the_last_mail(day, number, late):
    month = Month(day.year, number)
    last = month.plus(late)
    again = month.again_after(last)

    assert again.number == number
    assert last.plus(REST) <= again < last.plus(REST + 12)
    assert late > 3 or again == month.plus(12)


@given(day=days)
def test_what_is_written_is_read_back(day):
    assert Month.parse(str(Month.of(day))) == Month.of(day)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 19), "2026-12"),
        (date(2026, 11, 20), "2027-01"),
        (date(2026, 12, 19), "2027-01"),
        (date(2026, 12, 31), "2027-02"),  # setMonth(+2) says March here
        (date(2027, 7, 31), "2027-09"),  # and October here
    ],
)
def test_late_in_a_month_the_next_one_is_too_near(today, month):
    assert str(proposed(today)) == month


@pytest.mark.parametrize("text", ["", "2027", "2027-13", "2027-1", "soon", "2027-03-01", "0000-01"])
def test_what_names_no_month_is_refused(text):
    with pytest.raises(NotAMonth):
        Month.parse(text)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "March"), ("ru", "март"), ("fa", "اسفند (مارس)")]
)
def test_a_month_has_a_name_in_the_readers_language(language, name):
    assert Month(2027, 3).name(language) == name
