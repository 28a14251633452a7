"""What providers paid out and no statement of our bank has yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Max, Min, Sum

from tamizdat.lib.money import Money
from tamizdat.payments import arriving, booking, differing
from tamizdat.payments.models import BankLine, BankStatement, KeptLine


class Span(NamedTuple):
    """The days of which statements were taken in."""

    first: date
    last: date


@dataclass(frozen=True)
class Standing:
    """How payouts in one currency stand to the statements of the account that takes it."""

    arrived: Money
    on_its_way: Money
    late: Money  # of that
    read: Span | None  # None: there is no statement

    @property
    def sent(self) -> Money:
        return self.arrived + self.on_its_way


def keep_up(*, now: datetime) -> int:
    """Find payouts in statements, and remember which are late. How many were found.

    Repeating it is harmless, also in two workers at once.
    """
    found = arriving.recognise(now=now)
    judge(now=now)
    return found


def judge(*, now: datetime) -> None:
    """Remember what is late as a difference; close what has arrived since, or came back."""
    missing = {line.key for line in late()}
    left = differing.left(booking.BANK)
    arrived = BankLine.objects.filter(payout__key__in=left).values_list("payout__key", flat=True)
    pairs = differing.differing(booking.BANK, (missing - left).union(arrived))
    differing.remember(booking.BANK, pairs, of=left - missing, now=now)


def awaited() -> list[KeptLine]:
    """The oldest first. Not what came back before it arrived, nor what is older than statements."""
    return _awaited(_spans())


def late() -> list[KeptLine]:
    """Those that would be in the statements that we have, had they come in time."""
    spans = _spans()
    return _late(_awaited(spans), spans) if spans else []


def standings() -> list[Standing]:
    """In each currency in which a provider paid out."""
    rows = BankLine.objects.exclude(payout=None).values("currency").order_by("currency")
    sums = {row["currency"]: int(row["sum"]) for row in rows.annotate(sum=Sum("amount_minor"))}
    spans = _spans()
    unseen = _awaited(spans)
    missing = _late(unseen, spans)
    return [
        Standing(
            arrived=Money(sums.get(currency, 0), currency),
            on_its_way=_sum(unseen, currency),
            late=_sum(missing, currency),
            read=spans.get(currency),
        )
        for currency in sorted({*sums, *(line.currency for line in unseen)})
    ]


def _awaited(spans: Mapping[str, Span]) -> list[KeptLine]:
    unseen = list(KeptLine.objects.payouts().filter(bank_line=None).order_by("at", "pk"))
    keys = {line.key for line in unseen}
    return [
        line
        for line in unseen
        if _counterpart(line.key) not in keys
        and (line.currency not in spans or line.at.date() >= spans[line.currency].first)
    ]


def _late(unseen: Iterable[KeptLine], spans: Mapping[str, Span]) -> list[KeptLine]:
    read = [line for line in unseen if line.currency in spans]
    return [line for line in read if spans[line.currency].last > line.at.date() + arriving.AFTER]


def _spans() -> dict[str, Span]:
    rows = BankStatement.objects.values("currency").order_by("currency")
    read = rows.annotate(first=Min("from_on"), last=Max("until_on"))
    return {row["currency"]: Span(row["first"], row["last"]) for row in read}


def _counterpart(key: str) -> str:
    """Under which it came back, or, of what came back, was sent."""
    is_return = key.endswith(booking.RETURNED)
    return key.removesuffix(booking.RETURNED) if is_return else f"{key}{booking.RETURNED}"


def _sum(payouts: Iterable[KeptLine], currency: str) -> Money:
    minor = sum(line.at_bank.minor for line in payouts if line.currency == currency)
    return Money(minor, currency)
