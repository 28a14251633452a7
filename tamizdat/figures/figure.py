"""One figure: a chart, the table that says the same, and the table as a file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from tamizdat.ledger.spreadsheet import line, text
from tamizdat.lib import anonymity
from tamizdat.lib.money import Money

FEW = f"fewer than {anonymity.FEWEST}"
Value = str | int | float | Money | None  # a float is a share of one, None is not told


@dataclass(frozen=True)
class Figure:
    slug: str
    title: str
    words: str  # what to know to read it
    chart: str  # SVG
    legend: Sequence[str]  # names of the series, in the order of their colours
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]

    @property
    def drawing(self) -> SafeString:
        return mark_safe(self.chart)  # noqa: S308 charts.py escapes every word

    @property
    def shown(self) -> list[list[str]]:
        return [[_shown(value) for value in row] for row in self.rows]

    def as_csv(self) -> Iterator[str]:
        yield line(self.columns)
        for row in self.rows:
            yield line([_written(value) for value in row])


def few(count: int) -> Value:
    """How many, told so that nobody can be found by it."""
    return FEW if anonymity.is_few(count) else count


def in_all(counts: Collection[int]) -> Value:
    """Their sum, beside them. Not told where taking the others from it would tell the few."""
    return None if anonymity.are_given_away(counts) else few(sum(counts))


def height(count: int) -> float | None:
    """How high a chart draws it: not at all where it is not told."""
    return None if anonymity.is_few(count) else count


def _shown(value: Value) -> str:
    if isinstance(value, Money):
        return value.in_full("en")
    if isinstance(value, float):
        return f"{value:.0%}"
    return "–" if value is None else str(value)


def _written(value: Value) -> str:
    if isinstance(value, Money):
        return f"{value.major:f}"
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else text(str(value))
