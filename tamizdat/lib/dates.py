"""Days as a newspaper of the reader's language writes them.

Never "two hours ago": a page is kept, carried and read when it may be much later.
"""

import re
from datetime import date

from babel.core import Locale
from babel.dates import format_date, format_skeleton

from tamizdat.lib.numerals import in_numerals
from tamizdat.lib.persian_calendar import MONTHS, persian_date

# CLDR's plain "en" is American; a paper read everywhere writes the day first.
_REGION = {"en": "en-GB"}
_OF_THE_YEAR = re.compile(r"\s\w\.$")  # as officials write in Russian, and papers do not


def day_in_words(day: date, language: str, *, with_year: bool = True) -> str:
    """`4 March 2026`, `4 марта 2026`; for `fa` the Solar Hijri day, `۱۳ اسفند ۱۴۰۴`."""
    if language == "fa":
        return _persian(day, with_year=with_year)
    locale = _locale(language)
    text = (
        format_date(day, "long", locale)
        if with_year
        else format_skeleton("MMMMd", day, locale=locale)
    )
    return in_numerals(_OF_THE_YEAR.sub("", text), language)


def month_in_words(first_day: date, language: str) -> str:
    """The month that begins on `first_day`, standing alone: `March`, `март`.

    For `fa` the Solar Hijri month of that day stands before it, `اسفند (مارس)`: readers at home
    count in the one, those abroad in the other, and what comes on that day comes in both.
    """
    name = format_date(first_day, "LLLL", _locale(language))
    return f"{MONTHS[persian_date(first_day)[1] - 1]} ({name})" if language == "fa" else name


def _locale(language: str) -> Locale:
    return Locale.parse(_REGION.get(language, language), sep="-")


def _persian(day: date, *, with_year: bool) -> str:
    year, month, number = persian_date(day)
    text = f"{number} {MONTHS[month - 1]}" + (f" {year}" if with_year else "")
    return in_numerals(text, "fa")
