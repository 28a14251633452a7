"""Counted months are kept, so that a page reads sums and never a million gifts."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Min

from tamizdat.figures import counting
from tamizdat.figures.models import CountedMonth, MonthSum
from tamizdat.funding.models import Contribution, Due
from tamizdat.lib.months import due_on

UNSETTLED = 4  # months in which payments still come late, go back or are disputed
AT_A_TIME = 3
COUNT_AGAIN = timedelta(days=1)


def keep_up(*, now: datetime) -> int:
    """Count the months that are over and not counted, and each day the last four. How many were.

    Some at a time, the latest first: other chores wait meanwhile.
    """
    this_month = now.astimezone(UTC).date().replace(day=1)
    counted = dict(CountedMonth.objects.values_list("month", "counted_at"))
    todo = [month for month in _months(this_month) if _is_to_do(month, counted, this_month, now)]
    for month in todo[-AT_A_TIME:]:
        count(month, now=now)
    return len(todo[-AT_A_TIME:])


def count(month: date, *, now: datetime) -> None:
    """Whatever was kept of it is replaced. Counted twice at once, it is kept once."""
    sums = counting.count(month)
    with transaction.atomic():
        # The first write, so that two who count the same month come one after the other.
        CountedMonth.objects.update_or_create(month=month, defaults={"counted_at": now})
        MonthSum.objects.filter(month=month).delete()
        MonthSum.objects.bulk_create(
            MonthSum(month=month, count=number, minor=minor, **key._asdict())
            for key, number, minor in sums.rows()
        )


def _is_to_do(month: date, counted: dict[date, datetime], this_month: date, now: datetime) -> bool:
    if month not in counted:
        return True
    is_unsettled = month >= due_on(this_month, -UNSETTLED)
    return is_unsettled and counted[month] <= now - COUNT_AGAIN


def _months(this_month: date) -> list[date]:
    """Those that are over, from the first gift on."""
    firsts = (
        Due.objects.aggregate(first=Min("period_on"))["first"],
        Contribution.objects.aggregate(first=Min("charge__succeeded_at"))["first"],
    )
    days = [day.date() if isinstance(day, datetime) else day for day in firsts if day]
    if not days:
        return []
    first = min(days).replace(day=1)
    count = (this_month.year - first.year) * 12 + this_month.month - first.month
    return [due_on(first, n) for n in range(count)]
