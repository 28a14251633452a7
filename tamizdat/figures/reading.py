"""The kept sums, put together as a page or a file wants them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
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
Sums = dict[str, list[MonthSum]]  # by name


@dataclass(frozen=True)
class Cell:
    """How many, and how much; told only if nobody could be found by it."""

    count: int
    money: Money
    people: int | None = None  # behind so many gifts, if not one behind each
    is_elsewhere: bool = False  # nothing of it is in this cell: it is told together with others

    @property
    def is_few(self) -> bool:
        return anonymity.is_few(self.count if self.people is None else self.people)

    @property
    def told_count(self) -> str | None:
        if self.is_elsewhere:
            return None
        return f"fewer than {anonymity.FEWEST}" if self.is_few else str(self.count)

    @property
    def told_money(self) -> Money | None:
        return None if self.is_few or self.is_elsewhere else self.money


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]

    @property
    def told_count(self) -> int | None:
        """Of all its cells that are told; None where none is."""
        told = [cell.count for cell in self.cells if not cell.is_few and not cell.is_elsewhere]
        return sum(told) or None


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

    Of each kind the names with too few behind them are told together, in the last row, and so is
    what comes after the first rows. Kind by kind, because a sum is found by taking away sums of
    its own kind.
    """
    rows = MonthSum.objects.filter(
        by__in=[by, By.ALL], kind__in=kinds, currency=currency, month__in=shown
    )
    found = [_by_name(by, [row for row in rows if row.kind == kind]) for kind in kinds]
    alone = [_alone(sums) for sums in found]
    gifts = Counter[str]()
    for sums in found:
        gifts.update({name: sum(row.count for row in its) for name, its in sums.items()})
    names = [name for name, _ in gifts.most_common() if any(name in one for one in alone)]
    own = [one.intersection(names[:MOST_ROWS]) for one in alone]
    told = [
        Row(name, [_own(name, *each, currency) for each in zip(found, own, strict=True)])
        for name in names[:MOST_ROWS]
    ]
    rest = [_of(sums, sums.keys() - its) for sums, its in zip(found, own, strict=True)]
    if any(rest):
        told.append(Row(TOGETHER, [_cell(each, currency) for each in rest]))
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


def are_few_who_moved(shown: Sequence[date], currency: str) -> bool:
    """Whether so few came, or went, in these months together that their sum is not told."""
    rows = moved(shown, currency)
    return any(anonymity.is_few(sum(row.cells[at].count for row in rows)) for at in (0, 1))


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


def _by_name(by: By, rows: Sequence[MonthSum]) -> Sums:
    left_out = _left_out([row for row in rows if row.by == By.ALL])
    sums: Sums = defaultdict(list)
    for row in rows:
        if row.by == by and row.month not in left_out:
            sums[row.name].append(row)
    return dict(sums)


def _left_out(months: Iterable[MonthSum]) -> list[date]:
    """Those whose own sum is not told, where taking the others from the whole would tell it."""
    few = [row for row in months if anonymity.is_few(row.count)]
    return [row.month for row in few] if anonymity.is_few(_people(few)) else []


def _of(sums: Sums, names: Collection[str]) -> list[MonthSum]:
    return [row for name in names for row in sums[name]]


def _alone(sums: Sums) -> set[str]:
    """Names that may have a cell of their own."""
    alone, _together = anonymity.apart(sums, lambda names: _people(_of(sums, names)))
    return set(alone)


def _own(name: str, sums: Sums, alone: Set[str], currency: str) -> Cell:
    if name in alone:
        return _cell(sums[name], currency)
    return Cell(0, Money(0, currency), is_elsewhere=name in sums)


def _cell(rows: Sequence[MonthSum], currency: str) -> Cell:
    count, minor = sum(row.count for row in rows), sum(row.minor for row in rows)
    return Cell(count, Money(minor, currency), _people(rows))


def _people(rows: Iterable[MonthSum]) -> int:
    """How many stand behind them. A pledge gives each month, so of these as many as in the fullest
    one: twelve gifts may be of one giver."""
    counts = Counter[date | None]()
    for row in rows:
        counts[row.month if row.kind == Kind.GAVE else None] += row.count
    return max(counts.values(), default=0)


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
