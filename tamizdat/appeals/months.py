"""Months as (year, number), so that no day of the month can push one into the next."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from tamizdat.lib.dates import month_in_words, span_in_words

LATE_IN_THE_MONTH = 20
REST = 9  # months at least from the last mail of one year to the first of the next


class NotAMonth(ValueError):
    """The text names no month."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int  # January is 1

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote: `2027-03`. Raises NotAMonth."""
        try:
            return cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError as error:
            raise NotAMonth(text) from error

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    def plus(self, months: int) -> Self:
        years, index = divmod(self.number - 1 + months, 12)
        return type(self)(self.year + years, index + 1)

    def again_after(self, last: Self) -> Self:
        """The same month of a later year: the first that leaves a rest after `last`."""
        earliest = last.plus(REST)
        return type(self)(earliest.year + (earliest.number > self.number), self.number)

    def name(self, language: str) -> str:
        return month_in_words(self.first_day, language)

    def in_full(self, language: str) -> str:
        """With its year, for one that may be far away."""
        return span_in_words(self.year, self.number, language)


def offered(today: date) -> list[Month]:
    """The six months that follow this one."""
    return [Month.of(today).plus(n) for n in range(1, 7)]


def proposed(today: date) -> Month:
    """The next month, or the one after when the next is too near to be "later"."""
    return Month.of(today).plus(1 if today.day < LATE_IN_THE_MONTH else 2)


def offered_after_a_gift(today: date) -> list[Month]:
    """In a quarter, half a year, three quarters, and a year: nobody is asked at once again."""
    return [Month.of(today).plus(n) for n in (3, 6, 9, 12)]


def proposed_after_a_gift(today: date) -> Month:
    return Month.of(today).plus(12)
