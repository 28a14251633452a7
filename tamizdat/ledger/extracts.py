"""The books from one day to another, as an accountant takes them in: written as they are read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Max, Min

from tamizdat.ledger import sums
from tamizdat.ledger.models import Account, Day, Line
from tamizdat.lib.money import Money

_AT_ONCE = 2000  # lines in memory


class Row(NamedTuple):
    """A line, with what its entry says."""

    entry_id: int
    at: datetime
    key: str
    memo: str
    account: str
    money: Money


class NoSuchDays(ValueError):
    """The last day lies before the first, or the calendar ends."""


@dataclass(frozen=True)
class Extract:
    """Both days are in it; they are days in UTC. Raises NoSuchDays."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not self.first <= self.last < date.max:
            raise NoSuchDays(f"from {self.first} to {self.last}")

    @property
    def end(self) -> date:
        return self.last + timedelta(days=1)

    def entries(self) -> Iterator[list[Row]]:
        """The lines of each entry, oldest first. As little memory for millions as for one."""
        for _, rows in groupby(self._rows(), key=attrgetter("entry_id")):
            yield list(rows)

    def brought_forward(self) -> Iterator[tuple[str, Money]]:
        """What each account held when the first day began."""
        for (currency, account), turnover in sums.turnovers(until=self.first).items():
            yield account, Money(turnover.balance_minor, currency)

    def _rows(self) -> Iterator[Row]:
        since, until = sums.midnight(self.first), sums.midnight(self.end)
        lines = Line.objects.filter(entry__at__gte=since, entry__at__lt=until)
        rows = lines.order_by("entry__at", "entry_id", "pk").values_list(
            "entry_id",
            "entry__at",
            "entry__seal_id",
            "entry__memo",
            "account__code",
            "amount_minor",
            "currency",
        )
        for entry_id, at, key, memo, account, minor, currency in rows.iterator(_AT_ONCE):
            yield Row(entry_id, at, key, memo, account, Money(minor, currency))


Format = Callable[[Extract], Iterable[str]]


def accounts() -> list[str]:
    """Their codes, oldest first: an order in which none is ever put between two others."""
    return list(Account.objects.order_by("pk").values_list("code", flat=True))


def days_of_the_books(*, today: date) -> Extract:
    """From the first day on which something was booked to the last; just today if nothing was."""
    found = Day.objects.aggregate(first=Min("day"), last=Max("day"))
    return Extract(found["first"] or today, found["last"] or today)
