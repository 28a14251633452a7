"""What a provider usually keeps of a payment: for telling readers. The books hold what it kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from tamizdat.lib.env import BadSetting
from tamizdat.lib.money import Money, NotAnAmount

WHOLE = 10_000  # basis points


@dataclass(frozen=True)
class Rate:
    basis_points: int  # of the sum: 290 is 2.9 %
    fixed: Money

    @classmethod
    def read(cls, text: str) -> Self:
        """`2.9% + 0.30 USD`. Raises BadSetting."""
        match = _RATE.fullmatch(text.strip())
        try:
            if match:
                basis_points = Decimal(match["percent"]).scaleb(2)
                return cls(int(basis_points), Money.parse(match["fixed"], match["currency"]))
        except NotAnAmount:
            pass
        raise BadSetting(f"A rate looks like '2.9% + 0.30 USD', not {text!r}.")

    def on(self, money: Money) -> Money:
        """What is kept of `money`, never more than all of it. Half a cent is a cent."""
        share = (money.minor * self.basis_points + WHOLE // 2) // WHOLE
        return Money(min(money.minor, share + self.fixed.minor), money.currency)

    def so_that_arrives(self, money: Money) -> Money:
        """The least that must be paid, so that no less than `money` is left of it."""
        whole = self._before_rounding(money)
        while (whole - self.on(whole)).minor >= money.minor:
            whole -= _smallest(money)
        return whole + _smallest(money)

    def _before_rounding(self, money: Money) -> Money:
        """No less than is needed, and at most some minor units more."""
        left = WHOLE - self.basis_points
        wanted = (money.minor + self.fixed.minor + 1) * WHOLE
        return Money(-(-wanted // left), money.currency)


Rates = Mapping[str, Rate]  # by currency


def read(texts: Iterable[str]) -> Rates:
    """One rate for each currency. Raises BadSetting."""
    rates = [Rate.read(text) for text in texts]
    return {rate.fixed.currency: rate for rate in rates}


def _smallest(money: Money) -> Money:
    return Money(1, money.currency)


_RATE = re.compile(
    r"(?P<percent>\d{1,2}(?:\.\d{1,2})?)\s*%\s*\+\s*(?P<fixed>[\d.]{1,9})\s*(?P<currency>[A-Z]{3})"
)
