"""What the gifts are worth to which an arm of an experiment led. Of nobody in particular.

A year's worth, in one currency: a monthly gift counts twelve times, so that a reader who gives a
little each month is not taken for one who gives a little once. What one currency is in another the
newsroom has said itself: in each, the sum proposed for a month stands for the same.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Sum

from tamizdat.funding.days import day_of
from tamizdat.funding.models import AmountLadder, Contribution, Due, Pledge
from tamizdat.payments.models import Charge
from tamizdat.payments.models.charge import gone

LARGEST = 10  # times what is proposed for a year: what is above counts as so much
_LEFT = F("charge__amount_minor") - gone("charge__")


@dataclass(frozen=True)
class Led:
    """A gift that arrived and was not given back."""

    arm: str
    on: date  # when it was promised
    currency: str
    year_minor: int
    arrived_minor: int  # so far

    def worth(self, proposed: Mapping[str, int], currency: str) -> int:
        """In minor units of `currency`, and no more than the largest that counts.

        Nothing where no amounts are proposed: there nobody could have given.
        """
        own, its = proposed.get(currency, 0), proposed.get(self.currency, 0)
        if not own or not its:
            return 0
        return min(self.year_minor * own // its, own * 12 * LARGEST)


def gifts(arms: Collection[str], *, since: datetime, until: datetime) -> Iterator[Led]:
    """Those that were promised between the two, to which one of `arms` led."""
    yield from _once(arms, since=since, until=until)
    yield from _pledged(arms, since=since, until=until)


def proposed() -> dict[str, int]:
    """For a month, in minor units, by currency."""
    found: dict[str, int] = {}
    for ladder in AmountLadder.objects.order_by("pk"):
        months = 12 if ladder.interval == AmountLadder.Interval.YEAR else 1
        if ladder.interval == AmountLadder.Interval.MONTH or ladder.currency not in found:
            found[ladder.currency] = max(1, ladder.proposed_minor // months)
    return found


def _once(arms: Collection[str], *, since: datetime, until: datetime) -> Iterator[Led]:
    rows = (
        Contribution.objects.filter(arm__in=arms, created_at__gte=since, created_at__lt=until)
        .filter(charge__state=Charge.State.SUCCEEDED)
        .annotate(left=_LEFT)
        .filter(left__gt=0)
        .values_list("arm", "created_at", "charge__currency", "left")
    )
    for arm, at, currency, left in rows:
        yield Led(arm, day_of(at), currency, left, left)


def _pledged(arms: Collection[str], *, since: datetime, until: datetime) -> Iterator[Led]:
    pledges = Pledge.objects.filter(arm__in=arms, created_at__gte=since, created_at__lt=until)
    arrived = dict(
        Due.objects.filter(pledge__in=pledges, charge__state=Charge.State.SUCCEEDED)
        .values_list("pledge")
        .annotate(left=Sum(_LEFT))
        .filter(left__gt=0)
    )
    for pledge in pledges:
        if left := arrived.get(pledge.pk):
            year = pledge.amount_minor * 12 // pledge.every
            yield Led(pledge.arm, day_of(pledge.created_at), pledge.currency, year, left)
