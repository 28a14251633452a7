"""How many readers wait to be asked again, and when."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q

from tamizdat.appeals.models import Reminder, ReminderTally
from tamizdat.figures.figure import Figure, Value, few, height, in_all
from tamizdat.lib import charts
from tamizdat.lib.charts import Chart, Series

MONTHS = 24


def waiting() -> Figure:
    rows = (
        Reminder.objects.values("month")
        .annotate(
            wished=Count("pk"),
            yearly=Count("pk", filter=Q(is_yearly=True)),
            after=Count("pk", filter=Q(is_after_gift=True)),
            mailed=Count("pk", filter=Q(sent_count__gt=0)),
        )
        .order_by("month")
    )
    found: list[tuple[date, list[int]]] = [
        (row["month"], [row["wished"], row["yearly"], row["after"], row["mailed"]]) for row in rows
    ]
    names = [f"{month:%b %y}" for month, _ in found]
    counts = [counts[0] for _, counts in found]
    chart = Chart("reminders", "Readers to be reminded", "A column for each month to come.")
    heights = [height(count) for count in counts]
    labels = [str(few(count)) for count in counts]
    columns = list(zip(*(row for _, row in found), strict=True))
    total: list[list[Value]] = [["in all", *map(in_all, columns)]] if found else []
    return Figure(
        "reminders",
        "Reminders",
        "Readers who wished to be asked again, by the month in which we write to them.",
        charts.columns(chart, names, [Series("Reminders", heights, labels)]),
        [],
        ["Month", "Wished", "Every year", "After a gift", "Mailed once, once more to come"],
        [[f"{month:%Y-%m}", *map(few, row)] for month, row in found] + total,
    )


def became() -> Figure:
    """What became of them, month by month."""
    whats = list(ReminderTally.What)
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for row in ReminderTally.objects.order_by("month"):
        found[row.month][row.what] = row.count
    shown = list(found.items())[-MONTHS:]
    series = []
    for what in (ReminderTally.What.MAILED, ReminderTally.What.GAVE):
        counts = [row.get(what, 0) for _, row in shown]
        heights = [height(count) for count in counts]
        series.append(Series(str(what.label), heights, [str(few(count)) for count in counts]))
    chart = Chart(
        "became-of-reminders",
        "Readers who were reminded, and who gave then",
        "A line for first mails, and one for those who gave after a mail.",
    )
    return Figure(
        "became-of-reminders",
        "What became of reminders",
        "Who gave after a mail counts if it was before the second one, a week later: then the "
        "address is forgotten, or rests until next year.",
        charts.line(chart, [f"{month:%b %y}" for month, _ in shown], series),
        [one.name for one in series],
        ["Month", *(str(what.label) for what in whats)],
        [[f"{month:%Y-%m}", *(few(row.get(what, 0)) for what in whats)] for month, row in shown],
    )


ALL = (waiting, became)
