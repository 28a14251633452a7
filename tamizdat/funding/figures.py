"""How much was given, month by month. Whole minor units, and nothing about anyone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from tamizdat.funding.models import Pledge
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on
from tamizdat.payments.models import Charge
from tamizdat.payments.models.charge import gone

UTC = ZoneInfo("UTC")  # the books are in UTC, and these are to agree with them


@dataclass(frozen=True)
class Month:
    first: date
    gifts: dict[str, Money] = field(default_factory=dict)  # by currency; none is not there
    count: int = 0

    def given(self, currency: str) -> Money:
        return self.gifts.get(currency, Money(0, currency))


def by_month(*, now: datetime, months: int) -> list[Month]:
    """The last so many calendar months, oldest first, this one last.

    A gift counts in the month it arrived, less what went back of it since or is disputed; one
    that went back whole does not count.
    """
    firsts = [due_on(now.astimezone(UTC).date().replace(day=1), -n) for n in range(months)]
    since = datetime(firsts[-1].year, firsts[-1].month, 1, tzinfo=UTC)
    sums = (
        _arrived(since)
        .annotate(month=TruncMonth("succeeded_at", tzinfo=UTC))
        .values("month", "currency")
        .annotate(minor=Sum(F("amount_minor") - gone()), gifts=Count("pk"))
    )
    given: dict[date, dict[str, Money]] = {first: {} for first in firsts}
    counts: Counter[date] = Counter()
    for row in sums:
        first = row["month"].date()
        if first in given:
            given[first][row["currency"]] = Money(int(row["minor"]), row["currency"])
            counts[first] += row["gifts"]
    return [Month(first, given[first], counts[first]) for first in reversed(firsts)]


def since(moment: datetime, *, currency: str) -> tuple[Money, int]:
    """What has arrived in `currency` since then and stayed, and of how many gifts."""
    sums = _arrived(moment).filter(currency=currency)
    found = sums.aggregate(minor=Sum(F("amount_minor") - gone()), gifts=Count("pk"))
    return Money(int(found["minor"] or 0), currency), found["gifts"]


def _arrived(since: datetime) -> QuerySet[Charge]:
    gifts = Charge.objects.filter(Q(due__isnull=False) | Q(contribution__isnull=False))
    stayed = gifts.filter(amount_minor__gt=gone())
    return stayed.filter(state=Charge.State.SUCCEEDED, succeeded_at__gte=since)


def pledges_by_state() -> dict[str, int]:
    """How many pledges are in each state, with a nought for those in which there are none."""
    rows = Pledge.objects.values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Pledge.State.values, 0) | dict(rows)
