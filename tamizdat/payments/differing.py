"""Where the books and a provider's account say something else of the same money.

Our own bank counts as one, under the name of its account in the books: what its account says of a
payout stands in its statements.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from wagtail.log_actions import log

from tamizdat.ledger import books
from tamizdat.ledger.books import Posting
from tamizdat.lib.money import Money
from tamizdat.payments import booking
from tamizdat.payments.errors import WrongState
from tamizdat.payments.models import BankLine, Difference, KeptLine, KeptSum, Reconciliation

EXPLAIN = "payments.explain"  # in Wagtail's log


@dataclass(frozen=True)
class Pair:
    """What both say of one key in one currency."""

    key: str
    currency: str
    ours: int
    theirs: int
    kind: Difference.Kind
    movement: str = ""
    at: datetime | None = None  # of their line


@dataclass(frozen=True)
class Standing:
    """How the books and a provider's account stand to each other in one currency."""

    provider: str
    ours: Money
    theirs: Money
    explained: Money
    until: datetime

    @property
    def difference(self) -> Money:
        return self.theirs - self.ours

    @property
    def unexplained(self) -> Money:
        return self.difference - self.explained


def differing(provider: str, keys: Collection[str]) -> list[Pair]:
    """Those of `keys` that the two do not say the same of."""
    ours = booking.booked(list(keys), booking.cash(provider))
    theirs: dict[str, dict[str, Any]] = {}
    for row in _in_statements(keys) if provider == booking.BANK else _told(provider, keys):
        theirs.setdefault(row["key"], {})[row["currency"]] = row
    return [pair for key in keys for pair in _pairs(key, ours.get(key), theirs.get(key))]


def judge(provider: str, keys: Collection[str], *, now: datetime) -> None:
    """Remember where the two differ on `keys`, and close what was open and agrees now."""
    remember(provider, differing(provider, keys), of=keys, now=now)


def remember(provider: str, pairs: Iterable[Pair], *, of: Collection[str], now: datetime) -> None:
    """Keep `pairs`, and close what else was open `of` these keys."""
    off = set()
    for pair in pairs:
        _remember(provider, pair, now=now)
        off.add((pair.key, pair.currency))
    for difference in _left(provider).filter(key__in=of):
        if (difference.key, difference.currency) not in off:
            difference.resolve(at=now)


def judge_untold(provider: str, keys: Iterable[str], *, now: datetime) -> None:
    """Of entries that are old enough to be in the provider's account, those that are not."""
    firsts = {booking.key_corrected(key) for key in keys}
    told = KeptLine.objects.filter(provider=provider, key__in=firsts)
    judge(provider, firsts - set(told.values_list("key", flat=True)), now=now)


def left(provider: str) -> set[str]:
    """The keys on which the two were found to differ, also where a person explained it."""
    return set(_left(provider).values_list("key", flat=True))


def names(difference: Difference) -> list[str]:
    """What the provider calls what it is about, where its account has it."""
    lines = KeptLine.objects.filter(provider=difference.provider, key=difference.key)
    return sorted({line.as_told.about for line in lines})


@transaction.atomic
def explain(difference: Difference, *, note: str, by: Any, now: datetime) -> None:
    """A person says why the two differ. Raises WrongState if it is closed."""
    if not difference.explain(note, at=now):
        raise WrongState(f"{difference} is {difference.state}")
    data = {"key": difference.key, "note": note, "difference": difference.difference.format("en")}
    log(instance=difference, action=EXPLAIN, user=by, data=data)


@transaction.atomic
def believe(difference: Difference, *, note: str, by: Any, now: datetime) -> None:
    """Explain it, and book what the provider says, against an account for what nobody knows.

    Raises WrongState if it is closed, or was booked so before.
    """
    off = difference.difference
    explain(difference, note=note, by=by, now=now)
    cash = booking.cash(difference.provider)
    key = f"{difference.key}{booking.BY_HAND}"
    if books.written([key]):
        raise WrongState(f"{difference} was booked before")
    postings = [Posting(cash, off), Posting(booking.SUSPENSE, -off)]
    books.post(key=key, memo=f"difference {difference.pk}", at=now, postings=postings)
    difference.resolve(at=now)


