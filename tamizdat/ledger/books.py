"""The only way to write to the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tamizdat.ledger import sums
from tamizdat.ledger.models import Account, Entry, Line, Seal
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on


class Unbalanced(ValueError):
    """The lines of an entry do not sum to zero in some currency, or there are none."""


class KeyReused(ValueError):
    """The key is in the books already, for different money."""


class Posting(NamedTuple):
    account: str
    money: Money


class Draft(NamedTuple):
    """An entry to be posted; the arguments of `post`."""

    key: str
    memo: str
    at: datetime
    postings: Sequence[Posting]


class Balance(NamedTuple):
    account: str
    money: Money


class Movement(NamedTuple):
    """What a month did to an account; `debit` and `credit` have no sign."""

    account: str
    opening: Money
    debit: Money
    credit: Money

    @property
    def closing(self) -> Money:
        return self.opening + self.debit - self.credit


@transaction.atomic
def post(*, key: str, memo: str, at: datetime, postings: Sequence[Posting]) -> bool:
    """Write one balanced entry, once. False if `key` was in the books already.

    Amounts are minor units, debits positive; `at` is when the money moved, in UTC.
    Repeating a call is harmless, so a webhook may be retried for ever.

    Raises Unbalanced if a currency does not sum to zero, KeyReused if `key`
    was posted with different money.
    """
    postings = _moved(postings)
    _check_balanced(postings)
    accounts = {posting.account: _account(posting.account) for posting in postings}
    entry = _begin(key=key, memo=memo, at=at)
    if entry is None:
        if _written(key) != sorted(_flat(posting) for posting in postings):
            raise KeyReused(key)
        return False
    Line.objects.bulk_create(_line(entry, posting, accounts) for posting in postings)
    Seal.objects.create(key=key)
    return True


@transaction.atomic
def post_all(drafts: Sequence[Draft]) -> None:
    """Write many entries with a few questions. All of them must be new.

    Raises as `post` does, and IntegrityError if one of the keys was in the books already.
    """
    drafts = [draft._replace(postings=_moved(draft.postings)) for draft in drafts]
    for draft in drafts:
        _check_balanced(draft.postings)
    codes = {posting.account for draft in drafts for posting in draft.postings}
    accounts = {code: _account(code) for code in codes}
    entries = Entry.objects.bulk_create(
        Entry(seal_id=draft.key, memo=draft.memo, at=draft.at) for draft in drafts
    )
    Line.objects.bulk_create(
        _line(entry, posting, accounts)
        for entry, draft in zip(entries, drafts, strict=True)
        for posting in draft.postings
    )
    Seal.objects.bulk_create(Seal(key=draft.key) for draft in drafts)


def written(keys: Iterable[str]) -> dict[str, list[Posting]]:
    """The lines of those of these entries that are in the books."""
    lines = Line.objects.filter(entry__seal_id__in=list(keys)).order_by("pk")
    rows = lines.values_list("entry__seal_id", "account__code", "amount_minor", "currency")
    found: dict[str, list[Posting]] = {}
    for key, account, minor, currency in rows:
        found.setdefault(key, []).append(Posting(account, Money(minor, currency)))
    return found


def memo_of(key: str) -> str:
    """What the entry says of itself; empty where there is none."""
    return Entry.objects.filter(seal_id=key).values_list("memo", flat=True).first() or ""


def keys_on(account: str, *, since: datetime, until: datetime) -> Iterator[str]:
    """The keys of the entries that moved `account` from `since` on and before `until`."""
    entries = Entry.objects.filter(at__gte=since, at__lt=until, lines__account__code=account)
    return entries.order_by("at", "pk").values_list("seal_id", flat=True).distinct().iterator()


def balance(account: str, currency: str) -> Money:
    """What the account holds; debits positive."""
    turnover = sums.turnovers().get((currency, account))
    return Money(turnover.balance_minor if turnover else 0, currency)


def balances(account: str) -> list[Money]:
    """What the account holds in every currency it knows."""
    return [balance.money for balance in trial_balance() if balance.account == account]


def trial_balance() -> list[Balance]:
    """Every account in every currency it knows, in order. Each currency sums to zero."""
    return [
        Balance(account, Money(turnover.balance_minor, currency))
        for (currency, account), turnover in sums.turnovers().items()
    ]


def do_balance() -> bool:
    """Whether every currency sums to zero. The database sees to it; this looks."""
    return sum_to_zero(trial_balance())


def sum_to_zero(balances: Iterable[Balance]) -> bool:
    totals: Counter[str] = Counter()
    for _account_code, money in balances:
        totals[money.currency] += money.minor
    return not any(totals.values())


def month(first: date) -> list[Movement]:
    """What the calendar month that begins on `first` did to every account, in order."""
    opened = sums.open_days()
    before = sums.turnovers(until=first, opened=opened)
    during = sums.turnovers(since=first, until=due_on(first, 1), opened=opened)
    nothing = sums.Turnover(0, 0)
    return [
        Movement(
            account=account,
            opening=Money(before.get((currency, account), nothing).balance_minor, currency),
            debit=Money(during.get((currency, account), nothing).debit_minor, currency),
            credit=Money(during.get((currency, account), nothing).credit_minor, currency),
        )
        for currency, account in sorted({*before, *during})
    ]


def are_added_up_right() -> bool:
    """Whether the sums that are kept are those of the lines. Reads every line there is."""
    return sums.turnovers() == sums.from_lines()


def journal() -> QuerySet[Entry]:
    """Every entry with its lines, newest first, for reading."""
    return Entry.objects.order_by("-at", "-pk").prefetch_related("lines__account")


def journal_of(first: date) -> QuerySet[Entry]:
    """Those of the calendar month that begins on `first`."""
    end = sums.midnight(due_on(first, 1))
    return journal().filter(at__gte=sums.midnight(first), at__lt=end)


def _begin(*, key: str, memo: str, at: datetime) -> Entry | None:
    if Entry.objects.filter(seal_id=key).exists():
        return None
    try:
        with transaction.atomic():  # a savepoint: of two that race here, one wins
            return Entry.objects.create(seal_id=key, memo=memo, at=at)
    except IntegrityError:
        return None


def _moved(postings: Sequence[Posting]) -> list[Posting]:
    return [posting for posting in postings if posting.money.minor]


def _line(entry: Entry, posting: Posting, accounts: Mapping[str, Account]) -> Line:
    return Line(
        entry=entry,
        account=accounts[posting.account],
        amount_minor=posting.money.minor,
        currency=posting.money.currency,
    )


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
