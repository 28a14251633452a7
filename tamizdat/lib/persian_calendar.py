"""The Solar Hijri calendar, in which Persian papers count and which Babel does not know."""

from datetime import date

MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip

# A leap year returns every four years, save at these, where it takes five (Birashk; true to 2256).
_FIRST_DAY = date(1925, 3, 21).toordinal()  # 1 Farvardin 1304
_FIRST_YEAR = 1304
_LEAP_REMAINDERS = {1, 5, 9, 13, 17, 22, 26, 30}  # of the year, in cycles of 33


def persian_date(day: date) -> tuple[int, int, int]:
    """Year, month and day of the Solar Hijri calendar, from 1925 on."""
    left = day.toordinal() - _FIRST_DAY
    year = _FIRST_YEAR
    while left >= _days_in(year):
        left -= _days_in(year)
        year += 1
    long_months = 6 * 31
    if left < long_months:
        return year, left // 31 + 1, left % 31 + 1
    left -= long_months
    return year, left // 30 + 7, left % 30 + 1


def _days_in(year: int) -> int:
    return 366 if year % 33 in _LEAP_REMAINDERS else 365
