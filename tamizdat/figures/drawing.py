"""The figures of the desk, each drawn from kept sums. `currency` is the one they are told in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tamizdat.appeals.models import Message
from tamizdat.figures import forecasting, reading
from tamizdat.figures.figure import FEW, Figure, Value, few, height
from tamizdat.figures.models import By, Kind
from tamizdat.figures.reading import Cell, Row
from tamizdat.lib import charts
from tamizdat.lib.charts import Chart, Series
from tamizdat.lib.money import Money
from tamizdat.lib.months import due_on

SHOWN_BEFORE = 6  # months beside those that are foreseen
AHEAD = (1, 2)  # this month, which is not over, and the next


@dataclass(frozen=True)
class Told:
    """What the figures are about."""

    months: Sequence[date]  # counted ones, oldest first
    currency: str

    @property
    def names(self) -> list[str]:
        return [f"{month:%b %y}" for month in self.months]

    @property
    def latest(self) -> Sequence[date]:
        """Those of which it is told where gifts came from."""
        return self.months[-reading.SOURCES :]


def supporters(told: Told) -> Figure:
    counts = reading.people(told.months)
    labels = [f"{name}: {few(n)}" for name, n in zip(told.names, counts, strict=True)]
    heights = [height(n) for n in counts]
    chart = Chart(
        "supporters", "Supporters, month by month", "The table beside it has the numbers."
    )
    return Figure(
        "supporters",
        "Supporters",
        "Who gave in the month, monthly or within the year of a yearly gift. Each is counted once.",
        charts.line(chart, told.names, [Series("Supporters", heights, labels)]),
        [],
        ["Month", "Supporters"],
        [[f"{m:%Y-%m}", few(n)] for m, n in zip(told.months, counts, strict=True)],
    )


def value(told: Told) -> Figure:
    kinds = (Kind.GAVE, Kind.ONCE)
    rows = reading.of_kinds(told.months, kinds, told.currency)
    chart = Chart(
        "value",
        f"Monthly value and gifts made once, {told.currency}",
        "A column for each month: what pledges gave, and on it what was given once.",
    )
    names = ["Monthly value", "Given once"]
    return Figure(
        "value",
        "Monthly value",
        "What pledges came to in the month, a yearly gift by its twelfth; and gifts made once. "
        "A sum behind which stand fewer than five gifts is not told.",
        charts.columns(chart, told.names, _money_series(names, rows)),
        names,
        ["Month", "Pledges", "Monthly value", "Gifts made once", "Given once"],
        [_with_money(row) for row in rows],
    )


def movements(told: Told) -> Figure:
    rows = reading.of_kinds(told.months, reading.MOVED, told.currency)
    drawn = [kind for kind in reading.MOVED if kind in reading.CAME + reading.WENT]
    series = []
    for kind in drawn:
        sign, at = (1 if kind in reading.CAME else -1), reading.MOVED.index(kind)
        counts = [row.cells[at].count for row in rows]
        series.append(Series(kind.label, [sign * n for n in counts], [str(n) for n in counts]))
    chart = Chart(
        "movements",
        f"Pledges that came and went, {told.currency}",
        "Above the line those that came, below it those that went, month by month.",
    )
    return Figure(
        "movements",
        "Who came, who went",
        "Pledges: new ones and those that came back, above the line; below it those whose gift "
        "would have come round and did not. Raised, lowered and recovered stand in the table.",
        charts.columns(chart, told.names, series),
        [kind.label for kind in drawn],
        ["Month", *(kind.label for kind in reading.MOVED)],
        [[row.name, *(cell.count for cell in row.cells)] for row in rows],
    )


def moved_value(told: Told) -> Figure:
    rows = reading.moved(told.months, told.currency)
    chart = Chart(
        "moved-value",
        f"Monthly value won and lost, {told.currency}",
        "Above the line what was won in each month, below it what was lost.",
    )
    series = [
        Series(
            name,
            [sign * _height(row.cells[n]) for row in rows],
            [_label(row.cells[n]) for row in rows],
        )
        for n, (name, sign) in enumerate((("Won", 1), ("Lost", -1)))
    ]
    return Figure(
        "moved-value",
        "What it came to",
        "The monthly value of the same: won by those who came or gave more, lost by those who went "
        "or gave less; and what was paid after all.",
        charts.columns(chart, told.names, series),
        ["Won", "Lost"],
        ["Month", "By", "Won", "By", "Lost", "Of declined", "Recovered"],
        [_with_money(row) for row in rows],
    )


def methods(told: Told) -> Figure:
    return _by(
        told, By.METHOD, "methods", "Ways to pay", (Kind.GAVE, Kind.NEW, Kind.ONCE),
        "Who moved the money, in the last twelve months. A pledge counts in each month it gave in.",
    )  # fmt: skip


def messages(told: Told) -> Figure:
    return _by(
        told, By.MESSAGE, "messages", "Messages", (Kind.NEW, Kind.ONCE),
        "The banner or ask from which a gift came, in the last twelve months.",
    )  # fmt: skip


def sections(told: Told) -> Figure:
    return _by(
        told, By.SECTION, "sections", "Sections", (Kind.NEW, Kind.ONCE),
        "The section of the page from which a gift came, in the last twelve months.",
    )  # fmt: skip


def stories(told: Told) -> Figure:
    return _by(
        told, By.STORY, "stories", "Stories", (Kind.NEW, Kind.ONCE),
        "The page from which a gift came, in the last twelve months.",
    )  # fmt: skip


def cohorts(told: Told) -> Figure:
    found = reading.cohorts(told.months) if told.months else []
    chart = Chart(
        "cohorts",
        "Who still gives, by the month of the first gift",
        "A row for each month of first gifts, a cell for each month since: the share that gave.",
    )
    most = max((len(shares) for _, _, shares in found), default=0)
    return Figure(
        "cohorts",
        "Who stays",
        "Of those who gave first in a month, the share that gave one, two, three months later. "
        "Months with fewer than five first gifts are left out.",
        charts.heat(chart, [f"{m:%b %y}" for m, _, _ in found], [row for _, _, row in found]),
        [],
        ["First gift", "Pledges", *(f"after {n}" for n in range(most))],
        [
            [f"{month:%Y-%m}", size, *shares, *[None] * (most - len(shares))]
            for month, size, shares in found
        ],
    )


def forecast(told: Told) -> Figure:
    past = reading.past(told.months, told.currency)
    pace = told.months[-forecasting.RECENT :]
    if reading.are_few(told.months[-SHOWN_BEFORE:], told.currency) or (
        reading.are_few_who_moved(pace, told.currency)
    ):
        past = []
    foreseen = [forecasting.foresee(past, ahead=ahead) for ahead in AHEAD]
    known = [one for one in foreseen if one]
    shown = list(zip(told.names, past, strict=False))[-SHOWN_BEFORE:]
    coming = [due_on(told.months[-1], ahead) for ahead in AHEAD] if told.months else []
    names = [name for name, _ in shown] + [f"{m:%b %y}" for m in coming[: len(known)]]
    sums = [one.value for _, one in shown] + [one.middle for one in known]
    money = [Money(minor, told.currency) for minor in sums]
    chart = Chart(
        "forecast",
        f"Monthly value to come, {told.currency}",
        "The last six months and, paler, what the two months to come will probably bring.",
    )
    series = Series(
        "Monthly value", [float(m.major) for m in money], [m.in_full("en") for m in money]
    )
    return Figure(
        "forecast",
        "What is to come",
        "As much goes as went of late, as much comes as came of late. Nine times in ten it is "
        "between the two sums, if the months to come err as the last twelve did. "
        "Nothing is foreseen from fewer than four months, or where fewer than five give, or "
        "one to four came or went in the last three.",
        charts.columns(chart, names, [series], pale=len(known)),
        [],
        ["Month", "Probably", "At least", "At most"],
        [
            [f"{month:%Y-%m}", *(Money(n, told.currency) for n in (one.middle, one.low, one.high))]
            for month, one in zip(coming, known, strict=False)
        ],
    )


ALL = (
    supporters,
    value,
    movements,
    moved_value,
    forecast,
    cohorts,
    methods,
    messages,
    sections,
    stories,
)


def _by(told: Told, by: By, slug: str, title: str, kinds: Sequence[Kind], words: str) -> Figure:
    rows = reading.apart(by, kinds, told.currency, shown=told.latest)
    known = _messages() if by == By.MESSAGE else {}
    names = [known.get(row.name, row.name) or "unknown" for row in rows]
    heights = [row.told_count for row in rows]
    labels = [str(count or FEW) for count in heights]
    chart = Chart(slug, f"{title}, {told.currency}", "A bar for each; the table has the numbers.")
    columns = [title]
    for kind in kinds:
        columns += [f"{kind.label}: gifts", f"{kind.label}: sum"]
    return Figure(
        slug,
        title,
        f"{words} What fewer than five stand behind is told together, in the last row.",
        charts.rows(chart, names, Series(title, heights, labels)),
        [],
        columns,
        [_with_money(Row(name, row.cells)) for name, row in zip(names, rows, strict=True)],
    )


def _messages() -> dict[str, str]:
    """Each by its key. One that was deleted is told by that alone."""
    return {one.key: str(one) for one in Message.objects.select_related("locale")}


def _with_money(row: Row) -> list[Value]:
    values: list[Value] = [row.name]
    for cell in row.cells:
        values += [cell.told_count, cell.told_money]
    return values


def _money_series(names: Sequence[str], rows: Sequence[Row]) -> list[Series]:
    return [
        Series(
            name,
            [_height(row.cells[n]) for row in rows],
            [_label(row.cells[n]) for row in rows],
        )
        for n, name in enumerate(names)
    ]


def _height(cell: Cell) -> float:
    return float(cell.told_money.major) if cell.told_money else 0.0


def _label(cell: Cell) -> str:
    return cell.told_money.in_full("en") if cell.told_money else FEW
