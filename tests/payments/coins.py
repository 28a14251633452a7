"""Short words for what is asked of gifts in coins."""

from datetime import timedelta

from django.utils import timezone

from tamizdat.ledger import books
from tamizdat.payments import settling
from tests.payments import paying


def open_page(charge, **words):
    return paying.open_page(charge, **words, now=timezone.now())


def look(charge):
    attempt = settling.resolve(charge.latest_attempt, now=timezone.now())
    charge.refresh_from_db()
    return attempt


def cash(currency="EUR"):
    return books.balance("cash-btcpay", currency).minor


def lines(nowhere, *, days=1):
    now = timezone.now()
    since, until = now - timedelta(days=days), now + timedelta(days=2)
    return list(nowhere.provider.account_lines(since=since, until=until))