def standings() -> list[Standing]:
    """With every provider that was ever reconciled with, in each currency."""
    found = []
    for progress in Reconciliation.objects.order_by("provider"):
        code = progress.provider
        ours = {money.currency: money for money in books.balances(booking.cash(code))}
        theirs = {money.currency: money for money in KeptSum.objects.balance(code)}
        explained = _explained(code)
        for currency in sorted(ours | theirs):
            nothing = Money(0, currency)
            found.append(
                Standing(
                    code,
                    ours.get(currency, nothing),
                    theirs.get(currency, nothing),
                    explained.get(currency, nothing),
                    progress.until,
                )
            )
    return found


def _told(provider: str, keys: Collection[str]) -> Iterable[Any]:
    told = KeptLine.objects.filter(provider=provider, key__in=keys).values("key", "currency")
    held = Sum(F("gross_minor") - F("fee_minor"))
    return told.annotate(held=held, last=Max("at"), movement=Max("movement"))


def _in_statements(keys: Collection[str]) -> Iterable[Any]:
    """The same of our bank, of those that are keys of payouts."""
    lines = BankLine.objects.filter(payout__key__in=keys).annotate(key=F("payout__key"))
    held, last = Sum("amount_minor"), Max("payout__at")
    told = lines.values("key", "currency")
    return told.annotate(held=held, last=last, movement=Max("payout__movement"))


def _left(provider: str) -> QuerySet[Difference]:
    """Those that are open, or explained and not put right."""
    resolved = Difference.State.RESOLVED
    return Difference.objects.filter(provider=provider).exclude(state=resolved)


def _pairs(key: str, ours: list[Money] | None, theirs: dict[str, Any] | None) -> list[Pair]:
    mine = {money.currency: money.minor for money in ours or []}
    their = {currency: int(row["held"]) for currency, row in (theirs or {}).items()}
    kind = Difference.Kind.DIFFERENT
    if ours is None:
        kind = Difference.Kind.ONLY_THEIRS
    elif theirs is None:
        kind = Difference.Kind.ONLY_OURS
    one_sided = kind is not Difference.Kind.DIFFERENT
    return [
        Pair(
            key=key,
            currency=currency,
            ours=mine.get(currency, 0),
            theirs=their.get(currency, 0),
            kind=kind,
            movement=_of(theirs, currency, "movement") or "",
            at=_of(theirs, currency, "last"),
        )
        for currency in sorted(mine | their)
        if one_sided or mine.get(currency, 0) != their.get(currency, 0)
    ]


def _of(theirs: dict[str, Any] | None, currency: str, field: str) -> Any:
    return (theirs or {}).get(currency, {}).get(field)


def _remember(provider: str, pair: Pair, *, now: datetime) -> None:
    """One that a person explained stays so, unless the sums are others now."""
    sums = {"ours_minor": pair.ours, "theirs_minor": pair.theirs}
    words = sums | {"kind": pair.kind, "movement": pair.movement, "at": pair.at or now}
    difference, is_new = Difference.objects.get_or_create(
        provider=provider,
        key=pair.key,
        currency=pair.currency,
        defaults=words | {"found_at": now},
    )
    is_as_explained = difference.state == Difference.State.EXPLAINED and sums == {
        name: getattr(difference, name) for name in sums
    }
    if not is_new and not is_as_explained:
        same = Difference.objects.filter(pk=difference.pk)
        same.update(**words, state=Difference.State.OPEN, closed_at=None, note="")


def _explained(provider: str) -> dict[str, Money]:
    rows = Difference.objects.filter(provider=provider, state=Difference.State.EXPLAINED)
    sums = rows.values("currency").order_by("currency")
    found = sums.annotate(sum=Sum(F("theirs_minor") - F("ours_minor")))
    return {row["currency"]: Money(int(row["sum"]), row["currency"]) for row in found}
