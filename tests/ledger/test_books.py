import contextlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import books
from tamizdat.ledger.books import Balance, Draft, KeyReused, Posting, Unbalanced
from tamizdat.lib.money import Money
from tests.conftest import NOON

minor = st.integers(min_value=1, max_value=10**12)
currencies = st.sampled_from(["EUR", "USD", "JPY"])


def gift(key, money, fee=0):
    fee = Money(fee, money.currency)
    return {
        "key": key,
        "memo": "gift",
        "at": NOON,
        "postings": [
            Posting("cash", money - fee),
            Posting("fees", fee),
            Posting("gifts", -money),
        ],
    }


class TestBooks(TestCase):
    @given(
        gifts=st.lists(
            st.tuples(st.sampled_from("abc"), st.builds(Money, minor, currencies)), max_size=8
        )
    )
    def test_whatever_is_retried_each_key_counts_once_and_the_books_sum_to_zero(self, gifts):
        first = dict(reversed(gifts))
        for key, money in gifts:
            with contextlib.suppress(KeyReused):
                books.post(**gift(key, money))

        for currency in ["EUR", "USD", "JPY"]:
            counted = sum(money.minor for money in first.values() if money.currency == currency)
            assert books.balance("cash", currency).minor == counted
        assert books.do_balance()


@pytest.mark.django_db
@pytest.mark.parametrize("postings", [[], [Posting("cash", Money(1, "EUR"))]])
def test_an_unbalanced_entry_is_refused(postings):
    with pytest.raises(Unbalanced):
        books.post(key="x", memo="", at=NOON, postings=postings)
    assert not books.journal().exists()


@pytest.mark.django_db
def test_one_currency_does_not_balance_another():
    postings = [Posting("cash", Money(1, "EUR")), Posting("gifts", Money(-1, "USD"))]

    with pytest.raises(Unbalanced, match="EUR"):
        books.post(key="x", memo="", at=NOON, postings=postings)


@pytest.mark.django_db
def test_a_key_tells_new_from_told_again_from_reused():
    assert books.post(**gift("a", Money(500, "EUR"), fee=45))
    assert not books.post(**gift("a", Money(500, "EUR"), fee=45))
    with pytest.raises(KeyReused):
        books.post(**gift("a", Money(500, "EUR"), fee=44))


@pytest.mark.django_db
def test_many_are_written_as_one_by_one_or_none_is():
    drafts = [Draft(**gift(key, Money(500, "EUR"), fee=fee)) for key, fee in (("a", 45), ("b", 0))]
    books.post_all(drafts)

    assert not any(books.post(**draft._asdict()) for draft in drafts)
    assert books.balance("cash", "EUR") == Money(955, "EUR")
    with pytest.raises(IntegrityError), transaction.atomic():
        books.post_all([Draft(**gift("c", Money(1, "EUR"))), drafts[0]])
    assert books.journal().count() == 2


@pytest.mark.django_db
def test_among_many_one_that_is_unbalanced_is_refused_with_all():
    good, bad = (Draft(**gift(key, Money(500, "EUR"))) for key in "ab")

    with pytest.raises(Unbalanced):
        books.post_all([good, bad._replace(postings=bad.postings[:1])])
    assert not books.journal().exists()


@pytest.mark.django_db
def test_the_trial_balance_has_a_row_for_each_account_and_currency():
    books.post(**gift("a", Money(500, "EUR"), fee=45))
    books.post(**gift("b", Money(200, "USD")))

    assert books.trial_balance() == [
        Balance("cash", Money(455, "EUR")),
        Balance("fees", Money(45, "EUR")),
        Balance("gifts", Money(-500, "EUR")),
        Balance("cash", Money(200, "USD")),
        Balance("gifts", Money(-200, "USD")),
    ]


@pytest.mark.django_db
def test_what_is_written_under_some_keys_can_be_read():
    books.post(**gift("a", Money(500, "EUR"), fee=45))
    books.post(**gift("b", Money(7, "USD")))

    assert set(books.written(["a", "c"])) == {"a"}
    assert Posting("fees", Money(45, "EUR")) in books.written(["a"])["a"]
    assert books.balances("cash") == [Money(455, "EUR"), Money(7, "USD")]


@pytest.mark.django_db
def test_the_keys_on_an_account_are_told_once_each_oldest_first():
    for day, key in ((2, "b"), (1, "a"), (3, "c")):
        books.post(**gift(key, Money(500, "EUR")) | {"at": NOON + timedelta(days=day)})

    span = {"since": NOON + timedelta(days=1), "until": NOON + timedelta(days=3)}
    assert list(books.keys_on("cash", **span)) == ["a", "b"]
    assert list(books.keys_on("elsewhere", **span)) == []
