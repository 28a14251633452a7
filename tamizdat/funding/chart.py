"""Where the bars of a small chart stand. The picture is written by a template, without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tamizdat.funding.figures import Month
from tamizdat.lib.money import Money

STEP, GAP = 30, 8  # from one bar to the next, and how much of that is air
TALLEST = 100


@dataclass(frozen=True)
class Bar:
    month: date
    money: Money
    x: int
    middle: int
    height: int
    width: int = STEP - GAP

    @property
    def y(self) -> int:
        return TALLEST - self.height


@dataclass(frozen=True)
class Chart:
    currency: str
    bars: list[Bar]
    most: Money

    @property
    def width(self) -> int:
        return STEP * len(self.bars)


def draw(months: Sequence[Month], *, currency: str) -> Chart:
    """A bar a month; the tallest month is as tall as the chart, and any gift can be seen."""
    most = max(month.given(currency).minor for month in months)
    bars = [
        Bar(
            month=month.first,
            money=month.given(currency),
            x=n * STEP + GAP // 2,
            middle=n * STEP + STEP // 2,
            height=_height(month.given(currency).minor, most),
        )
        for n, month in enumerate(months)
    ]
    return Chart(currency, bars, Money(most, currency))


def _height(minor: int, most: int) -> int:
    return max(1, TALLEST * minor // most) if minor else 0
