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


def span_in_words(year: int, month: int, language: str, *, short: bool = False) -> str:
    """`March 2026`, `март 2026`; of month 0 the year alone; `Mar` if it is to be `short`.

    Months and years are those of addresses, so for `fa` too they are Gregorian; the Solar Hijri
    ones stand after them, since no reader should have to reckon.
    """
    first = date(year, month or 1, 1)
    if short:
        return in_numerals(format_date(first, "LLL", _locale(language)), language)
    text = format_skeleton("yMMMM" if month else "y", first, locale=_locale(language))
    words = in_numerals(_OF_THE_YEAR.sub("", text), language)
    return f"{words} ({_persian_span(first, month)})" if language == "fa" else words


def _persian_span(first: date, month: int) -> str:
    last = date(first.year, month or 12, 28)
    names = (
        [MONTHS[persian_date(day)[1] - 1] for day in (first, last)]
        if month
        else [in_numerals(str(persian_date(day)[0]), "fa") for day in (first, last)]
    )
    return "–".join(dict.fromkeys(names))


def _locale(language: str) -> Locale:
    return Locale.parse(_REGION.get(language, language), sep="-")


def _persian(day: date, *, with_year: bool) -> str:
    year, month, number = persian_date(day)
    text = f"{number} {MONTHS[month - 1]}" + (f" {year}" if with_year else "")
    return in_numerals(text, "fa")
