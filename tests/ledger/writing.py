"""Short words for what is booked in tests."""

from datetime import UTC, datetime, time

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money


def noon(day):
    return datetime.combine(day, time(12), tzinfo=UTC)


A_GIFT = ("cash-demo-bank", "reader-funding")  # debit and credit


def book(key, day, minor, currency="EUR", *, memo="", of=A_GIFT):
    money = Money(minor, currency)
    postings = [Posting(of[0], money), Posting(of[1], -money)]
    return books.post(key=key, memo=memo, at=noon(day), postings=postings)
