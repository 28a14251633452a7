"""The only way to write to the ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from tamizdat.ledger.models import Account, Entry, Line, Seal
from tamizdat.lib.money import Money


class Unbalanced(ValueError):
    """The lines of an entry do not sum to zero in some currency, or there are none."""


class KeyReused(ValueError):
    """The key is in the books already, for different money."""


class Posting(NamedTuple):
    account: str
    money: Money


class Balance(NamedTuple):
    account: str
    money: Money


@transaction.atomic
def post(*, key: str, memo: str, at: datetime, postings: Sequence[Posting]) -> bool:
    """Write one balanced entry, once. False if `key` was in the books already.

    Amounts are minor units, debits positive; `at` is when the money moved, in UTC.
    Repeating a call is harmless, so a webhook may be retried for ever.

    Raises Unbalanced if a currency does not sum to zero, KeyReused if `key`
    was posted with different money.
    """
    postings = [posting for posting in postings if posting.money.minor]
    _check_balanced(postings)
    accounts = {posting.account: _account(posting.account) for posting in postings}
    entry = _begin(key=key, memo=memo, at=at)
    if entry is None:
        if _written(key) != sorted(_flat(posting) for posting in postings):
            raise KeyReused(key)
        return False
    Line.objects.bulk_create(
        Line(
            entry=entry,
            account=accounts[account],
            amount_minor=money.minor,
            currency=money.currency,
        )
        for account, money in postings
    )
    Seal.objects.create(key=key)
    return True


def balance(account: str, currency: str) -> Money:
    """What the account holds; debits positive."""
    lines = Line.objects.filter(account__code=account, currency=currency)
    return Money(int(lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def trial_balance() -> list[Balance]:
    """Every account in every currency it knows, in order. Each currency sums to zero."""
    sums = Line.objects.values("account__code", "currency").annotate(sum=Sum("amount_minor"))
    rows = sums.order_by("currency", "account__code")
    return [Balance(row["account__code"], Money(int(row["sum"]), row["currency"])) for row in rows]


def do_balance() -> bool:
    """Whether every currency sums to zero. The database sees to it; this looks."""
    totals: Counter[str] = Counter()
    for _account_code, money in trial_balance():
        totals[money.currency] += money.minor
    return not any(totals.values())


def journal() -> QuerySet[Entry]:
    """Every entry with its lines, newest first, for reading."""
    return Entry.objects.order_by("-at", "-pk").prefetch_related("lines__account")


def _begin(*, key: str, memo: str, at: datetime) -> Entry | None:
    if Entry.objects.filter(seal_id=key).exists():
        return None
    try:
        with transaction.atomic():  # a savepoint: of two that race here, one wins
            return Entry.objects.create(seal_id=key, memo=memo, at=at)
    except IntegrityError:
        return None


def _account(code: str) -> Account:
    account, _ = Account.objects.get_or_create(code=code)
    return account


def _check_balanced(postings: Sequence[Posting]) -> None:
    totals: Counter[str] = Counter()
    for posting in postings:
        totals[posting.money.currency] += posting.money.minor
    if not totals:
        raise Unbalanced("an entry without lines")
    if off := {currency: total for currency, total in totals.items() if total}:
        raise Unbalanced(off)


def _written(key: str) -> Iterable[tuple[str, int, str]]:
    lines = Line.objects.filter(entry__seal_id=key)
    return sorted(lines.values_list("account__code", "amount_minor", "currency"))


def _flat(posting: Posting) -> tuple[str, int, str]:
    return posting.account, posting.money.minor, posting.money.currency
