"""Turning a provider off while stolen cards are tried through it, and on again when that is over.

What is counted are our own attempts and what providers told us of, as they are kept anyway.
Of gifts only: dues that are charged without their reader are neither counted nor stopped.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from tamizdat.payments.models import Attempt, Breaker, ProviderEvent

TOO_OFTEN, RISK = "too_often", "risk"  # reasons for which we ourselves refuse a card
OFF_FOR, OFF_AT_MOST = timedelta(minutes=15), timedelta(hours=4)
QUIET = timedelta(hours=1)  # half open and nothing bad happened: it is over
CALM = timedelta(days=1)  # closed for so long, the next trip is the first again
FEWEST = 3  # refused cards that say anything
PROBES = 3  # answers that decide, half open
HARDEST = 5  # doublings of the work that a reader's browser does
_HOUR = timedelta(hours=1)
# On Stripe's page a card may be refused before we hear of it: setup_intent.setup_failed.
REFUSED_THERE = ("setup_intent.setup_failed",)


@dataclass(frozen=True)
class Bound:
    """Trips when so many are refused in `window`, and they are `share` hundredths of all."""

    window: timedelta
    refused: int
    share: int

    def after(self, trips: int) -> "Bound":
        """Stricter, when it was turned off lately: those who try cards come back."""
        return replace(self, refused=max(FEWEST, self.refused >> trips))


BOUNDS = (Bound(timedelta(minutes=10), 10, 60), Bound(timedelta(days=1), 40, 75))


@dataclass(frozen=True)
class Count:
    taken: int
    refused: int

    def exceeds(self, bound: Bound) -> bool:
        answered = self.taken + self.refused
        return self.refused >= bound.refused and self.refused * 100 >= answered * bound.share


def look(provider: str, *, now: datetime) -> Breaker:
    """The breaker as it should be now: tripped, half open or closed by what was counted."""
    breaker = Breaker.objects.of(provider, now=now)
    match breaker.state:
        case Breaker.State.CLOSED if _is_too_much(breaker, now=now):
            _trip(breaker, now=now)
        case Breaker.State.OPEN if breaker.until and breaker.until <= now:
            breaker.move_to(Breaker.State.HALF_OPEN, now=now)
        case Breaker.State.HALF_OPEN:
            _decide(breaker, now=now)
    return breaker


def look_at_all(*, now: datetime) -> int:
    """As a chore: those that nobody uses half-open and close too. How many are not closed."""
    for provider in Breaker.objects.tripped().values_list("provider", flat=True):
        look(provider, now=now)
    return Breaker.objects.tripped().count()


def turn_off(provider: str, *, now: datetime) -> Breaker:
    """Until a person turns it on."""
    breaker = Breaker.objects.of(provider, now=now)
    breaker.move_to(Breaker.State.OPEN, now=now, told_at=now)
    return breaker


def turn_on(provider: str, *, now: datetime) -> Breaker:
    """What was counted before this moment does not turn it off again."""
    breaker = Breaker.objects.of(provider, now=now)
    breaker.move_to(Breaker.State.CLOSED, now=now, trips=0)
    return breaker


def count(provider: str = "", *, since: datetime, until: datetime) -> Count:
    """Gifts that were taken and cards that were refused; of all providers if none is named."""
    attempts = Attempt.objects.exclude(return_url="")
    attempts = attempts.filter(closed_at__gt=since, closed_at__lte=until)
    told = ProviderEvent.objects.filter(kind__in=REFUSED_THERE)
    told = told.filter(received_at__gt=since, received_at__lte=until)
    if provider:
        attempts, told = attempts.filter(provider=provider), told.filter(provider=provider)
    by_us = Q(state=Attempt.State.ABANDONED, reason__in=[TOO_OFTEN, RISK])
    refused = attempts.filter(Q(state=Attempt.State.DECLINED) | by_us).count() + told.count()
    return Count(attempts.filter(state=Attempt.State.SUCCEEDED).count(), refused)


def hardness(*, now: datetime) -> int:
    """How many times the work of a start is doubled: by what went wrong in the last hour."""
    counted = count(since=now - _HOUR, until=now)
    too_many = max(0, counted.refused - counted.taken)
    return min(HARDEST, (1 + too_many // 2).bit_length() - 1)


def _is_too_much(breaker: Breaker, *, now: datetime) -> bool:
    # From the last change on: what turned it off once does not turn it off again.
    return any(
        count(breaker.provider, since=max(breaker.since, now - bound.window), until=now).exceeds(
            bound.after(breaker.trips)
        )
        for bound in BOUNDS
    )


def _decide(breaker: Breaker, *, now: datetime) -> None:
    seen = count(breaker.provider, since=breaker.since, until=now)
    if seen.refused >= PROBES and seen.refused > seen.taken:
        _trip(breaker, now=now)
    elif breaker.since <= now - QUIET or (seen.taken >= PROBES and seen.taken > seen.refused):
        breaker.move_to(Breaker.State.CLOSED, now=now)


def _trip(breaker: Breaker, *, now: datetime) -> None:
    was_calm = breaker.state == Breaker.State.CLOSED and breaker.since <= now - CALM
    trips = 0 if was_calm else breaker.trips
    off_for = min(OFF_FOR * 2 ** min(trips, 8), OFF_AT_MOST)
    fields = {} if trips else {"told_at": None}  # staff is told of the first of a row
    breaker.move_to(Breaker.State.OPEN, now=now, until=now + off_for, trips=trips + 1, **fields)
