"""Dates that come round: always counted from the first one, never from the last."""

import calendar
from datetime import date


def due_on(anchor: date, n: int, *, every: int = 1) -> date:
    """The nth date after `anchor`, `every` so many months, on its day or the month's last.

    31 January, 28 February, 31 March: a short month shifts nothing that follows it.
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + n * every, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last_day))


def number_at(anchor: date, day: date, *, every: int = 1) -> int:
    """How many dates after `anchor` have come by `day`; negative before the anchor."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    n = months // every
    return n if due_on(anchor, n, every=every) <= day else n - 1


def first_on(day_of_month: int, *, not_before: date) -> date:
    """The first date that is the n-th of its month, and no earlier; n is at most 28."""
    if not 1 <= day_of_month <= 28:
        raise ValueError(f"{day_of_month} is not in every month")
    this_month = not_before.replace(day=day_of_month)
    return this_month if this_month >= not_before else due_on(this_month, 1)


def end_of_month(day: date) -> date:
    return due_on(day.replace(day=31, month=1), day.month - 1)
