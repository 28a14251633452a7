"""Limits that several web processes share and that keep no address: token buckets in the database.

What is counted (a card as its provider names it, an address, a gift) is written down as a keyed
digest, and no longer than it takes to count again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from tamizdat.outlet.vault import blind_index
from tamizdat.payments.models import Bucket

_A_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Limit:
    """`burst` at once, and one more each `every`."""

    name: str
    burst: int
    every: timedelta

    @property
    def step(self) -> int:
        return self.every // _A_MILLISECOND


def spend(limit: Limit, of: str = "", *, now: datetime) -> bool:
    """Take one of what is left for `of`. False, and nothing is taken, when nothing is."""
    name, at = _name(limit, of), _milliseconds(now)
    while not _take(limit, name, at=at):
        if not is_left(limit, of, now=now):
            return False
        if _begin(limit, name, at=at):
            return True
    return True


def is_left(limit: Limit, of: str = "", *, now: datetime) -> bool:
    """Whether one could be taken."""
    full = Bucket.objects.filter(free_at__gt=_full_until(limit, _milliseconds(now)))
    return not full.filter(name=_name(limit, of)).exists()


def give_back(limit: Limit, of: str = "", *, count: int = 1) -> None:
    """What was taken turned out well."""
    earlier = F("free_at") - count * limit.step
    Bucket.objects.filter(name=_name(limit, of)).update(free_at=earlier)


def forget(*, now: datetime) -> int:
    """Delete what counts nothing any more. How many were."""
    return Bucket.objects.filter(free_at__lte=_milliseconds(now)).delete()[0]


def _take(limit: Limit, name: str, *, at: int) -> bool:
    """In one UPDATE: of two who want the last one, one gets it."""
    bucket = Bucket.objects.filter(name=name, free_at__lte=_full_until(limit, at))
    after = Greatest(F("free_at"), Value(at)) + limit.step
    return bool(bucket.update(free_at=after))


def _begin(limit: Limit, name: str, *, at: int) -> bool:
    """Write the first down. False if another was first."""
    try:
        with transaction.atomic():
            Bucket.objects.create(name=name, free_at=at + limit.step)
    except IntegrityError:
        return False
    return True


def _full_until(limit: Limit, at: int) -> int:
    return at + (limit.burst - 1) * limit.step


def _name(limit: Limit, of: str) -> str:
    return f"{limit.name}:{blind_index(f'limit {limit.name} {of}')[:40]}" if of else limit.name


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
