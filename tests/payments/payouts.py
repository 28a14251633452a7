"""What providers paid out, and what our bank then says of it."""

from datetime import timedelta

import pytest

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments.models import KeptLine
from tamizdat.payments.providers import registry
from tamizdat.payments.statements import camt, taking_in
from tests.conftest import NOON
from tests.payments.banks import BANKS
from tests.payments.camt_file import DAY, OURS, of
from tests.payments.transfers import AtTheBank


@pytest.fixture
def set_up(monkeypatch):
    """Every bank there is, beside bank transfer."""
    banks = [*(bank() for bank in BANKS.values()), AtTheBank()]
    providers = {bank.provider.code: bank.provider for bank in banks}
    monkeypatch.setattr(registry, "_providers", providers)


SENT = NOON.replace(month=11, day=20)


def paid_out(minor=10_000, *, name="po_1", at=SENT, provider="stripe", currency="EUR"):
    """A payout as reconciliation leaves it: kept, and in the books. Below zero: it came back."""
    key = f"{provider}:{name}" if minor > 0 else f"{provider}:{name}:returned"
    moved = Money(minor, currency)
    postings = [Posting("bank", moved), Posting(f"cash-{provider}", -moved)]
    books.post(key=key, memo="payout", at=at, postings=postings)
    return KeptLine.objects.create(
        provider=provider,
        line_id=f"txn {key}",
        movement="payout",
        at=at,
        gross_minor=-minor,
        fee_minor=0,
        currency=currency,
        object_id=name,
        key=key,
    )


def take(*entries, last=DAY, **words):
    """A statement that is taken in, and nobody has looked at."""
    words = {"first": SENT.date() - timedelta(days=9), "last": last} | words
    taking_in.take_in(camt.read(of(*entries, **words)), accounts={OURS: "EUR"}, now=NOON)
