"""Reports read sums of days, and never say anything but what the lines say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import books, sums
from tamizdat.ledger.books import Movement
from tamizdat.ledger.models import Day, DaySum
from tamizdat.lib.money import Money
from tests.ledger.writing import A_GIFT, book
from tests.racing import race

A_REFUND = A_GIFT[::-1]
NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 12, 5, 3, tzinfo=UTC)
days = st.dates(date(2026, 10, 25), date(2026, 12, 4))


class TestSums(TestCase):
    @settings(max_examples=40)
    @given(
        steps=st.lists(
            st.one_of(
                st.tuples(days, st.integers(1, 10**12), st.sampled_from(["EUR", "JPY"])),
                st.just("the worker comes by"),
            ),
            max_size=12,
        )
    )
    def test_whatever_is_booked_when_the_sums_are_those_of_the_lines(self, steps):
        for number, step in enumerate(steps):
            if isinstance(step, tuple):
                book(str(number), step[0], step[1], step[2])
            else:
                sums.add_up(now=NOW)
            assert books.are_added_up_right()


@pytest.mark.django_db
def test_a_month_says_what_was_before_what_came_and_what_is_left():
    book("a", date(2026, 10, 31), 100)
    book("b", date(2026, 11, 1), 30)
    book("c", date(2026, 11, 30), 20, of=A_REFUND)
    book("d", date(2026, 12, 1), 7)
    sums.add_up(now=NOW)

    eur = [Money(minor, "EUR") for minor in (100, 30, 20)]
    assert books.month(NOVEMBER)[0] == Movement("cash-demo-bank", *eur)
    assert books.month(NOVEMBER)[0].closing == Money(110, "EUR")
    assert [entry.key for entry in books.journal_of(NOVEMBER)] == ["c", "b"]


@pytest.mark.django_db
def test_a_day_is_added_up_once_and_again_when_something_is_booked_late():
    book("a", NOVEMBER, 100)

    assert [sums.add_up(now=NOW) for _ in "12"] == [1, 0]
    book("late", NOVEMBER, 1)
    assert sums.add_up(now=NOW) == 1
    assert books.balance("cash-demo-bank", "EUR") == Money(101, "EUR")


@pytest.mark.django_db
def test_the_day_that_is_today_is_not_over():
    book("a", NOW.date(), 100)

    assert sums.add_up(now=NOW) == 0
    assert books.trial_balance() != []


@pytest.mark.django_db
def test_a_sum_that_someone_altered_is_found():
    book("a", NOVEMBER, 100)
    sums.add_up(now=NOW)
    DaySum.objects.filter(debit_minor=100).update(debit_minor=101)

    assert not books.are_added_up_right()
    assert not books.do_balance()


@pytest.mark.django_db
def test_a_sum_is_read_and_not_the_lines(django_assert_max_num_queries):
    for n in range(30):
        book(str(n), NOVEMBER + timedelta(days=n), 100)
    sums.add_up(now=NOW)

    with django_assert_max_num_queries(3) as asked:
        books.trial_balance()
    assert not [query for query in asked.captured_queries if "ledger_line" in query["sql"]]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_booked_while_its_day_is_added_up_is_counted():
    """The worker waits for who is booking on that day, and whoever comes later opens it again."""
    book("a", NOVEMBER, 100)

    def write(number):
        with transaction.atomic():
            book(f"race {number}", NOVEMBER, 1)

    race([lambda: sums.add_up(now=NOW)] * 2 + [lambda n=n: write(n) for n in range(4)])

    assert books.are_added_up_right()
    sums.add_up(now=NOW)
    assert not Day.objects.filter(is_open=True).exists()
    assert books.balance("cash-demo-bank", "EUR") == Money(104, "EUR")
