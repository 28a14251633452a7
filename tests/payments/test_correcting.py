"""What a provider names later is booked so that each entry balances in each currency."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments import booking
from tests.conftest import NOON

keys = (f"p:pay_{n}" for n in itertools.count())
settled = st.one_of(
    st.just(Money(500, "EUR")),
    st.builds(Money, st.integers(1, 10_000), st.sampled_from(["USD", "JPY"])),
)
fees = st.integers(0, 600)


class TestCorrections(TestCase):
    @settings(max_examples=60)
    @given(first=fees, told=st.lists(st.tuples(settled, fees), min_size=1, max_size=6))
    def test_the_books_hold_what_was_told_last_and_nothing_in_other_currencies(self, first, told):
        key = next(keys)
        fee = Money(first, "EUR")
        gift = Money(500, "EUR")
        gave = [Posting("cash-p", gift - fee), Posting("fees", fee), Posting("gifts", -gift)]
        books.post(key=key, memo="", at=NOON, postings=gave)
        last = told[-1]
        for gross, kept in told:
            words = {"gross": gross, "fee": Money(kept, gross.currency)}
            booking.correct(key, provider="p", at=NOON, **words)

        gross, kept = last
        held = booking.booked([key], "cash-p").get(key)
        assert held == booking.sums([Posting("", gross - Money(kept, gross.currency))])
        assert booking.booked([key], "fees")[key] == booking.sums(
            [Posting("", Money(kept, gross.currency))]
        )
        assert booking.booked([key], "gifts")[key] == [Money(-500, "EUR")]
        assert booking.booked([key])[key] == []
        assert books.do_balance()
