"""Money as whole minor units, so that no sum is ever rounded by accident."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from babel.core import Locale
from babel.numbers import format_currency

from tamizdat.lib.currencies import decimals
from tamizdat.lib.numerals import in_numerals


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum."""


class NotAnAmount(ValueError):
    """The text is no amount of this currency."""


@dataclass(frozen=True, slots=True)
class Money:
    minor: int  # cents, kopecks, yen; may be negative
    currency: str  # ISO 4217, upper case

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read what a person typed, in major units: `2`, `2.50`, `2,50`, `۲`.

        Raises NotAnAmount for anything that is not a number with at most as many decimals
        as the currency has (ISO 4217). Nothing is rounded.
        """
        typed = _AMOUNT.fullmatch(text.strip().translate(_DECIMAL_COMMAS))
        # In dollars `1,000` is a thousand to one person and one to another: ask again.
        if not typed or len(typed["decimals"] or "") > decimals(currency):
            raise NotAnAmount(text)
        minor = Decimal(typed[0]).scaleb(decimals(currency))
        return cls(int(minor), currency)

    def __add__(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} + {other.currency}")
        return type(self)(self.minor + other.minor, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        return self + -other

    @property
    def major(self) -> Decimal:
        """The amount in units, exactly: `Money(250, "USD").major == Decimal("2.50")`."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def split(self, parts: int) -> list[Self]:
        """Cut into `parts` that differ by at most one minor unit and sum to the whole."""
        share, leftover = divmod(self.minor, parts)
        return [type(self)(share + (i < leftover), self.currency) for i in range(parts)]

    def format(self, language: str) -> str:
        """As people who read `language` write it: their digits, no decimals when all are zero."""
        if self.major != self.major.to_integral_value():
            return self.in_full(language)
        return self._written(language, places=0)

    def in_full(self, language: str) -> str:
        """With all its decimals, so that amounts in a column stand under each other."""
        return self._written(language, places=decimals(self.currency))

    def _written(self, language: str, *, places: int) -> str:
        pattern = Locale.parse(language, sep="-").currency_formats["standard"].pattern
        text = format_currency(
            self.major,
            self.currency,
            format=pattern.replace("0.00", f"0.{'0' * places}" if places else "0"),
            locale=language.replace("-", "_"),
            currency_digits=False,
            numbering_system="default",  # their decimal and thousands signs; Babel keeps the digits
        )
        return in_numerals(text, language)


_AMOUNT = re.compile(r"-?\d{1,30}(?:\.(?P<decimals>\d{1,30}))?")
_DECIMAL_COMMAS = str.maketrans({",": ".", "\N{ARABIC DECIMAL SEPARATOR}": "."})
