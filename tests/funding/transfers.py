"""Readers who send from their bank, and the newsroom that takes in its statements."""

from datetime import timedelta

from tamizdat.funding import giving, taking_statements
from tamizdat.payments.models import BankLine
from tests.conftest import NOON
from tests.funding.givers import wish
from tests.payments.camt_file import DAY, entry, of


def promised(interval="once", *, minor=500, now=NOON, **words):
    """A gift of which the reader has seen where to send it."""
    gift = wish(interval, minor=minor, currency="EUR", **words)
    charge = giving.promise(gift, now=now)
    giving.open_bank(charge, provider="transfer", language="en", is_attested=True, now=now)
    return charge


def reference(charge):
    return charge.attempts.get(provider="transfer").remote_id


def sent(charge, minor=None, *, day=DAY, **words):
    """The transfer with the reference of `charge`, as our bank tells of it."""
    return entry(minor or charge.amount_minor, f"gift {reference(charge)}", day=day, **words)


def arrive(*entries, now=NOON + timedelta(days=3), **words):
    """A statement with these is taken in; the lines that wait for a person, by why they do."""
    taking_statements.take(of(*entries, **words), now=now)
    return list(BankLine.objects.waiting().values_list("reason", flat=True))
