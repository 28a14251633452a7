"""The kept sums, put together as a page or a file wants them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tamizdat.figures.forecasting import Past
from tamizdat.figures.models import By, CountedMonth, Kind, MonthSum
from tamizdat.lib import anonymity
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on

CAME = (Kind.NEW, Kind.TAKEN_IN, Kind.BACK)
WENT = (Kind.PAUSED, Kind.OWING, Kind.LAPSED, Kind.STOPPED, Kind.HALTED)
MOVED = (*CAME, Kind.RAISED, Kind.LOWERED, Kind.RECOVERED, *WENT)
SHOWN = 24  # months
SOURCES = 12  # months from which it is told where gifts came from
MOST_ROWS = 20
TOGETHER = "told together"


@dataclass(frozen=True)
class Cell:
    """How many, and how much; told only if nobody could be found by it."""

    count: int
    money: Money

    @property
    def is_few(self) -> bool:
        return anonymity.is_few(self.count)

    @property
    def told_count(self) -> str:
        return f"fewer than {anonymity.FEWEST}" if self.is_few else str(self.count)

    @property
    def told_money(self) -> Money | None:
        return None if self.is_few else self.money


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


def months() -> list[date]:
    """Those that were counted, oldest first, as many as are shown."""
    found = CountedMonth.objects.order_by("-month").values_list("month", flat=True)[:SHOWN]
    return sorted(found)


def currencies() -> list[str]:
    """In which gifts came, most givers first."""
    counts: Counter[str] = Counter()
    rows = MonthSum.objects.filter(by=By.ALL, kind__in=[Kind.GAVE, Kind.ONCE], month__in=months())
    for row in rows:
        counts[row.currency] += row.count
    return [currency for currency, _ in counts.most_common()]


def people(shown: Sequence[date]) -> list[int]:
    """Supporters in each month."""
    rows = MonthSum.objects.filter(kind=Kind.PEOPLE, month__in=shown)
    counts = {row.month: row.count for row in rows}
    return [counts.get(month, 0) for month in shown]


def of_kinds(shown: Sequence[date], kinds: Sequence[Kind], currency: str) -> list[Row]:
    """A row for each month, with a cell for each kind."""
    rows = MonthSum.objects.filter(by=By.ALL, kind__in=kinds, currency=currency, month__in=shown)
    found = {(row.month, row.kind): Cell(row.count, row.money) for row in rows}
    nothing = Cell(0, Money(0, currency))
    return [
        Row(f"{month:%Y-%m}", [found.get((month, kind), nothing) for kind in kinds])
        for month in shown
    ]


def apart(by: By, kinds: Sequence[Kind], currency: str, *, shown: Sequence[date]) -> list[Row]:
    """A row for each name in the months `shown` together, the most givers first.

    Names with too few behind them are told together, and so is what comes after the first rows.
    """
    found: dict[str, dict[str, Cell]] = defaultdict(dict)
    rows = MonthSum.objects.filter(by=by, kind__in=kinds, currency=currency, month__in=shown)
    for row in rows:
        before = found[row.name].get(row.kind, Cell(0, Money(0, currency)))
        found[row.name][row.kind] = Cell(before.count + row.count, before.money + row.money)
    counts = {name: sum(cell.count for cell in cells.values()) for name, cells in found.items()}
    ordered = dict(Counter(counts).most_common())
    alone, together = anonymity.apart(ordered)
    together += alone[MOST_ROWS:]
    told = [Row(name, _cells([found[name]], kinds, currency)) for name in alone[:MOST_ROWS]]
    if together:
        told.append(Row(TOGETHER, _cells([found[name] for name in together], kinds, currency)))
    return told


def cohorts(shown: Sequence[date]) -> list[tuple[date, int, list[float | None]]]:
    """For each month of first gifts: how many gave first then, and which share gave in each month
    since. Those of too few are left out."""
    counts: dict[date, Counter[date]] = defaultdict(Counter)
    for row in MonthSum.objects.filter(by=By.COHORT, kind=Kind.GAVE, month__in=shown):
        counts[date.fromisoformat(row.name)][row.month] += row.count
    return [
        (first, counts[first][first], _shares(counts[first], first, last=shown[-1]))
        for first in shown
        if counts[first][first] >= anonymity.FEWEST
    ]


def are_few(shown: Sequence[date], currency: str) -> bool:
    """Whether in one of these months so few gave that their sum is not told."""
    return any(row.cells[0].is_few for row in of_kinds(shown, (Kind.GAVE,), currency))


def moved(shown: Sequence[date], currency: str) -> list[Row]:
    """A row for each month: what was won, what was lost, what was recovered."""
    won, lost = (*CAME, Kind.RAISED), (*WENT, Kind.LOWERED)
    rows = of_kinds(shown, (*won, *lost, Kind.RECOVERED), currency)
    parts = (slice(0, len(won)), slice(len(won), -1), slice(-1, None))
    return [Row(row.name, [_whole(row.cells[part], currency) for part in parts]) for row in rows]


def past(shown: Sequence[date], currency: str) -> list[Past]:
    """What forecasts are made of."""
    gave, rows = of_kinds(shown, (Kind.GAVE,), currency), moved(shown, currency)
    return [
        Past(
            value=whole.cells[0].money.minor,
            came=row.cells[0].money.minor,
            gone=row.cells[1].money.minor,
        )
        for whole, row in zip(gave, rows, strict=True)
    ]


def _cells(names: list[dict[str, Cell]], kinds: Sequence[Kind], currency: str) -> list[Cell]:
    return [_whole([cells[kind] for cells in names if kind in cells], currency) for kind in kinds]


def _whole(cells: Sequence[Cell], currency: str) -> Cell:
    minor = sum(cell.money.minor for cell in cells)
    return Cell(sum(cell.count for cell in cells), Money(minor, currency))


def _shares(counts: Counter[date], first: date, *, last: date) -> list[float | None]:
    size, shares = counts[first], list[float | None]()
    month = first
    while month <= last:
        shares.append(counts[month] / size)
        month = due_on(month, 1)
    return shares
