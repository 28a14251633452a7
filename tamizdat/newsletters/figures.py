"""How many want the newsletter, and how many it reached. Never who they are."""

from django.db.models import Count
from django.db.models.functions import TruncMonth

from tamizdat.figures.figure import Figure, Value, few, height
from tamizdat.lib import anonymity, charts
from tamizdat.lib.charts import Chart, Series
from tamizdat.newsletters.models import Issue, Subscriber

MOST = 24
ENDED = (Issue.State.SENT, Issue.State.STOPPED)


def subscribers() -> Figure:
    """Those of today, by the month in which they confirmed."""
    found = (
        Subscriber.objects.annotate(month=TruncMonth("confirmed_on"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("month")
    )
    months = list(found)
    sizes = dict(months)
    # How many there are in all, the desk tells whoever sends; so with few the fewest others hide.
    told, _hidden = anonymity.apart(sizes, lambda names: sum(sizes[name] for name in names))
    latest = months[-MOST:]
    heights = [count if month in told else None for month, count in latest]
    labels = [str(_told(count, is_alone=month in told) or "–") for month, count in latest]
    shown = Series("Subscribers", heights, labels)
    chart = Chart("subscribers", "Subscribers of today, by when they came", "A column a month.")
    rows = [[f"{month:%Y-%m}", _told(count, is_alone=month in told)] for month, count in months]
    return Figure(
        "subscribers",
        "Newsletter: subscribers",
        "Who confirmed in that month and has not left since. Of those who left nothing is kept.",
        charts.columns(chart, [f"{month:%b %y}" for month, _ in latest], [shown]),
        [],
        ["Month", "Subscribers"],
        [*rows, ["in all", few(sum(sizes.values()))]] if rows else [],
    )


def issues() -> Figure:
    """The last ones that went out."""
    ended = Issue.objects.filter(state__in=ENDED).select_related("locale").order_by("-ended_at")
    found = list(reversed(ended[:MOST]))
    taken = [issue.taken_count for issue in found]
    chart = Chart("issues", "Newsletters and their readers", "A column for each that went out.")
    names = [f"{issue.ended_at:%d %b}" for issue in found]
    return Figure(
        "issues",
        "Newsletter: what went out",
        "How many mail servers took it. Who opened it nobody knows: there is nothing in it that "
        "would tell.",
        charts.columns(chart, names, [Series("Taken", [height(n) for n in taken], _labels(taken))]),
        [],
        ["Day", "Subject", "Language", "Taken", "Refused", "Not known"],
        [
            [
                f"{issue.ended_at:%Y-%m-%d}",
                issue.subject,
                issue.language,
                *map(few, (issue.taken_count, issue.refused_count, issue.doubtful_count)),
            ]
            for issue in found
        ],
    )


ALL = (subscribers, issues)


def _told(count: int, *, is_alone: bool) -> Value:
    return few(count) if is_alone or anonymity.is_few(count) else None


def _labels(counts: list[int]) -> list[str]:
    return [str(few(count)) for count in counts]
