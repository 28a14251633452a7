"""The books in beancount's text: beancount itself reads them, and finds what we hold."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tamizdat.ledger import beancount, books, extracts
from tamizdat.ledger.books import Posting
from tamizdat.ledger.extracts import Extract
from tamizdat.lib.money import Money
from tamizdat.payments import booking
from tests.ledger.writing import book, noon

ROOT = Path(__file__).parents[2]
FIRST, MIDDLE, LAST = date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 30)
WHOLE = Extract(FIRST, LAST)
CURRENCIES = ["USD", "EUR", "RUB", "JPY", "KRW", "ISK", "KWD", "BHD", "TND", "CLF"]  # 2, 0, 3, 4
codes = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True),
    st.sampled_from(["cash-demo-bank", "fees", "reader-funding", "brought-forward"]),
)
monies = st.builds(Money, st.integers(1, 10**15), st.sampled_from(CURRENCIES))
memos = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


def read(text):
    """What beancount makes of it: no error, and what each account holds."""
    entries, errors, _options = loader.load_string(text)
    assert errors == []
    held = Counter()
    for entry in data.filter_txns(entries):
        for posting in entry.postings:
            held[posting.account, posting.units.currency] += posting.units.number
    return entries, {key: number for key, number in held.items() if number}


def ours():
    names = beancount.named(extracts.accounts())
    return {
        (names[row.account], row.money.currency): row.money.major
        for row in books.trial_balance()
        if row.money.minor
    }


class TestBeancount(TestCase):
    @settings(max_examples=20)
    @given(
        gifts=st.lists(
            st.tuples(st.dates(FIRST, LAST), codes, codes, monies, memos), min_size=1, max_size=6
        )
    )
    def test_it_holds_what_we_hold_to_the_last_digit(self, gifts):
        for n, (day, debit, credit, money, memo) in enumerate(gifts):
            postings = [Posting(debit, money), Posting(credit, -money)]
            books.post(key=f'"{n}\\', memo=memo, at=noon(day), postings=postings)

        entries, held = read("".join(beancount.write(WHOLE)))

        assert held == ours()
        keys = sorted(entry.meta["key"] for entry in data.filter_txns(entries))
        assert keys == sorted(f'"{n}\\' for n in range(len(gifts)))


@pytest.fixture
def november(db):
    book("before", date(2026, 10, 31), 1000, "USD")
    book("gift", FIRST, 455, "USD", memo="payment x")
    book("fee", FIRST, 45, "USD", of=("fees", "reader-funding"))
    book("yen", LAST, 500, "JPY")


def test_bean_check_is_content(november, tmp_path):
    file = tmp_path / "books.beancount"
    file.write_text("".join(beancount.write(WHOLE)))

    assert bean_check(file).returncode == 0


def test_bean_check_sees_a_line_that_someone_altered(november, tmp_path):
    file = tmp_path / "books.beancount"
    text = "".join(beancount.write(WHOLE))
    file.write_text(text.replace(" 4.55 USD", " 5.55 USD").replace("-4.55 USD", "-5.55 USD"))

    checked = bean_check(file)
    assert checked.returncode != 0
    assert b"Balance failed" in checked.stdout + checked.stderr


def bean_check(file):
    command = [Path(sys.executable).with_name("bean-check"), file]
    return subprocess.run(command, capture_output=True, check=False)


def test_what_was_held_before_is_brought_forward_and_what_was_earned_is_not(november):
    _entries, held = read("".join(beancount.write(WHOLE)))

    assert held["Assets:Cash-Demo-Bank", "USD"] == Money(1455, "USD").major
    assert held["Equity:Brought-Forward", "USD"] == Money(-1000, "USD").major
    assert held["Income:Reader-Funding", "USD"] == Money(-500, "USD").major


def test_no_two_accounts_are_called_the_same():
    codes = ["a_b", "a-b", "A-b", "a-b-3", "", "_", "brought-forward"]

    assert len(set(beancount.named(codes).values())) == len(codes)


def test_every_account_that_the_product_books_on_has_a_root():
    sources = (ROOT / "tamizdat").rglob("*.py")
    booked = {
        found
        for path in sources
        for found in re.findall(r'Posting\(\s*f?"([a-z]+)', path.read_text())
    }

    named = (booking.cash("stripe"), booking.BANK, booking.DISPUTED, booking.DISPUTE_FEES)
    named += (booking.EXCHANGE, booking.SUSPENSE)

    assert booked >= {"fees", "reader"}
    assert booked | {code.partition("-")[0] for code in named} <= beancount.ROOTS.keys()
