from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.dates import day_in_words, month_in_words
from tamizdat.lib.persian_calendar import persian_date

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "4 March 2026", "4 March"),
        ("ru", "4 марта 2026", "4 марта"),
        ("uk", "4 березня 2026", "4 березня"),
        ("fa", "۱۳ اسفند ۱۴۰۴", "۱۳ اسفند"),
    ],
)
def test_a_day_is_written_as_papers_of_the_language_write_it(language, long, short):
    assert day_in_words(DAY, language) == long
    assert day_in_words(DAY, language, with_year=False) == short


@pytest.mark.parametrize(
    ("language", "name"), [("en", "March"), ("ru", "март"), ("fa", "اسفند (مارس)")]
)
def test_a_month_is_named_as_its_readers_count(language, name):
    assert month_in_words(date(2027, 3, 1), language) == name


@pytest.mark.parametrize(
    ("day", "persian"),
    [
        (date(1941, 9, 16), (1320, 6, 25)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2025, 3, 21), (1404, 1, 1)),
    ],
)
def test_known_days_of_the_persian_calendar(day, persian):
    assert persian_date(day) == persian


@given(st.dates(date(1925, 3, 21), date(2100, 1, 1)))
def test_the_next_day_is_the_next_persian_day(day):
    year, month, number = persian_date(day)
    following = persian_date(date.fromordinal(day.toordinal() + 1))

    assert following in {(year, month, number + 1), (year, month + 1, 1), (year + 1, 1, 1)}
    assert 1 <= number <= (31 if month <= 6 else 30)
