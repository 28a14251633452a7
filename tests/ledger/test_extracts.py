"""The books for an accountant: a table that any spreadsheet takes, and nothing in it runs."""

import csv
import io
import tracemalloc
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import books, extracts, spreadsheet
from tamizdat.ledger.extracts import Extract, NoSuchDays
from tests.bench import filling
from tests.ledger.writing import book

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def rows_of(extract):
    text = "".join(spreadsheet.write(extract))
    return list(csv.DictReader(io.StringIO(text, newline="")))


class TestSpreadsheet(TestCase):
    @settings(max_examples=50)
    @given(memo=words)
    def test_no_cell_is_a_formula_and_none_is_lost(self, memo):
        book(f"={memo}"[:60], FIRST, 100, memo=memo)

        [row, _] = rows_of(Extract(FIRST, LAST))
        assert not row["memo"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert row["memo"].removeprefix("'") in (memo, memo.removeprefix("'"))
        assert row["entry"].startswith("'=")


@pytest.mark.django_db
def test_every_line_is_a_row_with_its_amount_to_the_last_digit():
    book("gift", FIRST, 455, "EUR", memo="payment x")
    book("yen", FIRST, 500, "JPY")
    book("dinar", FIRST, 12345, "KWD")

    rows = rows_of(Extract(FIRST, LAST))

    assert list(rows[0]) == list(spreadsheet.COLUMNS)
    assert list(rows[0].values()) == [
        *("2026-11-01T12:00:00+00:00", "gift", "1", "payment x"),
        *("cash-demo-bank", "4.55", "EUR", "455"),
    ]
    assert [row["amount"] for row in rows] == ["4.55", "-4.55", "500", "-500", "12.345", "-12.345"]


@pytest.mark.django_db
def test_both_days_are_in_it_and_no_other():
    for day in (date(2026, 10, 31), FIRST, LAST, date(2026, 12, 1)):
        book(str(day), day, 100)

    assert {row["entry"] for row in rows_of(Extract(FIRST, LAST))} == {str(FIRST), str(LAST)}


@pytest.mark.parametrize("days", [(LAST, FIRST), (FIRST, date.max)])
def test_days_that_cannot_be_are_refused(days):
    with pytest.raises(NoSuchDays):
        Extract(*days)


@pytest.mark.django_db(transaction=True)
def test_thirty_times_the_books_take_no_more_memory():
    filling.fill(filling.Size(8_000, first=FIRST, days=30))
    peaks = []
    for last in (FIRST, LAST):
        tracemalloc.start()
        counted = Counter(len(text) > 0 for text in spreadsheet.write(Extract(FIRST, last)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert counted[True] == 24_001
    assert peaks[1] < 2 * peaks[0] + 1_000_000
    assert books.do_balance()


@pytest.mark.django_db
def test_the_whole_of_the_books_is_from_the_first_day_to_the_last():
    assert extracts.days_of_the_books(today=FIRST) == Extract(FIRST, FIRST)
    book("a", date(2026, 1, 2), 100)
    book("b", date(2026, 3, 4), 100)
    assert extracts.days_of_the_books(today=FIRST) == Extract(date(2026, 1, 2), date(2026, 3, 4))
