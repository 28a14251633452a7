"""Comparing the books with each provider's account of us: to the cent, in every currency.

What can be explained is booked. What cannot is kept as a difference, until the two agree or a
person says why they do not.
"""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db.models import Min

from tamizdat.ledger import books
from tamizdat.payments import booking, differing, explaining
from tamizdat.payments.errors import PaymentError, WrongState
from tamizdat.payments.models import Attempt, Difference, KeptLine, Reconciliation
from tamizdat.payments.providers import registry
from tamizdat.payments.providers.account import AccountLine
from tamizdat.payments.providers.base import Provider

STRIDE = timedelta(days=7)  # read at once, and not again after an interruption
MARGIN = timedelta(days=1)  # before the first payment
GRACE = timedelta(days=2)  # until what only we have is a difference
AGAIN = timedelta(minutes=15)  # after a try that was cut off or not answered
AT_ONCE = 500

Thing = TypeVar("Thing")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    lines: int  # that were new
    differences: int  # that are open now


def keep_up(*, now: datetime) -> int:
    """Reconcile with each provider once a day (UTC), catching up. How many lines were new."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    new = 0
    for provider in registry.all_of_them():
        progress = _progress(provider)
        if progress is None or progress.until >= midnight:
            continue
        if progress.claim(now=now, quiet_since=now - AGAIN):
            try:
                new += reconcile(provider, now=now).lines
            except PaymentError as error:
                name = type(error).__name__
                logger.warning("not reconciled with %s: %s", provider.code, name)
    return new


def reconcile(provider: Provider, *, since: datetime | None = None, now: datetime) -> Outcome:
    """Read its account from where we were, or from `since`, up to now; book, compare, remember.

    A little is read again each time, for some lines are told late.
    Killed at any moment it has lost nothing; done twice, or by two at once, it is as done once.
    Raises Unreachable, and goes on from there the next time.
    """
    progress = _progress(provider)
    if progress is None:
        return Outcome(0, 0)
    _try_again(provider, now=now)
    start = begin = min(filter(None, [since, progress.until - provider.told_within]))
    new = 0
    while begin < now:
        end = min(begin + STRIDE, now)
        for some in _batches(provider.account_lines(since=begin, until=end)):
            new += _take(provider, some, now=now)
        Reconciliation.objects.filter(pk=progress.pk, until__lt=end).update(until=end)
        begin = end
    ours = books.keys_on(booking.cash(provider.code), since=start - GRACE, until=now - GRACE)
    for keys in _batches(ours):
        differing.judge_untold(provider.code, keys, now=now)
    return Outcome(new, Difference.objects.open().filter(provider=provider.code).count())


def _progress(provider: Provider) -> Reconciliation | None:
    """None while nothing was ever asked of it."""
    if known := Reconciliation.objects.filter(provider=provider.code).first():
        return known
    first = Attempt.objects.filter(provider=provider.code).aggregate(at=Min("created_at"))["at"]
    if first is None:
        return None
    progress, _ = Reconciliation.objects.get_or_create(
        provider=provider.code, defaults={"until": first - MARGIN}
    )
    return progress


def _take(provider: Provider, lines: list[AccountLine], *, now: datetime) -> int:
    """Write the lines down, book what the books do not have, judge. How many were new."""
    rows = [_row(line, provider) for line in lines]
    new = KeptLine.objects.keep(provider.code, rows)
    keys = {row.key for row in rows}
    off = {each.key for each in differing.differing(provider.code, keys)}
    _explain([row for row in rows if row.key in off], provider, now=now)
    differing.judge(provider.code, keys, now=now)
    return new


def _explain(rows: Iterable[KeptLine], provider: Provider, *, now: datetime) -> None:
    for row in rows:
        # What cannot be booked stays a difference, and is tried again tomorrow.
        with contextlib.suppress(PaymentError, WrongState):
            explaining.explain(row.as_told, provider, now=now)


def _try_again(provider: Provider, *, now: datetime) -> None:
    """What differed before: the provider may say today what it did not yesterday."""
    is_open = Difference.objects.open().filter(provider=provider.code)
    lines = KeptLine.objects.filter(provider=provider.code, key__in=is_open.values("key"))
    _explain(lines.order_by("at", "pk"), provider, now=now)
    differing.judge(provider.code, differing.left(provider.code), now=now)


def _row(line: AccountLine, provider: Provider) -> KeptLine:
    return KeptLine(
        provider=provider.code,
        line_id=line.id,
        movement=line.movement.value,
        at=line.at,
        gross_minor=line.gross.minor,
        fee_minor=line.fee.minor,
        currency=line.gross.currency,
        payment_id=line.payment_id,
        object_id=line.object_id,
        key=explaining.key_of(line, provider.code),
    )


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some
