"""What came to each account and what left it, added up by days: a report reads sums, not lines.

A day that is over is added up once. Whatever is booked on it later opens it again, by a trigger
(triggers.py), and until it is added up anew its lines are read: what is told here is always what
the lines say. docs/money.md says why.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, groupby
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum

from tamizdat.ledger.models import Day, DaySum, Line
from tamizdat.ledger.triggers import DAY_LOCK

FIRST = date(2000, 1, 1)  # days are numbered from here for the lock
_A_DAY = timedelta(days=1)
_SPANS_AT_ONCE = 100  # as many conditions as any database takes
_DEBIT_AND_CREDIT = {
    "debit": Sum("amount_minor", filter=Q(amount_minor__gt=0), default=0),
    "credit": Sum(-F("amount_minor"), filter=Q(amount_minor__lt=0), default=0),
}


class Turnover(NamedTuple):
    """Minor units, both without a sign."""

    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        return self.debit_minor - self.credit_minor


Row = tuple[str, str, int, int]  # currency, account, debit, credit
Turnovers = dict[tuple[str, str], Turnover]  # by currency and account


def turnovers(
    *, since: date = date.min, until: date = date.max, opened: Sequence[date] | None = None
) -> Turnovers:
    """Of every account in every currency, from the day `since` to the day before `until`.

    Of an entry that is booked meanwhile, all lines are counted or none. Whoever asks about several
    spans of time reads `open_days` once for all of them.
    """
    # Which days are open is read first. One that is closed meanwhile is still read by its lines,
    # and one that is opened meanwhile by its sum, which the new entry has not changed.
    days = [day for day in (open_days() if opened is None else opened) if since <= day < until]
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for currency, account, debit, credit in chain(_of_days(since, until, days), _of_lines(days)):
        sums = found[currency, account]
        sums[0] += int(debit or 0)
        sums[1] += int(credit or 0)
    return {key: Turnover(*sums) for key, sums in sorted(found.items())}


def open_days() -> list[date]:
    """In order; as a rule just today."""
    return list(Day.objects.filter(is_open=True).order_by("day").values_list("day", flat=True))


def from_lines() -> Turnovers:
    """All there is, read from the lines alone: slow, and believes no sum that was kept."""
    rows = _sums(Line.objects.all())
    return {
        (currency, account): Turnover(int(debit or 0), int(credit or 0))
        for currency, account, debit, credit in sorted(rows)
    }


def add_up(*, now: datetime) -> int:
    """Add up every day that is over and open. How many were."""
    days = Day.objects.filter(is_open=True, day__lt=now.astimezone(UTC).date())
    count = 0
    for day in days.order_by("day"):
        _add_up(day)
        count += 1
    return count


@transaction.atomic
def _add_up(day: Day) -> None:
    _wait_for_entries_of(day.day)
    DaySum.objects.filter(day=day).delete()
    rows = Line.objects.filter(_between(day.day, day.day + _A_DAY))
    sums = rows.order_by().values_list("currency", "account_id").annotate(**_DEBIT_AND_CREDIT)
    DaySum.objects.bulk_create(
        DaySum(
            day=day,
            account_id=account_id,
            currency=currency,
            debit_minor=int(debit or 0),
            credit_minor=int(credit or 0),
        )
        for currency, account_id, debit, credit in sums
    )
    Day.objects.filter(pk=day.pk).update(is_open=False)


def _wait_for_entries_of(day: date) -> None:
    # Whoever books on that day holds this lock in common until the commit; nobody books on it
    # between our sum and our commit. SQLite has one writer, and the deletion makes it us.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DAY_LOCK, (day - FIRST).days])


def _of_days(since: date, until: date, but: list[date]) -> QuerySet[DaySum, Row]:
    rows = DaySum.objects.filter(day__gte=since, day__lt=until).exclude(day__in=but)
    names = rows.order_by().values_list("currency", "account__code")
    return names.annotate(debit=Sum("debit_minor"), credit=Sum("credit_minor"))


def _of_lines(days: list[date]) -> Iterator[Row]:
    spans = list(_spans(days))
    for n in range(0, len(spans), _SPANS_AT_ONCE):
        where = Q()
        for first, end in spans[n : n + _SPANS_AT_ONCE]:
            where |= _between(first, end)
        yield from _sums(Line.objects.filter(where))


def _spans(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days that follow one another as one question: from which, and until which."""
    for _, run in groupby(enumerate(days), key=lambda each: each[1].toordinal() - each[0]):
        found = [day for _, day in run]
        yield found[0], found[-1] + _A_DAY


def _sums(lines: QuerySet[Line]) -> QuerySet[Line, Row]:
    names = lines.order_by().values_list("currency", "account__code")
    return names.annotate(**_DEBIT_AND_CREDIT)


def _between(first: date, end: date) -> Q:
    return Q(entry__at__gte=midnight(first), entry__at__lt=midnight(end))


def midnight(day: date) -> datetime:
    """When it begins, in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)
